package referral

import (
	"iom/internal/casework/nominal"
	"iom/internal/casework/rag"
	"iom/internal/casework/ref"
	"iom/internal/platform/clock"
)

// Answers are what one section of the form holds.
type Answers interface {
	// Section is the section that the answers belong to.
	Section() Section
	// Lines are the answers in words, in the order of the form.
	Lines() []Line
	// check says what cannot be kept, whoever typed it.
	check(today clock.Date) problems
}

// Line is one question of the form with its answer; an empty answer was not given.
type Line struct{ Label, Value string }

// YesNo is an answer to a question with yes and no. Unanswered is never No.
type YesNo string

// The two answers.
const (
	Yes YesNo = "yes"
	No  YesNo = "no"
)

// Answered says that there is an answer.
func (a YesNo) Answered() bool { return a == Yes || a == No }

// Word is the answer as it is shown; empty when there is none.
func (a YesNo) Word() string {
	switch a {
	case Yes:
		return "Yes"
	case No:
		return "No"
	}
	return ""
}

// Personal are the personal details of the form (R13-R16), and the other names,
// sex, gender and ways of working that it has no room for (R111).
type Personal struct {
	FamilyName   string     `json:"family_name"`
	GivenNames   string     `json:"given_names"`
	Aliases      []string   `json:"aliases"`
	Born         clock.Date `json:"born"`
	Sex          string     `json:"sex"`
	Gender       string     `json:"gender"`
	URN          string     `json:"urn"`
	PNCIDTyped   string     `json:"pncid_typed"`
	PNCID        string     `json:"pncid"`
	CRN          string     `json:"crn"`
	PrisonNumber string     `json:"prison_number"`
	Address      string     `json:"address"`
	Postcode     string     `json:"postcode"`
	Phones       []Phone    `json:"phones"`
	Email        string     `json:"email"`
	NINumber     string     `json:"ni_number"`
	Warnings     []string   `json:"warnings"`
	NoWarnings   bool       `json:"no_warnings"` // PNC and Niche were looked at and show none
	Preferences  string     `json:"preferences"`
}

// Phone is a contact number with its kind (R14).
type Phone struct {
	Kind   string `json:"kind"` // one of nominal.PhoneKinds
	Number string `json:"number"`
}

// Identity is what the personal details say of who somebody is.
func (p Personal) Identity(source string) nominal.Identity {
	return nominal.Identity{FamilyName: p.FamilyName, GivenNames: p.GivenNames, Born: p.Born, Sex: p.Sex, Gender: p.Gender, URN: p.URN,
		PNCIDTyped: p.PNCIDTyped, PNCID: p.PNCID, CRN: p.CRN, PrisonNumber: p.PrisonNumber, NINumber: p.NINumber, Email: p.Email,
		Preferences: p.Preferences, Source: source}
}

// Details are who refers and when (R17).
type Details struct {
	Agency         ref.AgencyID `json:"agency"`
	AgencyName     string       `json:"agency_name"` // as it was called then
	Contact        string       `json:"contact"`     // person at the agency
	ContactDetails string       `json:"contact_details"`
	Date           clock.Date   `json:"date"`
}

// Justification is why somebody is referred (R18, R19) and what was taken into
// account (R4).
type Justification struct {
	Evidence      string     `json:"evidence"`
	Scores        []Score    `json:"scores"`
	NoScore       string     `json:"no_score"` // why there is none
	LED           clock.Date `json:"led"`      // licence end
	SED           clock.Date `json:"sed"`      // sentence end
	IndexOffences string     `json:"index_offences"`
	Considered    []string   `json:"considered"` // of Considerable
	Considering   string     `json:"considering"`
}

// Score is a score of reoffending (R4, R19).
type Score struct {
	Type  string     `json:"type"` // one of sentence.ScoreTypes
	Value string     `json:"value"`
	On    clock.Date `json:"on"`
}

// Considerable is what an assessment has to take account of beside previous
// offending and the score, which have questions of their own (R4).
var Considerable = []string{"local crime priorities", "intelligence", "cost of crime"}

// History is what somebody is known for and has been convicted of (R20).
type History struct {
	KnownFor    string `json:"known_for"`
	Convictions string `json:"convictions"`
}

// Agencies are the other agencies involved (R21).
type Agencies struct {
	Rows []Involved `json:"rows"`
	None bool       `json:"none"` // no other agency is involved
}

// Involved is one agency with the person there.
type Involved struct {
	Agency  string `json:"agency"`
	Person  string `json:"person"`
	Contact string `json:"contact"`
}

// Pathways are the nine risk factors (R22).
type Pathways struct {
	Rows []Pathway `json:"rows"`
}

// Pathway is one risk factor. An empty level was not assessed; it is never green.
type Pathway struct {
	Pathway string `json:"pathway"` // one of need.Pathways
	Level   string `json:"level"`   // one of need.Levels, or empty
	Needs   string `json:"needs"`
	Actions string `json:"actions"`
}

// Groups are the area's priority groups that were answered (R24, R25).
type Groups struct {
	Rows []GroupAnswer `json:"rows"`
}

// GroupAnswer says whether somebody belongs to a priority group.
type GroupAnswer struct {
	Group  ref.GroupID `json:"group"`
	Name   string      `json:"name"` // as it was called then
	Member bool        `json:"member"`
}

// Risk is the threat, harm and risk assessment (R26) and the risk and
// vulnerability assessment that goes with a referral (R12).
type Risk struct {
	Narrative     string `json:"narrative"`
	Vulnerability string `json:"vulnerability"`
}

// Considerations are the five screening questions (R27-R31) and whether other
// arrangements exist already (R7).
type Considerations struct {
	ComplexNeeds     YesNo  `json:"complex_needs"`
	ComplexNeedsText string `json:"complex_needs_text"`
	Intelligence     YesNo  `json:"intelligence"`
	IntelligenceText string `json:"intelligence_text"`
	MultiAgency      YesNo  `json:"multi_agency"`
	MultiAgencyText  string `json:"multi_agency_text"`
	Pattern          YesNo  `json:"pattern"`
	PatternText      string `json:"pattern_text"`
	Benefit          string `json:"benefit"`
	Elsewhere        YesNo  `json:"elsewhere"`
	ElsewhereWhich   string `json:"elsewhere_which"`
	ElsewhereWhy     string `json:"elsewhere_why"` // IOM all the same
}

// Rating is the case rating that the referrer proposes (R3).
type Rating struct {
	Rating          rag.Rating `json:"rating"`
	Characteristics []string   `json:"characteristics"`
	Reason          string     `json:"reason"`
}

// Youth is what the referral of a child needs beyond that (R107-R109).
type Youth struct {
	HighRisk     YesNo      `json:"high_risk"`
	HighRiskText string     `json:"high_risk_text"`
	Harm         YesNo      `json:"harm"`
	HarmText     string     `json:"harm_text"`
	ISS          YesNo      `json:"iss"`
	Gang         YesNo      `json:"gang"`
	DiscussedOn  clock.Date `json:"discussed_on"`
	Sergeant     string     `json:"sergeant"` // the IOM Detective Sergeant
	Worker       string     `json:"worker"`   // of the youth offending team
	Said         string     `json:"said"`
}

// Equality marks that the protected characteristics were asked about. They are
// not kept here: see nominal.RecordEquality.
type Equality struct{}

// Form is every section of a referral. A section that was never saved is zero.
type Form struct {
	Personal       Personal
	Details        Details
	Justification  Justification
	History        History
	Agencies       Agencies
	Pathways       Pathways
	Groups         Groups
	Risk           Risk
	Considerations Considerations
	Rating         Rating
	Youth          Youth
	Equality       Equality
}

// Of are the answers of one section.
func (f *Form) Of(s Section) Answers {
	switch s {
	case SectionPersonal:
		return f.Personal
	case SectionDetails:
		return f.Details
	case SectionJustification:
		return f.Justification
	case SectionHistory:
		return f.History
	case SectionAgencies:
		return f.Agencies
	case SectionPathways:
		return f.Pathways
	case SectionGroups:
		return f.Groups
	case SectionRisk:
		return f.Risk
	case SectionConsiderations:
		return f.Considerations
	case SectionRating:
		return f.Rating
	case SectionYouth:
		return f.Youth
	}
	return f.Equality
}

// Section names the section.
func (Personal) Section() Section       { return SectionPersonal }
func (Details) Section() Section        { return SectionDetails }
func (Justification) Section() Section  { return SectionJustification }
func (History) Section() Section        { return SectionHistory }
func (Agencies) Section() Section       { return SectionAgencies }
func (Pathways) Section() Section       { return SectionPathways }
func (Groups) Section() Section         { return SectionGroups }
func (Risk) Section() Section           { return SectionRisk }
func (Considerations) Section() Section { return SectionConsiderations }
func (Rating) Section() Section         { return SectionRating }
func (Youth) Section() Section          { return SectionYouth }
func (Equality) Section() Section       { return SectionEquality }
