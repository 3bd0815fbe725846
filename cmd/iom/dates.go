package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"iom/internal/casework/law"
	"iom/internal/platform/clock"
)

// notCovered is the exit status for a sentence whose dates are not computed: it is
// neither a mistake nor an answer.
const notCovered = 3

// datesFlags are the sentence as it is typed.
type datesFlags struct {
	sentenced, term, offence, dob, on, kind, met string
	json                                         bool
	in                                           law.Input
}

// runDates prints the dates of one sentence with the law behind each, without any
// database: so that somebody in probation can check a case (R122-R126).
func runDates(_ context.Context, args []string) error {
	set := flags("dates")
	var f datesFlags
	set.StringVar(&f.sentenced, "sentenced", "", "day of the sentence, as 2024-09-20")
	set.StringVar(&f.term, "term", "", "length of the sentence: 1y6m, 18m, 18m15d, 6w, 1d")
	set.StringVar(&f.offence, "offence", "", "day of the offence; over a period its last day")
	set.IntVar(&f.in.Remand, "remand", 0, "days on remand that count")
	set.IntVar(&f.in.TaggedBail, "tagged-bail", 0, "days credited for tagged bail")
	set.IntVar(&f.in.Added, "added", 0, "added days, less those given back")
	set.IntVar(&f.in.AtLarge, "ual", 0, "days unlawfully at large before release")
	set.IntVar(&f.in.AtLater, "ual-later", 0, "days unlawfully at large after release")
	set.StringVar(&f.dob, "dob", "", "date of birth; without it the person is taken as an adult")
	set.StringVar(&f.on, "on", "", "day on whose law to look; today if left out")
	set.StringVar(&f.kind, "type", "standard", "kind of sentence: "+strings.Join(kindNames(), ", "))
	set.BoolVar(&f.in.Consecutive, "consecutive", false, "the sentence is several terms, one after another")
	set.StringVar(&f.met, "met", "", "conditions that are met, with commas between: "+strings.Join(conditionNames(), ", "))
	set.BoolVar(&f.json, "json", false, "one JSON object")
	if err := parse(set, args); err != nil {
		return err
	}
	on, err := f.read(clock.Today(clock.System{}))
	if err != nil {
		return err
	}
	switch r := law.Dates(f.in, on).(type) {
	case law.Wrong:
		var all []string
		for _, p := range r.Problems {
			all = append(all, p.Text)
		}
		return errors.New(strings.Join(all, ". "))
	case law.NotCovered:
		if f.json {
			if err := json.NewEncoder(os.Stdout).Encode(map[string]string{"not_covered": r.Why, "ask": r.Ask}); err != nil {
				return err
			}
		}
		return status{notCovered, fmt.Errorf("not covered: %s. %s", r.Why, r.Ask)}
	case law.Computed:
		if f.json {
			return json.NewEncoder(os.Stdout).Encode(asJSON(r))
		}
		return printDates(os.Stdout, r)
	default:
		panic("law.Dates answered something unknown")
	}
}

// kinds by what is typed.
var kindsTyped = map[string]law.Kind{
	"standard": law.Standard, "section-250": law.Section250, "extended": law.Extended, "concern": law.Concern,
	"life": law.Life, "dto": law.Training, "default": law.InDefault, "other": law.OtherCustod,
}

func kindNames() []string {
	return []string{"standard", "section-250", "extended", "concern", "life", "dto", "default", "other"}
}

func conditionNames() []string {
	var all []string
	for _, q := range law.ReleaseQuestions {
		if q.ID != law.AskSection250.ID { // that is --type
			all = append(all, string(q.ID))
		}
	}
	return all
}

// read turns what was typed into a sentence and the day whose law counts.
func (f *datesFlags) read(today clock.Date) (on clock.Date, err error) {
	kind, ok := kindsTyped[f.kind]
	if !ok {
		return on, fmt.Errorf("--type: there is no kind %q; there are %s", f.kind, strings.Join(kindNames(), ", "))
	}
	if strings.EqualFold(f.term, "life") {
		f.term, kind = "", law.Life
	}
	f.in.Kind = kind
	if f.sentenced == "" || f.offence == "" || f.term == "" && kind != law.Life {
		return on, errors.New("--sentenced, --term and --offence are all needed")
	}
	for _, d := range []struct {
		flag, text string
		to         *clock.Date
	}{
		{"--sentenced", f.sentenced, &f.in.Sentenced}, {"--offence", f.offence, &f.in.Offence}, {"--dob", f.dob, &f.in.Born}, {"--on", f.on, &on},
	} {
		if *d.to, err = day(d.flag, d.text); err != nil {
			return on, err
		}
	}
	if f.term != "" {
		if f.in.Term, err = law.ParseTerm(f.term); err != nil {
			return on, fmt.Errorf("--term: %w", err)
		}
	}
	f.in.Answers = map[law.QuestionID]law.Answer{}
	for _, name := range strings.FieldsFunc(f.met, func(r rune) bool { return r == ',' || r == ' ' }) {
		if !slices.Contains(conditionNames(), name) {
			return on, fmt.Errorf("--met: there is no condition %q; there are %s", name, strings.Join(conditionNames(), ", "))
		}
		f.in.Answers[law.QuestionID(name)] = law.Met
	}
	if on.IsZero() {
		on = today
	}
	return on, nil
}

// datesJSON is the shape of --json.
type datesJSON struct {
	ReleaseType      string      `json:"release_type"`
	Release          clock.Date  `json:"release"`
	ExpiryType       string      `json:"expiry_type"`
	Expiry           clock.Date  `json:"expiry"`
	SupervisionEnd   *clock.Date `json:"supervision_end"`
	EndedByRepeal    bool        `json:"supervision_ended_by_repeal"`
	ReleasePractical clock.Date  `json:"release_practical"`
	RuleSet          string      `json:"rule_set"`
	Source           string      `json:"source"`
}

// asJSON gives supervision by the law of the day: its end where it goes or went to its
// end, null where that law has none. What the repeal took away is null and said to be ended.
func asJSON(c law.Computed) datesJSON {
	j := datesJSON{
		ReleaseType: c.Release.Mark.Short(), Release: c.Release.On, ExpiryType: c.Expiry.Mark.Short(), Expiry: c.Expiry.On,
		EndedByRepeal: c.Supervision.State == law.EndedByTheRepeal, ReleasePractical: c.Practical.On, RuleSet: c.RuleSet(), Source: c.Law(),
	}
	if c.Supervision.State == law.RunsToEnd {
		j.SupervisionEnd = &c.Supervision.Ends
	}
	return j
}

// printDates writes for people: each day, why it is that day, and the law.
func printDates(w io.Writer, c law.Computed) error {
	var b strings.Builder
	in := c.Input
	fmt.Fprintf(&b, "Sentenced on %s to %s (%d days), %s; offence on %s.\nBy the law in force on %s.\n",
		in.Sentenced.Long(), in.Term.Words(), c.Length, in.Kind, in.Offence.Long(), c.On.Long())
	for _, d := range c.Days() {
		fmt.Fprintf(&b, "\n%-12s %s, %s\n", d.On.Short(), d.Mark.Word(), d.On.Weekday())
		reason(&b, d)
	}
	var none []law.Day
	if c.Supervision.Ends.IsZero() {
		none = append(none, c.Supervision.Day())
	}
	if c.Licence.On.IsZero() {
		none = append(none, law.Day{Mark: "licence", Why: c.Licence.Why, Rule: c.Licence.Rule})
	}
	if c.Curfew.On.IsZero() {
		none = append(none, c.Curfew)
	}
	for _, d := range none {
		fmt.Fprintf(&b, "\n%-12s %s\n", "None", d.Mark.Word())
		reason(&b, d)
	}
	if len(c.Assumed) > 0 || in.Born.IsZero() {
		b.WriteString("\nTaken for granted, because it was not said:\n")
		if in.Born.IsZero() {
			b.WriteString("  - an adult\n")
		}
		for _, q := range c.Assumed {
			fmt.Fprintf(&b, "  - %s (%s)\n", q.Assumed, q.Law)
		}
	}
	b.WriteString("\nThe prison sets the legal dates. This is a check: an official date always wins.\n")
	_, err := io.WriteString(w, b.String())
	return err
}

func reason(b *strings.Builder, d law.Day) {
	fmt.Fprintf(b, "    %s.\n    Rule: %s (%s).\n", d.Why, d.Rule.Name, d.Rule.Period())
	if d.Rule.Law != "" {
		fmt.Fprintf(b, "    Law: %s.\n", d.Rule.Law)
	}
	fmt.Fprintf(b, "    Read in: %s.\n", d.Rule.Source)
}
