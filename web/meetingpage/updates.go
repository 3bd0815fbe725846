package meetingpage

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"iom/internal/casework/meeting"
	"iom/internal/casework/ref"
	"iom/internal/platform/audit"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
	"iom/web/form"
	"iom/web/page"
	"iom/web/ui"
)

// The parts of a meeting that belong to its attendees, by the last part of their address.
const (
	apologiesPart = "apologies"
	updatesPart   = "updates"
	papersPart    = "papers"
)

type updatesView struct {
	meeting.Updates
	today clock.Date
	sent  *form.Form    // what was sent and not accepted; nil: nothing
	about ref.NominalID // the case that it is about
	again ui.FormHidden // of that form
	own   func() ui.FormHidden
}

// Updates are the written updates of a meeting: one's own to write, and for who runs
// it all that are owed.
func Updates(c *page.Ctx) error { return drawUpdates(c, nil, 0) }

// updateField is the control of the update about a case. Every case of the page has
// its own form, and no two controls share a name.
func updateField(n ref.NominalID) string { return "update-text-" + ref.Text(n) }

// WriteUpdate sends a written update about one case.
func WriteUpdate(c *page.Ctx) error {
	id, n, err := caseOf(c)
	if err != nil {
		return err
	}
	f := c.Form()
	text := f.Prose(updateField(n), "Update", form.Required)
	if !f.OK() {
		text = "" // the command says first whether the case is there to be written about
	}
	err = meeting.WriteUpdate(c.Context(), c.DB, c.Submission(), id, n, text)
	if f.OK() || fault.KindOf(err) != fault.Invalid {
		if err := f.Take(err); err != nil {
			return signFirst(c, id, err)
		}
	}
	if f.OK() {
		return c.SeeOther(at(id, updatesPart), "Update sent")
	}
	return drawUpdates(c, f, n)
}

// SaveUpdate keeps what is being typed of an update. The answer is given when it is on
// disk.
func SaveUpdate(c *page.Ctx) error {
	id, n, err := caseOf(c)
	if err != nil {
		return err
	}
	s := meeting.Save{Key: c.UUID("_key"), Writer: c.UUID("_writer"), Fields: map[string][]string{}}
	s.Base, _ = strconv.ParseInt(c.R.PostFormValue("_base"), 10, 64) // one that cannot be read counts as none
	s.Sequence, _ = strconv.ParseInt(c.R.PostFormValue("_sequence"), 10, 64)
	for name, values := range c.R.PostForm {
		if !strings.HasPrefix(name, "_") {
			s.Fields[name] = values
		}
	}
	saved, err := meeting.SaveUpdate(c.Context(), c.DB, c.Autosave(), id, n, s)
	if err != nil {
		return signFirst(c, id, err)
	}
	if !c.WantsJSON() {
		return c.Text(http.StatusOK, "Saved "+clockTime(saved.At)+"\n")
	}
	return c.JSON(savedAnswer{saved.Outcome, saved.Sequence, clockTime(saved.At)})
}

func drawUpdates(c *page.Ctx, f *form.Form, n ref.NominalID) error {
	id, err := idOf(c)
	if err != nil {
		return err
	}
	v, err := page.View(c, func(ctx context.Context, q *db.ReadTx) (updatesView, audit.Seen, error) {
		v := updatesView{today: q.Today(), sent: f, about: n}
		var err error
		v.Updates, err = meeting.UpdatesOf(ctx, q, id)
		return v, audit.Listed(v.shown()), err
	})
	if err != nil {
		return signFirst(c, id, err)
	}
	v.again, v.own = c.Hidden(), c.OwnHidden
	chrome := c.Chrome("Written updates for "+v.Meeting.HeldOn.Long(), f)
	chrome.Back = ui.Link{Text: "Back to the meeting", Href: at(id, "")}
	if f != nil {
		return c.Redraw(updatesPage(chrome, v))
	}
	return c.Render(updatesPage(chrome, v))
}

// shown are the people whom the page names.
func (v updatesView) shown() []ref.NominalID {
	ids := []ref.NominalID{}
	for _, c := range v.Mine {
		ids = append(ids, c.Nominal)
	}
	for _, o := range v.Owed {
		ids = append(ids, o.Nominal)
	}
	return ids
}

// open says that updates can still be written.
func (v updatesView) open() bool {
	s := v.Meeting.State()
	return s == meeting.StatePlanned || s == meeting.StateOpen
}

// field is the control of a case: as it was sent, as it was being typed when the page
// was left, or empty.
func (v updatesView) field(c meeting.CaseUpdate) form.Field {
	if v.sent != nil && v.about == c.Nominal {
		return v.sent.Field(updateField(c.Nominal))
	}
	f := form.Field{Name: updateField(c.Nominal), Label: "Update about " + c.Name}
	if c.Draft != nil {
		if values := c.Draft.Fields[f.Name]; len(values) > 0 {
			f.Value = values[0]
		}
	}
	return f
}

// inputs are those of the form of a case. What is being typed goes on under the key
// that it was kept under.
func (v updatesView) inputs(c meeting.CaseUpdate) ui.FormHidden {
	h, sequence := v.own(), int64(0)
	if v.sent != nil && v.about == c.Nominal {
		h = v.again
	} else if c.Draft != nil {
		h.Key, sequence = c.Draft.Key, c.Draft.Sequence
	}
	if !v.Standing.Guest {
		h.Attrs = templ.Attributes{"data-draft": true, "data-sequence": strconv.FormatInt(sequence, 10), "data-to": v.to(c) + "/draft"}
	}
	return h
}

func (v updatesView) to(c meeting.CaseUpdate) string {
	return at(v.Meeting.ID, updatesPart+"/"+ref.Text(c.Nominal))
}

// left says how long there is still, or how late it is.
func (v updatesView) left() string {
	switch days := v.By.DaysSince(v.today); {
	case days < -1:
		return strconv.Itoa(-days) + " days late"
	case days == -1:
		return "1 day late"
	case days == 0:
		return "today is the last day"
	case days == 1:
		return "1 day left"
	default:
		return strconv.Itoa(days) + " days left"
	}
}

// overdue says that what is missing now is late.
func (v updatesView) overdue() bool { return v.today.After(v.By) }

// owes is what the person owes, in a sentence; empty when nothing is missing.
func (v updatesView) owes() string {
	n := v.Missing()
	if n == 0 || !v.open() {
		return ""
	}
	return "You owe the chair " + count(n, "written update", "written updates") + " by the end of " + v.By.Weekday().String() + " " + v.By.Long() + ": " + v.left() + " (R71)."
}

// owedBy is the heading over the updates that are owed.
func (v updatesView) owedBy() string {
	if v.open() {
		return "Owed by officers who will not attend"
	}
	return "Owed by officers who did not attend"
}

// owedWords say how many updates are missing and how long there still is; of a meeting
// that is over, how many never came.
func (v updatesView) owedWords() string {
	day := v.By.Weekday().String() + " " + v.By.Long()
	if !v.open() {
		return strconv.Itoa(v.missing()) + " of " + count(len(v.Owed), "update", "updates") + " never came. The last day was " + day + "."
	}
	return count(v.missing(), "update", "updates") + " missing of " + count(len(v.Owed), "that is owed", "that are owed") + ", by the end of " + day + ": " + v.left() + "."
}

// missing counts what nobody has written.
func (v updatesView) missing() int {
	n := 0
	for _, o := range v.Owed {
		if o.Written == nil {
			n++
		}
	}
	return n
}

// came is when an update came, and from whom.
func came(n meeting.Note) string {
	return n.By + ", " + n.At.In(clock.London).Format("2 January 2006, 15:04")
}
