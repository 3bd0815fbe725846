package mail

import (
	"strings"
	"testing"
)

// R64: what is circulated goes with attachments to secure domains alone.
// The expected answers are by hand.
func TestSecure(t *testing.T) {
	t.Parallel()
	patterns := []string{"*.police.uk", "*.CJSM.net", " brighton-hove.gov.uk ", "*.uk", "*", "", "*.*.gov.uk", "*evil.com"}
	for address, want := range map[string]bool{
		"a.name@sussex.police.uk":                     true,
		"a.name@SUSSEX.Police.UK":                     true,
		"A.Name+iom@mail.sussex.police.uk":            true,
		"o'neill@x.cjsm.net":                          true,
		"x@brighton-hove.gov.uk":                      true,
		"x@police.uk":                                 false, // the pattern is of those below
		"x@cjsm.net":                                  false,
		"x@mail.brighton-hove.gov.uk":                 false, // a domain alone means that domain alone
		"x@police.uk.evil.com":                        false,
		"x@sussex.police.uk.evil.com":                 false,
		"x@evilpolice.uk":                             false,
		"x@sussex-police.uk":                          false,
		"x@evil.com":                                  false,
		"x@xevil.com":                                 false,
		"x@example.uk":                                false, // *.uk is no pattern
		"x@sussex.police.uk.":                         false,
		"x@.police.uk":                                false,
		"x@..police.uk":                               false,
		"x@a..police.uk":                              false,
		"x@-a.police.uk":                              false,
		"x@a-.police.uk":                              false,
		"x@sussex.police.uk\n":                        false,
		"x@sussex.police.uk\r\nBcc: y@z.com":          false,
		"\nx@sussex.police.uk":                        false,
		"x@sussex.police.uk, y@evil.com":              false,
		"y@evil.com,x@sussex.police.uk":               false,
		"y@evil.com x@sussex.police.uk":               false,
		"x@evil.com@sussex.police.uk":                 false,
		"x%evil.com@sussex.police.uk":                 true, // a local part may hold it; where it goes is the domain's matter
		"<x@sussex.police.uk>":                        false,
		"Name <x@sussex.police.uk>":                   false,
		`"x@evil.com"@sussex.police.uk`:               false,
		"x(evil)@sussex.police.uk":                    false,
		"x@(evil)sussex.police.uk":                    false,
		"x@[192.0.2.1]":                               false,
		"x@192.0.2.1":                                 false,
		"@sussex.police.uk":                           false,
		"sussex.police.uk":                            false,
		"":                                            false,
		".x@sussex.police.uk":                         false,
		"x.@sussex.police.uk":                         false,
		"x..y@sussex.police.uk":                       false,
		"x@xn--sussx-2ya.police.uk":                   false,
		"x@sussеx.police.uk":                          false, // a Cyrillic letter
		"x@sussex。police。uk":                          false, // full stops that some programs take for dots
		"x@sussex.police.uk\x00":                      false,
		"é@sussex.police.uk":                          false,
		strings.Repeat("a", 65) + "@sussex.police.uk": false,
		"x@" + strings.Repeat("a", 64) + ".police.uk": false,
		strings.Repeat("a", 64) + "@" + strings.Repeat("a.", 95) + "police.uk": false, // 265 characters
	} {
		if got := Secure(address, patterns); got != want {
			t.Errorf("Secure(%q) is %v, want %v", address, got, want)
		}
	}
	if Secure("x@sussex.police.uk", nil) {
		t.Error("without a list something is secure")
	}
}

func TestCheckPattern(t *testing.T) {
	t.Parallel()
	for pattern, good := range map[string]bool{
		"*.police.uk": true, "*.cjsm.net": true, "sussex.police.uk": true, " *.Police.UK ": true,
		"*": false, "*.uk": false, "uk": false, "": false, "police.*": false, "*police.uk": false, "*.*.uk": false, "a@police.uk": false,
		"*.police.uk.": false, "*..uk": false, "*.police.uk, *.net": false, "xn--a.police.uk": false,
	} {
		if got := CheckPattern(pattern) == ""; got != good {
			t.Errorf("CheckPattern(%q) passes: %v, want %v", pattern, got, good)
		}
	}
}

// Whatever is called secure is one line of printable ASCII with one @, and ends in a
// domain of the list: read without regard to how Secure reads it.
func FuzzSecure(f *testing.F) {
	for _, seed := range []string{"a@sussex.police.uk", "a@police.uk.evil.com", "a@x.police.uk.", "a@x.police.uk\r\nBcc: b@c.d", "\"a@b\"@x.police.uk", "a@х.police.uk"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, address string) {
		if !Secure(address, []string{"*.police.uk"}) {
			return
		}
		if strings.Count(address, "@") != 1 || !strings.HasSuffix(strings.ToLower(address), ".police.uk") || strings.HasPrefix(address, "@") {
			t.Errorf("%q is called secure", address)
		}
		for i := range len(address) {
			if c := address[i]; c <= ' ' || c > '~' || strings.IndexByte(`<>(),;:\"[]`, c) >= 0 {
				t.Errorf("%q is called secure with %q in it", address, c)
			}
		}
		if !Plain(address) {
			t.Errorf("%q is secure and not plain", address)
		}
	})
}
