package drugtest_test

import (
	"context"
	"testing"

	"iom/internal/casework/drugtest"
	"iom/internal/casework/fixture"
	"iom/internal/casework/ref"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
)

var day = clock.MustISO

func TestCheck(t *testing.T) {
	t.Parallel()
	good := drugtest.New{TestedOn: day("2026-05-01"), Result: drugtest.Positive, Substances: "cocaine", Agency: 1, Source: "laboratory"}
	for name, c := range map[string]struct {
		change func(*drugtest.New)
		want   string
	}{
		"good":                     {func(*drugtest.New) {}, ""},
		"positive for what":        {func(n *drugtest.New) { n.Substances = "" }, "substances"},
		"negative needs no more":   {func(n *drugtest.New) { n.Result, n.Substances = drugtest.Negative, "" }, ""},
		"refusing is a result":     {func(n *drugtest.New) { n.Result, n.Substances = drugtest.Refused, "" }, ""},
		"no result":                {func(n *drugtest.New) { n.Result = "" }, "result"},
		"tomorrow":                 {func(n *drugtest.New) { n.TestedOn = day("2026-06-02") }, "tested_on"},
		"no agency":                {func(n *drugtest.New) { n.Agency = 0 }, "agency"},
		"no source":                {func(n *drugtest.New) { n.Source = "" }, "source"},
		"a result of another kind": {func(n *drugtest.New) { n.Result = "inconclusive" }, "result"},
	} {
		n := good
		c.change(&n)
		problems := drugtest.Check(n, day("2026-06-01"))
		if c.want == "" && len(problems) > 0 || c.want != "" && (len(problems) != 1 || problems[0].Field != c.want) {
			t.Errorf("%s: %+v", name, problems)
		}
	}
}

func ids(t *testing.T, s *fixture.Scheme, actor authz.Actor, id ref.NominalID) []int64 {
	t.Helper()
	all, err := fixture.Read(t, s, actor, func(ctx context.Context, q *db.ReadTx) ([]drugtest.Test, error) { return drugtest.Of(ctx, q, id) })
	if err != nil {
		t.Fatal(err)
	}
	var got []int64
	for _, x := range all {
		got = append(got, x.ID)
	}
	return got
}

// By hand, from the categories: the agency that entered it, the co-ordinator and
// probation; others one shared result (R209).
func TestOneResultIsSharedAndNotTheRecord(t *testing.T) {
	t.Parallel()
	s := fixture.New(t)
	id := s.Nominal(t, s.East, "Marsh", "Kit", day("1990-05-17"))
	record := func(role authz.Role, agency ref.AgencyID, on string) (int64, error) {
		return drugtest.Record(t.Context(), s.DB, s.As(role, s.East), drugtest.New{Nominal: id, TestedOn: day(on), Result: drugtest.Negative, Agency: agency, Source: "laboratory"})
	}
	ofProbation, err := record(authz.Probation, s.Probation, "2026-05-10")
	if err != nil {
		t.Fatal(err)
	}
	ofStar, err := record(authz.Partner, s.Star, "2026-05-09")
	if err != nil {
		t.Fatal(err)
	}
	second, err := record(authz.Probation, s.Probation, "2026-05-08")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := record(authz.Partner, s.Probation, "2026-05-10"); fault.KindOf(err) != fault.Invalid {
		t.Errorf("a partner enters a test of probation: %v", err)
	}
	reads := func(role authz.Role, want ...int64) {
		t.Helper()
		got := ids(t, s, s.Account(role, s.East), id)
		if len(got) != len(want) {
			t.Errorf("%s reads %v, want %v", role, got, want)
			return
		}
		for i := range want {
			if got[i] != want[i] {
				t.Errorf("%s reads %v, want %v", role, got, want)
			}
		}
	}
	reads(authz.Coordinator, ofProbation, ofStar, second)
	reads(authz.Probation, ofProbation, ofStar, second)
	reads(authz.Partner, ofStar)
	reads(authz.Police)
	reads(authz.Chair)
	reads(authz.Guest)

	share := func(role authz.Role, test int64, with ref.AgencyID, reason string) error {
		return drugtest.Share(t.Context(), s.DB, s.As(role, s.East), id, test, with, reason)
	}
	if err := share(authz.Police, ofProbation, s.Police, "to know"); fault.KindOf(err) != fault.NotFound {
		t.Errorf("police share what they do not see: %v", err)
	}
	if err := share(authz.Probation, ofProbation, s.Star, ""); fault.KindOf(err) != fault.Invalid {
		t.Errorf("shared without a reason: %v", err)
	}
	if err := share(authz.Probation, ofProbation, s.Probation, "x"); fault.KindOf(err) != fault.Invalid {
		t.Errorf("shared with the agency itself: %v", err)
	}
	if err := share(authz.Probation, ofProbation, s.Star, "next key-work session"); err != nil {
		t.Fatal(err)
	}
	reads(authz.Partner, ofProbation, ofStar)
	if err := share(authz.Partner, ofProbation, s.Police, "passing on"); fault.KindOf(err) != fault.Forbidden {
		t.Errorf("a partner passes a shared result on: %v", err)
	}
	if err := drugtest.Correct(t.Context(), s.DB, s.As(authz.Partner, s.East), id, ofProbation, "x"); fault.KindOf(err) != fault.Forbidden {
		t.Errorf("a partner corrects a shared result: %v", err)
	}
	if err := drugtest.Correct(t.Context(), s.DB, s.As(authz.Partner, s.East), id, ofStar, "wrong person"); err != nil {
		t.Fatal(err)
	}
	reads(authz.Partner, ofProbation)
}
