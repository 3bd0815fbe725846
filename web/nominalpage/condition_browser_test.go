package nominalpage_test

import (
	"strings"
	"testing"

	"iom/internal/casework/account"
	"iom/internal/casework/condition"
	"iom/internal/casework/fixture"
	"iom/internal/casework/rag"
	"iom/internal/casework/ref"
	"iom/internal/casework/sentence"
	"iom/internal/platform/authz"
	"iom/web/browsertest"
	"iom/web/webtest"
)

// Conditions with long words, and the forms with what a choice asks further, are held to the
// rules of accessibility and fit a narrow window, with errors too (R127-R133).
func TestConditionsInABrowser(t *testing.T) {
	t.Parallel()
	s := webtest.New(t, fixture.On(day("2026-02-02")))
	id, _ := s.Registered(t, s.East, "Marsh", "Kit", rag.Red)
	of, made := bound(t, s, id)
	who := s.Account(authz.Probation, s.East)
	const password = "a long pass phrase for a test"
	if err := account.SetPassword(t.Context(), s.DB, ref.AccountID(who.Account), password, false); err != nil {
		t.Fatal(err)
	}
	tab := browsertest.Open(t, s.URL).Go("/")
	tab.Fill("username", who.Username, "password", password).Press("Sign in")
	tab.Go(at(id, "custody")).Has("Licence conditions", "Supervision requirements").Fits(320)
	requirements := "sentences/" + ref.Text(of) + "/requirements"
	for _, page := range []string{"sentences/" + ref.Text(of) + "/conditions", "sentences/" + ref.Text(of) + "/explained", "sentences/" + ref.Text(of) + "/recommendation",
		"conditions/" + ref.Text(made) + "/amend", "conditions/" + ref.Text(made) + "/end", requirements} {
		tab.Go(at(id, page)).Fits(320)
		if tab.Status() != 200 {
			t.Errorf("%s: %d", page, tab.Status())
		}
	}
	tab.Press("Record requirements").Fits(320) // last: what was refused is guarded against leaving the page
	if tab.Status() != 422 {
		t.Errorf("a form that lacks nearly everything: %d", tab.Status())
	}
}

// bound gives somebody a licence with a condition, and supervision with a requirement.
func bound(t *testing.T, s *webtest.Site, id ref.NominalID) (ref.SentenceID, ref.ConditionID) {
	t.Helper()
	ctx, by := t.Context(), s.Scheme.As(authz.Probation, s.East)
	long := strings.Repeat("word ", 60) + strings.Repeat("w", 80)
	of, e1 := sentence.Record(ctx, s.DB, by, sentence.New{Nominal: id, ImposedOn: day("2025-07-01"), Court: "Lewes Crown Court", Offence: "Burglary", OffenceOn: day("2025-06-15"),
		Type: sentence.Determinate, Term: sentence.Term{Months: 6}, Source: "court"})
	if e1 != nil {
		t.Fatal(e1)
	}
	made, e2 := condition.Record(ctx, s.DB, s.Scheme.As(authz.Probation, s.East), condition.New{Nominal: id, Sentence: of, Standard: condition.Standards, Kind: condition.NoContact, Words: long, SetBy: long[:100],
		SetOn: day("2025-09-01"), From: day("2025-09-12"), Source: "licence"})
	if e2 != nil {
		t.Fatal(e2)
	}
	_, e3 := condition.Require(ctx, s.DB, s.Scheme.As(authz.Probation, s.East), condition.NewSet{Nominal: id, Sentence: of, Step: condition.SetUp, DoneBy: "Governor Ashdown", DoneOn: day("2025-09-01"),
		From: day("2026-01-01"), Chosen: []condition.Chosen{{Number: 5, Brackets: []string{strings.Repeat("w", 80)}}}, LeftOutWhy: long, Why: long, Source: "prison"})
	if e3 != nil {
		t.Fatal(e3)
	}
	return of, made[len(made)-1]
}
