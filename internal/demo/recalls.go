package demo

import (
	"context"
	"time"

	"iom/internal/casework/custody"
	"iom/internal/casework/law"
	"iom/internal/casework/rag"
	"iom/internal/casework/recall"
	"iom/internal/casework/ref"
	"iom/internal/casework/review"
	"iom/internal/casework/sentence"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
)

// recallLater plans the recall of some who are on licence, three weeks after their release:
// decided in the morning, the papers at PPCS the same day, back in custody within the week.
func (s *show) recallLater(p *person, of ref.SentenceID, licenceEnds clock.Date) {
	if p.serial%4 != 3 {
		return
	}
	s.plan(s.day().AddDays(24), 10, 30, "a recall", func(ctx context.Context) error {
		if !p.registered || p.spell != 0 || s.day().AddDays(14).After(licenceEnds) {
			return nil
		}
		id, err := s.recall(ctx, p, of)
		if err != nil {
			return err
		}
		s.step(p, id, s.day(), 14, recall.Sent)
		s.step(p, id, s.day(), 15, recall.Received)
		s.step(p, id, s.day().AddDays(1), 10, recall.Revoked)
		s.plan(s.day().AddDays(1), 11, 0, "the kind of a recall", func(ctx context.Context) error { return s.kind(ctx, p, id) })
		s.plan(s.day().AddDays(5), 18, 20, "back in custody", func(ctx context.Context) error { return s.back(ctx, p, id) })
		return nil
	})
}

// recalledYesterday has somebody of East Sussex recalled yesterday afternoon, whose papers
// are due today: the start page counts the hours down.
func (s *show) recalledYesterday() {
	s.plan(s.today.AddDays(-1), 15, 40, "a recall of yesterday", func(ctx context.Context) error {
		var p *person
		for _, c := range s.cases {
			on := c.registered && c.spell == 0 && c.told == nil && c.leaf == 0 && c.sentence != 0 && c.licenceEnds.After(s.today.AddDays(30))
			if on && (c.rating == rag.Red || c.rating == rag.Amber) && (p == nil || c.serial > p.serial) { // ordered takes the first
				p = c
			}
		}
		if p == nil {
			return nil
		}
		open, err := s.recalls(ctx, p)
		if err != nil || len(open) > 0 {
			return err
		}
		_, err = s.recall(ctx, p, p.sentence)
		return err
	})
}

func (s *show) recall(ctx context.Context, p *person, of ref.SentenceID) (ref.RecallID, error) {
	return recall.Decide(ctx, s.d, s.as(s.user("probation", p.leaf)), recall.New{Nominal: p.nominal, Sentence: of, DecidedAt: s.clock.Now(),
		DecidedBy: s.names[s.accounts[s.user("probation", p.leaf)]], Reason: "Third missed appointment; not at the approved address since Monday.", Source: "Probation case record"})
}

// step records a step of a recall at an hour.
func (s *show) step(p *person, id ref.RecallID, on clock.Date, hour int, n recall.Step) {
	s.plan(on, hour, 5, "a step of a recall", func(ctx context.Context) error {
		return recall.Record(ctx, s.d, s.as(s.user("probation", p.leaf)), p.nominal, id, recall.NewStep{Step: n, At: s.clock.Now().Add(-time.Minute), Source: "E-mail of PPCS"})
	})
}

// kind answers what the law of the day asks, and records the kind that it comes to.
func (s *show) kind(ctx context.Context, p *person, id ref.RecallID) error {
	one, err := s.recallOf(ctx, p, id)
	if err != nil {
		return err
	}
	of, err := s.sentenceOf(ctx, p, one.Sentence)
	if err != nil {
		return err
	}
	one.Replies = map[law.QuestionID]recall.Reply{}
	first, problems := one.Advice(of, p.born)
	if len(problems) > 0 {
		return nil // what was entered before does not allow it: it stays undecided
	}
	for _, a := range first.Asked {
		one.Replies[a.Question.ID] = recall.Reply{Answer: law.NotMet, Evidence: "Case record and PNC checked"}
	}
	advice, _ := one.Advice(of, p.born)
	return recall.Answer(ctx, s.d, s.as(s.user("probation", p.leaf)), p.nominal, id, recall.Decided{Replies: one.Replies, Kind: advice.Kind(), Source: "Decision of PPCS"})
}

// back records the return to custody, and what follows of it by itself: the rating, and the
// release at the end of a fixed term.
func (s *show) back(ctx context.Context, p *person, id ref.RecallID) error {
	one, err := s.recallOf(ctx, p, id)
	if err != nil || one.Kind == "" || !p.registered || p.spell != 0 {
		return err
	}
	if err := recall.Return(ctx, s.d, s.as(s.user("police", p.leaf)), p.nominal, id, recall.Returned{On: s.day(), Prison: pick(s.r, prisons[p.female]), Source: "Prison"}); err != nil {
		return err
	}
	one, err = s.recallOf(ctx, p, id)
	if err != nil {
		return err
	}
	p.spell = one.Spell
	if err := s.between(ctx, p, s.user("probation", p.leaf), review.Between{Rating: rag.Prison, Reason: "Recalled; back in custody today."}); err != nil {
		return err
	}
	dates, err := ask(ctx, s, s.user("probation", p.leaf), func(ctx context.Context, q *db.ReadTx) (sentence.Dates, error) {
		return recall.DatesOf(ctx, q, p.nominal)
	})
	if err != nil || dates.Release.Day.IsZero() {
		return err
	}
	s.plan(dates.Release.Day, 10, 10, "release after a recall", func(ctx context.Context) error {
		if p.spell != one.Spell || !p.registered {
			return nil
		}
		if err := custody.Release(ctx, s.d, s.as(s.user("police", p.leaf)), p.nominal, p.spell, custody.Notified{Day: s.day(), NotifiedBy: "Prison", Source: "Prison"}); err != nil {
			return err
		}
		p.spell = 0
		return s.between(ctx, p, s.user("probation", p.leaf), review.Between{Rating: rag.Red, Reason: "Released after a fixed-term recall.", Supervision: "Weekly"})
	})
	return nil
}

func (s *show) recalls(ctx context.Context, p *person) ([]recall.Recall, error) {
	return ask(ctx, s, s.user("probation", p.leaf), func(ctx context.Context, q *db.ReadTx) ([]recall.Recall, error) { return recall.Of(ctx, q, p.nominal) })
}

func (s *show) recallOf(ctx context.Context, p *person, id ref.RecallID) (recall.Recall, error) {
	all, err := s.recalls(ctx, p)
	for _, r := range all {
		if r.ID == id {
			return r, err
		}
	}
	return recall.Recall{}, err
}

func (s *show) sentenceOf(ctx context.Context, p *person, id ref.SentenceID) (sentence.Sentence, error) {
	return ask(ctx, s, s.user("probation", p.leaf), func(ctx context.Context, q *db.ReadTx) (sentence.Sentence, error) {
		of, _, err := sentence.Dated(ctx, q, p.nominal, id)
		return of, err
	})
}
