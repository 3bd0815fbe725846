package nominalpage

import (
	"context"
	"slices"
	"strconv"

	"github.com/a-h/templ"

	"iom/internal/casework/agency"
	"iom/internal/casework/breach"
	"iom/internal/casework/contact"
	"iom/internal/casework/ref"
	"iom/internal/platform/audit"
	"iom/internal/platform/authz"
	"iom/internal/platform/db"
	"iom/web/form"
	"iom/web/nominalpage/frame"
	"iom/web/page"
	"iom/web/ui"
)

// Contact logs a contact in seconds: today and one's own agency are filled in.
func Contact(c *page.Ctx) error {
	var n contact.New
	var agencies []ui.Option
	var plan contact.Planned
	return task{
		title: "Log a contact", tab: frame.Contacts, button: "Log contact", notice: "Contact logged", may: authz.RecordContact,
		ready: func(ctx context.Context, q *db.ReadTx, p frame.Person) (err error) {
			if plan, err = planAsked(ctx, q, c, p.ID); err != nil {
				return err
			}
			return offerAgencies(&agencies)(ctx, q, p)
		},
		preset: func(f *form.Form, p frame.Person) {
			if plan.ID != 0 {
				forPlan(f, plan, c.Today())
				return
			}
			f.Set("held_on", c.Today().Typed())
			if kind := c.Query("kind"); slices.Contains(contact.Kinds, contact.Kind(kind)) {
				f.Set("kind", kind)
			}
			f.Set("agency", strconv.FormatInt(p.Actor.AgencyIn(int64(p.Scope.Area)), 10))
		},
		read: func(f *form.Form) {
			n = contact.New{
				Kind: contact.Kind(f.Choice("kind", "Kind of contact", form.Required, texts(contact.Kinds)...)), HeldOn: f.PastDate("held_on", "Date", form.Required, c.Today()),
				At: f.Time("at_time", "Time", form.Optional), Outcome: contact.Outcome(f.Choice("outcome", "Outcome", form.Required, texts(contact.Outcomes)...)),
				Excused: f.Tick("excused", "Absent with an acceptable reason"), Log: f.Prose("log", "What happened", form.Required),
				Result: f.Prose("result", "What follows from it", form.Optional), Agency: ref.AgencyID(f.ID("agency", "Agency", form.Required)),
				JointAgency: ref.AgencyID(f.ID("joint_agency", "Joint visit with", form.Optional)), ForceNumber: f.Line("force_number", "Force number", form.Optional),
				Source: f.Line("source", "Source", form.Required), Planned: ref.PlannedID(f.ID("planned", "Planned contact", form.Optional)),
			}
		},
		do: func(id ref.NominalID) error {
			n.Nominal = id
			_, err := contact.Log(c.Context(), c.DB, c.Submission(), n)
			return err
		},
		view: func(f *form.Form) templ.Component { return contactFields(f, agencies, plan) },
	}.serve(c)
}

// offerAgencies reads the agencies that take part today.
func offerAgencies(into *[]ui.Option) func(ctx context.Context, q *db.ReadTx, p frame.Person) error {
	return func(ctx context.Context, q *db.ReadTx, _ frame.Person) error {
		all, err := agency.Current(ctx, q, q.Today())
		for _, a := range all {
			*into = append(*into, ui.Option{Value: ref.Text(a.ID), Text: a.Name})
		}
		return err
	}
}

// contactsView is the tab of contacts.
type contactsView struct {
	frame.Person
	list       []contact.Contact
	diary      []contact.Planned // on the first page
	breaches   []breach.Breach
	attendance contact.Rate // in the last three months
	paging     ui.Paging
}

// contactsEach is how many contacts stand on one page.
const contactsEach = 25

// Contacts is the contact and event log, the latest first (R33).
func Contacts(c *page.Ctx) error {
	id, err := page.ID[ref.NominalID](c, "id")
	if err != nil {
		return err
	}
	number := pageNumber(c)
	v, err := page.View(c, func(ctx context.Context, q *db.ReadTx) (v contactsView, seen audit.Seen, err error) {
		if v.Person, err = frame.Load(ctx, q, id); err != nil {
			return v, seen, err
		}
		if v.list, err = contact.Page(ctx, q, id, (number-1)*contactsEach, contactsEach+1); err != nil {
			return v, seen, err
		}
		if number == 1 {
			if v.diary, err = readPlanned(ctx, q, id); err != nil {
				return v, seen, err
			}
		}
		if v.breaches, err = breach.Of(ctx, q, id); err != nil {
			return v, seen, err
		}
		v.attendance, err = contact.Attendance(ctx, q, id, q.Today().AddMonths(-3))
		return v, v.Seen(), err
	})
	if err != nil {
		return err
	}
	v.list, v.paging = paged(v.list, v.At(frame.Contacts)+"?", number, contactsEach)
	return c.Render(contactsPage(c.Chrome("", nil), v))
}

// pageNumber is the page asked for, 1 without one.
func pageNumber(c *page.Ctx) int {
	n, err := strconv.Atoi(c.Query("page"))
	if err != nil || n < 1 || n > 10_000 {
		return 1
	}
	return n
}

// paged cuts a list that was read with one line more than a page holds.
func paged[T any](list []T, address string, number, each int) ([]T, ui.Paging) {
	var p ui.Paging
	if number > 1 {
		p.Prev = address + "page=" + strconv.Itoa(number-1)
	}
	if len(list) > each {
		list = list[:each]
		p.Next = address + "page=" + strconv.Itoa(number+1)
	}
	if p.Prev != "" || p.Next != "" {
		p.Shown = "Page " + strconv.Itoa(number)
	}
	return list, p
}

func (v contactsView) attendanceText() string {
	percent, ok := v.attendance.Percent()
	if !ok {
		return "No appointments in the last three months"
	}
	text := strconv.Itoa(percent) + "%: kept " + strconv.Itoa(v.attendance.Attended) + " of " + strconv.Itoa(v.attendance.Counted()) + " appointments in the last three months"
	if v.attendance.Excused > 0 {
		text += ", not counting " + strconv.Itoa(v.attendance.Excused) + " excused"
	}
	return text
}
