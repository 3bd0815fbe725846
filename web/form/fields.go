package form

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"iom/internal/platform/clock"
)

// Limits of text, in characters. The database holds the same bound for prose.
const (
	LineLimit  = 200
	ProseLimit = 20_000
)

// Need says whether a field may be left empty.
type Need bool

// A field is one or the other.
const (
	Required Need = true
	Optional Need = false
)

// Line is one line of text, white space folded, at most 200 characters.
func (f *Form) Line(name, label string, need Need) string {
	field := f.declare(name, label)
	return f.text(field, strings.Join(strings.Fields(field.Value), " "), need, LineLimit)
}

// Prose is text of several lines, at most 20,000 characters. Line ends are LF.
func (f *Form) Prose(name, label string, need Need) string {
	field := f.declare(name, label)
	return f.text(field, strings.TrimSpace(strings.ReplaceAll(field.Value, "\r\n", "\n")), need, ProseLimit)
}

// Secret is a password: taken as typed, never put back into the page.
func (f *Form) Secret(name, label string) string {
	field := f.declare(name, label)
	value := field.Value
	field.Value, field.Values = "", nil
	if f.submitted && value == "" && field.Error == "" {
		field.Error = "Enter " + inSentence(label)
	}
	return value
}

func (f *Form) text(field *Field, value string, need Need, limit int) string {
	if !f.submitted || field.Error != "" {
		return value
	}
	switch {
	case value == "" && need == Required:
		field.Error = "Enter " + inSentence(field.Label)
	case utf8.RuneCountInString(value) > limit:
		field.Error = tooLong(field.Label, limit)
	}
	return value
}

// Date is a day typed in one box: 12/3/2026, 12 3 26, 12 Mar 2026 or 2026-03-12.
func (f *Form) Date(name, label string, need Need) clock.Date {
	field := f.declare(name, label)
	text := strings.TrimSpace(field.Value)
	if !f.submitted || field.Error != "" {
		day, _ := ParseDate(text)
		return day
	}
	if text == "" {
		if need == Required {
			field.Error = "Enter " + inSentence(label)
		}
		return clock.Date{}
	}
	day, err := ParseDate(text)
	if err != nil {
		field.Error = label + " " + err.Error()
	}
	return day
}

// PastDate is a date that is not after today.
func (f *Form) PastDate(name, label string, need Need, today clock.Date) clock.Date {
	day := f.Date(name, label, need)
	if f.submitted && day.After(today) {
		f.Fail(name, label+" must be today or in the past")
	}
	return day
}

// Time is a time of day as 9am, 9.30, 14:00; the value is 15:04, or empty.
func (f *Form) Time(name, label string, need Need) string {
	field := f.declare(name, label)
	text := strings.TrimSpace(field.Value)
	if !f.submitted || field.Error != "" {
		at, _ := ParseTime(text)
		return at
	}
	if text == "" {
		if need == Required {
			field.Error = "Enter " + inSentence(label)
		}
		return ""
	}
	at, err := ParseTime(text)
	if err != nil {
		field.Error = label + " " + err.Error()
	}
	return at
}

// Choice is one of the values offered.
func (f *Form) Choice(name, label string, need Need, offered ...string) string {
	field := f.declare(name, label)
	if !f.submitted || field.Error != "" {
		return field.Value
	}
	switch {
	case field.Value == "":
		if need == Required {
			field.Error = "Choose " + inSentence(label)
		}
	case !slices.Contains(offered, field.Value):
		field.Error = "Choose " + inSentence(label) + " from the list"
		return ""
	}
	return field.Value
}

// Choices are any of the values offered, in the order offered.
func (f *Form) Choices(name, label string, offered ...string) []string {
	field := f.declare(name, label)
	chosen := []string{}
	for _, v := range offered {
		if slices.Contains(field.Values, v) {
			chosen = append(chosen, v)
		}
	}
	if f.submitted && field.Error == "" {
		for _, v := range field.Values {
			if v != "" && !slices.Contains(offered, v) {
				field.Error = "Choose " + inSentence(label) + " from the list"
			}
		}
	}
	return chosen
}

// YesNo is an answer that may be missing: an unanswered question is never No.
func (f *Form) YesNo(name, label string, need Need) (yes, answered bool) {
	v := f.Choice(name, label, need, "yes", "no")
	return v == "yes", v == "yes" || v == "no"
}

// Tick is a single checkbox with the value "yes". Another value is refused: it
// must not pass for a box left empty.
func (f *Form) Tick(name, label string) bool {
	field := f.declare(name, label)
	if f.submitted && field.Error == "" && field.Value != "" && field.Value != "yes" {
		field.Error = "Choose " + inSentence(label) + " from the list"
	}
	return field.Has("yes")
}

// Whole is a whole number from low to high; an empty optional one is low.
func (f *Form) Whole(name, label string, need Need, low, high int) int {
	field := f.declare(name, label)
	text := strings.TrimSpace(field.Value)
	if text == "" {
		if f.submitted && need == Required && field.Error == "" {
			field.Error = "Enter " + inSentence(label)
		}
		return low
	}
	n, err := strconv.Atoi(text)
	if f.submitted && field.Error == "" && (err != nil || n < low || n > high) {
		field.Error = fmt.Sprintf("%s must be a whole number from %d to %d", label, low, high)
		return low
	}
	return n
}

// ID is the id chosen in a list of records; 0 when none. Whether it may be chosen
// the command decides, within its scope.
func (f *Form) ID(name, label string, need Need) int64 {
	field := f.declare(name, label)
	if field.Value == "" {
		if f.submitted && need == Required && field.Error == "" {
			field.Error = "Choose " + inSentence(label)
		}
		return 0
	}
	n, err := strconv.ParseInt(field.Value, 10, 64)
	if f.submitted && field.Error == "" && (err != nil || n <= 0) {
		field.Error = "Choose " + inSentence(label) + " from the list"
		return 0
	}
	return n
}

// IDs are the ids ticked in a list of records.
func (f *Form) IDs(name, label string) []int64 {
	field := f.declare(name, label)
	var all []int64
	for _, v := range field.Values {
		n, err := strconv.ParseInt(v, 10, 64)
		if err != nil || n <= 0 {
			if f.submitted && field.Error == "" {
				field.Error = "Choose " + inSentence(label) + " from the list"
			}
			continue
		}
		all = append(all, n)
	}
	return all
}

// Rows counts the repeated rows of a form: its fields are named name-0, name-1 and
// so on. It is the highest index sent and one more, at most limit.
func (f *Form) Rows(limit int, names ...string) int {
	rows := 0
	for key, values := range f.values {
		for _, name := range names {
			index, ok := strings.CutPrefix(key, name+"-")
			if n, err := strconv.Atoi(index); ok && err == nil && n >= 0 && n < limit && strings.TrimSpace(first(values)) != "" {
				rows = max(rows, n+1)
			}
		}
	}
	return rows
}

// Indexed names a field of a repeated row.
func Indexed(name string, row int) string { return name + "-" + strconv.Itoa(row) }

// openings are the words with which a label needs no article: a question, or an
// article or owner that it has already.
var openings = []string{"a", "an", "any", "each", "every", "how", "other", "the", "their", "what", "when", "where", "whether", "which", "who", "whose", "why", "your"}

// inSentence is a label after a verb: "the due date", "what happened", "the PNCID".
func inSentence(label string) string {
	word, _, _ := strings.Cut(label, " ")
	if slices.Contains(openings, strings.ToLower(word)) {
		return lowerFirst(label)
	}
	return "the " + lowerFirst(label)
}

// lowerFirst puts a label into a sentence, leaving PNCID and OGRS as they are.
func lowerFirst(label string) string {
	r, size := utf8.DecodeRuneInString(label)
	next, _ := utf8.DecodeRuneInString(label[size:])
	if r == utf8.RuneError || (next >= 'A' && next <= 'Z') {
		return label
	}
	return strings.ToLower(string(r)) + label[size:]
}
