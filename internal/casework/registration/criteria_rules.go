package registration

import (
	"fmt"

	"iom/internal/casework/contact"
	"iom/internal/casework/drugtest"
	"iom/internal/casework/need"
	"iom/internal/casework/rag"
	"iom/internal/casework/review"
	"iom/internal/platform/clock"
)

// State of a criterion. The guide does not say whether any or all must be met, so
// each is shown by itself and the meeting decides.
type State string

// The states. NotKnown says that the record does not tell, or not to this reader.
const (
	Met      State = "met"
	NotMet   State = "not met"
	NotKnown State = "not known"
)

// The criteria, by the key that a proposal and a deregistration keep.
const (
	FiveYears       = "five years"
	MAPPALevel3     = "mappa level 3"
	NoIntelligence  = "no intelligence"
	NegativeTests   = "negative drug tests"
	GoodAttendance  = "good attendance"
	ReducedRisk     = "reduced risk"
	AnotherForum    = "another forum"
	attendanceLeast = 90 // per cent; see CheckAttendance
	recentMonths    = 3  // R83, R84
)

// CriterionKeys in the order in which they are shown, the mandatory ones first.
var CriterionKeys = []string{FiveYears, MAPPALevel3, NoIntelligence, NegativeTests, GoodAttendance, ReducedRisk, AnotherForum}

// CriterionText is a criterion in words; empty for a key that there is not.
func CriterionText(key string) string {
	switch key {
	case FiveYears:
		return "Sentenced to five years or more in custody since registration (mandatory)"
	case MAPPALevel3:
		return "Subject to MAPPA level 3 (mandatory)"
	case NoIntelligence:
		return "No current or recent police intelligence, up to three months"
	case NegativeTests:
		return "Negative drug tests"
	case GoodAttendance:
		return "Full or good attendance"
	case ReducedRisk:
		return "Reduced risk, as assessed by the agencies"
	case AnotherForum:
		return "Risk managed in another forum, where duplication adds nothing"
	}
	return ""
}

// Evidence is one thing in the record that a criterion rests on.
type Evidence struct {
	On   clock.Date // zero: not of one day
	Text string
}

// Criterion is a criterion with how it stands, why, and the record behind it.
type Criterion struct {
	Key       string
	Rule      string
	Mandatory bool
	State     State
	Why       string
	Note      string // something that the guide leaves open, or says twice
	Evidence  []Evidence
}

// Text is the criterion in words.
func (c Criterion) Text() string { return CriterionText(c.Key) }

// recentSince is the first day that still counts as recent: up to three months ago.
func recentSince(today clock.Date) clock.Date { return today.AddMonths(-recentMonths) }

// CheckIntelligence is the criterion of no recent intelligence (R83, R84): met
// when the latest entry is more than three months old. Where none was ever
// entered, the record does not tell.
func CheckIntelligence(mayRead bool, latest, today clock.Date) Criterion {
	c := Criterion{Key: NoIntelligence, Rule: "R83", State: NotKnown}
	switch {
	case !mayRead:
		c.Why = "Not known to you: ask the co-ordinator or the police"
	case latest.IsZero():
		c.Why = "No intelligence has ever been entered here. Ask the police whether there is any"
	case latest.Before(recentSince(today)):
		c.State, c.Why = Met, "The latest intelligence is more than three months old"
		c.Evidence = []Evidence{{latest, "Latest intelligence"}}
	default:
		c.State, c.Why = NotMet, "There is intelligence within the last three months"
		c.Evidence = []Evidence{{latest, "Latest intelligence"}}
	}
	return c
}

// CheckDrugTests is the criterion of negative drug tests (R83, R84): met when
// somebody was tested in the last three months and every result was negative; not
// met on any positive or refused one. A test not taken tells nothing.
func CheckDrugTests(mayRead bool, all []drugtest.Test, today clock.Date) Criterion {
	c := Criterion{Key: NegativeTests, Rule: "R83", State: NotKnown, Why: "No drug test in the last three months has been recorded"}
	if !mayRead {
		c.Why = "Not known to you: ask the co-ordinator or probation"
		return c
	}
	for _, t := range all {
		if t.TestedOn.Before(recentSince(today)) || t.TestedOn.After(today) {
			continue
		}
		c.Evidence = append(c.Evidence, Evidence{t.TestedOn, "Drug test: " + string(t.Result)})
		switch {
		case t.Result == drugtest.Positive || t.Result == drugtest.Refused:
			c.State, c.Why = NotMet, "A drug test in the last three months was positive or refused"
		case t.Result == drugtest.Negative && c.State == NotKnown:
			c.State, c.Why = Met, "Every drug test taken in the last three months was negative"
		}
	}
	return c
}

// CheckAttendance is the criterion of attendance (R83, R84) over the last three
// months. The guide says "full or good" without a number: good is read as nine
// appointments in ten. Absences with an acceptable reason are left out.
func CheckAttendance(r contact.Rate, today clock.Date) Criterion {
	c := Criterion{Key: GoodAttendance, Rule: "R83", State: NotKnown, Why: "No appointment in the last three months has been recorded"}
	percent, ok := r.Percent()
	if !ok {
		return c
	}
	c.Note = "The guide does not say how much is good. Here it is read as nine appointments in ten"
	c.Evidence = []Evidence{{Text: fmt.Sprintf("%d of %d appointments attended since %s (%d%%), %d more excused",
		r.Attended, r.Counted(), recentSince(today).Long(), percent, r.Excused)}}
	switch {
	case r.Missed == 0:
		c.State, c.Why = Met, "Every appointment in the last three months was attended"
	case r.Attended*100 >= r.Counted()*attendanceLeast:
		c.State, c.Why = Met, "Nearly every appointment in the last three months was attended"
	default:
		c.State, c.Why = NotMet, "Appointments in the last three months were missed"
	}
	return c
}

// CheckRisk is the criterion of reduced risk (R83): met when the rating is less
// urgent than the first of this registration and no need is graver than when it
// was first assessed; not met when the rating is as urgent as at first or more.
// Anything between, and custody, the agencies have to say. ratings are of this
// registration, newest first; needs are all assessments, newest first.
func CheckRisk(ratings []review.Rating, needs []need.Entry) Criterion {
	c := Criterion{Key: ReducedRisk, Rule: "R83", State: NotKnown, Why: "The agencies have to say"}
	if len(ratings) == 0 {
		return c
	}
	first, now := ratings[len(ratings)-1], ratings[0]
	c.Evidence = append(c.Evidence, Evidence{first.RatedOn, "Rated " + string(first.Rating) + " at first"})
	if now.ID != first.ID {
		c.Evidence = append(c.Evidence, Evidence{now.RatedOn, "Rated " + string(now.Rating) + " now"})
	}
	moves, graver := needMoves(needs)
	c.Evidence = append(c.Evidence, moves...)
	switch {
	case now.Rating == rag.Prison || first.Rating == rag.Prison:
		c.Why = "Rated PRISON, now or at first, so the ratings cannot be compared: the agencies have to say"
	case now.Rating.Rank() <= first.Rating.Rank():
		c.State, c.Why = NotMet, "The rating is no less urgent than at first"
	case graver:
		c.Why = "The rating is less urgent than at first, but a need is graver: the agencies have to say"
	default:
		c.State, c.Why = Met, "The rating is less urgent than at first, and no need is graver"
	}
	return c
}

// needMoves compares the latest assessment of each pathway with its first.
func needMoves(all []need.Entry) (moves []Evidence, graver bool) {
	grave := map[need.Level]int{need.Green: 1, need.Amber: 2, need.Red: 3}
	for _, p := range need.Pathways {
		var first, last *need.Entry
		for i := range all {
			if all[i].Pathway != p {
				continue
			}
			if last == nil {
				last = &all[i]
			}
			first = &all[i]
		}
		if last == nil || first.Level == last.Level {
			continue
		}
		moves = append(moves, Evidence{last.On, "Need: " + string(p) + ", from " + string(first.Level) + " to " + string(last.Level)})
		graver = graver || grave[last.Level] > grave[first.Level]
	}
	return moves, graver
}

// CheckForum is the criterion of another forum (R83): MAPPA levels 2 and 3 are
// managed by a panel. Whether IOM beside it adds nothing, the meeting says; other
// forums are not in this record.
func CheckForum(level int, since clock.Date, word string) Criterion {
	c := Criterion{Key: AnotherForum, Rule: "R83", State: NotKnown, Why: "No MAPPA level 2 or 3 is recorded. Whether another forum manages the risk, the agencies have to say"}
	if level >= 2 {
		c.State, c.Why = Met, "A MAPPA panel manages the risk. Whether IOM beside it adds nothing, the meeting decides"
		c.Note = "The guide allows management by both (R103)"
		c.Evidence = []Evidence{{since, word}}
	}
	return c
}
