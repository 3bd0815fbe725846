package meetingpage

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"iom/internal/casework/account"
	"iom/internal/casework/action"
	"iom/internal/casework/agency"
	"iom/internal/casework/area"
	"iom/internal/casework/meeting"
	"iom/internal/casework/rag"
	"iom/internal/casework/ref"
	"iom/internal/casework/registration"
	"iom/internal/casework/review"
	"iom/internal/platform/audit"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
	"iom/web/form"
	"iom/web/nominalpage/frame"
	"iom/web/page"
	"iom/web/ui"
)

// caseView is one case on the sheet with what the meeting can record of it.
type caseView struct {
	meeting.Case
	person  frame.Person
	owners  []ui.Option     // of a new action
	updates []meeting.Stale // what nobody has updated for a month (R70)
	leads   []account.Person
	visits  rag.Settings
	today   clock.Date
	now     time.Time
	reader  ref.AccountID
	called  called

	runs, decides, contributes bool

	sent   *form.Form // the block that was sent and not accepted; nil on GET
	block  string     // which one
	stale  bool
	hidden ui.FormHidden
	own    func() ui.FormHidden // the inputs of another form on the page
}

// CasePage is one case on the sheet.
func CasePage(c *page.Ctx) error { return drawCase(c, nil, "", false) }

// drawCase draws the case, with the block that was sent as it was typed.
func drawCase(c *page.Ctx, sent *form.Form, block string, stale bool) error {
	id, n, err := caseOf(c)
	if err != nil {
		return err
	}
	v, err := page.View(c, func(ctx context.Context, q *db.ReadTx) (caseView, audit.Seen, error) {
		return readCase(ctx, q, id, n)
	})
	if fault.KindOf(err) == fault.Invalid { // not opened yet
		return c.SeeOther(at(id, ""), "")
	}
	if err != nil {
		return signFirst(c, id, err)
	}
	v.sent, v.block, v.stale, v.hidden, v.own = sent, block, stale, c.Hidden(), c.OwnHidden
	chrome := c.Chrome(v.person.Name()+", record sheet", sent)
	chrome.Wide = true
	chrome.Crumbs = []ui.Link{{Text: "Meetings", Href: "/meetings"}, {Text: caption(v.Meeting), Href: at(id, "")}, {Text: "Record sheet", Href: at(id, sheetPart)}, {Text: v.person.Name()}}
	switch {
	case stale:
		return c.Stale(casePage(chrome, v))
	case sent != nil:
		return c.Redraw(casePage(chrome, v))
	}
	return c.Render(casePage(chrome, v))
}

func caseOf(c *page.Ctx) (ref.MeetingID, ref.NominalID, error) {
	id, err := idOf(c)
	if err != nil {
		return 0, 0, err
	}
	n, err := page.ID[ref.NominalID](c, "nominal")
	return id, n, err
}

func readCase(ctx context.Context, q *db.ReadTx, id ref.MeetingID, n ref.NominalID) (caseView, audit.Seen, error) {
	v := caseView{today: q.Today(), now: q.Now(), reader: ref.AccountID(q.Actor().Account)}
	var err error
	if v.Case, err = meeting.CaseOf(ctx, q, id, n, db.Into(&v.person, frame.Load, n)); err != nil {
		return v, audit.Nobody(), err
	}
	actor := q.Actor()
	open := v.Meeting.State() == meeting.StateOpen
	v.runs = open && actor.MayIn(authz.RunMeetings, int64(v.Area))
	v.decides = open && actor.MayIn(authz.Decide, int64(v.Area))
	v.contributes = open && (v.Standing.Guest || actor.MayIn(authz.Contribute, int64(v.Area)))
	err = db.Together(ctx, q, v.offer,
		func(ctx context.Context, q db.Querier) (err error) {
			v.called, err = calledIn(ctx, q, v.Meeting, v.Order)
			return err
		},
		func(ctx context.Context, q db.Querier) error {
			if !open || v.Standing.Guest {
				return nil
			}
			all, err := meeting.NotUpdatedOf(ctx, q, v.Meeting, []meeting.Item{v.Item})
			v.updates = all[n]
			return err
		})
	return v, v.person.Seen(), err
}

// offer fills in what the forms of whoever decides offer to choose from.
func (v *caseView) offer(ctx context.Context, q db.Querier) error {
	if !v.decides {
		return nil
	}
	var (
		agencies []agency.Agency
		people   []account.Person
		days     int
	)
	if err := db.Together(ctx, q,
		db.Into(&agencies, agency.Current, q.Today()),
		db.Into(&v.leads, registration.Leaders, v.Area),
		func(ctx context.Context, q db.Querier) (err error) {
			people, err = account.People(ctx, q, v.Area, action.Owners()...)
			return err
		},
		func(ctx context.Context, q db.Querier) (err error) {
			days, err = area.Number(ctx, q, v.Area, area.AmberVisitDays)
			return err
		}); err != nil {
		return err
	}
	v.visits = rag.Settings{AmberVisitDays: days}
	v.owners = ownerOptions(agencies, people)
	return nil
}

// inputs are those of the form of a block. The one that was sent keeps its key; what
// is still being typed goes on under the key that it was kept under; every other
// form has a key of its own.
func (v caseView) inputs(block string) ui.FormHidden {
	h, sequence := v.own(), int64(0)
	if v.sent != nil && v.block == block {
		h = v.hidden
	} else if d, ok := v.draft(block); ok {
		h.Key, sequence = d.Key, d.Sequence
	}
	h.Attrs = templ.Attributes{"data-draft": true, "data-sequence": strconv.FormatInt(sequence, 10), "data-to": v.post("draft/" + block)}
	if block == discussionBlock || block == contributionBlock {
		h.Attrs["data-note"] = true
	}
	return h
}

// draft is what the reader was typing into a block; the newest of several windows.
func (v caseView) draft(block string) (meeting.Draft, bool) {
	for _, d := range slices.Backward(v.Drafts) {
		if d.Block == block && d.Author == v.reader {
			return d, true
		}
	}
	return meeting.Draft{}, false
}

// typing says whether the form of a block has something in it that was not sent.
func (v caseView) typing(block string) bool {
	_, drafted := v.draft(block)
	return drafted || v.sent != nil && v.block == block
}

// writing are the notes of the case that are being typed, but for the ones that
// stand in the forms of this page.
func (v caseView) writing() []meeting.Draft {
	var all []meeting.Draft
	for _, d := range v.Drafts {
		here, ok := v.draft(d.Block)
		if d.Note() != "" && !(ok && here.Key == d.Key && v.runsOrContributes()) {
			all = append(all, d)
		}
	}
	return all
}

func (v caseView) runsOrContributes() bool { return v.runs || v.contributes }

// writingNow is how lately a draft must have been saved to be called so.
const writingNow = time.Minute

func (v caseView) writtenBy(d meeting.Draft) string {
	who := d.By
	if d.Author == v.reader {
		who = "You, in another window"
	}
	if v.now.Sub(d.At) < writingNow {
		return who + ", writing now"
	}
	return who + ", not sent yet, last written at " + clockTime(d.At)
}

func clockTime(at time.Time) string { return at.In(clock.London).Format("15:04") }

// stamp tells whether what the forms of the page act on has changed since: the page
// then says so, and leaves it to the reader when to draw it anew.
func (v caseView) stamp() string {
	var b strings.Builder
	fmt.Fprint(&b, v.Meeting.State(), v.Reviewed != nil, v.Decided != nil, v.Removal != nil, len(v.Rows), len(v.Waiting))
	for _, a := range v.Actions {
		fmt.Fprint(&b, " ", a.ID, ":", a.Version)
	}
	sum := sha256.Sum256([]byte(b.String()))
	return hex.EncodeToString(sum[:8])
}

// prev and next are the neighbours in the running order; empty at the ends.
func (v caseView) prev() string {
	if v.At == 0 {
		return ""
	}
	return caseAt(v.Meeting.ID, v.Order[v.At-1].Nominal, "")
}

func (v caseView) next() string {
	if v.At+1 == len(v.Order) {
		return ""
	}
	return caseAt(v.Meeting.ID, v.Order[v.At+1].Nominal, "")
}

// running is the running order beside the case.
func (v caseView) running() []ui.NavItem {
	var items []ui.NavItem
	for i, l := range v.Order {
		item := ui.NavItem{Text: l.Name, Href: caseAt(v.Meeting.ID, l.Nominal, ""), Current: i == v.At}
		if l.Done {
			item.Number = "done"
		}
		items = append(items, item)
	}
	return items
}

// post is the address of a block of this case.
func (v caseView) post(block string) string { return caseAt(v.Meeting.ID, v.Item.Nominal, block) }

// changed is what the record has since the last meeting, in one line.
func (v caseView) changed() string {
	if v.Before == nil {
		return "What the record holds"
	}
	return "Since the meeting of " + v.Before.HeldOn.Long()
}

// shortNews is how much of what changed is shown at once.
const shortNews = 6

// recent are the latest ratings, for the history on the sheet.
func (v caseView) recent() []review.Rating { return v.Ratings[:min(len(v.Ratings), 5)] }
