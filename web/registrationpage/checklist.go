package registrationpage

import (
	"context"

	"iom/internal/casework/ref"
	"iom/internal/casework/registration"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
	"iom/web/form"
	"iom/web/nominalpage/frame"
	"iom/web/page"
	"iom/web/ui"
)

// checked is one registration with its checklists.
type checked struct {
	registration.Registration
	lists registration.Lists
}

// checklistView is what the page of the checklists shows.
type checklistView struct {
	base
	all []checked // newest first
}

func readChecklists(c *page.Ctx, may authz.Permission) (v checklistView, err error) {
	v.base, err = load(c, may, func(ctx context.Context, q *db.ReadTx, p frame.Person) error {
		times, err := registration.Of(ctx, q, p.ID)
		if err != nil {
			return err
		}
		lists, err := registration.ChecklistsOf(ctx, q, p.ID)
		if err != nil {
			return err
		}
		for _, r := range times {
			v.all = append(v.all, checked{r, lists[r.ID]})
		}
		return nil
	})
	return v, err
}

// Checklist shows the adoption and removal lines of every registration.
func Checklist(c *page.Ctx) error {
	v, err := readChecklists(c, "")
	if err != nil {
		return err
	}
	return c.Render(checklistPage(v.chrome(c, "Checklists", nil), v))
}

// shows says which lists a registration has: the removal begins with the decision
// to deregister.
func (r checked) shows() []string {
	if r.EndedAt == nil {
		return []string{registration.AdoptionList}
	}
	return []string{registration.RemovalList, registration.AdoptionList}
}

// left are the lines still to be done, as the form calls them.
func (r checked) left() []string {
	if r.EndedAt == nil {
		return registration.Words(registration.AdoptionList, registration.MissingAdoption(r.lists))
	}
	if r.ClosedAt != nil {
		return nil
	}
	return registration.Words(registration.RemovalList, registration.MissingRemoval(r.lists))
}

// mayRecord says whether the actor may record a line now.
func (v checklistView) mayRecord(r checked, line string) bool {
	if r.ClosedAt != nil || line == registration.Conference || !v.person.May(authz.RecordChecklist) {
		return false
	}
	return !registration.ForPolice(line) || registration.MayRecordMarker(v.person.Actor, v.person.Scope.Area)
}

// needed says whether a removal line has to be done at all before the case closes.
func (r checked) needed(list, line string) bool {
	if list == registration.AdoptionList || line == registration.Conference || line == registration.Notified {
		return true
	}
	return !r.lists.Get(registration.AdoptionList, line).DoneOn.IsZero()
}

// lineView is what the page of one line shows.
type lineView struct {
	checklistView
	of   checked
	list string
	line string
}

func readLine(c *page.Ctx) (v lineView, err error) {
	if v.checklistView, err = readChecklists(c, authz.RecordChecklist); err != nil {
		return v, err
	}
	id, err := page.ID[ref.RegistrationID](c, "registration")
	if err != nil {
		return v, err
	}
	v.list = c.Param("list")
	line, ok := lineOf(v.list, c.Param("line"))
	if !ok || line == registration.Conference {
		return v, fault.Missing()
	}
	v.line = line
	for _, r := range v.all {
		if r.ID == id {
			v.of = r
		}
	}
	switch {
	case v.of.ID == 0:
		return v, fault.Missing()
	case !v.mayRecord(v.of, line) && v.of.ClosedAt == nil:
		return v, fault.Denied("Lines about PNC and Niche are recorded by police or the co-ordinator")
	}
	return v, nil
}

// Line is the form for one line of a checklist. It comes filled in with today and
// who asks: most lines are recorded by whoever has just done them.
func Line(c *page.Ctx) error {
	v, err := readLine(c)
	if err != nil {
		return err
	}
	v.form.Set("done_on", c.Today().Typed())
	v.form.Set("by_whom", c.Actor.Name)
	if now := v.of.lists.Get(v.list, v.line); now.Done() {
		v.form.Set("note", now.Note)
		v.form.Set("done_on", now.DoneOn.Typed())
		v.form.Set("by_whom", now.ByWhom)
		if now.NotApplicable {
			v.form.Set("not_applicable", "yes")
		}
	}
	decodeLine(c, v)
	return c.Render(linePage(v.chrome(c, v.title(), nil), v))
}

// RecordLine records one line of a checklist.
func RecordLine(c *page.Ctx) error {
	v, err := readLine(c)
	if err != nil {
		return err
	}
	n := decodeLine(c, v)
	if v.form.OK() {
		closed, err := registration.RecordLine(c.Context(), c.DB, c.Submission(), v.person.ID, v.of.ID, n)
		switch {
		case err == nil && closed:
			return c.SeeOther(v.person.At("checklist"), "Recorded. No marker is left, so the case is closed")
		case err == nil:
			return c.SeeOther(v.person.At("checklist"), "Recorded")
		}
		if err := v.form.Take(err); err != nil {
			return err
		}
	}
	return c.Redraw(linePage(v.chrome(c, v.title(), v.form), v))
}

func decodeLine(c *page.Ctx, v lineView) registration.NewLine {
	f := v.form
	n := registration.NewLine{List: v.list, Line: v.line}
	if v.line == registration.SocialServices {
		n.NotApplicable = f.Tick("not_applicable", "Not applicable")
	}
	need := form.Need(!n.NotApplicable)
	n.DoneOn = f.PastDate("done_on", "Done on", need, c.Today())
	n.ByWhom = f.Line("by_whom", "By whom", need)
	n.Note = f.Prose("note", "Note", form.Optional)
	if n.NotApplicable {
		n.DoneOn, n.ByWhom = clock.Date{}, ""
	}
	return n
}

func (v lineView) title() string { return registration.LineWord(v.list, v.line) }

func (v lineView) address() string {
	return v.person.At("checklist/" + ref.Text(v.of.ID) + "/" + v.list + "/" + slug(v.line))
}

// change is the link to the form of a line; empty when it may not be recorded.
func (v checklistView) change(r checked, list, line string) ui.Link {
	if !v.mayRecord(r, line) {
		return ui.Link{}
	}
	text := "Record"
	if r.lists.Get(list, line).Done() {
		text = "Change"
	}
	return ui.Link{Text: text, Href: v.person.At("checklist/" + ref.Text(r.ID) + "/" + list + "/" + slug(line))}
}

// CorrectLine takes back the current entry of a line: it was made in error.
func CorrectLine(c *page.Ctx) error {
	v, err := readLine(c)
	if err != nil {
		return err
	}
	reason := decodeCorrection(v)
	if v.form.OK() {
		err := registration.CorrectLine(c.Context(), c.DB, c.Submission(), v.person.ID, v.of.ID, v.list, v.line, reason)
		if err == nil {
			return c.SeeOther(v.person.At("checklist"), "Taken back as entered in error")
		}
		if err := v.form.Take(err); err != nil {
			return err
		}
	}
	return c.Redraw(correctionPage(v.chrome(c, v.title(), v.form), v))
}

// Correction is the form for taking back an entry.
func Correction(c *page.Ctx) error {
	v, err := readLine(c)
	if err != nil {
		return err
	}
	if !v.of.lists.Get(v.list, v.line).Done() {
		return fault.Missing()
	}
	decodeCorrection(v)
	return c.Render(correctionPage(v.chrome(c, v.title(), nil), v))
}

func decodeCorrection(v lineView) string {
	return v.form.Prose("reason", "What was wrong", form.Required)
}
