// Package fault is the few ways in which a command or a query can fail that a
// person is told about. Everything else is an internal error: the person sees a
// request id, the log sees the cause.
package fault

import (
	"errors"
	"strings"
)

// Kind is what the web turns into a status.
type Kind int

// The kinds, with the status that the web answers.
const (
	NotFound    Kind = iota + 1 // 404: not there, or not for this person; the two look the same
	Forbidden                   // 403: the record may be seen, this may not be done to it
	Invalid                     // 422: what was typed, or a rule, says no
	Stale                       // 409: somebody else saved first
	Unavailable                 // 503: the database or the log cannot be reached
)

// Problem is one thing that is wrong, in words that say how to put it right.
type Problem struct {
	Field string // name of the form field; empty when it is about the whole
	Text  string
	Rule  string // the rule that says so, as "R79"; may be empty
}

// Error is a failure that a person is told about.
type Error struct {
	Kind     Kind
	Problems []Problem
	cause    error
}

// Error joins what is wrong. It holds no personal data: the texts are ours.
func (e *Error) Error() string {
	words := make([]string, 0, len(e.Problems)+1)
	for _, p := range e.Problems {
		words = append(words, p.Text)
	}
	if e.cause != nil {
		words = append(words, e.cause.Error())
	}
	if len(words) == 0 {
		return map[Kind]string{NotFound: "not found", Forbidden: "not allowed", Invalid: "not valid",
			Stale: "changed by somebody else", Unavailable: "unavailable"}[e.Kind]
	}
	return strings.Join(words, "; ")
}

// Unwrap gives the cause, for the log.
func (e *Error) Unwrap() error { return e.cause }

// Missing is the answer for what is not there and for what is not for this
// person: nobody can tell the two apart.
func Missing() error { return &Error{Kind: NotFound} }

// Denied says that the record may be seen but this may not be done to it.
func Denied(text string) error {
	return &Error{Kind: Forbidden, Problems: []Problem{{Text: text}}}
}

// Changed says that somebody else saved first.
func Changed() error { return &Error{Kind: Stale} }

// Down says that the database or the log cannot be reached.
func Down(cause error) error { return &Error{Kind: Unavailable, cause: cause} }

// Refuse says that a rule does not allow it. Field may be empty.
func Refuse(field, rule, text string) error {
	return &Error{Kind: Invalid, Problems: []Problem{{Field: field, Rule: rule, Text: text}}}
}

// Refused gathers problems; it is nil when there are none.
func Refused(problems []Problem) error {
	if len(problems) == 0 {
		return nil
	}
	return &Error{Kind: Invalid, Problems: problems}
}

// KindOf is the kind of an error, or 0 for an internal one.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return 0
}

// ProblemsOf lists what is wrong, if the error says so.
func ProblemsOf(err error) []Problem {
	var e *Error
	if errors.As(err, &e) {
		return e.Problems
	}
	return nil
}
