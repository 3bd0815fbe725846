// Package nominal is the people whom a scheme manages or considers: who they
// are, who may see them, the warnings that stand wherever they appear, and how
// one finds them before a second record of the same person is made.
package nominal

import (
	"strings"

	"iom/internal/casework/ref"
	"iom/internal/platform/clock"
)

// Identity is who somebody is, as known on one day (R13, R15, R111). The latest
// recorded is current; earlier ones stay.
type Identity struct {
	FamilyName   string
	GivenNames   string
	Born         clock.Date // zero: not known
	Sex          string     // one of Sexes; empty: not recorded
	Gender       string
	URN          string // the force's own number; free text
	PNCIDTyped   string // as it was typed
	PNCID        string // canonical, see ParsePNCID
	CRN          string
	PrisonNumber string
	NINumber     string
	Email        string
	Preferences  string // how to work with the person, as an all-female team (R111)
	Source       string // where it comes from, as "referral 12"
}

// Sexes are the values of Identity.Sex.
var Sexes = []string{"female", "male", "intersex", "not known"}

// Name is the name of a nominal.
func (i Identity) Name() Name { return Name{Family: i.FamilyName, Given: i.GivenNames} }

// AgeOn is the age in years on a day; known is false without a date of birth.
func (i Identity) AgeOn(on clock.Date) (years int, known bool) {
	if i.Born.IsZero() {
		return 0, false
	}
	return i.Born.AgeOn(on), true
}

// Name is the two parts of a name.
type Name struct{ Family, Given string }

// Full is the name as it is said: "Jo Bloggs".
func (n Name) Full() string { return strings.TrimSpace(n.Given + " " + n.Family) }

// Sorted is the name as it stands in a list: "Bloggs, Jo".
func (n Name) Sorted() string {
	if n.Given == "" {
		return n.Family
	}
	return n.Family + ", " + n.Given
}

// Alias is another name that somebody uses or has used.
type Alias struct {
	ID     int64
	Name   string
	Source string
}

// Address is where somebody lives or has lived.
type Address struct {
	ID       int64
	Text     string
	Postcode string     // canonical, may be empty
	From     clock.Date // zero: not known
	Source   string
}

// Phone is a number on which somebody is reached (R14).
type Phone struct {
	ID     int64
	Kind   string // one of PhoneKinds
	Number string
	Source string
}

// PhoneKinds are the four of the form: M, H, W and Other.
var PhoneKinds = []string{"mobile", "home", "work", "other"}

// Warning is a marker on PNC or Niche that stands wherever the person appears (R16).
type Warning struct {
	ID     int64
	Text   string
	Source string
}

// Group is a priority group of an area's list (R24, R25).
type Group struct {
	ID    ref.GroupID
	Name  string
	Short string
}

// Characteristics are the protected characteristics that are asked for beyond
// sex and age, which the identity holds (R185).
var Characteristics = []string{"ethnicity", "gender identity", "religion or belief", "sexual orientation", "disability"}

// Characteristic is one protected characteristic of a nominal.
type Characteristic struct {
	Name  string // one of Characteristics
	Value string
}
