package home_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"iom/internal/casework/breach"
	"iom/internal/casework/custody"
	"iom/internal/casework/fixture"
	"iom/internal/casework/law"
	"iom/internal/casework/meeting"
	"iom/internal/casework/rag"
	"iom/internal/casework/recall"
	"iom/internal/casework/ref"
	"iom/internal/casework/referral"
	"iom/internal/casework/registration"
	"iom/internal/casework/review"
	"iom/internal/casework/sentence"
	"iom/internal/insight/home"
	"iom/internal/insight/livelist"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
)

// count is how many things of a kind the co-ordinator's page has.
func count(t *testing.T, s *fixture.Scheme, kind home.Kind) int {
	t.Helper()
	h, err := fixture.Read(t, s, s.Account(authz.Coordinator, s.East), func(ctx context.Context, q *db.ReadTx) (home.Home, error) {
		return home.Load(ctx, q)
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range h.Blocks {
		if b.Kind == kind {
			return b.Count
		}
	}
	return 0
}

func do(t *testing.T, s *fixture.Scheme, fn func(ctx context.Context, tx *db.Tx) error) {
	t.Helper()
	_, err := db.Write(t.Context(), s.DB, s.As(authz.Coordinator, s.East), func(ctx context.Context, tx *db.Tx) (bool, error) {
		return true, fn(ctx, tx)
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestAReferralWaitsUntilItIsDecided(t *testing.T) {
	t.Parallel()
	s := fixture.New(t)
	born := clock.NewDate(1990, 1, 1)
	of := s.Nominal(t, s.East, "Marlow", "Dean", born)
	id := s.Referred(t, s.East, of, born)
	for _, step := range []struct {
		outcome referral.State
		waiting int
	}{{referral.Deferred, 1}, {referral.Rejected, 0}} {
		if n := count(t, s, home.Undecided); n != 1 {
			t.Fatalf("before it was %s: %d wait, want 1", step.outcome, n)
		}
		d := s.Decision(t, s.East)
		do(t, s, func(ctx context.Context, tx *db.Tx) error {
			_, err := referral.RecordDecision(ctx, tx, referral.DecisionNew{Referral: id, Outcome: step.outcome, Reason: "As discussed", Decision: d})
			return err
		})
		if n := count(t, s, home.Undecided); n != step.waiting {
			t.Errorf("after it was %s: %d wait, want %d", step.outcome, n, step.waiting)
		}
	}
}

// The co-ordinator is responsible for the timely completion of referrals (R12): those
// that anybody of the area has started stand on the co-ordinator's page, with the day
// on which they were started, until they are submitted or withdrawn.
func TestTheCoordinatorSeesReferralsToFinish(t *testing.T) {
	t.Parallel()
	s := fixture.New(t)
	of := s.Nominal(t, s.East, "Marlow", "Dean", fixture.Adult)
	id, err := db.Write(t.Context(), s.DB, s.As(authz.Partner, s.East), func(ctx context.Context, tx *db.Tx) (ref.ReferralID, error) {
		return referral.Insert(ctx, tx, s.East, s.Star, of)
	})
	if err != nil {
		t.Fatal(err)
	}
	s.Clock.Set(clock.NewDate(2026, 6, 20).At(9, 0))
	h, err := fixture.Read(t, s, s.Account(authz.Coordinator, s.East), func(ctx context.Context, q *db.ReadTx) (home.Home, error) { return home.Load(ctx, q) })
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(h.Blocks, func(b home.Block) bool { return b.Kind == home.Drafts })
	if i < 0 || len(h.Blocks[i].Items) != 1 || h.Blocks[i].Items[0].ID != int64(id) || h.Blocks[i].Items[0].Day != clock.NewDate(2026, 6, 1) {
		t.Fatalf("the page has %+v", h.Blocks)
	}
	if _, err := referral.Withdraw(t.Context(), s.DB, s.As(authz.Partner, s.East), id, "Managed elsewhere"); err != nil {
		t.Fatal(err)
	}
	if n := count(t, s, home.Drafts); n != 0 {
		t.Errorf("%d to finish after it was withdrawn", n)
	}
}

func TestMarkersWaitUntilTheCaseIsClosed(t *testing.T) {
	t.Parallel()
	s := fixture.New(t)
	of, reg := s.Registered(t, s.East, "Marlow", "Dean", rag.Green)
	if n := count(t, s, home.Markers); n != 0 {
		t.Fatalf("%d cases have markers to lift while on the scheme", n)
	}
	d := s.Decision(t, s.East)
	do(t, s, func(ctx context.Context, tx *db.Tx) error {
		return registration.Deregister(ctx, tx, registration.Removal{Registration: reg, Nominal: of, Justification: "Stable", Reasons: "No offence",
			ExitOfficer: "Robin Eastwood", ExitAgency: s.Probation, ExitPlan: "Monthly appointments", Decision: d})
	})
	for _, line := range []string{registration.NicheMarkers, registration.PNCMarker, registration.Notified} {
		if n := count(t, s, home.Markers); n != 1 {
			t.Fatalf("before %s: %d cases, want 1", line, n)
		}
		_, err := registration.RecordLine(t.Context(), s.DB, s.As(authz.Coordinator, s.East), of, reg,
			registration.NewLine{List: registration.RemovalList, Line: line, DoneOn: clock.Today(s.Clock), ByWhom: "Casey Eastwood"})
		if err != nil {
			t.Fatal(err)
		}
	}
	if n := count(t, s, home.Markers); n != 0 {
		t.Errorf("%d cases wait though no marker is left", n)
	}
}

// TestHomeAndAgendaBringTheSameRatings: R50. Of several ratings between meetings the
// one that stands waits to be ratified, on the home page as on the agenda of the next
// meeting; once a meeting has rated the case, none does.
func TestHomeAndAgendaBringTheSameRatings(t *testing.T) {
	t.Parallel()
	s := fixture.New(t)
	for _, r := range []authz.Role{authz.Chair, authz.Police, authz.Probation} {
		s.Account(r, s.East)
	}
	of, reg := s.Registered(t, s.East, "Marlow", "Dean", rag.Amber)
	id, err := meeting.Plan(t.Context(), s.DB, s.As(authz.Coordinator, s.East), meeting.New{Area: s.East, Kind: meeting.Operational, HeldOn: clock.NewDate(2026, 6, 4),
		Starts: "10:00", Place: "Police station", Chair: ref.AccountID(s.Account(authz.Chair, s.East).Account)})
	if err != nil {
		t.Fatal(err)
	}
	same := func(what string, want int) {
		t.Helper()
		items, err := fixture.Read(t, s, s.Account(authz.Coordinator, s.East), func(ctx context.Context, q *db.ReadTx) ([]meeting.Item, error) {
			_, items, err := meeting.Items(ctx, q, id)
			return items, err
		})
		if err != nil {
			t.Fatal(err)
		}
		onAgenda := 0
		for _, i := range items {
			for _, r := range i.Reasons {
				if r.Rule == meeting.RuleRatify {
					onAgenda++
				}
			}
		}
		if onHome := count(t, s, home.Ratify); onHome != want || onAgenda != want {
			t.Errorf("%s: %d to ratify on the home page and %d on the agenda, want %d", what, onHome, onAgenda, want)
		}
	}
	between := func(role authz.Role, r rag.Rating) {
		t.Helper()
		if _, err := review.RateBetween(t.Context(), s.DB, s.As(role, s.East), review.Between{Nominal: of, Rating: r, Reason: "Said of " + string(r)}); err != nil {
			t.Fatal(err)
		}
	}
	same("at first", 0)
	between(authz.Police, rag.RedAlert)
	same("wanted", 1)
	between(authz.Probation, rag.Red)
	same("arrested and released", 1)
	d := s.Decision(t, s.East)
	do(t, s, func(ctx context.Context, tx *db.Tx) error {
		_, err := review.Insert(ctx, tx, review.New{Registration: reg, Nominal: of, Rating: rag.Amber, Reason: "Settled", Decision: &d})
		return err
	})
	same("rated by a meeting", 0)
}

// The clock of a recall stands on the start page of whoever may record it (R138, R139): 24 hours
// for the papers, then for PPCS, then until the person is back in custody. Another area sees none.
func TestTheClockOfARecallIsOnTheStartPageByR138(t *testing.T) {
	t.Parallel()
	s := fixture.New(t) // 1 June 2026, 09:00
	s.Prisons(t)
	of := s.Nominal(t, s.East, "Marlow", "Dean", clock.NewDate(1990, 1, 1))
	pr := func() db.Submission { return s.As(authz.Probation, s.East) }
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	st, err := sentence.Record(t.Context(), s.DB, pr(), sentence.New{Nominal: of, ImposedOn: clock.NewDate(2025, 1, 5), Court: "Lewes Crown Court", Offence: "Burglary",
		OffenceOn: clock.NewDate(2025, 1, 5), Type: sentence.Determinate, Term: sentence.Term{Months: 20}, Source: "court"})
	must(err)
	decided := s.Clock.Now().Add(-time.Hour)
	id, err := recall.Decide(t.Context(), s.DB, pr(), recall.New{Nominal: of, Sentence: st, DecidedAt: decided, DecidedBy: "Robin Eastwood", Reason: "Missed appointments", Source: "probation"})
	must(err)
	stands := func(role authz.Role, area ref.AreaID, want ...home.Item) {
		t.Helper()
		h, err := fixture.Read(t, s, s.Account(role, area), func(ctx context.Context, q *db.ReadTx) (home.Home, error) { return home.Load(ctx, q) })
		must(err)
		var got []home.Item
		for _, b := range h.Blocks {
			if b.Kind == home.Recalls {
				got = b.Items
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %+v, want %+v", role, got, want)
		}
	}
	item := func(what string, on clock.Date, at string) home.Item {
		return home.Item{ID: int64(id), Nominal: of, Name: "Marlow, Dean", What: what, Day: on, Note: at}
	}
	first := clock.NewDate(2026, 6, 1)
	stands(authz.Probation, s.East, item("papers", first.AddDays(1), "08:00"))
	stands(authz.Coordinator, s.East, item("papers", first.AddDays(1), "08:00"))
	stands(authz.Partner, s.East)
	stands(authz.Probation, s.Brighton)
	s.Clock.Advance(24 * time.Hour)
	stands(authz.Probation, s.East, item("papers late", first.AddDays(1), "08:00"))
	for _, step := range []recall.Step{recall.Sent, recall.Received} {
		must(recall.Record(t.Context(), s.DB, pr(), of, id, recall.NewStep{Step: step, At: s.Clock.Now(), Source: "e-mail"}))
	}
	stands(authz.Probation, s.East, item("process", first.AddDays(2), "09:00"))
	must(recall.Record(t.Context(), s.DB, pr(), of, id, recall.NewStep{Step: recall.Withdrawn, At: s.Clock.Now(), Note: "Decided otherwise", Source: "e-mail"}))
	stands(authz.Probation, s.East)
}

// Somebody who left the scheme with six years comes to whoever runs meetings 12 months before
// release, by R80: on 2 June 2026 for 2 June 2027, not the day before.
// Nobody else is told.
func TestWhoIsReleasedAfterALongSentenceWaitsToBeConsideredByR80(t *testing.T) {
	t.Parallel()
	s := fixture.New(t) // 1 June 2026
	s.Prisons(t)
	of, reg := s.Registered(t, s.East, "Greenway", "Gil", rag.Green)
	day := clock.MustISO
	d := s.Decision(t, s.East)
	do(t, s, func(ctx context.Context, tx *db.Tx) error {
		if _, err := sentence.Insert(ctx, tx, sentence.New{Nominal: of, ImposedOn: day("2026-05-01"), Court: "Lewes Crown Court", Offence: "Robbery",
			Type: sentence.Determinate, Term: sentence.Term{Years: 6}, Source: "court"}); err != nil {
			return err
		}
		if _, err := custody.Insert(ctx, tx, custody.New{Nominal: of, ReceivedOn: day("2026-05-01"), Prison: "LWI", Why: custody.OnSentence,
			Expected: day("2027-06-02"), NotifiedBy: "Lewes", Source: "prison"}); err != nil {
			return err
		}
		return registration.Deregister(ctx, tx, registration.Removal{Registration: reg, Nominal: of, Justification: "Six years", Reasons: "Custody",
			ExitOfficer: "Robin Eastwood", ExitAgency: s.Probation, ExitPlan: "In prison", Decision: d})
	})
	if n := count(t, s, home.Reregister); n != 0 {
		t.Errorf("%d the day before", n)
	}
	s.Clock.Advance(24 * time.Hour)
	if n := count(t, s, home.Reregister); n != 1 {
		t.Errorf("%d on the day", n)
	}
	h, err := fixture.Read(t, s, s.Account(authz.Probation, s.East), func(ctx context.Context, q *db.ReadTx) (home.Home, error) { return home.Load(ctx, q) })
	if err != nil || slices.ContainsFunc(h.Blocks, func(b home.Block) bool { return b.Kind == home.Reregister }) {
		t.Errorf("for probation, who runs no meetings: %+v, %v", h.Blocks, err)
	}
	h, err = fixture.Read(t, s, s.Account(authz.Coordinator, s.Brighton), func(ctx context.Context, q *db.ReadTx) (home.Home, error) { return home.Load(ctx, q) })
	if err != nil || slices.ContainsFunc(h.Blocks, func(b home.Block) bool { return b.Kind == home.Reregister }) {
		t.Errorf("for another area: %+v, %v", h.Blocks, err)
	}
}

// A hearing of a breach stands on the page of who leads or runs from 14 days before until its outcome
// is recorded (R144). By hand: listed for 15 June, seen from 1 June on.
func TestAHearingIsOnTheStartPageUntilItsOutcomeIsRecordedByR144(t *testing.T) {
	t.Parallel()
	s := fixture.New(t, fixture.Summarised(livelist.Refresh))
	of, _ := s.Registered(t, s.East, "Marlow", "Dean", rag.Amber)
	pr := func() db.Submission { return s.As(authz.Probation, s.East) }
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	order, err := sentence.Record(t.Context(), s.DB, pr(), sentence.New{Nominal: of, ImposedOn: clock.NewDate(2026, 1, 5), Court: "Hastings Magistrates’ Court", Offence: "Theft",
		Type: sentence.Type(sentence.CommunityOrder), OrderEnds: clock.NewDate(2027, 1, 4), Source: "court"})
	must(err)
	first := clock.Today(s.Clock)
	id, err := breach.Record(t.Context(), s.DB, pr(), breach.New{Nominal: of, Sentence: order, Of: law.OfCommunity, Type: law.BrokeAppointment, BreachedOn: first.AddDays(-3), What: "x", Source: "x"})
	must(err)
	if n := count(t, s, home.Hearings); n != 0 {
		t.Errorf("nothing is listed: %d", n)
	}
	listed := first.AddDays(15)
	must(breach.Follow(t.Context(), s.DB, pr(), of, id, breach.NewStep{Step: breach.Proceedings, On: first, ListedOn: listed, Source: "x"}))
	late := func() int {
		h, err := fixture.Read(t, s, s.Account(authz.Coordinator, s.East), func(ctx context.Context, q *db.ReadTx) (home.Home, error) { return home.Load(ctx, q) })
		must(err)
		for _, b := range h.Blocks {
			if b.Kind == home.Hearings {
				return b.Late
			}
		}
		return 0
	}
	for _, c := range []struct {
		on         clock.Date
		want, late int
	}{{first, 0, 0}, {first.AddDays(1), 1, 0}, {listed, 1, 0}, {listed.AddDays(1), 1, 1}} {
		s.Clock.Set(c.on.At(9, 0))
		if n := count(t, s, home.Hearings); n != c.want || late() != c.late {
			t.Errorf("on %s: %d, late %d", c.on, n, late())
		}
	}
	must(breach.Follow(t.Context(), s.DB, pr(), of, id, breach.NewStep{Step: breach.Decided, On: listed, Outcome: breach.Continues, Source: "x"}))
	if n := count(t, s, home.Hearings); n != 0 {
		t.Errorf("decided: %d", n)
	}
}
