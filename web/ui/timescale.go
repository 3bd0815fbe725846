package ui

import (
	"strconv"

	"iom/internal/platform/clock"
)

// Span is a stretch of days on a Timescale, its first and last day counted.
type Span struct {
	Key      string // one letter, in the drawing and in the table beside it
	Name     string
	Note     string // where it comes from; may be empty
	From, To clock.Date
	Fill     Fill
	Row      int // 0 for the spans that follow each other; those that lie over them, as a recall over the licence, have lower rows
}

// Fill is how a span is drawn, so that none is told by colour alone.
type Fill string

// The fills.
const (
	Solid  Fill = "solid"
	Hatch  Fill = "hatch"
	Dots   Fill = "dots"
	Cross  Fill = "cross"
	Framed Fill = "framed"
)

// Timescale is spans of days to scale, with a mark for today where that lies in it. The same
// stands in a table beside the drawing.
type Timescale struct {
	ID      string // of the drawing, once on a page
	Caption string
	Spans   []Span
	Today   clock.Date
}

// Place is where a span lies, in percent of the width.
type Place struct{ X, Width float64 }

// Lay puts the spans to scale: the first day of all begins at 0 and the last ends at
// 100, each day has the same width. Spans whose end comes before their beginning have no width.
func (t Timescale) Lay() []Place {
	first, days := t.extent()
	places := make([]Place, len(t.Spans))
	for i, s := range t.Spans {
		if days > 0 && !s.To.Before(s.From) {
			places[i] = Place{X: 100 * float64(s.From.DaysSince(first)) / float64(days), Width: 100 * float64(s.days()) / float64(days)}
		}
	}
	return places
}

// Mark is where the middle of today lies, in percent; ok is false when it is outside.
func (t Timescale) Mark() (at float64, ok bool) {
	first, days := t.extent()
	since := t.Today.DaysSince(first)
	if t.Today.IsZero() || days == 0 || since < 0 || since >= days {
		return 0, false
	}
	return 100 * (float64(since) + 0.5) / float64(days), true
}

// extent is the first day of all spans and how many days they cover.
func (t Timescale) extent() (first clock.Date, days int) {
	var last clock.Date
	for _, s := range t.Spans {
		if s.To.Before(s.From) {
			continue
		}
		if first.IsZero() || s.From.Before(first) {
			first = s.From
		}
		if s.To.After(last) {
			last = s.To
		}
	}
	if first.IsZero() {
		return first, 0
	}
	return first, last.DaysSince(first) + 1
}

func (s Span) days() int { return s.To.DaysSince(s.From) + 1 }

// stands says where today lies, for the table.
func (t Timescale) stands(s Span) string {
	switch {
	case t.Today.IsZero() || s.To.Before(s.From):
		return ""
	case t.Today.Before(s.From):
		return "To come"
	case t.Today.After(s.To):
		return "Over"
	}
	return "Now: day " + strconv.Itoa(t.Today.DaysSince(s.From)+1) + " of " + strconv.Itoa(s.days())
}

func percent(x float64) string { return strconv.FormatFloat(x, 'f', 3, 64) + "%" }

func (s Span) top() int { return 18 + rowHeight*s.Row }

func (s Span) fill(id string) string {
	switch s.Fill {
	case Hatch, Dots, Cross:
		return "url(#" + id + "-" + string(s.Fill) + ")"
	case Framed:
		return "none"
	}
	return "#1d1d1b"
}

func (s Span) length() string {
	if n := s.days(); n != 1 {
		return strconv.Itoa(n) + " days"
	}
	return "1 day"
}

// rowHeight is that of a span with the space below it, in pixels.
const rowHeight = 40

// height has room for the lowest row.
func (t Timescale) height() string {
	lowest := 0
	for _, s := range t.Spans {
		lowest = max(lowest, s.Row)
	}
	return strconv.Itoa(18 + rowHeight*(lowest+1))
}
