package referralpage

import (
	"context"
	"slices"

	"github.com/a-h/templ"

	"iom/internal/casework/agency"
	"iom/internal/casework/area"
	"iom/internal/casework/nominal"
	"iom/internal/casework/ref"
	"iom/internal/casework/referral"
	"iom/internal/platform/audit"
	"iom/internal/platform/authz"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
	"iom/web/form"
	"iom/web/page"
	"iom/web/ui"
)

// base is what every page of one referral needs.
type base struct {
	chrome   ui.Chrome
	r        referral.Referral
	warnings []string
	mayRefer bool
}

// load reads a referral and the warnings that stand wherever the person appears.
func load(ctx context.Context, q db.Querier, id ref.ReferralID) (b base, err error) {
	if b.r, err = referral.Get(ctx, q, id); err != nil {
		return b, err
	}
	card, err := nominal.CardOf(ctx, q, b.r.Nominal)
	if err != nil {
		return b, err
	}
	for _, w := range card.Warnings {
		b.warnings = append(b.warnings, w.Text)
	}
	for _, w := range b.r.Form.Personal.Warnings {
		if b.r.State == referral.Started && !slices.Contains(b.warnings, w) {
			b.warnings = append(b.warnings, w)
		}
	}
	open, err := referral.Writable(ctx, q, b.r.Summary)
	b.mayRefer = open && q.Actor().MayIn(authz.Refer, int64(b.r.Area))
	return b, err
}

func (b base) seen() audit.Seen { return audit.Opened(b.r.Nominal, b.r.Area) }

func (b base) href(rest string) string {
	at := "/referrals/" + ref.Text(b.r.ID)
	if rest == "" {
		return at
	}
	return at + "/" + rest
}

// sectionView is the page of one section.
type sectionView struct {
	base
	section  referral.Section
	f        *form.Form
	hidden   ui.FormHidden
	agencies []ui.Option
	groups   []area.Group
	equality []nominal.Characteristic
	conflict *ui.ConflictView // somebody else saved the section first; else nil
}

// amends says that the referral was submitted, so that a save is an amendment.
func (v sectionView) amends() bool { return v.r.State != referral.Started }

// Section is the page of one section of the form: on GET as it was last saved, on
// POST saved and on to the next.
func Section(c *page.Ctx) error {
	section, ok := referral.ParseSection(c.Param("section"))
	id, err := page.ID[ref.ReferralID](c, "id")
	if err != nil || !ok {
		return fault.Missing()
	}
	v, err := page.View(c, func(ctx context.Context, q *db.ReadTx) (sectionView, audit.Seen, error) {
		v, err := loadSection(ctx, q, id, section)
		return v, v.seen(), err
	})
	if err != nil {
		return err
	}
	if !v.mayRefer {
		return fault.Denied("Your role in the area of this referral does not allow changing it")
	}
	if !v.r.State.Open() {
		return c.SeeOther(v.href(""), "This referral can be read, not changed")
	}
	v.f = c.Form()
	if !v.f.IsSubmitted() {
		v.fill(v.f)
		v.read(c, v.f)
		return c.Render(v.draw(c, v.r.Version(section)))
	}
	if v.f.Field("_add").Value != "" {
		v.f = asTyped(c)
		v.read(c, v.f)
		return c.Render(v.draw(c, c.Version()))
	}
	return v.save(c)
}

func loadSection(ctx context.Context, q *db.ReadTx, id ref.ReferralID, section referral.Section) (v sectionView, err error) {
	v.section = section
	if v.base, err = load(ctx, q, id); err != nil {
		return v, err
	}
	switch section {
	case referral.SectionDetails:
		all, err := agency.Current(ctx, q, q.Today())
		for _, a := range all {
			v.agencies = append(v.agencies, ui.Option{Value: ref.Text(a.ID), Text: a.Name})
		}
		if d := v.r.Form.Details; !slices.ContainsFunc(all, func(a agency.Agency) bool { return a.ID == d.Agency }) && d.Agency != 0 {
			v.agencies = append(v.agencies, ui.Option{Value: ref.Text(d.Agency), Text: d.AgencyName})
		}
		return v, err
	case referral.SectionGroups:
		v.groups, err = area.PriorityGroups(ctx, q, v.r.Area)
	case referral.SectionEquality:
		v.equality, err = nominal.EqualityOf(ctx, q, v.r.Nominal)
	}
	return v, err
}

// fill puts what was saved into a form.
func (v sectionView) fill(f *form.Form) {
	switch a := v.r.Form.Of(v.section).(type) {
	case referral.Personal:
		fillPersonal(f, a)
	case referral.Details:
		fillDetails(f, a)
	case referral.Justification:
		fillJustification(f, a)
	case referral.History:
		fillHistory(f, a)
	case referral.Agencies:
		fillAgencies(f, a)
	case referral.Pathways:
		fillPathways(f, a)
	case referral.Groups:
		fillGroups(f, a)
	case referral.Risk:
		fillRisk(f, a)
	case referral.Considerations:
		fillConsiderations(f, a)
	case referral.Rating:
		fillRating(f, a)
	case referral.Youth:
		fillYouth(f, a)
	case referral.Equality:
		fillEquality(f, v.equality)
	}
}

// read declares the fields of the section, in the order of the page, and gives
// the answers; for the protected characteristics those stand apart.
func (v sectionView) read(c *page.Ctx, f *form.Form) (a referral.Answers, reason string, equality []nominal.Characteristic) {
	switch v.section {
	case referral.SectionPersonal:
		a = readPersonal(f, c.Today())
	case referral.SectionDetails:
		a = v.readDetails(f, c.Today())
	case referral.SectionJustification:
		a = readJustification(f, c.Today())
	case referral.SectionHistory:
		a = readHistory(f)
	case referral.SectionAgencies:
		a = readAgencies(f)
	case referral.SectionPathways:
		a = readPathways(f)
	case referral.SectionGroups:
		a = readGroups(f, v.groups, v.r.Form.Groups)
	case referral.SectionRisk:
		a = readRisk(f)
	case referral.SectionConsiderations:
		a = readConsiderations(f)
	case referral.SectionRating:
		a = readRating(f)
	case referral.SectionYouth:
		a = readYouth(f, c.Today())
	default:
		return referral.Equality{}, "", readEquality(f)
	}
	if v.amends() {
		reason = f.Prose("reason", "Why the referral is amended", form.Required)
	}
	return a, reason, nil
}

func (v sectionView) save(c *page.Ctx) error {
	a, reason, equality := v.read(c, v.f)
	if v.f.OK() {
		err := v.keep(c, a, reason, equality)
		if err == nil {
			return v.onward(c)
		}
		if fault.KindOf(err) == fault.Stale {
			v.conflict = v.versions(a, equality)
			return c.Stale(v.draw(c, v.r.Version(v.section)))
		}
		if err := v.f.Take(err); err != nil {
			return err
		}
	}
	return c.Redraw(v.draw(c, c.Version()))
}

// versions are what was typed and what somebody else saved meanwhile, in words.
func (v sectionView) versions(mine referral.Answers, equality []nominal.Characteristic) *ui.ConflictView {
	theirs := v.r.Versions[v.section]
	all := &ui.ConflictView{What: "the section “" + v.section.Title() + "”", By: theirs.ByName, When: "on " + moment(theirs.At)}
	saved := map[string]string{}
	for _, l := range v.r.Form.Of(v.section).Lines() {
		saved[l.Label] = l.Value
	}
	for _, l := range mine.Lines() {
		all.Rows = append(all.Rows, ui.ConflictRow{Label: l.Label, Yours: l.Value, Theirs: saved[l.Label]})
		delete(saved, l.Label)
	}
	for _, l := range v.r.Form.Of(v.section).Lines() {
		if value, only := saved[l.Label]; only {
			all.Rows = append(all.Rows, ui.ConflictRow{Label: l.Label, Theirs: value})
		}
	}
	for _, c := range equality {
		row := ui.ConflictRow{Label: options(c.Name)[0].Text, Yours: c.Value}
		for _, known := range v.equality {
			if known.Name == c.Name {
				row.Theirs = known.Value
			}
		}
		all.Rows = append(all.Rows, row)
	}
	return all
}

func (v sectionView) keep(c *page.Ctx, a referral.Answers, reason string, equality []nominal.Characteristic) (err error) {
	if v.section == referral.SectionEquality {
		_, err = referral.SaveEquality(c.Context(), c.DB, c.Submission(), v.r.ID, c.Version(), equality)
		return err
	}
	_, err = referral.Save(c.Context(), c.DB, c.Submission(), v.r.ID, c.Version(), a, reason)
	return err
}

// onward leads to the next section, or back to the list when the reader will go
// on later, is amending, or has come to the end.
func (v sectionView) onward(c *page.Ctx) error {
	switch {
	case v.amends():
		return c.SeeOther(v.href(""), "Referral amended")
	case v.f.Field("then").Value == "later":
		return c.SeeOther(v.href(""), v.section.Title()+" saved")
	case v.f.Field("then").Value == "check":
		return c.SeeOther(v.href("check"), v.section.Title()+" saved")
	}
	sections := v.sections(c)
	i := slices.Index(sections, v.section)
	if i < 0 || i == len(sections)-1 {
		return c.SeeOther(v.href(""), v.section.Title()+" saved")
	}
	return c.SeeOther(v.href(string(sections[i+1])), v.section.Title()+" saved")
}

// sections are those that this referral has. What was just saved may have made
// the person a child; the task list then shows the section.
func (v sectionView) sections(c *page.Ctx) []referral.Section { return sectionsOf(v.r, c) }

func (v sectionView) draw(c *page.Ctx, version int64) templ.Component {
	v.chrome = c.Chrome(v.section.Title(), v.f)
	v.chrome.Back = ui.Link{Text: "Back to the referral", Href: v.href("")}
	v.hidden = c.Hidden(version)
	v.hidden.Guard = true
	return sectionPage(v)
}
