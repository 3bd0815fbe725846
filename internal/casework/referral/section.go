package referral

import "slices"

// Section is one part of the form, saved by itself.
type Section string

// The sections in the order of the paper form (R13-R31), then what is asked for
// beyond it.
const (
	SectionPersonal       Section = "personal"       // R13-R16
	SectionDetails        Section = "details"        // R17
	SectionJustification  Section = "justification"  // R4, R18, R19
	SectionHistory        Section = "history"        // R20
	SectionAgencies       Section = "agencies"       // R21
	SectionPathways       Section = "pathways"       // R22
	SectionGroups         Section = "groups"         // R24
	SectionRisk           Section = "risk"           // R12, R26
	SectionConsiderations Section = "considerations" // R7, R27-R31
	SectionRating         Section = "rating"         // R3
	SectionYouth          Section = "youth"          // R107-R109, for a child only
	SectionEquality       Section = "equality"       // R185
)

// Order is every section in the order of the form.
var Order = []Section{SectionPersonal, SectionDetails, SectionJustification, SectionHistory, SectionAgencies, SectionPathways,
	SectionGroups, SectionRisk, SectionConsiderations, SectionRating, SectionYouth, SectionEquality}

var titles = map[Section]string{
	SectionPersonal: "Personal details", SectionDetails: "Referral details", SectionJustification: "Justification and reasons for referral",
	SectionHistory: "Offending history", SectionAgencies: "Scope for multi-agency intervention", SectionPathways: "Risk factors by pathway",
	SectionGroups: "Priority groups", SectionRisk: "Threat, harm and risk assessment", SectionConsiderations: "Further considerations",
	SectionRating: "Proposed RAG rating", SectionYouth: "Referral of a child", SectionEquality: "Protected characteristics",
}

// Title is the section as the form heads it.
func (s Section) Title() string { return titles[s] }

// ParseSection reads a section from an address.
func ParseSection(text string) (Section, bool) {
	s := Section(text)
	return s, slices.Contains(Order, s)
}
