package meeting_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"iom/internal/casework/account"
	"iom/internal/casework/agency"
	"iom/internal/casework/fixture"
	"iom/internal/casework/meeting"
	"iom/internal/casework/rag"
	"iom/internal/casework/ref"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
)

func (s *table) people() []meeting.Attendee {
	s.t.Helper()
	all, err := fixture.Read(s.t, s.Scheme, s.Account(authz.Coordinator, s.East), func(ctx context.Context, q *db.ReadTx) ([]meeting.Attendee, error) {
		return meeting.Attendees(ctx, q, s.id)
	})
	s.must(err)
	return all
}

func (s *table) attendee(r authz.Role) meeting.Attendee {
	s.t.Helper()
	all := s.people()
	i := slices.IndexFunc(all, func(a meeting.Attendee) bool { return a.Account == s.account(r) })
	if i < 0 {
		s.t.Fatalf("%s is not invited", r)
	}
	return all[i]
}

func (s *table) core(at ref.AreaID) []meeting.Core {
	s.t.Helper()
	list, err := fixture.Read(s.t, s.Scheme, s.Account(authz.Coordinator, at), func(ctx context.Context, q *db.ReadTx) ([]meeting.Core, error) {
		return meeting.CoreOf(ctx, q, at)
	})
	s.must(err)
	return list
}

// TestTheCoreListOfAnArea: R56, the standing list is kept with its dates, and invites
// everybody on it in one step.
func TestTheCoreListOfAnArea(t *testing.T) {
	t.Parallel()
	s := lay(t)
	ctx, co := t.Context(), s.as(authz.Coordinator)
	refused(t, "inviting from an empty list", meeting.InviteCore(ctx, s.DB, co, s.id), fault.Invalid)
	police, officer := s.account(authz.Police), s.account(authz.Probation)
	must(t, meeting.AddCore(ctx, s.DB, co, s.East, meeting.NewCore{Post: "Police IOM officer", Agency: s.Police, Account: police}))
	must(t, meeting.AddCore(ctx, s.DB, co, s.East, meeting.NewCore{Post: "Probation officer", Agency: s.Probation, Account: officer}))
	must(t, meeting.AddCore(ctx, s.DB, co, s.East, meeting.NewCore{Post: "Local authority housing representative", Agency: s.Housing}))
	refused(t, "the police write the list", meeting.AddCore(ctx, s.DB, s.as(authz.Police), s.East, meeting.NewCore{Post: "x", Agency: s.Police}), fault.Forbidden)
	refused(t, "another area's list", meeting.AddCore(ctx, s.DB, co, s.Brighton, meeting.NewCore{Post: "x", Agency: s.Police}), fault.Forbidden)
	if list := s.core(s.Brighton); len(list) != 0 {
		t.Errorf("the list of another area has %+v", list)
	}
	must(t, meeting.InviteCore(ctx, s.DB, co, s.id))
	must(t, meeting.InviteCore(ctx, s.DB, co, s.id)) // twice changes nothing
	if all := s.people(); len(all) != 4 {            // the chair and the co-ordinator are there by themselves
		t.Errorf("%d are invited, want 4: %+v", len(all), all)
	}
	list := s.core(s.East)
	i := slices.IndexFunc(list, func(c meeting.Core) bool { return c.Account == police })
	must(t, meeting.EndCore(ctx, s.DB, co, s.East, list[i].ID))
	refused(t, "a post of another area", meeting.EndCore(ctx, s.DB, s.As(authz.Coordinator, s.Brighton), s.Brighton, list[i].ID), fault.NotFound)
	if list := s.core(s.East); len(list) != 2 {
		t.Errorf("after the post ended: %+v", list)
	}
}

// A hub uses the list of the area above it until it has one of its own (R56).
func TestTheCoreListComesFromAbove(t *testing.T) {
	t.Parallel()
	s := lay(t)
	must(t, meeting.AddCore(t.Context(), s.DB, s.As(authz.Chair, s.West), s.West, meeting.NewCore{Post: "Detective Inspector", Agency: s.Police}))
	if list := s.core(s.North); len(list) != 1 || list[0].Area != s.West {
		t.Errorf("the hub's list: %+v", list)
	}
	must(t, meeting.AddCore(t.Context(), s.DB, s.As(authz.Coordinator, s.North), s.North, meeting.NewCore{Post: "Probation officer", Agency: s.Probation}))
	if list := s.core(s.North); len(list) != 1 || list[0].Area != s.North {
		t.Errorf("the hub's own list: %+v", list)
	}
}

func TestWhatACorePostNeeds(t *testing.T) {
	t.Parallel()
	agencies := []agency.Agency{{ID: 1}, {ID: 2}}
	people := []account.Person{{ID: 7, Name: "Parker Eastwood", Agency: 1}, {ID: 8, Agency: 2}}
	list := []meeting.Core{{Account: 7}}
	for _, c := range []struct {
		new   meeting.NewCore
		field string
	}{
		{meeting.NewCore{Post: "Police IOM officer", Agency: 1}, ""},
		{meeting.NewCore{Post: "Housing", Agency: 2, Account: 8}, ""},
		{meeting.NewCore{Post: " ", Agency: 1}, "post"},
		{meeting.NewCore{Post: "Housing", Agency: 3}, "agency"},
		{meeting.NewCore{Post: "Housing", Agency: 1, Account: 9}, "account"},
		{meeting.NewCore{Post: "Housing", Agency: 1, Account: 8}, "account"},
		{meeting.NewCore{Post: "Housing", Agency: 1, Account: 7}, "account"},
	} {
		got := ""
		for _, p := range meeting.CheckCore(c.new, list, agencies, people) {
			got += p.Field
		}
		if got != c.field {
			t.Errorf("%+v: problem at %q, want %q (R56)", c.new, got, c.field)
		}
	}
}

// R56: a core agency of which nobody comes is named, once.
func TestACoreAgencyWithNobody(t *testing.T) {
	t.Parallel()
	list := []meeting.Core{{Agency: 1, AgencyName: "Police"}, {Agency: 1, AgencyName: "Police"}, {Agency: 2, AgencyName: "Probation"}, {Agency: 3, AgencyName: "Housing"}}
	for _, c := range []struct {
		attendees []meeting.Attendee
		want      string
	}{
		{nil, "Police Probation Housing"},
		{[]meeting.Attendee{{Agency: 1}, {Agency: 2, State: "present"}, {Agency: 3, State: "present"}}, ""},
		{[]meeting.Attendee{{Agency: 1, State: "apologies"}, {Agency: 1, State: "present"}, {Agency: 2, State: "absent"}, {Agency: 3, State: "apologies"}}, "Probation Housing"},
		{[]meeting.Attendee{{Agency: 1}, {Agency: 2}, {Agency: 3, Guest: true}}, "Housing"}, // a guest speaks for a case, not for the agency
	} {
		if got := strings.Join(meeting.Unrepresented(list, c.attendees), " "); got != c.want {
			t.Errorf("%+v: %q, want %q", c.attendees, got, c.want)
		}
	}
}

// TestApologies: by oneself beforehand, with a colleague of the same agency who comes
// instead; taken back; and no more once the meeting has begun.
func TestApologies(t *testing.T) {
	t.Parallel()
	s := lay(t)
	ctx, co, officer := t.Context(), s.as(authz.Coordinator), s.as(authz.Probation)
	colleague := ref.AccountID(s.AccountAt(authz.Partner, s.East, s.Probation).Account)
	refused(t, "apologies of who is not invited", meeting.Apologise(ctx, s.DB, officer, s.id, meeting.Apology{}), fault.Forbidden)
	must(t, meeting.Invite(ctx, s.DB, co, s.id, []ref.AccountID{s.account(authz.Probation)}))
	refused(t, "somebody of another agency instead", meeting.Apologise(ctx, s.DB, officer, s.id, meeting.Apology{Instead: s.account(authz.Police)}), fault.Invalid)
	refused(t, "oneself instead", meeting.Apologise(ctx, s.DB, officer, s.id, meeting.Apology{Instead: s.account(authz.Probation)}), fault.Invalid)
	must(t, meeting.Apologise(ctx, s.DB, officer, s.id, meeting.Apology{Instead: colleague, Note: "On leave"}))
	if a := s.attendee(authz.Probation); a.State != "apologies" || a.Instead != colleague || a.InsteadName == "" || a.Note != "On leave" {
		t.Errorf("after the apology: %+v", a)
	}
	if !slices.ContainsFunc(s.people(), func(a meeting.Attendee) bool { return a.Account == colleague && a.Agency == s.Probation && !a.Guest }) {
		t.Error("who comes instead is not invited")
	}
	// The roll-call leaves what was said with the apology as it is.
	must(t, meeting.CallRoll(ctx, s.DB, co, s.id, map[ref.AccountID]string{s.account(authz.Probation): "apologies"}))
	if a := s.attendee(authz.Probation); a.Note != "On leave" {
		t.Errorf("after the roll-call: %+v", a)
	}
	must(t, meeting.Come(ctx, s.DB, officer, s.id))
	if a := s.attendee(authz.Probation); a.State != "" || a.Instead != 0 {
		t.Errorf("after taking it back: %+v", a)
	}
	must(t, meeting.InviteGuest(ctx, s.DB, co, s.id, s.account(authz.Guest), []ref.NominalID{first(s.Registered(t, s.East, "Redwood", "Rae", rag.Red))}))
	refused(t, "a guest sends somebody else", meeting.Apologise(ctx, s.DB, s.as(authz.Guest), s.id, meeting.Apology{Instead: colleague}), fault.Invalid)
	must(t, meeting.Apologise(ctx, s.DB, s.as(authz.Guest), s.id, meeting.Apology{}))
	s.open()
	refused(t, "apologies after the opening", meeting.Apologise(ctx, s.DB, officer, s.id, meeting.Apology{}), fault.Invalid)
}

func first[A, B any](a A, _ B) A { return a }

// TestRollCall: everybody in one form, with who came later and left earlier; each
// change is another row.
func TestRollCall(t *testing.T) {
	t.Parallel()
	s := lay(t)
	ctx, co := t.Context(), s.as(authz.Coordinator)
	must(t, meeting.Invite(ctx, s.DB, co, s.id, []ref.AccountID{s.account(authz.Police), s.account(authz.Probation), s.account(authz.Partner)}))
	lines := map[ref.AccountID]meeting.Presence{s.account(authz.Police): {State: "present", Arrived: "10:20", Departed: "11:45"}, s.account(authz.Partner): {State: "absent"}}
	must(t, meeting.Roll(ctx, s.DB, co, s.id, lines, true))
	for r, want := range map[authz.Role]meeting.Presence{authz.Police: {"present", "10:20", "11:45"}, authz.Partner: {State: "absent"},
		authz.Probation: {State: "present"}, authz.Chair: {State: "present"}} {
		if a := s.attendee(r); (meeting.Presence{State: a.State, Arrived: a.Arrived, Departed: a.Departed}) != want {
			t.Errorf("%s: %+v, want %+v", r, a, want)
		}
	}
	must(t, meeting.Roll(ctx, s.DB, co, s.id, map[ref.AccountID]meeting.Presence{s.account(authz.Partner): {State: "present", Arrived: "11:00"}}, false))
	refused(t, "the police call the roll", meeting.Roll(ctx, s.DB, s.as(authz.Police), s.id, lines, false), fault.Forbidden)
	rows, err := fixture.Read(t, s.Scheme, s.Account(authz.Coordinator, s.East), func(ctx context.Context, q *db.ReadTx) (n int, err error) {
		return n, q.QueryRow(ctx, `SELECT count(*) FROM meeting_attendance WHERE meeting_id = $1 AND account_id = $2`, s.id, s.account(authz.Partner)).Scan(&n)
	})
	if must(t, err); rows != 2 {
		t.Errorf("%d rows of who came after all, want 2: the first one stays", rows)
	}
}

func TestALineOfTheRollCall(t *testing.T) {
	t.Parallel()
	for line, field := range map[meeting.Presence]string{
		{State: "present"}: "", {State: ""}: "", {State: "present", Arrived: "10:20", Departed: "10:21"}: "",
		{State: "late"}:                                         "state",
		{State: "present", Arrived: "25:00"}:                    "arrived",
		{State: "absent", Arrived: "10:20"}:                     "arrived",
		{State: "apologies", Departed: "10:0"}:                  "departed departed",
		{State: "present", Arrived: "11:00", Departed: "11:00"}: "departed",
	} {
		var fields []string
		for _, p := range meeting.CheckPresence(line) {
			fields = append(fields, p.Field)
		}
		if got := strings.Join(fields, " "); got != field {
			t.Errorf("%+v: problems at %q, want %q", line, got, field)
		}
	}
}

func (s *table) inForce(r authz.Role) int64 {
	s.t.Helper()
	st, err := fixture.Read(s.t, s.Scheme, s.Account(r, s.East), func(ctx context.Context, q *db.ReadTx) (meeting.Statement, error) {
		return meeting.StatementFor(ctx, q, s.East)
	})
	s.must(err)
	return st.ID
}

// TestWitnessedSignature: R61 on the co-ordinator's device. The name typed is the
// signer's, the witness runs the meeting and is somebody else, and what opens is what
// the signer's own signature opens (R62, R58).
func TestWitnessedSignature(t *testing.T) {
	t.Parallel()
	s := lay(t)
	ctx, co, guest := t.Context(), s.as(authz.Coordinator), s.account(authz.Guest)
	n, _ := s.Registered(t, s.East, "Redwood", "Rae", rag.Red)
	other, _ := s.Registered(t, s.East, "Rowan", "Rob", rag.Red)
	must(t, meeting.InviteGuest(ctx, s.DB, co, s.id, guest, []ref.NominalID{n}))
	must(t, meeting.Invite(ctx, s.DB, co, s.id, []ref.AccountID{s.account(authz.Police)}))
	name := s.attendee(authz.Guest).Name
	witness := func(r authz.Role, who ref.AccountID, as string) error {
		return meeting.Witness(ctx, s.DB, s.as(r), s.id, s.inForce(r), who, as)
	}
	refused(t, "another name", witness(authz.Coordinator, guest, "Somebody Else"), fault.Invalid)
	refused(t, "no name", witness(authz.Coordinator, guest, " "), fault.Invalid)
	refused(t, "a witness who does not run the meeting", witness(authz.Police, guest, name), fault.Forbidden)
	refused(t, "one's own signature witnessed", witness(authz.Coordinator, s.account(authz.Coordinator), s.attendee(authz.Coordinator).Name), fault.Invalid)
	refused(t, "somebody who is not invited", witness(authz.Coordinator, s.account(authz.Partner), "x"), fault.Invalid)
	if s.sees(authz.Guest, n) {
		t.Fatal("the guest sees the case before any signature")
	}
	must(t, witness(authz.Coordinator, guest, "  "+strings.ToUpper(name)+" "))
	if a := s.attendee(authz.Guest); a.SignedAt == nil || a.Witness != s.attendee(authz.Coordinator).Name {
		t.Errorf("the signature: %+v", a)
	}
	if !s.sees(authz.Guest, n) || s.sees(authz.Guest, other) {
		t.Error("the witnessed signature opens the named case and no other (R58, R62)")
	}
	refused(t, "signed twice", witness(authz.Coordinator, guest, name), fault.Invalid)
	must(t, witness(authz.Chair, s.account(authz.Police), s.attendee(authz.Police).Name))
	s.open()
	if _, err := s.caseOf(authz.Police, n); err != nil {
		t.Errorf("who signed before a witness cannot open the case: %v", err)
	}
	if _, err := s.caseOf(authz.Coordinator, n); !meeting.IsUnsigned(err) {
		t.Errorf("the witness opens the case by somebody else's signature: %v", err)
	}
	must(t, s.sign(authz.Chair))
	must(t, meeting.Close(ctx, s.DB, s.as(authz.Chair), s.id, "Nothing was dealt with"))
	refused(t, "witnessed after the closing", witness(authz.Chair, s.account(authz.Coordinator), s.attendee(authz.Coordinator).Name), fault.Invalid)
}

// TestSignaturesCannotBeAltered: R61. The application's own role may neither change
// nor remove one, nor make one in another's name without being its witness.
func TestSignaturesCannotBeAltered(t *testing.T) {
	t.Parallel()
	s := lay(t)
	must(t, s.sign(authz.Coordinator))
	for what, sql := range map[string]string{
		"changing":            `UPDATE confidentiality_signature SET signed_as = 'x'`,
		"removing":            `DELETE FROM confidentiality_signature`,
		"emptying":            `TRUNCATE confidentiality_signature`,
		"changing acceptance": `UPDATE confidentiality_acceptance SET accepted_as = 'x'`,
		"in another's name":   `INSERT INTO confidentiality_signature SELECT meeting_id, (SELECT chair_id FROM meeting LIMIT 1), statement_id, 'x', recorded_at, recorded_by FROM confidentiality_signature`,
		"witnessing oneself": `INSERT INTO confidentiality_signature (meeting_id, account_id, statement_id, signed_as, recorded_at, recorded_by, witnessed_by)
			SELECT id, chair_id, (SELECT min(id) FROM confidentiality_statement), 'x', recorded_at, chair_id, chair_id FROM meeting`,
	} {
		err := s.by(func(ctx context.Context, tx *db.Tx) error {
			_, err := tx.Exec(ctx, sql)
			return err
		})
		if err == nil || !strings.Contains(err.Error(), "permission denied") && !strings.Contains(err.Error(), "whose_check") {
			t.Errorf("%s a signature: %v", what, err)
		}
	}
}

// TestReadingWithoutHavingSigned: after the closing a member accepts the statement and
// reads; it is no signature; nobody writes by it; a guest does not get it (R62).
func TestReadingWithoutHavingSigned(t *testing.T) {
	t.Parallel()
	s := lay(t)
	ctx, co := t.Context(), s.as(authz.Coordinator)
	n, _ := s.Registered(t, s.East, "Redwood", "Rae", rag.Red)
	must(t, meeting.Invite(ctx, s.DB, co, s.id, []ref.AccountID{s.account(authz.Police)}))
	must(t, meeting.InviteGuest(ctx, s.DB, co, s.id, s.account(authz.Guest), []ref.NominalID{n}))
	s.sit(authz.Coordinator, authz.Chair)
	accept := func(r authz.Role, as string) error {
		return meeting.Accept(ctx, s.DB, s.as(r), s.id, s.inForce(r), as)
	}
	s.open()
	refused(t, "accepting while the meeting is open", accept(authz.Police, "P"), fault.Invalid)
	must(t, meeting.Close(ctx, s.DB, s.as(authz.Chair), s.id, "Nothing was dealt with"))
	if _, err := s.minutes(authz.Police); !meeting.IsUnsigned(err) {
		t.Errorf("minutes without having accepted: %v", err)
	}
	refused(t, "no name", accept(authz.Police, " "), fault.Invalid)
	refused(t, "who was not invited", accept(authz.Partner, "P"), fault.Forbidden)
	refused(t, "a guest", accept(authz.Guest, "G"), fault.Forbidden)
	must(t, accept(authz.Police, "Parker Eastwood"))
	if m, err := s.minutes(authz.Police); err != nil || len(m.Entries) != 1 {
		t.Errorf("minutes after accepting: %+v, %v", m.Entries, err)
	}
	if a := s.attendee(authz.Police); a.SignedAt != nil {
		t.Errorf("an acceptance is counted as a signature: %+v", a)
	}
	refused(t, "contributing by an acceptance", meeting.Contribute(ctx, s.DB, s.as(authz.Police), s.id, n, 0, "x"), fault.Invalid)
}

func (s *table) pack(r authz.Role) (meeting.Papers, error) {
	return fixture.Read(s.t, s.Scheme, s.Account(r, s.East), func(ctx context.Context, q *db.ReadTx) (meeting.Papers, error) {
		return meeting.PapersOf(ctx, q, s.id)
	})
}

// TestPapers: R62, R58 and what a side holds: the history of ratings, what changed
// since the meeting before, needs, open actions and the written updates.
func TestPapers(t *testing.T) {
	t.Parallel()
	s := lay(t)
	ctx, co := t.Context(), s.as(authz.Coordinator)
	n, _ := s.Registered(t, s.East, "Redwood", "Rae", rag.Red)
	other, _ := s.Registered(t, s.East, "Rowan", "Rob", rag.Red)
	must(t, meeting.InviteGuest(ctx, s.DB, co, s.id, s.account(authz.Guest), []ref.NominalID{other}))
	for _, r := range []authz.Role{authz.Coordinator, authz.Chair, authz.Guest} {
		if _, err := s.pack(r); !meeting.IsUnsigned(err) {
			t.Errorf("%s opens the papers without signing: %v (R62)", r, err)
		}
	}
	must(t, s.sign(authz.Coordinator))
	must(t, s.sign(authz.Guest))
	must(t, meeting.WriteUpdate(ctx, s.DB, s.as(authz.Probation), s.id, n, "Kept all appointments"))
	p, err := s.pack(authz.Coordinator)
	must(t, err)
	if len(p.Cases) != 2 || p.Cases[0].Nominal != n || p.Cases[1].Nominal != other {
		t.Fatalf("the pack has %+v", p.Cases)
	}
	if c := p.Cases[0]; len(c.Ratings) != 1 || c.Ratings[0].Rating != rag.Red || len(c.Updates) != 1 || c.Lead == "" || c.Born.IsZero() || len(c.Changes) == 0 {
		t.Errorf("the side of a case: %+v", c)
	}
	if c := p.Cases[1]; len(c.Updates) != 0 {
		t.Errorf("an update on another's side: %+v", c.Updates)
	}
	if g, err := s.pack(authz.Guest); err != nil || len(g.Cases) != 1 || g.Cases[0].Nominal != other {
		t.Errorf("the guest's pack: %+v, %v (R58)", g.Cases, err)
	}
	// What was recorded before the last meeting of its kind is not news at the next.
	s.sit(authz.Chair)
	s.open()
	must(t, meeting.Close(ctx, s.DB, s.as(authz.Chair), s.id, "Nothing was dealt with"))
	s.Clock.Set(clock.NewDate(2026, 7, 1).At(9, 0))
	s.id = s.plan(s.East)
	must(t, s.sign(authz.Coordinator))
	p, err = s.pack(authz.Coordinator)
	if err != nil || p.SinceOn != clock.NewDate(2026, 6, 1) || len(p.Cases) != 2 || len(p.Cases[0].Changes) != 0 {
		t.Errorf("at the next meeting: since %s, %+v, %v", p.SinceOn, p.Cases, err)
	}
}
