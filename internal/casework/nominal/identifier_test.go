package nominal_test

import (
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"iom/internal/casework/nominal"
	"iom/internal/platform/clock"
)

var today = clock.NewDate(2026, 6, 1)

func TestPNCID(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		typed, canonical string
		warns            bool
	}{
		{"2002/0073319Z", "2002/0073319Z", false},
		{"1979/0163001B", "1979/0163001B", false},
		{"81/34U", "1981/0000034U", false},
		{"02/73319Z", "2002/0073319Z", false},
		{"00/223R", "2000/0000223R", false},
		{"2008/0056560Z", "2008/0056560Z", false},
		{" 2008 / 0056560z ", "2008/0056560Z", false},
		{"20080056560Z", "2008/0056560Z", false},
		{"8134U", "1981/0000034U", false},        // no year 8134: only one reading
		{"200273319Z", "2002/0073319Z", false},   // the letter fits the year 2002, not 2020
		{"20030011985Z", "2003/0011985Z", true},  // right letter: X
		{"20120052494O", "2012/0052494O", true},  // right letter: Q
		{"2027/0000001A", "2027/0000001A", true}, // a year that has not come
		{"27/1A", "1927/0000001A", true},         // two digits after this year are of the last century
		{"26/1A", "2026/0000001A", true},         // and this year is of this one; the letter is wrong
		{"2002/0073319I", "2002/0073319I", true}, // I is never a check letter
		{"1999/1234567A", "1999/1234567A", true},
	} {
		canonical, warning, err := nominal.ParsePNCID(c.typed, today)
		if err != nil || canonical != c.canonical || (warning != "") != c.warns {
			t.Errorf("%q: %q, warning %q, %v; want %q, warning %t", c.typed, canonical, warning, err, c.canonical, c.warns)
		}
	}
	for _, typed := range []string{"", "01", "1X23/1234567A", "1923[1234567A", "1923/1Z34567A", "1923/1234567AA", "192/1Z", "2002/00733190Z",
		"1923/Z", "/1Z", "2002/0073319", "２002/0073319Z"} {
		if canonical, _, err := nominal.ParsePNCID(typed, today); err == nil {
			t.Errorf("%q was read as %s", typed, canonical)
		}
	}
}

// Digits without a slash can be of two years. The letter decides; where it fits
// both, or neither, the short reading is taken, and the reader is told.
func TestPNCIDWithoutASlash(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		typed, canonical string
		warns            bool
	}{
		{"2002234G", "2020/0002234G", false}, // 200002234 mod 23 = 7, G
		{"2002234J", "2002/0000234J", false}, // 020000234 mod 23 = 9, J
		{"1958001H", "2019/0058001H", true},  // 190058001 and 580000001 are both 8 mod 23, H
		{"2002234A", "2020/0002234A", true},
	} {
		canonical, warning, err := nominal.ParsePNCID(c.typed, today)
		if err != nil || canonical != c.canonical || (warning != "") != c.warns {
			t.Errorf("%s: %s, warning %q, %v; want %s, warning %t", c.typed, canonical, warning, err, c.canonical, c.warns)
		}
	}
}

// The check letter of facts.md, worked out another way: digit by digit.
func letter(yy, serial string) string {
	n := 0
	for _, d := range yy + serial {
		n = (n*10 + int(d-'0')) % 23
	}
	return string("ZABCDEFGHJKLMNPQRTUVWXY"[n])
}

func TestAnyPNCIDOfTheRightShapeIsKept(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		year := rapid.StringMatching(`(19[3-9][0-9]|20[01][0-9]|202[0-6])`).Draw(t, "year")
		serial := rapid.StringMatching(`[0-9]{7}`).Draw(t, "serial")
		typedLetter := rapid.StringMatching(`[A-Z]`).Draw(t, "letter")
		want := year + "/" + serial + typedLetter
		canonical, warning, err := nominal.ParsePNCID(want, today)
		if err != nil || canonical != want {
			t.Fatalf("%s: %s, %v", want, canonical, err)
		}
		if right := letter(year[2:], serial) == typedLetter; right != (warning == "") {
			t.Fatalf("%s: warning %q, but the letter is right: %t", want, warning, right)
		}
		if year >= "1927" {
			short := year[2:] + "/" + strings.TrimLeft(serial[:6], "0") + serial[6:] + typedLetter
			if again, _, err := nominal.ParsePNCID(short, today); err != nil || again != want {
				t.Fatalf("%s: %s, %v; want %s", short, again, err, want)
			}
		}
	})
}

func FuzzPNCID(f *testing.F) {
	for _, seed := range []string{"2002/0073319Z", "81/34U", "20030011985Z", "1923/1Z34567A", "", "200273319Z"} {
		f.Add(seed)
	}
	shape := regexp.MustCompile(`^\d{4}/\d{7}[A-Z]$`)
	f.Fuzz(func(t *testing.T, typed string) {
		canonical, warning, err := nominal.ParsePNCID(typed, today)
		if err != nil {
			if canonical != "" || warning != "" {
				t.Fatalf("%q: refused, yet %q %q", typed, canonical, warning)
			}
			return
		}
		if !shape.MatchString(canonical) {
			t.Fatalf("%q became %q", typed, canonical)
		}
		if again, _, err := nominal.ParsePNCID(canonical, today); err != nil || again != canonical {
			t.Fatalf("%q became %q, and that %q, %v", typed, canonical, again, err)
		}
	})
}

func TestIdentifiers(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		parse func(string) (string, error)
		good  map[string]string
		bad   []string
	}{
		"CRN": {nominal.ParseCRN, map[string]string{"X320741": "X320741", " x320741 ": "X320741"}, []string{"", "320741X", "X32074", "X3207411", "XX20741"}},
		"prison number": {nominal.ParsePrisonNumber, map[string]string{"A1234BC": "A1234BC", "a1234bc": "A1234BC"},
			[]string{"", "A1234B", "A123BC", "1234ABC", "A1234BCD"}},
		"National Insurance": {nominal.ParseNINumber,
			map[string]string{"AB 12 34 56 C": "AB123456C", "ab123456d": "AB123456D", "AB123456": "AB123456", "JJ999999A": "JJ999999A"},
			[]string{"", "BG123456A", "GB123456A", "NK123456A", "KN123456A", "TN123456A", "NT123456A", "ZZ123456A", "DA123456A", "AO123456A",
				"AB123456E", "AB12345A", "QQ123456C"}},
		"postcode": {nominal.ParsePostcode,
			map[string]string{"bn11aa": "BN1 1AA", "BN1 1AA": "BN1 1AA", "W1A 0AX": "W1A 0AX", "EC1A 1BB": "EC1A 1BB", "M1 1AE": "M1 1AE",
				"B33 8TH": "B33 8TH", "CR2 6XH": "CR2 6XH", "DN55 1PT": "DN55 1PT", "GIR 0AA": "GIR 0AA"},
			[]string{"", "BN1", "BN1 1A", "BN1 AAA", "BN111 1AA", "1BN 1AA", "AI1 1AA", "BN1 1AA x"}},
		"telephone": {nominal.ParsePhone,
			map[string]string{"01632 960 123": "01632 960 123", "+44 (0)7700 900123": "+44 (0)7700 900123", "01632 960123 ext 12": "01632 960123 ext 12"},
			[]string{"", "ring me", "12345", "01632-abc", "<script>"}},
		"e-mail": {nominal.ParseEmail, map[string]string{"jo@example.org": "jo@example.org"}, []string{"", "jo", "jo@", "jo@example", "jo o@example.org", "a@b@c.org"}},
	} {
		for typed, want := range c.good {
			if got, err := c.parse(typed); err != nil || got != want {
				t.Errorf("%s %q: %q, %v; want %q", name, typed, got, err, want)
			}
		}
		for _, typed := range c.bad {
			if got, err := c.parse(typed); err == nil {
				t.Errorf("%s %q was read as %q", name, typed, got)
			}
		}
	}
}

func FuzzIdentifiers(f *testing.F) {
	for _, seed := range []string{"BN1 1AA", "AB 12 34 56 C", "X320741", "A1234BC", "GIR 0AA"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		for _, parse := range []func(string) (string, error){nominal.ParseCRN, nominal.ParsePrisonNumber, nominal.ParseNINumber, nominal.ParsePostcode} {
			canonical, err := parse(typed)
			if err != nil {
				continue
			}
			if again, err := parse(canonical); err != nil || again != canonical {
				t.Fatalf("%q became %q, and that %q, %v", typed, canonical, again, err)
			}
		}
	})
}
