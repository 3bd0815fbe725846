package registration_test

import (
	"context"
	"slices"
	"testing"

	"iom/internal/casework/fixture"
	"iom/internal/casework/rag"
	"iom/internal/casework/ref"
	"iom/internal/casework/registration"
	"iom/internal/casework/review"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
)

func TestDeregistrationTakesOffTheListAndWaitsForTheMarkers(t *testing.T) {
	t.Parallel()
	s := fixture.New(t)
	of, reg := s.Registered(t, s.East, "Marlow", "Dean", rag.Green)
	for _, name := range []string{registration.Notified, registration.NicheMarkers, registration.PNCMarker} {
		line(t, s, s.East, of, reg, registration.AdoptionList, name)
	}
	deregister(t, s, s.East, of, reg)
	if _, ok := current(t, s, s.East, of); ok {
		t.Fatal("still registered")
	}
	listed := read(t, s, s.Account(authz.Coordinator, s.East), func(ctx context.Context, q *db.ReadTx) (n int, err error) {
		err = q.QueryRow(ctx, `SELECT count(*) FROM live_list WHERE nominal_id = $1`, of).Scan(&n)
		return n, err
	})
	if listed != 0 {
		t.Error("still on the live list")
	}
	as := s.As(authz.Coordinator, s.East)
	refused(t, registration.Close(t.Context(), s.DB, as, of, reg), fault.Invalid, "R36")
	if line(t, s, s.East, of, reg, registration.RemovalList, registration.NicheMarkers) {
		t.Error("closed with the PNC marker left")
	}
	if line(t, s, s.East, of, reg, registration.RemovalList, registration.PNCMarker) {
		t.Error("closed before the person was told")
	}
	refused(t, registration.Close(t.Context(), s.DB, as, of, reg), fault.Invalid, "R36")
	if !line(t, s, s.East, of, reg, registration.RemovalList, registration.Notified) {
		t.Error("not closed with no marker left")
	}
	latest := read(t, s, s.Account(authz.Partner, s.East), func(ctx context.Context, q *db.ReadTx) (registration.Registration, error) {
		return registration.Latest(ctx, q, of)
	})
	if latest.ClosedAt == nil || latest.State() != "closed" {
		t.Errorf("the registration reads %+v", latest)
	}
	_, err := registration.RecordLine(t.Context(), s.DB, as, of, reg, registration.NewLine{List: registration.RemovalList,
		Line: registration.PNCMarker, DoneOn: clock.Today(s.Clock), ByWhom: "Casey"})
	refused(t, err, fault.Invalid, "R36")
}

func TestDeregistrationIsDecidedOnceByThoseWhoMay(t *testing.T) {
	t.Parallel()
	s := fixture.New(t)
	of, reg := s.Registered(t, s.East, "Marlow", "Dean", rag.Green)
	r := removal(s, of, reg, s.Decision(t, s.East))
	end := func(as db.Submission, r registration.Removal) error {
		return do(t, s, as, func(ctx context.Context, tx *db.Tx) error { return registration.Deregister(ctx, tx, r) })
	}
	for _, role := range []authz.Role{authz.Police, authz.Probation, authz.Partner} {
		refused(t, end(s.As(role, s.East), r), fault.Forbidden, "")
	}
	refused(t, end(s.As(authz.Chair, s.North), r), fault.NotFound, "")
	chair := s.As(authz.Chair, s.East)
	for name, c := range map[string]struct {
		spoil func(r *registration.Removal)
		rule  string
	}{
		"no justification":       {func(r *registration.Removal) { r.Justification = " " }, "R35"},
		"no reasons":             {func(r *registration.Removal) { r.Reasons = "" }, "R35"},
		"no exit officer":        {func(r *registration.Removal) { r.ExitOfficer = "" }, "R85"},
		"no exit plan":           {func(r *registration.Removal) { r.ExitPlan = "" }, "R85"},
		"no exit agency":         {func(r *registration.Removal) { r.ExitAgency = 0 }, "R85"},
		"probation leads":        {func(r *registration.Removal) { r.ExitAgency = s.Star }, "R85"},
		"a criterion of our own": {func(r *registration.Removal) { r.Criteria = []string{"nice"} }, "R83"},
	} {
		bad := r
		c.spoil(&bad)
		err := end(chair, bad)
		if fault.KindOf(err) != fault.Invalid {
			t.Fatalf("%s: %v", name, err)
		}
		refused(t, err, fault.Invalid, c.rule)
	}
	must(t, end(chair, r))
	refused(t, end(chair, r), fault.Invalid, "R86")
	all := read(t, s, s.Account(authz.Police, s.East), func(ctx context.Context, q *db.ReadTx) ([]registration.Deregistration, error) {
		return registration.Deregistrations(ctx, q, of)
	})
	if len(all) != 1 || all[0].ExitAgencyName != "Probation Service" || all[0].ChairName != "Charlie Eastwood" || all[0].DecidedOn != clock.NewDate(2026, 6, 1) {
		t.Errorf("the decision reads %+v", all)
	}
}

func TestProposalsWaitForAMeetingAndAreAnswered(t *testing.T) {
	t.Parallel()
	s := fixture.New(t)
	of, reg := s.Registered(t, s.East, "Marlow", "Dean", rag.Amber)
	n := registration.NewProposal{Nominal: of, Reason: "Nothing since March", Criteria: []string{registration.NoIntelligence}}
	_, err := registration.Propose(t.Context(), s.DB, s.As(authz.Partner, s.East), registration.NewProposal{Nominal: of})
	refused(t, err, fault.Invalid, "R83")
	_, err = registration.Propose(t.Context(), s.DB, s.As(authz.Partner, s.North), n)
	refused(t, err, fault.NotFound, "")
	_, err = registration.Propose(t.Context(), s.DB, s.As(authz.Partner, s.East), n)
	must(t, err)
	_, err = registration.Propose(t.Context(), s.DB, s.As(authz.Police, s.East), n)
	refused(t, err, fault.Invalid, "R86")
	waiting := func() []registration.Proposal {
		return read(t, s, s.Account(authz.Chair, s.East), func(ctx context.Context, q *db.ReadTx) ([]registration.Proposal, error) {
			return registration.Proposed(ctx, q, []ref.AreaID{s.East, s.North})
		})
	}
	if all := waiting(); len(all) != 1 || all[0].Name != "Dean Marlow" || all[0].Reason != n.Reason || all[0].ProposedByName != "Sam Eastwood" {
		t.Fatalf("waiting: %+v", all)
	}
	d := s.Decision(t, s.East)
	must(t, do(t, s, s.As(authz.Coordinator, s.East), func(ctx context.Context, tx *db.Tx) error {
		return registration.Retain(ctx, tx, registration.Retention{Registration: reg, Nominal: of, Reason: "New associates", Decision: d})
	}))
	if all := waiting(); len(all) != 0 {
		t.Errorf("still waiting: %+v", all)
	}
	_, err = registration.Propose(t.Context(), s.DB, s.As(authz.Police, s.East), n) // a new proposal later is welcome
	must(t, err)
	deregister(t, s, s.East, of, reg)
	history := read(t, s, s.Account(authz.Chair, s.East), func(ctx context.Context, q *db.ReadTx) ([]registration.Proposal, error) {
		return registration.Proposals(ctx, q, of)
	})
	if len(history) != 2 || history[0].Outcome != registration.Drop || history[1].Outcome != registration.Keep || history[1].Answer != "New associates" {
		t.Errorf("the proposals read %+v", history)
	}
	rows := read(t, s, s.Account(authz.Chair, s.East), func(ctx context.Context, q *db.ReadTx) ([]registration.ReviewRow, error) {
		return registration.Reviews(ctx, q, of)
	})
	if len(rows) != 2 || rows[0].Outcome != registration.Drop || rows[1].Outcome != registration.Keep || rows[1].Meeting != d.Meeting {
		t.Errorf("the review rows read %+v", rows)
	}
}

func TestDropOutsideAMeetingOnlyProposes(t *testing.T) {
	t.Parallel()
	s := fixture.New(t)
	of, _ := s.Registered(t, s.East, "Marlow", "Dean", rag.Amber)
	n := registration.ReviewNew{Nominal: of, ReviewedOn: clock.NewDate(2026, 6, 1), Outcome: registration.Drop, Justification: "Settled"}
	refused(t, registration.Review(t.Context(), s.DB, s.As(authz.Police, s.East), n), fault.Forbidden, "")
	must(t, registration.Review(t.Context(), s.DB, s.As(authz.Coordinator, s.East), n))
	now, ok := current(t, s, s.East, of)
	if !ok || !now.Proposed {
		t.Errorf("registered %v, proposed %v", ok, now.Proposed)
	}
	for _, bad := range []registration.ReviewNew{
		{Nominal: of, ReviewedOn: clock.NewDate(2026, 6, 2), Outcome: registration.Keep, Justification: "x"},
		{Nominal: of, ReviewedOn: clock.NewDate(2026, 5, 31), Outcome: registration.Keep, Justification: "x"},
		{Nominal: of, Outcome: registration.Keep, Justification: "x"},
		{Nominal: of, ReviewedOn: clock.NewDate(2026, 6, 1), Outcome: "keep", Justification: "x"},
		{Nominal: of, ReviewedOn: clock.NewDate(2026, 6, 1), Outcome: registration.Keep},
	} {
		refused(t, registration.Review(t.Context(), s.DB, s.As(authz.Coordinator, s.East), bad), fault.Invalid, "R34")
	}
}

func TestRegisteredAgainWithHistory(t *testing.T) {
	t.Parallel()
	s := fixture.New(t)
	of, first := s.Registered(t, s.East, "Marlow", "Dean", rag.Red)
	deregister(t, s, s.East, of, first)
	s.Clock.Set(clock.NewDate(2026, 11, 2).At(9, 0))
	second := s.Adopted(t, s.East, of, adult, rag.Amber)
	reader := s.Account(authz.Partner, s.East)
	all := read(t, s, reader, func(ctx context.Context, q *db.ReadTx) ([]registration.Registration, error) {
		return registration.Of(ctx, q, of)
	})
	if len(all) != 2 || all[0].ID != second || all[0].EndedAt != nil || all[1].ID != first || all[1].EndedOn() != clock.NewDate(2026, 6, 1) {
		t.Fatalf("the registrations read %+v", all)
	}
	history := read(t, s, reader, func(ctx context.Context, q *db.ReadTx) ([]review.Rating, error) { return review.History(ctx, q, of) })
	if len(history) != 2 || history[0].Rating != rag.Amber || history[1].Rating != rag.Red || history[1].Registration != first {
		t.Errorf("the ratings read %+v", history)
	}
	// The first registration still has to be told and closed; the second has its own lists.
	lists := read(t, s, reader, func(ctx context.Context, q *db.ReadTx) (map[ref.RegistrationID]registration.Lists, error) {
		return registration.ChecklistsOf(ctx, q, of)
	})
	if left := registration.MissingRemoval(lists[first]); !slices.Equal(left, []string{registration.Notified}) {
		t.Errorf("left of the first: %q", left)
	}
	if left := registration.MissingAdoption(lists[second]); len(left) != 4 {
		t.Errorf("left of the second: %q", left)
	}
}

func TestALineEnteredInErrorNoLongerCounts(t *testing.T) {
	t.Parallel()
	s := fixture.New(t)
	of, reg := s.Registered(t, s.East, "Marlow", "Dean", rag.Green)
	correct := func(role authz.Role, name, reason string) error {
		return registration.CorrectLine(t.Context(), s.DB, s.As(role, s.East), of, reg, registration.AdoptionList, name, reason)
	}
	refused(t, correct(authz.Police, registration.PNCMarker, "x"), fault.NotFound, "") // nothing to take back
	line(t, s, s.East, of, reg, registration.AdoptionList, registration.PNCMarker)
	refused(t, correct(authz.Partner, registration.PNCMarker, "x"), fault.Forbidden, "")
	refused(t, correct(authz.Probation, registration.PNCMarker, "x"), fault.Forbidden, "")
	refused(t, correct(authz.Police, registration.PNCMarker, " "), fault.Invalid, "")
	refused(t, correct(authz.Police, registration.Conference, "x"), fault.Invalid, "R32")
	must(t, correct(authz.Police, registration.PNCMarker, "Another person's marker"))
	type counted struct {
		Line    registration.Line
		Missing int
	}
	now := read(t, s, s.Account(authz.Police, s.East), func(ctx context.Context, q *db.ReadTx) (c counted, err error) {
		lists, err := registration.Checklists(ctx, q, reg)
		if err == nil {
			err = q.QueryRow(ctx, `SELECT adoption_missing FROM live_list WHERE registration_id = $1`, reg).Scan(&c.Missing)
		}
		c.Line = lists.Get(registration.AdoptionList, registration.PNCMarker)
		return c, err
	})
	if now.Line.Done() || now.Missing != 4 {
		t.Errorf("the line reads %+v, and the live list misses %d", now.Line, now.Missing)
	}
	deregister(t, s, s.East, of, reg)
	if !line(t, s, s.East, of, reg, registration.RemovalList, registration.Notified) {
		t.Error("a marker that was never there keeps the case open")
	}
}

// By hand from docs/permissions.md: every core role proposes a deregistration, one
// after the other as the meeting retains; a guest of the very case does not (R86).
func TestWhoProposesADeregistration(t *testing.T) {
	t.Parallel()
	s := fixture.New(t)
	of, reg := s.Registered(t, s.East, "Marlow", "Dean", rag.Amber)
	guest := s.Account(authz.Guest, s.East)
	must(t, do(t, s, s.As(authz.Coordinator, s.East), func(ctx context.Context, tx *db.Tx) error {
		tx.Record(event(of))
		_, err := tx.Exec(ctx, `SELECT invite_guest($1, $2, $3, $4, false)`, of, guest.Account, tx.Now(), tx.Now().AddDate(0, 0, 1))
		return err
	}))
	propose := func(role authz.Role) error {
		_, err := registration.Propose(t.Context(), s.DB, s.As(role, s.East), registration.NewProposal{Nominal: of, Reason: "Our work has ended"})
		return err
	}
	refused(t, propose(authz.Guest), fault.Forbidden, "")
	for _, role := range []authz.Role{authz.Analyst, authz.Auditor, authz.Administrator} {
		refused(t, propose(role), fault.NotFound, "")
	}
	for _, role := range []authz.Role{authz.Coordinator, authz.Chair, authz.Police, authz.Probation, authz.Partner} {
		must(t, propose(role))
		d := s.Decision(t, s.East)
		must(t, do(t, s, s.As(authz.Chair, s.East), func(ctx context.Context, tx *db.Tx) error {
			return registration.Retain(ctx, tx, registration.Retention{Registration: reg, Nominal: of, Reason: "Not yet", Decision: d})
		}))
	}
}
