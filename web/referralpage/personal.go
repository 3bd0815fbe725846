package referralpage

import (
	"iom/internal/casework/nominal"
	"iom/internal/casework/referral"
	"iom/internal/platform/clock"
	"iom/web/form"
)

func fillPersonal(f *form.Form, a referral.Personal) {
	for name, value := range map[string]string{"family_name": a.FamilyName, "given_names": a.GivenNames, "born": a.Born.Typed(), "sex": a.Sex,
		"gender": a.Gender, "urn": a.URN, "pncid": a.PNCIDTyped, "crn": a.CRN, "prison_number": a.PrisonNumber, "address": a.Address,
		"postcode": a.Postcode, "email": a.Email, "ni_number": a.NINumber, "preferences": a.Preferences} {
		f.Set(name, value)
	}
	if a.PNCIDTyped == "" {
		f.Set("pncid", a.PNCID)
	}
	for i, name := range a.Aliases {
		f.Set(part("aliases", i, "name"), name)
	}
	for i, n := range a.Phones {
		f.Set(part("phones", i, "kind"), n.Kind)
		f.Set(part("phones", i, "number"), n.Number)
	}
	for i, w := range a.Warnings {
		f.Set(part("warnings", i, "text"), w)
	}
	if a.NoWarnings {
		f.Set("no_warnings", "yes")
	}
}

// readPersonal reads the personal details, in the order of the page.
func readPersonal(f *form.Form, today clock.Date) referral.Personal {
	var a referral.Personal
	a.FamilyName = f.Line("family_name", "Family name", form.Required)
	a.GivenNames = f.Line("given_names", "Given names", form.Optional)
	for i := range shown(f, "aliases", "name") {
		if name := f.Line(part("aliases", i, "name"), "Other name", form.Optional); name != "" {
			a.Aliases = append(a.Aliases, name)
		}
	}
	a.Born = f.PastDate("born", "Date of birth", form.Optional, today)
	a.Sex = f.Choice("sex", "Sex", form.Optional, nominal.Sexes...)
	a.Gender = f.Line("gender", "Gender", form.Optional)
	a.URN = f.Line("urn", "URN", form.Optional)
	a.PNCIDTyped, a.PNCID = readPNCID(f, today)
	a.CRN = identifier(f, "crn", "CRN", nominal.ParseCRN)
	a.PrisonNumber = identifier(f, "prison_number", "Prison number", nominal.ParsePrisonNumber)
	a.Address = f.Prose("address", "Address", form.Optional)
	a.Postcode = identifier(f, "postcode", "Postcode", nominal.ParsePostcode)
	a.Phones = readPhones(f)
	a.Email = identifier(f, "email", "E-mail address", nominal.ParseEmail)
	a.NINumber = identifier(f, "ni_number", "National Insurance number", nominal.ParseNINumber)
	for i := range shown(f, "warnings", "text") {
		if text := f.Line(part("warnings", i, "text"), "Warning", form.Optional); text != "" {
			a.Warnings = append(a.Warnings, text)
		}
	}
	a.NoWarnings = f.Tick("no_warnings", "There are no warnings on PNC or Niche")
	if a.NoWarnings && len(a.Warnings) > 0 && f.IsSubmitted() {
		f.Fail("no_warnings", "There are warnings above: take them out or clear this box")
	}
	a.Preferences = f.Prose("preferences", "How to work with the person", form.Optional)
	return a
}

// readPNCID keeps what was typed beside its canonical form.
func readPNCID(f *form.Form, today clock.Date) (typed, canonical string) {
	typed = f.Line("pncid", "PNCID", form.Optional)
	if typed == "" {
		return "", ""
	}
	canonical, _, err := nominal.ParsePNCID(typed, today)
	if err != nil && f.IsSubmitted() {
		f.Fail("pncid", err.Error())
	}
	return typed, canonical
}

func readPhones(f *form.Form) []referral.Phone {
	var all []referral.Phone
	for i := range shown(f, "phones", "kind", "number") {
		kind, number := part("phones", i, "kind"), part("phones", i, "number")
		p := referral.Phone{Kind: f.Choice(kind, "Kind of number", form.Optional, nominal.PhoneKinds...),
			Number: identifier(f, number, "Telephone number", nominal.ParsePhone)}
		if p == (referral.Phone{}) {
			continue
		}
		if f.IsSubmitted() && p.Number == "" {
			f.Fail(number, "Enter the telephone number")
		}
		if f.IsSubmitted() && p.Kind == "" {
			f.Fail(kind, "Choose whether it is mobile, home, work or other")
		}
		all = append(all, p)
	}
	return all
}
