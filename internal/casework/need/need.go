// Package need keeps what stands between a nominal and a life without offending:
// nine pathways, each at one of three levels (R22). The scale is apart from the
// five case ratings and is another type, so that the two cannot be mixed (R23).
package need

import (
	"slices"
	"time"

	"iom/internal/casework/ref"
	"iom/internal/platform/clock"
)

// Level is how much a need matters to the offending.
type Level string

// The three levels of the referral form. No row means not assessed, never green.
const (
	Red   Level = "red"   // significant
	Amber Level = "amber" // some impact
	Green Level = "green" // little impact
)

// Levels from the gravest.
var Levels = []Level{Red, Amber, Green}

// Word is the level as the form prints it.
func (l Level) Word() string {
	switch l {
	case Red:
		return "Red – significant"
	case Amber:
		return "Amber – some impact"
	case Green:
		return "Green – little impact"
	}
	return "Not assessed"
}

// Pathway is one of the nine.
type Pathway string

// The pathways, named as the form names them.
const (
	Accommodation Pathway = "accommodation"
	Employment    Pathway = "education, training and employment"
	Health        Pathway = "health"
	Substances    Pathway = "drugs and alcohol"
	Finance       Pathway = "finance, benefit and debt"
	Family        Pathway = "children and families"
	Attitudes     Pathway = "attitudes, thinking and behaviour"
	DomesticAbuse Pathway = "domestic abuse"
	Other         Pathway = "other"
)

// Pathways in the order of the form.
var Pathways = []Pathway{Accommodation, Employment, Health, Substances, Finance, Family, Attitudes, DomesticAbuse, Other}

// Slug is the pathway as it stands in an address.
func (p Pathway) Slug() string {
	return map[Pathway]string{Accommodation: "accommodation", Employment: "employment", Health: "health", Substances: "drugs-and-alcohol",
		Finance: "finance", Family: "family", Attitudes: "attitudes", DomesticAbuse: "domestic-abuse", Other: "other"}[p]
}

// Word is the pathway with a capital.
func (p Pathway) Word() string {
	if p == "" {
		return ""
	}
	return string(p[0]-'a'+'A') + string(p[1:])
}

// BySlug finds the pathway of an address.
func BySlug(slug string) (Pathway, bool) {
	i := slices.IndexFunc(Pathways, func(p Pathway) bool { return p.Slug() == slug })
	if i < 0 {
		return "", false
	}
	return Pathways[i], true
}

// Assessment is what is recorded of one pathway.
type Assessment struct {
	Pathway Pathway
	Level   Level
	Needs   string
	Actions string
	On      clock.Date
	Source  string
	Meeting ref.MeetingID // 0: outside a meeting
}

// Entry is an assessment as it was recorded.
type Entry struct {
	ID         int64         `db:"id"`
	Nominal    ref.NominalID `db:"nominal_id"`
	Pathway    Pathway       `db:"pathway"`
	Level      Level         `db:"level"`
	Needs      string        `db:"needs"`
	Actions    string        `db:"actions"`
	On         clock.Date    `db:"assessed_on"`
	Source     string        `db:"source"`
	Meeting    *int64        `db:"meeting_id"`
	RecordedAt time.Time     `db:"recorded_at"`
	By         string        `db:"by_name"`
}
