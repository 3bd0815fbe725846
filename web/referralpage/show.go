package referralpage

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"iom/internal/casework/area"
	"iom/internal/casework/ref"
	"iom/internal/casework/referral"
	"iom/internal/platform/audit"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
	"iom/web/page"
	"iom/web/ui"
)

// showView is the page of a referral: the task list while it is filled in, what
// was written and how it was amended afterwards.
type showView struct {
	base
	today      clock.Date
	groups     int // of the area's list
	amendments []amendment
}

// amendment is one change after submission: old and new side by side.
type amendment struct {
	section referral.Section
	stamp   referral.Stamp
	changes []referral.Change
}

// Show is a referral.
func Show(c *page.Ctx) error {
	v, err := readShow(c)
	if err != nil {
		return err
	}
	v.chrome = c.Chrome("Referral of "+v.r.Name.Full(), nil)
	v.chrome.Back = ui.Link{Text: "All referrals", Href: "/referrals"}
	return c.Render(showPage(v))
}

func readShow(c *page.Ctx) (showView, error) {
	id, err := page.ID[ref.ReferralID](c, "id")
	if err != nil {
		return showView{}, err
	}
	return page.View(c, func(ctx context.Context, q *db.ReadTx) (v showView, seen audit.Seen, err error) {
		v.today = q.Today()
		if v.base, err = load(ctx, q, id); err != nil {
			return v, seen, err
		}
		groups, err := area.PriorityGroups(ctx, q, v.r.Area)
		if err != nil {
			return v, seen, err
		}
		v.groups = len(groups)
		v.amendments, err = amendmentsOf(ctx, q, v.r)
		return v, v.seen(), err
	})
}

// amendmentsOf are the versions saved after the submission, the latest first.
func amendmentsOf(ctx context.Context, q db.Querier, r referral.Referral) ([]amendment, error) {
	var all []amendment
	for _, section := range referral.Order {
		if r.SubmittedAt.IsZero() || !r.Versions[section].At.After(r.SubmittedAt) || section == referral.SectionEquality {
			continue
		}
		versions, err := referral.HistoryOf(ctx, q, r.ID, section)
		if err != nil {
			return nil, err
		}
		before := (&referral.Form{}).Of(section)
		for _, v := range versions {
			if v.At.After(r.SubmittedAt) {
				all = append(all, amendment{section, v.Stamp, referral.Changes(before, v.Answers)})
			}
			before = v.Answers
		}
	}
	slices.SortFunc(all, func(a, b amendment) int { return b.stamp.At.Compare(a.stamp.At) })
	return all, nil
}

// sectionsOf are the sections that a referral has: that of a child only for one.
func sectionsOf(r referral.Referral, c *page.Ctx) []referral.Section { return sectionsOn(r, c.Today()) }

func sectionsOn(r referral.Referral, today clock.Date) []referral.Section {
	return slices.DeleteFunc(slices.Clone(referral.Order), func(s referral.Section) bool {
		return s == referral.SectionYouth && !referral.IsChild(r.Form, today) && r.Version(s) == 0
	})
}

// tasks are the lines of the task list.
func (v showView) tasks() []ui.Task {
	missing := map[referral.Section]bool{}
	for _, p := range referral.MaySubmit(v.r.Form, v.today) {
		missing[referral.Section(p.Field)] = true
	}
	var all []ui.Task
	for _, s := range sectionsOn(v.r, v.today) {
		t := ui.Task{Name: s.Title(), Href: v.href(string(s)), Status: "Completed"}
		version := v.r.Version(s)
		switch {
		case version == 0 && (s == referral.SectionEquality || s == referral.SectionGroups):
			t.Status, t.Colour = "Optional", "grey"
		case version == 0:
			t.Status, t.Colour = "Not started", "blue"
		case missing[s]:
			t.Status, t.Colour = "Incomplete", "yellow"
		}
		if version > 0 {
			t.Hint = "Saved by " + v.r.Versions[s].ByName + ", " + moment(v.r.Versions[s].At)
		}
		if !v.mayRefer {
			t.Href = ""
		}
		all = append(all, t)
	}
	return all
}

// missing is what stands against submitting.
func (v showView) missing() []fault.Problem { return referral.MaySubmit(v.r.Form, v.today) }

func (v showView) reminders() []fault.Problem {
	return referral.Reminders(v.r.Form, v.groups, v.today)
}

// mayAmend says whether the links to change a section are there.
func (v showView) mayAmend() bool { return v.mayRefer && v.r.State.Open() }

func (v showView) change(s referral.Section) []ui.Link {
	if !v.mayAmend() {
		return nil
	}
	text := "Change"
	if v.r.State != referral.Started {
		text = "Amend"
	}
	return []ui.Link{{Text: text, Href: v.href(string(s))}}
}

// standing is what there is to know of where the referral stands.
func (v showView) standing() [][2]string {
	r := v.r
	rows := [][2]string{{"Status", r.State.Word()}, {"Area", r.AreaName}, {"Referred by", r.AgencyName},
		{"Started", moment(r.StartedAt) + " by " + r.StartedByName}}
	if !r.SubmittedAt.IsZero() {
		rows = append(rows, [2]string{"Submitted", moment(r.SubmittedAt) + " by " + r.SubmittedByName})
	}
	if r.TimesDeferred > 0 {
		rows = append(rows, [2]string{"Deferred", times(r.TimesDeferred)})
	}
	for _, d := range r.Decisions {
		rows = append(rows, [2]string{d.Outcome.Word() + " on " + d.HeldOn.Long(), d.Reason + "\nChair: " + d.ChairName + ". Agreed by: " + d.AgreedBy})
	}
	if r.State == referral.Withdrawn {
		rows = append(rows, [2]string{"Withdrawn", moment(r.WithdrawnAt) + " by " + r.WithdrawnByName + "\n" + r.WithdrawnReason})
	}
	return rows
}

func times(n int) string {
	if n == 1 {
		return "Once"
	}
	return strconv.Itoa(n) + " times"
}

// moment is a time of the log as people read it: 2 Jan 2006 at 15:04.
func moment(at time.Time) string {
	return clock.DateOf(at).Short() + " at " + at.In(clock.London).Format("15:04")
}

func lower(title string) string { return strings.ToLower(title[:1]) + title[1:] }

// tagOf is the colour of a state.
func tagOf(s referral.State) string {
	return map[referral.State]string{referral.Started: "blue", referral.Submitted: "purple", referral.Deferred: "yellow",
		referral.Adopted: "green", referral.Rejected: "red", referral.Withdrawn: "grey"}[s]
}
