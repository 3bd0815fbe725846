package pdf

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/bidi"
)

// joining are the Arabic letters that change with their neighbours: the first of
// their presentation forms, which stand in the order alone, last, first, between; and
// how many forms there are. A letter with two does not join the next one.
var joining = map[rune]struct {
	form  rune
	forms int
}{
	0x622: {0xFE81, 2}, 0x623: {0xFE83, 2}, 0x624: {0xFE85, 2}, 0x625: {0xFE87, 2}, 0x626: {0xFE89, 4}, 0x627: {0xFE8D, 2},
	0x628: {0xFE8F, 4}, 0x629: {0xFE93, 2}, 0x62A: {0xFE95, 4}, 0x62B: {0xFE99, 4}, 0x62C: {0xFE9D, 4}, 0x62D: {0xFEA1, 4},
	0x62E: {0xFEA5, 4}, 0x62F: {0xFEA9, 2}, 0x630: {0xFEAB, 2}, 0x631: {0xFEAD, 2}, 0x632: {0xFEAF, 2}, 0x633: {0xFEB1, 4},
	0x634: {0xFEB5, 4}, 0x635: {0xFEB9, 4}, 0x636: {0xFEBD, 4}, 0x637: {0xFEC1, 4}, 0x638: {0xFEC5, 4}, 0x639: {0xFEC9, 4},
	0x63A: {0xFECD, 4}, 0x641: {0xFED1, 4}, 0x642: {0xFED5, 4}, 0x643: {0xFED9, 4}, 0x644: {0xFEDD, 4}, 0x645: {0xFEE1, 4},
	0x646: {0xFEE5, 4}, 0x647: {0xFEE9, 4}, 0x648: {0xFEED, 2}, 0x649: {0xFEEF, 2}, 0x64A: {0xFEF1, 4},
	// Persian and Urdu
	0x679: {0xFB66, 4}, 0x67E: {0xFB56, 4}, 0x686: {0xFB7A, 4}, 0x688: {0xFB88, 2}, 0x691: {0xFB8C, 2}, 0x698: {0xFB8A, 2},
	0x6A9: {0xFB8E, 4}, 0x6AF: {0xFB92, 4}, 0x6BA: {0xFB9E, 2}, 0x6BE: {0xFBAA, 4}, 0x6C1: {0xFBA6, 4}, 0x6CC: {0xFBFC, 4}, 0x6D2: {0xFBAE, 2},
}

// lamAlef are lam and the alef after it written as one, alone; the next form is last.
var lamAlef = map[rune]rune{0x622: 0xFEF5, 0x623: 0xFEF7, 0x625: 0xFEF9, 0x627: 0xFEFB}

const lam = 0x644

// shape gives Arabic letters the forms that they have beside each other. The order
// stays that in which they are read.
func shape(text string) string {
	if !strings.ContainsFunc(text, func(r rune) bool { return unicode.Is(unicode.Arabic, r) }) {
		return text
	}
	in := []rune(text)
	var out strings.Builder
	for i := 0; i < len(in); i++ {
		letter, ok := joining[in[i]]
		if !ok {
			out.WriteRune(in[i])
			continue
		}
		before := joinsNext(in, i)
		if form := lamAlef[next(in, i)]; in[i] == lam && form != 0 {
			if before {
				form++
			}
			out.WriteRune(form)
			for i++; lamAlef[in[i]] == 0; i++ { // what stands over the lam
				out.WriteRune(in[i])
			}
			continue
		}
		_, after := joining[next(in, i)]
		after = after && letter.forms == 4
		switch {
		case before && after:
			letter.form += 3
		case after:
			letter.form += 2
		case before:
			letter.form++
		}
		out.WriteRune(letter.form)
	}
	return out.String()
}

// joinsNext says whether the letter before i, vowel signs aside, joins the one at i.
func joinsNext(in []rune, i int) bool {
	for i--; i >= 0; i-- {
		if !unicode.Is(unicode.Mn, in[i]) {
			return joining[in[i]].forms == 4
		}
	}
	return false
}

// next is the letter after i, vowel signs aside; 0: none.
func next(in []rune, i int) rune {
	for i++; i < len(in); i++ {
		if !unicode.Is(unicode.Mn, in[i]) {
			return in[i]
		}
	}
	return 0
}

// visual puts a line that runs from left to right into the order in which it is
// drawn: what is written from right to left within it is turned round, and its numbers
// are turned back. Deeper nesting, which names and notes do not have, is not known.
func visual(line string) string {
	runes := []rune(line)
	for i := 0; i < len(runes); i++ {
		if !leftward(runes[i]) {
			continue
		}
		end := i + 1 // after the last letter or number of this part
		for j := i + 1; j < len(runes) && class(runes[j]) != bidi.L; j++ {
			if leftward(runes[j]) || number(runes[j]) {
				end = j + 1
			}
		}
		end += closing(runes[i:end], runes[end:])
		turn(runes[i:end])
		i = end - 1
	}
	return string(runes)
}

// closing counts the brackets after a part that close those opened in it: they turn
// round with it.
func closing(part, after []rune) (n int) {
	open := 0
	for _, r := range part {
		if p, _ := bidi.LookupRune(r); p.IsBracket() && p.IsOpeningBracket() {
			open++
		} else if p.IsBracket() {
			open--
		}
	}
	for n < min(open, len(after)) {
		if p, _ := bidi.LookupRune(after[n]); !p.IsBracket() || p.IsOpeningBracket() {
			break
		}
		n++
	}
	return n
}

func class(r rune) bidi.Class {
	p, _ := bidi.LookupRune(r)
	return p.Class()
}

func leftward(r rune) bool { return class(r) == bidi.R || class(r) == bidi.AL }

func number(r rune) bool { return class(r) == bidi.EN || class(r) == bidi.AN }

// mirrored are the marks that look the other way when they are read from the right.
var mirrored = map[rune]rune{'(': ')', ')': '(', '[': ']', ']': '[', '{': '}', '}': '{', '<': '>', '>': '<', '«': '»', '»': '«'}

// turn turns a part round, but for the numbers in it and what parts their digits.
func turn(part []rune) {
	reverse(part)
	for i := 0; i < len(part); i++ {
		if other, ok := mirrored[part[i]]; ok {
			part[i] = other
		}
		if !number(part[i]) {
			continue
		}
		end := i + 1
		for j := i + 1; j < len(part); j++ {
			if number(part[j]) {
				end = j + 1
			} else if c := class(part[j]); c != bidi.CS && c != bidi.ES || part[j] == ' ' {
				break
			}
		}
		reverse(part[i:end])
		i = end - 1
	}
	// A sign over a letter is drawn after it, on whichever side that is read from.
	for i := 0; i < len(part); i++ {
		end := i
		for end < len(part) && unicode.Is(unicode.Mn, part[end]) {
			end++
		}
		if end > i && end < len(part) {
			reverse(part[i : end+1])
			i = end
		}
	}
}

func reverse(part []rune) {
	for i, j := 0, len(part)-1; i < j; i, j = i+1, j-1 {
		part[i], part[j] = part[j], part[i]
	}
}
