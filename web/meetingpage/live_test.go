package meetingpage_test

import (
	"bufio"
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"iom/internal/casework/rag"
	"iom/internal/casework/ref"
	"iom/internal/platform/authz"
	"iom/web/webtest"
)

// patience bounds every wait for something to come.
const patience = 20 * time.Second

// wire is an open stream of what changes at a meeting.
type wire struct {
	t     *testing.T
	lines chan string
	id    string // of the last event
}

// listen opens the stream, after the last event that was seen, and waits until it
// is told to catch up or, with nothing to catch up with, is open.
func listen(t *testing.T, c *webtest.Client, at, last string) *wire {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	t.Cleanup(cancel)
	answer, err := c.Open(ctx, http.MethodGet, at+"/live", nil, http.Header{"Accept": {"text/event-stream"}, "Last-Event-ID": {last}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = answer.Body.Close() })
	if answer.StatusCode != http.StatusOK || !strings.HasPrefix(answer.Header.Get("Content-Type"), "text/event-stream") || answer.Header.Get("Content-Encoding") != "" {
		t.Fatalf("the stream: %s %v", answer.Status, answer.Header)
	}
	w := &wire{t: t, lines: make(chan string, 100)}
	go func() {
		defer close(w.lines)
		for scan := bufio.NewScanner(answer.Body); scan.Scan(); {
			w.lines <- scan.Text()
		}
	}()
	return w
}

// next is the next change, as "kind item"; empty when the stream has ended.
func (w *wire) next() string {
	w.t.Helper()
	late := time.After(patience)
	for {
		select {
		case line, ok := <-w.lines:
			if !ok {
				return ""
			}
			if id, is := strings.CutPrefix(line, "id: "); is {
				w.id = id
			}
			if data, is := strings.CutPrefix(line, "data: "); is {
				return data
			}
		case <-late:
			w.t.Fatal("nothing came")
		}
	}
}

func (w *wire) want(changes ...string) *wire {
	w.t.Helper()
	for _, change := range changes {
		if got := w.next(); got != change {
			w.t.Fatalf("heard %q, want %q", got, change)
		}
	}
	return w
}

// typing is what a page sends while somebody types into a block.
func typing(page *webtest.Answer, block, key, text string, base, sequence string) url.Values {
	return typed("_csrf", page.Form("").Values.Get("_csrf"), "_key", key, "_writer", "11111111-1111-4111-8111-111111111111",
		"_base", base, "_sequence", sequence, block+"-text", text)
}

const draftKey = "8f14e45f-ceea-4e0b-9b52-3d2c9d3f1a01"

// TestLiveAcrossProcesses: what is typed, sent and called at one process reaches
// whoever follows at another; ids alone are sent; who comes back catches up.
func TestLiveAcrossProcesses(t *testing.T) {
	t.Parallel()
	h := enter(t)
	n, _ := h.Registered(t, h.East, "Redwood", "Rae", rag.Red)
	at := h.plan()
	h.co.Submit(at+"/attendance", at+"/attendance/members", typed("member", h.account(authz.Police))).Must(303)
	h.sign(at, h.co, h.police)
	h.co.Submit(at+"/open", at+"/open", nil).Must(303)
	page, id := at+"/sheet/"+ref.Text(n), ref.Text(n)

	other := webtest.Over(t, h.Scheme) // another process on the same database
	police := other.As(t, h.Account(authz.Police, h.East))
	here, there := listen(t, h.co, at, "").want("catch-up 0"), listen(t, police, at, "").want("catch-up 0")
	open := h.co.Get(page)
	h.co.Do(http.MethodPost, page+"/draft/discussion", typing(open, "discussion", draftKey, "Seen tw", "0", "1"), nil).Must(200)
	here.want("draft " + id)
	there.want("draft " + id)
	police.Get(page+"/live?part=said").Must(200).Has("Seen tw", "writing now")
	police.Get(page).Must(200).Has("Seen tw", "Casey Eastwood, writing now")
	if got := h.co.Get(page).Form(page + "/discussion").Values; got.Get("discussion-text") != "Seen tw" || got.Get("_key") != draftKey {
		t.Errorf("opened again, the note is not there: %v", got)
	}
	h.co.Submit(page, page+"/discussion", typed("discussion-text", "Seen twice")).Must(303)
	there.want("record " + id)
	police.Get(page + "/live?part=said").Must(200).Has("Seen twice").Lacks("writing now")
	h.co.Submit(page, page+"/call", nil).Must(303)
	there.want("call "+id, "record "+id)
	police.Get(at+"/display").Must(200).Has("Rae Redwood", "Case 1 of 1", "Seen twice", "Nothing said yet")

	again := listen(t, police, at, there.id)
	h.co.Submit(page, page+"/discussion", typed("discussion-text", "More")).Must(303)
	again.want("record " + id) // and nothing to catch up with before it
	there.want("record " + id)
	late := listen(t, police, at, "1")
	late.want("catch-up 0")
}

// revoke takes away what the account of a role was granted.
func (h *hall) revoke(r authz.Role) {
	h.t.Helper()
	conn, err := pgx.Connect(h.t.Context(), h.TestDB.URL("postgres"))
	if err != nil {
		h.t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.Background()) }()
	if _, err := conn.Exec(h.t.Context(), `UPDATE access_grant SET revoked_at = now(), revoked_by = 1 WHERE account_id = $1`, h.Account(r, h.East).Account); err != nil {
		h.t.Fatal(err)
	}
}

// TestFollowingEnds: a session that is over, a grant that is taken away and a server
// that stops end the stream; nothing of it keeps the session alive (security.md 11,
// 21, R62).
func TestFollowingEnds(t *testing.T) {
	t.Parallel()
	h := enter(t)
	n, _ := h.Registered(t, h.East, "Redwood", "Rae", rag.Red)
	at := h.plan()
	h.co.Submit(at+"/attendance", at+"/attendance/members", typed("member", h.account(authz.Police), "member", h.account(authz.Probation))).Must(303)
	h.sign(at, h.co, h.police, h.probation)
	h.co.Submit(at+"/open", at+"/open", nil).Must(303)
	page := at + "/sheet/" + ref.Text(n)
	h.chair.Get(at + "/live").Must(403) // has not signed
	note := func() {
		h.co = h.As(t, h.Account(authz.Coordinator, h.East)) // who writes is signed in anew
		h.co.Submit(page, page+"/discussion", typed("discussion-text", "Seen")).Must(303)
	}

	police, probation := listen(t, h.police, at, "").want("catch-up 0"), listen(t, h.probation, at, "").want("catch-up 0")
	h.revoke(authz.Police)
	note()
	if got := police.next(); got != "" {
		t.Errorf("whose grant was taken away still hears %q", got)
	}
	probation.want("record " + ref.Text(n))
	// Asking for what changed is no use of the session: it ends after its 15 minutes.
	for range 4 {
		h.Clock.Advance(4 * time.Minute)
		if h.probation.Get(page+"/live").Status != http.StatusOK {
			break
		}
	}
	h.probation.Get(page + "/live").Must(303)
	note()
	if got := probation.next(); got != "" {
		t.Errorf("whose session is over still hears %q", got)
	}
	h.probation = h.As(t, h.Account(authz.Probation, h.East))
	probation = listen(t, h.probation, at, "").want("catch-up 0")
	h.Live.Drain()
	if got := probation.next(); got != "" {
		t.Errorf("a server that stops still says %q", got)
	}
}

// TestDisplayOnly: a browser whose session was given up for the display shows that
// meeting and nothing else, changes nothing, outlasts the idle time, and ends with
// the meeting, by hand, or after twelve hours (security.md 21).
func TestDisplayOnly(t *testing.T) {
	t.Parallel()
	h := enter(t)
	n, _ := h.Registered(t, h.East, "Redwood", "Rae", rag.Red)
	at := h.plan()
	h.sign(at, h.co, h.chair)
	h.co.Submit(at+"/open", at+"/open", nil).Must(303)
	page := at + "/sheet/" + ref.Text(n)
	screen := func() *webtest.Client {
		c := h.As(t, h.Account(authz.Coordinator, h.East))
		c.Submit(at+"/sheet", at+"/display", nil).Must(303)
		return c
	}
	wall := screen()
	wall.Get(at+"/display").Must(200).Has("No case has been opened yet", "0 of 1 case finished").Lacks("Redwood")
	h.co.Submit(page, page+"/call", nil).Must(303)
	wall.Get(at + "/display").Must(200).Has("Rae Redwood")
	second := h.plan()
	h.sign(second, h.co)
	for _, path := range []string{"/", "/live-list", page, at, at + "/sheet", page + "/live", "/nominals/" + ref.Text(n), "/actions", "/account"} {
		wall.Get(path).Must(403).Lacks("Redwood")
	}
	wall.Get(second + "/display").Must(403)
	open := h.co.Get(page).Form(page + "/discussion")
	open.Values.Set("discussion-text", "From the wall")
	wall.Do(http.MethodPost, page+"/discussion", open.Values, nil).Must(403)
	h.Clock.Advance(2 * time.Hour)
	wall.Get(at + "/display").Must(200).Has("Rae Redwood")
	h.Clock.Advance(10 * time.Hour)
	wall.Get(at + "/display").Must(303)

	h.co = h.As(t, h.Account(authz.Coordinator, h.East))
	wall = screen()
	follows := listen(t, wall, at, "").want("catch-up 0")
	h.co.Submit(at+"/sheet", at+"/display/end", nil).Must(303)
	if got := follows.next(); got != "" {
		t.Errorf("a display that was ended still hears %q", got)
	}
	wall.Get(at + "/display").Must(403).Lacks("Redwood")

	wall = screen()
	wall.Get(at + "/display").Must(200)
	chair := h.As(t, h.Account(authz.Chair, h.East))
	chair.Submit(at+"/close", at+"/close", typed("reason", "Fire alarm")).Must(303)
	wall.Get(at + "/display").Must(403).Lacks("Redwood")
}

// TestCaseOfAnother: a case that somebody must not see is neither followed, nor
// saved, nor shown on that person's display.
func TestCaseOfAnother(t *testing.T) {
	t.Parallel()
	h := enter(t)
	n, _ := h.Registered(t, h.East, "Redwood", "Rae", rag.Red)
	m, _ := h.Registered(t, h.East, "Other", "Olly", rag.Red)
	at := h.plan()
	h.co.Submit(at+"/attendance", at+"/attendance/guests", typed("guest", h.account(authz.Guest), "case", ref.Text(n))).Must(303)
	h.sign(at, h.co, h.guest)
	h.co.Submit(at+"/open", at+"/open", nil).Must(303)
	own, foreign := at+"/sheet/"+ref.Text(n), at+"/sheet/"+ref.Text(m)
	h.co.Submit(foreign, foreign+"/call", nil).Must(303)
	h.guest.Get(at+"/display").Must(200).Has("The case that is being discussed cannot be shown here").Lacks("Olly", "Other")
	h.guest.Get(own).Must(200).Has("The meeting is at a case that is not for you").Lacks("Olly")
	h.guest.Get(foreign + "/live").Must(404)
	open := h.guest.Get(own)
	h.guest.Do(http.MethodPost, foreign+"/draft/contribution", typing(open, "contribution", draftKey, "x", "0", "1"), nil).Must(404)
	h.guest.Do(http.MethodPost, own+"/draft/contribution", typing(open, "contribution", draftKey, "x", "0", "1"), nil).Must(200)
}
