package review

import (
	"fmt"
	"slices"
	"strings"

	"iom/internal/casework/rag"
	"iom/internal/platform/clock"
	"iom/internal/platform/fault"
)

// DueOn is the last day on which the next review of the case is in time, counted
// from the last one at a meeting.
//
//   - RED ALERT and RED are reviewed at every meeting (R65), and meetings are
//     monthly (R52): a month. A meeting held sooner takes the case all the same.
//   - AMBER at least every three months (R66).
//   - GREEN and PRISON: the guide sets no limit, and no rule puts them on an agenda
//     for a review; the zero Date. What brings them back is an open action, a
//     release within twelve weeks, a proposal, or the co-ordinator.
func DueOn(rating rag.Rating, reviewedOn clock.Date) clock.Date {
	switch {
	case EveryMeeting(rating):
		return reviewedOn.AddMonths(1)
	case rating == rag.Amber:
		return reviewedOn.AddMonths(3)
	}
	return clock.Date{}
}

// EveryMeeting says that a case with the rating is reviewed at each meeting (R65).
func EveryMeeting(rating rag.Rating) bool { return rating == rag.RedAlert || rating == rag.Red }

// Rhythm says in words how often a case with the rating is reviewed.
func Rhythm(rating rag.Rating) string {
	switch {
	case EveryMeeting(rating):
		return "discussed and reviewed at every meeting"
	case rating == rag.Amber:
		return "discussed and reviewed at least every three months"
	}
	return "reviewed when something brings it to a meeting: the guide sets no limit"
}

// Consequences says what follows from a rating: what somebody reads before
// confirming it. Lines of plain text.
func Consequences(rating rag.Rating, s rag.Settings) []string {
	lines := []string{string(rating) + ": " + Rhythm(rating)}
	switch rating {
	case rag.Red:
		lines = append(lines, "A home visit at least every week")
	case rag.Amber:
		lines = append(lines, fmt.Sprintf("A home visit at least every %d days", s.AmberVisitDays))
	case rag.Green:
		lines = append(lines, "A home visit every month", "Active exit planning")
	case rag.Prison:
		lines = append(lines, "No home visits while in custody",
			"On the custody list until 12 weeks before release, then on the live list")
	case rag.RedAlert:
		lines = append(lines, "Wanted for arrest: shown at once to the agencies chosen", "No home visits are due while wanted")
	}
	return lines
}

// OfferedBetween are the ratings that somebody with these rights may give between
// meetings: RED ALERT only police, RED and PRISON the core roles; AMBER and GREEN
// are left to the meeting.
func OfferedBetween(mayAlert, mayRate bool) []rag.Rating {
	var all []rag.Rating
	if mayAlert {
		all = append(all, rag.RedAlert)
	}
	if mayRate {
		all = append(all, rag.Red, rag.Prison)
	}
	return all
}

// Check says what is wrong with a rating before it is recorded: the level (R38),
// the reason (R50), the characteristics (R39, R41, R43, R46) and, between
// meetings, which levels may be given at all.
func Check(n New) []fault.Problem {
	var wrong []fault.Problem
	if _, ok := rag.Parse(string(n.Rating)); !ok {
		return append(wrong, fault.Problem{Field: "rating", Rule: "R38", Text: "Choose a RAG rating"})
	}
	if strings.TrimSpace(n.Reason) == "" {
		wrong = append(wrong, fault.Problem{Field: "reason", Rule: "R50", Text: "Enter the reason for the rating"})
	}
	for _, c := range n.Characteristics {
		if !slices.Contains(n.Rating.Characteristics(), c) {
			wrong = append(wrong, fault.Problem{Field: "characteristics", Rule: "R38",
				Text: "Choose characteristics of " + string(n.Rating) + " from the list"})
			break
		}
	}
	if n.Decision == nil && (n.Rating == rag.Amber || n.Rating == rag.Green) {
		wrong = append(wrong, fault.Problem{Field: "rating", Rule: "R66",
			Text: string(n.Rating) + " is given at a meeting. Between meetings choose RED ALERT, RED or PRISON, or bring the case to the next meeting"})
	}
	return wrong
}

// Standing is what the record says of somebody when it is asked which rating the
// record itself points to.
type Standing struct {
	Rating            rag.Rating
	InCustody         bool
	FixedTermRecall   bool // the present spell, or the one just ended, is a fixed-term recall
	ReleasedSinceRate bool // released after the present rating was given
}

// Prompts are ratings that the record suggests (R51): custody recorded asks for
// PRISON, and coming out after a fixed-term recall asks for RED. Whether somebody
// is wanted only the police can say. Nothing is changed by itself.
func Prompts(s Standing) []Prompt {
	switch {
	case s.InCustody && s.Rating != rag.Prison:
		return []Prompt{{rag.Prison, "In custody, and rated " + string(s.Rating) + ": consider PRISON"}}
	case !s.InCustody && s.FixedTermRecall && s.ReleasedSinceRate && s.Rating != rag.Red && s.Rating != rag.RedAlert:
		return []Prompt{{rag.Red, "Released after a fixed-term recall, and rated " + string(s.Rating) + ": consider RED"}}
	case !s.InCustody && s.Rating == rag.Prison:
		return []Prompt{{rag.Red, "Rated PRISON, and no longer recorded as in custody: review the rating"}}
	}
	return nil
}

// Prompt is a rating that the record suggests, and why.
type Prompt struct {
	Rating rag.Rating
	Text   string
}
