package registration_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"iom/internal/casework/registration"
	"iom/internal/platform/clock"
)

func TestWhoMayLead(t *testing.T) {
	t.Parallel()
	on := clock.NewDate(2026, 6, 1)
	child, eighteenToday := clock.NewDate(2008, 6, 2), clock.NewDate(2008, 6, 1)
	for _, c := range []struct {
		name             string
		born             clock.Date
		status, as, kind string
		may              bool
	}{
		{"licence, probation officer", adult, "licence", registration.ProbationOfficer, "probation", true},
		{"licence, responsible officer", adult, "licence", registration.ResponsibleOfficer, "probation", true},
		{"licence, police", adult, "licence", registration.PoliceOfficer, "police", false},
		{"licence, other", adult, "licence", registration.OtherCapacity, "housing", false},
		{"licence, youth worker for an adult", adult, "licence", registration.YouthWorker, "youth", false},
		{"supervision, police", adult, "post-sentence supervision", registration.PoliceOfficer, "police", false},
		{"community order, police", adult, "community order", registration.PoliceOfficer, "police", false},
		{"suspended sentence order, other", adult, "suspended sentence order", registration.OtherCapacity, "voluntary", false},
		{"youth order at 18, youth worker", eighteenToday, "youth order", registration.YouthWorker, "youth", true},
		{"youth order at 18, probation", eighteenToday, "youth order", registration.ProbationOfficer, "probation", true},
		{"youth order at 18, police", eighteenToday, "youth order", registration.PoliceOfficer, "police", false},
		{"bail, police", adult, "bail", registration.PoliceOfficer, "police", true},
		{"voluntary, police", adult, "voluntary", registration.PoliceOfficer, "police", true},
		{"voluntary, other", adult, "voluntary", registration.OtherCapacity, "housing", true},
		{"nothing known, other", clock.Date{}, "", registration.OtherCapacity, "health", true},
		{"child, youth worker", child, "", registration.YouthWorker, "youth", true},
		{"child on licence, youth worker", child, "licence", registration.YouthWorker, "youth", true},
		{"child, probation", child, "", registration.ProbationOfficer, "probation", false},
		{"child, police", child, "voluntary", registration.PoliceOfficer, "police", false},
		{"18 today is an adult", eighteenToday, "", registration.PoliceOfficer, "police", true},
		{"probation officer of the police", adult, "licence", registration.ProbationOfficer, "police", false},
		{"youth worker of probation", child, "", registration.YouthWorker, "probation", false},
		{"police officer of housing", adult, "", registration.PoliceOfficer, "housing", false},
		{"no capacity", adult, "", "", "police", false},
	} {
		got := registration.CheckLead(registration.LeadFacts{Born: c.born, On: on, Status: c.status, Capacity: c.as, AgencyKind: c.kind})
		if (len(got) == 0) != c.may {
			t.Errorf("%s: %s", c.name, texts(got))
		}
		for _, p := range got {
			if p.Rule != "R10" || p.Field != "capacity" {
				t.Errorf("%s: the problem is of %s at %s", c.name, p.Rule, p.Field)
			}
		}
	}
}

func TestWhichRemovalLinesAreMissing(t *testing.T) {
	t.Parallel()
	day := clock.NewDate(2026, 6, 1)
	done := func(list string, lines ...string) (all registration.Lists) {
		for _, l := range lines {
			all = append(all, registration.Line{List: list, Line: l, DoneOn: day, ByWhom: "Casey"})
		}
		return all
	}
	const (
		conference, told, niche, pnc, social = registration.Conference, registration.Notified, registration.NicheMarkers, registration.PNCMarker, registration.SocialServices
		adoption, removal                    = registration.AdoptionList, registration.RemovalList
	)
	for name, c := range map[string]struct {
		lines registration.Lists
		want  []string
	}{
		"nothing recorded":           {nil, []string{conference, told}},
		"adopted, no markers":        {done(adoption, conference), []string{conference, told}},
		"all five given":             {done(adoption, registration.Lines...), registration.Lines},
		"markers left":               {append(done(adoption, conference, told, niche, pnc), done(removal, conference, told)...), []string{niche, pnc}},
		"one marker left":            {append(done(adoption, niche, pnc), done(removal, conference, told, niche)...), []string{pnc}},
		"social services to be told": {append(done(adoption, social), done(removal, conference, told)...), []string{social}},
		"social services not applicable": {append(done(removal, conference, told),
			registration.Line{List: adoption, Line: social, NotApplicable: true}), nil},
		"removed without adoption": {done(removal, conference, told, pnc), nil},
	} {
		if got := registration.MissingRemoval(c.lines); !slices.Equal(got, c.want) {
			t.Errorf("%s: missing %q, want %q", name, got, c.want)
		}
	}
}

// TestEveryMarkerComesDown: whatever was recorded, nothing is missing exactly when
// every adoption line that was done has its removal line, the decision is there,
// and the person was told (R36, R86).
func TestEveryMarkerComesDown(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var all registration.Lists
		complete := true
		for _, l := range registration.Lines {
			adopted, removed := rapid.Bool().Draw(t, "adopted "+l), rapid.Bool().Draw(t, "removed "+l)
			if adopted {
				all = append(all, registration.Line{List: registration.AdoptionList, Line: l, DoneOn: clock.NewDate(2026, 1, 2)})
			}
			if removed {
				all = append(all, registration.Line{List: registration.RemovalList, Line: l, DoneOn: clock.NewDate(2026, 3, 4)})
			}
			if (adopted || l == registration.Conference || l == registration.Notified) && !removed {
				complete = false
			}
		}
		if got := len(registration.MissingRemoval(all)) == 0; got != complete {
			t.Fatalf("closes: %v, want %v, with %+v", got, complete, all)
		}
	})
}

func TestChecklistLines(t *testing.T) {
	t.Parallel()
	today, decided := clock.NewDate(2026, 6, 10), clock.NewDate(2026, 6, 1)
	adoption := registration.LineFacts{Today: today}
	removal := registration.LineFacts{Today: today, DecidedOn: decided}
	told := removal
	told.Adopted = registration.Line{List: registration.AdoptionList, Line: registration.SocialServices, DoneOn: clock.NewDate(2025, 1, 1)}
	closed := removal
	closed.Closed = true
	ok := registration.NewLine{List: registration.AdoptionList, Line: registration.PNCMarker, DoneOn: today, ByWhom: "PC Parker"}
	with := func(change func(n *registration.NewLine)) registration.NewLine {
		n := ok
		change(&n)
		return n
	}
	for name, c := range map[string]struct {
		line  registration.NewLine
		facts registration.LineFacts
		field string // of the first problem; "ok" for none
	}{
		"complete":                {ok, adoption, "ok"},
		"no date":                 {with(func(n *registration.NewLine) { n.DoneOn = clock.Date{} }), adoption, "done_on"},
		"tomorrow":                {with(func(n *registration.NewLine) { n.DoneOn = today.AddDays(1) }), adoption, "done_on"},
		"by nobody":               {with(func(n *registration.NewLine) { n.ByWhom = " " }), adoption, "by_whom"},
		"no such line":            {with(func(n *registration.NewLine) { n.Line = "x" }), adoption, "line"},
		"no such list":            {with(func(n *registration.NewLine) { n.List = "x" }), adoption, "line"},
		"the meeting's line":      {with(func(n *registration.NewLine) { n.Line = registration.Conference }), adoption, "line"},
		"removal while on":        {with(func(n *registration.NewLine) { n.List = registration.RemovalList }), adoption, ""},
		"removal":                 {with(func(n *registration.NewLine) { n.List = registration.RemovalList }), removal, "ok"},
		"removal on the day":      {with(func(n *registration.NewLine) { n.List, n.DoneOn = registration.RemovalList, decided }), removal, "ok"},
		"removal before":          {with(func(n *registration.NewLine) { n.List, n.DoneOn = registration.RemovalList, decided.AddDays(-1) }), removal, "done_on"},
		"closed":                  {ok, closed, ""},
		"a marker not applicable": {with(func(n *registration.NewLine) { n.NotApplicable = true }), adoption, "not_applicable"},
		"social not applicable": {with(func(n *registration.NewLine) {
			n.Line, n.NotApplicable, n.DoneOn, n.ByWhom = registration.SocialServices, true, clock.Date{}, ""
		}), adoption, "ok"},
		"social were told": {with(func(n *registration.NewLine) {
			n.List, n.Line, n.NotApplicable = registration.RemovalList, registration.SocialServices, true
		}), told, "not_applicable"},
	} {
		got := registration.CheckLine(c.line, c.facts)
		field := "ok"
		if len(got) > 0 {
			field = got[0].Field
		}
		if field != c.field {
			t.Errorf("%s: %s", name, texts(got))
		}
	}
}
