package meetingpage

import (
	"context"
	"strconv"
	"strings"

	"iom/internal/casework/meeting"
	"iom/internal/casework/ref"
	"iom/internal/platform/audit"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
	"iom/web/form"
	"iom/web/page"
	"iom/web/ui"
)

type minutesView struct {
	meeting.Minutes
	digest   string // of what the chair would approve
	returns  []meeting.Return
	versions []meeting.Version
	changes  []meeting.Correction // of a version that is looked at
	sent     []meeting.Circulation
	deadline meeting.Deadline
	form     *form.Form
	approve  ui.FormHidden
	back     ui.FormHidden
	answer   ui.FormHidden
	stale    bool
	paper    bool
	past     bool   // a version that is looked at, and not the page of the minutes
	copied   string // who made the copy and when, on paper
	today    clock.Date
}

// Minutes are the minutes as they stand: a draft, or approved.
func Minutes(c *page.Ctx) error { return drawMinutes(c, c.Form(), false, false) }

// PrintMinutes are the minutes on paper.
func PrintMinutes(c *page.Ctx) error { return drawMinutes(c, c.Form(), true, false) }

// ApproveMinutes approves the minutes that were read.
func ApproveMinutes(c *page.Ctx) error {
	return minutesStep(c, c.Form(), "Minutes approved", func(id ref.MeetingID) error {
		return meeting.Approve(c.Context(), c.DB, c.Submission(), id, c.R.PostFormValue("digest"))
	})
}

// SendBack sends the minutes back to whoever writes them up.
func SendBack(c *page.Ctx) error {
	f := c.Form()
	reason := f.Prose("back", "What has to be put right", form.Optional)
	return minutesStep(c, f, "The minutes are sent back", func(id ref.MeetingID) error {
		return meeting.SendBack(c.Context(), c.DB, c.Submission(), id, reason)
	})
}

// Resubmit answers minutes that were sent back.
func Resubmit(c *page.Ctx) error {
	f := c.Form()
	answer := f.Prose("answer", "Answer", form.Optional)
	return minutesStep(c, f, "The minutes lie before the chair again", func(id ref.MeetingID) error {
		return meeting.Resubmit(c.Context(), c.DB, c.Submission(), id, answer)
	})
}

// minutesStep takes one of the forms of the page, when what it holds can be text at all.
func minutesStep(c *page.Ctx, f *form.Form, notice string, do func(ref.MeetingID) error) error {
	id, err := idOf(c)
	if err != nil {
		return err
	}
	if !f.OK() {
		return drawMinutes(c, f, false, false)
	}
	err = do(id)
	switch {
	case err == nil:
		return c.SeeOther(at(id, minutesPart), notice)
	case fault.KindOf(err) == fault.Stale:
		return drawMinutes(c, f, false, true)
	}
	if err := f.Take(err); err != nil {
		return signFirst(c, id, err)
	}
	return drawMinutes(c, f, false, false)
}

func drawMinutes(c *page.Ctx, f *form.Form, paper, stale bool) error {
	id, err := idOf(c)
	if err != nil {
		return err
	}
	v, err := page.View(c, func(ctx context.Context, q *db.ReadTx) (minutesView, audit.Seen, error) {
		v := minutesView{paper: paper, stale: stale, form: f, today: q.Today(), copied: c.Actor.Name + ", " + c.Now().In(clock.London).Format("2 January 2006, 15:04")}
		err := v.load(ctx, q, id)
		return v, v.seen(), err
	})
	if fault.KindOf(err) == fault.Invalid { // not opened yet
		return c.SeeOther(at(id, ""), "")
	}
	if err != nil {
		return signFirst(c, id, err)
	}
	if !f.IsSubmitted() {
		f.Prose("back", "What has to be put right", form.Optional)
		f.Prose("answer", "Answer", form.Optional)
	}
	v.approve, v.back, v.answer = c.Hidden(), c.Hidden(), c.Hidden()
	v.approve.Extra = []ui.Hidden{{Name: "digest", Value: v.digest}}
	chrome := c.Chrome("Minutes of "+v.Meeting.HeldOn.Long(), f)
	chrome.Print = paper
	chrome.Back = ui.Link{Text: "Back to the meeting", Href: at(id, "")}
	switch {
	case stale:
		return c.Stale(minutesPage(chrome, v))
	case f.IsSubmitted():
		return c.Redraw(minutesPage(chrome, v))
	}
	return c.Render(minutesPage(chrome, v))
}

func (v *minutesView) load(ctx context.Context, q *db.ReadTx, id ref.MeetingID) (err error) {
	if v.Minutes, err = meeting.MinutesOf(ctx, q, id); err != nil {
		return err
	}
	proposed := v.Proposed()
	if v.digest, err = meeting.Digest(proposed); err != nil {
		return err
	}
	if v.Version == 0 { // a draft has what was put right at once
		v.Entries = proposed.Entries
	}
	if v.versions, err = meeting.Versions(ctx, q, id); err != nil {
		return err
	}
	if v.sent, err = meeting.SentToMe(ctx, q, id); err != nil {
		return err
	}
	if !v.Standing.Runs {
		return nil
	}
	if v.returns, err = meeting.Returns(ctx, q, id); err != nil {
		return err
	}
	deadlines, err := meeting.Deadlines(ctx, q, []meeting.Meeting{v.Meeting})
	v.deadline = deadlines[id]
	return err
}

func (v minutesView) seen() audit.Seen {
	return audit.Listed(v.Nominals())
}

// MinutesVersion is one version of the minutes, with what it changed.
func MinutesVersion(c *page.Ctx) error {
	id, err := idOf(c)
	if err != nil {
		return err
	}
	number, err := page.ID[ref.MeetingID](c, "version")
	if err != nil || number > 1<<20 {
		return fault.Missing()
	}
	v, err := page.View(c, func(ctx context.Context, q *db.ReadTx) (minutesView, audit.Seen, error) {
		v := minutesView{past: true, today: q.Today()}
		var err error
		if v.Minutes, err = meeting.MinutesVersion(ctx, q, id, int(number)); err != nil {
			return v, audit.Nobody(), err
		}
		if v.versions, err = meeting.Versions(ctx, q, id); err != nil {
			return v, audit.Nobody(), err
		}
		v.changes, err = meeting.ChangesIn(ctx, q, v.Minutes, v.Version)
		return v, v.seen(), err
	})
	if err != nil {
		return signFirst(c, id, err)
	}
	chrome := c.Chrome("Version "+strconv.Itoa(v.Version)+" of the minutes of "+v.Meeting.HeldOn.Long(), nil)
	chrome.Back = ui.Link{Text: "Back to the minutes", Href: at(id, minutesPart)}
	return c.Render(versionPage(chrome, v))
}

// MinutesFile is the minutes as PDF, as far as the reader may see them.
func MinutesFile(c *page.Ctx) error {
	id, err := idOf(c)
	if err != nil {
		return err
	}
	m, err := page.View(c, func(ctx context.Context, q *db.ReadTx) (meeting.Minutes, audit.Seen, error) {
		m, err := meeting.MinutesOf(ctx, q, id)
		if err == nil && m.Version == 0 {
			m = m.Proposed()
		}
		return m, minutesView{Minutes: m}.seen(), err
	})
	if fault.KindOf(err) == fault.Invalid { // not opened yet
		return c.SeeOther(at(id, ""), "")
	}
	if err != nil {
		return signFirst(c, id, err)
	}
	return download(c, meeting.Parcel{Kind: meeting.MinutesPapers, Minutes: m}, m.Meeting, c.Actor.Name)
}

// download answers with the file of some papers: a copy for whoever asks.
func download(c *page.Ctx, p meeting.Parcel, m meeting.Meeting, by string) error {
	whose := c.Actor.Name
	if c.Actor.AgencyAs != "" {
		whose += ", " + c.Actor.AgencyAs
	}
	if by == c.Actor.Name {
		by = whose
	}
	file, err := p.File(meeting.FileCopy{For: whose, By: by, At: c.Now()})
	if err != nil {
		return err
	}
	return c.Download(meeting.FileName(p.Kind, m), "application/pdf", file)
}

// Correction is the form that puts something right in the minutes of a case.
func Correction(c *page.Ctx) error {
	id, n, err := caseOf(c)
	if err != nil {
		return err
	}
	f := c.Form()
	typed := meeting.NewCorrection{
		Was:    f.Prose("was", "The words that are wrong", form.Optional),
		Text:   f.Prose("text", "What the minutes should say", form.Optional),
		Reason: f.Prose("reason", "Why", form.Optional),
	}
	if f.IsSubmitted() && f.OK() {
		err := meeting.Correct(c.Context(), c.DB, c.Submission(), id, n, typed)
		if err == nil {
			return c.SeeOther(at(id, minutesPart), "The correction is kept")
		}
		if err := f.Take(err); err != nil {
			return signFirst(c, id, err)
		}
	}
	v, err := page.View(c, func(ctx context.Context, q *db.ReadTx) (minutesView, audit.Seen, error) {
		v := minutesView{form: f}
		m, err := meeting.MinutesOf(ctx, q, id)
		v.Minutes = m.Proposed()
		v.Entries, v.EnBloc = one(v.Entries, n), nil
		if err == nil {
			err = db.Must(q, authz.RunMeetings, int64(m.Meeting.Area))
		}
		if err == nil && len(v.Entries) == 0 {
			err = fault.Missing()
		}
		return v, v.seen(), err
	})
	if err != nil {
		return signFirst(c, id, err)
	}
	v.back = c.Hidden()
	chrome := c.Chrome("Put the minutes right", f)
	chrome.Back = ui.Link{Text: "Back to the minutes", Href: at(id, minutesPart)}
	if f.IsSubmitted() {
		return c.Redraw(correctionPage(chrome, v))
	}
	return c.Render(correctionPage(chrome, v))
}

// one is the entry of one case, or none.
func one(all []meeting.Entry, n ref.NominalID) []meeting.Entry {
	for _, e := range all {
		if e.Nominal == n {
			return []meeting.Entry{e}
		}
	}
	return nil
}

// may says whether this person approves the minutes now, or sends them back.
func (v minutesView) may() bool {
	return !v.paper && !v.past && v.Standing.Chairs && v.Meeting.ClosedAt != nil && !v.IsDecided()
}

// waiting is the return that waits for an answer; nil when none does.
func (v minutesView) waiting() *meeting.Return {
	for _, r := range v.returns {
		if r.AnsweredAt == nil && r.Version > v.Meeting.MinutesVersion {
			return &r
		}
	}
	return nil
}

// agreedTogether is who agreed the frequencies of supervision, where it was the same
// for all of them; else empty, and each line says so.
func (v minutesView) agreedTogether() string {
	for _, s := range v.EnBloc {
		if s.AgreedBy != v.EnBloc[0].AgreedBy {
			return ""
		}
	}
	return v.EnBloc[0].AgreedBy
}

// corrects says whether this person puts something right in the minutes.
func (v minutesView) corrects() bool {
	return !v.paper && !v.past && v.Standing.Runs && v.Standing.Signed && v.Meeting.ClosedAt != nil
}

// pending are the corrections that wait for the chair, for those who run the meeting.
func (v minutesView) pending() []meeting.Correction {
	if v.paper || v.past || v.Version == 0 || !v.Standing.Runs {
		return nil
	}
	return v.Corrections
}

// status says how far the minutes are.
func (v minutesView) status() string {
	_, _, approved, _ := moment(v.Meeting)
	switch {
	case v.past:
		return versionWords(v.versions[v.Version-1])
	case v.Meeting.ApprovedAt != nil && v.Version > 1:
		return "Version " + strconv.Itoa(v.Version) + ", approved on " + approved + "."
	case v.Meeting.ApprovedAt != nil:
		return "Approved on " + approved + "."
	case v.Meeting.ClosedAt != nil:
		return "Draft, from what was recorded at the meeting. The chair has not approved it yet."
	}
	return "Draft: the meeting is still open."
}

// versionWords say who approved a version, and from when to when it was in force.
func versionWords(v meeting.Version) string {
	said := "Version " + strconv.Itoa(v.Number) + ", approved by " + v.By + ", in force from " + v.From.Long()
	if v.To.IsZero() {
		return said + "."
	}
	return said + " to " + v.To.Long() + "."
}

// born is the date of birth beside a name.
func born(e meeting.Entry) string {
	if e.Born.IsZero() {
		return ""
	}
	return ", born " + e.Born.Long()
}

func silent(e meeting.Entry) string { return strings.Join(e.Silent, ", ") }
