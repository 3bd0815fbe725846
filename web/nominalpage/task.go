// Package nominalpage is the pages of one person: the overview with what needs
// attention first, the tabs of needs, contacts, custody and links, the history,
// who has looked, and the forms by which facts are added and corrected.
package nominalpage

import (
	"context"
	"net/http"
	"slices"

	"github.com/a-h/templ"

	"iom/internal/casework/ref"
	"iom/internal/platform/audit"
	"iom/internal/platform/authz"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
	"iom/web/form"
	"iom/web/nominalpage/frame"
	"iom/web/page"
	"iom/web/ui"
)

// task is a form about one person: the same code draws it empty, draws it again
// with what was typed, and does what it asks for.
type task struct {
	title  string
	tab    string // where it leads back to
	button string
	notice string // after it was done; names nobody
	may    authz.Permission
	danger bool // takes something away
	guide  string
	// ready reads what the page offers to choose from; may be nil. It runs before
	// read only where the fields depend on it (first).
	ready func(ctx context.Context, q *db.ReadTx, p frame.Person) error
	first bool
	// preset fills a blank form; may be nil.
	preset func(f *form.Form, p frame.Person)
	// read declares the fields and takes what was typed.
	read func(f *form.Form)
	do   func(id ref.NominalID) error
	// stale is the current version of what is edited, for a stale edit; nil where
	// facts are only added.
	version func(ctx context.Context, q *db.ReadTx, id ref.NominalID) (int64, error)
	what    string // is edited, as "the identity"
	view    func(f *form.Form) templ.Component
}

// serve answers GET with the form and POST by doing what it asks.
func (t task) serve(c *page.Ctx) error {
	id, err := page.ID[ref.NominalID](c, "id")
	if err != nil {
		return err
	}
	f := c.Form()
	if c.R.Method == http.MethodPost {
		return t.post(c, f, id)
	}
	return t.draw(c, f, id)
}

func (t task) post(c *page.Ctx, f *form.Form, id ref.NominalID) error {
	if t.first {
		if _, _, err := t.load(c, id); err != nil {
			return err
		}
	}
	t.read(f)
	if f.OK() {
		err := t.do(id)
		if err == nil {
			return c.SeeOther(frame.Person{ID: id}.At(t.tab), t.notice)
		}
		if fault.KindOf(err) == fault.Stale && t.version != nil {
			return t.conflict(c, f, id)
		}
		if err = f.Take(err); err != nil {
			return err
		}
	}
	return t.draw(c, f, id)
}

// conflict shows what was typed beside what somebody else saved meanwhile.
func (t task) conflict(c *page.Ctx, typed *form.Form, id ref.NominalID) error {
	p, version, err := t.load(c, id)
	if err != nil {
		return err
	}
	current := form.Blank()
	t.preset(current, p)
	t.read(current)
	return c.Conflict(t.what, typed, current, version)
}

func (t task) draw(c *page.Ctx, f *form.Form, id ref.NominalID) error {
	p, version, err := t.load(c, id)
	if err != nil {
		return err
	}
	if !f.IsSubmitted() {
		f.Set("source", c.Actor.AgencyAs)
		if t.preset != nil {
			t.preset(f, p)
		}
		t.read(f)
	}
	hidden := c.Hidden()
	if t.version != nil {
		if f.IsSubmitted() {
			version = c.Version() // of what the form was opened on, not of now
		}
		hidden = c.Hidden(version)
	}
	hidden.Guard = true
	view := taskPage(c.Chrome(t.title, f), p, t, c.R.URL.Path, hidden, f)
	if f.IsSubmitted() {
		return c.Redraw(view)
	}
	return c.Render(view)
}

// load reads the person and what the form offers. It refuses those who may not do
// this to the record, before they have typed anything.
func (t task) load(c *page.Ctx, id ref.NominalID) (frame.Person, int64, error) {
	var version int64
	p, err := page.View(c, func(ctx context.Context, q *db.ReadTx) (frame.Person, audit.Seen, error) {
		p, err := frame.Load(ctx, q, id)
		if err != nil {
			return p, audit.Seen{}, err
		}
		if !p.May(t.may) {
			return p, audit.Seen{}, fault.Denied("Your role in this area does not allow this")
		}
		if t.version != nil {
			if version, err = t.version(ctx, q, id); err != nil {
				return p, audit.Seen{}, err
			}
		}
		if t.ready != nil {
			if err := t.ready(ctx, q, p); err != nil {
				return p, audit.Seen{}, err
			}
		}
		return p, p.Seen(), nil
	})
	return p, version, err
}

// about is a task on the tab of custody and sentence about one record of the person in the
// address, whose id the address holds under a name. find says whether it is theirs, before
// anything is offered.
func about[ID ~int64](c *page.Ctx, t task, name string, find func(ctx context.Context, q *db.ReadTx, p frame.Person, id ID) (bool, error),
	do func(of ref.NominalID, id ID) error) error {
	which, ok := ref.Parse[ID](c.Param(name))
	if !ok {
		return fault.Missing()
	}
	t.tab, t.may = frame.Custody, authz.RecordCustody
	offer := t.ready
	t.ready = func(ctx context.Context, q *db.ReadTx, p frame.Person) error {
		found, err := find(ctx, q, p, which)
		if err == nil && !found {
			err = fault.Missing()
		}
		if err != nil || offer == nil {
			return err
		}
		return offer(ctx, q, p)
	}
	t.do = func(of ref.NominalID) error { return do(of, which) }
	return t.serve(c)
}

// among finds a record among those that a query about the person gives, and puts it where
// the form looks for it.
func among[T any, ID comparable](into *T, query func(ctx context.Context, q db.Querier, of ref.NominalID) ([]T, error), idOf func(T) ID) func(context.Context, *db.ReadTx, frame.Person, ID) (bool, error) {
	return func(ctx context.Context, q *db.ReadTx, p frame.Person, id ID) (bool, error) {
		all, err := query(ctx, q, p.ID)
		i := slices.IndexFunc(all, func(x T) bool { return idOf(x) == id })
		if err != nil || i < 0 {
			return false, err
		}
		*into = all[i]
		return true, nil
	}
}

// options are choices whose value is their word in lower case.
func options[T ~string](all []T, word func(T) string) []ui.Option {
	made := make([]ui.Option, len(all))
	for i, v := range all {
		made[i] = ui.Option{Value: string(v), Text: word(v)}
	}
	return made
}

func texts[T ~string](all []T) []string {
	made := make([]string, len(all))
	for i, v := range all {
		made[i] = string(v)
	}
	return made
}
