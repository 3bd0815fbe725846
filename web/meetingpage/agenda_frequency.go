package meetingpage

import (
	"context"
	"maps"
	"slices"
	"strings"

	"iom/internal/casework/meeting"
	"iom/internal/casework/ref"
	"iom/internal/platform/audit"
	"iom/internal/platform/authz"
	"iom/internal/platform/db"
	"iom/web/form"
	"iom/web/page"
	"iom/web/ui"
)

// frequencyView is the en-bloc item of a meeting.
type frequencyView struct {
	meeting  meeting.Meeting
	standing meeting.Standing
	lines    []meeting.Frequency
	agrees   bool // the actor may agree, and the meeting is open
	form     *form.Form
	hidden   ui.FormHidden
}

// Frequencies is how often everybody at AMBER and GREEN is to be supervised.
func Frequencies(c *page.Ctx) error { return drawFrequencies(c, c.Form()) }

// AgreeFrequencies agrees them in one go.
func AgreeFrequencies(c *page.Ctx) error {
	id, err := idOf(c)
	if err != nil {
		return err
	}
	f := c.Form()
	all := decodeFrequencies(f, c.R.PostForm)
	if f.OK() {
		n, err := meeting.AgreeFrequencies(c.Context(), c.DB, c.Submission(), id, all)
		if err == nil {
			return c.SeeOther(at(id, frequenciesPart), "Agreed for "+count(n, "person", "people"))
		}
		if err := f.Take(err); err != nil {
			return signFirst(c, id, err)
		}
	}
	return drawFrequencies(c, f)
}

const frequencyPrefix = "of-"

// decodeFrequencies reads what was chosen for each person; nothing is an exception.
func decodeFrequencies(f *form.Form, sent map[string][]string) []meeting.Agreed {
	var all []meeting.Agreed
	for _, name := range slices.Sorted(maps.Keys(sent)) {
		text, ok := strings.CutPrefix(name, frequencyPrefix)
		if !ok {
			continue
		}
		if n, ok := ref.Parse[ref.NominalID](text); ok {
			all = append(all, meeting.Agreed{Nominal: n, Frequency: f.Line(name, "Frequency", form.Optional)})
		}
	}
	return all
}

func drawFrequencies(c *page.Ctx, f *form.Form) error {
	id, err := idOf(c)
	if err != nil {
		return err
	}
	v, err := page.View(c, func(ctx context.Context, q *db.ReadTx) (frequencyView, audit.Seen, error) {
		v := frequencyView{form: f}
		var err error
		if v.meeting, v.lines, err = meeting.FrequenciesOf(ctx, q, id); err != nil {
			return v, audit.Nobody(), err
		}
		v.standing, err = meeting.StandingIn(ctx, q, v.meeting)
		v.agrees = v.meeting.State() == meeting.StateOpen && v.standing.Signed && q.Actor().MayIn(authz.Decide, int64(v.meeting.Area))
		ids := make([]ref.NominalID, len(v.lines))
		for i, line := range v.lines {
			ids[i] = line.Nominal
		}
		return v, audit.Listed(ids), err
	})
	if err != nil {
		return signFirst(c, id, err)
	}
	v.hidden = c.Hidden()
	v.hidden.Guard = true
	chrome := c.Chrome("Frequency of supervision, "+v.meeting.HeldOn.Long(), f)
	chrome.Back = ui.Link{Text: "Back to the agenda", Href: at(id, agendaPart)}
	if f.IsSubmitted() {
		return c.Redraw(frequencyPage(chrome, v))
	}
	return c.Render(frequencyPage(chrome, v))
}

// field is the choice of a line: as sent, or nothing sent yet.
func (v frequencyView) field(line meeting.Frequency) form.Field {
	name := frequencyPrefix + ref.Text(line.Nominal)
	if v.sent(name) {
		return v.form.Field(name)
	}
	return form.Field{Name: name}
}

func (v frequencyView) sent(name string) bool {
	return v.form.IsSubmitted() && slices.ContainsFunc(v.form.Fields(), func(f form.Field) bool { return f.Name == name })
}

// chosen is the frequency that a line begins with: as sent, as agreed here, or as
// proposed.
func (v frequencyView) chosen(line meeting.Frequency) string {
	if f := v.field(line); v.sent(f.Name) {
		return f.Value
	}
	if line.Here != "" {
		return line.Here
	}
	return line.Proposed
}

// before is what was agreed last, and when.
func before(line meeting.Frequency) string {
	if line.Last == "" {
		return "Not agreed before"
	}
	return upper(line.Last) + " at " + string(line.LastFor) + ", " + ui.Short(line.LastOn)
}
