package registrationpage

import (
	"strings"
	"time"

	"iom/internal/casework/ref"
	"iom/internal/casework/registration"
	"iom/internal/casework/review"
	"iom/internal/platform/clock"
)

// moment is a time as people write it: 1 Jun 2026 at 09:00.
func moment(at time.Time) string {
	return clock.DateOf(at).Short() + " at " + at.In(clock.London).Format("15:04")
}

// upper is a word with a capital.
func upper(s string) string {
	if s == "" {
		return ""
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// slug is the name of a checklist line as it stands in an address.
func slug(line string) string { return strings.ReplaceAll(line, " ", "-") }

// lineOf finds the line of an address; ok is false for anything else.
func lineOf(list, slugged string) (line string, ok bool) {
	if list != registration.AdoptionList && list != registration.RemovalList {
		return "", false
	}
	for _, l := range registration.Lines {
		if slug(l) == slugged {
			return l, true
		}
	}
	return "", false
}

// stateColour is the colour of a criterion's tag, beside its word.
func stateColour(s registration.State) string {
	switch s {
	case registration.Met:
		return "green"
	case registration.NotMet:
		return "red"
	}
	return "grey"
}

// listTitle is the heading of a checklist.
func listTitle(list string) string {
	if list == registration.RemovalList {
		return "Removal from IOM"
	}
	return "Adoption"
}

// period is a registration by its area and days.
func period(r registration.Registration) string {
	text := r.AreaName + ", registered " + r.BeganOn.Long()
	if r.EndedAt != nil {
		text += " to " + r.EndedOn().Long()
	}
	return text
}

func textID(id ref.RegistrationID) string { return ref.Text(id) }

// sentence ends a text with a full stop, unless it is empty.
func sentence(text string) string {
	if text == "" || strings.HasSuffix(text, ".") {
		return text
	}
	return text + "."
}

// triggerText says which ground for mandatory deregistration the record holds.
func triggerText(t registration.Trigger) string {
	if !t.Certain {
		return sentence(t.Text) + " Since " + t.Since.Long() + "."
	}
	return strings.TrimSpace("Mandatory deregistration: " + sentence(t.Text) + " Since " + t.Since.Long() + ". " + sentence(t.Note))
}

// ratingFacts are who agreed a rating, where, and what the next meeting said.
func ratingFacts(r review.Rating) []string {
	var all []string
	if r.BetweenMeetings() {
		all = append(all, "Between meetings")
		switch r.Outcome {
		case "":
			all = append(all, "To be ratified at the next meeting")
		default:
			all = append(all, upper(r.Outcome)+" at the meeting of "+r.AnsweredOn.Long())
		}
		if r.Answer != "" {
			all = append(all, "Reason: "+strings.TrimSuffix(r.Answer, "."))
		}
	} else {
		all = append(all, "At the meeting of "+r.HeldOn.Long()+", "+r.ChairName+" in the chair")
	}
	if r.AgreedBy != "" {
		all = append(all, "Agreed by: "+strings.TrimSuffix(r.AgreedBy, "."))
	}
	if r.Supervision != "" {
		all = append(all, "Supervision: "+strings.TrimSuffix(r.Supervision, "."))
	}
	return all
}

// became says what became of a proposal.
func became(p registration.Proposal) string {
	switch p.Outcome {
	case registration.Keep:
		return "Retained at the meeting of " + p.AnsweredOn.Long()
	case registration.Drop:
		return "Deregistered at the meeting of " + p.AnsweredOn.Long()
	}
	return "Waits for the next meeting"
}

func criteriaTexts(keys []string) []string {
	all := make([]string, len(keys))
	for i, k := range keys {
		all[i] = registration.CriterionText(k)
	}
	return all
}

// evidence is one thing in the record, with its day.
func evidence(e registration.Evidence) string {
	if e.On.IsZero() {
		return e.Text
	}
	return e.Text + ", " + e.On.Short()
}
