package ui

import (
	"strconv"
	"strings"
)

// RAG is a case level to show: Code is RED_ALERT, RED, AMBER, GREEN or PRISON
// in any case and with any separator; Word is what is written on the tag and
// defaults to the code. The pathway levels are another scale: NeedTag.
type RAG struct{ Code, Word string }

// hyphens is made once: there is a tag in each row of a list.
var hyphens = strings.NewReplacer("_", "-", " ", "-")

func (r RAG) slug() string {
	switch s := hyphens.Replace(strings.ToLower(r.Code)); s {
	case "red-alert", "red", "amber", "green", "prison":
		return s
	}
	return "none"
}

func (r RAG) word() string {
	if r.Word != "" {
		return r.Word
	}
	if r.Code == "" {
		return "Not rated"
	}
	return strings.ToUpper(strings.ReplaceAll(strings.ReplaceAll(r.Code, "_", " "), "-", " "))
}

// needWords are the words of Appendix 2 for the three pathway levels.
func needWord(code string) string {
	switch strings.ToLower(code) {
	case "red":
		return "Red – significant"
	case "amber":
		return "Amber – some impact"
	case "green":
		return "Green – little impact"
	}
	return "Not assessed"
}

func needClass(code string) string {
	switch c := strings.ToLower(code); c {
	case "red", "amber", "green":
		return "need need-" + c
	}
	return "need"
}

// tagClass is govuk-tag with one of its colours: grey, green, turquoise, blue,
// purple, pink, red, orange, yellow, or "" for the default blue.
func tagClass(colour string) string {
	switch colour {
	case "grey", "green", "turquoise", "blue", "purple", "pink", "red", "orange", "yellow":
		return "govuk-tag govuk-tag--" + colour
	}
	return "govuk-tag"
}

// overdue says by how many days, in words.
func overdue(days int) string {
	switch {
	case days == 1:
		return "1 day overdue"
	case days > 1:
		return strconv.Itoa(days) + " days overdue"
	case days == 0:
		return "Due today"
	case days == -1:
		return "Due tomorrow"
	}
	return "Due in " + strconv.Itoa(-days) + " days"
}

func overdueClass(days int) string {
	switch {
	case days > 0:
		return "due due-late"
	case days == 0:
		return "due due-today"
	}
	return "due"
}
