package meeting_test

import (
	"context"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"iom/internal/casework/fixture"
	"iom/internal/casework/meeting"
	"iom/internal/casework/rag"
	"iom/internal/casework/ref"
	"iom/internal/platform/authz"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
	"iom/internal/platform/testdb"
)

func (s *table) super() *pgx.Conn {
	s.t.Helper()
	conn, err := pgx.Connect(s.t.Context(), s.TestDB.URL(testdb.Superuser))
	s.must(err)
	s.t.Cleanup(func() { _ = conn.Close(context.Background()) })
	return conn
}

// approve has the chair approve what the chair reads.
func (s *table) approve() {
	s.t.Helper()
	m, err := s.minutes(authz.Chair)
	s.must(err)
	digest, err := meeting.Digest(m.Proposed())
	s.must(err)
	s.must(meeting.Approve(s.t.Context(), s.DB, s.as(authz.Chair), s.id, digest))
}

func (s *table) version(n int) (meeting.Minutes, error) {
	return fixture.Read(s.t, s.Scheme, s.Account(authz.Police, s.East), func(ctx context.Context, q *db.ReadTx) (meeting.Minutes, error) {
		return meeting.MinutesVersion(ctx, q, s.id, n)
	})
}

func said(m meeting.Minutes, n ref.NominalID) string {
	var all []string
	for _, e := range m.Entries {
		if e.Nominal == n {
			for _, r := range e.Records {
				all = append(all, r.Kind+": "+r.Text)
			}
		}
	}
	return strings.Join(all, "; ")
}

// past is a meeting about two people that has been closed.
func past(t *testing.T) (s *table, a, b ref.NominalID) {
	t.Helper()
	s = lay(t)
	ctx, co := t.Context(), s.as(authz.Coordinator)
	a, _ = s.Registered(t, s.East, "Ashwood", "Ann", rag.Red)
	b, _ = s.Registered(t, s.East, "Beechwood", "Ben", rag.Red)
	s.sit(authz.Coordinator, authz.Chair, authz.Police)
	s.open()
	must(t, meeting.Call(ctx, s.DB, co, s.id, b))
	must(t, meeting.Discuss(ctx, s.DB, co, s.id, b, "Seen at the shop"))
	must(t, meeting.Call(ctx, s.DB, co, s.id, a))
	must(t, meeting.Close(ctx, s.DB, s.as(authz.Chair), s.id, "Time ran out"))
	return s, a, b
}

// R59, R63: the minutes have the cases in the order in which the meeting came to them.
func TestMinutesFollowTheMeeting(t *testing.T) {
	t.Parallel()
	s, a, b := past(t)
	m, err := s.minutes(authz.Police)
	must(t, err)
	if len(m.Entries) != 2 || m.Entries[0].Nominal != b || m.Entries[1].Nominal != a {
		t.Errorf("entries %v, want Beechwood before Ashwood", m.Entries)
	}
}

// R59: what is put right after the approval becomes a version when the chair approves
// it. Until then the minutes stand; both versions stay readable; the record of the
// meeting is not altered.
func TestACorrectionIsANewVersion(t *testing.T) {
	t.Parallel()
	s, a, b := past(t)
	ctx, co := t.Context(), s.as(authz.Coordinator)
	right := meeting.NewCorrection{Was: "Seen at the shop", Text: "Seen at the library", Reason: "The officer mistook the street"}
	s.approve()
	first := s.get(authz.Chair).Digest
	refused(t, "police correct", meeting.Correct(ctx, s.DB, s.as(authz.Police), s.id, b, right), fault.Forbidden)
	refused(t, "without words", meeting.Correct(ctx, s.DB, co, s.id, b, meeting.NewCorrection{Was: "x"}), fault.Invalid)
	must(t, meeting.Correct(ctx, s.DB, co, s.id, b, right))

	m, err := s.minutes(authz.Police)
	must(t, err)
	if got := said(m, b); got != "Discussion: Seen at the shop" || len(m.Corrections) != 1 {
		t.Errorf("before the chair approves, the minutes say %q with %d corrections waiting", got, len(m.Corrections))
	}
	refused(t, "the chair approves what was not read", meeting.Approve(ctx, s.DB, s.as(authz.Chair), s.id, first), fault.Stale)
	s.approve()
	m, err = s.minutes(authz.Police)
	must(t, err)
	if got, want := said(m, b), "Discussion: Seen at the shop; Correction: Seen at the library"; got != want || m.Version != 2 || !m.IsDecided() {
		t.Errorf("version %d says %q, want %q as version 2", m.Version, got, want)
	}
	if got := said(m, a); got != "" {
		t.Errorf("the other case says %q", got)
	}
	old, err := s.version(1)
	must(t, err)
	if got := said(old, b); got != "Discussion: Seen at the shop" || len(old.Entries) != 2 {
		t.Errorf("version 1 now says %q of %d cases", got, len(old.Entries))
	}
	if _, err := s.version(3); fault.KindOf(err) != fault.NotFound {
		t.Errorf("version 3: %v", err)
	}
	changes, err := fixture.Read(t, s.Scheme, s.Account(authz.Police, s.East), func(ctx context.Context, q *db.ReadTx) ([]meeting.Correction, error) {
		return meeting.ChangesIn(ctx, q, m, 2)
	})
	must(t, err)
	if len(changes) != 1 || changes[0].Was != right.Was || changes[0].Text != right.Text || changes[0].Reason != right.Reason || changes[0].By != "Casey Eastwood" || changes[0].Name != "Beechwood, Ben" {
		t.Errorf("what version 2 changed: %+v", changes)
	}
	refused(t, "the chair approves twice", func() error {
		digest, _ := meeting.Digest(m)
		return meeting.Approve(ctx, s.DB, s.as(authz.Chair), s.id, digest)
	}(), fault.Invalid)
	var notes int
	must(t, s.super().QueryRow(ctx, `SELECT count(*) FROM discussion_note WHERE text = 'Seen at the shop'`).Scan(&notes))
	if notes != 1 {
		t.Error("the record of the meeting was altered")
	}
}

// R59: the chair sends the draft back with a reason; it is answered, with what was put
// right, and lies before the chair again.
func TestSendBackAndAnswer(t *testing.T) {
	t.Parallel()
	s, a, b := past(t)
	ctx, co, chair := t.Context(), s.as(authz.Coordinator), s.as(authz.Chair)
	refused(t, "the co-ordinator sends back", meeting.SendBack(ctx, s.DB, co, s.id, "x"), fault.Forbidden)
	refused(t, "without a reason", meeting.SendBack(ctx, s.DB, chair, s.id, " "), fault.Invalid)
	refused(t, "an answer to nothing", meeting.Resubmit(ctx, s.DB, co, s.id, "x"), fault.Invalid)
	must(t, meeting.SendBack(ctx, s.DB, chair, s.id, "Case 2 says nothing"))
	refused(t, "sent back twice", meeting.SendBack(ctx, s.DB, chair, s.id, "x"), fault.Invalid)
	must(t, meeting.Correct(ctx, s.DB, co, s.id, a, meeting.NewCorrection{Text: "Is in hospital", Reason: "Was said and not written"}))
	refused(t, "no answer", meeting.Resubmit(ctx, s.DB, co, s.id, ""), fault.Invalid)
	must(t, meeting.Resubmit(ctx, s.DB, co, s.id, "Added to case 2"))
	s.approve()
	m, err := s.minutes(authz.Police)
	must(t, err)
	if got := said(m, a); got != "Correction: Is in hospital" || m.Version != 1 || said(m, b) != "Discussion: Seen at the shop" {
		t.Errorf("version %d says %q", m.Version, got)
	}
	all, err := fixture.Read(t, s.Scheme, s.Account(authz.Chair, s.East), func(ctx context.Context, q *db.ReadTx) ([]meeting.Return, error) {
		return meeting.Returns(ctx, q, s.id)
	})
	must(t, err)
	if len(all) != 1 || all[0].Reason != "Case 2 says nothing" || all[0].Answer != "Added to case 2" || all[0].AnsweredBy != "Casey Eastwood" {
		t.Errorf("sent back: %+v", all)
	}
	refused(t, "sent back when approved", meeting.SendBack(ctx, s.DB, chair, s.id, "x"), fault.Invalid)
}
