package tests

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"iom/internal/casework/account"
	"iom/internal/casework/area"
	"iom/internal/casework/fixture"
	"iom/internal/casework/meeting"
	"iom/internal/casework/nominal"
	"iom/internal/casework/rag"
	"iom/internal/casework/ref"
	"iom/internal/casework/referral"
	"iom/internal/casework/registration"
	"iom/internal/platform/audit"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/internal/platform/testdb"
	"iom/web/webtest"
)

// world is a scheme in which two people of North have something in every table,
// and accounts stand in every relation to them that docs/permissions.md names.
type world struct {
	*webtest.Site
	plain      subject // was on the scheme in East before; one set of accounts is excluded
	restricted subject // seen only by those who are named
	elsewhere  subject // of South: everybody in North must never see it
	drafted    subject // of North, with a referral that has not been submitted
	meeting    meetings

	account     ref.AccountID // one whom an administrator may manage
	grant       ref.GrantID
	group       ref.GroupID
	series      ref.SeriesID // of North, from a day so far off that no meeting is planned yet
	super       *pgx.Conn
	further     map[string]authz.Actor
	circulation ref.CirculationID // of the closed meeting, to all who attended
}

// subject is a person with one record of each kind.
type subject struct {
	nominal      ref.NominalID
	referral     ref.ReferralID
	registration ref.RegistrationID
	action       ref.ActionID
	escalation   ref.EscalationID
	objective    ref.ObjectiveID
	spell        ref.CustodyID
	sentence     ref.SentenceID // custodial
	order        ref.SentenceID // community order, going on
	tag          int64
	recall       ref.RecallID     // decided in principle
	planned      ref.PlannedID    // contact, for tomorrow
	supervised   ref.SentenceID   // custodial, with supervision that the repeal ended
	condition    ref.ConditionID  // of a licence
	breach       ref.BreachID     // of supervision, before the court
	fact         map[string]int64 // id of a row by its table
}

var born = clock.NewDate(1990, 2, 3)

// The relations of an account to a record.
const (
	own      = "own area"
	other    = "other area"
	past     = "past area"
	excluded = "excluded"
	unnamed  = "not named"
	named    = "named"
)

// actor is the account of a role in a relation. Those of North that are excluded
// from one person, and those that another's restriction does not name, are further
// accounts beside the plain ones.
func (w *world) actor(role authz.Role, relation string) authz.Actor {
	switch relation {
	case other:
		return w.Account(role, w.South)
	case past:
		return w.Account(role, w.East)
	case excluded, unnamed:
		return w.further[string(role)+relation]
	}
	return w.Account(role, w.North)
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{Site: webtest.New(t)}
	conn, err := pgx.Connect(t.Context(), w.TestDB.URL(testdb.Superuser))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(context.Background()) })
	w.super = conn
	for i, table := range lines(t, conn, `SELECT table_name::text FROM information_schema.columns WHERE table_schema = 'public' AND column_name = 'id' AND is_identity = 'YES' ORDER BY 1`) {
		if table != "area" && table != "agency" && table != "account" { // of which there are some already
			w.exec(t, fmt.Sprintf(`ALTER TABLE %s ALTER COLUMN id RESTART WITH %d`, table, 10_000*(i+1))) // so that no id is also one of another thing
		}
	}
	w.Prisons(t)
	w.people(t)
	w.plain = w.fromEast(t, text("plain", "family"), text("plain", "given"))
	w.restricted.nominal, w.restricted.registration = w.Registered(t, w.North, text("restricted", "family"), text("restricted", "given"), rag.Red)
	w.elsewhere.nominal, w.elsewhere.registration = w.Registered(t, w.South, text("elsewhere", "family"), text("elsewhere", "given"), rag.Red)
	w.facts(t, &w.plain, "plain", w.North)
	w.facts(t, &w.restricted, "restricted", w.North)
	w.facts(t, &w.elsewhere, "elsewhere", w.South)
	w.draft(t)
	w.meet(t)
	for _, role := range authz.Roles {
		w.exclude(t, w.plain.nominal, w.actor(role, excluded))
		w.exclude(t, w.drafted.nominal, w.actor(role, excluded))
	}
	w.restrict(t)
	w.administered(t)
	w.begin(t)
	return w
}

// people makes an account for each role and relation.
func (w *world) people(t *testing.T) {
	t.Helper()
	w.further = map[string]authz.Actor{}
	for _, role := range authz.Roles {
		for _, at := range []ref.AreaID{w.North, w.South, w.East} {
			w.Account(role, at)
		}
		for _, relation := range []string{excluded, unnamed} {
			first := w.Account(role, w.North)
			who, err := db.Write(t.Context(), w.DB, fixture.System(), func(ctx context.Context, tx *db.Tx) (ref.AccountID, error) {
				id, err := account.Insert(ctx, tx, account.New{Username: string(role) + "." + relation[:2], Name: first.Name})
				if err != nil {
					return 0, err
				}
				_, err = account.InsertGrant(ctx, tx, account.NewGrant{Account: id, Role: role, Agency: ref.AgencyID(first.Agency), Area: w.North})
				return id, err
			})
			if err != nil {
				t.Fatal(err)
			}
			standing, err := w.DB.StandingOf(t.Context(), int64(who))
			if err != nil {
				t.Fatal(err)
			}
			w.further[string(role)+relation] = standing.Actor
		}
	}
}

// fromEast is a person who was on the scheme in East, left it, and is on it in
// North now. What was recorded in East's time says so.
func (w *world) fromEast(t *testing.T, family, given string) subject {
	t.Helper()
	var s subject
	s.nominal = w.Nominal(t, w.East, family, given, born)
	first := w.Adopted(t, w.East, s.nominal, born, rag.Green)
	w.log(t, s.nominal, w.East, text("past", "contact"))
	w.Clock.Advance(24 * hour)
	decision := w.Decision(t, w.East)
	w.write(t, w.Account(authz.Chair, w.East), func(ctx context.Context, tx *db.Tx) error {
		return registration.Deregister(ctx, tx, registration.Removal{Registration: first, Nominal: s.nominal, Justification: "Done",
			Reasons: "Well", ExitOfficer: "Robin Eastwood", ExitAgency: w.Probation, ExitPlan: "Goes on", Decision: decision})
	})
	w.Clock.Advance(24 * hour)
	w.write(t, w.Account(authz.Coordinator, w.North), func(ctx context.Context, tx *db.Tx) error {
		tx.Record(audit.Event{Operation: audit.Collect, Command: "test", Area: int64(w.North), Nominals: []int64{int64(s.nominal)}})
		return nominal.Admit(ctx, tx, w.North, nominal.IdentityCard{Nominal: s.nominal, FamilyName: family, GivenNames: given, Born: born})
	})
	s.registration = w.Adopted(t, w.North, s.nominal, born, rag.Red)
	return s
}

// draft starts the referral of a person.
func (w *world) draft(t *testing.T) {
	t.Helper()
	w.drafted.nominal = w.Nominal(t, w.North, text("drafted", "family"), text("drafted", "given"), born)
	w.write(t, w.Account(authz.Coordinator, w.North), func(ctx context.Context, tx *db.Tx) (err error) {
		w.drafted.referral, err = referral.Insert(ctx, tx, w.North, w.Police, w.drafted.nominal)
		return err
	})
}

// exclude keeps an account from a person for a conflict of interest. There is no
// page for it yet, so the row is put in as the owner of the database would.
func (w *world) exclude(t *testing.T, n ref.NominalID, who authz.Actor) {
	t.Helper()
	w.exec(t, `INSERT INTO case_exclusion (nominal_id, account_id, reason, recorded_at, recorded_by) VALUES ($1, $2, '', $3, 1)`,
		n, who.Account, w.Clock.Now())
}

// restrict names who may see the restricted person: the plain accounts of North.
func (w *world) restrict(t *testing.T) {
	t.Helper()
	var may []int64
	for _, role := range authz.Roles {
		may = append(may, w.Account(role, w.North).Account)
	}
	w.exec(t, `INSERT INTO case_restriction (nominal_id, reason, named, recorded_at, recorded_by) VALUES ($1, '', $2, $3, 1)`,
		w.restricted.nominal, may, w.Clock.Now())
}

// administered finds what an administrator of North manages.
func (w *world) administered(t *testing.T) {
	t.Helper()
	w.account = ref.AccountID(w.Account(authz.Partner, w.North).Account)
	w.grant = ref.GrantID(w.one(t, `SELECT id FROM access_grant WHERE account_id = $1`, w.account))
	w.group = w.write1(t, func(ctx context.Context, tx *db.Tx) (ref.GroupID, error) {
		return area.InsertPriorityGroup(ctx, tx, w.North, "Vehicle crime", "VC")
	})
}

// begin starts a series of meetings, and gives the co-ordinator an address for a calendar.
func (w *world) begin(t *testing.T) {
	t.Helper()
	var err error
	w.series, err = meeting.StartSeries(t.Context(), w.DB, w.Scheme.As(authz.Coordinator, w.North), meeting.NewSeries{Area: w.North, Kind: meeting.Practitioners,
		Terms: meeting.Terms{Rhythm: meeting.Rhythm{Every: meeting.Weeks, Weeks: 1, Weekday: time.Friday}, From: clock.NewDate(2027, 6, 1), Starts: "09:30",
			Place: "Hub", Chair: ref.AccountID(w.Account(authz.Chair, w.North).Account)}})
	if err == nil {
		_, err = meeting.MakeAddress(t.Context(), w.DB, w.Scheme.As(authz.Coordinator, w.North))
	}
	if err != nil {
		t.Fatal(err)
	}
}

func (w *world) exec(t *testing.T, sql string, args ...any) {
	t.Helper()
	if _, err := w.super.Exec(t.Context(), sql, args...); err != nil {
		t.Fatal(err)
	}
}

func (w *world) one(t *testing.T, sql string, args ...any) (n int64) {
	t.Helper()
	if err := w.super.QueryRow(t.Context(), sql, args...).Scan(&n); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return n
}

// write does something as an account.
func (w *world) write(t *testing.T, as authz.Actor, fn func(ctx context.Context, tx *db.Tx) error) {
	t.Helper()
	_, err := db.Write(t.Context(), w.DB, db.Once(as.Account), func(ctx context.Context, tx *db.Tx) (bool, error) {
		return true, fn(ctx, tx)
	})
	if err != nil {
		t.Fatal(err)
	}
}

func (w *world) write1(t *testing.T, fn func(ctx context.Context, tx *db.Tx) (ref.GroupID, error)) ref.GroupID {
	t.Helper()
	id, err := db.Write(t.Context(), w.DB, fixture.System(), fn)
	if err != nil {
		t.Fatal(err)
	}
	return id
}
