package history_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"iom/internal/casework/contact"
	"iom/internal/casework/drugtest"
	"iom/internal/casework/fixture"
	"iom/internal/casework/intelligence"
	"iom/internal/casework/nominal"
	"iom/internal/casework/ref"
	"iom/internal/insight/history"
	"iom/internal/platform/audit"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
)

var day = clock.MustISO

func events(t *testing.T, s *fixture.Scheme, actor authz.Actor, id ref.NominalID, group string) []history.Event {
	t.Helper()
	all, err := fixture.Read(t, s, actor, func(ctx context.Context, q *db.ReadTx) ([]history.Event, error) {
		return history.Of(ctx, q, id, group, 0, 100)
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func text(all []history.Event) string {
	var b strings.Builder
	for _, e := range all {
		b.WriteString(e.Title + "|" + e.Text + "|" + e.Closed + e.ClosedFor + "\n")
	}
	return b.String()
}

func made[T any](t *testing.T) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// What is hidden stays hidden in the history as well, and so does its correction.
func TestTimelineShowsOnlyWhatMayBeRead(t *testing.T) {
	t.Parallel()
	s := fixture.New(t)
	id := s.Nominal(t, s.East, "Marsh", "Kit", day("1990-05-17"))
	ctx := t.Context()
	police, partner := s.As(authz.Police, s.East), s.As(authz.Partner, s.East)
	logged := made[ref.ContactID](t)(contact.Log(ctx, s.DB, partner, contact.New{Nominal: id, Kind: contact.KeyWork, HeldOn: day("2026-05-20"),
		Outcome: contact.Attended, Agency: s.Star, Log: "canary-contact", Source: "session notes"}))
	entry := made[int64](t)(intelligence.Record(ctx, s.DB, police, intelligence.New{Nominal: id, Dated: day("2026-05-21"), Text: "canary-intel", Source: "report"}))
	test := made[int64](t)(drugtest.Record(ctx, s.DB, s.As(authz.Probation, s.East), drugtest.New{Nominal: id, TestedOn: day("2026-05-22"), Result: drugtest.Negative,
		Substances: "canary-test", Agency: s.Probation, Source: "laboratory"}))
	if err := intelligence.Correct(ctx, s.DB, police, id, entry, "canary-reason"); err != nil {
		t.Fatal(err)
	}
	if err := contact.Correct(ctx, s.DB, partner, id, logged, "wrong day"); err != nil {
		t.Fatal(err)
	}

	// By hand, from the categories: intelligence Co Ch Po Pr; drug tests the agency, Co, Pr.
	for role, want := range map[authz.Role][]string{
		authz.Coordinator: {"canary-contact", "canary-intel", "canary-reason", "canary-test"},
		authz.Chair:       {"canary-contact", "canary-intel", "canary-reason"},
		authz.Police:      {"canary-contact", "canary-intel", "canary-reason"},
		authz.Probation:   {"canary-contact", "canary-intel", "canary-reason", "canary-test"},
		authz.Partner:     {"canary-contact"},
		authz.Analyst:     nil, authz.Auditor: nil, authz.Administrator: nil,
	} {
		got := text(events(t, s, s.Account(role, s.East), id, ""))
		for _, canary := range []string{"canary-contact", "canary-intel", "canary-reason", "canary-test"} {
			if strings.Contains(got, canary) != slices.Contains(want, canary) {
				t.Errorf("%s and %s: %s", role, canary, got)
			}
		}
		if other := text(events(t, s, s.Account(role, s.Brighton), id, "")); other != "" {
			t.Errorf("%s of another area reads %s", role, other)
		}
	}
	if err := drugtest.Share(ctx, s.DB, s.As(authz.Coordinator, s.East), id, test, s.Star, "next key-work session"); err != nil {
		t.Fatal(err)
	}
	if got := text(events(t, s, s.Account(authz.Partner, s.East), id, "")); !strings.Contains(got, "canary-test") || strings.Contains(got, "canary-intel") {
		t.Errorf("after sharing one result the partner reads %s", got)
	}
	// That something was shared tells that there is something: only with the test itself.
	for role, want := range map[authz.Role]bool{authz.Coordinator: true, authz.Probation: true, authz.Partner: true, authz.Police: false, authz.Chair: false} {
		if got := text(events(t, s, s.Account(role, s.East), id, "")); strings.Contains(got, "shared with") != want {
			t.Errorf("%s reads of the sharing: %s", role, got)
		}
	}
	got := events(t, s, s.Account(authz.Partner, s.East), id, "contacts")
	if len(got) != 1 || got[0].Closed != nominal.EnteredInError || got[0].ClosedFor != "wrong day" {
		t.Errorf("the contact entered in error: %+v", got)
	}
}

func TestLooksTellOpeningsFromLists(t *testing.T) {
	t.Parallel()
	s := fixture.New(t)
	id := s.Nominal(t, s.East, "Marsh", "Kit", day("1990-05-17"))
	other := s.Nominal(t, s.East, "Reed", "Alex", day("1991-05-17"))
	look := func(actor authz.Actor, page string, seen audit.Seen) {
		t.Helper()
		_, err := db.View(t.Context(), s.DB, actor, page, func(context.Context, *db.ReadTx) (bool, audit.Seen, error) { return true, seen, nil })
		if err != nil {
			t.Fatal(err)
		}
	}
	police := s.Account(authz.Police, s.East)
	look(police, "GET /nominals/{id}", audit.Opened(id, s.East))
	look(police, "GET /live-list", audit.Listed([]ref.NominalID{id, other}))
	look(police, "GET /nominals/{id}", audit.Opened(other, s.East))

	looks := func(actor authz.Actor, listed bool) []history.Look {
		t.Helper()
		all, err := fixture.Read(t, s, actor, func(ctx context.Context, q *db.ReadTx) ([]history.Look, error) {
			return history.Looks(ctx, q, id, listed, 0, 50)
		})
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
	// By hand: who has looked is for the co-ordinator, the chair and the auditor of the area.
	for _, c := range []struct {
		role authz.Role
		area ref.AreaID
		want int
	}{
		{authz.Coordinator, s.East, 1}, {authz.Chair, s.East, 1}, {authz.Auditor, s.East, 1},
		{authz.Police, s.East, 0}, {authz.Partner, s.East, 0}, {authz.Administrator, s.East, 0}, {authz.Coordinator, s.Brighton, 0},
	} {
		actor := s.Account(c.role, c.area)
		opened, listed := looks(actor, false), looks(actor, true)
		if len(opened) != c.want || len(listed) != c.want {
			t.Errorf("%s in %d: %d openings and %d lists, want %d each", c.role, c.area, len(opened), len(listed), c.want)
			continue
		}
		if c.want > 0 && (opened[0].Page != "GET /nominals/{id}" || opened[0].By != police.Name || opened[0].Agencies != "Sussex Police" || listed[0].Page != "GET /live-list") {
			t.Errorf("%s: %+v %+v", c.role, opened, listed)
		}
	}
}
