package meeting_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"iom/internal/casework/fixture"
	"iom/internal/casework/meeting"
	"iom/internal/casework/rag"
	"iom/internal/casework/ref"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
)

// R71: the day prior to the meeting or the closest working day to it. The days are
// from the calendar of England and Wales.
func TestTheDayByWhichAnUpdateIsDue(t *testing.T) {
	t.Parallel()
	for held, by := range map[string]string{
		"2026-06-03": "2026-06-02", // a Wednesday
		"2026-06-01": "2026-05-29", // a Monday: the Friday before
		"2026-05-26": "2026-05-22", // the day after the spring bank holiday
		"2026-04-07": "2026-04-02", // after Easter: Good Friday and Easter Monday do not count
		"2026-12-29": "2026-12-24", // Boxing Day 2026 is a Saturday, its substitute the 28th
		"2026-06-07": "2026-06-05", // a Sunday
	} {
		if got := meeting.UpdateBy(clock.MustISO(held)); got != clock.MustISO(by) {
			t.Errorf("for %s: by %s, want %s (R71)", held, got, by)
		}
	}
}

// R71, R72: late is a fact of time, and the day counts to its end in London.
func TestWhenAnUpdateIsLate(t *testing.T) {
	t.Parallel()
	held := clock.MustISO("2026-06-03")
	for at, late := range map[time.Time]bool{
		clock.MustISO("2026-06-02").At(23, 59):        false,
		clock.MustISO("2026-06-03").At(0, 0):          true,
		clock.MustISO("2026-05-20").At(12, 0):         false,
		time.Date(2026, 6, 2, 23, 30, 0, 0, time.UTC): true, // half past midnight in London
	} {
		if got := meeting.IsLate(at, held); got != late {
			t.Errorf("written %s: late %t, want %t (R71)", at, got, late)
		}
	}
	owed := meeting.Owed{}
	if owed.IsLate(held, clock.MustISO("2026-06-02")) || !owed.IsLate(held, held) {
		t.Error("an update that is missing is late from the day after the last day in time (R72)")
	}
}

func TestWhoOwesAnUpdate(t *testing.T) {
	t.Parallel()
	at := clock.MustISO("2026-06-01").At(9, 0)
	one := meeting.Allocated{Nominal: 1, Officer: 7, Agency: 3}
	for _, c := range []struct {
		what  string
		state string // of the officer; "-": not invited
		note  meeting.Note
		owed  bool
		there bool
	}{
		{"expected", "", meeting.Note{}, false, false},
		{"present", "present", meeting.Note{}, false, false},
		{"apologies (R71)", "apologies", meeting.Note{}, true, false},
		{"absent (R71)", "absent", meeting.Note{}, true, false},
		{"not invited (R71)", "-", meeting.Note{}, true, false},
		{"written by the agency (R72)", "apologies", meeting.Note{Kind: "written update", Nominal: 1, Agency: 3, At: at}, true, true},
		{"written by another agency (R72)", "apologies", meeting.Note{Kind: "written update", Nominal: 1, Agency: 4, At: at}, true, false},
		{"written about another case (R72)", "apologies", meeting.Note{Kind: "written update", Nominal: 2, Agency: 3, At: at}, true, false},
		{"said at the meeting (R72)", "absent", meeting.Note{Kind: "contribution", Nominal: 1, Agency: 3, At: at}, true, false},
	} {
		attendees := []meeting.Attendee{{Account: 8, State: "present"}}
		if c.state != "-" {
			attendees = append(attendees, meeting.Attendee{Account: 7, State: c.state})
		}
		got := meeting.Owing([]meeting.Allocated{one}, attendees, []meeting.Note{c.note})
		if (len(got) == 1) != c.owed || c.owed && (got[0].Written != nil) != c.there {
			t.Errorf("%s: %+v", c.what, got)
		}
	}
	if got := meeting.Owing([]meeting.Allocated{{Nominal: 1}}, nil, nil); len(got) != 0 {
		t.Errorf("a case that nobody leads is owed by nobody: %+v", got)
	}
}

// R71, R72 over random lists: exactly the cases whose officer is not among those who
// are expected or present are owed, in the order of the agenda, and an update is there
// if and only if the agency wrote one about that case.
func TestOwedUpdatesProperty(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var cases []meeting.Allocated
		for n := range rapid.IntRange(0, 8).Draw(t, "cases") {
			cases = append(cases, meeting.Allocated{Nominal: ref.NominalID(n + 1), Officer: ref.AccountID(rapid.IntRange(1, 4).Draw(t, "officer")),
				Agency: ref.AgencyID(rapid.IntRange(1, 3).Draw(t, "agency"))})
		}
		var attendees []meeting.Attendee
		there := map[ref.AccountID]bool{}
		for who := ref.AccountID(1); who <= 4; who++ {
			if state := rapid.SampledFrom([]string{"-", "", "present", "apologies", "absent"}).Draw(t, "state"); state != "-" {
				attendees = append(attendees, meeting.Attendee{Account: who, State: state})
				there[who] = state == "" || state == "present"
			}
		}
		var notes []meeting.Note
		wrote := map[[2]int64]bool{}
		for range rapid.IntRange(0, 6).Draw(t, "notes") {
			n := meeting.Note{Nominal: ref.NominalID(rapid.IntRange(1, 8).Draw(t, "about")), Agency: ref.AgencyID(rapid.IntRange(1, 3).Draw(t, "of")),
				Kind: rapid.SampledFrom([]string{"written update", "discussion"}).Draw(t, "kind")}
			notes = append(notes, n)
			wrote[[2]int64{int64(n.Nominal), int64(n.Agency)}] = wrote[[2]int64{int64(n.Nominal), int64(n.Agency)}] || n.Kind == "written update"
		}
		got := meeting.Owing(cases, attendees, notes)
		i := 0
		for _, c := range cases {
			if there[c.Officer] {
				continue
			}
			if i >= len(got) || got[i].Nominal != c.Nominal {
				t.Fatalf("case %d of officer %d is not owed: %+v", c.Nominal, c.Officer, got)
			}
			if want := wrote[[2]int64{int64(c.Nominal), int64(c.Agency)}]; (got[i].Written != nil) != want {
				t.Fatalf("case %d: written %t, want %t", c.Nominal, got[i].Written != nil, want)
			}
			i++
		}
		if i != len(got) {
			t.Fatalf("%d owed, want %d", len(got), i)
		}
	})
}

func (s *table) updates(r authz.Role) (meeting.Updates, error) {
	return fixture.Read(s.t, s.Scheme, s.Account(r, s.East), func(ctx context.Context, q *db.ReadTx) (meeting.Updates, error) {
		return meeting.UpdatesOf(ctx, q, s.id)
	})
}

func (s *table) due(r authz.Role) []meeting.UpdatesDue {
	s.t.Helper()
	due, err := fixture.Read(s.t, s.Scheme, s.Account(r, s.East), func(ctx context.Context, q *db.ReadTx) ([]meeting.UpdatesDue, error) {
		return meeting.MyUpdatesDue(ctx, q)
	})
	s.must(err)
	// The meetings at which the fixture's people were adopted are none of this.
	return slices.DeleteFunc(due, func(d meeting.UpdatesDue) bool { return d.Meeting.ID != s.id })
}

// TestWrittenUpdate: R71, R72 from the apology to the update that came late. The
// fixture's cases are led by the probation officer, and the meeting is today.
func TestWrittenUpdate(t *testing.T) {
	t.Parallel()
	s := lay(t)
	ctx, co, officer := t.Context(), s.as(authz.Coordinator), s.as(authz.Probation)
	n, _ := s.Registered(t, s.East, "Redwood", "Rae", rag.Red)
	other, _ := s.Registered(t, s.East, "Rowan", "Rob", rag.Red)
	must(t, meeting.Invite(ctx, s.DB, co, s.id, []ref.AccountID{s.account(authz.Probation), s.account(authz.Police)}))
	if due := s.due(authz.Probation); len(due) != 0 {
		t.Fatalf("who is expected owes nothing: %+v", due)
	}
	must(t, meeting.Apologise(ctx, s.DB, officer, s.id, meeting.Apology{Note: "At Crown Court"}))
	due := s.due(authz.Probation)
	if len(due) != 1 || due[0].Missing != 2 || due[0].By != clock.MustISO("2026-05-29") {
		t.Fatalf("after the apology: %+v (R71)", due)
	}
	if u, err := s.updates(authz.Coordinator); !meeting.IsUnsigned(err) && (err != nil || len(u.Owed) != 2 || u.Owed[0].Written != nil || u.Owed[0].Why != "sent apologies") {
		t.Errorf("the chair sees %+v, %v (R72)", u.Owed, err)
	}
	must(t, meeting.WriteUpdate(ctx, s.DB, officer, s.id, n, "Kept all appointments"))
	refused(t, "an empty update", meeting.WriteUpdate(ctx, s.DB, officer, s.id, other, " "), fault.Invalid)
	if due := s.due(authz.Probation); len(due) != 1 || due[0].Missing != 1 {
		t.Errorf("one of two is written: %+v", due)
	}
	// The update is there to everybody who opens the case, and late by its time.
	s.sit(authz.Coordinator, authz.Chair)
	s.open()
	c, err := s.caseOf(authz.Coordinator, n)
	must(t, err)
	if i := slices.IndexFunc(c.Notes, func(x meeting.Note) bool { return x.Kind == "written update" }); i < 0 || c.Notes[i].Text != "Kept all appointments" ||
		c.Notes[i].Agency != s.Probation || !meeting.IsLate(c.Notes[i].At, c.Meeting.HeldOn) {
		t.Errorf("the sheet has %+v (R71)", c.Notes)
	}
	// After the opening it can still be written; after the closing no more.
	must(t, meeting.WriteUpdate(ctx, s.DB, officer, s.id, other, "No change"))
	if due := s.due(authz.Probation); len(due) != 0 {
		t.Errorf("everything is written: %+v", due)
	}
	must(t, meeting.Close(ctx, s.DB, s.as(authz.Chair), s.id, "Not everything was dealt with"))
	refused(t, "an update after the closing", meeting.WriteUpdate(ctx, s.DB, officer, s.id, n, "x"), fault.Invalid)
}

// TestUpdatesAreAboutOnesOwnCases: signed for the meeting or not, one writes about the
// cases that one leads and no other (R62, R71); a guest about the cases named (R58).
func TestUpdatesAreAboutOnesOwnCases(t *testing.T) {
	t.Parallel()
	s := lay(t)
	ctx, co := t.Context(), s.as(authz.Coordinator)
	n, _ := s.Registered(t, s.East, "Redwood", "Rae", rag.Red)
	other, _ := s.Registered(t, s.East, "Rowan", "Rob", rag.Red)
	green, _ := s.Registered(t, s.East, "Greenway", "Gil", rag.Green)
	must(t, meeting.InviteGuest(ctx, s.DB, co, s.id, s.account(authz.Guest), []ref.NominalID{n}))
	write := func(r authz.Role, n ref.NominalID) error {
		return meeting.WriteUpdate(ctx, s.DB, s.as(r), s.id, n, "Text")
	}
	refused(t, "who does not lead the case", write(authz.Police, n), fault.Forbidden)
	refused(t, "a case that is not on the agenda", write(authz.Probation, green), fault.NotFound)
	refused(t, "another area", meeting.WriteUpdate(ctx, s.DB, s.As(authz.Probation, s.Brighton), s.id, n, "x"), fault.NotFound)
	must(t, write(authz.Probation, n))
	if !meeting.IsUnsigned(write(authz.Coordinator, n)) {
		t.Error("the co-ordinator writes in an agency's name without having signed")
	}
	if !meeting.IsUnsigned(write(authz.Guest, n)) {
		t.Error("a guest writes before signing")
	}
	must(t, s.sign(authz.Guest))
	must(t, write(authz.Guest, n))
	refused(t, "a guest about a case not named", write(authz.Guest, other), fault.NotFound)
	must(t, s.sign(authz.Coordinator))
	must(t, write(authz.Coordinator, other))
	u, err := s.updates(authz.Probation)
	must(t, err)
	if len(u.Owed) != 0 || len(u.Mine) != 2 || len(u.Mine[0].Updates) != 1 || len(u.Mine[1].Updates) != 1 {
		t.Errorf("the officer's page has %+v and %+v: both are there, one by the co-ordinator for the agency", u.Mine, u.Owed)
	}
	if u, err := s.updates(authz.Guest); err != nil || len(u.Mine) != 1 || u.Mine[0].Nominal != n {
		t.Errorf("the guest's page has %+v, %v", u.Mine, err)
	}
	if u, err := s.updates(authz.Police); err != nil || len(u.Mine) != 0 || len(u.Owed) != 0 {
		t.Errorf("who leads no case sees %+v and %+v, %v", u.Mine, u.Owed, err)
	}
}

// TestUpdateDrafts: what is typed of an update is kept, is its author's alone, and is
// done with when the update is sent.
func TestUpdateDrafts(t *testing.T) {
	t.Parallel()
	s := lay(t)
	ctx := t.Context()
	n, _ := s.Registered(t, s.East, "Redwood", "Rae", rag.Red)
	const key, writer = "0d1f0d6a-3df1-4f4e-9d53-1f6c2f1f0001", "0d1f0d6a-3df1-4f4e-9d53-1f6c2f1f0002"
	save := meeting.Save{Key: key, Writer: writer, Sequence: 1, Fields: map[string][]string{"update-text": {"Half a sen"}}}
	saved, err := meeting.SaveUpdate(ctx, s.DB, s.as(authz.Probation), s.id, n, save)
	if err != nil || saved.Outcome != meeting.SavedKept {
		t.Fatalf("%+v, %v", saved, err)
	}
	u, err := s.updates(authz.Probation)
	if err != nil || len(u.Mine) != 1 || u.Mine[0].Draft == nil || u.Mine[0].Draft.Fields["update-text"][0] != "Half a sen" {
		t.Fatalf("the draft is not on the page: %+v, %v", u.Mine, err)
	}
	_, err = meeting.SaveUpdate(ctx, s.DB, s.as(authz.Police), s.id, n, save)
	refused(t, "a draft about another's case", err, fault.Forbidden)
	must(t, meeting.WriteUpdate(ctx, s.DB, db.FromForm(s.Account(authz.Probation, s.East), "update", key, ""), s.id, n, "Half a sentence"))
	if u, err := s.updates(authz.Probation); err != nil || u.Mine[0].Draft != nil || len(u.Mine[0].Updates) != 1 {
		t.Errorf("after sending: %+v, %v", u.Mine, err)
	}
}
