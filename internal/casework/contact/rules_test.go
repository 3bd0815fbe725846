package contact

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"iom/internal/platform/clock"
)

var day = clock.MustISO

func good() New {
	return New{Nominal: 1, Kind: HomeVisit, HeldOn: day("2026-06-01"), Outcome: Seen, Agency: 1, Log: "At home", Source: "own contact"}
}

func TestCheck(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(*New)
		want   string // the field
	}{
		"good":                          {func(*New) {}, ""},
		"no kind":                       {func(n *New) { n.Kind = "chat" }, "kind"},
		"no date":                       {func(n *New) { n.HeldOn = clock.Date{} }, "held_on"},
		"tomorrow":                      {func(n *New) { n.HeldOn = day("2026-06-02") }, "held_on"},
		"no outcome":                    {func(n *New) { n.Outcome = "" }, "outcome"},
		"a home visit is something":     {func(n *New) { n.Outcome = NoAppointment }, "outcome"},
		"refused treatment is an offer": {func(n *New) { n.Kind, n.Outcome = KeyWork, RefusedTreatment }, ""},
		"excused though seen":           {func(n *New) { n.Excused = true }, "excused"},
		"excused absence":               {func(n *New) { n.Outcome, n.Excused = DidNotAttend, true }, ""},
		"nobody in, for good reason":    {func(n *New) { n.Outcome, n.Excused = NotSeen, true }, ""},
		"no agency":                     {func(n *New) { n.Agency = 0 }, "agency"},
		"joint with oneself":            {func(n *New) { n.JointAgency = 1 }, "joint_agency"},
		"joint visit":                   {func(n *New) { n.JointAgency = 2 }, ""},
		"nothing written":               {func(n *New) { n.Log = " \n" }, "log"},
		"no source":                     {func(n *New) { n.Source = "" }, "source"},
	} {
		n := good()
		c.change(&n)
		problems := Check(n, day("2026-06-01"))
		if c.want == "" && len(problems) > 0 || c.want != "" && (len(problems) != 1 || problems[0].Field != c.want) {
			t.Errorf("%s: %+v", name, problems)
		}
	}
}

func TestEveryKindHasOutcomes(t *testing.T) {
	t.Parallel()
	for _, k := range Kinds {
		all := OutcomesOf(k)
		if len(all) == 0 {
			t.Errorf("%s has no outcome", k)
		}
		for _, o := range all {
			if !slices.Contains(Outcomes, o) {
				t.Errorf("%s has the outcome %q, which is none", k, o)
			}
		}
	}
}

func TestRateOf(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		all     []Appointment
		want    Rate
		percent int
		ok      bool
	}{
		"nothing":                                {nil, Rate{}, 0, false},
		"refusing treatment is no breach (R142)": {[]Appointment{{RefusedTreatment, false}, {Attended, false}}, Rate{Attended: 2}, 100, true},
		"leaving early is":                       {[]Appointment{{LeftEarly, false}, {Attended, false}}, Rate{Attended: 1, Missed: 1}, 50, true},
		"excused absences are left out":          {[]Appointment{{DidNotAttend, true}, {Attended, false}}, Rate{Attended: 1, Excused: 1}, 100, true},
		"only excused":                           {[]Appointment{{DidNotAttend, true}}, Rate{Excused: 1}, 0, false},
		"visits are no appointments":             {[]Appointment{{Seen, false}, {NotSeen, false}, {NoAppointment, false}}, Rate{}, 0, false},
		"nobody in, excused, is no appointment":  {[]Appointment{{NotSeen, true}}, Rate{}, 0, false},
		"two of three is 66, rounded down":       {[]Appointment{{Attended, false}, {Attended, false}, {DidNotAttend, false}}, Rate{Attended: 2, Missed: 1}, 66, true},
	} {
		got := RateOf(c.all)
		percent, ok := got.Percent()
		if got != c.want || percent != c.percent || ok != c.ok {
			t.Errorf("%s: %+v, %d %t", name, got, percent, ok)
		}
	}
}

// The order does not matter; excusing an absence never makes the rate worse; 100
// per cent means that nothing was missed.
func TestRateProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		all := rapid.SliceOf(rapid.Custom(func(t *rapid.T) Appointment {
			return Appointment{rapid.SampledFrom(Outcomes).Draw(t, "outcome"), rapid.Bool().Draw(t, "excused")}
		})).Draw(t, "all")
		r := RateOf(all)
		turned := slices.Clone(all)
		slices.Reverse(turned)
		if RateOf(turned) != r {
			t.Fatal("the order matters")
		}
		percent, ok := r.Percent()
		if ok && (percent == 100) != (r.Missed == 0) {
			t.Fatalf("%d per cent with %d missed", percent, r.Missed)
		}
		for i := range all {
			better := slices.Clone(all)
			better[i].Excused = true
			if p, ok2 := RateOf(better).Percent(); ok && ok2 && p < percent {
				t.Fatalf("excusing %+v makes %d per cent of %d", all[i], p, percent)
			}
		}
	})
}

// The four outcomes of an appointment (R143): who left early or did not attend without an acceptable
// reason can be in breach, and who refused treatment is not (R142).
func TestTheOutcomesOfAnAppointmentByR142AndR143(t *testing.T) {
	t.Parallel()
	missed := map[Outcome]bool{Attended: false, LeftEarly: true, DidNotAttend: true, RefusedTreatment: false}
	for _, k := range []Kind{OfficeVisit, Supervision, KeyWork, VideoLink, HomeVisit, Other} {
		for o, want := range missed {
			n := good()
			n.Kind, n.Outcome = k, o
			if problems := Check(n, day("2026-06-01")); len(problems) > 0 {
				t.Errorf("%s of a %s: %+v", o, k, problems)
			}
			if got := (Contact{Kind: k, Outcome: o}).Missed(); got != want {
				t.Errorf("%s of a %s is missed: %t", o, k, got)
			}
			if (Contact{Kind: k, Outcome: o, Excused: true}).Missed() {
				t.Errorf("%s of a %s is missed in spite of its reason", o, k)
			}
		}
	}
	for _, o := range []Outcome{Seen, NotSeen, NoAppointment} {
		if (Contact{Outcome: o}).Missed() {
			t.Errorf("%s is no appointment, and cannot be missed", o)
		}
	}
}
