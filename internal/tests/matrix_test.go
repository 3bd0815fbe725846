package tests

import (
	"net/http"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"iom/internal/casework/ref"
	"iom/internal/platform/authz"
	"iom/web"
	"iom/web/webtest"
)

// The access matrix: every route x role x relation to the record x method
// (security.md 3). What is expected stands in testdata/matrix.md, written by hand
// from docs/permissions.md; nothing here asks the policy that it tests.

const matrixFile = "testdata/matrix.md"

// letters are the roles as docs/permissions.md abbreviates them.
var letters = map[string]authz.Role{"Co": authz.Coordinator, "Ch": authz.Chair, "Po": authz.Police, "Pr": authz.Probation, "Pa": authz.Partner,
	"Gu": authz.Guest, "An": authz.Analyst, "Au": authz.Auditor, "Ad": authz.Administrator}

// row is what the table says of a route.
type row struct {
	roles   []authz.Role // who may, in their own area
	no      []authz.Role // who may in general, but not with the record that is tried
	public  bool
	record  string // what the address names: "-", "case", "meeting", "meeting case", "managed"
	past    string // what the area that was responsible before gets
	meeting string // the state of the meeting, or of the referral, that the page is about
	page    string // where the form stands, when not at the address itself
}

func matrix(t *testing.T) map[string]row {
	t.Helper()
	content, err := os.ReadFile(matrixFile)
	if err != nil {
		t.Fatal(err)
	}
	rows := map[string]row{}
	for line := range strings.Lines(string(content)) {
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|")
		for i := range cells {
			cells[i] = strings.Trim(strings.TrimSpace(cells[i]), "`")
		}
		if len(cells) < 4 || !strings.HasPrefix(cells[0], "GET /") && !strings.HasPrefix(cells[0], "POST /") {
			continue
		}
		r := row{record: cells[2], past: cells[3]}
		if len(cells) > 4 {
			r.meeting = cells[4]
		}
		if len(cells) > 5 {
			r.page = cells[5]
		}
		for _, word := range strings.Fields(cells[1]) {
			role, ok := letters[strings.Trim(word, "()")]
			switch {
			case ok && word[0] == '(':
				r.no = append(r.no, role)
			case word == "everybody":
				r.public = true
			case word == "all":
				r.roles = slices.Clone(authz.Roles)
			case ok:
				r.roles = append(r.roles, role)
			default:
				t.Fatalf("%s: %q is no role", cells[0], word)
			}
		}
		if _, twice := rows[cells[0]]; twice {
			t.Errorf("%s stands in the matrix twice", cells[0])
		}
		rows[cells[0]] = r
	}
	return rows
}

func TestEveryRouteStandsInTheMatrix(t *testing.T) {
	t.Parallel()
	rows := matrix(t)
	for _, r := range web.Routes() {
		name := r.Method + " " + r.Pattern
		if _, ok := rows[name]; !ok {
			t.Errorf("%s has no row in %s", name, matrixFile)
		}
		delete(rows, name)
	}
	for name := range rows {
		t.Errorf("%s stands in %s, but there is no such route", name, matrixFile)
	}
}

// The classes of an answer.
const (
	denied403  = "403"
	hidden404  = "404"
	refusedAny = "no" // 403 or 404
	done       = "ok"
)

// expected is what a role in a relation gets, by the tables of permissions.md.
func (r row) expected(role authz.Role, relation string) string {
	if slices.Contains(r.no, role) {
		return refusedAny
	}
	if !slices.Contains(r.roles, role) {
		return denied403
	}
	switch r.record {
	case "case":
		switch {
		case relation == other, relation == excluded, relation == unnamed:
			return hidden404
		case relation == past && role == authz.Guest, role == authz.Guest && relation != own:
			return hidden404
		case relation == past:
			return r.past
		}
	case "meeting":
		if relation == other || relation == past || role == authz.Guest && relation != own && relation != named {
			return hidden404
		}
	case "invitation":
		if relation == other || relation == past || relation == excluded {
			return hidden404
		}
	case "meeting case":
		if relation == other || relation == past || relation == excluded || relation == unnamed {
			return hidden404
		}
	case "search":
		return hidden404
	case "managed":
		if relation == other || relation == past {
			return refusedAny
		}
	}
	return done
}

// stop makes each write fail just before it commits: what would have been done is
// known by its error, and no case changes the next one.
func (w *world) stop(t *testing.T) {
	t.Helper()
	w.exec(t, `CREATE FUNCTION stop() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'would have been done'; END $$`)
	w.exec(t, `CREATE TRIGGER stop BEFORE INSERT ON log_event FOR EACH ROW WHEN (NEW.operation <> 'consult') EXECUTE FUNCTION stop()`)
}

// person is a signed-in client with what it needs to send forms.
type person struct {
	*webtest.Client
	role     authz.Role
	relation string
	agency   int64
	csrf     string
	nothing  map[string]string // the page of what does not exist, by the first part of the address
}

func (w *world) person(t *testing.T, role authz.Role, relation string) *person {
	t.Helper()
	return w.personOf(t, w.actor(role, relation), role, relation)
}

func (w *world) personOf(t *testing.T, actor authz.Actor, role authz.Role, relation string) *person {
	t.Helper()
	c := w.As(t, actor)
	return &person{Client: c, role: role, relation: relation, agency: actor.Agency, csrf: tokenOf(c), nothing: map[string]string{}}
}

// absent is the page of what does not exist, at an address of the same shape.
func (p *person) absent(method, at string, body url.Values) string {
	parts := strings.Split(at, "/")
	noun := parts[1]
	if p.nothing[noun] == "" {
		parts[2] = "999999999999"
		p.nothing[noun] = plainBytes(p.send(method, strings.Join(parts, "/"), body).Must(http.StatusNotFound))
	}
	return p.nothing[noun]
}

// send asks for an address, with a form that carries this person's tokens.
func (p *person) send(method, at string, body url.Values) *webtest.Answer {
	if method == http.MethodGet {
		return p.Get(at)
	}
	sent := url.Values{}
	for field, v := range body {
		sent[field] = v
	}
	sent.Set("_csrf", p.csrf)
	sent.Set("_key", key())
	for field := range sent {
		if field == "agency" || strings.HasSuffix(field, "-agency") {
			sent.Set(field, strconv.FormatInt(p.agency, 10)) // one's own: for others' only some may act
		}
	}
	return p.Do(method, at, sent, nil)
}

func TestAccessMatrix(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.stop(t)
	before := w.state(t)
	rows := matrix(t)
	t.Run("cases", func(t *testing.T) {
		t.Run("of a person", func(t *testing.T) {
			t.Parallel()
			w.matrixOf(t, rows, w.plain, own, other, past, excluded)
		})
		t.Run("of a restricted person", func(t *testing.T) {
			t.Parallel()
			w.matrixOf(t, rows, w.restricted, named, unnamed)
		})
	})
	if n := w.one(t, `SELECT count(*) FROM log_event WHERE operation <> 'consult' AND request <> ''`); n != 0 {
		t.Errorf("%d writes were done that should have been stopped", n)
	}
	w.unchanged(t, before, "reading every page, or a write that was stopped,")
	// A write that was stopped answered 500; any other 500 is a fault.
	for line := range strings.Lines(w.Log()) {
		if strings.Contains(line, "level=ERROR") && !strings.Contains(line, "would have been done") {
			t.Errorf("a fault: %s", line)
		}
	}
}

func (w *world) matrixOf(t *testing.T, rows map[string]row, of subject, relations ...string) {
	var people []*person
	for _, role := range authz.Roles {
		for _, relation := range relations {
			people = append(people, w.person(t, role, relation))
		}
	}
	for _, route := range web.Routes() {
		name := route.Method + " " + route.Pattern
		r, ok := rows[name]
		if !ok || r.public || name == "POST /sign-out" { // signing out ends the session that the next case needs
			continue
		}
		meeting := map[string]ref.MeetingID{"": w.meeting.planned, "planned": w.meeting.planned, "open": w.meeting.open, "closed": w.meeting.closed}[r.meeting]
		of := of
		if r.meeting == "draft" {
			if of.nominal == w.restricted.nominal {
				continue
			}
			of = w.drafted
		}
		at := w.address(t, route.Pattern, of, meeting)
		body := url.Values{}
		if route.Method == http.MethodPost {
			body = w.body(t, people, r, route.Pattern, of, meeting)
		}
		for _, p := range people {
			want := r.expected(p.role, p.relation)
			if of.nominal == w.restricted.nominal && p.role == authz.Guest && want == done && strings.Contains(r.record, "case") {
				want = hidden404 // the guest is invited for the plain person alone
			}
			p.try(t, route.Method, name, at, body, want)
		}
	}
}

// body is the form of a POST filled in by somebody who may send it.
func (w *world) body(t *testing.T, people []*person, r row, pattern string, of subject, meeting ref.MeetingID) url.Values {
	page := pattern
	if r.page != "" {
		page = r.page
	}
	address := w.address(t, pattern, of, meeting)
	for _, p := range people {
		if r.expected(p.role, p.relation) != done || p.role == authz.Guest {
			continue
		}
		answer := p.Get(w.address(t, page, of, meeting))
		if answer.Status == http.StatusOK && answer.HasForm(address) {
			return filled(answer, address, suits)
		}
	}
	return url.Values{}
}

func (p *person) try(t *testing.T, method, name, at string, body url.Values, want string) {
	t.Helper()
	answer := p.send(method, at, body)
	got := class(method, answer)
	if got != want && !(want == refusedAny && (got == denied403 || got == hidden404)) {
		t.Errorf("%s by %s, %s: %s (status %d %s), want %s: %.300s", name, p.role, p.relation, got, answer.Status, answer.Location, want, answer.Text("main"))
	}
	if answer.Status == http.StatusNotFound && plainBytes(answer) != p.absent(method, at, body) {
		t.Errorf("%s by %s, %s: the page says more than that of something that does not exist", name, p.role, p.relation)
	}
}

// class is what an answer amounts to.
func class(method string, a *webtest.Answer) string {
	switch {
	case a.Status == http.StatusForbidden:
		return denied403
	case a.Status == http.StatusNotFound:
		return hidden404
	case a.Status == http.StatusSeeOther && strings.HasPrefix(a.Location, "/sign-in"):
		return "signed out"
	case a.Status == http.StatusOK, a.Status == http.StatusSeeOther, a.Status == http.StatusUnprocessableEntity, a.Status == http.StatusConflict:
		return done
	case method == http.MethodPost && a.Status == http.StatusInternalServerError: // stopped: see stop
		return done
	}
	return "fault"
}
