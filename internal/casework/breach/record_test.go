package breach_test

import (
	"context"
	"slices"
	"testing"

	"iom/internal/casework/breach"
	"iom/internal/casework/contact"
	"iom/internal/casework/custody"
	"iom/internal/casework/fixture"
	"iom/internal/casework/law"
	"iom/internal/casework/rag"
	"iom/internal/casework/recall"
	"iom/internal/casework/ref"
	"iom/internal/casework/sentence"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
)

var day = clock.MustISO

// sixMonths is a sentence of six months from 15 June 2025: it ends on 14 December 2025, and its
// supervision was notified to end on 14 September 2026.
func sixMonths(t *testing.T, s *fixture.Scheme, id ref.NominalID) ref.SentenceID {
	t.Helper()
	made, err := sentence.Record(t.Context(), s.DB, s.As(authz.Probation, s.East), sentence.New{Nominal: id, ImposedOn: day("2025-06-15"), Court: "Lewes Crown Court",
		Offence: "Burglary", OffenceOn: day("2025-06-01"), Type: sentence.Determinate, Term: sentence.Term{Months: 6}, Source: "court register"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := custody.Notify(t.Context(), s.DB, s.As(authz.Probation, s.East), custody.NewNotice{Nominal: id, NotifiedBy: "Probation", NotifiedOn: day("2025-12-15"), Source: "letter",
		Dates: []custody.Dated{{Kind: custody.SupervisionEnd, Day: day("2026-09-14")}}}); err != nil {
		t.Fatal(err)
	}
	return made
}

func order(t *testing.T, s *fixture.Scheme, id ref.NominalID, kind sentence.Kind) ref.SentenceID {
	t.Helper()
	made, err := sentence.Record(t.Context(), s.DB, s.As(authz.Probation, s.East), sentence.New{Nominal: id, ImposedOn: day("2026-01-05"), Court: "Hastings Magistrates’ Court",
		Offence: "Theft", Type: sentence.Type(kind), OrderEnds: day("2027-01-04"), Source: "court register"})
	if err != nil {
		t.Fatal(err)
	}
	return made
}

func of(t *testing.T, s *fixture.Scheme, id ref.NominalID) []breach.Breach {
	t.Helper()
	all, err := fixture.Read(t, s, s.Account(authz.Partner, s.East), func(ctx context.Context, q *db.ReadTx) ([]breach.Breach, error) { return breach.Of(ctx, q, id) })
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func record(t *testing.T, s *fixture.Scheme, n breach.New) ref.BreachID {
	t.Helper()
	n.What, n.Source = "What happened", "probation"
	id, err := breach.Record(t.Context(), s.DB, s.As(authz.Probation, s.East), n)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func follow(t *testing.T, s *fixture.Scheme, of ref.NominalID, id ref.BreachID, n breach.NewStep) {
	t.Helper()
	n.Source = "probation"
	if err := breach.Follow(t.Context(), s.DB, s.As(authz.Probation, s.East), of, id, n); err != nil {
		t.Fatalf("%s: %v", n.Step, err)
	}
}

// Two breaches of supervision, both begun before the repeal of 11 May 2026. The first ends in unpaid
// work; that order is then broken itself, and a fine takes its place (R144, R146, R147, R148).
func TestSupervisionBeforeTheCourtByR144ToR148(t *testing.T) {
	t.Parallel()
	s := fixture.New(t, fixture.On(day("2026-06-20")))
	id := s.Nominal(t, s.East, "Marsh", "Kit", day("1990-05-17"))
	ctx, by := t.Context(), func() db.Submission { return s.As(authz.Probation, s.East) }
	st := sixMonths(t, s, id)
	first := record(t, s, breach.New{Nominal: id, Sentence: st, Of: law.OfSupervision, Type: law.BrokeAppointment, BreachedOn: day("2026-02-02")})
	hearing := breach.NewHearing{Source: "court", Case: law.SupervisionCase{HeardOn: day("2026-03-02"), Finding: law.Breached, Sanction: law.DefaultUnpaidWork,
		UnpaidHours: 40, OrderEnds: day("2026-08-31")}}
	if err := breach.Hear(ctx, s.DB, by(), id, first, hearing); fault.KindOf(err) != fault.Invalid {
		t.Errorf("heard without information: %v", err)
	}
	follow(t, s, id, first, breach.NewStep{Step: breach.Laid, On: day("2026-02-09"), ListedOn: day("2026-03-02")})
	if b := of(t, s, id)[0]; !b.Open() || b.Hearing() != day("2026-03-02") {
		t.Errorf("listed: %+v", b)
	}
	past := hearing
	past.Case.OrderEnds = day("2026-09-15")
	if err := breach.Hear(ctx, s.DB, by(), id, first, past); fault.KindOf(err) != fault.Invalid {
		t.Errorf("R148, an order past the end: %v", err)
	}
	if err := breach.Hear(ctx, s.DB, by(), id, first, hearing); err != nil {
		t.Fatal(err)
	}
	made, _ := of(t, s, id)[0].DefaultOrder()
	second := record(t, s, breach.New{Nominal: id, Sentence: st, Of: law.OfSupervision, Type: law.BrokeOther, BreachedOn: day("2026-04-20"), Order: made.ID})
	follow(t, s, id, second, breach.NewStep{Step: breach.Laid, On: day("2026-04-27")})
	fined := breach.NewHearing{Source: "court", Note: "Pleaded guilty", Case: law.SupervisionCase{HeardOn: day("2026-06-15"), Finding: law.Breached, Sanction: law.FineSanction, Fine: 1000}}
	if err := breach.Hear(ctx, s.DB, by(), id, second, fined); err != nil {
		t.Fatal(err)
	}
	all := of(t, s, id)
	if b := all[0]; b.ID != second || b.Open() || len(b.Steps) != 2 || b.Steps[1].FinePence != 100_000 || b.Steps[1].Court(b).Word() != "Fine of £1000" {
		t.Errorf("the second: %+v", b)
	}
	if b := all[1]; b.OrderRan() != day("2026-06-15") || b.Next() != nil || b.Steps[2].Step != breach.Revoked || b.Steps[2].Cause != all[0].Steps[1].ID {
		t.Errorf("R147: %+v", b)
	}
	// The hearing was another person's: with it goes what it did to the order.
	if err := breach.Correct(ctx, s.DB, by(), id, breach.FactStep, int64(all[0].Steps[1].ID), "another person's"); err != nil {
		t.Fatal(err)
	}
	all = of(t, s, id)
	if !all[0].Open() || all[1].OrderRan() != day("2026-08-31") || !slices.Equal(all[1].Next(), []breach.Step{breach.Completed}) {
		t.Errorf("after the correction: %+v", all)
	}
	follow(t, s, id, first, breach.NewStep{Step: breach.Completed, On: day("2026-06-19")})
	if err := breach.Correct(ctx, s.DB, by(), id, breach.Fact, int64(second), "wrong person"); err != nil {
		t.Fatal(err)
	}
	if all = of(t, s, id); len(all) != 1 || all[0].ID != first {
		t.Errorf("entered in error: %+v", all)
	}
}

// A licence breach that ends in a recall; a missed appointment of an order that ends in court (R142).
func TestLicenceAndOrdersByR142AndR178(t *testing.T) {
	t.Parallel()
	s := fixture.New(t)
	id := s.Nominal(t, s.East, "Marsh", "Kit", day("1990-05-17"))
	ctx, by := t.Context(), func() db.Submission { return s.As(authz.Police, s.East) }
	st, err := sentence.Record(ctx, s.DB, by(), sentence.New{Nominal: id, ImposedOn: day("2025-01-05"), Court: "Lewes Crown Court", Offence: "Burglary", OffenceOn: day("2025-01-05"),
		Type: sentence.Determinate, Term: sentence.Term{Months: 20}, Source: "court register"}) // to 4 September 2026 (facts, case 13)
	if err != nil {
		t.Fatal(err)
	}
	licence := record(t, s, breach.New{Nominal: id, Sentence: st, Of: law.OfLicence, Type: law.BrokeCurfew, BreachedOn: day("2026-05-18")})
	follow(t, s, id, licence, breach.NewStep{Step: breach.Warned, On: day("2026-05-20")})
	rid, err := recall.Decide(ctx, s.DB, by(), recall.New{Nominal: id, Sentence: st, DecidedAt: s.Clock.Now(), DecidedBy: "Robin Eastwood", Reason: "x", Source: "x"})
	if err != nil {
		t.Fatal(err)
	}
	follow(t, s, id, licence, breach.NewStep{Step: breach.Recalled, On: day("2026-06-01"), Recall: rid})

	suspended := order(t, s, id, sentence.Suspended)
	missed, err := contact.Log(ctx, s.DB, by(), contact.New{Nominal: id, Kind: contact.OfficeVisit, HeldOn: day("2026-05-11"), Outcome: contact.DidNotAttend, Agency: s.Police, Log: "x", Source: "x"})
	if err != nil {
		t.Fatal(err)
	}
	refused, err := contact.Log(ctx, s.DB, by(), contact.New{Nominal: id, Kind: contact.KeyWork, HeldOn: day("2026-05-12"), Outcome: contact.RefusedTreatment, Agency: s.Star, Log: "x", Source: "x"})
	if err != nil {
		t.Fatal(err)
	}
	n := breach.New{Nominal: id, Sentence: suspended, Of: law.OfSuspended, Type: law.BrokeAppointment, BreachedOn: day("2026-05-11"), What: "x", Contact: refused, Source: "x"}
	for _, wrong := range []ref.ContactID{refused, 99999} {
		n.Contact = wrong
		if _, err := breach.Record(ctx, s.DB, by(), n); fault.KindOf(err) != fault.Invalid || fault.ProblemsOf(err)[0].Rule != "R142" {
			t.Errorf("contact %d: %v", wrong, err)
		}
	}
	n.Contact = missed
	ordered := record(t, s, n)
	follow(t, s, id, ordered, breach.NewStep{Step: breach.Proceedings, On: day("2026-05-18"), ListedOn: day("2026-05-28")})
	follow(t, s, id, ordered, breach.NewStep{Step: breach.Decided, On: day("2026-05-28"), Outcome: breach.Activated})
	all := of(t, s, id)
	if b := all[0]; b.Open() || len(b.Steps) != 2 || b.Steps[1].Recall != rid {
		t.Errorf("licence: %+v", b)
	}
	if b := all[1]; b.Open() || b.ContactWord != "Office visit on 11 May 2026: did not attend" {
		t.Errorf("order: %+v", b)
	}
	ends, err := fixture.Read(t, s, s.Account(authz.Police, s.East), func(ctx context.Context, q *db.ReadTx) ([]sentence.End, error) { return sentence.EndsOf(ctx, q, id) })
	if err != nil || len(ends) != 1 || ends[0].How != sentence.Activated || ends[0].On != day("2026-05-28") {
		t.Errorf("the order ended: %+v, %v", ends, err)
	}
	other := s.Nominal(t, s.East, "Reed", "Alex", day("1991-05-17"))
	if err := breach.Follow(ctx, s.DB, by(), other, licence, breach.NewStep{Step: breach.Warned, On: day("2026-06-01"), Source: "x"}); fault.KindOf(err) != fault.NotFound {
		t.Errorf("of another person: %v", err)
	}
}

// The database by itself refuses what R146 and R147 do not allow.
func TestTheShapeOfAHearingByR146(t *testing.T) {
	t.Parallel()
	s := fixture.New(t, fixture.On(day("2026-06-20")))
	id := s.Nominal(t, s.East, "Marsh", "Kit", day("1990-05-17"))
	st := sixMonths(t, s, id)
	made := record(t, s, breach.New{Nominal: id, Sentence: st, Of: law.OfSupervision, Type: law.Offended, BreachedOn: day("2026-02-02")})
	insert := func(constraint, sql string) {
		t.Helper()
		_, err := db.Write(t.Context(), s.DB, s.As(authz.Probation, s.East), func(ctx context.Context, tx *db.Tx) (bool, error) {
			var step int64
			if err := tx.QueryRow(ctx, `INSERT INTO breach_step (breach_id, nominal_id, of_what, step, happened_on, source, recorded_at, recorded_by)
				VALUES ($1, $2, 'post-sentence supervision', 'heard', '2026-03-02', 'x', $3, $4) RETURNING id`, made, id, tx.Now(), tx.Actor().Account).Scan(&step); err != nil {
				return false, err
			}
			_, err := tx.Exec(ctx, `INSERT INTO breach_hearing (finding, sanction, fine_pence, committal_days, unpaid_hours, curfew_days, order_ends_on, step_id, nominal_id,
				absconded, recorded_at, recorded_by) VALUES ('breach without reasonable excuse', `+sql+`, $1, $2, false, $3, $4)`, step, id, tx.Now(), tx.Actor().Account)
			return false, err
		})
		if !db.Violates(err, constraint) {
			t.Errorf("%s: %v, want %s", sql, err, constraint)
		}
	}
	insert("breach_fine", `'fine', 100001, NULL, NULL, NULL, NULL`)
	insert("breach_committal", `'committal to prison', NULL, 15, NULL, NULL, NULL`)
	insert("breach_unpaid_work", `'supervision default order: unpaid work', NULL, NULL, 61, NULL, '2026-08-01'`)
	insert("breach_curfew", `'supervision default order: electronically monitored curfew', NULL, NULL, NULL, 19, '2026-08-01'`)
	insert("breach_one_sanction", `'fine', 5000, 7, NULL, NULL, NULL`)
	insert("breach_one_sanction", `'supervision default order: unpaid work', NULL, NULL, 40, NULL, NULL`)
	insert("breach_sanctioned", `'', NULL, NULL, NULL, NULL, NULL`)
}

// A quarter is counted from the record, by first day and by day of hearing, of people who were
// registered on that day (R178, R179).
func TestAQuarterIsCountedByR178AndR179(t *testing.T) {
	t.Parallel()
	s := fixture.New(t, fixture.On(day("2026-01-12")))
	one, _ := s.Registered(t, s.East, "Marsh", "Kit", rag.Amber)
	two, _ := s.Registered(t, s.East, "Reed", "Alex", rag.Amber)
	stranger := s.Nominal(t, s.East, "Moor", "Jo", day("1990-05-17"))
	s.Clock.Set(day("2026-06-20").At(9, 0))
	community := map[ref.NominalID]ref.SentenceID{}
	for _, id := range []ref.NominalID{one, two, stranger} {
		community[id] = order(t, s, id, sentence.CommunityOrder)
	}
	add := func(id ref.NominalID, kind law.BreachType, on string) ref.BreachID {
		return record(t, s, breach.New{Nominal: id, Sentence: community[id], Of: law.OfCommunity, Type: kind, BreachedOn: day(on)})
	}
	add(one, law.BrokeAppointment, "2026-04-01")
	add(one, law.BrokeAppointment, "2026-06-19")
	add(two, law.BrokeAppointment, "2026-05-05")
	add(two, law.Offended, "2026-05-06")
	add(one, law.BrokeCurfew, "2026-03-31") // the quarter before
	add(two, law.BrokeCurfew, "2026-01-11") // not yet on the scheme
	add(stranger, law.BrokeCurfew, "2026-05-05")
	wrong := add(two, law.BrokeOther, "2026-05-07")
	if err := breach.Correct(t.Context(), s.DB, s.As(authz.Police, s.East), two, breach.Fact, int64(wrong), "another person's"); err != nil {
		t.Fatal(err)
	}
	supervised := record(t, s, breach.New{Nominal: one, Sentence: sixMonths(t, s, one), Of: law.OfSupervision, Type: law.BrokeCurfew, BreachedOn: day("2026-03-02")})
	follow(t, s, one, supervised, breach.NewStep{Step: breach.Laid, On: day("2026-03-09")})
	if err := breach.Hear(t.Context(), s.DB, s.As(authz.Probation, s.East), one, supervised, breach.NewHearing{Source: "court",
		Case: law.SupervisionCase{HeardOn: day("2026-04-13"), Finding: law.Reasonable}}); err != nil {
		t.Fatal(err)
	}
	count := func(areas ...ref.AreaID) breach.Counts {
		c, err := fixture.Read(t, s, s.Account(authz.Coordinator, s.East), func(ctx context.Context, q *db.ReadTx) (breach.Counts, error) {
			return breach.Count(ctx, q, areas, day("2026-04-01"), day("2026-06-30"))
		})
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	got := count(s.East)
	want := []breach.Line{{Of: law.OfCommunity, Type: law.BrokeAppointment, Breaches: 3, People: 2}, {Of: law.OfCommunity, Type: law.Offended, Breaches: 1, People: 1}}
	if !slices.Equal(got.Breaches, want) {
		t.Errorf("breaches: %+v", got.Breaches)
	}
	if !slices.Equal(got.Heard, []breach.Heards{{Finding: law.Reasonable, Cases: 1}}) {
		t.Errorf("hearings: %+v", got.Heard)
	}
	if c := count(s.Brighton); len(c.Breaches)+len(c.Heard) > 0 {
		t.Errorf("Brighton: %+v", c)
	}
}

// By hand, from the table of permissions: co-ordinator, police, probation of the area.
func TestWhoMayRecordABreach(t *testing.T) {
	t.Parallel()
	s := fixture.New(t)
	for role, want := range map[authz.Role]fault.Kind{
		authz.Coordinator: 0, authz.Police: 0, authz.Probation: 0, authz.Chair: fault.Forbidden, authz.Partner: fault.Forbidden,
		authz.Analyst: fault.NotFound, authz.Auditor: fault.NotFound, authz.Administrator: fault.NotFound, authz.Guest: fault.NotFound,
	} {
		id := s.Nominal(t, s.East, "Marsh", "Kit", day("1990-05-17"))
		n := breach.New{Nominal: id, Sentence: order(t, s, id, sentence.CommunityOrder), Of: law.OfCommunity, Type: law.BrokeOther, BreachedOn: day("2026-05-01"), What: "x", Source: "x"}
		made, err := breach.Record(t.Context(), s.DB, s.As(role, s.East), n)
		if fault.KindOf(err) != want || want == 0 && err != nil {
			t.Errorf("%s: %v, want kind %d", role, err, want)
		}
		if made == 0 {
			made = record(t, s, n)
		}
		if err := breach.Follow(t.Context(), s.DB, s.As(role, s.East), id, made, breach.NewStep{Step: breach.Warned, On: day("2026-05-02"), Source: "x"}); fault.KindOf(err) != want || want == 0 && err != nil {
			t.Errorf("%s, a step: %v, want kind %d", role, err, want)
		}
		if _, err := breach.Record(t.Context(), s.DB, s.As(role, s.Brighton), n); fault.KindOf(err) != fault.NotFound {
			t.Errorf("%s of another area: %v", role, err)
		}
	}
}
