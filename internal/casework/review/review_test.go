package review_test

import (
	"context"
	"testing"
	"time"

	"iom/internal/casework/account"
	"iom/internal/casework/fixture"
	"iom/internal/casework/rag"
	"iom/internal/casework/ref"
	"iom/internal/casework/review"
	"iom/internal/platform/audit"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
)

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func event(of ref.NominalID) audit.Event {
	return audit.Event{Operation: audit.Disclose, Command: "test", Nominals: []int64{int64(of)}}
}

func kind(t *testing.T, what string, err error, want fault.Kind) {
	t.Helper()
	if got := fault.KindOf(err); got != want {
		t.Errorf("%s: %v (kind %d), want kind %d", what, err, got, want)
	}
}

func read[R any](t *testing.T, s *fixture.Scheme, actor authz.Actor, fn func(ctx context.Context, q *db.ReadTx) (R, error)) R {
	t.Helper()
	answer, err := fixture.Read(t, s, actor, fn)
	must(t, err)
	return answer
}

func latest(t *testing.T, s *fixture.Scheme, reg ref.RegistrationID) review.Rating {
	t.Helper()
	return read(t, s, s.Account(authz.Partner, s.East), func(ctx context.Context, q *db.ReadTx) (review.Rating, error) { return review.Latest(ctx, q, reg) })
}

func between(t *testing.T, s *fixture.Scheme, role authz.Role, b review.Between) error {
	t.Helper()
	_, err := review.RateBetween(t.Context(), s.DB, s.As(role, s.East), b)
	return err
}

// TestWhoMayRateBetweenMeetings is the table of docs/permissions.md.
func TestWhoMayRateBetweenMeetings(t *testing.T) {
	t.Parallel()
	s := fixture.New(t)
	for _, c := range []struct {
		role                  authz.Role
		redAlert, red, prison fault.Kind
	}{
		{authz.Coordinator, fault.Forbidden, 0, 0},
		{authz.Chair, fault.Forbidden, 0, 0},
		{authz.Police, 0, 0, 0},
		{authz.Probation, fault.Forbidden, 0, 0},
		{authz.Partner, fault.Forbidden, fault.Forbidden, fault.Forbidden},
		{authz.Guest, fault.NotFound, fault.NotFound, fault.NotFound},
		{authz.Analyst, fault.NotFound, fault.NotFound, fault.NotFound},
		{authz.Auditor, fault.NotFound, fault.NotFound, fault.NotFound},
		{authz.Administrator, fault.NotFound, fault.NotFound, fault.NotFound},
	} {
		for rating, want := range map[rag.Rating]fault.Kind{rag.RedAlert: c.redAlert, rag.Red: c.red, rag.Prison: c.prison} {
			of, _ := s.Registered(t, s.East, "Marlow", "Dean", rag.Green)
			kind(t, string(c.role)+" rates "+string(rating), between(t, s, c.role, review.Between{Nominal: of, Rating: rating, Reason: "x"}), want)
		}
	}
	of, _ := s.Registered(t, s.East, "Marlow", "Dean", rag.Green)
	_, err := review.RateBetween(t.Context(), s.DB, s.As(authz.Police, s.North), review.Between{Nominal: of, Rating: rag.Red, Reason: "x"})
	kind(t, "another area", err, fault.NotFound)
}

func TestARatingBetweenMeetingsStandsAndWaits(t *testing.T) {
	t.Parallel()
	s := fixture.New(t)
	of, reg := s.Registered(t, s.East, "Marlow", "Dean", rag.Green)
	first := latest(t, s, reg)
	kind(t, "AMBER", between(t, s, authz.Police, review.Between{Nominal: of, Rating: rag.Amber, Reason: "x"}), fault.Invalid)
	kind(t, "the same again", between(t, s, authz.Police, review.Between{Nominal: of, Rating: rag.Green, Reason: "x"}), fault.Invalid)
	kind(t, "no reason", between(t, s, authz.Police, review.Between{Nominal: of, Rating: rag.Red}), fault.Invalid)
	must(t, between(t, s, authz.Police, review.Between{Nominal: of, Rating: rag.Red, Reason: "Arrested", Seen: first.ID}))
	kind(t, "a stale page", between(t, s, authz.Probation, review.Between{Nominal: of, Rating: rag.Prison, Reason: "x", Seen: first.ID}), fault.Stale)
	now := latest(t, s, reg)
	if now.Rating != rag.Red || !now.Waits() || now.AgreedBy != "Parker Eastwood" || now.RatedOn != clock.NewDate(2026, 6, 1) {
		t.Errorf("the rating reads %+v", now)
	}
	waiting := read(t, s, s.Account(authz.Chair, s.East), func(ctx context.Context, q *db.ReadTx) ([]review.Rating, error) {
		return review.Unratified(ctx, q, []ref.AreaID{s.East})
	})
	if len(waiting) != 1 || waiting[0].ID != now.ID {
		t.Errorf("waiting: %+v", waiting)
	}
}

func TestRatifying(t *testing.T) {
	t.Parallel()
	s := fixture.New(t)
	of, reg := s.Registered(t, s.East, "Marlow", "Dean", rag.Green)
	must(t, between(t, s, authz.Police, review.Between{Nominal: of, Rating: rag.Red, Reason: "Arrested"}))
	red := latest(t, s, reg)
	d := s.Decision(t, s.East)
	answer := func(role authz.Role, id ref.RatingID, ratified bool, reason string) error {
		_, err := db.Write(t.Context(), s.DB, s.As(role, s.East), func(ctx context.Context, tx *db.Tx) (bool, error) {
			return true, review.Ratify(ctx, tx, id, d, ratified, reason)
		})
		return err
	}
	kind(t, "police", answer(authz.Police, red.ID, true, ""), fault.Forbidden)
	kind(t, "refused without a reason", answer(authz.Chair, red.ID, false, ""), fault.Invalid)
	must(t, answer(authz.Chair, red.ID, true, ""))
	kind(t, "a second answer", answer(authz.Chair, red.ID, false, "x"), fault.Invalid)
	if now := latest(t, s, reg); now.ID != red.ID || now.Outcome != review.Ratified || now.AnsweredAt != d.Meeting {
		t.Errorf("ratified reads %+v", now)
	}

	must(t, between(t, s, authz.Police, review.Between{Nominal: of, Rating: rag.RedAlert, Reason: "Wanted"}))
	alert := latest(t, s, reg)
	must(t, answer(authz.Coordinator, alert.ID, false, "Arrested the same day"))
	now := latest(t, s, reg)
	if now.Rating != rag.Red || now.Meeting != d.Meeting || now.Reason != "Arrested the same day" || now.ID == red.ID {
		t.Errorf("after the refusal: %+v", now)
	}
	kind(t, "a rating of a meeting", answer(authz.Chair, now.ID, true, ""), fault.Invalid)
	all := read(t, s, s.Account(authz.Partner, s.East), func(ctx context.Context, q *db.ReadTx) ([]review.Rating, error) { return review.History(ctx, q, of) })
	if len(all) != 4 || all[1].Outcome != review.NotRatified || all[1].Answer != "Arrested the same day" {
		t.Errorf("the history reads %+v", all)
	}
}

func TestAMeetingRatesAsItsChair(t *testing.T) {
	t.Parallel()
	s := fixture.New(t)
	of, reg := s.Registered(t, s.East, "Marlow", "Dean", rag.Red)
	d := s.Decision(t, s.East)
	s.Clock.Advance(26 * time.Hour) // the sheet is written up on the next day
	rate := func(role authz.Role) error {
		_, err := db.Write(t.Context(), s.DB, s.As(role, s.East), func(ctx context.Context, tx *db.Tx) (ref.RatingID, error) {
			return review.Insert(ctx, tx, review.New{Registration: reg, Nominal: of, Rating: rag.Amber, Reason: "Keeps appointments", Decision: &d})
		})
		return err
	}
	for _, role := range []authz.Role{authz.Police, authz.Probation, authz.Partner} {
		kind(t, string(role), rate(role), fault.Forbidden)
	}
	must(t, rate(authz.Coordinator))
	now := latest(t, s, reg)
	if now.RatedOn != clock.NewDate(2026, 6, 1) || now.ChairName != "Charlie Eastwood" || now.AgreedBy != "All agencies present" || now.RecordedByName != "Casey Eastwood" || now.Waits() {
		t.Errorf("the rating reads %+v", now)
	}
	on := read(t, s, s.Account(authz.Partner, s.East), func(ctx context.Context, q *db.ReadTx) (clock.Date, error) { return review.ReviewedOn(ctx, q, reg) })
	if on != clock.NewDate(2026, 6, 1) {
		t.Errorf("reviewed on %s", on)
	}
}

func TestWantedAlertsReachOnlyTheAgenciesChosen(t *testing.T) {
	t.Parallel()
	s := fixture.New(t)
	partner, probation := s.Account(authz.Partner, s.East), s.Account(authz.Probation, s.East)
	guest := s.AccountAt(authz.Guest, s.East, s.Star) // a guest from an agency that is told
	of, _ := s.Registered(t, s.East, "Marlow", "Dean", rag.Green)
	must(t, func() error { // the guest is invited for this very case
		_, err := db.Write(t.Context(), s.DB, s.As(authz.Coordinator, s.East), func(ctx context.Context, tx *db.Tx) (bool, error) {
			tx.Record(event(of))
			_, err := tx.Exec(ctx, `SELECT invite_guest($1, $2, $3, $4, false)`, of, guest.Account, tx.Now(), tx.Now().Add(240*time.Hour))
			return true, err
		})
		return err
	}())
	b := review.Between{Nominal: of, Rating: rag.RedAlert, Reason: "Failed to appear", Alert: []ref.AgencyID{s.Star}, Message: "Do not approach alone"}
	noMessage, guests, notRed := b, b, b
	noMessage.Message = ""
	guests.Alert = []ref.AgencyID{s.Housing} // nobody but guests would read it there
	notRed.Rating = rag.Red
	kind(t, "no message", between(t, s, authz.Police, noMessage), fault.Invalid)
	kind(t, "an agency without anybody", between(t, s, authz.Police, guests), fault.Invalid)
	kind(t, "an alert with RED", between(t, s, authz.Police, notRed), fault.Invalid)
	must(t, between(t, s, authz.Police, b))

	alerts := func(a authz.Actor) []review.WantedAlert {
		return read(t, s, a, func(ctx context.Context, q *db.ReadTx) ([]review.WantedAlert, error) {
			return review.WantedAlerts(ctx, q)
		})
	}
	if got := alerts(partner); len(got) != 1 || got[0].Name != "Dean Marlow" || got[0].Message != b.Message || got[0].RaisedBy != "Parker Eastwood" {
		t.Errorf("the agency chosen is told %+v", got)
	}
	both := guestAndPartner(t, s)
	if got := alerts(both); len(got) != 0 {
		t.Errorf("a council worker who is a guest for the agency chosen is told %+v", got)
	}
	elsewhere := s.Account(authz.Partner, s.North) // the same agency in another area
	for name, a := range map[string]authz.Actor{"an agency not chosen": probation, "the guest": guest, "another area": elsewhere} {
		if got := alerts(a); len(got) != 0 {
			t.Errorf("%s is told %+v", name, got)
		}
	}
	must(t, review.PublishAlert(t.Context(), s.DB, s.As(authz.Police, s.East), of, []ref.AgencyID{s.Star, s.Probation}, "Also to probation"))
	kind(t, "probation publishes", review.PublishAlert(t.Context(), s.DB, s.As(authz.Probation, s.East), of, []ref.AgencyID{s.Star}, "x"), fault.Forbidden)
	if len(alerts(probation)) != 1 || len(alerts(partner)) != 1 {
		t.Error("the second alert did not reach probation, or came twice to the first agency")
	}
	must(t, between(t, s, authz.Police, review.Between{Nominal: of, Rating: rag.Prison, Reason: "Arrested"}))
	if len(alerts(partner)) != 0 {
		t.Error("the alert stands after the arrest")
	}
	kind(t, "an alert without RED ALERT", review.PublishAlert(t.Context(), s.DB, s.As(authz.Police, s.East), of, []ref.AgencyID{s.Star}, "x"), fault.Invalid)
}

// guestAndPartner does casework for the council and is a guest for another agency.
func guestAndPartner(t *testing.T, s *fixture.Scheme) authz.Actor {
	t.Helper()
	id := s.AccountAt(authz.Partner, s.East, s.Council).Account
	_, err := db.Write(t.Context(), s.DB, fixture.System(), func(ctx context.Context, tx *db.Tx) (ref.GrantID, error) {
		return account.InsertGrant(ctx, tx, account.NewGrant{Account: ref.AccountID(id), Role: authz.Guest, Agency: s.Star, Area: s.East})
	})
	must(t, err)
	standing, err := s.DB.StandingOf(t.Context(), id)
	must(t, err)
	return standing.Actor
}
