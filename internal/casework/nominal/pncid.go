package nominal

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"iom/internal/platform/clock"
)

// pncLetters are the check letters of a PNCID by remainder: I, O and S are not used.
const pncLetters = "ZABCDEFGHJKLMNPQRTUVWXY"

var (
	pncSlashed = regexp.MustCompile(`^(\d{2}|\d{4})/(\d{1,7})([A-Z])$`)
	pncPlain   = regexp.MustCompile(`^(\d{3,11})([A-Z])$`)
)

const errPNCID unreadable = "PNCID must be a year, a slash, up to 7 digits and a letter, such as 2002/0073319Z"

// ParsePNCID reads a PNCID as people copy it, in full (2002/0073319Z) or short
// (02/73319Z), with a slash or without. canonical is YYYY/NNNNNNNL. A wrong check
// letter does not refuse it, since the paper form is often mistyped: warning says
// so, and what was typed is kept beside it. Two digits are a year up to today's,
// or else of the last century. The error is for a shape that no PNCID has.
func ParsePNCID(text string, today clock.Date) (canonical, warning string, err error) {
	folded := fold(text)
	if m := pncSlashed.FindStringSubmatch(folded); m != nil {
		p := pnc{year: fullYear(m[1], today), serial: m[2], letter: m[3]}
		return p.String(), p.warning(today), nil
	}
	m := pncPlain.FindStringSubmatch(folded)
	if m == nil {
		return "", "", errPNCID
	}
	digits, letter := m[1], m[2]
	switch readings := plainReadings(digits, letter, today); len(readings) {
	case 0:
		return "", "", errPNCID
	case 1:
		return readings[0].String(), readings[0].warning(today), nil
	default:
		return pickReading(readings, today)
	}
}

type pnc struct {
	year   int
	serial string // as typed, 1 to 7 digits
	letter string
}

func (p pnc) String() string {
	return fmt.Sprintf("%04d/%07s%s", p.year, p.serial, p.letter)
}

// letterDue is the check letter over the year's last two digits and the serial.
func (p pnc) letterDue() string {
	n, _ := strconv.Atoi(fmt.Sprintf("%02d%07s", p.year%100, p.serial))
	return string(pncLetters[n%len(pncLetters)])
}

func (p pnc) warning(today clock.Date) string {
	switch {
	case p.letterDue() != p.letter:
		return fmt.Sprintf("The last letter of PNCID %s does not fit its number: check it against PNC", p)
	case p.year > today.Year:
		return fmt.Sprintf("The year of PNCID %s has not come yet: check it against PNC", p)
	}
	return ""
}

// plainReadings are the ways in which digits without a slash can be divided: a
// year of two digits, or of four.
func plainReadings(digits, letter string, today clock.Date) (all []pnc) {
	if n := len(digits); n <= 9 {
		all = append(all, pnc{fullYear(digits[:2], today), digits[2:], letter})
	}
	if len(digits) >= 10 || (len(digits) > 4 && plausible(digits[:4], today)) {
		all = append(all, pnc{fullYear(digits[:4], today), digits[4:], letter})
	}
	return all
}

// pickReading takes the one whose letter fits; where both or neither do, the
// short one, and says how it was read.
func pickReading(readings []pnc, today clock.Date) (canonical, warning string, err error) {
	short, long := readings[0], readings[1]
	if long.letterDue() == long.letter && short.letterDue() != short.letter {
		return long.String(), long.warning(today), nil
	}
	if w := short.warning(today); w != "" {
		return short.String(), w, nil
	}
	if long.letterDue() == long.letter {
		return short.String(), fmt.Sprintf("PNCID was read as %s. If it is %s, type it with the slash", short, long), nil
	}
	return short.String(), "", nil
}

func plausible(year string, today clock.Date) bool {
	n, _ := strconv.Atoi(year)
	return n >= 1900 && n <= today.Year
}

func fullYear(digits string, today clock.Date) int {
	n, _ := strconv.Atoi(digits)
	switch {
	case len(digits) == 4:
		return n
	case n <= today.Year%100:
		return today.Year - today.Year%100 + n
	}
	return today.Year - today.Year%100 - 100 + n
}

// fold takes out white space and puts letters into capitals.
func fold(text string) string {
	return strings.ToUpper(strings.Join(strings.Fields(text), ""))
}
