package homepage

import (
	"strconv"
	"strings"

	casework "iom/internal/casework/meeting"
	"iom/internal/casework/ref"
	"iom/internal/insight/home"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/web/ui"
)

// titles of the blocks, and where the whole of each is: more names what is there
// when it holds others as well.
var titles = map[home.Kind]struct{ text, all, more string }{
	home.Wanted:      {"Wanted alerts for your agency", "/live-list?rating=RED+ALERT", "Everybody rated RED ALERT"},
	home.Recalls:     {"Recalls under way", "", ""},
	home.Hearings:    {"Court hearings of breaches within 14 days", "", ""},
	home.Meetings:    {"Meetings", "/meetings", "All meetings"},
	home.Updates:     {"Written updates you owe", "/meetings", "All meetings"},
	home.Minutes:     {"Minutes to approve", "/meetings", "All meetings"},
	home.Returned:    {"Minutes sent back by the chair", "/meetings", "All meetings"},
	home.Circulate:   {"Plans and actions to circulate", "/meetings", "All meetings"},
	home.Escalations: {"Escalations to the delivery group", "/escalations", "All escalations"},
	home.MyActions:   {"Your actions, overdue or due within a week", "/actions", "All your open actions"},
	home.Overdue:     {"Overdue actions", "/actions?list=open&overdue=yes", ""},
	home.Unassigned:  {"Your agency’s actions with nobody named", "/actions?list=unassigned", "All actions with nobody named"},
	home.Discharges:  {"Actions proposed for discharge", "/actions?list=open", "All open actions"},
	home.Visits:      {"Home visits late or due within three days", "/live-list?due=visit+soon&sort=visit", ""},
	home.Reviews:     {"Reviews late or due before the next meeting", "/live-list?sort=review", "The live list by next review"},
	home.Ratify:      {"Ratings to ratify at the next meeting", "/live-list?due=ratify", ""},
	home.Releases:    {"Releases within 12 weeks", "/live-list?due=release&sort=release", ""},
	home.Reregister:  {"Register again? Released within 12 months after five years or more", "", ""},
	home.Licences:    {"Licences and orders that end within 28 days", "/live-list?due=status&sort=status", ""},
	home.Thirds:      {"Final thirds of licences and orders that begin within 28 days", "/live-list?due=third&sort=status", ""},
	home.Drafts:      {"Referrals to finish", "/referrals", ""},
	home.Undecided:   {"Referrals that wait for a decision", "/referrals?show=awaiting", ""},
	home.Checklists:  {"Adoption checklists with lines missing", "/live-list?due=checklist", ""},
	home.Markers:     {"Markers left after deregistration", "", ""},
	home.GuestCases:  {"Cases you are invited for", "/meetings", "All meetings"},
}

// mine are the kinds whose list is narrowed to the cases that somebody leads: who
// runs meetings has the area's.
var mine = map[home.Kind]bool{home.Visits: true, home.Reviews: true, home.Releases: true, home.Licences: true, home.Thirds: true, home.Checklists: true}

// all is the address of the whole of a block.
func (v view) all(kind home.Kind) string {
	at := titles[kind].all
	if mine[kind] && !v.actor.May(authz.RunMeetings) {
		at += "&lead=" + strconv.FormatInt(v.actor.Account, 10)
	}
	return at
}

// lateWords are what is late in a block, and the list that holds just those.
var lateWords = map[home.Kind]struct{ one, many, all string }{
	home.Hearings:    {"outcome of a hearing not recorded", "outcomes of hearings not recorded", ""},
	home.Meetings:    {"meeting not closed", "meetings not closed", "/meetings"},
	home.Updates:     {"meeting waits for your written updates", "meetings wait for your written updates", "/meetings"},
	home.Escalations: {"escalation not answered in time", "escalations not answered in time", "/escalations"},
	home.MyActions:   {"of your actions overdue", "of your actions overdue", "/actions?overdue=yes"},
	home.Overdue:     {"action overdue", "actions overdue", "/actions?list=open&overdue=yes"},
	home.Visits:      {"home visit late", "home visits late", "/live-list?due=visit&sort=visit"},
	home.Reviews:     {"review late", "reviews late", "/live-list?due=review&sort=review"},
}

// overdue counts what is late, each with the way to all of it.
func (v view) overdue() []ui.Count {
	var all []ui.Count
	for _, b := range v.Blocks {
		words, ok := lateWords[b.Kind]
		if !ok || b.Late == 0 || b.Kind == home.Meetings && !v.actor.May(authz.RunMeetings) {
			continue
		}
		c := ui.Count{Number: b.Late, Text: words.many, Href: words.all}
		switch {
		case b.Late == 1:
			c.Text = words.one
		case b.Late > home.CountMost:
			c.Number, c.Text = home.CountMost, "or more "+words.many
		}
		if mine[b.Kind] && !v.actor.May(authz.RunMeetings) {
			c.Href += "&lead=" + strconv.FormatInt(v.actor.Account, 10)
		}
		all = append(all, c)
	}
	return all
}

func counted(n int) string {
	if n > home.CountMost {
		return strconv.Itoa(home.CountMost) + "+"
	}
	return strconv.Itoa(n)
}

// title is the heading of a block with its count.
func title(b home.Block) string { return titles[b.Kind].text + " (" + counted(b.Count) + ")" }

// lines are the things of a block as the page says them.
func (v view) lines(b home.Block) []ui.Attention {
	all := make([]ui.Attention, 0, len(b.Items))
	for _, i := range b.Items {
		a := line(b.Kind, i, v.Today)
		if b.Kind == home.Visits && v.actor.May(authz.RecordContact) {
			a.Do = ui.Link{Text: "Log the visit", Href: "/nominals/" + ref.Text(i.Nominal) + "/contacts/new?kind=home+visit"}
		}
		all = append(all, a)
	}
	switch words := titles[b.Kind]; {
	case b.Count <= len(b.Items):
	case words.more != "":
		all = append(all, ui.Attention{Text: words.more, Href: v.all(b.Kind)})
	case words.all != "":
		all = append(all, ui.Attention{Text: "See all " + counted(b.Count), Href: v.all(b.Kind)})
	default:
		all = append(all, ui.Attention{Text: "and more"})
	}
	return all
}

// recalled says what a recall waits for, with the time by which it is due.
func recalled(i home.Item) ui.Attention {
	a := ui.Attention{Text: i.Name, Href: "/nominals/" + ref.Text(i.Nominal) + "/custody", When: "by " + i.Day.Short() + " at " + i.Note}
	what, late := strings.CutSuffix(i.What, " late")
	a.Late = late
	switch what {
	case "papers":
		a.Why = "Part A and papers to PPCS within 24 hours of the decision to recall"
	case "process":
		a.Why = "PPCS to process the papers within 24 hours of receiving them"
	case "receipt":
		a.Why, a.When, a.Late = "Papers sent: record when PPCS had received them", "sent "+i.Day.Short()+" at "+i.Note, false
	case "return":
		a.Why, a.When, a.Late = "Licence revoked, not back in custody: if wanted, the police rate RED ALERT", "since "+i.Day.Short(), true
	}
	return a
}

func line(kind home.Kind, i home.Item, today clock.Date) ui.Attention {
	person := "/nominals/" + ref.Text(i.Nominal)
	switch kind {
	case home.Wanted:
		return ui.Attention{Text: i.Name, Href: person, When: "since " + i.Day.Short(), Why: i.What, Late: true}
	case home.Recalls:
		return recalled(i)
	case home.Hearings:
		a := ui.Attention{Text: i.Name, Href: person + "/custody#breaches", When: "on " + i.Day.Short(), Why: lead(i.What, i.Note)}
		if i.Day.Before(today) {
			a.When, a.Late = "was on "+i.Day.Short()+": record the outcome", true
		}
		return a
	case home.Meetings:
		return meeting(i, today)
	case home.Updates:
		text := "Write " + i.What + " updates"
		if i.What == "1" {
			text = "Write 1 update"
		}
		return due(ui.Attention{Text: text + " for the meeting of " + i.Note, Href: at("/meetings/", i.ID) + "/updates", Why: i.Name}, i.Day, today)
	case home.Minutes:
		return ui.Attention{Text: i.Name + ", meeting of " + i.Day.Long(), Href: at("/meetings/", i.ID) + "/minutes"}
	case home.Returned:
		return ui.Attention{Text: i.Name + ", meeting of " + i.Day.Long(), Href: at("/meetings/", i.ID) + "/minutes", Why: "Sent back by " + i.Note}
	case home.Circulate:
		return circulate(i, today)
	case home.Escalations:
		return escalated(i, today)
	case home.MyActions:
		return due(ui.Attention{Text: short(i.What), Href: at("/actions/", i.ID), Why: i.Name}, i.Day, today)
	case home.Overdue:
		return due(ui.Attention{Text: short(i.What), Href: at("/actions/", i.ID), Why: i.Name + ". " + i.Note}, i.Day, today)
	case home.Unassigned, home.Discharges:
		return due(ui.Attention{Text: short(i.What), Href: at("/actions/", i.ID), Why: i.Name + ", " + i.Note}, i.Day, today)
	case home.Visits:
		return due(ui.Attention{Text: i.Name, Href: person, Why: lead(i.What, i.Note)}, i.Day, today)
	case home.Reviews:
		return due(ui.Attention{Text: i.Name, Href: person + "/reviews", Why: lead(i.What, i.Note)}, i.Day, today)
	case home.Ratify:
		return ui.Attention{Text: i.Name, Href: person + "/reviews", When: "rated " + i.What + " on " + i.Day.Short(), Why: lead("", i.Note)}
	case home.Releases:
		return ui.Attention{Text: i.Name, Href: person + "/custody", When: i.Day.Short() + weeks(i.Day, today), Why: lead(i.What, i.Note)}
	case home.Reregister:
		return ui.Attention{Text: i.Name, Href: person + "/custody", When: "release " + i.Day.Short(), Why: upper(i.What)}
	case home.Licences:
		return ui.Attention{Text: i.Name, Href: person + "/custody", When: "ends " + i.Day.Short(), Why: lead(upper(i.What), i.Note)}
	case home.Thirds:
		return ui.Attention{Text: i.Name, Href: person + "/custody", When: "begins " + i.Day.Short(), Why: lead(upper(i.What), i.Note)}
	case home.Drafts:
		return ui.Attention{Text: i.Name, Href: at("/referrals/", i.ID), When: "started " + i.Day.Short(), Why: i.What + ", " + i.Note}
	case home.Undecided:
		return ui.Attention{Text: i.Name, Href: at("/referrals/", i.ID), When: "submitted " + i.Day.Short(), Why: i.What}
	case home.Checklists:
		return ui.Attention{Text: i.Name, Href: person + "/checklist", When: i.What + " of 5 lines missing", Why: lead("adopted "+i.Day.Short(), i.Note)}
	case home.Markers:
		return ui.Attention{Text: i.Name, Href: person + "/checklist", When: "deregistered " + i.Day.Short()}
	case home.GuestCases:
		if i.Day.IsZero() {
			return ui.Attention{Text: i.Name, Href: person}
		}
		return ui.Attention{Text: i.Name, Href: person, When: "until " + i.Day.Short()}
	}
	return ui.Attention{Text: i.Name, Href: person}
}

func at(path string, id int64) string { return path + strconv.FormatInt(id, 10) }

// meeting is a meeting with the next step of whoever reads.
func meeting(i home.Item, today clock.Date) ui.Attention {
	name := upper(i.What) + " meeting, " + i.Name
	a := ui.Attention{Text: name, Href: at("/meetings/", i.ID), When: i.Day.Long()}
	if i.Day == today {
		a.When = "today"
	}
	switch i.Note {
	case "open":
		a.Text, a.Href = "Write the record sheet: "+name, a.Href+"/sheet"
	case "sign":
		a.Text, a.Href = "Sign the confidentiality statement: "+name, a.Href+"/sign"
	case "not opened":
		a.Text, a.Late = "Not opened on its day: "+name, true
	}
	return a
}

// circulate is a meeting whose plans and actions have to go out, with the clock (R64).
func circulate(i home.Item, today clock.Date) ui.Attention {
	a := ui.Attention{Text: upper(i.What) + " meeting, " + i.Name, Href: at("/meetings/", i.ID) + "/circulation"}
	a.When = casework.Deadline{By: i.Day}.Words(today)
	a.Late = today.After(i.Day)
	return a
}

// escalated is an escalation that no meeting has closed: the answer is late, waits for
// the next meeting, or is asked for (R60).
func escalated(i home.Item, today clock.Date) ui.Attention {
	a := ui.Attention{Text: short(i.What), Href: at("/escalations/", i.ID), Why: i.Name}
	switch {
	case i.Note == home.Answered:
		a.When, a.Why = "answered "+i.Day.Short(), a.Why+". For the next meeting"
	case i.Day.Before(today):
		a = due(a, i.Day, today)
		a.When = "answer " + a.When
	default:
		a.When = "answer by " + i.Day.Short()
	}
	return a
}

func due(a ui.Attention, day, today clock.Date) ui.Attention {
	switch days := today.DaysSince(day); {
	case days == 1:
		a.When, a.Late = "1 day overdue", true
	case days > 1:
		a.When, a.Late = strconv.Itoa(days)+" days overdue", true
	case days == 0:
		a.When = "due today"
	default:
		a.When = "due " + day.Short()
	}
	return a
}

// weeks says how far off a day is, in whole weeks from the second on.
func weeks(day, today clock.Date) string {
	switch n := day.DaysSince(today); {
	case n == 0:
		return ", today"
	case n == 1:
		return ", tomorrow"
	case n < 14:
		return ", in " + strconv.Itoa(n) + " days"
	default:
		return ", in " + strconv.Itoa(n/7) + " weeks"
	}
}

func lead(what, worker string) string {
	switch {
	case worker == "":
		return what
	case what == "":
		return "Lead: " + worker
	}
	return what + ". Lead: " + worker
}

func upper(text string) string {
	if text == "" {
		return ""
	}
	return strings.ToUpper(text[:1]) + text[1:]
}

// short is the beginning of a long text.
func short(text string) string {
	runes := []rune(strings.Join(strings.Fields(text), " "))
	if len(runes) <= 80 {
		return string(runes)
	}
	return strings.TrimSpace(string(runes[:79])) + "…"
}
