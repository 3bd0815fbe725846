package livelist_test

import (
	"context"
	"math/rand/v2"
	"reflect"
	"strconv"
	"testing"

	"iom/internal/casework/action"
	"iom/internal/casework/area"
	"iom/internal/casework/contact"
	"iom/internal/casework/custody"
	"iom/internal/casework/fixture"
	"iom/internal/casework/link"
	"iom/internal/casework/nominal"
	"iom/internal/casework/rag"
	"iom/internal/casework/ref"
	"iom/internal/casework/registration"
	"iom/internal/casework/review"
	"iom/internal/casework/sentence"
	"iom/internal/insight/livelist"
	"iom/internal/platform/audit"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
)

// life makes things happen to a few people, at random, by the real commands.
type life struct {
	*fixture.Scheme
	t      *testing.T
	dice   *rand.Rand
	people []ref.NominalID
	by     db.Submission // the co-ordinator
	police db.Submission
	groups []area.Group
	done   map[string]int
}

// TestTheListIsWhatHappened: after a random life, the rows kept step by step are
// those that come of recomputing everything from nothing, and say what the rooms say.
func TestTheListIsWhatHappened(t *testing.T) {
	t.Parallel()
	for seed := range uint64(3) {
		t.Run(strconv.FormatUint(seed, 10), func(t *testing.T) {
			t.Parallel()
			l := begin(t, seed)
			for range 90 {
				l.step()
				if l.dice.IntN(4) == 0 {
					l.Clock.Set(clock.Today(l.Clock).AddDays(l.dice.IntN(12)).At(9, l.dice.IntN(60)))
				}
			}
			kept := l.rows()
			if len(kept) == 0 || len(l.done) < 12 {
				t.Errorf("too little happened: %d rows after %v", len(kept), l.done)
			}
			l.empty()
			if n, err := livelist.Rebuild(t.Context(), l.DB); err != nil || n == 0 {
				t.Fatalf("rebuilt %d: %v", n, err)
			}
			again := l.rows()
			if len(again) != len(kept) {
				t.Errorf("%d rows kept, %d made from nothing", len(kept), len(again))
			}
			for i := range min(len(kept), len(again)) {
				if !reflect.DeepEqual(kept[i], again[i]) {
					t.Errorf("kept\n%+v\nfrom nothing\n%+v", kept[i], again[i])
				}
				l.compare(kept[i])
			}
		})
	}
}

func begin(t *testing.T, seed uint64) *life {
	l := &life{Scheme: fixture.New(t), t: t, dice: rand.New(rand.NewPCG(seed, 7)), done: map[string]int{}}
	l.Prisons(t)
	l.by, l.police = l.As(authz.Coordinator, l.East), l.As(authz.Police, l.East)
	for i, r := range rag.Ratings {
		if r == rag.RedAlert {
			continue
		}
		id, _ := l.Registered(t, l.East, "Family"+strconv.Itoa(i), "Given", r)
		l.people = append(l.people, id)
	}
	groups := ask(l, func(ctx context.Context, q *db.ReadTx) ([]area.Group, error) {
		return area.PriorityGroups(ctx, q, l.East)
	})
	l.groups = groups
	return l
}

func pick[T any](l *life, all []T) T { return all[l.dice.IntN(len(all))] }

// step does one thing. A refusal by a rule is part of life; any other error is not.
func (l *life) step() {
	l.t.Helper()
	of, today := pick(l, l.people), clock.Today(l.Clock)
	things := []struct {
		name string
		do   func() error
	}{
		{"identity", func() error { return l.rename(of) }},
		{"warning", func() error {
			return nominal.AddWarning(l.t.Context(), l.DB, l.by, of, pick(l, []string{"Violent", "Weapons", "Self-harm"}), "PNC")
		}},
		{"warning lifted", func() error { return l.lift(of) }},
		{"groups", func() error {
			return link.SetGroups(l.t.Context(), l.DB, l.by, of, []link.Membership{{Group: pick(l, l.groups).ID, Member: l.dice.IntN(3) > 0}}, "team")
		}},
		{"contact", func() error { return l.meet(of) }},
		{"contact", func() error { return l.meet(of) }},
		{"contact corrected", func() error { return l.correct(of) }},
		{"action", func() error {
			_, err := action.Add(l.t.Context(), l.DB, l.by, action.New{Nominal: of, Text: "Do it", Pathway: "health", Agency: l.Star, DueOn: today.AddDays(l.dice.IntN(30))})
			return err
		}},
		{"action changed", func() error { return l.act(of) }},
		{"custody", func() error {
			_, err := custody.Receive(l.t.Context(), l.DB, l.by, custody.New{Nominal: of, ReceivedOn: today, Prison: "LWI", Why: custody.Remand, Source: "prison"})
			return err
		}},
		{"custody changed", func() error { return l.imprison(of) }},
		{"custody changed", func() error { return l.imprison(of) }},
		{"status", func() error {
			_, err := sentence.RecordStatus(l.t.Context(), l.DB, l.by, sentence.NewStatus{Nominal: of, Standing: pick(l, sentence.Standings), From: today, Ends: today.AddDays(100 + l.dice.IntN(300)), Source: "probation"})
			return err
		}},
		{"MAPPA", func() error {
			_, err := link.RecordMAPPA(l.t.Context(), l.DB, l.by, link.NewMAPPA{Nominal: of, Level: l.dice.IntN(4), From: today, Source: "panel"})
			return err
		}},
		{"rated between", func() error {
			_, err := review.RateBetween(l.t.Context(), l.DB, l.police, review.Between{Nominal: of, Rating: pick(l, []rag.Rating{rag.RedAlert, rag.Red, rag.Prison}), Reason: "Arrested"})
			return err
		}},
		{"rated at a meeting", func() error { return l.rate(of) }},
		{"ratified", func() error { return l.ratify() }},
		{"proposed", func() error {
			_, err := registration.Propose(l.t.Context(), l.DB, l.by, registration.NewProposal{Nominal: of, Reason: "Stable"})
			return err
		}},
		{"line", func() error { return l.check(of) }},
		{"deregistered", func() error { return l.end(of) }},
	}
	thing := pick(l, things)
	switch err := thing.do(); fault.KindOf(err) {
	case 0:
		if err != nil {
			l.t.Fatalf("%s: %v", thing.name, err)
		}
		l.done[thing.name]++
		l.fresh(thing.name, of)
	case fault.Invalid, fault.NotFound, fault.Forbidden, fault.Stale:
	default:
		l.t.Fatalf("%s: %v", thing.name, err)
	}
}

// fresh says that the step itself left the row as recomputing it does: a command
// that forgot to touch the person shows here.
func (l *life) fresh(what string, of ref.NominalID) {
	l.t.Helper()
	row := func() livelist.Row {
		return ask(l, func(ctx context.Context, q *db.ReadTx) (livelist.Row, error) {
			r, _, err := livelist.Of(ctx, q, of)
			return r, err
		})
	}
	before := row()
	if err := l.record(func(_ context.Context, tx *db.Tx) error { tx.Touch(int64(of)); return nil }); err != nil {
		l.t.Fatal(err)
	}
	if after := row(); !reflect.DeepEqual(before, after) {
		l.t.Errorf("%s left\n%+v\nand should have left\n%+v", what, before, after)
	}
}

func ask[R any](l *life, fn func(ctx context.Context, q *db.ReadTx) (R, error)) R {
	l.t.Helper()
	answer, err := fixture.Read(l.t, l.Scheme, l.Account(authz.Coordinator, l.East), fn)
	if err != nil {
		l.t.Fatal(err)
	}
	return answer
}

func (l *life) rename(of ref.NominalID) error {
	version := ask(l, func(ctx context.Context, q *db.ReadTx) (int64, error) { return nominal.IdentityVersion(ctx, q, of) })
	return nominal.ChangeIdentity(l.t.Context(), l.DB, l.by, of, version,
		nominal.Identity{FamilyName: "Family" + strconv.Itoa(l.dice.IntN(100)), GivenNames: "Given", Born: clock.NewDate(1990, 1, 1+l.dice.IntN(28)), Source: "PNC"})
}

func (l *life) lift(of ref.NominalID) error {
	card := ask(l, func(ctx context.Context, q *db.ReadTx) (nominal.Card, error) { return nominal.CardOf(ctx, q, of) })
	if len(card.Warnings) == 0 {
		return fault.Missing()
	}
	return nominal.End(l.t.Context(), l.DB, l.by, of, "nominal_warning", pick(l, card.Warnings).ID, nominal.EnteredInError, "Mistaken", clock.Date{})
}

func (l *life) meet(of ref.NominalID) error {
	kind := pick(l, contact.Kinds)
	_, err := contact.Log(l.t.Context(), l.DB, l.police, contact.New{Nominal: of, Kind: kind, HeldOn: clock.Today(l.Clock).AddDays(-l.dice.IntN(20)),
		Outcome: pick(l, contact.OutcomesOf(kind)), Agency: l.Police, Log: "As planned", Source: "visit"})
	return err
}

func (l *life) correct(of ref.NominalID) error {
	all := ask(l, func(ctx context.Context, q *db.ReadTx) ([]contact.Contact, error) {
		return contact.Recent(ctx, q, of, 50)
	})
	if len(all) == 0 {
		return fault.Missing()
	}
	return contact.Correct(l.t.Context(), l.DB, l.by, of, pick(l, all).ID, "Another person")
}

func (l *life) act(of ref.NominalID) error {
	all := ask(l, func(ctx context.Context, q *db.ReadTx) ([]action.Action, error) { return action.OpenOf(ctx, q, of) })
	if len(all) == 0 {
		return fault.Missing()
	}
	a := pick(l, all)
	return action.Update(l.t.Context(), l.DB, l.by, a.ID, a.Version, action.Change{Kind: pick(l, action.Kinds), Text: "Done", DueOn: clock.Today(l.Clock).AddDays(l.dice.IntN(60))})
}

func (l *life) imprison(of ref.NominalID) error {
	spell, ok := custodyOf(l, of)
	if !ok {
		return fault.Missing()
	}
	today := clock.Today(l.Clock)
	switch l.dice.IntN(6) {
	case 0, 1, 2:
		return custody.Transfer(l.t.Context(), l.DB, l.by, of, spell.ID, custody.NewMove{Prison: pick(l, []string{"BZI", "LWI"}), MovedOn: today, Source: "prison"})
	case 3:
		return custody.Release(l.t.Context(), l.DB, l.by, of, spell.ID, custody.Notified{Day: today, NotifiedBy: "Prison", Source: "prison"})
	}
	return custody.Expect(l.t.Context(), l.DB, l.by, of, spell.ID, custody.Notified{Day: today.AddDays(l.dice.IntN(200)), NotifiedBy: "Prison", Source: "prison"})
}

func custodyOf(l *life, of ref.NominalID) (spell custody.Spell, ok bool) {
	spell = ask(l, func(ctx context.Context, q *db.ReadTx) (s custody.Spell, err error) {
		s, ok, err = custody.CurrentOf(ctx, q, of)
		return s, err
	})
	return spell, ok
}

func current(l *life, of ref.NominalID) (registration.Current, bool) {
	var ok bool
	c := ask(l, func(ctx context.Context, q *db.ReadTx) (c registration.Current, err error) {
		c, ok, err = registration.CurrentOf(ctx, q, of)
		return c, err
	})
	return c, ok
}

// record runs something that the meeting does within its own transaction.
func (l *life) record(fn func(ctx context.Context, tx *db.Tx) error) error {
	_, err := db.Write(l.t.Context(), l.DB, l.by, func(ctx context.Context, tx *db.Tx) (bool, error) {
		tx.Record(audit.Event{Operation: audit.Alter, Command: "test", Object: "test"})
		return true, fn(ctx, tx)
	})
	return err
}

func (l *life) rate(of ref.NominalID) error {
	c, ok := current(l, of)
	if !ok {
		return fault.Missing()
	}
	d := l.Decision(l.t, l.East)
	return l.record(func(ctx context.Context, tx *db.Tx) error {
		_, err := review.Insert(ctx, tx, review.New{Registration: c.ID, Nominal: of, Rating: pick(l, rag.Ratings[1:]), Reason: "As discussed", Decision: &d})
		return err
	})
}

func (l *life) ratify() error {
	waiting := ask(l, func(ctx context.Context, q *db.ReadTx) ([]review.Rating, error) {
		return review.Unratified(ctx, q, []ref.AreaID{l.East})
	})
	if len(waiting) == 0 {
		return fault.Missing()
	}
	d := l.Decision(l.t, l.East)
	return l.record(func(ctx context.Context, tx *db.Tx) error {
		return review.Ratify(ctx, tx, pick(l, waiting).ID, d, l.dice.IntN(2) == 0, "As discussed")
	})
}

func (l *life) check(of ref.NominalID) error {
	c, ok := current(l, of)
	if !ok {
		return fault.Missing()
	}
	_, err := registration.RecordLine(l.t.Context(), l.DB, l.by, of, c.ID,
		registration.NewLine{List: registration.AdoptionList, Line: pick(l, registration.Lines), DoneOn: clock.Today(l.Clock), ByWhom: "Casey Eastwood"})
	return err
}

// end deregisters one person at most, so that some are left.
func (l *life) end(of ref.NominalID) error {
	c, ok := current(l, of)
	if !ok || l.done["deregistered"] > 0 {
		return fault.Missing()
	}
	d := l.Decision(l.t, l.East)
	return l.record(func(ctx context.Context, tx *db.Tx) error {
		return registration.Deregister(ctx, tx, registration.Removal{Registration: c.ID, Nominal: of, Justification: "Stable", Reasons: "No offence",
			ExitOfficer: "Robin Eastwood", ExitAgency: l.Probation, ExitPlan: "Monthly appointments", Decision: d})
	})
}
