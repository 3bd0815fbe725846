package registration

import (
	"slices"
	"strings"
	"time"

	"iom/internal/casework/ref"
	"iom/internal/platform/clock"
	"iom/internal/platform/fault"
)

// The two checklists of the form.
const (
	AdoptionList = "adoption" // R32
	RemovalList  = "removal"  // R35
)

// The lines, the same five on both lists (R32, R35).
const (
	Conference     = "conference"
	Notified       = "offender notified"
	NicheMarkers   = "niche markers"
	PNCMarker      = "pnc marker"
	SocialServices = "social services"
)

// Lines in the order of the form.
var Lines = []string{Conference, Notified, NicheMarkers, PNCMarker, SocialServices}

// LineWord is what the form calls a line.
func LineWord(list, line string) string {
	words := map[string][2]string{
		Conference:     {"Nominated to IOM conference", "Removal approved by IOM conference"},
		Notified:       {"Offender notified", "Offender notified"},
		NicheMarkers:   {"Niche updated with IOM and interested-party markers", "Niche IOM and interested-party markers removed"},
		PNCMarker:      {"PNC updated with WM marker", "PNC WM marker removed"},
		SocialServices: {"Social services notified, if applicable", "Social services notified, if applicable"},
	}[line]
	if list == RemovalList {
		return words[1]
	}
	return words[0]
}

// ForPolice says that only police or the co-ordinator record the line: it is
// about a marker on a police system.
func ForPolice(line string) bool { return line == NicheMarkers || line == PNCMarker }

// Line is the current state of one line of a checklist.
type Line struct {
	ID             int64 // of the row; 0: nobody has recorded it
	Registration   ref.RegistrationID
	List           string
	Line           string
	DoneOn         clock.Date // zero: not done
	ByWhom         string
	NotApplicable  bool
	Note           string
	RecordedAt     time.Time
	RecordedByName string
}

// Done says that the line is done, or does not apply.
func (l Line) Done() bool { return l.NotApplicable || !l.DoneOn.IsZero() }

// Lists is both checklists of a registration: only the lines that somebody has recorded.
type Lists []Line

// Get is the state of a line; a line that nobody has recorded is not done.
func (all Lists) Get(list, line string) Line {
	for _, l := range all {
		if l.List == list && l.Line == line {
			return l
		}
	}
	return Line{List: list, Line: line}
}

// MissingAdoption are the adoption lines still to be done, in the order of the form (R32).
func MissingAdoption(all Lists) []string {
	var missing []string
	for _, line := range Lines {
		if !all.Get(AdoptionList, line).Done() {
			missing = append(missing, line)
		}
	}
	return missing
}

// MissingRemoval are the removal lines without which a deregistered case does not
// close (R35, R36): the meeting's approval and telling the person always; a
// marker or a notice only when it was given at adoption.
func MissingRemoval(all Lists) []string {
	var missing []string
	for _, line := range Lines {
		adopted := !all.Get(AdoptionList, line).DoneOn.IsZero()
		wanted := adopted || line == Conference || line == Notified
		removal := all.Get(RemovalList, line)
		if wanted && !removal.Done() {
			missing = append(missing, line)
		}
	}
	return missing
}

// NewLine is a line to record. Either NotApplicable (social services alone) or a
// day and by whom.
type NewLine struct {
	List          string
	Line          string
	DoneOn        clock.Date
	ByWhom        string
	NotApplicable bool
	Note          string
}

// LineFacts is what the rule about a line looks at.
type LineFacts struct {
	Today     clock.Date
	DecidedOn clock.Date // of the deregistration; zero while registered
	Closed    bool
	Adopted   Line // the adoption line of the same name
}

// CheckLine says why a line cannot be recorded. Its fields are those of the form:
// line, done_on, by_whom and not_applicable.
func CheckLine(n NewLine, f LineFacts) []fault.Problem {
	var wrong []fault.Problem
	refuse := func(field, rule, text string) {
		wrong = append(wrong, fault.Problem{Field: field, Rule: rule, Text: text})
	}
	if !slices.Contains(Lines, n.Line) || n.List != AdoptionList && n.List != RemovalList {
		refuse("line", "R32", "Choose a line of the checklist")
		return wrong
	}
	if n.Line == Conference {
		refuse("line", "R32", "The conference's line follows from the meeting's decision and is not entered by hand")
		return wrong
	}
	if f.Closed {
		refuse("", "R36", "The case is closed, so its checklists can no longer be changed")
	}
	if n.List == RemovalList && f.DecidedOn.IsZero() {
		refuse("", "R35", "The removal checklist begins when a meeting has decided to deregister")
	}
	if n.NotApplicable {
		return append(wrong, checkNotApplicable(n, f)...)
	}
	switch {
	case n.DoneOn.IsZero():
		refuse("done_on", "R32", "Enter the date on which it was done")
	case n.DoneOn.After(f.Today):
		refuse("done_on", "R32", "The date on which it was done must be today or in the past")
	case n.List == RemovalList && n.DoneOn.Before(f.DecidedOn):
		refuse("done_on", "R35", "It cannot have been done before the meeting decided on "+f.DecidedOn.Long())
	}
	if strings.TrimSpace(n.ByWhom) == "" {
		refuse("by_whom", "R32", "Enter by whom it was done")
	}
	return wrong
}

func checkNotApplicable(n NewLine, f LineFacts) []fault.Problem {
	switch {
	case n.Line != SocialServices:
		return []fault.Problem{{Field: "not_applicable", Rule: "R32", Text: "Only the notice to social services can be “not applicable”"}}
	case n.List == RemovalList && !f.Adopted.DoneOn.IsZero():
		return []fault.Problem{{Field: "not_applicable", Rule: "R36",
			Text: "Social services were told on " + f.Adopted.DoneOn.Long() + " that this person was adopted, so they must be told of the removal"}}
	}
	return nil
}
