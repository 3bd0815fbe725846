package mail

import "strings"

// Secure says whether an address lies in a domain that counts as secure, so that a
// message to it may carry personal data (each area has its list of patterns). A
// pattern is a domain, as "sussex.police.uk", or all domains below one, as
// "*.police.uk", which is not police.uk itself. Case does not matter.
//
// It is strict on purpose, since what it lets through leaves the building: whatever is
// not one plain address in ASCII (a display name, two addresses, a quoted local part, a
// comment, a line break, a final dot, an internationalised domain that may look like
// another) is not secure, and neither is anything under a pattern that is not plain
// itself (CheckPattern).
func Secure(address string, patterns []string) bool {
	domain, ok := domainOf(address)
	if !ok {
		return false
	}
	for _, p := range patterns {
		p = strings.ToLower(strings.TrimSpace(p))
		if CheckPattern(p) != "" {
			continue
		}
		if below, many := strings.CutPrefix(p, "*"); many && strings.HasSuffix(domain, below) || p == domain {
			return true
		}
	}
	return false
}

// CheckPattern says what is wrong with a pattern of secure domains, in words for who
// typed it; empty when nothing is.
func CheckPattern(pattern string) string {
	p := strings.ToLower(strings.TrimSpace(pattern))
	if _, ok := domain(strings.TrimPrefix(p, "*.")); !ok {
		return "Enter a domain, like sussex.police.uk, or all domains below one, like *.police.uk"
	}
	return ""
}

// Plain says whether text is one address and nothing else, of the kind that we send
// to: no display name, no quoted or internationalised part, 254 characters at most.
func Plain(address string) bool {
	_, ok := domainOf(address)
	return ok
}

// domainOf is the domain of a plain address, in lower case.
func domainOf(address string) (string, bool) {
	local, after, ok := strings.Cut(address, "@")
	if !ok || len(address) > 254 || len(local) == 0 || len(local) > 64 {
		return "", false
	}
	for atom := range strings.SplitSeq(local, ".") {
		if atom == "" || strings.ContainsFunc(atom, notOfAtom) {
			return "", false
		}
	}
	return domain(after)
}

// notOfAtom is what may not stand in a local part without quotes (RFC 5322 3.2.3).
func notOfAtom(r rune) bool {
	return !letterOrDigit(r) && !strings.ContainsRune("!#$%&'*+-/=?^_`{|}~", r)
}

func letterOrDigit(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
}

// domain gives a domain name of two labels or more in lower case. A domain that is
// written in another script, as it is or as xn--, is none of ours.
func domain(name string) (string, bool) {
	name = strings.ToLower(name)
	labels := strings.Split(name, ".")
	if len(name) > 253 || len(labels) < 2 {
		return "", false
	}
	for _, l := range labels {
		if l == "" || len(l) > 63 || l[0] == '-' || l[len(l)-1] == '-' || strings.HasPrefix(l, "xn--") ||
			strings.ContainsFunc(l, func(r rune) bool { return !letterOrDigit(r) && r != '-' }) {
			return "", false
		}
	}
	if strings.Trim(labels[len(labels)-1], "0123456789") == "" { // an address of a machine
		return "", false
	}
	return name, true
}
