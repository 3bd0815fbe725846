package ui

import (
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"iom/web/form"
)

// Field and Problem are the form room's, named here for short signatures.
type (
	Field   = form.Field
	Problem = form.Problem
)

// Opt is how a field is shown. The zero value is a plain full-width field
// with its label from the Field.
type Opt struct {
	Label        string // in place of the field's own
	Hint         string
	Optional     bool   // adds "(optional)" to the label
	Size         string // of the label or legend: "", "s", "m", "l"; "h1" makes it the page's heading
	HideLabel    bool   // label for screen readers only
	Width        int    // in characters: 2, 3, 4, 5, 10, 20, 30; 0 is the whole width
	Type         string // text (default), email, tel, password, search
	Mode         string // the keyboard on a phone: numeric, decimal, tel, email
	Autocomplete string // "off" unless given
	Spellcheck   bool   // long text has it on; short text only when asked
	Prefix       string
	Suffix       string
	Rows         int    // of a long text; 5 unless given
	Limit        int    // of characters; counts down under the box
	Empty        string // first line of a Select for "no answer"; "Choose one" unless given
	Small        bool   // smaller radios and checkboxes
	Disabled     bool
}

// Option is one choice of a Select, Radios or Checkboxes.
type Option struct {
	Value, Text, Hint string
	Exclusive         bool            // checkboxes: "none of these", shown after "or"
	Reveal            templ.Component // asked only when this one is chosen; may be nil
}

// FormHidden is what a form carries out of sight.
type FormHidden struct {
	CSRF    string           // session token
	Key     string           // one-time key: a double submit makes one record
	Version string           // of what is edited; empty when something new is made
	Extra   []Hidden         // further hidden fields
	Guard   bool             // warn before leaving the page with something typed
	Files   bool             // the form sends files
	Attrs   templ.Attributes // of the form, for a script of ours
}

// Hidden is one hidden field.
type Hidden struct{ Name, Value string }

// or gives s, or the other text when s is empty.
func or(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

// label is the label's text with "(optional)" where that is so.
func (o Opt) label(f Field) string {
	text := or(o.Label, f.Label)
	if o.Optional {
		return text + " (optional)"
	}
	return text
}

func (o Opt) labelClass(base string) string {
	c := base
	switch o.Size {
	case "s", "m", "l":
		c += " " + base + "--" + o.Size
	case "h1":
		c += " " + base + "--l"
	}
	if o.HideLabel {
		c += " govuk-visually-hidden"
	}
	return c
}

func (o Opt) inputClass(f Field) string {
	c := "govuk-input"
	if o.Width > 0 {
		c += " govuk-input--width-" + strconv.Itoa(o.Width)
	}
	if f.Error != "" {
		c += " govuk-input--error"
	}
	return c
}

func (o Opt) spellcheck() string { return strconv.FormatBool(o.Spellcheck) }

func (o Opt) rows() string {
	if o.Rows == 0 {
		return "5"
	}
	return strconv.Itoa(o.Rows)
}

// describedBy names the hint, the count and the error that belong to a field.
func (o Opt) describedBy(f Field) string {
	var ids []string
	if o.Hint != "" {
		ids = append(ids, f.ID()+"-hint")
	}
	if o.Limit > 0 {
		ids = append(ids, f.ID()+"-info")
	}
	if f.Error != "" {
		ids = append(ids, f.ID()+"-error")
	}
	return strings.Join(ids, " ")
}

// groupClass is the class of the block around a field.
func groupClass(f Field) string {
	if f.Error != "" {
		return "govuk-form-group govuk-form-group--error"
	}
	return "govuk-form-group"
}

// with adds a class when the condition holds.
func with(base string, cond bool, extra string) string {
	if cond {
		return base + " " + extra
	}
	return base
}

// optionID gives the first option the field's own id, so that the error
// summary's link lands on it.
func optionID(f Field, i int) string {
	if i == 0 {
		return f.ID()
	}
	return f.ID() + "-" + strconv.Itoa(i+1)
}

// chosen says whether a choice was made. The empty value is no choice, so that
// an unanswered question never looks answered.
func chosen(f Field, value string) bool { return value != "" && f.Has(value) }

// hasReveal says whether any option asks a further question.
func hasReveal(options []Option) bool {
	for _, o := range options {
		if o.Reveal != nil {
			return true
		}
	}
	return false
}
