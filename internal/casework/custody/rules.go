package custody

import (
	"slices"
	"strings"

	"iom/internal/platform/clock"
	"iom/internal/platform/fault"
)

// LiveListDays is how long before the release a prison case comes back to the live
// list: 12 weeks, 84 days (R117). The guide's table also says three months, which
// is 89 to 92 days; the body of the text says 12 weeks.
const LiveListDays = 84

// WithinLiveList says that the release is close enough for the live list, or past.
// Without a release date it is not.
func WithinLiveList(release, today clock.Date) bool {
	return !release.IsZero() && release.DaysSince(today) <= LiveListDays
}

// Overlap says whether two spells share time. Day of release and day of the next
// reception may be the same. A zero release means that the spell goes on.
func Overlap(received, released, otherReceived, otherReleased clock.Date) bool {
	endsAfter := func(end, start clock.Date) bool { return end.IsZero() || end.After(start) }
	return received == otherReceived || endsAfter(released, otherReceived) && endsAfter(otherReleased, received)
}

// CheckNew says what keeps a spell from being recorded, given those before it.
func CheckNew(n New, spells []Spell, today clock.Date) []fault.Problem {
	var w wrong
	w.past("received_on", "reception", n.ReceivedOn, today)
	if !slices.Contains(Whys, n.Why) {
		w.add("why", "Choose why the person is held")
	}
	if n.Prison == "" {
		w.add("prison", "Choose the prison")
	}
	if !n.ReleasedOn.IsZero() {
		w.past("released_on", "release", n.ReleasedOn, today)
		w.order("released_on", "The release cannot be before the reception", n.ReceivedOn, n.ReleasedOn)
	}
	w.order("expected_on", "The expected release cannot be before the reception", n.ReceivedOn, n.Expected)
	w.told("notified_by", n.Expected, n.NotifiedBy)
	w.sourced(n.Source)
	for _, s := range spells {
		if len(w) == 0 && Overlap(n.ReceivedOn, n.ReleasedOn, s.ReceivedOn, s.ReleasedOn) {
			w.add("received_on", clash(s))
		}
	}
	return w
}

func clash(s Spell) string {
	if s.Open() {
		return "The record has this person in custody since " + s.ReceivedOn.Long() + ". Record that release first, or a move to another prison"
	}
	return "This overlaps the time in custody from " + s.ReceivedOn.Long() + " to " + s.ReleasedOn.Long()
}

// CheckExpected says what keeps a new expected release from being recorded.
func CheckExpected(n Notified, s Spell) []fault.Problem {
	var w wrong
	w.open(s)
	if n.Day.IsZero() {
		w.add("day", "Enter the expected release date")
	}
	w.order("day", "The expected release cannot be before the reception on "+s.ReceivedOn.Long(), s.ReceivedOn, n.Day)
	if strings.TrimSpace(n.NotifiedBy) == "" {
		w.add("notified_by", "Enter who gave this date, such as the offender management unit of the prison")
	}
	w.sourced(n.Source)
	return w
}

// CheckRelease says what keeps a release from being recorded; lastMove is zero
// when there was no move.
func CheckRelease(n Notified, s Spell, lastMove, today clock.Date) []fault.Problem {
	var w wrong
	w.open(s)
	w.past("day", "release", n.Day, today)
	w.order("day", "The release cannot be before the reception on "+s.ReceivedOn.Long(), s.ReceivedOn, n.Day)
	w.order("day", "The release cannot be before the last move, on "+lastMove.Long(), lastMove, n.Day)
	if strings.TrimSpace(n.NotifiedBy) == "" {
		w.add("notified_by", "Enter who said so, such as the prison")
	}
	w.sourced(n.Source)
	return w
}

// CheckMove says what keeps a move from being recorded.
func CheckMove(n NewMove, s Spell, lastMove, today clock.Date) []fault.Problem {
	var w wrong
	w.open(s)
	switch n.Prison {
	case "":
		w.add("prison", "Choose the prison")
	case s.Prison:
		w.add("prison", "The person is held there already. Choose another prison")
	}
	w.past("moved_on", "move", n.MovedOn, today)
	w.order("moved_on", "The move cannot be before the reception on "+s.ReceivedOn.Long(), s.ReceivedOn, n.MovedOn)
	w.order("moved_on", "The move cannot be before the last one, on "+lastMove.Long(), lastMove, n.MovedOn)
	w.sourced(n.Source)
	return w
}

// wrong gathers problems; all of them rest on R121: dates can be relied on and dated.
type wrong []fault.Problem

func (w *wrong) add(field, text string) {
	*w = append(*w, fault.Problem{Field: field, Rule: "R121", Text: text})
}

func (w *wrong) past(field, what string, day, today clock.Date) {
	switch {
	case day.IsZero():
		w.add(field, "Enter the date of the "+what)
	case day.After(today):
		w.add(field, "The date of the "+what+" must be today or in the past")
	}
}

func (w *wrong) order(field, text string, first, second clock.Date) {
	if !first.IsZero() && !second.IsZero() && second.Before(first) {
		w.add(field, text)
	}
}

func (w *wrong) open(s Spell) {
	if !s.Open() {
		w.add("", "This time in custody ended on "+s.ReleasedOn.Long()+". Nothing more can be recorded of it")
	}
}

func (w *wrong) told(field string, day clock.Date, by string) {
	if !day.IsZero() && strings.TrimSpace(by) == "" {
		w.add(field, "Enter who gave the expected release date")
	}
}

func (w *wrong) sourced(source string) {
	if strings.TrimSpace(source) == "" {
		w.add("source", "Enter the source: who or what this comes from")
	}
}
