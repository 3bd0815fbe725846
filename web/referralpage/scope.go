package referralpage

import (
	"iom/internal/casework/area"
	"iom/internal/casework/need"
	"iom/internal/casework/ref"
	"iom/internal/casework/referral"
	"iom/web/form"
	"iom/web/ui"
)

func fillAgencies(f *form.Form, a referral.Agencies) {
	for i, r := range a.Rows {
		f.Set(part("agencies", i, "agency"), r.Agency)
		f.Set(part("agencies", i, "person"), r.Person)
		f.Set(part("agencies", i, "contact"), r.Contact)
	}
	if a.None {
		f.Set("none", "yes")
	}
}

func readAgencies(f *form.Form) referral.Agencies {
	var a referral.Agencies
	for i := range shown(f, "agencies", "agency", "person", "contact") {
		name := part("agencies", i, "agency")
		r := referral.Involved{Agency: f.Line(name, "Agency", form.Optional), Person: f.Line(part("agencies", i, "person"), "Person", form.Optional),
			Contact: f.Line(part("agencies", i, "contact"), "Contact details", form.Optional)}
		if r == (referral.Involved{}) {
			continue
		}
		if r.Agency == "" && f.IsSubmitted() {
			f.Fail(name, "Enter the agency")
		}
		a.Rows = append(a.Rows, r)
	}
	a.None = f.Tick("none", "No other agency is involved")
	if a.None && len(a.Rows) > 0 && f.IsSubmitted() {
		f.Fail("none", "There are agencies above: take them out or clear this box")
	}
	return a
}

func fillPathways(f *form.Form, a referral.Pathways) {
	for _, r := range a.Rows {
		slug := need.Pathway(r.Pathway).Slug()
		f.Set(slug+".level", r.Level)
		f.Set(slug+".needs", r.Needs)
		f.Set(slug+".actions", r.Actions)
	}
}

func readPathways(f *form.Form) referral.Pathways {
	var a referral.Pathways
	for _, p := range need.Pathways {
		slug := p.Slug()
		r := referral.Pathway{Pathway: string(p), Level: f.Choice(slug+".level", p.Word()+": risk level", form.Optional, levels()...),
			Needs: f.Prose(slug+".needs", p.Word()+": needs", form.Optional), Actions: f.Prose(slug+".actions", p.Word()+": actions", form.Optional)}
		if r == (referral.Pathway{Pathway: string(p)}) {
			continue
		}
		if r.Level == "" && f.IsSubmitted() {
			f.Fail(slug+".level", "Choose the risk level of "+string(p))
		}
		a.Rows = append(a.Rows, r)
	}
	return a
}

func levels() []string {
	all := make([]string, len(need.Levels))
	for i, l := range need.Levels {
		all[i] = string(l)
	}
	return all
}

func levelOptions() []ui.Option {
	all := make([]ui.Option, len(need.Levels))
	for i, l := range need.Levels {
		all[i] = ui.Option{Value: string(l), Text: l.Word()}
	}
	return all
}

func groupField(id ref.GroupID) string { return "group." + ref.Text(id) }

func fillGroups(f *form.Form, a referral.Groups) {
	for _, r := range a.Rows {
		f.Set(groupField(r.Group), string(a.Of(r.Group)))
	}
}

// readGroups reads the answers to the area's list. A group that has left the list
// keeps the answer that it had.
func readGroups(f *form.Form, offered []area.Group, before referral.Groups) referral.Groups {
	var a referral.Groups
	for _, g := range offered {
		if answer := yesNo(f, groupField(g.ID), g.Name); answer.Answered() {
			a.Rows = append(a.Rows, referral.GroupAnswer{Group: g.ID, Name: g.Name, Member: answer == referral.Yes})
		}
	}
	for _, r := range before.Rows {
		if !offers(offered, r.Group) {
			a.Rows = append(a.Rows, r)
		}
	}
	return a
}

func offers(offered []area.Group, id ref.GroupID) bool {
	for _, g := range offered {
		if g.ID == id {
			return true
		}
	}
	return false
}
