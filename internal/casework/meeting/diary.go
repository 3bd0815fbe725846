package meeting

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"iom/internal/casework/contact"
	"iom/internal/casework/nominal"
	"iom/internal/casework/rag"
	"iom/internal/casework/ref"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
)

// DiaryDays is how far the weekly diary looks ahead: the day of the meeting and the
// six after it.
const DiaryDays = 7

// DiaryFacts are one person's week as it is agreed and kept so far.
type DiaryFacts struct {
	Nominal  ref.NominalID
	Name     string // family name first
	Area     ref.AreaID
	Rating   rag.Rating
	VisitDue clock.Date // the last day of the home visit standard; zero: none is due
	Planned  []contact.Planned
	Seen     []contact.Contact // that were in no plan
}

// DiaryDay is what one day holds of a person.
type DiaryDay struct {
	Day     clock.Date
	Planned []contact.Planned
	Seen    []contact.Contact
}

// DiaryRow is one person's week, and what it lacks.
type DiaryRow struct {
	DiaryFacts
	Days []DiaryDay // DiaryDays of them
	Gap  string     // empty: the week meets the standard of the rating
	Rule string     // of the gap
}

// InDiary says whose diary is co-ordinated every week: RED and RED ALERT (R42), and
// AMBER (R44). RED ALERT has no visit to plan while the person is wanted, and is in
// it so that everybody knows of each other's appointments.
func InDiary(r rag.Rating) bool { return r == rag.RedAlert || r == rag.Red || r == rag.Amber }

// Diary lays out the week from a day on for everybody whose diary is co-ordinated:
// RED ALERT first, then RED, then AMBER, by name. The gap is the home visit that the
// rating asks for in these days and that nobody has planned or made in time: at RED
// weekly (R42), at AMBER bi-weekly (R44, R45).
func Diary(all []DiaryFacts, from clock.Date) []DiaryRow {
	rows := []DiaryRow{}
	for _, f := range all {
		if !InDiary(f.Rating) {
			continue
		}
		row := DiaryRow{DiaryFacts: f}
		for i := range DiaryDays {
			day := DiaryDay{Day: from.AddDays(i)}
			for _, p := range f.Planned {
				if p.Day == day.Day && p.CalledOff == "" {
					day.Planned = append(day.Planned, p)
				}
			}
			for _, s := range f.Seen {
				if s.HeldOn == day.Day {
					day.Seen = append(day.Seen, s)
				}
			}
			row.Days = append(row.Days, day)
		}
		if row.Gap = visitGap(f, from); row.Gap != "" {
			row.Rule = map[rag.Rating]string{rag.Red: "R42", rag.Amber: "R44"}[f.Rating]
		}
		rows = append(rows, row)
	}
	slices.SortFunc(rows, func(a, b DiaryRow) int {
		return cmp.Or(cmp.Compare(a.Rating.Rank(), b.Rating.Rank()), cmp.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)), cmp.Compare(a.Nominal, b.Nominal))
	})
	return rows
}

// visitGap says which home visit is missing from the week. A visit that is late
// already can be planned for any of its days: no plan makes it less late.
func visitGap(f DiaryFacts, from clock.Date) string {
	if f.VisitDue.IsZero() || !f.VisitDue.Before(from.AddDays(DiaryDays)) {
		return ""
	}
	late := f.VisitDue.Before(from)
	var after clock.Date
	for _, p := range f.Planned {
		if p.Kind != contact.HomeVisit || !p.Stands() || p.Day.Before(from) || !p.Day.Before(from.AddDays(DiaryDays)) {
			continue
		}
		if late || !p.Day.After(f.VisitDue) {
			return ""
		}
		if after.IsZero() || p.Day.Before(after) {
			after = p.Day
		}
	}
	switch {
	case late:
		return "No home visit planned: it was due by " + f.VisitDue.Long()
	case !after.IsZero():
		return "The home visit is due by " + f.VisitDue.Long() + " and planned for " + after.Long()
	}
	return "No home visit planned: it is due by " + f.VisitDue.Long()
}

// DiaryOf is the diary of the week from a meeting on, for a member who has signed for
// it (R62). A guest knows one case, not the week of the others.
func DiaryOf(ctx context.Context, q db.Querier, id ref.MeetingID) (Meeting, Standing, []DiaryRow, error) {
	m, s, err := opened(ctx, q, id)
	if err != nil {
		return m, s, nil, err
	}
	if s.Guest {
		return m, s, nil, fault.Denied("A guest sees the cases named, not the diary of the week")
	}
	areas, err := leavesOf(ctx, q, m.Area)
	if err != nil {
		return m, s, nil, err
	}
	due, err := visitsDue(ctx, q, areas)
	if err != nil {
		return m, s, nil, err
	}
	facts := map[ref.NominalID]*DiaryFacts{}
	ids := []ref.NominalID{}
	for n, v := range due {
		if InDiary(v.rating) {
			facts[n] = &DiaryFacts{Nominal: n, Area: v.area, Rating: v.rating, VisitDue: v.due}
			ids = append(ids, n)
		}
	}
	names, err := nominal.Names(ctx, q, ids)
	if err != nil {
		return m, s, nil, err
	}
	to := m.HeldOn.AddDays(DiaryDays - 1)
	planned, err := contact.PlannedFor(ctx, q, ids, m.HeldOn, to)
	if err != nil {
		return m, s, nil, err
	}
	for _, p := range planned {
		facts[p.Nominal].Planned = append(facts[p.Nominal].Planned, p)
	}
	seen, err := contact.SeenFor(ctx, q, ids, m.HeldOn, to)
	if err != nil {
		return m, s, nil, err
	}
	for _, c := range seen {
		kept := slices.ContainsFunc(facts[c.Nominal].Planned, func(p contact.Planned) bool { return p.Day == c.HeldOn && p.Kind == c.Kind && p.Outcome != "" })
		if !kept {
			facts[c.Nominal].Seen = append(facts[c.Nominal].Seen, c)
		}
	}
	all := make([]DiaryFacts, 0, len(facts))
	for n, f := range facts {
		f.Name = names[n].Sorted()
		all = append(all, *f)
	}
	return m, s, Diary(all, m.HeldOn), nil
}

// PlanContact plans a contact in the diary of a meeting that the actor has signed for
// (R42, R44). It needs authz.RecordContact in the person's area. The problems' fields
// are those of contact.CheckPlan, and nominal.
func PlanContact(ctx context.Context, d *db.DB, s db.Submission, id ref.MeetingID, n contact.NewPlan) (ref.PlannedID, error) {
	return db.Write(ctx, d, s, func(ctx context.Context, tx *db.Tx) (ref.PlannedID, error) {
		m, standing, err := opened(ctx, tx, id)
		if err != nil {
			return 0, err
		}
		if standing.Guest {
			return 0, fault.Denied("A guest contributes to the cases named and plans no visits")
		}
		areas, err := leavesOf(ctx, tx, m.Area)
		if err != nil {
			return 0, err
		}
		scope, err := nominal.Must(ctx, tx, n.Nominal, authz.RecordContact)
		if fault.KindOf(err) == fault.NotFound || err == nil && !slices.Contains(areas, scope.Area) {
			return 0, fault.Refuse("nominal", "R42", "Choose a person of this area from the list")
		}
		if err != nil {
			return 0, err
		}
		n.Meeting = id
		return contact.InsertPlan(ctx, tx, n)
	})
}
