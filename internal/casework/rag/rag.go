// Package rag is the five case ratings of Appendix 1 of the guide: what each
// means and what it asks for (R38-R48). Pure values. The three levels of a need
// are another scale and another type (R23).
package rag

import "slices"

// Rating is one of the five case ratings.
type Rating string

// The five, most urgent first.
const (
	RedAlert Rating = "RED ALERT" // wanted for arrest
	Red      Rating = "RED"       // catch and control
	Amber    Rating = "AMBER"     // reduce reoffending and rehabilitate
	Green    Rating = "GREEN"     // monitor, maintain and rehabilitate
	Prison   Rating = "PRISON"    // in custody
)

// Ratings in the order of the guide's table.
var Ratings = []Rating{RedAlert, Red, Amber, Green, Prison}

// Parse reads a rating; ok is false for anything else, a level of a need included.
func Parse(text string) (r Rating, ok bool) {
	r = Rating(text)
	return r, slices.Contains(Ratings, r)
}

// Rank orders ratings, 1 the most urgent; 0 for no rating.
func (r Rating) Rank() int { return slices.Index(Ratings, r) + 1 }

// Word is the rating as it is shown: never colour alone.
func (r Rating) Word() string { return string(r) }

// Aim is the guide's aim for people at this rating.
func (r Rating) Aim() string { return standards[r].aim }

// Characteristics are those that the guide names for the rating; a rating is
// recorded with the ones that apply.
func (r Rating) Characteristics() []string { return standards[r].characteristics }

// Approach is what the guide asks the agencies to do.
func (r Rating) Approach() []string { return standards[r].approach }

type standard struct {
	aim             string
	characteristics []string
	approach        []string
}

var standards = map[Rating]standard{
	RedAlert: {
		aim:             "Wanted for arrest",
		characteristics: []string{"Wanted by police for arrest"},
		approach: []string{
			"Brief police and find the resources to locate and arrest",
			"Share intelligence between agencies with priority",
			"The police offender-management officer publishes a wanted alert to agencies as appropriate",
		},
	},
	Red: {
		aim: "Catch and control",
		characteristics: []string{
			"Intelligence that points to more risk of harm or offending",
			"Fixed-term recall",
			"Change in circumstances that could trigger offending",
			"Disengaged from supervision or treatment",
		},
		approach: []string{
			"Weekly diary co-ordination and update meeting",
			"Assess suitability for electronic monitoring",
			"At least one home visit a week",
			"Police taskings where they apply",
			"Frequency of supervision agreed at the weekly review",
		},
	},
	Amber: {
		aim: "Reduce reoffending and rehabilitate",
		characteristics: []string{
			"No relevant intelligence of more harm or reoffending",
			"No significant change that could trigger offending",
			"Compliance or engagement varies",
		},
		approach: []string{
			"Weekly diary co-ordination and update meeting",
			"Home visits at least bi-weekly",
			"Frequency of supervision agreed at the monthly meeting",
		},
	},
	Green: {
		aim: "Monitor, maintain and rehabilitate",
		characteristics: []string{
			"No relevant intelligence of more harm or reoffending",
			"Stable in the community",
			"Still suitable for multi-agency management",
			"Needs multi-agency monitoring",
		},
		approach: []string{
			"Monthly home visits",
			"Frequency of supervision agreed at the monthly meeting",
			"Active exit planning",
		},
	},
	Prison: {
		aim:             "In custody",
		characteristics: []string{"In custody"},
		approach: []string{
			"Pre-release plan starts three months before release where possible",
			"Prison visit as appropriate",
			"Liaison with the prison about conduct and engagement",
		},
	},
}
