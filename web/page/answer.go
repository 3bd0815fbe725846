package page

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"github.com/a-h/templ"

	"iom/web/form"
	"iom/web/ui"
)

// Render answers with a page.
func (c *Ctx) Render(view templ.Component) error { return c.draw(http.StatusOK, view) }

// Redraw answers with the page of a form that was not accepted, at 422. One that
// comes back after signing in was not refused.
func (c *Ctx) Redraw(view templ.Component) error {
	if c.resumed != nil {
		return c.draw(http.StatusOK, view)
	}
	return c.draw(http.StatusUnprocessableEntity, view)
}

// SeeOther leads on after a command. The notice, which names nobody, is shown once.
func (c *Ctx) SeeOther(path, notice string) error {
	if c.held != "" { // nothing was done, so there is nowhere to go on to
		return c.drawTyped(nil)
	}
	if notice != "" {
		c.setCookie(c.cookieName("notice"), base64.RawURLEncoding.EncodeToString([]byte(notice)), 60)
	}
	c.w.Header().Set("Location", path)
	c.w.WriteHeader(http.StatusSeeOther)
	return nil
}

// Stale answers a stale edit with a page of the handler's own, which shows both
// what was typed and what is there now.
func (c *Ctx) Stale(view templ.Component) error { return c.draw(http.StatusConflict, view) }

// Text answers with plain text.
func (c *Ctx) Text(status int, text string) error {
	c.w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	c.w.WriteHeader(status)
	_, _ = c.w.Write([]byte(text)) // the caller has gone: nothing to do
	return nil
}

// NotAllowed answers a method that the address does not know with those that it knows.
func (c *Ctx) NotAllowed(known []string) error {
	c.w.Header().Set("Allow", strings.Join(known, ", "))
	return c.Text(http.StatusMethodNotAllowed, "Method not allowed\n")
}

// Download answers with a file, always as an attachment. The name names nobody.
func (c *Ctx) Download(name, mediaType string, body []byte) error {
	c.w.Header().Set("Content-Type", mediaType)
	c.w.Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
	c.w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	_, _ = c.w.Write(body)
	return nil
}

// Conflict answers a stale edit: what was typed and what is there now, field by
// field, and the form once more, filled with what was typed and carrying the
// version that is there now. what is the thing edited, as "the exit plan".
func (c *Ctx) Conflict(what string, typed, current *form.Form, version int64) error {
	view := ui.ConflictView{What: what}
	for _, f := range typed.Fields() {
		view.Rows = append(view.Rows, ui.ConflictRow{Label: f.Label, Yours: shown(f), Theirs: shown(current.Field(f.Name))})
	}
	return c.draw(http.StatusConflict, conflictPage(c.Chrome("Changed by somebody else", nil), view, c.R.URL.Path, c.Hidden(version), typed.Fields()))
}

func shown(f form.Field) string {
	if len(f.Values) > 1 {
		return strings.Join(f.Values, "\n")
	}
	return f.Value
}

var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

var zippers = sync.Pool{New: func() any {
	z, _ := gzip.NewWriterLevel(nil, gzip.BestSpeed)
	return z
}}

// render draws the page into a buffer first, so that a fault in the middle can
// still become a clean error page.
func (c *Ctx) render(status int, view templ.Component) error {
	page := buffers.Get().(*bytes.Buffer)
	defer buffers.Put(page)
	page.Reset()
	if err := view.Render(c.Context(), page); err != nil {
		return err
	}
	if err := c.shown(status); err != nil {
		return err
	}
	body := page
	header := c.w.Header()
	header.Set("Content-Type", "text/html; charset=utf-8")
	header.Add("Vary", "Accept-Encoding")
	if strings.Contains(c.R.Header.Get("Accept-Encoding"), "gzip") && page.Len() > 1024 {
		zipped := buffers.Get().(*bytes.Buffer)
		defer buffers.Put(zipped)
		zipped.Reset()
		z := zippers.Get().(*gzip.Writer)
		z.Reset(zipped)
		_, err := z.Write(page.Bytes())
		if closed := z.Close(); err == nil {
			err = closed
		}
		zippers.Put(z)
		if err != nil {
			return err
		}
		header.Set("Content-Encoding", "gzip")
		body = zipped
	}
	header.Set("Content-Length", strconv.Itoa(body.Len()))
	c.w.WriteHeader(status)
	if c.R.Method != http.MethodHead {
		_, _ = c.w.Write(body.Bytes()) // the browser has gone: nothing to do
	}
	return nil
}
