package law

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"iom/internal/platform/clock"
)

// Term is the length of a sentence as the court said it: 18 months is not the same as
// one year and six months, though both end on the same day.
type Term struct{ Years, Months, Weeks, Days int }

// Longest term that is read, in each unit. No determinate sentence comes near.
const (
	maxYears  = 99
	maxMonths = 12 * maxYears
	maxWeeks  = 53 * maxYears
	maxDays   = 366 * maxYears
)

var termForm = regexp.MustCompile(`^(?:([0-9]{1,5})y)?(?:([0-9]{1,5})m)?(?:([0-9]{1,5})w)?(?:([0-9]{1,5})d)?$`)

// ParseTerm reads a term as 1y6m, 18m, 18m15d, 6w or 1d: years, months, weeks, days,
// in this order. Capitals and blanks do not matter.
func ParseTerm(text string) (Term, error) {
	parts := termForm.FindStringSubmatch(strings.ToLower(strings.Join(strings.Fields(text), "")))
	if parts == nil {
		return Term{}, fmt.Errorf("%q is not a term; write it as 1y6m, 18m, 18m15d, 6w or 1d", text)
	}
	var n [4]int
	for i, limit := range []int{maxYears, maxMonths, maxWeeks, maxDays} {
		if parts[i+1] == "" {
			continue
		}
		number, err := strconv.Atoi(parts[i+1])
		if err != nil || number > limit {
			return Term{}, fmt.Errorf("the term %q is longer than any sentence", text)
		}
		n[i] = number
	}
	t := Term{n[0], n[1], n[2], n[3]}
	if t.IsZero() {
		return Term{}, errors.New("a term has at least one day")
	}
	return t, nil
}

// IsZero says that no length was given.
func (t Term) IsZero() bool { return t == Term{} }

// String is the term as ParseTerm reads it.
func (t Term) String() string {
	var b strings.Builder
	for _, p := range t.parts() {
		if p.n > 0 {
			b.WriteString(strconv.Itoa(p.n) + p.unit[:1])
		}
	}
	return b.String()
}

// Words is the term as a court says it: 1 year and 6 months.
func (t Term) Words() string {
	var all []string
	for _, p := range t.parts() {
		if p.n > 0 {
			all = append(all, count(p.n, p.unit))
		}
	}
	if len(all) < 2 {
		return strings.Join(all, "")
	}
	return strings.Join(all[:len(all)-1], ", ") + " and " + all[len(all)-1]
}

type part struct {
	n    int
	unit string
}

func (t Term) parts() []part {
	return []part{{t.Years, "year"}, {t.Months, "month"}, {t.Weeks, "week"}, {t.Days, "day"}}
}

// count is 1 day, 2 days.
func count(n int, unit string) string {
	if n == 1 {
		return "1 " + unit
	}
	return strconv.Itoa(n) + " " + unit + "s"
}

// End is the last day of the term when it begins on a day, which is its first.
// Calendar months run to the day before the same day of the month, or to the last day of a
// shorter month; a term in months that begins on the first of a month fills whole
// months: 6 months from 1 January end on 30 June. Weeks and days come after.
func (t Term) End(from clock.Date) clock.Date {
	months := 12*t.Years + t.Months
	var end clock.Date
	if from.Day == 1 && months > 0 {
		end = from.AddMonths(months).AddDays(-1)
	} else {
		end = from.AddDays(-1).AddMonths(months)
	}
	return end.AddDays(7*t.Weeks + t.Days)
}

// Length is the days of the term when it begins on a day, first and last counted.
func (t Term) Length(from clock.Date) int { return t.End(from).DaysSince(from) + 1 }
