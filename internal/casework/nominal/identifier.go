package nominal

import (
	"regexp"
	"slices"
)

var (
	crnShape    = regexp.MustCompile(`^[A-Z]\d{6}$`)
	prisonShape = regexp.MustCompile(`^[A-Z]\d{4}[A-Z]{2}$`)
	niShape     = regexp.MustCompile(`^[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]\d{6}[A-D]?$`)
	postShape   = regexp.MustCompile(`^(GIR0AA|([A-Z]\d{1,2}|[A-Z][A-HJ-Y]\d{1,2}|[A-Z]\d[A-Z]|[A-Z][A-HJ-Y]\d[A-Z])\d[A-Z]{2})$`)
	phoneShape  = regexp.MustCompile(`^\+?[0-9][0-9 ()-]{5,24}( ?(x|ext\.?) ?\d{1,6})?$`)
	emailShape  = regexp.MustCompile(`^[^\s@<>"(),;:\\]+@[^\s@<>"(),;:\\]+\.[^\s@.<>"(),;:\\]{2,}$`)
)

// unreadable is what is wrong with an identifier, as a sentence for whoever typed it.
type unreadable string

func (u unreadable) Error() string { return string(u) }

// ParseCRN reads a probation case reference number: X320741.
func ParseCRN(text string) (string, error) {
	return shaped(text, crnShape, "CRN must be a letter and 6 digits, such as X320741")
}

// ParsePrisonNumber reads a prison number: A1234BC.
func ParsePrisonNumber(text string) (string, error) {
	return shaped(text, prisonShape, "Prison number must be a letter, 4 digits and 2 letters, such as A1234BC")
}

// niNever are first letters that no National Insurance number has.
var niNever = []string{"BG", "GB", "NK", "KN", "TN", "NT", "ZZ"}

// ParseNINumber reads a National Insurance number; the canonical form has no
// spaces. The last letter may be missing, as on older papers.
func ParseNINumber(text string) (string, error) {
	const wrong = "National Insurance number must be 2 letters, 6 digits and a letter from A to D, such as AB 12 34 56 C"
	n, err := shaped(text, niShape, wrong)
	if err == nil && slices.Contains(niNever, n[:2]) {
		return "", unreadable(wrong)
	}
	return n, err
}

// ParsePostcode reads a postcode of the United Kingdom: BN1 1AA.
func ParsePostcode(text string) (string, error) {
	p, err := shaped(text, postShape, "Postcode must be a full UK postcode, such as BN1 1AA")
	if err != nil {
		return "", err
	}
	return p[:len(p)-3] + " " + p[len(p)-3:], nil
}

// ParsePhone reads a telephone number as typed: digits, spaces, brackets and
// dashes, an extension.
func ParsePhone(text string) (string, error) {
	if !phoneShape.MatchString(text) {
		return "", unreadable("Telephone number must have digits only, such as 01632 960 123")
	}
	return text, nil
}

// ParseEmail reads an e-mail address.
func ParseEmail(text string) (string, error) {
	if !emailShape.MatchString(text) {
		return "", unreadable("E-mail address must be like name@example.com")
	}
	return text, nil
}

func shaped(text string, shape *regexp.Regexp, wrong string) (string, error) {
	folded := fold(text)
	if !shape.MatchString(folded) {
		return "", unreadable(wrong)
	}
	return folded, nil
}
