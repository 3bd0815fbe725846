package trail_test

import (
	"context"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"iom/internal/casework/fixture"
	"iom/internal/casework/ref"
	"iom/internal/insight/trail"
	"iom/internal/platform/audit"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/internal/platform/migrate"
)

func read(t *testing.T, s *fixture.Scheme, actor authz.Actor, f trail.Filter) []trail.Entry {
	t.Helper()
	entries, err := fixture.Read(t, s, actor, func(ctx context.Context, q *db.ReadTx) ([]trail.Entry, error) {
		entries, _, err := trail.Read(ctx, q, f)
		return entries, err
	})
	if err != nil {
		t.Fatal(err)
	}
	return entries
}

func ids(entries []trail.Entry) (all []int64) {
	for _, e := range entries {
		all = append(all, e.ID)
	}
	return all
}

func TestAuditorsReadTheirAreasAndNobodyElseReadsTheLog(t *testing.T) {
	t.Parallel()
	s := fixture.New(t)
	east := s.Nominal(t, s.East, "Bloggs", "Joe", clock.NewDate(1990, 2, 3))
	west := s.Nominal(t, s.North, "Smith", "Ann", clock.NewDate(1991, 2, 3))
	about := func(actor authz.Actor, id ref.NominalID) int {
		return len(read(t, s, actor, trail.Filter{Nominal: id}))
	}
	for _, c := range []struct {
		role       authz.Role
		at         ref.AreaID
		east, west int
	}{
		{authz.Auditor, s.Force, 1, 1},
		{authz.Auditor, s.East, 1, 0},
		{authz.Auditor, s.West, 0, 1},
		{authz.Coordinator, s.East, 1, 0}, // who looked at the people of one's area
		{authz.Chair, s.North, 0, 1},
		{authz.Police, s.Force, 0, 0},
		{authz.Administrator, s.Force, 0, 0},
		{authz.Analyst, s.Force, 0, 0},
	} {
		actor := s.Account(c.role, c.at)
		if e, w := about(actor, east), about(actor, west); e != c.east || w != c.west {
			t.Errorf("%s of area %d reads %d and %d entries, want %d and %d", c.role, c.at, e, w, c.east, c.west)
		}
		whole := len(read(t, s, actor, trail.Filter{}))
		if c.role == authz.Administrator && whole != 0 {
			t.Errorf("an administrator reads %d entries of the log", whole)
		}
	}
}

func TestTheLogIsFilteredAndPaged(t *testing.T) {
	t.Parallel()
	s := fixture.New(t)
	auditor := s.Account(authz.Auditor, s.Force)
	police := s.Account(authz.Police, s.East)
	write := func(o audit.Operation, nominals ...int64) {
		_, err := db.Write(t.Context(), s.DB, db.Once(police.Account), func(_ context.Context, tx *db.Tx) (bool, error) {
			tx.Record(audit.Event{Operation: o, Command: "test", Area: int64(s.East), Nominals: nominals})
			return true, nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	s.Clock.Set(clock.NewDate(2026, 6, 2).At(23, 30)) // 22:30 in UTC
	write(audit.Collect, 7)
	s.Clock.Set(clock.NewDate(2026, 6, 3).At(0, 30)) // 23:30 in UTC, the day before
	write(audit.Alter, 7, 8)
	write(audit.Disclose, 8)
	mine := trail.Filter{Account: ref.AccountID(police.Account)}
	if got := read(t, s, auditor, mine); len(got) != 3 || got[0].Operation != audit.Disclose || got[0].Name != police.Name || got[0].Area != "East Sussex" {
		t.Fatalf("what the police did: %+v", got)
	}
	if got := read(t, s, auditor, trail.Filter{Nominal: 7}); len(got) != 2 {
		t.Errorf("about 7: %v", ids(got))
	}
	if got := read(t, s, auditor, trail.Filter{Operation: audit.Disclose}); len(got) != 1 || got[0].Nominals[0] != 8 {
		t.Errorf("disclosures: %v", ids(got))
	}
	day := mine
	day.From, day.To = clock.NewDate(2026, 6, 3), clock.NewDate(2026, 6, 3)
	if got := read(t, s, auditor, day); len(got) != 2 || got[1].At.Hour() != 0 || got[1].At.Location() != clock.London {
		t.Errorf("on 3 June in London: %+v", got)
	}
	first := mine
	first.Limit = 2
	page := read(t, s, auditor, first)
	first.Before = page[1].ID
	if next := read(t, s, auditor, first); len(page) != 2 || len(next) != 1 || next[0].Operation != audit.Collect {
		t.Errorf("pages are %v and %v", ids(page), ids(next))
	}
}

func TestTheAuditorsOwnRoleReadsTheLog(t *testing.T) {
	t.Parallel()
	s := fixture.New(t)
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	c, err := pgx.Connect(ctx, s.TestDB.URL(migrate.Auditor))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close(ctx) }()
	entries, more, err := trail.Read(ctx, c, trail.Filter{Limit: 1})
	if err != nil || len(entries) != 1 || !more {
		t.Errorf("read %+v, more %v, %v", entries, more, err)
	}
	if _, err := c.Exec(ctx, `DELETE FROM log_event`); err == nil {
		t.Error("the auditor's role can remove entries")
	}
}
