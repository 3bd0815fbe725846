package referral

import (
	"context"
	"slices"

	"iom/internal/casework/agency"
	"iom/internal/casework/area"
	"iom/internal/casework/nominal"
	"iom/internal/casework/ref"
	"iom/internal/platform/audit"
	"iom/internal/platform/authz"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
)

// Save keeps a section as its next version. version is the one that was on the
// page, 0 when the section had never been saved; fault.Changed says that somebody
// else saved it since. Anybody who may refer in the area can go on with a
// colleague's referral. After submission it is an amendment: reason says why, the
// earlier version stays, and the facts that came from it follow. Once the meeting
// has decided, nothing is amended. It gives the new version.
//
// The fields of its problems are the names of the inputs of the section's page,
// and reason.
func Save(ctx context.Context, d *db.DB, s db.Submission, id ref.ReferralID, version int64, a Answers, reason string) (int64, error) {
	return db.Write(ctx, d, s, func(ctx context.Context, tx *db.Tx) (int64, error) {
		r, err := lockForWrite(ctx, tx, id, authz.Refer)
		if err != nil {
			return 0, err
		}
		return r.save(ctx, tx, version, a, reason)
	})
}

func (r Referral) save(ctx context.Context, tx *db.Tx, version int64, a Answers, reason string) (int64, error) {
	if !r.State.Open() {
		return 0, fault.Denied("This referral is " + r.State.said() + ". It can be read, not changed")
	}
	if r.Version(a.Section()) != version {
		return 0, fault.Changed()
	}
	before := r.Form.Of(a.Section())
	p := a.check(tx.Today())
	a, named, err := withNames(ctx, tx, r, a)
	if err != nil {
		return 0, err
	}
	p = append(p, named...)
	if r.State != Started {
		p.add(blank(reason), "reason", "", "Enter why the referral is amended")
		p = append(p, keptAnswered(before, a)...)
		p.add(liftsWarning(before, a) && !nominal.MayEndWarning(tx.Actor(), nominal.Scope{Area: r.Area}), "warnings.0.text", "R16",
			"A warning comes from PNC or Niche: only police or the co-ordinator can take it off")
	}
	p.prose("reason", reason)
	if err := fault.Refused(p); err != nil {
		return 0, err
	}
	if err := insertSection(ctx, tx, r.ID, r.Nominal, version+1, a, reason); err != nil {
		return 0, err
	}
	command := "referral.save"
	if r.State != Started {
		command = "referral.amend"
		if err := follow(ctx, tx, r, before, a, reason); err != nil {
			return 0, err
		}
	}
	tx.Record(audit.Event{Operation: operation(r.State), Command: command, Area: int64(r.Area), Nominals: []int64{int64(r.Nominal)},
		Object: "referral", ObjectID: int64(r.ID), Fields: changedFields(before, a)})
	return version + 1, nil
}

// operation is collection while the form is filled in, alteration afterwards.
func operation(s State) audit.Operation {
	if s == Started {
		return audit.Collect
	}
	return audit.Alter
}

// withNames fills in what a record is called now, so that the form stays readable
// when the record changes, and refuses what may not be chosen.
func withNames(ctx context.Context, tx *db.Tx, r Referral, a Answers) (Answers, problems, error) {
	var p problems
	switch a := a.(type) {
	case Details:
		current, err := agency.Current(ctx, tx, tx.Today())
		i := slices.IndexFunc(current, func(c agency.Agency) bool { return c.ID == a.Agency })
		switch {
		case err != nil:
			return nil, nil, err
		case i >= 0:
			a.AgencyName = current[i].Name
		case a.Agency != 0 && a.Agency == r.Form.Details.Agency: // has left the scheme since
			a.AgencyName = r.Form.Details.AgencyName
		default:
			p.add(a.Agency != 0, "agency", "R17", "Choose the agency from the list")
		}
		return a, p, nil
	case Groups:
		offered, err := area.PriorityGroups(ctx, tx, r.Area)
		if err != nil {
			return nil, nil, err
		}
		kept := Groups{Rows: slices.Clone(a.Rows)}
		for j, row := range kept.Rows {
			i := slices.IndexFunc(offered, func(g area.Group) bool { return g.ID == row.Group })
			if i >= 0 {
				kept.Rows[j].Name = offered[i].Name
				continue
			}
			earlier := slices.IndexFunc(r.Form.Groups.Rows, func(g GroupAnswer) bool { return g.Group == row.Group })
			p.add(earlier < 0, "", "R25", "Choose priority groups from the area's list")
			if earlier >= 0 {
				kept.Rows[j].Name = r.Form.Groups.Rows[earlier].Name
			}
		}
		return kept, p, nil
	}
	return a, p, nil
}

// keptAnswered refuses to make an answer unanswered again once it has become a
// fact of the person: it can be changed, not unsaid.
func keptAnswered(before, after Answers) (p problems) {
	switch after := after.(type) {
	case Groups:
		for _, row := range before.(Groups).Rows {
			p.add(!after.Of(row.Group).Answered(), "group."+ref.Text(row.Group), "R24", "Choose yes or no for "+row.Name+": it was answered before")
		}
	case Pathways:
		for _, row := range before.(Pathways).Rows {
			p.add(row.Level != "" && after.Of(row.Pathway).Level == "", slug(row.Pathway)+".level", "R22",
				"Choose the level of "+row.Pathway+": it was assessed before")
		}
	}
	return p
}

// liftsWarning says that an amendment takes a warning out.
func liftsWarning(before, after Answers) bool {
	was, ok := before.(Personal)
	if !ok {
		return false
	}
	for _, w := range was.Warnings {
		if !slices.Contains(after.(Personal).Warnings, w) {
			return true
		}
	}
	return false
}

// changedFields are the questions whose answers changed, for the log.
func changedFields(before, after Answers) []string {
	fields := []string{string(after.Section())}
	for _, c := range Changes(before, after) {
		fields = append(fields, c.Label)
	}
	return fields
}
