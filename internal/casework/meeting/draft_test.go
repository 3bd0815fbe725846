package meeting_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"iom/internal/casework/meeting"
	"iom/internal/casework/rag"
	"iom/internal/casework/ref"
	"iom/internal/platform/audit"
	"iom/internal/platform/authz"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
)

const (
	oneKey    = "8f14e45f-ceea-4e0b-9b52-3d2c9d3f1a01"
	otherKey  = "8f14e45f-ceea-4e0b-9b52-3d2c9d3f1a02"
	oneDesk   = "11111111-1111-4111-8111-111111111111"
	otherDesk = "22222222-2222-4222-8222-222222222222"
)

// save saves a draft of the role's discussion note.
func (s *table) save(r authz.Role, n ref.NominalID, block, key, desk string, base, sequence int64, text string) meeting.Saved {
	s.t.Helper()
	saved, err := meeting.SaveDraft(s.t.Context(), s.DB, s.as(r), s.id, n, meeting.Save{Block: block, Key: key, Writer: desk,
		Base: base, Sequence: sequence, Fields: map[string][]string{block + "-text": {text}}})
	s.must(err)
	return saved.Outcome
}

// writing are the drafts of a case that the role reads, as "block: text".
func (s *table) writing(r authz.Role, n ref.NominalID) []string {
	s.t.Helper()
	c, err := s.caseOf(r, n)
	s.must(err)
	var all []string
	for _, d := range c.Drafts {
		all = append(all, d.Block+": "+d.Fields[d.Block+"-text"][0])
	}
	return all
}

// TestDraftOrder: whatever the order in which savings arrive, a newer one is never
// undone, and what another window of the same author wrote is left alone.
func TestDraftOrder(t *testing.T) {
	t.Parallel()
	s := lay(t)
	n, _ := s.Registered(t, s.East, "Redwood", "Rae", rag.Red)
	s.sit(authz.Coordinator, authz.Chair)
	s.open()
	for _, step := range []struct {
		what           string
		desk           string
		base, sequence int64
		text           string
		want           meeting.Saved
		stands         string
	}{
		{"the first", oneDesk, 0, 1, "Seen", meeting.SavedKept, "Seen"},
		{"the third before the second", oneDesk, 1, 3, "Seen twice today", meeting.SavedKept, "Seen twice today"},
		{"the second, late", oneDesk, 1, 2, "Seen twice", meeting.SavedLate, "Seen twice today"},
		{"the third again, since its answer was lost", oneDesk, 1, 3, "Seen twice today", meeting.SavedLate, "Seen twice today"},
		{"another window that began before", otherDesk, 1, 9, "Something else", meeting.SavedElsewhere, "Seen twice today"},
		{"another window that was opened with it", otherDesk, 3, 4, "Seen twice today, well", meeting.SavedKept, "Seen twice today, well"},
		{"the first window, not knowing of it", oneDesk, 3, 5, "Seen twice today, ill", meeting.SavedElsewhere, "Seen twice today, well"},
	} {
		if got := s.save(authz.Coordinator, n, "discussion", oneKey, step.desk, step.base, step.sequence, step.text); got != step.want {
			t.Errorf("%s: %s, want %s", step.what, got, step.want)
		}
		if got := s.writing(authz.Chair, n); !slices.Equal(got, []string{"discussion: " + step.stands}) {
			t.Errorf("%s: %q stands, want %q", step.what, got, step.stands)
		}
	}
	_, err := meeting.SaveDraft(t.Context(), s.DB, s.as(authz.Coordinator), s.id, n, meeting.Save{Block: "discussion", Key: oneKey})
	refused(t, "a saving without a window", err, fault.Invalid)
}

// TestDraftIsSent: sending the form uses the key up. A saving that is still on its
// way does not bring the draft back, also when it would have been the first.
func TestDraftIsSent(t *testing.T) {
	t.Parallel()
	s := lay(t)
	n, _ := s.Registered(t, s.East, "Redwood", "Rae", rag.Red)
	s.sit(authz.Coordinator, authz.Chair)
	s.open()
	form := func(key string) db.Submission {
		return db.FromForm(s.Account(authz.Coordinator, s.East), "POST /x", key, "r")
	}
	s.save(authz.Coordinator, n, "discussion", oneKey, oneDesk, 0, 1, "Seen")
	for _, key := range []string{oneKey, otherKey} {
		must(t, meeting.Discuss(t.Context(), s.DB, form(key), s.id, n, "Seen twice"))
		if got := s.writing(authz.Coordinator, n); len(got) != 0 {
			t.Errorf("after sending %q are still being written", got)
		}
	}
	if got := s.save(authz.Coordinator, n, "discussion", oneKey, oneDesk, 1, 2, "Seen t"); got != meeting.SavedSent {
		t.Errorf("a late saving: %s", got)
	}
	if got := s.save(authz.Coordinator, n, "discussion", otherKey, oneDesk, 0, 1, "Seen"); got != meeting.SavedSent || len(s.writing(authz.Coordinator, n)) != 0 {
		t.Errorf("a late first saving: %s", got)
	}
}

// TestDraftsAtClosing: what is still being typed when the meeting closes is in the
// minutes, as its author's (nothing typed is lost); after that nothing is kept.
func TestDraftsAtClosing(t *testing.T) {
	t.Parallel()
	s := lay(t)
	n, _ := s.Registered(t, s.East, "Greenway", "Gil", rag.Green)
	s.sit(authz.Coordinator, authz.Chair, authz.Probation)
	s.open()
	must(t, meeting.Add(t.Context(), s.DB, s.as(authz.Coordinator), s.id, n, "Arrested"))
	long := strings.Repeat("long ", 5000) // more than one note holds
	s.save(authz.Coordinator, n, "discussion", oneKey, oneDesk, 0, 1, long)
	s.save(authz.Probation, n, "contribution", oneKey, oneDesk, 0, 1, "Kept every app")
	s.save(authz.Chair, n, "discussion", oneKey, oneDesk, 0, 1, "  ")
	s.save(authz.Coordinator, n, "review", otherKey, oneDesk, 0, 1, "half a review")
	must(t, meeting.Close(t.Context(), s.DB, s.as(authz.Chair), s.id, ""))
	minutes, err := s.minutes(authz.Chair)
	must(t, err)
	var got []string
	for _, r := range minutes.Entries[0].Records {
		got = append(got, r.Kind+" by "+r.By)
	}
	want := []string{"Discussion by Casey Eastwood", "Discussion by Casey Eastwood", "Contribution: Probation Service by Robin Eastwood"}
	if !slices.Equal(got, want) {
		t.Fatalf("minutes %q, want %q", got, want)
	}
	if text := minutes.Entries[0].Records[0].Text + minutes.Entries[0].Records[1].Text; text != strings.TrimSpace(long) {
		t.Errorf("%d of %d characters are in the minutes", len(text), len(strings.TrimSpace(long)))
	}
	_, err = meeting.SaveDraft(t.Context(), s.DB, s.as(authz.Coordinator), s.id, n, meeting.Save{Block: "discussion", Key: otherKey, Writer: oneDesk, Sequence: 2})
	refused(t, "a saving after the closing", err, fault.Invalid)
}

// TestDraftsAreSeen: notes are read by everybody at the case while they are typed;
// what else is half written by its author alone; and the log has one event for
// each draft and not one for each saving (security.md 40).
func TestDraftsAreSeen(t *testing.T) {
	t.Parallel()
	s := lay(t)
	n, _ := s.Registered(t, s.East, "Redwood", "Rae", rag.Red)
	m, _ := s.Registered(t, s.East, "Other", "Olly", rag.Red)
	must(t, meeting.InviteGuest(t.Context(), s.DB, s.as(authz.Coordinator), s.id, s.account(authz.Guest), []ref.NominalID{n}))
	s.sit(authz.Coordinator, authz.Chair, authz.Police)
	must(t, s.sign(authz.Guest))
	s.open()
	for i := range int64(20) {
		s.save(authz.Coordinator, n, "discussion", oneKey, oneDesk, i, i+1, strings.Repeat("x", int(i)+1))
	}
	s.save(authz.Coordinator, n, "review", otherKey, oneDesk, 0, 1, "secret")
	s.save(authz.Guest, n, "contribution", oneKey, oneDesk, 0, 1, "He has a room")
	s.save(authz.Guest, n, "contribution", oneKey, oneDesk, 1, 2, "He has a room with us")
	note, guests := "discussion: "+strings.Repeat("x", 20), "contribution: He has a room with us"
	for role, want := range map[authz.Role][]string{
		authz.Coordinator: {note, "review: secret", guests}, authz.Police: {note, guests}, authz.Guest: {note, guests},
	} {
		if got := s.writing(role, n); !slices.Equal(got, want) {
			t.Errorf("%s reads %q, want %q", role, got, want)
		}
	}
	for what, try := range map[string]struct {
		by    authz.Role
		n     ref.NominalID
		block string
		kind  fault.Kind
	}{
		"a guest at another case":       {authz.Guest, m, "contribution", fault.NotFound},
		"a guest in the discussion":     {authz.Guest, n, "discussion", fault.Forbidden},
		"police in the discussion":      {authz.Police, n, "discussion", fault.Forbidden},
		"police rating":                 {authz.Police, n, "review", fault.Forbidden},
		"a block that there is not":     {authz.Coordinator, n, "nothing", fault.NotFound},
		"probation, who has not signed": {authz.Probation, n, "contribution", fault.Forbidden},
	} {
		_, err := meeting.SaveDraft(t.Context(), s.DB, s.as(try.by), s.id, try.n, meeting.Save{Block: try.block, Key: otherKey, Writer: otherDesk, Sequence: 1})
		refused(t, what, err, try.kind)
	}
	events, err := db.View(t.Context(), s.DB, s.Account(authz.Auditor, s.Force), "test", func(ctx context.Context, q *db.ReadTx) (n int, seen audit.Seen, err error) {
		err = q.QueryRow(ctx, `SELECT count(*) FROM log_event WHERE object = 'draft'`).Scan(&n)
		return n, audit.Nobody(), err
	})
	if err != nil || events != 3 {
		t.Errorf("%d events of three drafts, %v", events, err)
	}
}

// TestContinueNeedsABeginning: a write without an event goes on with a draft of its
// own account that the log has, and with nothing else (security.md 40).
func TestContinueNeedsABeginning(t *testing.T) {
	t.Parallel()
	s := lay(t)
	n, _ := s.Registered(t, s.East, "Redwood", "Rae", rag.Red)
	s.sit(authz.Coordinator, authz.Chair)
	s.open()
	s.save(authz.Coordinator, n, "discussion", oneKey, oneDesk, 0, 1, "Seen")
	goOn := func(r authz.Role, draft int64) error {
		_, err := db.Write(t.Context(), s.DB, s.as(r), func(ctx context.Context, tx *db.Tx) (bool, error) {
			if _, err := tx.Exec(ctx, `INSERT INTO form_use (account_id, form, key, recorded_at) VALUES ($1, 'x', gen_random_uuid(), $2)`,
				tx.Actor().Account, tx.Now()); err != nil {
				return false, err
			}
			return true, tx.Continue(ctx, draft)
		})
		return err
	}
	must(t, goOn(authz.Coordinator, 1))
	if goOn(authz.Chair, 1) == nil {
		t.Error("a write goes on with somebody else's draft")
	}
	if goOn(authz.Coordinator, 2) == nil {
		t.Error("a write goes on with a draft that the log does not have")
	}
}

// TestCall: the case before the meeting is a row for each time, by whoever runs the
// meeting; a guest of another case learns that there is one, and not which (R58, R63).
func TestCall(t *testing.T) {
	t.Parallel()
	s := lay(t)
	n, _ := s.Registered(t, s.East, "Redwood", "Rae", rag.Red)
	m, _ := s.Registered(t, s.East, "Other", "Olly", rag.Red)
	must(t, meeting.InviteGuest(t.Context(), s.DB, s.as(authz.Coordinator), s.id, s.account(authz.Guest), []ref.NominalID{n}))
	s.sit(authz.Coordinator, authz.Chair, authz.Police)
	must(t, s.sign(authz.Guest))
	s.open()
	called := func(r authz.Role) (ref.NominalID, bool) {
		shown, err := db.View(t.Context(), s.DB, s.Account(r, s.East), "test", func(ctx context.Context, q *db.ReadTx) (meeting.Shown, audit.Seen, error) {
			shown, err := meeting.Display(ctx, q, s.id)
			return shown, audit.Nobody(), err
		})
		must(t, err)
		return shown.Case.Item.Nominal, shown.Any
	}
	if got, some := called(authz.Police); got != 0 || some {
		t.Errorf("before the first case: %d, %v", got, some)
	}
	refused(t, "police call a case", meeting.Call(t.Context(), s.DB, s.as(authz.Police), s.id, n), fault.Forbidden)
	for _, step := range []struct{ call, guest ref.NominalID }{{n, n}, {m, 0}, {m, 0}, {n, n}} {
		must(t, meeting.Call(t.Context(), s.DB, s.as(authz.Coordinator), s.id, step.call))
		if got, some := called(authz.Police); got != step.call || !some {
			t.Errorf("police see %d, %v before the meeting, want %d", got, some, step.call)
		}
		if got, some := called(authz.Guest); got != step.guest || !some {
			t.Errorf("the guest sees %d, %v before the meeting, want %d", got, some, step.guest)
		}
		s.Clock.Advance(time.Minute)
	}
}

// TestVoices: an agency with an interest in the case is there, with why, whether or
// not it attends, and is seen to have said nothing (R59).
func TestVoices(t *testing.T) {
	t.Parallel()
	s := lay(t)
	n, _ := s.Registered(t, s.East, "Redwood", "Rae", rag.Red) // led by probation
	s.sit(authz.Coordinator, authz.Chair, authz.Police)
	s.open()
	must(t, meeting.Contribute(t.Context(), s.DB, s.as(authz.Police), s.id, n, 0, "Arrested twice"))
	c, err := s.caseOf(authz.Chair, n)
	must(t, err)
	var got []string
	for _, v := range c.Voices {
		line := v.Name + ": " + strings.Join(v.Interest, ", ")
		if v.Spoke {
			line += "; spoke"
		}
		if v.Attends {
			line += "; here"
		}
		got = append(got, line)
	}
	if want := []string{"Probation Service: leads the case", "Sussex Police: ; spoke; here"}; !slices.Equal(got, want) {
		t.Errorf("voices %q, want %q", got, want)
	}
}
