package datespage_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"iom/internal/casework/custody"
	"iom/internal/casework/rag"
	"iom/internal/casework/ref"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/web/webtest"
)

const at = "/notified-dates"

func lines(all ...string) url.Values {
	return url.Values{"lines": {strings.Join(all, "\n")}, "notified_by": {"Lewes OMU"}, "notified_on": {"1/6/2026"}, "source": {"Spreadsheet of 1 June"}}
}

func held(t *testing.T, s *webtest.Site, of ref.NominalID) {
	t.Helper()
	if _, err := custody.Receive(t.Context(), s.DB, s.Scheme.As(authz.Probation, s.East), custody.New{Nominal: of, ReceivedOn: clock.NewDate(2026, 5, 1), Prison: "LWI",
		Why: custody.OnSentence, Expected: clock.NewDate(2026, 12, 1), NotifiedBy: "Lewes", Source: "prison"}); err != nil {
		t.Fatal(err)
	}
}

// dates counts what is stored.
func dates(t *testing.T, s *webtest.Site, c *webtest.Client, of ref.NominalID, text string) bool {
	t.Helper()
	return strings.Contains(c.Get(fmt.Sprintf("/nominals/%d/custody", of)).Must(200).Text("main"), text)
}

// Dates change for many at once: what is pasted is shown with what it replaces, and
// saved when it is confirmed, all of it (R121).
func TestPasteShowAndSave(t *testing.T) {
	t.Parallel()
	s := webtest.New(t)
	s.Prisons(t)
	joe, _ := s.Registered(t, s.East, "Bloggs", "Joe", rag.Prison)
	ann, _ := s.Registered(t, s.East, "Atkins", "Ann", rag.Prison)
	held(t, s, joe)
	c := s.As(t, s.Account(authz.Probation, s.East))
	preview := c.Submit(at, at, lines("Name\tKind\tDate\tBy", "Bloggs, Joe\trelease\t20/7/2026\t", "ann  atkins,SLED,1 Mar 2027,Bronzefield"))
	preview.Must(200).Has("2 lines about 2 people", "Bloggs, Joe", "1 December 2026, by Lewes", "20 July 2026", "Lewes OMU", "Atkins, Ann", "Licence end date (LED) and Sentence end date (SED)",
		"Bronzefield", "None", "Nothing has been saved yet")
	if dates(t, s, c, joe, "20 Jul 2026") {
		t.Fatal("the preview saved a date")
	}
	form := preview.Form(at)
	c.Follow(c.Do("POST", at, form.Values, nil).Must(303)).Must(200).Has("Dates of 2 people saved")
	c.Get(fmt.Sprintf("/nominals/%d/custody", joe)).Has("20 July 2026", "1 December 2026")
	c.Get(fmt.Sprintf("/nominals/%d/custody", ann)).Has("1 March 2027", "Bronzefield, 1 June 2026")
	c.Get("/live-list").Has("Bloggs, Joe", "20 Jul 2026") // within 12 weeks now: on the live tab (R117)
}

// A line that cannot be saved keeps all others from being saved; it says why, and of
// somebody out of reach the same as of nobody.
func TestOneWrongLineSavesNothing(t *testing.T) {
	t.Parallel()
	s := webtest.New(t)
	s.Prisons(t)
	joe, _ := s.Registered(t, s.East, "Bloggs", "Joe", rag.Prison)
	s.Registered(t, s.East, "Twin", "Tam", rag.Green)
	s.Registered(t, s.East, "Twin", "Tam", rag.Green)
	s.Registered(t, s.North, "Hidden", "Hal", rag.Green)
	held(t, s, joe)
	c := s.As(t, s.Account(authz.Probation, s.East))
	for line, want := range map[string]string{
		"Hidden, Hal\tLED\t1/3/2027":     "Nobody in your areas has this name",
		"Nobody, Ned\tLED\t1/3/2027":     "Nobody in your areas has this name",
		"A1234BC\tLED\t1/3/2027":         "Nobody in your areas has this prison number",
		"02/73319Z\tLED\t1/3/2027":       "Nobody in your areas has this PNCID",
		"Twin, Tam\tLED\t1/3/2027":       "2 people in your areas have this name. Use the PNCID or the prison number",
		"Bloggs, Joe\tparole\t1/3/2027":  "The kind of date must be one of",
		"Bloggs, Joe\tLED\t31/2/2027":    "The date must be a real date",
		"Bloggs, Joe\tLED":               "Give the person, the kind of date, the date",
		"Joe Bloggs\tSED\t2/3/2027":      "Line 1 gives this date of this person too",
		"Bloggs, Joe\trelease\t1/3/2020": "The release cannot be before the reception",
	} {
		a := c.Submit(at, at, lines("Bloggs, Joe\tSED\t1/4/2027", line)).Must(422).Has(want, "1 line cannot be saved", "Bloggs, Joe")
		if len(a.Form(at).Values["seen"]) != 0 {
			t.Errorf("%q can be confirmed", line)
		}
		if got := a.Form(at).Values.Get("lines"); !strings.Contains(got, line) {
			t.Errorf("what was pasted is %q", got)
		}
	}
	if dates(t, s, c, joe, "1 Apr 2027") {
		t.Error("a line was saved beside a wrong one")
	}
	c.Submit(at, at, lines()).Must(422).Has("Enter the lines of the spreadsheet")
}

// What came into the record between preview and confirmation is not written over: the
// new preview shows it, and nothing was saved (R121).
func TestAnOldPreviewIsNotSaved(t *testing.T) {
	t.Parallel()
	s := webtest.New(t)
	s.Prisons(t)
	joe, _ := s.Registered(t, s.East, "Bloggs", "Joe", rag.Prison)
	held(t, s, joe)
	c := s.As(t, s.Account(authz.Probation, s.East))
	form := c.Submit(at, at, lines("Bloggs, Joe\trelease\t20/7/2026")).Must(200).Form(at)
	if _, err := custody.Notify(t.Context(), s.DB, s.Scheme.As(authz.Police, s.East), custody.NewNotice{Nominal: joe, NotifiedBy: "Ford", NotifiedOn: clock.NewDate(2026, 6, 1),
		Source: "call", Dates: []custody.Dated{{Kind: custody.ExpectedRelease, Day: clock.NewDate(2026, 8, 8)}}}); err != nil {
		t.Fatal(err)
	}
	again := c.Do("POST", at, form.Values, nil).Must(422).Has("The record has changed since the preview", "8 August 2026, by Ford")
	if dates(t, s, c, joe, "20 Jul 2026") || dates(t, s, c, joe, "20 July 2026") {
		t.Error("the old preview was saved")
	}
	c.Do("POST", at, again.Form(at).Values, nil).Must(303)
	if !dates(t, s, c, joe, "20 July 2026") {
		t.Error("the new preview was not saved")
	}
	form = c.Submit(at, at, lines("Bloggs, Joe\trelease\t21/7/2026")).Must(200).Form(at)
	form.Values.Set("seen", "nonsense")
	c.Do("POST", at, form.Values, nil).Must(422)
}

// A year's letter of a large prison: 400 lines in one go.
func TestFourHundredLines(t *testing.T) {
	t.Parallel()
	s := webtest.New(t)
	all := make([]string, 400)
	for i := range all {
		family := fmt.Sprintf("Person%c%c%c", 'a'+i/100, 'a'+i/10%10, 'a'+i%10)
		s.Nominal(t, s.East, family, "Pat", clock.NewDate(1990, 1, 1))
		all[i] = family + ", Pat,SED,1/4/2027,Lewes"
	}
	c := s.As(t, s.Account(authz.Coordinator, s.East))
	form := c.Submit(at, at, lines(all...)).Must(200).Has("400 lines about 400 people").Form(at)
	c.Follow(c.Do("POST", at, form.Values, nil).Must(303)).Has("Dates of 400 people saved")
}
