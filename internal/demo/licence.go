package demo

import (
	"context"

	"iom/internal/casework/condition"
	"iom/internal/casework/ref"
	"iom/internal/casework/sentence"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
)

// additional are conditions beside the standard ones, in words as licences have them.
var additional = []struct {
	kind  condition.Kind
	words string
}{
	{condition.Curfew, "Confine yourself to an address approved by your supervising officer between the hours of 19:00 and 07:00 daily"},
	{condition.Exclusion, "Not to enter the town centre within the line drawn on the attached map without the prior approval of your supervising officer"},
	{condition.NoContact, "Not to seek to approach or communicate with the victims of the offence without the prior approval of your supervising officer"},
	{condition.Programme, "To comply with any requirements specified by your supervising officer to address your offending behaviour at the Thinking Skills Programme"},
	{condition.DrugTalks, "Attend all appointments arranged for you with STAR, unless otherwise approved by your supervising officer"},
}

// bind has the governor set the conditions of the licence a week before release and, where
// supervision follows, its requirements, which the supervisor proposed. They are explained
// on the day of release and again when supervision begins; now and then somebody forgets.
func (s *show) bind(ctx context.Context, p *person, of ref.SentenceID, release clock.Date) error {
	if p.spell == 0 || !p.registered {
		return nil
	}
	probation, more := s.as(s.user("probation", p.leaf)), additional[p.serial%len(additional)]
	governor := "Governor of the prison, by the offender management unit"
	if _, err := condition.Record(ctx, s.d, probation, condition.New{Nominal: p.nominal, Sentence: of, Standard: condition.Standards, Kind: more.kind, Words: more.words,
		SetBy: governor, SetOn: s.day(), From: release, Source: "Licence"}); err != nil {
		return err
	}
	if p.serial%5 != 2 {
		s.explain(p, of, release)
	}
	dates, err := ask(ctx, s, s.user("probation", p.leaf), func(ctx context.Context, q *db.ReadTx) (sentence.Dates, error) {
		return sentence.DatesOf(ctx, q, p.nominal)
	})
	if err != nil {
		return err
	}
	supervision := condition.SupervisionOf(dates, of)
	if supervision.None != "" {
		return nil
	}
	n := condition.NewSet{Nominal: p.nominal, Sentence: of, Step: condition.Proposed, DoneBy: s.names[s.accounts[s.user("probation", p.leaf)]], DoneOn: s.day().AddDays(-1),
		Chosen: required(), Why: "To keep an address and appointments after the licence, in the months that carry the risk", Source: "Probation case record"}
	if _, err := condition.Require(ctx, s.d, s.as(s.user("probation", p.leaf)), n); err != nil {
		return err
	}
	n.Step, n.DoneBy, n.DoneOn, n.From, n.Source = condition.SetUp, governor, s.day(), supervision.Begins, "Notice of supervision"
	if _, err := condition.Require(ctx, s.d, s.as(s.user("probation", p.leaf)), n); err != nil {
		return err
	}
	if p.serial%3 != 0 {
		s.explain(p, of, supervision.Begins)
	}
	return nil
}

// required are the first eight requirements and drug appointments.
func required() []condition.Chosen {
	var all []condition.Chosen
	for number := 1; number <= 8; number++ {
		c := condition.Chosen{Number: number}
		if number == 5 {
			c.Brackets = []string{"that the supervisor has agreed"}
		}
		all = append(all, c)
	}
	return append(all, condition.Chosen{Number: 10, Brackets: []string{"with STAR, at the probation office"}, Why: "Has begun with STAR in prison and is to go on"})
}

// explain plans that conditions or requirements are explained to the person on a day.
func (s *show) explain(p *person, of ref.SentenceID, on clock.Date) {
	s.plan(on, 14, 10, "explanation", func(ctx context.Context) error {
		if p.spell != 0 || !p.registered {
			return nil
		}
		_, err := condition.Explain(ctx, s.d, s.as(s.user("probation", p.leaf)), condition.NewExplanation{Nominal: p.nominal, Sentence: of, On: s.day(),
			ExplainedBy: s.names[s.accounts[s.user("probation", p.leaf)]], Note: "Signed for", Source: "Probation case record"})
		return err
	})
}
