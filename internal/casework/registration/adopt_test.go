package registration_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"iom/internal/casework/fixture"
	"iom/internal/casework/rag"
	"iom/internal/casework/ref"
	"iom/internal/casework/registration"
	"iom/internal/casework/review"
	"iom/internal/casework/sentence"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
)

// adoption is a complete decision to adopt, led by the area's probation officer.
func adoption(t *testing.T, s *fixture.Scheme, at ref.AreaID, of ref.NominalID) registration.Adoption {
	return registration.Adoption{Referral: s.Referred(t, at, of, adult), Reason: "High risk of reoffending", Decision: s.Decision(t, at),
		Rating: rag.Red, RatingReason: "Fixed-term recall last month", Characteristics: []string{"Fixed-term recall"}, Supervision: "Twice a week",
		Lead: registration.Lead{Account: ref.AccountID(s.Account(authz.Probation, at).Account), Capacity: registration.ProbationOfficer}}
}

func adopt(t *testing.T, s *fixture.Scheme, as db.Submission, a registration.Adoption) error {
	return do(t, s, as, func(ctx context.Context, tx *db.Tx) error {
		_, err := registration.Adopt(ctx, tx, a)
		return err
	})
}

func TestAdoptionRegistersWithRatingLeadAndFirstLine(t *testing.T) {
	t.Parallel()
	s := fixture.New(t)
	of := s.Nominal(t, s.East, "Marlow", "Dean", adult)
	a := adoption(t, s, s.East, of)
	must(t, adopt(t, s, s.As(authz.Coordinator, s.East), a))
	now, ok := current(t, s, s.East, of)
	if !ok || now.Rating != rag.Red || !now.Ratified || now.LeadName != "Robin Eastwood" || now.LeadAgency != s.Probation || now.BeganOn != clock.NewDate(2026, 6, 1) {
		t.Errorf("the registration reads %+v, %v", now, ok)
	}
	reader := s.Account(authz.Partner, s.East)
	lists := read(t, s, reader, func(ctx context.Context, q *db.ReadTx) (registration.Lists, error) {
		return registration.Checklists(ctx, q, now.ID)
	})
	first := lists.Get(registration.AdoptionList, registration.Conference)
	if len(lists) != 1 || first.DoneOn != clock.NewDate(2026, 6, 1) || first.ByWhom != "Charlie Eastwood, in the chair" {
		t.Errorf("the checklist reads %+v", lists)
	}
	rating := read(t, s, reader, func(ctx context.Context, q *db.ReadTx) (review.Rating, error) { return review.Latest(ctx, q, now.ID) })
	if rating.Meeting != a.Decision.Meeting || rating.ChairName != "Charlie Eastwood" || rating.AgreedBy != "All agencies present" ||
		rating.Reason != a.RatingReason || rating.Supervision != "Twice a week" || len(rating.Characteristics) != 1 {
		t.Errorf("the rating reads %+v", rating)
	}
}

func TestAdoptionNeedsTheRightToDecideInTheArea(t *testing.T) {
	t.Parallel()
	s := fixture.New(t)
	of := s.Nominal(t, s.East, "Marlow", "Dean", adult)
	a := adoption(t, s, s.East, of)
	for _, role := range []authz.Role{authz.Police, authz.Probation, authz.Partner} {
		refused(t, adopt(t, s, s.As(role, s.East), a), fault.Forbidden, "")
	}
	refused(t, adopt(t, s, s.As(authz.Coordinator, s.Brighton), a), fault.NotFound, "")
	if _, ok := current(t, s, s.East, of); ok {
		t.Error("a refused adoption registered somebody")
	}
	must(t, adopt(t, s, s.As(authz.Chair, s.East), a))
}

func TestAdoptionIsAllOrNothing(t *testing.T) {
	t.Parallel()
	s := fixture.New(t)
	of := s.Nominal(t, s.East, "Marlow", "Dean", adult)
	good := adoption(t, s, s.East, of)
	as := s.As(authz.Coordinator, s.East)
	for name, c := range map[string]struct {
		spoil func(a *registration.Adoption)
		rule  string
	}{
		"no reason for the rating":   {func(a *registration.Adoption) { a.RatingReason = "" }, "R50"},
		"a level of a need":          {func(a *registration.Adoption) { a.Rating = "red" }, "R38"},
		"characteristics of another": {func(a *registration.Adoption) { a.Characteristics = []string{"In custody"} }, "R38"},
		"no reason for adopting":     {func(a *registration.Adoption) { a.Reason = "" }, "R9"},
		"nobody leads":               {func(a *registration.Adoption) { a.Lead = registration.Lead{} }, "R10"},
		"a lead of another area": {func(a *registration.Adoption) {
			a.Lead.Account = ref.AccountID(s.Account(authz.Probation, s.North).Account)
		}, "R10"},
		"police in a probation capacity": {func(a *registration.Adoption) {
			a.Lead.Account = ref.AccountID(s.Account(authz.Police, s.East).Account)
		}, "R10"},
		"a guest leads":                {func(a *registration.Adoption) { a.Lead.Account = ref.AccountID(s.Account(authz.Guest, s.East).Account) }, "R10"},
		"for an agency not worked for": {func(a *registration.Adoption) { a.Lead.Agency = s.Star }, "R10"},
	} {
		a := good
		c.spoil(&a)
		if err := adopt(t, s, as, a); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s: %v", name, err)
		} else {
			refused(t, err, fault.Invalid, c.rule)
		}
		if _, ok := current(t, s, s.East, of); ok {
			t.Fatalf("%s: registered all the same", name)
		}
	}
	must(t, adopt(t, s, as, good))
	refused(t, adopt(t, s, as, good), fault.Invalid, "R9") // the referral is decided
}

func TestOnLicenceProbationLeads(t *testing.T) {
	t.Parallel()
	s := fixture.New(t)
	of := s.Nominal(t, s.East, "Marlow", "Dean", adult)
	must(t, do(t, s, s.As(authz.Probation, s.East), func(ctx context.Context, tx *db.Tx) error {
		tx.Record(event(of))
		_, err := sentence.InsertStatus(ctx, tx, sentence.NewStatus{Nominal: of, Standing: sentence.Licence, From: clock.NewDate(2026, 1, 1),
			Ends: clock.NewDate(2026, 8, 1), Source: "Prison"})
		return err
	}))
	a := adoption(t, s, s.East, of)
	police := registration.Lead{Account: ref.AccountID(s.Account(authz.Police, s.East).Account), Capacity: registration.PoliceOfficer}
	probation := a.Lead
	a.Lead = police
	as := s.As(authz.Coordinator, s.East)
	refused(t, adopt(t, s, as, a), fault.Invalid, "R10")
	a.Lead = probation
	must(t, adopt(t, s, as, a))
	change := registration.NewLead{Nominal: of, Lead: police, FromOn: clock.NewDate(2026, 6, 1), Reason: "Moves to police"}
	_, err := registration.ChangeLead(t.Context(), s.DB, as, change)
	refused(t, err, fault.Invalid, "R10")

	s.Clock.Set(clock.NewDate(2026, 8, 2).At(9, 0)) // the licence has ended
	change.FromOn = clock.NewDate(2026, 8, 2)
	_, err = registration.ChangeLead(t.Context(), s.DB, as, change)
	must(t, err)
	leads := read(t, s, s.Account(authz.Partner, s.East), func(ctx context.Context, q *db.ReadTx) ([]registration.LeadWorker, error) {
		return registration.Leads(ctx, q, of)
	})
	if len(leads) != 2 || leads[0].Name != "Parker Eastwood" || leads[0].Reason != "Moves to police" || leads[1].Name != "Robin Eastwood" {
		t.Errorf("the lead workers read %+v", leads)
	}
}

// TestOneRegistrationAtATime has two areas, which do not see each other, adopt the
// same person in the same moment.
func TestOneRegistrationAtATime(t *testing.T) {
	t.Parallel()
	s := fixture.New(t)
	of := s.Nominal(t, s.East, "Marlow", "Dean", adult)
	must(t, do(t, s, fixture.System(), func(ctx context.Context, tx *db.Tx) error {
		tx.Record(event(of))
		_, err := tx.Exec(ctx, `INSERT INTO nominal_access (nominal_id, area_id, kind, starts, recorded_by) VALUES ($1, $2, 'referral', $3, 1)`,
			of, s.Brighton, tx.Now())
		return err
	}))
	s.Clock.Advance(time.Hour)
	east, brighton := adoption(t, s, s.East, of), adoption(t, s, s.Brighton, of)
	s.Clock.Advance(time.Hour)
	errs := make([]error, 2)
	var both sync.WaitGroup
	as := []db.Submission{s.As(authz.Coordinator, s.East), s.As(authz.Coordinator, s.Brighton)}
	for i, a := range []registration.Adoption{east, brighton} {
		both.Go(func() {
			_, errs[i] = db.Write(t.Context(), s.DB, as[i], func(ctx context.Context, tx *db.Tx) (ref.RegistrationID, error) {
				return registration.Adopt(ctx, tx, a)
			})
		})
	}
	both.Wait()
	if (errs[0] == nil) == (errs[1] == nil) {
		t.Fatalf("one of the two should win: %v and %v", errs[0], errs[1])
	}
	lost := errs[0]
	if lost == nil {
		lost = errs[1]
	}
	// The loser is told that another area has the person now, not that something broke.
	refused(t, lost, fault.Forbidden, "")
	_, inEast := current(t, s, s.East, of)
	_, inBrighton := current(t, s, s.Brighton, of)
	if inEast == inBrighton {
		t.Errorf("seen as registered: East Sussex %v, Brighton & Hove %v", inEast, inBrighton)
	}
}

// TestTwoReferralsAdoptOnce has one area adopt the same person twice at once: the
// constraint lets one through, and says so in words.
func TestTwoReferralsAdoptOnce(t *testing.T) {
	t.Parallel()
	s := fixture.New(t)
	of := s.Nominal(t, s.East, "Marlow", "Dean", adult)
	first, second := adoption(t, s, s.East, of), adoption(t, s, s.East, of)
	as := s.As(authz.Coordinator, s.East)
	var both sync.WaitGroup
	errs := make([]error, 2)
	for i, a := range []registration.Adoption{first, second} {
		both.Go(func() {
			_, errs[i] = db.Write(t.Context(), s.DB, as, func(ctx context.Context, tx *db.Tx) (ref.RegistrationID, error) {
				return registration.Adopt(ctx, tx, a)
			})
		})
	}
	both.Wait()
	if (errs[0] == nil) == (errs[1] == nil) {
		t.Fatalf("one of the two should win: %v and %v", errs[0], errs[1])
	}
	if errs[0] != nil {
		errs[1] = errs[0]
	}
	refused(t, errs[1], fault.Invalid, "R99")
	all := read(t, s, s.Account(authz.Coordinator, s.East), func(ctx context.Context, q *db.ReadTx) ([]registration.Registration, error) {
		return registration.Of(ctx, q, of)
	})
	if len(all) != 1 {
		t.Errorf("registered %d times", len(all))
	}
}
