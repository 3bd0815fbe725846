package account

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// The lengths of a password, in characters. There is no rule about which
// characters it has (ASVS 6.2).
const (
	PasswordLeast = 15
	PasswordMost  = 200
)

// CheckPassword says why a password cannot be taken; empty when it can. own are
// words that belong to the person: username, name, agency.
func CheckPassword(password string, own ...string) string {
	switch {
	case password == "":
		return "Enter a password"
	case !utf8.ValidString(password):
		return "The password has characters that cannot be read. Type it again"
	case utf8.RuneCountInString(password) < PasswordLeast:
		return "The password must be 15 characters or more. Three or four words that do not belong together are easy to remember"
	case utf8.RuneCountInString(password) > PasswordMost:
		return "The password must be 200 characters or fewer"
	case easy(password, own):
		return "This password is too easy to guess. Do not build it from common words, rows of keys, your own name or that of the service"
	}
	return ""
}

// lookalikes are what people put in place of letters.
var lookalikes = strings.NewReplacer("0", "o", "1", "i", "3", "e", "4", "a", "5", "s", "7", "t", "@", "a", "$", "s", "!", "i")

// easy says whether little is left of a password once common words, the person's
// own and those of the service are taken out, or whether it repeats itself.
func easy(password string, own []string) bool {
	plain := strings.ToLower(password)
	return repeats(plain) || thin(plain, own) || thin(lookalikes.Replace(plain), own)
}

// thin takes the common words out of text, with everything that is no letter, and
// says whether fewer than eight letters, or fewer than five different ones, are left.
func thin(text string, own []string) bool {
	words := commonWords
	for _, phrase := range own {
		for _, word := range strings.FieldsFunc(strings.ToLower(phrase), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
			if utf8.RuneCountInString(word) >= 3 {
				words = append(words[:len(words):len(words)], word)
			}
		}
	}
	letters := strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) {
			return r
		}
		return -1
	}, text)
	// A text without letters is not weak for that: figures and signs count too,
	// unless they are rows of keys.
	if utf8.RuneCountInString(letters)*2 < utf8.RuneCountInString(text) {
		letters = text
	}
	for _, word := range words {
		letters = strings.ReplaceAll(letters, word, "")
	}
	different := map[rune]bool{}
	for _, r := range letters {
		different[r] = true
	}
	return utf8.RuneCountInString(letters) < 8 || len(different) < 5
}

// repeats says whether the text is one short piece over and over.
func repeats(text string) bool {
	for size := 1; size <= 6 && size*2 <= len(text); size++ {
		if strings.Repeat(text[:size], len(text)/size+1)[:len(text)] == text {
			return true
		}
	}
	return false
}

// commonWords are pieces of which easily guessed passwords are made, longer ones
// first, so that a row of keys is taken out whole.
var commonWords = strings.Fields(`
correcthorsebatterystaple thequickbrownfox jumpsoverthelazydog maytheforcebewithyou tobeornottobe
abcdefghijklmnopqrstuvwxyz qwertyuiopasdfghjklzxcvbnm qwertyuiop asdfghjkl zxcvbnm qazwsxedcrfvtgb 1qaz2wsx3edc 1q2w3e4r5t
12345678901234567890 1234567890 0987654321 987654321 123456789 12345678 1234567 123456 12345 654321 54321 11111 00000
integrated offender management casework probation constabulary inspector sergeant detective
administrator password passphrase passwort letmein welcome changeme default temporary secret
sunshine princess football baseball liverpool manchester arsenal chelsea tottenham everton brighton albion seagulls
superman batman spiderman starwars pokemon dragon monkey master shadow killer
iloveyou loveyou iloveu trustno ninja jordan michael charlie jennifer jessica daniel thomas
january february march april august september october november december
monday tuesday wednesday thursday friday saturday sunday
spring summer autumn winter sussex police england london british hove crawley hastings eastbourne worthing
computer internet windows microsoft google facebook desktop laptop
qwerty qwert azerty asdfgh asdf zxcv abcdef abcde abcd abc admin login user guest test hello
iom pass
`)
