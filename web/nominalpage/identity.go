package nominalpage

import (
	"context"

	"github.com/a-h/templ"

	"iom/internal/casework/nominal"
	"iom/internal/casework/ref"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/web/form"
	"iom/web/nominalpage/frame"
	"iom/web/page"
)

// Identity changes who somebody is; what was known before stays in the history.
func Identity(c *page.Ctx) error {
	var n nominal.Identity
	return task{
		title: "Change identity details", tab: frame.Overview, button: "Save", notice: "Identity details saved", may: authz.RecordContact, what: "the identity details",
		guide: "What was recorded before is kept in the history.",
		preset: func(f *form.Form, p frame.Person) {
			i := p.Card.Identity
			for name, value := range map[string]string{"family_name": i.FamilyName, "given_names": i.GivenNames, "born": i.Born.Typed(), "sex": i.Sex, "gender": i.Gender,
				"urn": i.URN, "pncid": i.PNCIDTyped, "crn": i.CRN, "prison_number": i.PrisonNumber, "ni_number": i.NINumber, "email": i.Email, "preferences": i.Preferences} {
				f.Set(name, value)
			}
			if i.PNCIDTyped == "" {
				f.Set("pncid", i.PNCID)
			}
		},
		read: func(f *form.Form) { n = readIdentity(f, c.Today()) },
		do: func(id ref.NominalID) error {
			return nominal.ChangeIdentity(c.Context(), c.DB, c.Submission(), id, c.Version(), n)
		},
		version: func(ctx context.Context, q *db.ReadTx, id ref.NominalID) (int64, error) {
			return nominal.IdentityVersion(ctx, q, id)
		},
		view: func(f *form.Form) templ.Component { return identityFields(f) },
	}.serve(c)
}

func readIdentity(f *form.Form, today clock.Date) nominal.Identity {
	n := nominal.Identity{
		FamilyName: f.Line("family_name", "Family name", form.Required), GivenNames: f.Line("given_names", "Given names", form.Optional),
		Born: f.PastDate("born", "Date of birth", form.Optional, today), Sex: f.Choice("sex", "Sex", form.Optional, nominal.Sexes...),
		Gender: f.Line("gender", "Gender, as the person describes it", form.Optional), URN: f.Line("urn", "URN", form.Optional),
		PNCIDTyped: f.Line("pncid", "PNCID", form.Optional),
	}
	if n.PNCIDTyped != "" {
		canonical, _, err := nominal.ParsePNCID(n.PNCIDTyped, today)
		n.PNCID = canonical
		fail(f, "pncid", err)
	}
	n.CRN = checked(f, "crn", "CRN", nominal.ParseCRN)
	n.PrisonNumber = checked(f, "prison_number", "Prison number", nominal.ParsePrisonNumber)
	n.NINumber = checked(f, "ni_number", "National Insurance number", nominal.ParseNINumber)
	n.Email = checked(f, "email", "E-mail address", nominal.ParseEmail)
	n.Preferences = f.Line("preferences", "How to work with this person", form.Optional)
	n.Source = f.Line("source", "Source", form.Required)
	return n
}

// checked is an identifier in its canonical form; empty when none was typed.
func checked(f *form.Form, name, label string, parse func(string) (string, error)) string {
	typed := f.Line(name, label, form.Optional)
	if typed == "" {
		return ""
	}
	canonical, err := parse(typed)
	fail(f, name, err)
	return canonical
}

// fail puts the error of a parser, which is a whole sentence, to its field.
func fail(f *form.Form, name string, err error) {
	if err != nil && f.IsSubmitted() {
		f.Fail(name, err.Error())
	}
}

// Warning adds a warning marker (R16).
func Warning(c *page.Ctx) error {
	var text, source string
	return task{
		title: "Add a warning", tab: frame.Overview, button: "Add warning", notice: "Warning added", may: authz.RecordContact,
		guide: "A warning stands wherever this person appears. Use the words of the PNC or Niche marker.",
		read: func(f *form.Form) {
			text, source = f.Line("text", "Warning", form.Required), f.Line("source", "Source", form.Required)
		},
		do: func(id ref.NominalID) error {
			return nominal.AddWarning(c.Context(), c.DB, c.Submission(), id, text, source)
		},
		view: func(f *form.Form) templ.Component { return warningFields(f) },
	}.serve(c)
}

// Alias adds another name.
func Alias(c *page.Ctx) error {
	var name, source string
	return task{
		title: "Add another name", tab: frame.Overview, button: "Add name", notice: "Name added", may: authz.RecordContact,
		read: func(f *form.Form) {
			name, source = f.Line("name", "Other name", form.Required), f.Line("source", "Source", form.Required)
		},
		do: func(id ref.NominalID) error {
			return nominal.AddAlias(c.Context(), c.DB, c.Submission(), id, name, source)
		},
		view: func(f *form.Form) templ.Component { return aliasFields(f) },
	}.serve(c)
}

// Address adds an address.
func Address(c *page.Ctx) error {
	var a nominal.Address
	return task{
		title: "Add an address", tab: frame.Overview, button: "Add address", notice: "Address added", may: authz.RecordContact,
		guide: "This becomes the current address. Earlier ones stay in the history.",
		read: func(f *form.Form) {
			a = nominal.Address{Text: f.Prose("address", "Address", form.Required), Postcode: checked(f, "postcode", "Postcode", nominal.ParsePostcode),
				From: f.PastDate("from_on", "Living there since", form.Optional, c.Today()), Source: f.Line("source", "Source", form.Required)}
		},
		do:   func(id ref.NominalID) error { return nominal.AddAddress(c.Context(), c.DB, c.Submission(), id, a) },
		view: func(f *form.Form) templ.Component { return addressFields(f) },
	}.serve(c)
}

// Phone adds a number.
func Phone(c *page.Ctx) error {
	var p nominal.Phone
	return task{
		title: "Add a telephone number", tab: frame.Overview, button: "Add number", notice: "Number added", may: authz.RecordContact,
		preset: func(f *form.Form, _ frame.Person) { f.Set("kind", "mobile") },
		read: func(f *form.Form) {
			p = nominal.Phone{Kind: f.Choice("kind", "Kind of number", form.Required, nominal.PhoneKinds...), Number: f.Line("number", "Number", form.Required),
				Source: f.Line("source", "Source", form.Required)}
			if p.Number != "" {
				_, err := nominal.ParsePhone(p.Number)
				fail(f, "number", err)
			}
		},
		do:   func(id ref.NominalID) error { return nominal.AddPhone(c.Context(), c.DB, c.Submission(), id, p) },
		view: func(f *form.Form) templ.Component { return phoneFields(f) },
	}.serve(c)
}

// Equality records protected characteristics (R185). Nothing typed before is shown
// to anybody but who typed it and the co-ordinator.
func Equality(c *page.Ctx) error {
	var answers []nominal.Characteristic
	return task{
		title: "Record protected characteristics", tab: frame.Overview, button: "Save", notice: "Protected characteristics saved", may: authz.RecordEquality,
		guide: "As the person describes them. Leave out what was not asked or not answered. Only you and the co-ordinator can read the answers; elsewhere they are only counted.",
		read: func(f *form.Form) {
			answers = nil
			for i, name := range nominal.Characteristics {
				if value := f.Line(form.Indexed("characteristic", i), upper(name), form.Optional); value != "" {
					answers = append(answers, nominal.Characteristic{Name: name, Value: value})
				}
			}
			if f.IsSubmitted() && len(answers) == 0 {
				f.Fail(form.Indexed("characteristic", 0), "Enter at least one answer, or cancel")
			}
		},
		do: func(id ref.NominalID) error {
			return nominal.ChangeEquality(c.Context(), c.DB, c.Submission(), id, answers)
		},
		view: func(f *form.Form) templ.Component { return equalityFields(f) },
	}.serve(c)
}

func upper(text string) string {
	if text == "" {
		return ""
	}
	return string(text[0]-'a'+'A') + text[1:]
}
