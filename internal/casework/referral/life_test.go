package referral_test

import (
	"context"
	"slices"
	"sync"
	"testing"

	"iom/internal/casework/fixture"
	"iom/internal/casework/need"
	"iom/internal/casework/nominal"
	"iom/internal/casework/rag"
	"iom/internal/casework/ref"
	"iom/internal/casework/referral"
	"iom/internal/casework/sentence"
	"iom/internal/platform/authz"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
)

// One referral from the first search to adoption, by three people of the area.
func TestAReferralFromStartToDecision(t *testing.T) {
	t.Parallel()
	s := fixture.New(t)
	police, coordinator := s.Account(authz.Police, s.East), s.Account(authz.Coordinator, s.East)
	id := started(t, s, police, s.East)
	if r := get(t, s, police, id); r.State != referral.Started || r.Name.Full() != "Jo Bloggs" || r.Form.Details.AgencyName != "Sussex Police" || r.Version("personal") != 1 {
		t.Fatalf("%+v", r)
	}
	if _, err := referral.Submit(t.Context(), s.DB, db.Once(police.Account), id); fault.KindOf(err) != fault.Invalid {
		t.Fatalf("an empty referral was submitted: %v", err)
	}
	fill(t, s, coordinator, id, complete()) // a colleague goes on with it
	if _, err := referral.Submit(t.Context(), s.DB, db.Once(police.Account), id); err != nil {
		t.Fatal(err)
	}
	if _, err := referral.Submit(t.Context(), s.DB, db.Once(police.Account), id); fault.KindOf(err) != fault.Invalid {
		t.Errorf("submitted twice: %v", err)
	}
	r := get(t, s, police, id)
	if r.State != referral.Submitted || r.ProposedRating != rag.Red || r.SubmittedByName != police.Name {
		t.Fatalf("%+v", r.Summary)
	}
	theFactsOf(t, s, police, r)

	first := s.Decision(t, s.East)
	decide := func(outcome referral.State, d ref.Decision) error {
		_, err := db.Write(t.Context(), s.DB, s.As(authz.Coordinator, s.East), func(ctx context.Context, tx *db.Tx) (int64, error) {
			return referral.RecordDecision(ctx, tx, referral.DecisionNew{Referral: id, Outcome: outcome, Reason: "Agreed", Decision: d})
		})
		return err
	}
	if err := decide(referral.Deferred, first); err != nil {
		t.Fatal(err)
	}
	if err := decide(referral.Adopted, first); fault.KindOf(err) != fault.Invalid {
		t.Errorf("one meeting decided twice: %v", err)
	}
	if err := decide(referral.Adopted, s.Decision(t, s.Brighton)); fault.KindOf(err) != fault.Invalid {
		t.Errorf("a meeting of another area decided: %v", err)
	}
	if r := get(t, s, police, id); r.State != referral.Deferred || r.TimesDeferred != 1 {
		t.Errorf("%+v", r.Summary)
	}
	if err := decide(referral.Rejected, s.Decision(t, s.East)); err != nil {
		t.Fatal(err)
	}
	if err := decide(referral.Adopted, s.Decision(t, s.East)); fault.KindOf(err) != fault.Invalid {
		t.Errorf("decided twice: %v", err)
	}
	if _, err := referral.Save(t.Context(), s.DB, db.Once(police.Account), id, 1, referral.Risk{Narrative: "More"}, "Late"); fault.KindOf(err) != fault.Forbidden {
		t.Errorf("amended after the decision: %v", err)
	}
	if r := get(t, s, police, id); r.State != referral.Rejected || len(r.Decisions) != 2 {
		t.Errorf("%+v", r)
	}
}

// theFactsOf checks what the submission made of the form: each with its source.
func theFactsOf(t *testing.T, s *fixture.Scheme, by authz.Actor, r referral.Referral) {
	t.Helper()
	source := referral.Source(r.ID)
	_, err := fixture.Read(t, s, by, func(ctx context.Context, q *db.ReadTx) (bool, error) {
		card, err := nominal.CardOf(ctx, q, r.Nominal)
		if err != nil {
			return false, err
		}
		if card.Identity.PNCID != "2002/0073319Z" || card.Identity.PNCIDTyped != "02/73319Z" || card.Identity.Source != source || len(card.Warnings) != 2 ||
			card.Warnings[0].Source != source || len(card.Aliases) != 1 || len(card.Phones) != 1 || card.Address().Postcode != "BN1 1AA" {
			t.Errorf("card %+v", card)
		}
		needs, err := need.CurrentOf(ctx, q, r.Nominal)
		if err != nil {
			return false, err
		}
		if len(needs) != 2 || needs[0].Pathway != need.Accommodation || needs[0].Level != need.Red || needs[0].Source != source || needs[0].On != today {
			t.Errorf("needs %+v", needs)
		}
		scores, err := sentence.Scores(ctx, q, r.Nominal)
		if len(scores) != 1 || scores[0].Value != "78" || scores[0].Source != source {
			t.Errorf("scores %+v", scores)
		}
		return true, err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestAStaleSaveChangesNothing(t *testing.T) {
	t.Parallel()
	s := fixture.New(t)
	police, partner := s.Account(authz.Police, s.East), s.Account(authz.Partner, s.East)
	id := started(t, s, police, s.East)
	save := func(by authz.Actor, version int64, text string) error {
		_, err := referral.Save(t.Context(), s.DB, db.Once(by.Account), id, version, referral.History{KnownFor: text}, "")
		return err
	}
	if err := save(police, 0, "Theft"); err != nil {
		t.Fatal(err)
	}
	if err := save(partner, 0, "Burglary"); fault.KindOf(err) != fault.Stale {
		t.Errorf("a stale save: %v", err)
	}
	if err := save(partner, 1, "Theft and burglary"); err != nil {
		t.Fatal(err)
	}
	if r := get(t, s, police, id); r.Form.History.KnownFor != "Theft and burglary" || r.Version("history") != 2 || r.Versions["history"].ByName != partner.Name {
		t.Errorf("%+v", r.Versions)
	}
	var (
		wait sync.WaitGroup
		mu   sync.Mutex
		won  int
	)
	for range 8 {
		wait.Go(func() {
			if save(police, 2, "At once") == nil {
				mu.Lock()
				won++
				mu.Unlock()
			}
		})
	}
	wait.Wait()
	if won != 1 {
		t.Errorf("%d of 8 saves at once won", won)
	}
}

// After submission a section gets a new version with a reason, the old one stays,
// and the facts follow.
func TestAnAmendmentKeepsOldAndNew(t *testing.T) {
	t.Parallel()
	s := fixture.New(t)
	police, partner := s.Account(authz.Police, s.East), s.Account(authz.Partner, s.East)
	id := submitted(t, s, police, s.East, complete())
	of := get(t, s, police, id).Nominal
	// Learnt elsewhere since: the amendment below must not undo it.
	identity := complete().Personal.Identity("PNC")
	identity.FamilyName = "Bloggs-Smith"
	version, err := fixture.Read(t, s, police, func(ctx context.Context, q *db.ReadTx) (int64, error) { return nominal.IdentityVersion(ctx, q, of) })
	if err != nil {
		t.Fatal(err)
	}
	if err := nominal.ChangeIdentity(t.Context(), s.DB, db.Once(police.Account), of, version, identity); err != nil {
		t.Fatal(err)
	}
	r := get(t, s, police, id)
	amended := r.Form.Personal
	amended.URN, amended.Warnings = "47/100", []string{"Violent", "Self-harm"}
	if _, err := referral.Save(t.Context(), s.DB, db.Once(police.Account), id, r.Version("personal"), amended, ""); fault.KindOf(err) != fault.Invalid {
		t.Errorf("amended without a reason: %v", err)
	}
	if _, err := referral.Save(t.Context(), s.DB, db.Once(police.Account), id, r.Version("risk"), referral.Risk{Narrative: "More"}, ""); fault.KindOf(err) != fault.Invalid {
		t.Errorf("a section without facts was amended without a reason: %v", err)
	}
	if _, err := referral.Save(t.Context(), s.DB, db.Once(partner.Account), id, r.Version("personal"), amended, "PNC checked"); fault.KindOf(err) != fault.Invalid {
		t.Errorf("a partner took a PNC warning off: %v", err)
	}
	if _, err := referral.Save(t.Context(), s.DB, db.Once(police.Account), id, r.Version("personal"), amended, "PNC checked"); err != nil {
		t.Fatal(err)
	}
	history, err := fixture.Read(t, s, partner, func(ctx context.Context, q *db.ReadTx) ([]referral.Saved, error) {
		return referral.HistoryOf(ctx, q, id, referral.SectionPersonal)
	})
	if err != nil || len(history) != 3 || history[2].Reason != "PNC checked" {
		t.Fatalf("%+v, %v", history, err)
	}
	changes := referral.Changes(history[1].Answers, history[2].Answers)
	want := []referral.Change{{Label: "URN", Old: "47/99", New: "47/100"}, {Label: "Warnings (PNC/Niche)", Old: "Violent\nWeapons", New: "Violent\nSelf-harm"}}
	if !slices.Equal(changes, want) {
		t.Errorf("%+v", changes)
	}
	card, err := fixture.Read(t, s, police, func(ctx context.Context, q *db.ReadTx) (nominal.Card, error) { return nominal.CardOf(ctx, q, of) })
	if err != nil {
		t.Fatal(err)
	}
	if card.Identity.FamilyName != "Bloggs-Smith" || card.Identity.URN != "47/100" {
		t.Errorf("%+v", card.Identity)
	}
	if len(card.Warnings) != 2 || card.Warnings[0].Text != "Violent" || card.Warnings[1].Text != "Self-harm" {
		t.Errorf("%+v", card.Warnings)
	}
	// What became a fact can be changed, not unsaid.
	if _, err := referral.Save(t.Context(), s.DB, db.Once(police.Account), id, 1, referral.Pathways{}, "Taken out"); fault.KindOf(err) != fault.Invalid {
		t.Errorf("assessed pathways became unanswered: %v", err)
	}
	amendScores(t, s, police, id, of)
}

func amendScores(t *testing.T, s *fixture.Scheme, by authz.Actor, id ref.ReferralID, of ref.NominalID) {
	t.Helper()
	j := complete().Justification
	j.Scores = []referral.Score{{Type: "OGRS3", Value: "87", On: today.AddDays(-10)}}
	if _, err := referral.Save(t.Context(), s.DB, db.Once(by.Account), id, 1, j, "Digits were swapped"); err != nil {
		t.Fatal(err)
	}
	scores, err := fixture.Read(t, s, by, func(ctx context.Context, q *db.ReadTx) ([]sentence.Score, error) { return sentence.Scores(ctx, q, of) })
	if err != nil || len(scores) != 1 || scores[0].Value != "87" {
		t.Errorf("%+v, %v", scores, err)
	}
}

func TestProtectedCharacteristicsStandApartFromTheForm(t *testing.T) {
	t.Parallel()
	s := fixture.New(t)
	partner, police, coordinator := s.Account(authz.Partner, s.East), s.Account(authz.Police, s.East), s.Account(authz.Coordinator, s.East)
	id := started(t, s, police, s.East)
	answers := []nominal.Characteristic{{Name: "ethnicity", Value: "White British"}, {Name: "disability", Value: ""}}
	if _, err := referral.SaveEquality(t.Context(), s.DB, db.Once(partner.Account), id, 0, answers); err != nil {
		t.Fatal(err)
	}
	if _, err := referral.SaveEquality(t.Context(), s.DB, db.Once(partner.Account), id, 0, answers); fault.KindOf(err) != fault.Stale {
		t.Errorf("stale: %v", err)
	}
	of := get(t, s, police, id).Nominal
	for by, want := range map[*authz.Actor]int{&partner: 1, &coordinator: 1, &police: 0} {
		got, err := fixture.Read(t, s, *by, func(ctx context.Context, q *db.ReadTx) ([]nominal.Characteristic, error) {
			return nominal.EqualityOf(ctx, q, of)
		})
		if err != nil || len(got) != want {
			t.Errorf("%s reads %v, %v", by.Name, got, err)
		}
	}
	if r := get(t, s, police, id); r.Version(referral.SectionEquality) != 1 || len(r.Form.Equality.Lines()) != 0 {
		t.Errorf("%+v", r.Versions)
	}
}

func TestAChildNeedsTheDiscussionBeforeAdoption(t *testing.T) {
	t.Parallel()
	s := fixture.New(t)
	police := s.Account(authz.Police, s.East)
	f := completeChild()
	f.Youth.Said = ""
	id := submitted(t, s, police, s.East, f)
	adopt := func() error {
		_, err := db.Write(t.Context(), s.DB, s.As(authz.Chair, s.East), func(ctx context.Context, tx *db.Tx) (int64, error) {
			return referral.RecordDecision(ctx, tx, referral.DecisionNew{Referral: id, Outcome: referral.Adopted, Reason: "Agreed", Decision: s.Decision(t, s.East)})
		})
		return err
	}
	if p := fault.ProblemsOf(adopt()); len(p) != 1 || p[0].Rule != "R109" {
		t.Fatalf("%+v", p)
	}
	if _, err := referral.Save(t.Context(), s.DB, db.Once(police.Account), id, 1, completeChild().Youth, "The discussion took place"); err != nil {
		t.Fatal(err)
	}
	if err := adopt(); err != nil {
		t.Error(err)
	}
}

func TestTheLists(t *testing.T) {
	t.Parallel()
	s := fixture.New(t)
	police := s.Account(authz.Police, s.East)
	list := func(by authz.Actor, fn func(ctx context.Context, q db.Querier, areas []ref.AreaID) ([]referral.Summary, error), areas ...ref.AreaID) []referral.Summary {
		t.Helper()
		all, err := fixture.Read(t, s, by, func(ctx context.Context, q *db.ReadTx) ([]referral.Summary, error) { return fn(ctx, q, areas) })
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
	id := started(t, s, police, s.East)
	if got := list(police, referral.Unfinished, s.East); len(got) != 1 || got[0].ID != id {
		t.Errorf("%+v", got)
	}
	fill(t, s, police, id, complete())
	if _, err := referral.Submit(t.Context(), s.DB, db.Once(police.Account), id); err != nil {
		t.Fatal(err)
	}
	if got := list(police, referral.Unfinished, s.East); len(got) != 0 {
		t.Errorf("%+v", got)
	}
	if got := list(police, referral.Undecided, s.East); len(got) != 1 || got[0].ProposedRating != rag.Red {
		t.Errorf("%+v", got)
	}
	if got := list(s.Account(authz.Police, s.Brighton), referral.Undecided, s.East, s.Brighton); len(got) != 0 {
		t.Errorf("another area: %+v", got)
	}
	if _, err := referral.Withdraw(t.Context(), s.DB, db.Once(police.Account), id, "Sentenced to ten years"); err != nil {
		t.Fatal(err)
	}
	if got := list(police, referral.Undecided, s.East); len(got) != 0 {
		t.Errorf("%+v", got)
	}
	ended := func(ctx context.Context, q db.Querier, areas []ref.AreaID) ([]referral.Summary, error) {
		return referral.Ended(ctx, q, areas, 0, 10)
	}
	if got := list(police, ended, s.East); len(got) != 1 || got[0].State != referral.Withdrawn {
		t.Errorf("%+v", got)
	}
}

func TestADoubleSubmitIsOne(t *testing.T) {
	t.Parallel()
	s := fixture.New(t)
	police := s.Account(authz.Police, s.East)
	id := started(t, s, police, s.East)
	fill(t, s, police, id, complete())
	form := db.FromForm(police, "submit", "7f3b1a52-2f5d-4f0e-9d38-0c8f0f1a2b3c", "")
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			if got, err := referral.Submit(t.Context(), s.DB, form, id); err != nil || got != id {
				t.Errorf("%d, %v", got, err)
			}
		})
	}
	wait.Wait()
	if r := get(t, s, police, id); r.State != referral.Submitted {
		t.Errorf("%+v", r.Summary)
	}
}
