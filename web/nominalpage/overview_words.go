package nominalpage

import (
	"strconv"
	"unicode/utf8"

	"iom/internal/casework/ref"
	"iom/internal/platform/authz"
	"iom/web/ui"
)

// caseLinks are what can be done with the registration; the pages ask again.
func (v overview) caseLinks() []ui.Link {
	if !v.Registered || !v.Scope.Open || v.Scope.Kind == "guest" {
		return nil
	}
	var links []ui.Link
	if v.May(authz.RateBetween) || v.May(authz.RaiseRedAlert) {
		links = append(links, ui.Link{Text: "Rate", Href: v.At("rating")})
	}
	links = append(links, ui.Link{Text: "Checklist", Href: v.At("checklist")})
	return append(links, ui.Link{Text: "Deregistration", Href: v.At("deregistration")})
}

func (v overview) registrationText() string {
	switch {
	case !v.ever:
		return "Not registered"
	case v.last.ClosedAt == nil:
		return "Deregistered on " + v.last.EndedOn().Long() + ", markers to remove"
	}
	return "Deregistered on " + v.last.EndedOn().Long()
}

func (v overview) visitsText() string {
	if v.Current.Rating.Standard() == "" {
		return "None due at " + string(v.Current.Rating)
	}
	text := "None recorded"
	if !v.row.LastVisit.IsZero() {
		text = "Last " + v.row.LastVisit.Short()
	}
	if !v.row.VisitDue.IsZero() {
		text += ", next by " + v.row.VisitDue.Short() + " (" + v.Current.Rating.Standard() + ")"
	}
	if percent, ok := v.visits.Percent(); ok {
		text += "\nIn time on " + strconv.Itoa(percent) + "% of days in the last three months"
	}
	return text
}

func (v overview) mappaText() string {
	if v.HasMAPPA {
		return v.MAPPA.Word()
	}
	return ""
}

type reference struct{ text, href string }

// latestReferral leads to the referral, for those who may open it.
func (v overview) latestReferral() (reference, bool) {
	if len(v.referrals) == 0 || !v.Actor.MayIn(authz.Refer, int64(v.Scope.Area)) {
		return reference{}, false
	}
	r := v.referrals[0]
	return reference{"Referral " + ref.Text(r.ID) + " from " + r.AgencyName + " (" + string(r.State) + ")", "/referrals/" + ref.Text(r.ID)}, true
}

func (v overview) identityRows() []ui.Fact {
	i := v.Card.Identity
	return []ui.Fact{
		{Key: "Name", Value: v.Name()}, {Key: "Born", Value: v.Born()}, {Key: "Sex", Value: upper(i.Sex)}, {Key: "Gender", Value: i.Gender}, {Key: "URN", Value: i.URN},
		{Key: "PNCID", Value: i.PNCID}, {Key: "CRN", Value: i.CRN}, {Key: "Prison number", Value: i.PrisonNumber}, {Key: "National Insurance", Value: i.NINumber},
		{Key: "Working with", Value: i.Preferences}, {Key: "Source", Value: i.Source},
	}
}

// add is a link in the head of a card for those who may change what is in it.
func (v overview) add(text, at string) []ui.Link {
	if !v.May(authz.RecordContact) {
		return nil
	}
	return []ui.Link{{Text: text, Href: v.At(at)}}
}

func (v overview) addLink(text, at string) ui.Link {
	if !v.May(authz.RecordContact) {
		return ui.Link{}
	}
	return ui.Link{Text: text, Href: v.At(at)}
}

func (v overview) equalityLinks() []ui.Link {
	if !v.May(authz.RecordEquality) {
		return nil
	}
	return []ui.Link{{Text: "Record", Href: v.At("equality")}}
}

// short is the beginning of a text, for a list.
func short(text string) string {
	const most = 140
	if utf8.RuneCountInString(text) <= most {
		return text
	}
	return string([]rune(text)[:most]) + "…"
}

func factAddress(fact string, id int64) string {
	return "facts/" + fact + "/" + strconv.FormatInt(id, 10)
}
