package meetingpage

import (
	"strings"

	"iom/internal/casework/action"
	"iom/internal/casework/meeting"
	"iom/internal/casework/need"
	"iom/internal/casework/rag"
	"iom/internal/casework/ref"
	"iom/internal/casework/registration"
	"iom/internal/casework/review"
	"iom/web/form"
	"iom/web/ui"
)

// A case has several forms on one page. The fields of each begin with the name
// of its block, so that no two share a name, and each block has one function that
// declares them, for GET and POST alike.

// Blocks of a case: the part of the address that each is sent to, and its anchor.
const (
	discussionBlock   = "discussion"
	contributionBlock = "contribution"
	decisionBlock     = "decision"
	reviewBlock       = "review"
	deferBlock        = "defer"
	actionsBlock      = "actions"
	needsBlock        = "needs"
	removalBlock      = "removal"
)

// actionBlock is the block of one action.
func actionBlock(id ref.ActionID) string { return "action-" + ref.Text(id) }

// ratifyBlock is the block of one rating that was given between meetings.
func ratifyBlock(id ref.RatingID) string { return "ratify-" + ref.Text(id) }

// form is the form of a block: as it was typed when it was the one sent or was being
// typed when the page was left, blank otherwise, with its fields declared.
func (v caseView) form(block string, declare func(f *form.Form)) *form.Form {
	if v.sent != nil && v.block == block {
		return v.sent
	}
	f := form.Blank()
	if d, ok := v.draft(block); ok {
		for name, values := range d.Fields {
			f.Set(name, values...)
		}
	}
	declare(f)
	return f
}

func decodeDiscussion(f *form.Form) string {
	return f.Prose("discussion-text", "What was said", form.Required)
}

func decodeContribution(f *form.Form) (ref.AgencyID, string) {
	return ref.AgencyID(f.ID("contribution-agency", "Agency", form.Optional)), f.Prose("contribution-text", "Contribution", form.Required)
}

// rating is a rating with what stands beside it on a form.
type rating struct {
	rating          rag.Rating
	reason          string
	characteristics []string
	supervision     string
	early           string // why it is lowered within eight weeks of a transfer (R94)
}

func ratingNames() []string {
	var all []string
	for _, r := range rag.Ratings {
		all = append(all, string(r))
	}
	return all
}

// characteristicsField names the boxes of one rating's characteristics.
func characteristicsField(block string, r rag.Rating) string {
	return block + "-of-" + strings.ToLower(strings.ReplaceAll(string(r), " ", "-"))
}

func decodeRating(f *form.Form, block, reasonField, reasonLabel string, need form.Need) rating {
	var r rating
	r.rating = rag.Rating(f.Choice(block+"-rating", "Rating", need, ratingNames()...))
	for _, level := range rag.Ratings {
		chosen := f.Choices(characteristicsField(block, level), "Characteristics of "+string(level), level.Characteristics()...)
		if level == r.rating {
			r.characteristics = chosen
		}
	}
	r.reason = f.Prose(block+"-"+reasonField, reasonLabel, need)
	r.supervision = f.Line(block+"-supervision", "Frequency of supervision agreed", form.Optional)
	return r
}

func decodeReview(f *form.Form) rating {
	r := decodeRating(f, reviewBlock, "reason", "Reason for the rating", form.Required)
	r.early = f.Prose("review-early", "Reason for lowering it within eight weeks", form.Optional)
	return r
}

func decodeDefer(f *form.Form) string {
	return f.Prose("defer-reason", "Reason for deferring the review", form.Required)
}

func decodeRatify(f *form.Form, id ref.RatingID) (ratified bool, reason string) {
	block := ratifyBlock(id)
	ratified, _ = f.YesNo(block+"-outcome", "Ratify the rating?", form.Required)
	return ratified, f.Prose(block+"-reason", "Reason", form.Optional)
}

// decodeDecision reads a decision on a referral; what belongs to an adoption is
// asked of an adoption alone.
func decodeDecision(f *form.Form) meeting.ReferralDecision {
	d := meeting.ReferralDecision{Outcome: f.Choice("decision-outcome", "Decision", form.Required, meeting.Outcomes...)}
	d.Reason = f.Prose("decision-reason", "Reason for the decision", form.Required)
	adopted := form.Need(d.Outcome == "adopted")
	r := decodeRating(f, decisionBlock, "rating_reason", "Reason for the initial rating", adopted)
	d.Rating, d.RatingReason, d.Characteristics, d.Supervision = r.rating, r.reason, r.characteristics, r.supervision
	d.Lead.Account = ref.AccountID(f.ID("decision-lead", "Lead worker", adopted))
	d.Lead.Capacity = f.Choice("decision-capacity", "Capacity", adopted, registration.Capacities...)
	d.From, d.Early = decodeTransfer(f, bool(adopted))
	return d
}

// decodeTransfer reads that somebody adopted comes from outside the force (R93), and why
// the rating is below RED if it is (R94).
func decodeTransfer(f *form.Form, adopted bool) (*registration.TransferIn, string) {
	ticked := len(f.Choices("decision-outside", "Transfer", "yes")) > 0 && adopted
	need := form.Need(ticked)
	t := registration.TransferIn{From: f.Line("decision-from", "Force or scheme", need), AgreedOn: f.Date("decision-agreed_on", "Transfer agreed on", need)}
	early := f.Prose("decision-early", "Reason for a rating below RED", form.Optional)
	if !ticked {
		return nil, ""
	}
	return &t, early
}

func decodeAction(f *form.Form) action.New {
	var n action.New
	n.Text = f.Prose("actions-text", "What is to be done", form.Required)
	n.Agency, n.Account = parseOwner(f.Line("actions-owner", "Owner", form.Required))
	n.Pathway = f.Choice("actions-pathway", "Pathway", form.Required, pathways()...)
	n.DueOn = f.Date("actions-due", "Due date", form.Required)
	return n
}

// decodeChange reads what is done to one action.
func decodeChange(f *form.Form, id ref.ActionID) action.Change {
	block := actionBlock(id)
	var c action.Change
	c.Kind = action.Kind(f.Choice(block+"-what", "What is done", form.Required, string(action.KindProgress), string(action.KindCarry), string(action.KindEnd)))
	c.Text = f.Prose(block+"-note", "Note", form.Required)
	due := form.Need(c.Kind == action.KindCarry)
	c.DueOn = f.Date(block+"-due", "New due date", due)
	return c
}

func decodeNeed(f *form.Form) need.Assessment {
	return need.Assessment{
		Pathway: need.Pathway(f.Choice("needs-pathway", "Pathway", form.Required, pathways()...)),
		Level:   need.Level(f.Choice("needs-level", "Level", form.Required, string(need.Red), string(need.Amber), string(need.Green))),
		Needs:   f.Prose("needs-needs", "Need", form.Optional),
		Actions: f.Prose("needs-actions", "What is done about it", form.Optional),
	}
}

func decodeRetain(f *form.Form) string {
	return f.Prose("removal-reason", "Reason for retaining", form.Required)
}

func pathways() []string {
	var all []string
	for _, p := range need.Pathways {
		all = append(all, string(p))
	}
	return all
}

func pathwayOptions() []ui.Option {
	var options []ui.Option
	for _, p := range need.Pathways {
		options = append(options, ui.Option{Value: string(p), Text: p.Word()})
	}
	return options
}

func levelOptions() []ui.Option {
	var options []ui.Option
	for _, l := range need.Levels {
		options = append(options, ui.Option{Value: string(l), Text: l.Word()})
	}
	return options
}

// ratingOptions are the five ratings, each with what follows from it and the
// guide's characteristics to choose from.
func (v caseView) ratingOptions(f *form.Form, block string) []ui.Option {
	var options []ui.Option
	for _, r := range rag.Ratings {
		options = append(options, ui.Option{Value: string(r), Text: string(r), Hint: strings.Join(review.Consequences(r, v.visits)[1:], ". "),
			Reveal: characteristics(f.Field(characteristicsField(block, r)), r)})
	}
	return options
}

func (v caseView) leadOptions() []ui.Option {
	var options []ui.Option
	for _, p := range v.leads {
		options = append(options, ui.Option{Value: ref.Text(p.ID), Text: p.Name + ", " + p.AgencyName})
	}
	return options
}

func capacityOptions() []ui.Option {
	var options []ui.Option
	for _, c := range registration.Capacities {
		options = append(options, ui.Option{Value: c, Text: upper(c)})
	}
	return options
}

func voiceOptions(all []meeting.Voice) []ui.Option {
	var options []ui.Option
	for _, v := range all {
		if v.Attends {
			options = append(options, ui.Option{Value: ref.Text(v.Agency), Text: v.Name})
		}
	}
	return options
}
