package meetingpage

import (
	"strconv"
	"strings"
	"time"

	"iom/internal/casework/action"
	"iom/internal/casework/meeting"
	"iom/internal/casework/rag"
	"iom/internal/casework/ref"
	"iom/internal/casework/review"
	"iom/internal/platform/clock"
	"iom/web/form"
	"iom/web/ui"
)

// The declarations of the blocks, for a form that has not been sent.
func declareDiscussion(f *form.Form)   { decodeDiscussion(f) }
func declareContribution(f *form.Form) { decodeContribution(f) }
func declareReview(f *form.Form)       { decodeReview(f) }
func declareDefer(f *form.Form)        { decodeDefer(f) }
func declareAction(f *form.Form)       { decodeAction(f) }
func declareNeed(f *form.Form)         { decodeNeed(f) }
func declareRetain(f *form.Form)       { decodeRetain(f) }

// declareDecision begins with the rating that the referral proposes (R3).
func (v caseView) declareDecision(f *form.Form) {
	if proposed := v.Referral.Form.Rating; proposed.Rating != "" && !v.typing(decisionBlock) {
		f.Set("decision-rating", string(proposed.Rating))
		f.Set(characteristicsField(decisionBlock, proposed.Rating), proposed.Characteristics...)
		f.Set("decision-rating_reason", proposed.Reason)
	}
	decodeDecision(f)
}

func declareRatify(id ref.RatingID) func(f *form.Form) {
	return func(f *form.Form) { decodeRatify(f, id) }
}

func declareChange(id ref.ActionID) func(f *form.Form) {
	return func(f *form.Form) { decodeChange(f, id) }
}

// eightWeeks says until when somebody transferred in from outside stays RED; empty when
// that does not concern the case, or not any more (R93, R94).
func (v caseView) eightWeeks() string {
	if v.Transfer == nil || !v.Transfer.IsEarly(rag.Amber, v.today) {
		return ""
	}
	return "Transferred in from " + v.Transfer.From + ": RED until " + review.RedUntil(v.Transfer.Adopted).Long() + ". AMBER or GREEN before that day needs a reason (R94)"
}

// mayDefer says that a review is due that the rules let a meeting put off.
func (v caseView) mayDefer() bool {
	due := v.Item.Has(meeting.RuleAmber) || v.Item.Has(meeting.RuleTransfer) && !v.Item.Has(meeting.RuleRed)
	return due && v.Reviewed == nil
}

// banner is who the case is about; the name is the page's heading.
func (v caseView) banner() ui.Person { return v.person.Banner(true) }

// missing is what the meeting still owes this case, each with its place.
func (v caseView) missing() []ui.Attention {
	var all []ui.Attention
	for _, g := range v.Gaps {
		all = append(all, ui.Attention{Text: g.Text, Href: "#" + g.Part, Why: g.Rule})
	}
	return all
}

func when(at time.Time) string { return clock.DateOf(at).Short() }

func idText[ID ~int64](id ID) string { return ref.Text(id) }

// ratedBy says where a rating was given.
func ratedBy(r review.Rating) string {
	switch {
	case !r.BetweenMeetings():
		return "At the meeting"
	case r.Outcome != "":
		return "Between meetings, " + r.Outcome
	}
	return "Between meetings" // whether it waits depends on what came after it
}

// elsewhere is the answer to whether other arrangements exist (R7).
func elsewhere(v caseView) string {
	c := v.Referral.Form.Considerations
	text := c.Elsewhere.Word()
	for _, more := range []string{c.ElsewhereWhich, c.ElsewhereWhy} {
		if more != "" {
			text += ". " + more
		}
	}
	return text
}

func criterionColour(state string) string {
	switch state {
	case "met":
		return "green"
	case "not met":
		return "orange"
	}
	return "grey"
}

func noteBy(n meeting.Note) string {
	text := n.By + ", " + n.At.In(clock.London).Format("15:04 on 2 Jan 2006")
	if n.AgencyName != "" {
		return "Contribution of " + n.AgencyName + ". " + text
	}
	return upper(n.Kind) + ". " + text
}

func characteristicOptions(r rag.Rating) []ui.Option {
	var options []ui.Option
	for _, c := range r.Characteristics() {
		options = append(options, ui.Option{Value: c, Text: c})
	}
	return options
}

func actionOwner(a meeting.CaseAction) string {
	if a.AccountName == "" {
		return a.AgencyName + ", nobody named yet"
	}
	return a.AccountName + ", " + a.AgencyName
}

func carried(a meeting.CaseAction) string {
	switch a.Carried {
	case 0:
		return ""
	case 1:
		return ", carried over once"
	}
	return ", carried over " + strconv.Itoa(a.Carried) + " times"
}

// changeOptions are what a meeting does about an open action.
func changeOptions(f *form.Form, a meeting.CaseAction) []ui.Option {
	due := f.Field(actionBlock(a.ID) + "-due")
	return []ui.Option{
		{Value: string(action.KindProgress), Text: "Progress, still due as it is"},
		{Value: string(action.KindCarry), Text: "Carry over", Reveal: newDue(due)},
		{Value: string(action.KindEnd), Text: "Discharge"},
	}
}

func withExtra(h ui.FormHidden, name, value string) ui.FormHidden {
	h.Extra = []ui.Hidden{{Name: name, Value: value}}
	return h
}

func withVersion(h ui.FormHidden, version int64) ui.FormHidden {
	h.Version = strconv.FormatInt(version, 10)
	return h
}

// interest is why an agency has to do with the case, and that it is not here.
func interest(v meeting.Voice) string {
	why := upper(strings.Join(v.Interest, ", "))
	switch {
	case v.Attends:
		return why
	case why == "":
		return "Not at this meeting"
	}
	return why + ". Not at this meeting"
}
