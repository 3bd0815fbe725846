package meeting

import (
	"context"
	"strconv"
	"strings"
	"time"

	"iom/internal/casework/ref"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/internal/platform/pdf"
)

// Marking stands on every page that leaves the building.
const Marking = "OFFICIAL-SENSITIVE"

// Parcel is what one reader gets: the minutes, or the plans and actions.
type Parcel struct {
	Kind    string
	Minutes Minutes
	Plans   PlanPapers
}

// ParcelOf is what a circulation holds as the actor may see them. Whoever has not
// signed for the meeting is refused, see IsUnsigned.
func ParcelOf(ctx context.Context, q db.Querier, c Circulation) (p Parcel, err error) {
	p.Kind = c.Kind
	if c.Kind == MinutesPapers {
		p.Minutes, err = MinutesVersion(ctx, q, c.Meeting, c.Version)
	} else {
		p.Plans, err = PlansOf(ctx, q, c.Meeting)
	}
	return p, err
}

// Nominals are the people whom the papers show.
func (p Parcel) Nominals() []ref.NominalID {
	ids := p.Minutes.Nominals()
	for _, o := range p.Plans.Plans {
		ids = append(ids, o.Nominal)
	}
	return ids
}

// FileCopy is whose copy of the file it is.
type FileCopy struct {
	For string
	By  string
	At  time.Time
}

func (c FileCopy) words() string {
	said := "Copy for " + c.For
	if c.By != c.For {
		said += ", sent by " + c.By
	}
	return said + ", made on " + c.At.In(clock.London).Format("2 January 2006, 15:04")
}

// FileName is what the file of some papers is called; it names nobody.
func FileName(kind string, m Meeting) string {
	return strings.ReplaceAll(strings.ToLower(CirculationTitle(kind)), " ", "-") + "-" + m.HeldOn.String() + "-" + Marking + ".pdf"
}

// File is the papers as PDF.
func (p Parcel) File(c FileCopy) ([]byte, error) {
	m := p.Plans.Meeting
	if p.Kind == MinutesPapers {
		m = p.Minutes.Meeting
	}
	title := CirculationTitle(p.Kind) + ": " + m.Kind.Title()
	d := pdf.New(pdf.About{Title: title + ", " + m.HeldOn.Long(), Marking: Marking, Copy: c.words(), At: c.At})
	d.Heading(1, title)
	d.Para(m.AreaName + ", " + m.HeldOn.Long() + " at " + m.Starts)
	if p.Kind == MinutesPapers {
		p.Minutes.draw(d)
	} else {
		p.Plans.draw(d)
	}
	return d.Bytes()
}

func (m Minutes) draw(d *pdf.Document) {
	switch {
	case m.Meeting.ClosedAt == nil:
		d.Para("Draft: the meeting is still open.")
	case m.Version == 0:
		d.Para("Draft. The chair has not approved it.")
	case m.Version == 1 && m.Meeting.MinutesVersion == 1:
		d.Para("Approved by " + m.Meeting.ApprovedBy + " on " + clock.DateOf(*m.Meeting.ApprovedAt).Long() + ".")
	default:
		d.Para("Version " + strconv.Itoa(m.Version) + " of " + strconv.Itoa(m.Meeting.MinutesVersion) + ".")
	}
	d.Term("Place", m.Meeting.Place, "")
	d.Term("In the chair", m.Meeting.Chairs(), "")
	for _, part := range m.Roll() {
		d.Term(part.Title, strings.Join(part.People, "\n"), "")
	}
	if m.Meeting.ClosedReason != "" {
		d.Term("Closed with things missing because", m.Meeting.ClosedReason, "")
	}
	d.Term("Next meeting", m.Meeting.NextOn.Long(), "")
	if len(m.Entries) == 0 {
		d.Para("No case was on the agenda.")
	}
	for i, e := range m.Entries {
		d.Heading(2, strconv.Itoa(i+1)+". "+e.Name+bornWords(e.Born))
		for _, r := range e.Reasons {
			d.Small(r.Text + " (" + r.Rule + ")")
		}
		if m.Waiting[e.Nominal] {
			d.Para("Not covered by the approval: a draft.")
		}
		if len(e.Records) == 0 {
			d.Para("Nothing was recorded.")
		}
		for _, r := range e.Records {
			d.Term(r.Title(), r.Text, r.Besides())
		}
		if len(e.Silent) > 0 {
			d.Small("No contribution recorded from " + strings.Join(e.Silent, ", ") + ".")
		}
	}
	if len(m.Business) > 0 {
		d.Heading(2, "Lines without a case")
		for _, r := range m.Business {
			d.Term(r.Title(), r.Text, r.Besides())
		}
	}
	drawSupervisions(d, m.EnBloc)
}

func (p PlanPapers) draw(d *pdf.Document) {
	d.Para("The plans and actions as they stand, of the cases of this meeting.")
	if len(p.Plans) == 0 {
		d.Para("No case was on the agenda.")
	}
	for i, o := range p.Plans {
		d.Heading(2, strconv.Itoa(i+1)+". "+o.Name+bornWords(o.Born))
		if o.Rating != "" {
			d.Term("Rating", o.Rating.Word(), "")
		}
		if o.Lead != "" {
			d.Term("Lead worker", o.Lead, "")
		}
		for _, x := range o.Objectives {
			d.Term("Objective: "+x.Pathway, x.Text, x.Measure)
		}
		for _, a := range o.Actions {
			d.Term(a.Title(), a.Text, a.Besides())
		}
		if len(o.Objectives)+len(o.Actions) == 0 {
			d.Para("No objective and no open action.")
		}
	}
}

func bornWords(born clock.Date) string {
	if born.IsZero() {
		return ""
	}
	return ", born " + born.Long()
}

// Chairs names who is in the chair.
func (m Meeting) Chairs() string {
	if m.JointName == "" {
		return m.ChairName
	}
	return m.ChairName + " and " + m.JointName
}

// Title is what the record is, with its rule.
func (r Record) Title() string {
	if r.Rule == "" {
		return r.Kind
	}
	return r.Kind + " (" + r.Rule + ")"
}

// Besides is what is said besides the text: what it was before, more, who wrote it.
func (r Record) Besides() string {
	var all []string
	if r.Was != "" {
		all = append(all, "Instead of: "+r.Was)
	}
	if r.More != "" {
		all = append(all, r.More)
	}
	return strings.Join(append(all, r.By+", "+r.At.Long()), "\n")
}

// Title is what the meeting did about the action.
func (a PlanAction) Title() string {
	switch a.Happened {
	case "":
		return "Action"
	case "set":
		return "Action, new"
	}
	return "Action, " + a.Happened
}

// Besides is who does it and by when.
func (a PlanAction) Besides() string {
	said := a.Owner
	if a.Happened != "discharged" {
		said += "; due " + a.DueOn.Long()
	}
	if a.Carried > 0 {
		said += "; carried over " + strconv.Itoa(a.Carried) + " times"
	}
	if a.Carried == 1 {
		said = strings.TrimSuffix(said, "1 times") + "once"
	}
	if a.Note != "" {
		said += "\n" + a.Note
	}
	return said
}

// RollPart is who attended in one way.
type RollPart struct {
	Title  string
	People []string
}

// Roll is who was there, who sent apologies and who was absent, and who of them signed
// the confidentiality statement (R61).
func (m Minutes) Roll() []RollPart {
	parts := []RollPart{{Title: "Present"}, {Title: "Apologies"}, {Title: "Absent"}, {Title: "Invited, not called"}, {Title: "Signed the confidentiality statement"}}
	for _, a := range m.Attendees {
		who := a.Name + ", " + a.AgencyName
		if a.Guest {
			who += " (guest)"
		}
		if a.InsteadName != "" {
			who += "; " + a.InsteadName + " comes instead"
		}
		if a.Arrived != "" {
			who += "; from " + a.Arrived
		}
		if a.Departed != "" {
			who += "; until " + a.Departed
		}
		i := map[string]int{"present": 0, "apologies": 1, "absent": 2, "": 3}[a.State]
		parts[i].People = append(parts[i].People, who)
		if a.SignedAt != nil {
			signed := a.Name
			if a.SignedAs != a.Name {
				signed += ", as “" + a.SignedAs + "”"
			}
			if a.Witness != "" {
				signed += ", seen by " + a.Witness
			}
			parts[4].People = append(parts[4].People, signed+", "+a.SignedAt.In(clock.London).Format("2 January 2006, 15:04"))
		}
	}
	var some []RollPart
	for _, p := range parts {
		if len(p.People) > 0 {
			some = append(some, p)
		}
	}
	return some
}
