package page

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"

	"iom/internal/platform/audit"
	"iom/internal/platform/authz"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
	"iom/internal/platform/live"
	"iom/web/ui"
)

// Watched serves a page that asks by itself what is new. It is Signed, but does not
// count as use of the session.
func (a App) Watched(route string, p authz.Permission, h Handler) http.HandlerFunc {
	return a.signed(route, p, h, true)
}

// JSON answers a script of ours.
func (c *Ctx) JSON(answer any) error {
	body, err := json.Marshal(answer)
	if err != nil {
		return err
	}
	c.w.Header().Set("Content-Type", "application/json; charset=utf-8")
	_, _ = c.w.Write(body) // the caller has gone: nothing to do
	return nil
}

// WantsJSON says that a script of ours asks, which draws the answer itself.
func (c *Ctx) WantsJSON() bool { return c.R.Header.Get("Accept") == "application/json" }

// Autosave is a submission of what is being typed: it uses no form's key up.
func (c *Ctx) Autosave() db.Submission { return db.FromForm(c.Actor, "", "", c.request) }

// OwnHidden are the inputs of one of several forms on a page, with a key of its own.
func (c *Ctx) OwnHidden() ui.FormHidden { return ui.FormHidden{CSRF: c.csrf, Key: newKey()} }

// UUID is a value that was sent, if it is a UUID; empty otherwise.
func (c *Ctx) UUID(name string) string {
	if v := c.R.PostFormValue(name); isUUID(v) {
		return v
	}
	return ""
}

// How a stream of changes is kept: how often it is shown to live, within what time
// its reader must take what is sent, and after what time the reader comes back when
// it has broken.
const (
	heartbeat   = 15 * time.Second
	takenWithin = 10 * time.Second
	backAfter   = 500 * time.Millisecond
)

// Follow tells the browser of changes of a topic, as they happen, until it goes
// away (server-sent events). It sends ids and kinds alone. Before each push the
// session is looked at once more, and may is asked for the account (once for all
// its followers): when either says no, the stream ends (security.md 21). It keeps
// no session alive and holds no connection to the database. A request that is no
// stream's gets an empty answer, which says that the topic may be followed.
func (c *Ctx) Follow(topic int64, may func() error) error {
	if !strings.Contains(c.R.Header.Get("Accept"), "text/event-stream") {
		return c.Text(http.StatusOK, "")
	}
	if c.Live == nil {
		return fault.Down(nil)
	}
	since, err := strconv.ParseInt(c.R.Header.Get("Last-Event-ID"), 10, 64)
	if err != nil { // a stream that a script opens anew cannot send the header
		since, _ = strconv.ParseInt(c.Query("since"), 10, 64)
	}
	follower, current, ok := c.Live.Follow(topic, since)
	if !ok {
		return fault.Down(nil)
	}
	defer follower.Leave()
	out := newStream(c.w)
	if err := out.open(); err != nil {
		return nil // the browser has gone
	}
	if !current {
		_ = out.send(live.Change{Topic: topic, Kind: live.CatchUp})
	}
	return c.pass(follower, out, may)
}

// pass sends what the follower hears until either side ends. Errors are the end of
// the stream: its head has been sent, so there is no page to answer with.
func (c *Ctx) pass(follower *live.Follower, out *stream, may func() error) error {
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	for {
		select {
		case <-c.Context().Done():
			return nil
		case <-beat.C:
			if !c.still() || out.beat() != nil {
				return nil
			}
		case push, ok := <-follower.Pushes():
			if !ok || !c.still() || push.Once(c.Actor.Account, func() error { return c.again(may) }) != nil || out.send(push.Change) != nil {
				return nil
			}
		}
	}
}

// still says that the session is good; an error of the store counts as no.
func (c *Ctx) still() bool {
	good, err := c.Sessions.Still(c.Context())
	return err == nil && good
}

// again reads the account's standing anew, and asks whether it may.
func (c *Ctx) again(may func() error) error {
	standing, err := c.DB.StandingOf(c.Context(), c.Actor.Account)
	if err != nil {
		return err
	}
	if standing.Disabled || standing.SessionEpoch != c.epoch || len(standing.Actor.Grants) == 0 {
		return fault.Denied("")
	}
	hash := c.Actor.SessionHash
	c.Actor = standing.Actor
	c.Actor.SessionHash = hash
	return may()
}

// stream writes server-sent events.
type stream struct {
	w  http.ResponseWriter
	to *http.ResponseController
}

func newStream(w http.ResponseWriter) *stream {
	return &stream{w: w, to: http.NewResponseController(w)}
}

// open sends the head. The limits of an ordinary answer do not hold for a stream:
// each write has its own.
func (s *stream) open() error {
	if err := s.to.SetReadDeadline(time.Time{}); err != nil {
		return err
	}
	s.w.Header().Set("Content-Type", "text/event-stream; charset=utf-8")
	s.w.Header().Set("X-Accel-Buffering", "no") // proxies must not gather what is sent
	return s.write("retry: " + strconv.FormatInt(backAfter.Milliseconds(), 10) + "\n\n")
}

func (s *stream) beat() error { return s.write(": \n\n") }

func (s *stream) send(c live.Change) error {
	text := "event: change\ndata: " + c.Kind + " " + strconv.FormatInt(c.Item, 10) + "\n\n"
	if c.Seq != 0 {
		text = "id: " + strconv.FormatInt(c.Seq, 10) + "\n" + text
	}
	return s.write(text)
}

func (s *stream) write(text string) error {
	if err := s.to.SetWriteDeadline(time.Now().Add(takenWithin)); err != nil {
		return err
	}
	if _, err := s.w.Write([]byte(text)); err != nil {
		return err
	}
	return s.to.Flush()
}

// glanceLasts is how long looking at one case by a page that asks by itself is one
// consultation, and not one for each change.
const glanceLasts = 15 * time.Minute

// Glance is what a page that asks by itself has shown of a person: a consultation
// at first and every quarter of an hour, for each session and person; between them
// it is the same one.
func (c *Ctx) Glance(seen audit.Seen, nominal int64) audit.Seen {
	if c.Live == nil || c.Live.First(c.Actor.SessionHash+" "+strconv.FormatInt(nominal, 10), c.Now(), glanceLasts) {
		return seen
	}
	return audit.Nobody()
}
