package nominalpage_test

import (
	"os"
	"strings"
	"testing"

	"iom/internal/casework/account"
	"iom/internal/casework/breach"
	"iom/internal/casework/contact"
	"iom/internal/casework/custody"
	"iom/internal/casework/drugtest"
	"iom/internal/casework/intelligence"
	"iom/internal/casework/law"
	"iom/internal/casework/link"
	"iom/internal/casework/need"
	"iom/internal/casework/nominal"
	"iom/internal/casework/rag"
	"iom/internal/casework/ref"
	"iom/internal/casework/sentence"
	"iom/internal/platform/authz"
	"iom/web/browsertest"
	"iom/web/webtest"
)

func TestMain(m *testing.M) { os.Exit(browsertest.Main(m)) }

// The tabs of a person, with long words in them, and forms of each shape are held to the rules of
// accessibility and to its own security policy in a browser.
func TestPagesInABrowser(t *testing.T) {
	t.Parallel()
	s := webtest.New(t)
	s.Prisons(t)
	id, _ := s.Registered(t, s.East, strings.Repeat("Featherstonehaugh", 5), "Kit", rag.Red)
	full(t, s, id)
	who := s.Account(authz.Coordinator, s.East)
	const password = "a long pass phrase for a test"
	if err := account.SetPassword(t.Context(), s.DB, ref.AccountID(who.Account), password, false); err != nil {
		t.Fatal(err)
	}
	tab := browsertest.Open(t, s.URL).Go("/")
	tab.Fill("username", who.Username, "password", password).Press("Sign in")
	for _, page := range append([]string{"who-has-looked", "facts/nominal_warning/1", "intelligence/1/share", "custody/1/move", "sentences/new", "links/groups", "breaches/new", "breaches/1/step", "breaches/2/hearing"}, everyTab...) {
		tab.Go(at(id, page))
		if tab.Status() != 200 {
			t.Errorf("%s: %d", page, tab.Status())
		}
	}
	tab.Go(at(id, "contacts/new")).Press("Log contact")
	if tab.Status() != 422 {
		t.Errorf("an empty form: %d", tab.Status())
	}
}

// full records one fact of each kind.
func full(t *testing.T, s *webtest.Site, id ref.NominalID) {
	t.Helper()
	ctx, by := t.Context(), s.Scheme.As(authz.Coordinator, s.East)
	long := strings.Repeat("word ", 60) + strings.Repeat("w", 80)
	_, e1 := contact.Log(ctx, s.DB, by, contact.New{Nominal: id, Kind: contact.HomeVisit, HeldOn: day("2026-05-30"), Outcome: contact.Seen, Agency: s.Police,
		JointAgency: s.Probation, Log: long, Source: "own contact"})
	_, e2 := intelligence.Record(ctx, s.DB, by, intelligence.New{Nominal: id, Dated: day("2026-05-20"), Increases: true, Text: long, Source: "report", ShareWith: []ref.AgencyID{s.Star}})
	_, e3 := drugtest.Record(ctx, s.DB, by, drugtest.New{Nominal: id, TestedOn: day("2026-05-25"), Result: drugtest.Positive, Substances: "cocaine", Agency: s.Probation, Source: "laboratory"})
	_, e4 := custody.Receive(ctx, s.DB, by, custody.New{Nominal: id, ReceivedOn: day("2026-05-28"), Prison: "LWI", Why: custody.FixedTermRecall, Expected: day("2026-07-01"), NotifiedBy: "Lewes", Source: "prison"})
	st, e5 := sentence.Record(ctx, s.DB, by, sentence.New{Nominal: id, ImposedOn: day("2026-01-01"), Court: "Lewes Crown Court", Offence: long, Type: sentence.Determinate, Term: sentence.Term{Months: 8}, Source: "court"})
	_, e6 := sentence.RecordStatus(ctx, s.DB, by, sentence.NewStatus{Nominal: id, Standing: sentence.Licence, From: day("2026-01-01"), Ends: day("2026-06-20"), Source: "licence"})
	_, e7 := sentence.RecordScore(ctx, s.DB, by, sentence.NewScore{Nominal: id, Type: "OGRS4", Value: "74", On: day("2026-01-01"), Source: "OASys"})
	_, e8 := link.RecordMAPPA(ctx, s.DB, by, link.NewMAPPA{Nominal: id, Level: 3, Category: 2, From: day("2026-05-01"), Note: long, Source: "probation"})
	_, e9 := need.Assess(ctx, s.DB, by, id, need.Assessment{Pathway: need.Health, Level: need.Red, Needs: long, On: day("2026-05-01"), Source: "own contact"})
	e10 := nominal.AddWarning(ctx, s.DB, by, id, "Violent to people who call at the door without notice", "PNC")
	e11 := nominal.AddAddress(ctx, s.DB, by, id, nominal.Address{Text: "1 High Street\nLewes", Postcode: "BN7 2AA", Source: "own contact"})
	_, e12 := breach.Record(ctx, s.DB, by, breach.New{Nominal: id, Sentence: st, Of: law.OfLicence, Type: law.BrokeCurfew, BreachedOn: day("2026-05-20"), What: long, Source: "probation"})
	over, e13 := sentence.Record(ctx, s.DB, by, sentence.New{Nominal: id, ImposedOn: day("2025-06-15"), Court: "Lewes Crown Court", Offence: long, OffenceOn: day("2025-06-01"),
		Type: sentence.Determinate, Term: sentence.Term{Months: 6}, Source: "court"})
	heard, e14 := breach.Record(ctx, s.DB, by, breach.New{Nominal: id, Sentence: over, Of: law.OfSupervision, Type: law.BrokeOther, BreachedOn: day("2026-03-02"), What: long, Source: "probation"})
	e15 := breach.Follow(ctx, s.DB, by, id, heard, breach.NewStep{Step: breach.Laid, On: day("2026-03-09"), ListedOn: day("2026-06-05"), Note: long, Source: "probation"})
	for _, err := range []error{e12, e13, e14, e15, e1, e2, e3, e4, e5, e6, e7, e8, e9, e10, e11} {
		if err != nil {
			t.Fatal(err)
		}
	}
}
