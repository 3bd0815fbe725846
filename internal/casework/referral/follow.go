package referral

import (
	"context"
	"slices"

	"iom/internal/casework/need"
	"iom/internal/casework/nominal"
	"iom/internal/casework/ref"
	"iom/internal/casework/sentence"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
)

func slug(pathway string) string { return need.Pathway(pathway).Slug() }

// become makes facts of the person out of the answers of a section, when the
// referral is submitted and again when it is amended. before is the version that
// the record follows already; nil where it follows none yet, but for the personal
// details, which begin with what the record knows.
func become(ctx context.Context, tx *db.Tx, r Referral, before, after Answers) error {
	source := Source(r.ID)
	switch a := after.(type) {
	case Personal:
		return a.become(ctx, tx, r.Nominal, before.(Personal), source)
	case Justification:
		for _, s := range a.Scores {
			if was, ok := before.(Justification); ok && slices.Contains(was.Scores, s) {
				continue
			}
			if _, err := sentence.InsertScore(ctx, tx, sentence.NewScore{Nominal: r.Nominal, Type: s.Type, Value: s.Value, On: s.On, Source: source}); err != nil {
				return err
			}
		}
	case Pathways:
		return a.become(ctx, tx, r, before, source)
	case Groups:
		for _, row := range a.Rows {
			if err := nominal.RecordGroup(ctx, tx, r.Nominal, row.Group, row.Member, source); err != nil {
				return err
			}
		}
	}
	return nil
}

// become adds to the record what the personal details say. before is what the
// record said when they were begun or last amended: only what differs from it is
// put into the identity, so that what was learnt elsewhere meanwhile stands.
func (a Personal) become(ctx context.Context, tx *db.Tx, id ref.NominalID, before Personal, source string) error {
	now, err := nominal.IdentityOf(ctx, tx, id)
	if err != nil {
		return err
	}
	if merged := merge(now, before.Identity(now.Source), a.Identity(now.Source)); merged != now {
		merged.Source = source
		if err := nominal.RecordIdentity(ctx, tx, id, merged); err != nil {
			return err
		}
	}
	if (a.Address != "" || a.Postcode != "") && (a.Address != before.Address || a.Postcode != before.Postcode) {
		if err := nominal.RecordAddress(ctx, tx, id, nominal.Address{Text: a.Address, Postcode: a.Postcode, Source: source}); err != nil {
			return err
		}
	}
	for _, name := range a.Aliases {
		if err := nominal.RecordAlias(ctx, tx, id, name, source); err != nil {
			return err
		}
	}
	for _, n := range a.Phones {
		if err := nominal.RecordPhone(ctx, tx, id, nominal.Phone{Kind: n.Kind, Number: n.Number, Source: source}); err != nil {
			return err
		}
	}
	for _, w := range a.Warnings {
		if err := nominal.RecordWarning(ctx, tx, id, w, source); err != nil {
			return err
		}
	}
	return nil
}

// merge puts into an identity what differs between two others.
func merge(now, before, after nominal.Identity) nominal.Identity {
	put := func(into *string, was, is string) {
		if was != is {
			*into = is
		}
	}
	put(&now.FamilyName, before.FamilyName, after.FamilyName)
	put(&now.GivenNames, before.GivenNames, after.GivenNames)
	if before.Born != after.Born {
		now.Born = after.Born
	}
	put(&now.Sex, before.Sex, after.Sex)
	put(&now.Gender, before.Gender, after.Gender)
	put(&now.URN, before.URN, after.URN)
	put(&now.PNCIDTyped, before.PNCIDTyped, after.PNCIDTyped)
	put(&now.PNCID, before.PNCID, after.PNCID)
	put(&now.CRN, before.CRN, after.CRN)
	put(&now.PrisonNumber, before.PrisonNumber, after.PrisonNumber)
	put(&now.NINumber, before.NINumber, after.NINumber)
	put(&now.Email, before.Email, after.Email)
	put(&now.Preferences, before.Preferences, after.Preferences)
	return now
}

func (a Pathways) become(ctx context.Context, tx *db.Tx, r Referral, before Answers, source string) error {
	on := r.Form.Details.Date
	if before != nil {
		on = tx.Today()
	}
	for _, row := range a.Rows {
		if was, ok := before.(Pathways); row.Level == "" || ok && was.Of(row.Pathway) == row {
			continue
		}
		err := need.Record(ctx, tx, r.Nominal, need.Assessment{Pathway: need.Pathway(row.Pathway), Level: need.Level(row.Level),
			Needs: row.Needs, Actions: row.Actions, On: on, Source: source})
		if err != nil {
			return err
		}
	}
	return nil
}

// follow makes the facts follow an amendment: what was taken out of the form is
// closed as entered in error, with the reason of the amendment; what is new is
// recorded.
func follow(ctx context.Context, tx *db.Tx, r Referral, before, after Answers, reason string) error {
	gone, err := goneFacts(ctx, tx, r, before, after)
	if err != nil {
		return err
	}
	for _, f := range gone {
		if err := nominal.CloseFact(ctx, tx, r.Nominal, f.table, f.id, nominal.EnteredInError, reason, clock.Date{}); err != nil {
			return err
		}
	}
	return become(ctx, tx, r, before, after)
}

type goneFact struct {
	table string
	id    int64
}

// goneFacts are the standing facts that the earlier version of a section gave and
// the new one does not.
func goneFacts(ctx context.Context, tx *db.Tx, r Referral, before, after Answers) (gone []goneFact, err error) {
	switch was := before.(type) {
	case Personal:
		now := after.(Personal)
		card, err := nominal.CardOf(ctx, tx, r.Nominal)
		if err != nil {
			return nil, err
		}
		for _, f := range card.Aliases {
			if slices.Contains(was.Aliases, f.Name) && !slices.Contains(now.Aliases, f.Name) {
				gone = append(gone, goneFact{"nominal_alias", f.ID})
			}
		}
		for _, f := range card.Warnings {
			if slices.Contains(was.Warnings, f.Text) && !slices.Contains(now.Warnings, f.Text) {
				gone = append(gone, goneFact{"nominal_warning", f.ID})
			}
		}
		for _, f := range card.Phones {
			n := Phone{f.Kind, f.Number}
			if slices.Contains(was.Phones, n) && !slices.Contains(now.Phones, n) {
				gone = append(gone, goneFact{"nominal_phone", f.ID})
			}
		}
		for _, f := range card.Addresses {
			if f.Text == was.Address && f.Postcode == was.Postcode && (now.Address != was.Address || now.Postcode != was.Postcode) {
				gone = append(gone, goneFact{"nominal_address", f.ID})
			}
		}
	case Justification:
		now := after.(Justification)
		scores, err := sentence.Scores(ctx, tx, r.Nominal)
		if err != nil {
			return nil, err
		}
		for _, f := range scores {
			s := Score{f.Type, f.Value, f.On}
			if f.Source == Source(r.ID) && slices.Contains(was.Scores, s) && !slices.Contains(now.Scores, s) {
				gone = append(gone, goneFact{"risk_score", f.ID})
			}
		}
	}
	return gone, nil
}
