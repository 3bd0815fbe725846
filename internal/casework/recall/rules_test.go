package recall

import (
	"testing"
	"time"

	"iom/internal/casework/law"
	"iom/internal/casework/sentence"
	"iom/internal/platform/clock"
)

var day = clock.MustISO

func ptr(at time.Time) *time.Time { return &at }

// The papers are due 24 hours after the decision in principle (R138), and PPCS has 24
// hours from having all of them (R139). Hours of the clock, over a weekend too.
func TestTheCountdownOfR138AndR139(t *testing.T) {
	t.Parallel()
	decided := day("2026-05-29").At(16, 30) // a Friday
	r := Recall{DecidedAt: decided}
	for _, c := range []struct {
		now  time.Time
		want string
		late bool
	}{
		{decided, "Part A and papers to PPCS by 30 May 2026 at 16:30: 24 hours left", false},
		{decided.Add(23*time.Hour + 59*time.Minute), "Part A and papers to PPCS by 30 May 2026 at 16:30: 1 minute left", false},
		{decided.Add(24 * time.Hour), "Part A and papers to PPCS by 30 May 2026 at 16:30: 0 minutes left", false},
		{decided.Add(26*time.Hour + 5*time.Minute), "Part A and papers to PPCS by 30 May 2026 at 16:30: 2 hours 5 minutes late", true},
		{decided.Add(80 * time.Hour), "Part A and papers to PPCS by 30 May 2026 at 16:30: 2 days late", true},
	} {
		if text, late, ok := r.Countdown(c.now); text != c.want || late != c.late || !ok {
			t.Errorf("at %s: %q, late %t", c.now, text, late)
		}
	}
	r.SentAt = ptr(decided.Add(time.Hour))
	if text, _, ok := r.Countdown(decided.Add(2 * time.Hour)); ok {
		t.Errorf("sent, and no clock of ours runs: %q", text)
	}
	r.ReceivedAt = ptr(decided.Add(2 * time.Hour))
	if text, late, _ := r.Countdown(decided.Add(3 * time.Hour)); text != "PPCS to process the papers by 30 May 2026 at 18:30: 23 hours left" || late {
		t.Errorf("received: %q", text)
	}
	r.RevokedAt = ptr(decided.Add(4 * time.Hour))
	if _, _, ok := r.Countdown(decided.Add(99 * time.Hour)); ok || r.Next() != "" {
		t.Error("a clock runs after the licence was revoked")
	}
}

func TestCheckStepKeepsTheOrderOfR138AndR139(t *testing.T) {
	t.Parallel()
	decided := day("2026-05-29").At(16, 30)
	now := decided.Add(48 * time.Hour)
	r := Recall{DecidedAt: decided}
	sent := Recall{DecidedAt: decided, SentAt: ptr(decided.Add(time.Hour))}
	gone := Recall{DecidedAt: decided, WithdrawnAt: ptr(decided)}
	back := Recall{DecidedAt: decided, Spell: 7}
	for name, c := range map[string]struct {
		r    Recall
		n    NewStep
		want string
	}{
		"sent":                         {r, NewStep{Sent, decided.Add(time.Hour), "", "e-mail"}, ""},
		"sent before the decision":     {r, NewStep{Sent, decided.Add(-time.Minute), "", "e-mail"}, "at"},
		"sent in the future":           {r, NewStep{Sent, now.Add(time.Minute), "", "e-mail"}, "at"},
		"received before it was sent":  {r, NewStep{Received, decided.Add(time.Hour), "", "e-mail"}, "step"},
		"sent twice":                   {sent, NewStep{Sent, decided.Add(2 * time.Hour), "", "e-mail"}, "step"},
		"received too early":           {sent, NewStep{Received, decided, "", "e-mail"}, "at"},
		"received":                     {sent, NewStep{Received, decided.Add(2 * time.Hour), "", "e-mail"}, ""},
		"revoked before it came":       {sent, NewStep{Revoked, decided.Add(2 * time.Hour), "", "e-mail"}, "step"},
		"withdrawn without a reason":   {r, NewStep{Withdrawn, decided.Add(time.Hour), " ", "e-mail"}, "note"},
		"withdrawn":                    {r, NewStep{Withdrawn, decided.Add(time.Hour), "New address checked", "e-mail"}, ""},
		"withdrawn before it was made": {r, NewStep{Withdrawn, decided.Add(-time.Hour), "x", "e-mail"}, "at"},
		"after it was withdrawn":       {gone, NewStep{Sent, decided.Add(time.Hour), "", "e-mail"}, "step"},
		"withdrawn after the return":   {back, NewStep{Withdrawn, decided.Add(time.Hour), "x", "e-mail"}, "step"},
		"no source":                    {r, NewStep{Sent, decided.Add(time.Hour), "", ""}, "source"},
		"no such step":                 {r, NewStep{"lost", decided.Add(time.Hour), "", "e-mail"}, "step"},
	} {
		got := CheckStep(c.r, c.n, now)
		if c.want == "" && len(got) > 0 || c.want != "" && (len(got) != 1 || got[0].Field != c.want) {
			t.Errorf("%s: %+v, want %q", name, got, c.want)
		}
	}
}

// R135, R136: a kind that the law of the day does not come to needs its reason, and an
// answer rests on evidence.
func TestCheckKindByR135AndR136(t *testing.T) {
	t.Parallel()
	with := func(a law.Answer, evidence string) map[law.QuestionID]Reply {
		return map[law.QuestionID]Reply{law.AskMAPPA.ID: {a, evidence}}
	}
	for name, c := range map[string]struct {
		replies       map[law.QuestionID]Reply
		kind, advised law.RecallKind
		reason        string
		want          string
	}{
		"as the law comes to":         {with(law.NotMet, "MAPPA register"), law.FixedTerm56, law.FixedTerm56, "", ""},
		"another without a reason":    {nil, law.StandardRecall, law.FixedTerm56, "", "kind_reason"},
		"another with its reason":     {nil, law.StandardRecall, law.FixedTerm56, "PPCS letter", ""},
		"nothing known, and decided":  {nil, law.FixedTerm56, "", "", "kind_reason"},
		"not decided yet":             {nil, "", law.FixedTerm56, "", ""},
		"answered without evidence":   {with(law.Met, " "), "", "", "", "evidence-mappa-level"},
		"not known needs no evidence": {with(law.NotKnown, ""), "", "", "", ""},
		"no such kind":                {nil, "fixed-term recall of 21 days", law.FixedTerm56, "x", "kind"},
	} {
		got := CheckKind(c.replies, c.kind, c.advised, c.reason, "PPCS")
		if c.want == "" && len(got) > 0 || c.want != "" && (len(got) != 1 || got[0].Field != c.want) {
			t.Errorf("%s: %+v, want %q", name, got, c.want)
		}
	}
}

// R136, R137, R140. The days by hand: 28 days from 22 August 2025 with it counted end on 18
// September; 56 from 14 November 2026 would pass the end of the sentence on 21 December.
func TestReleaseAndPartBByR136R137AndR140(t *testing.T) {
	t.Parallel()
	r := Recall{DecidedAt: day("2025-08-20").At(9, 0), Kind: law.FixedTerm28, Spell: 1, ReturnedOn: day("2025-08-22")}
	if out, ok := r.Release(day("2026-06-01")); !ok || out.On != day("2025-09-18") || out.Capped || out.Rule.ID != law.Recall2024.ID {
		t.Errorf("28 days: %+v", out)
	}
	if !r.PartBDue().IsZero() {
		t.Error("R140: a fixed-term recall needs no Part B")
	}
	r = Recall{DecidedAt: day("2026-11-13").At(9, 0), Kind: law.FixedTerm56, Spell: 1, ReturnedOn: day("2026-11-14")}
	if out, ok := r.Release(day("2026-12-21")); !ok || out.On != day("2026-12-21") || !out.Capped || out.Rule.ID != law.Recall56.ID {
		t.Errorf("capped: %+v", out)
	}
	if _, ok := r.Release(clock.Date{}); ok {
		t.Error("an end came out, and the end of the sentence is not known")
	}
	r.Kind = law.StandardRecall
	if out, _ := r.Release(day("2026-12-21")); out.Automatic || r.PartBDue() != day("2026-12-11") {
		t.Errorf("standard: %+v, Part B %s", out, r.PartBDue())
	}
}

func TestCheckNewByR137AndR138(t *testing.T) {
	t.Parallel()
	now := day("2026-06-01").At(9, 0)
	of := sentence.Sentence{Kind: sentence.Custody, ImposedOn: day("2025-06-01")}
	good := New{DecidedAt: now, DecidedBy: "Robin Eastwood", Reason: "Missed three appointments", Source: "probation"}
	for name, c := range map[string]struct {
		change func(*New, *sentence.Sentence)
		ends   string
		before []Recall
		want   string
	}{
		"good":                        {func(*New, *sentence.Sentence) {}, "2026-08-01", nil, ""},
		"on the last day":             {func(*New, *sentence.Sentence) {}, "2026-06-01", nil, ""},
		"after the sentence":          {func(*New, *sentence.Sentence) {}, "2026-05-31", nil, "decided_at"},
		"in the future":               {func(n *New, _ *sentence.Sentence) { n.DecidedAt = now.Add(time.Minute) }, "2026-08-01", nil, "decided_at"},
		"before the sentence":         {func(n *New, _ *sentence.Sentence) { n.DecidedAt = day("2025-05-31").At(9, 0) }, "2026-08-01", nil, "decided_at"},
		"of a community order":        {func(_ *New, s *sentence.Sentence) { s.Kind = sentence.CommunityOrder }, "2026-08-01", nil, "sentence"},
		"by nobody":                   {func(n *New, _ *sentence.Sentence) { n.DecidedBy = " " }, "2026-08-01", nil, "decided_by"},
		"another one is under way":    {func(*New, *sentence.Sentence) {}, "2026-08-01", []Recall{{}}, "decided_at"},
		"another one was carried out": {func(*New, *sentence.Sentence) {}, "2026-08-01", []Recall{{Spell: 3}}, ""},
	} {
		n, s := good, of
		c.change(&n, &s)
		got := CheckNew(n, s, day(c.ends), c.before, now)
		if c.want == "" && len(got) > 0 || c.want != "" && (len(got) != 1 || got[0].Field != c.want) {
			t.Errorf("%s: %+v, want %q", name, got, c.want)
		}
	}
}

// Revoked on the 1st and returned on the 5th: the 2nd, 3rd and 4th.
func TestDaysAtLarge(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		revoked, returned string
		want              int
	}{{"2026-06-01", "2026-06-05", 3}, {"2026-06-01", "2026-06-02", 0}, {"2026-06-01", "2026-06-01", 0}} {
		if got := AtLarge(day(c.revoked), day(c.returned)); got != c.want {
			t.Errorf("%s to %s: %d", c.revoked, c.returned, got)
		}
	}
}
