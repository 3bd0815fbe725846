// Package form reads what somebody typed. A field keeps its raw text, its value
// and its error together, so that a page can be drawn again with nothing lost;
// and only what a form declares is read, so that nothing else can be set.
package form

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"iom/internal/platform/fault"
)

// Field is one control of a form: its raw text as typed, and what is wrong with it.
type Field struct {
	Name   string
	Label  string
	Value  string   // as typed
	Values []string // of a set of checkboxes or a repeated control
	Error  string
}

// ID is the id of the control in the page.
func (f Field) ID() string { return "field-" + f.Name }

// Has says whether the value was chosen.
func (f Field) Has(value string) bool {
	return f.Value == value || slices.Contains(f.Values, value)
}

// Problem is a line of the error summary; it leads to the field if there is one.
type Problem struct{ Field, Text string }

// Form is what was typed and what is wrong with it.
type Form struct {
	values    url.Values
	submitted bool
	fields    []*Field
	general   []Problem // about the whole form
}

// Submitted is a form as it was sent.
func Submitted(values url.Values) *Form { return &Form{values: values, submitted: true} }

// Blank is a form before anything is typed. Its fields are filled with Set.
func Blank() *Form { return &Form{values: url.Values{}} }

// Set fills a field of a form that has not been sent, before it is declared or after.
func (f *Form) Set(name string, values ...string) {
	f.values[name] = values
	if field := f.find(name); field != nil {
		field.Value, field.Values = first(values), values
	}
}

// IsSubmitted says whether somebody sent the form; checks are made only then.
func (f *Form) IsSubmitted() bool { return f.submitted }

// Field is a declared field by name; an undeclared one is empty, so that a page
// can be drawn before anything is read.
func (f *Form) Field(name string) Field {
	if field := f.find(name); field != nil {
		return *field
	}
	return Field{Name: name, Value: f.values.Get(name), Values: f.values[name]}
}

// Fields are the declared ones in order.
func (f *Form) Fields() []Field {
	all := make([]Field, len(f.fields))
	for i, field := range f.fields {
		all[i] = *field
	}
	return all
}

// OK says that nothing is wrong.
func (f *Form) OK() bool { return len(f.Problems()) == 0 }

// Problems are the lines of the error summary, in the order of the fields.
func (f *Form) Problems() []Problem {
	var all []Problem
	for _, field := range f.fields {
		if field.Error != "" {
			all = append(all, Problem{Field: field.Name, Text: field.Error})
		}
	}
	return append(all, f.general...)
}

// Fail says what is wrong with a field; the first thing said stays. A name that
// is not declared makes it a problem of the whole form.
func (f *Form) Fail(name, text string) {
	field := f.find(name)
	if field == nil {
		f.general = append(f.general, Problem{Text: text})
		return
	}
	if field.Error == "" {
		field.Error = text
	}
}

// Take puts the problems of a command into the form. It gives back the error when
// it is anything but a refusal.
func (f *Form) Take(err error) error {
	if fault.KindOf(err) != fault.Invalid {
		return err
	}
	for _, p := range fault.ProblemsOf(err) {
		f.Fail(p.Field, p.Text)
	}
	return nil
}

func (f *Form) find(name string) *Field {
	for _, field := range f.fields {
		if field.Name == name {
			return field
		}
	}
	return nil
}

// declare adds a field with what was typed in it.
func (f *Form) declare(name, label string) *Field {
	values := f.values[name]
	field := &Field{Name: name, Label: label, Value: first(values), Values: values}
	f.fields = append(f.fields, field)
	if f.submitted {
		for _, v := range values {
			if problem := unfit(label, v); problem != "" {
				field.Error = problem
			}
		}
	}
	return field
}

func first(values []string) string {
	if len(values) == 0 {
		return ""
	}
	return values[0]
}

// unfit says what no field may hold.
func unfit(label, value string) string {
	switch {
	case strings.ContainsRune(value, 0):
		return label + " has a character that cannot be kept (NUL). Remove it and try again"
	case !utf8.ValidString(value):
		return label + " has characters that cannot be read. Type it again"
	}
	return ""
}

// tooLong is the error for text over a limit.
func tooLong(label string, limit int) string {
	return fmt.Sprintf("%s must be %d characters or fewer", label, limit)
}
