package meetingpage

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"iom/internal/casework/meeting"
	"iom/internal/casework/ref"
	"iom/internal/platform/audit"
	"iom/internal/platform/db"
	"iom/web/page"
	"iom/web/ui"
)

// called is the case that the meeting has before it, as far as the reader may see it.
type called struct {
	nominal ref.NominalID // 0: none, or one that is not for the reader
	name    string
	any     bool
}

func calledIn(ctx context.Context, q db.Querier, m meeting.Meeting, order []meeting.Line) (c called, err error) {
	if c.nominal, _, c.any, err = meeting.Called(ctx, q, m); err != nil {
		return c, err
	}
	if i := slices.IndexFunc(order, func(l meeting.Line) bool { return l.Nominal == c.nominal }); i >= 0 {
		c.name = order[i].Name
	}
	return c, nil
}

func (c called) id() string { return ref.Text(c.nominal) }

// Follow tells a page of the meeting what changes, for as long as it is open. Who
// has not signed, or may no longer see the meeting, is told nothing (R62).
func Follow(c *page.Ctx) error {
	id, err := idOf(c)
	if err != nil {
		return err
	}
	may := func() error {
		_, err := page.View(c, func(ctx context.Context, q *db.ReadTx) (bool, audit.Seen, error) {
			if c.Display != 0 {
				return true, audit.Nobody(), meeting.MayShow(ctx, q, id, c.Display)
			}
			return true, audit.Nobody(), meeting.MayFollow(ctx, q, id)
		})
		return err
	}
	if err := may(); err != nil {
		return err
	}
	return c.Follow(int64(id), may)
}

// CaseLive is the parts of a case that change under its reader; "?part=said" what
// was said alone.
func CaseLive(c *page.Ctx) error {
	id, n, err := caseOf(c)
	if err != nil {
		return err
	}
	said := c.Query("part") == "said"
	v, err := page.View(c, func(ctx context.Context, q *db.ReadTx) (caseView, audit.Seen, error) {
		read := readCase
		if said {
			read = readSaid
		}
		v, seen, err := read(ctx, q, id, n)
		return v, c.Glance(seen, int64(n)), err
	})
	if err != nil {
		return err
	}
	v.own = c.OwnHidden
	if said {
		return c.Render(saidPage(ui.Chrome{}, v))
	}
	return c.Render(livePage(ui.Chrome{}, v))
}

func readSaid(ctx context.Context, q *db.ReadTx, id ref.MeetingID, n ref.NominalID) (caseView, audit.Seen, error) {
	v := caseView{today: q.Today(), now: q.Now(), reader: ref.AccountID(q.Actor().Account)}
	var err error
	if v.Case, err = meeting.SaidOf(ctx, q, id, n); err != nil {
		return v, audit.Nobody(), err
	}
	return v, audit.Opened(n, v.Area), nil
}

// Call brings the case before the meeting.
func Call(c *page.Ctx) error {
	id, n, err := caseOf(c)
	if err != nil {
		return err
	}
	if err := meeting.Call(c.Context(), c.DB, c.Submission(), id, n); err != nil {
		return signFirst(c, id, err)
	}
	return c.SeeOther(caseAt(id, n, ""), "")
}

// savedAnswer is what a page is told of what it saved.
type savedAnswer struct {
	Outcome  meeting.Saved `json:"outcome"`
	Sequence int64         `json:"sequence"`
	At       string        `json:"at"` // 15:04
}

// SaveDraft keeps what is being typed into a form of the case. The answer is given
// when it is on disk.
func SaveDraft(c *page.Ctx) error {
	id, n, err := caseOf(c)
	if err != nil {
		return err
	}
	s := meeting.Save{Block: c.Param("block"), Key: c.UUID("_key"), Writer: c.UUID("_writer"), Fields: map[string][]string{}}
	s.Base, _ = strconv.ParseInt(c.R.PostFormValue("_base"), 10, 64) // one that cannot be read counts as none
	s.Sequence, _ = strconv.ParseInt(c.R.PostFormValue("_sequence"), 10, 64)
	for name, values := range c.R.PostForm {
		if !strings.HasPrefix(name, "_") {
			s.Fields[name] = values
		}
	}
	saved, err := meeting.SaveDraft(c.Context(), c.DB, c.Autosave(), id, n, s)
	if err != nil {
		return signFirst(c, id, err)
	}
	if !c.WantsJSON() {
		return c.Text(http.StatusOK, "Saved "+clockTime(saved.At)+"\n")
	}
	return c.JSON(savedAnswer{saved.Outcome, saved.Sequence, clockTime(saved.At)})
}
