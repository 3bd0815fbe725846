package account_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"pgregory.net/rapid"

	"iom/internal/casework/account"
	"iom/internal/casework/fixture"
	"iom/internal/casework/nominal"
	"iom/internal/casework/ref"
	"iom/internal/platform/audit"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
	"iom/internal/platform/testdb"
)

var anEvent = audit.Event{Operation: audit.Alter, Command: "test"}

// dump is every row that could hold a secret, as the superuser sees it.
func dump(t *testing.T, s *fixture.Scheme) (text string) {
	t.Helper()
	superuser(t, s, func(c *pgx.Conn) error {
		return c.QueryRow(t.Context(), `SELECT coalesce(string_agg(x, ' '), '') FROM (
			SELECT to_jsonb(f)::text FROM form_use f UNION ALL SELECT to_jsonb(l)::text FROM password_link l
			UNION ALL SELECT to_jsonb(e)::text FROM log_event e) all_rows (x)`).Scan(&text)
	})
	return text
}

func superuser(t *testing.T, s *fixture.Scheme, do func(c *pgx.Conn) error) {
	t.Helper()
	c, err := pgx.Connect(t.Context(), s.TestDB.URL(testdb.Superuser))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close(t.Context()) }()
	if err := do(c); err != nil {
		t.Fatal(err)
	}
}

func TestNobodyGrantsThemselves(t *testing.T) {
	t.Parallel()
	s := fixture.New(t)
	admin := s.Account(authz.Administrator, s.Force)
	me := ref.AccountID(admin.Account)
	_, err := account.Give(t.Context(), s.DB, db.Once(admin.Account), account.NewGrant{Account: me, Role: authz.Administrator, Agency: s.Council, Area: s.East})
	if fault.KindOf(err) != fault.Invalid {
		t.Errorf("a role for oneself: %v", err)
	}
	// The database says so too, whatever the program does.
	_, err = db.Write(t.Context(), s.DB, db.Once(admin.Account), func(ctx context.Context, tx *db.Tx) (bool, error) {
		tx.Record(anEvent)
		_, err := tx.Exec(ctx, `INSERT INTO access_grant (account_id, role, agency_id, area_id, valid_from, recorded_at, recorded_by) VALUES ($1, 'chair', $2, $3, $4, $5, $1)`,
			me, s.Police, s.East, tx.Today(), tx.Now())
		return true, err
	})
	if err == nil {
		t.Error("the database took a role that somebody gave themselves")
	}
	held := grantsOf(t, s, admin, me)
	if err := account.EndGrant(t.Context(), s.DB, db.Once(admin.Account), me, held[0].ID); fault.KindOf(err) != fault.Invalid {
		t.Errorf("ending one's own role: %v", err)
	}
	for name, err := range map[string]error{
		"disable": account.Disable(t.Context(), s.DB, db.Once(admin.Account), me),
		"amend":   account.Amend(t.Context(), s.DB, db.Once(admin.Account), me, account.Details{Name: "Other"}, 1),
		"link":    second(account.IssueLink(t.Context(), s.DB, db.Once(admin.Account), me)),
	} {
		if fault.KindOf(err) != fault.Forbidden {
			t.Errorf("%s of one's own account: %v", name, err)
		}
	}
}

func second[A any](_ A, err error) error { return err }

func grantsOf(t *testing.T, s *fixture.Scheme, actor authz.Actor, id ref.AccountID) []account.Grant {
	t.Helper()
	held, err := fixture.Read(t, s, actor, func(ctx context.Context, q *db.ReadTx) ([]account.Grant, error) { return account.Grants(ctx, q, id) })
	if err != nil {
		t.Fatal(err)
	}
	return held
}

func TestOnlyAdministratorsManageAndOnlyInTheirAreas(t *testing.T) {
	t.Parallel()
	s := fixture.New(t)
	west := ref.AccountID(s.Account(authz.Police, s.North).Account)
	for _, role := range authz.Roles {
		for _, at := range []ref.AreaID{s.Force, s.East, s.West} {
			by := s.As(role, at)
			_, err := account.Give(t.Context(), s.DB, by, account.NewGrant{Account: west, Role: authz.Chair, Agency: s.Police, Area: s.South})
			allowed := role == authz.Administrator && at != s.East
			// The administrator of West finds the role given by the one of the force.
			want := map[bool]fault.Kind{true: 0, false: fault.Forbidden}[allowed]
			if allowed && at == s.West {
				want = fault.Invalid
			}
			if fault.KindOf(err) != want || want == 0 && err != nil {
				t.Errorf("%s of area %d gives a role in South: %v", role, at, err)
			}
			err = account.EndSessions(t.Context(), s.DB, by, west)
			if allowed != (err == nil) || !allowed && fault.KindOf(err) != fault.Forbidden {
				t.Errorf("%s of area %d signs somebody of North out: %v", role, at, err)
			}
			if _, err := account.Create(t.Context(), s.DB, by, account.New{Username: "new." + string(role) + ref.Text(at), Name: "New"}); (err == nil) != (role == authz.Administrator) {
				t.Errorf("%s makes an account: %v", role, err)
			}
		}
	}
}

func TestARevokedGrantBitesAtOnce(t *testing.T) {
	t.Parallel()
	s := fixture.New(t)
	actor := s.Account(authz.Coordinator, s.East)
	id := s.Nominal(t, s.East, "Bloggs", "Joe", clock.NewDate(1990, 2, 3))
	admin := s.As(authz.Administrator, s.Force)
	grant := grantsOf(t, s, actor, ref.AccountID(actor.Account))[0]
	other := ref.AccountID(s.Account(authz.Police, s.East).Account)
	if err := account.EndGrant(t.Context(), s.DB, admin, other, grant.ID); fault.KindOf(err) != fault.NotFound {
		t.Errorf("a grant under another account's address: %v", err)
	}
	if !sees(t, s, standing(t, s, actor.Account), id) {
		t.Fatal("the co-ordinator does not see the nominal to begin with")
	}
	if err := account.EndGrant(t.Context(), s.DB, admin, ref.AccountID(actor.Account), grant.ID); err != nil {
		t.Fatal(err)
	}
	if now := standing(t, s, actor.Account); len(now.Grants) != 0 || sees(t, s, now, id) {
		t.Error("the grant holds after it was ended")
	}
	_, err := db.Write(t.Context(), s.DB, db.Once(actor.Account), func(_ context.Context, tx *db.Tx) (bool, error) { tx.Record(anEvent); return true, nil })
	if fault.KindOf(err) != fault.Forbidden {
		t.Errorf("a write after the grant was ended: %v", err)
	}
	if err := account.EndGrant(t.Context(), s.DB, admin, ref.AccountID(actor.Account), grant.ID); fault.KindOf(err) != fault.Stale {
		t.Errorf("ending it again: %v", err)
	}
}

func TestAGrantHoldsFromItsFirstToItsLastDay(t *testing.T) {
	t.Parallel()
	s := fixture.New(t)
	id, err := account.Create(t.Context(), s.DB, fixture.System(), account.New{Username: "jo", Name: "Jo"})
	if err != nil {
		t.Fatal(err)
	}
	first := clock.NewDate(2026, 6, 3)
	if _, err := account.Give(t.Context(), s.DB, fixture.System(), account.NewGrant{Account: id, Role: authz.Partner, Agency: s.Star, Area: s.North,
		From: first, To: first.AddDays(1)}); err != nil {
		t.Fatal(err)
	}
	for day, want := range map[int]int{2: 0, 3: 1, 4: 1, 5: 0} {
		s.Clock.Set(clock.NewDate(2026, 6, day).At(0, 0))
		if got := len(standing(t, s, int64(id)).Grants); got != want {
			t.Errorf("at the start of June %d there are %d grants, want %d", day, got, want)
		}
		s.Clock.Set(clock.NewDate(2026, 6, day).At(23, 59))
		if got := len(standing(t, s, int64(id)).Grants); got != want {
			t.Errorf("at the end of June %d there are %d grants, want %d", day, got, want)
		}
	}
}

func TestPeopleAreThoseWhoWorkThereToday(t *testing.T) {
	t.Parallel()
	s := fixture.New(t)
	admin := s.As(authz.Administrator, s.Force)
	north := s.Account(authz.Coordinator, s.North)
	for _, role := range []authz.Role{authz.Guest, authz.Analyst, authz.Auditor} {
		s.Account(role, s.North)
	}
	s.Account(authz.Chair, s.West)
	s.Account(authz.Partner, s.East)
	gone, off := s.Account(authz.Police, s.North), s.Account(authz.Probation, s.North)
	if err := account.EndGrant(t.Context(), s.DB, admin, ref.AccountID(gone.Account), grantsOf(t, s, gone, ref.AccountID(gone.Account))[0].ID); err != nil {
		t.Fatal(err)
	}
	if err := account.Disable(t.Context(), s.DB, admin, ref.AccountID(off.Account)); err != nil {
		t.Fatal(err)
	}
	if _, err := account.Give(t.Context(), s.DB, admin, account.NewGrant{Account: ref.AccountID(north.Account), Role: authz.Chair, Agency: s.Police, Area: s.North}); err != nil {
		t.Fatal(err)
	}
	names := func(at ref.AreaID, roles ...authz.Role) (all []string) {
		people, err := fixture.Read(t, s, authz.Actor{}, func(ctx context.Context, q *db.ReadTx) ([]account.Person, error) {
			return account.People(ctx, q, at, roles...)
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range people {
			all = append(all, p.Name+", "+string(p.Role))
		}
		return all
	}
	for _, c := range []struct {
		name string
		got  []string
		want []string
	}{
		{"North", names(s.North), []string{"Casey Northcott, coordinator", "Charlie Westley, chair"}},
		{"North's guests", names(s.North, authz.Guest), []string{"Gale Northcott, guest"}},
		{"South", names(s.South), []string{"Charlie Westley, chair"}},
		{"West Sussex and below", names(s.West), []string{"Casey Northcott, coordinator", "Charlie Westley, chair"}},
		{"East", names(s.East), []string{"Sam Eastwood, partner"}},
	} {
		if !slices.Equal(c.got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, c.got, c.want)
		}
	}
}

func TestAdministratorsAuditorsAndAnalystsSeeNoCase(t *testing.T) {
	t.Parallel()
	s := fixture.New(t)
	id := s.Nominal(t, s.East, "Bloggs", "Joe", clock.NewDate(1990, 2, 3))
	for _, role := range []authz.Role{authz.Administrator, authz.Auditor, authz.Analyst, authz.Guest} {
		actor := s.Account(role, s.Force)
		if sees(t, s, actor, id) {
			t.Errorf("the %s sees a case", role)
		}
		n, err := fixture.Read(t, s, actor, func(ctx context.Context, q *db.ReadTx) (n int, err error) {
			err = q.QueryRow(ctx, `SELECT (SELECT count(*) FROM nominal_identity) + (SELECT count(*) FROM nominal)`).Scan(&n)
			return n, err
		})
		if err != nil || n != 0 {
			t.Errorf("the %s reads %d rows, %v", role, n, err)
		}
	}
}

// TestDenyBeatsAllow draws grants, an exclusion and a restriction, and compares
// what Postgres shows with the rule in words: a current grant in the area, and
// not excluded, and not restricted or named (security.md 7, 8).
func TestDenyBeatsAllow(t *testing.T) {
	t.Parallel()
	s := fixture.New(t)
	leaves := []ref.AreaID{s.East, s.Brighton, s.North, s.South}
	covers := map[ref.AreaID][]ref.AreaID{s.Force: leaves, s.West: {s.North, s.South}, s.East: {s.East}, s.Brighton: {s.Brighton}, s.North: {s.North}, s.South: {s.South}}
	nodes := []ref.AreaID{s.Force, s.West, s.East, s.Brighton, s.North, s.South}
	casework := []authz.Role{authz.Coordinator, authz.Chair, authz.Police, authz.Probation, authz.Partner}
	roles := append([]authz.Role{authz.Analyst, authz.Auditor, authz.Guest}, casework...)
	agencies := map[authz.Role]ref.AgencyID{authz.Probation: s.Probation}
	people := map[ref.AreaID]ref.NominalID{}
	for _, at := range leaves {
		people[at] = s.Nominal(t, at, "Of", "Area", clock.NewDate(1990, 1, 1))
	}
	n := 0
	superuser(t, s, func(c *pgx.Conn) error {
		rapid.Check(t, func(r *rapid.T) {
			n++
			at := rapid.SampledFrom(leaves).Draw(r, "area of the case")
			id, err := account.Create(t.Context(), s.DB, fixture.System(), account.New{Username: "p" + ref.Text(ref.AccountID(n)), Name: "P"})
			if err != nil {
				t.Fatal(err)
			}
			granted := false
			for range rapid.IntRange(0, 3).Draw(r, "grants") {
				role, node := rapid.SampledFrom(roles).Draw(r, "role"), rapid.SampledFrom(nodes).Draw(r, "node")
				of := agencies[role]
				if of == 0 {
					of = s.Police
				}
				g, err := account.Give(t.Context(), s.DB, fixture.System(), account.NewGrant{Account: id, Role: role, Agency: of, Area: node})
				if fault.KindOf(err) == fault.Invalid {
					continue // the same twice
				}
				if err != nil {
					t.Fatal(err)
				}
				if rapid.IntRange(0, 3).Draw(r, "ended") == 0 {
					if err := account.EndGrant(t.Context(), s.DB, fixture.System(), id, g); err != nil {
						t.Fatal(err)
					}
				} else if slices.Contains(casework, role) && slices.Contains(covers[node], at) {
					granted = true
				}
			}
			excluded, restricted, named := rapid.Bool().Draw(r, "excluded"), rapid.Bool().Draw(r, "restricted"), rapid.Bool().Draw(r, "named")
			reason := rapid.SampledFrom([]string{"", "partner of the nominal"}).Draw(r, "reason")
			if err := deny(t.Context(), c, s.Clock.Now(), people[at], id, excluded, restricted, named, reason); err != nil {
				t.Fatal(err)
			}
			want := granted && !excluded && (!restricted || named)
			if got := sees(t, s, standing(t, s, int64(id)), people[at]); got != want {
				r.Fatalf("sees %v, want %v: granted %v, excluded %v, restricted %v, named %v, reason %q", got, want, granted, excluded, restricted, named, reason)
			}
		})
		return nil
	})
}

// deny leaves one restriction at most, and excludes the account if asked to.
func deny(ctx context.Context, c *pgx.Conn, now time.Time, nominal ref.NominalID, id ref.AccountID, excluded, restricted, named bool, reason string) error {
	b := &pgx.Batch{}
	b.Queue(`DELETE FROM case_restriction`)
	if excluded {
		b.Queue(`INSERT INTO case_exclusion (nominal_id, account_id, reason, recorded_at, recorded_by) VALUES ($1, $2, $3, $4, 1)`, nominal, id, reason, now)
	}
	if restricted {
		names := []int64{1}
		if named {
			names = append(names, int64(id))
		}
		b.Queue(`INSERT INTO case_restriction (nominal_id, reason, named, recorded_at, recorded_by) VALUES ($1, $2, $3, $4, 1)`, nominal, reason, names, now)
	}
	return c.SendBatch(ctx, b).Close()
}

func standing(t *testing.T, s *fixture.Scheme, id int64) authz.Actor {
	t.Helper()
	st, err := s.DB.StandingOf(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return st.Actor
}

// sees says whether the actor reads the nominal's identity.
func sees(t *testing.T, s *fixture.Scheme, actor authz.Actor, id ref.NominalID) bool {
	t.Helper()
	_, err := fixture.Read(t, s, actor, func(ctx context.Context, q *db.ReadTx) (nominal.Identity, error) {
		return nominal.IdentityOf(ctx, q, id)
	})
	if err != nil && fault.KindOf(err) != fault.NotFound {
		t.Fatal(err)
	}
	return err == nil
}
