package intelligence_test

import (
	"context"
	"slices"
	"testing"

	"iom/internal/casework/fixture"
	"iom/internal/casework/intelligence"
	"iom/internal/casework/ref"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
)

var day = clock.MustISO

func TestCheck(t *testing.T) {
	t.Parallel()
	good := intelligence.New{Dated: day("2026-05-01"), Text: "Seen with others", Source: "report"}
	for name, c := range map[string]struct {
		change func(*intelligence.New)
		want   string
	}{
		"good":      {func(*intelligence.New) {}, ""},
		"no date":   {func(n *intelligence.New) { n.Dated = clock.Date{} }, "dated"},
		"tomorrow":  {func(n *intelligence.New) { n.Dated = day("2026-06-02") }, "dated"},
		"no text":   {func(n *intelligence.New) { n.Text = " " }, "text"},
		"no source": {func(n *intelligence.New) { n.Source = "" }, "source"},
	} {
		n := good
		c.change(&n)
		problems := intelligence.Check(n, day("2026-06-01"))
		if c.want == "" && len(problems) > 0 || c.want != "" && (len(problems) != 1 || problems[0].Field != c.want) {
			t.Errorf("%s: %+v", name, problems)
		}
	}
}

// By hand: entries by co-ordinator and police; read by those, chairs and
// probation; others only an entry marked as shareable with their agency.
func TestWhoEntersAndWhoReads(t *testing.T) {
	t.Parallel()
	s := fixture.New(t)
	id := s.Nominal(t, s.East, "Marsh", "Kit", day("1990-05-17"))
	record := func(role authz.Role, on string, with ...ref.AgencyID) (int64, error) {
		return intelligence.Record(t.Context(), s.DB, s.As(role, s.East), intelligence.New{Nominal: id, Dated: day(on), Text: "Seen with others", Source: "report", ShareWith: with})
	}
	kept, err := record(authz.Police, "2026-05-20")
	if err != nil {
		t.Fatal(err)
	}
	shared, err := record(authz.Coordinator, "2026-05-10", s.Star)
	if err != nil {
		t.Fatal(err)
	}
	for role, want := range map[authz.Role]fault.Kind{authz.Chair: fault.Forbidden, authz.Probation: fault.Forbidden, authz.Partner: fault.Forbidden,
		authz.Guest: fault.NotFound, authz.Administrator: fault.NotFound} {
		if _, err := record(role, "2026-05-20"); fault.KindOf(err) != want {
			t.Errorf("%s enters: %v", role, err)
		}
	}
	latest := func(role authz.Role) (clock.Date, []int64) {
		t.Helper()
		var all []int64
		on, err := fixture.Read(t, s, s.Account(role, s.East), func(ctx context.Context, q *db.ReadTx) (clock.Date, error) {
			entries, err := intelligence.Of(ctx, q, id)
			if err != nil {
				return clock.Date{}, err
			}
			for _, e := range entries {
				all = append(all, e.ID)
			}
			if got, want := intelligence.MayRead(q, s.East), slices.Contains([]authz.Role{authz.Coordinator, authz.Chair, authz.Police, authz.Probation}, role); got != want {
				t.Errorf("%s may read: %t", role, got)
			}
			return intelligence.LatestOn(ctx, q, id)
		})
		if err != nil {
			t.Fatal(err)
		}
		return on, all
	}
	for _, role := range []authz.Role{authz.Coordinator, authz.Chair, authz.Police, authz.Probation} {
		if on, all := latest(role); on != day("2026-05-20") || !slices.Equal(all, []int64{kept, shared}) {
			t.Errorf("%s: %s %v", role, on, all)
		}
	}
	if on, all := latest(authz.Partner); on != day("2026-05-10") || !slices.Equal(all, []int64{shared}) {
		t.Errorf("the partner: %s %v", on, all)
	}
	for _, role := range []authz.Role{authz.Guest, authz.Analyst, authz.Auditor, authz.Administrator} {
		if on, all := latest(role); !on.IsZero() || len(all) > 0 {
			t.Errorf("%s: %s %v", role, on, all)
		}
	}
	if err := intelligence.Share(t.Context(), s.DB, s.As(authz.Coordinator, s.Brighton), id, kept, []ref.AgencyID{s.Star}); fault.KindOf(err) != fault.NotFound {
		t.Errorf("another area shares: %v", err)
	}
	if err := intelligence.Share(t.Context(), s.DB, s.As(authz.Police, s.East), id, kept, nil); fault.KindOf(err) != fault.Invalid {
		t.Errorf("shared with nobody: %v", err)
	}
}
