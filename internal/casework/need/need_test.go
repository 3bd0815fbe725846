package need_test

import (
	"context"
	"errors"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	"iom/internal/casework/fixture"
	"iom/internal/casework/need"
	"iom/internal/casework/rag"
	"iom/internal/platform/audit"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
)

var day = clock.MustISO

func TestCheck(t *testing.T) {
	t.Parallel()
	good := need.Assessment{Pathway: need.Health, Level: need.Amber, Needs: "No GP", On: day("2026-06-01"), Source: "own contact"}
	for name, c := range map[string]struct {
		change func(*need.Assessment)
		want   string
	}{
		"good":                 {func(*need.Assessment) {}, ""},
		"unknown pathway":      {func(a *need.Assessment) { a.Pathway = "sport" }, "pathway"},
		"a rating is no level": {func(a *need.Assessment) { a.Level = need.Level(rag.Amber) }, "level"},
		"not assessed":         {func(a *need.Assessment) { a.Level = "" }, "level"},
		"amber without a need": {func(a *need.Assessment) { a.Needs = " " }, "needs"},
		"red without a need":   {func(a *need.Assessment) { a.Level, a.Needs = need.Red, "" }, "needs"},
		"green without a need": {func(a *need.Assessment) { a.Level, a.Needs = need.Green, "" }, ""},
		"tomorrow":             {func(a *need.Assessment) { a.On = day("2026-06-02") }, "on"},
		"no date":              {func(a *need.Assessment) { a.On = clock.Date{} }, "on"},
		"no source":            {func(a *need.Assessment) { a.Source = "" }, "source"},
	} {
		a := good
		c.change(&a)
		problems := need.Check(a, day("2026-06-01"))
		if c.want == "" && len(problems) > 0 || c.want != "" && (len(problems) != 1 || problems[0].Field != c.want) {
			t.Errorf("%s: %+v", name, problems)
		}
	}
}

func TestNinePathwaysEachWithItsAddress(t *testing.T) {
	t.Parallel()
	if len(need.Pathways) != 9 {
		t.Fatalf("%d pathways", len(need.Pathways))
	}
	for _, p := range need.Pathways {
		if back, ok := need.BySlug(p.Slug()); !ok || back != p {
			t.Errorf("%s: %q leads to %q", p, p.Slug(), back)
		}
	}
	if _, ok := need.BySlug(""); ok {
		t.Error("an empty address leads to a pathway")
	}
}

// The latest assessment is current; one entered in error gives way to the one
// before; a pathway never assessed has no entry.
func TestCurrentIsTheLatestStanding(t *testing.T) {
	t.Parallel()
	s := fixture.New(t)
	id := s.Nominal(t, s.East, "Marsh", "Kit", day("1990-05-17"))
	by := s.As(authz.Partner, s.East)
	assess := func(l need.Level, on string) int64 {
		t.Helper()
		made, err := need.Assess(t.Context(), s.DB, by, id, need.Assessment{Pathway: need.Accommodation, Level: l, Needs: "x", On: day(on), Source: "own contact"})
		if err != nil {
			t.Fatal(err)
		}
		return made
	}
	current := func() []need.Entry {
		t.Helper()
		all, err := fixture.Read(t, s, s.Account(authz.Chair, s.East), func(ctx context.Context, q *db.ReadTx) ([]need.Entry, error) {
			return need.CurrentOf(ctx, q, id)
		})
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
	assess(need.Amber, "2026-05-01")
	wrong := assess(need.Green, "2026-05-20")
	if got := current(); len(got) != 1 || got[0].Level != need.Green {
		t.Fatalf("current: %+v", got)
	}
	if err := need.Correct(t.Context(), s.DB, by, id, wrong, "another person"); err != nil {
		t.Fatal(err)
	}
	if got := current(); len(got) != 1 || got[0].Level != need.Amber {
		t.Errorf("after the correction: %+v", got)
	}
	if err := need.Correct(t.Context(), s.DB, s.As(authz.Chair, s.East), id, wrong, "x"); fault.KindOf(err) != fault.Forbidden {
		t.Errorf("a chair corrects: %v", err)
	}
	other := s.Nominal(t, s.East, "Reed", "Alex", day("1991-05-17"))
	if err := need.Correct(t.Context(), s.DB, by, other, assess(need.Red, "2026-05-21"), "x"); fault.KindOf(err) != fault.NotFound {
		t.Errorf("a need of another person: %v", err)
	}
}

// TestTheTwoScalesAreNeverMixed: R23. No text of the one is read as the other, by
// the rules or by the database; no pathway is a rating.
func TestTheTwoScalesAreNeverMixed(t *testing.T) {
	t.Parallel()
	if len(need.Levels) != 3 || len(rag.Ratings) != 5 {
		t.Fatalf("%d levels and %d ratings", len(need.Levels), len(rag.Ratings))
	}
	for _, l := range need.Levels {
		if r, ok := rag.Parse(string(l)); ok {
			t.Errorf("the level %s is read as the rating %s", l, r)
		}
	}
	for _, r := range rag.Ratings {
		a := need.Assessment{Pathway: need.Health, Level: need.Level(r), Needs: "No GP", On: day("2026-06-01"), Source: "own contact"}
		if wrong := need.Check(a, day("2026-06-01")); len(wrong) != 1 || wrong[0].Field != "level" {
			t.Errorf("the rating %s is taken for a level: %+v", r, wrong)
		}
		if need.Level(r).Word() != "Not assessed" {
			t.Errorf("the rating %s has a word as a level", r)
		}
	}
	s := fixture.New(t)
	of, reg := s.Registered(t, s.East, "Marsh", "Kit", rag.Amber)
	for name, sql := range map[string]string{
		"a rating as a level": `INSERT INTO need (nominal_id, pathway, level, needs, actions, assessed_on, source, recorded_at, recorded_by)
			SELECT r.nominal_id, 'health', 'AMBER', 'No GP', '', '2026-06-01', 'own contact', $3, $4 FROM registration r WHERE r.nominal_id = $1 AND r.id = $2`,
		"a level as a rating": `INSERT INTO rag_rating (registration_id, nominal_id, rating, rated_on, reason, characteristics, supervision, agreed_by, recorded_at, recorded_by)
			VALUES ($2, $1, 'amber', '2026-06-01', 'x', '{}', '', 'x', $3, $4)`,
	} {
		_, err := db.Write(t.Context(), s.DB, s.As(authz.Coordinator, s.East), func(ctx context.Context, tx *db.Tx) (bool, error) {
			tx.Record(audit.Event{Operation: audit.Collect, Command: "test", Area: int64(s.East), Nominals: []int64{int64(of)}})
			_, err := tx.Exec(ctx, sql, of, reg, tx.Now(), tx.Actor().Account)
			return true, err
		})
		var refused *pgconn.PgError
		if !errors.As(err, &refused) || refused.Code != "23514" { // a CHECK
			t.Errorf("%s: %v", name, err)
		}
	}
}
