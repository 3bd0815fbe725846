package meetingpage

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"iom/internal/casework/escalation"
	"iom/internal/casework/meeting"
	"iom/internal/casework/nominal"
	"iom/internal/casework/ref"
	"iom/internal/platform/audit"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/web/form"
	"iom/web/page"
	"iom/web/ui"
)

// agendaView is the agenda, with what may be done about it.
type agendaView struct {
	meeting  meeting.Meeting
	standing meeting.Standing
	items    []meeting.Item // in the running order, those left off at the end
	business []escalation.Escalation
	rule     string      // show only the cases of this rule
	byHand   bool        // the running order has been changed by hand
	others   []ui.Option // people of the area who are not on the agenda

	agreed, sent *meeting.Copy // nil: not yet
	sinceAgreed  meeting.Changes
	sinceSent    meeting.Changes
	enBloc       int // frequencies of supervision to be agreed, or agreed by a closed meeting
	form         *form.Form
	off          *form.Form
	hidden       func() ui.FormHidden // of each form anew
}

// Agenda is each case of the meeting with the rules that put it there.
func Agenda(c *page.Ctx) error { return drawAgenda(c, nil, nil) }

// AddCase puts a case on the agenda by hand.
func AddCase(c *page.Ctx) error {
	return onAgenda(c, decodeAdd, nil, "Case added to the agenda", func(id ref.MeetingID, n ref.NominalID, why string) error {
		return meeting.Add(c.Context(), c.DB, c.Submission(), id, n, why)
	})
}

// LeaveOff leaves a case for the next meeting, with the reason.
func LeaveOff(c *page.Ctx) error {
	return onAgenda(c, nil, decodeOff, "Case left off the agenda", func(id ref.MeetingID, n ref.NominalID, why string) error {
		return meeting.LeaveOff(c.Context(), c.DB, c.Submission(), id, n, why)
	})
}

type decodeCase func(f *form.Form) (ref.NominalID, string)

func decodeAdd(f *form.Form) (ref.NominalID, string) {
	return ref.NominalID(f.ID("case", "Case", form.Required)), f.Prose("reason", "Reason", form.Required)
}

func decodeOff(f *form.Form) (ref.NominalID, string) {
	return ref.NominalID(f.ID("off-case", "Case to leave off", form.Required)), f.Prose("off-reason", "Reason for leaving it off", form.Required)
}

// onAgenda takes one of the two forms that name a case and a reason.
func onAgenda(c *page.Ctx, add, off decodeCase, notice string, do func(id ref.MeetingID, n ref.NominalID, why string) error) error {
	id, err := idOf(c)
	if err != nil {
		return err
	}
	f, decode, block := c.Form(), add, ""
	if off != nil {
		decode, block = off, "off"
	}
	n, why := decode(f)
	if f.OK() {
		err := do(id, n, why)
		if err == nil {
			return c.SeeOther(at(id, agendaPart), notice)
		}
		if block == "" {
			err = f.Take(err)
		} else {
			err = take(f, block, err)
		}
		if err != nil {
			return err
		}
	}
	if off != nil {
		return drawAgenda(c, nil, f)
	}
	return drawAgenda(c, f, nil)
}

// PutBack puts a case that was left off on the agenda again.
func PutBack(c *page.Ctx) error {
	n, _ := ref.Parse[ref.NominalID](c.R.PostFormValue("case"))
	return pressed(c, "Case put back on the agenda", func(id ref.MeetingID) error {
		return meeting.PutBack(c.Context(), c.DB, c.Submission(), id, n)
	})
}

// AgreeAgenda is the chair's agreement.
func AgreeAgenda(c *page.Ctx) error {
	return pressed(c, "Agenda agreed", func(id ref.MeetingID) error {
		return meeting.AgreeAgenda(c.Context(), c.DB, c.Submission(), id)
	})
}

// SendAgenda sends the agenda to everybody invited.
func SendAgenda(c *page.Ctx) error {
	return pressed(c, "Agenda sent to everybody invited", func(id ref.MeetingID) error {
		_, err := meeting.SendAgenda(c.Context(), c.DB, c.Submission(), id)
		return err
	})
}

// pressed does what a button says; a refusal is shown over the agenda as it stands.
func pressed(c *page.Ctx, notice string, do func(id ref.MeetingID) error) error {
	id, err := idOf(c)
	if err != nil {
		return err
	}
	f := c.Form()
	if err := f.Take(do(id)); err != nil {
		return err
	}
	if f.OK() {
		return c.SeeOther(at(id, agendaPart), notice)
	}
	return drawAgenda(c, f, nil)
}

// drawAgenda draws the page; add and off are forms that were sent, nil if not.
func drawAgenda(c *page.Ctx, add, off *form.Form) error {
	id, err := idOf(c)
	if err != nil {
		return err
	}
	v, err := page.View(c, func(ctx context.Context, q *db.ReadTx) (agendaView, audit.Seen, error) {
		v, err := readAgenda(ctx, q, id)
		return v, seenOf(v), err
	})
	if err != nil {
		return signFirst(c, id, err)
	}
	sent := add
	if off != nil {
		sent = off
	}
	v.rule, v.form, v.off, v.hidden = c.Query("rule"), add, off, func() ui.FormHidden { return c.Hidden() }
	if v.form == nil {
		v.form = form.Blank()
	}
	if v.off == nil {
		v.off = form.Blank()
		v.off.Set("off-case", c.Query("off"))
	}
	decodeAdd(v.form)
	decodeOff(v.off)
	chrome := c.Chrome("Agenda of "+v.meeting.HeldOn.Long(), sent)
	chrome.Back = ui.Link{Text: "Back to the meeting", Href: at(id, "")}
	if sent != nil {
		return c.Redraw(agendaPage(chrome, v))
	}
	return c.Render(agendaPage(chrome, v))
}

func readAgenda(ctx context.Context, q db.Querier, id ref.MeetingID) (v agendaView, err error) {
	if v.meeting, v.items, err = meeting.Items(ctx, q, id); err != nil {
		return v, err
	}
	if v.standing, err = meeting.StandingIn(ctx, q, v.meeting); err != nil {
		return v, err
	}
	last, err := meeting.LastMove(ctx, q, id)
	if err != nil {
		return v, err
	}
	v.byHand = last > 0
	if v.agreed, v.sinceAgreed, err = compared(ctx, q, id, v.items, meeting.AgreedCopy); err != nil {
		return v, err
	}
	if v.sent, v.sinceSent, err = compared(ctx, q, id, v.items, meeting.SentCopy); err != nil {
		return v, err
	}
	if !v.standing.Guest {
		_, lines, err := meeting.FrequenciesOf(ctx, q, id)
		if err != nil {
			return v, err
		}
		v.enBloc = len(lines)
		if v.business, err = meeting.Business(ctx, q, v.meeting); err != nil {
			return v, err
		}
	}
	if v.mayAdd() {
		v.others, err = others(ctx, q, v)
	}
	return v, err
}

// compared is the latest copy of the agenda, and how the agenda differs from it. A
// closed meeting's agenda is compared with nothing any more.
func compared(ctx context.Context, q db.Querier, id ref.MeetingID, items []meeting.Item,
	read func(context.Context, db.Querier, ref.MeetingID) (meeting.Copy, bool, error)) (*meeting.Copy, meeting.Changes, error) {
	copied, ok, err := read(ctx, q, id)
	if err != nil || !ok {
		return nil, meeting.Changes{}, err
	}
	return &copied, meeting.ChangesFrom(copied.Items, items), nil
}

// seenOf is whom the page names: the cases, and those that are no longer due.
func seenOf(v agendaView) audit.Seen {
	all := v.items
	for _, g := range v.sinceSent.Gone {
		all = append(slices.Clone(all), meeting.Item{Nominal: g.Nominal})
	}
	return seen(all)
}

func (v agendaView) planned() bool { return v.meeting.State() == meeting.StatePlanned }

func (v agendaView) mayAdd() bool {
	return v.standing.Runs && (v.planned() || v.meeting.State() == meeting.StateOpen)
}

// mayOrder says that the actor may order the agenda and leave cases off.
func (v agendaView) mayOrder() bool { return v.standing.Runs && v.planned() && len(v.items) > 0 }

// others are the people of the meeting's area who are not on the agenda, by name.
func others(ctx context.Context, q db.Querier, v agendaView) ([]ui.Option, error) {
	ids, err := meeting.PeopleOf(ctx, q, v.meeting)
	if err != nil {
		return nil, err
	}
	on := map[ref.NominalID]bool{}
	for _, i := range v.items {
		on[i.Nominal] = true
	}
	ids = slices.DeleteFunc(ids, func(n ref.NominalID) bool { return on[n] })
	names, err := nominal.Names(ctx, q, ids)
	if err != nil {
		return nil, err
	}
	var options []ui.Option
	for _, n := range ids {
		options = append(options, ui.Option{Value: ref.Text(n), Text: names[n].Sorted()})
	}
	slices.SortFunc(options, func(a, b ui.Option) int { return strings.Compare(strings.ToLower(a.Text), strings.ToLower(b.Text)) })
	return options, nil
}

// discussed are the cases that are not left off.
func (v agendaView) discussed() []meeting.Item {
	return slices.DeleteFunc(slices.Clone(v.items), func(i meeting.Item) bool { return i.LeftOff != nil })
}

// onIt are the cases that can be left off, for a list to choose from.
func (v agendaView) onIt() []ui.Option {
	var options []ui.Option
	for _, i := range v.discussed() {
		options = append(options, ui.Option{Value: ref.Text(i.Nominal), Text: i.Name})
	}
	return options
}

// counts lead to the cases of one rule.
func (v agendaView) counts() []ui.Count {
	discussed := v.discussed()
	all := []ui.Count{{Number: len(discussed), Text: "all", Href: at(v.meeting.ID, agendaPart), Current: v.rule == ""}}
	for _, n := range meeting.Counts(discussed) {
		all = append(all, ui.Count{Number: n.Cases, Text: meeting.Heading(n.Rule), Href: at(v.meeting.ID, agendaPart) + "?rule=" + n.Rule, Current: v.rule == n.Rule})
	}
	return all
}

// place is a case with its place in the running order.
type place struct {
	meeting.Item
	number int
}

// group is a part of the running order under a heading: the cases of one rule, by the
// weightiest of each, or all of an order by hand.
type group struct {
	heading string
	cases   []place
}

// groups are the cases to show. An order by hand has no headings: it mixes the rules.
func (v agendaView) groups() []group {
	var all []group
	for n, i := range v.discussed() {
		if v.rule != "" && !i.Has(v.rule) {
			continue
		}
		heading := ""
		if !v.byHand && v.rule == "" {
			heading = meeting.Heading(i.Reasons[0].Rule)
		}
		if len(all) == 0 || all[len(all)-1].heading != heading {
			all = append(all, group{heading: heading})
		}
		last := &all[len(all)-1]
		last.cases = append(last.cases, place{i, n + 1})
	}
	return all
}

func (g group) title() string { return g.heading + " (" + strconv.Itoa(len(g.cases)) + ")" }

// leftOff are the cases left for the next meeting.
func (v agendaView) leftOff() []meeting.Item { return meeting.LeftOffOf(v.items) }

// marks say what changed about a case since the agenda was sent.
func (v agendaView) marks(i meeting.Item) []string {
	if v.sent == nil || v.meeting.ClosedAt != nil {
		return nil
	}
	var marks []string
	for _, m := range []struct {
		set  map[ref.NominalID]bool
		text string
	}{{v.sinceSent.New, "New since sent"}, {v.sinceSent.Reasons, "Reason changed since sent"}, {v.sinceSent.LeftOff, "Left off since sent"},
		{v.sinceSent.Back, "Put back since sent"}} {
		if m.set[i.Nominal] {
			marks = append(marks, m.text)
		}
	}
	return marks
}

// gone are the cases that were on the agenda when it was sent and are not any more.
func (v agendaView) gone() []meeting.CopyItem {
	if v.sent == nil || v.meeting.ClosedAt != nil {
		return nil
	}
	return v.sinceSent.Gone
}

// stands says how the agenda stands: agreed, sent, and whether it has changed since.
func (v agendaView) stands() []string {
	var lines []string
	switch {
	case v.agreed != nil:
		lines = append(lines, "Agreed by "+v.agreed.By+" on "+moments(v.agreed.At)+changed(v.sinceAgreed, v.planned())+".")
	case v.planned():
		lines = append(lines, "The chair has not agreed the agenda yet.")
	}
	if v.sent != nil {
		lines = append(lines, "Sent by "+v.sent.By+" on "+moments(v.sent.At)+changed(v.sinceSent, v.planned())+".")
	}
	return lines
}

func changed(c meeting.Changes, planned bool) string {
	if planned && c.Any() {
		return ", and changed since"
	}
	return ""
}

func moments(at time.Time) string { return at.In(clock.London).Format("2 January 2006, 15:04") }

// mayAgree, maySend: who may, and only while there is something to agree or to send.
func (v agendaView) mayAgree() bool {
	return v.standing.Chairs && v.planned() && (v.agreed == nil || v.sinceAgreed.Any())
}

func (v agendaView) maySend() bool {
	return v.standing.Runs && v.planned() && v.agreed != nil && (v.sent == nil || v.sinceSent.Any())
}

func (v agendaView) sendLabel() string {
	if v.sent != nil {
		return "Send the agenda again"
	}
	return "Send the agenda"
}

// href is where a case leads: its place on the sheet once the meeting is open.
func (v agendaView) href(i meeting.Item) string {
	switch {
	case v.meeting.OpenedAt != nil:
		return caseAt(v.meeting.ID, i.Nominal, "")
	case i.Registration == 0 && i.Referral != 0 && !v.standing.Guest:
		return "/referrals/" + ref.Text(i.Referral)
	}
	return "/nominals/" + ref.Text(i.Nominal)
}

func ragOf(i meeting.Item) ui.RAG {
	if i.Rating == "" {
		return ui.RAG{Word: "Not registered"}
	}
	return ui.RAG{Code: string(i.Rating)}
}

func goneLines(gone []meeting.CopyItem) []string {
	var lines []string
	for _, g := range gone {
		lines = append(lines, g.Name+": "+g.Reasons[0].Text)
	}
	return lines
}
