package sentence

import (
	"context"

	"iom/internal/casework/custody"
	"iom/internal/casework/law"
	"iom/internal/casework/ref"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
)

// GroupOf is the group in which a custodial sentence stands.
func (d Dates) GroupOf(id ref.SentenceID) (Group, bool) {
	for _, g := range d.Groups {
		for _, s := range g.Sentences {
			if s.ID == id {
				return g, true
			}
		}
	}
	return Group{}, false
}

// In is the date of a kind that is in force for a group.
func (d Dates) In(g Group, kind custody.DateKind) InForce {
	for _, l := range d.Lines(g) {
		if l.Kind == kind {
			return l.InForce
		}
	}
	return InForce{}
}

// EndOf is the end of a sentence that is in force; its zero Day where none is known.
func (d Dates) EndOf(id ref.SentenceID) InForce {
	g, ok := d.GroupOf(id)
	if !ok {
		return InForce{}
	}
	return d.In(g, custody.SentenceEnd)
}

// Supervised are the days of post-sentence supervision after a sentence, for the court that
// hears a breach of it (R144, R148): the last one as it was notified or, where the repeal
// ended it, as it was meant. ok is false where there was none.
func (d Dates) Supervised(id ref.SentenceID) (law.Supervision, bool) {
	g, ok := d.GroupOf(id)
	if !ok {
		return law.Supervision{}, false
	}
	s := g.Supervised
	end := d.EndOf(id).Day
	if !end.IsZero() && s.State != law.NoSupervision {
		s.Begins = end.AddDays(1)
	}
	if f := d.In(g, custody.SupervisionEnd); f.Notified {
		s.Meant = f.Day
		if s.Begins.IsZero() && !end.IsZero() { // where the end of the sentence is not known, neither is its beginning
			s.Begins = end.AddDays(1)
		}
	}
	return s, !s.Begins.IsZero() && !s.Meant.IsZero() && !s.Meant.Before(s.Begins)
}

// InsertAdjustment appends days that move a sentence, within a command of another room,
// which checks the permission and records the event.
func InsertAdjustment(ctx context.Context, tx *db.Tx, of ref.NominalID, id ref.SentenceID, a NewAdjustment) error {
	s, err := find(ctx, tx, of, id)
	if err != nil {
		return err
	}
	if err := fault.Refused(CheckAdjustment(a, s, tx.Today())); err != nil {
		return err
	}
	_, err = insertAdjustment(ctx, tx, of, id, a)
	return err
}

// InsertEnd appends the early end of an order, as InsertAdjustment does days.
func InsertEnd(ctx context.Context, tx *db.Tx, of ref.NominalID, id ref.SentenceID, n NewEnd) error {
	s, err := find(ctx, tx, of, id)
	if err != nil {
		return err
	}
	ends, err := EndsOf(ctx, tx, of)
	if err != nil {
		return err
	}
	_, ended := endOf(ends, id)
	if err := fault.Refused(CheckEnd(n, s, ended, tx.Today())); err != nil {
		return err
	}
	_, err = insertEnd(ctx, tx, of, id, n)
	return err
}
