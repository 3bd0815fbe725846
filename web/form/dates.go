package form

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"iom/internal/platform/clock"
)

var (
	dayFirst  = regexp.MustCompile(`^(\d{1,2})[\s/.-]+(\d{1,2}|[A-Za-z]{3,9})[\s/.-]+(\d{4}|\d{2})$`)
	yearFirst = regexp.MustCompile(`^(\d{4})-(\d{1,2})-(\d{1,2})$`)
	clockTime = regexp.MustCompile(`^(\d{1,2})(?:[:.](\d{2}))?\s*([ap]\.?m\.?)?$`)
)

// ParseDate reads a day as people type it: day first, any common separator, the
// month as a number or a word, the year in four digits or two (00 to 69 are
// 2000 to 2069). The error ends a sentence that begins with the field's label.
func ParseDate(text string) (clock.Date, error) {
	text = strings.TrimSpace(text)
	var day, month, year int
	if m := yearFirst.FindStringSubmatch(text); m != nil {
		year, month, day = number(m[1]), number(m[2]), number(m[3])
	} else if m := dayFirst.FindStringSubmatch(text); m != nil {
		day, year = number(m[1]), number(m[3])
		month = monthOf(m[2])
		if len(m[3]) == 2 {
			year += 1900
			if year < 1970 {
				year += 100
			}
		}
	} else {
		return clock.Date{}, errors.New("must be a date, such as 12/3/2026")
	}
	made := clock.NewDate(year, time.Month(month), day)
	if month < 1 || month > 12 || day < 1 || made.Day != day {
		return clock.Date{}, errors.New("must be a real date")
	}
	if year < 1900 || year > 2200 {
		return clock.Date{}, errors.New("must have a year from 1900 to 2200")
	}
	return made, nil
}

// ParseTime reads 9am, 9.30, 14:00 or 2.15 pm; the value is 15:04.
func ParseTime(text string) (string, error) {
	bad := errors.New("must be a time, such as 9am or 14:30")
	m := clockTime.FindStringSubmatch(strings.ToLower(strings.TrimSpace(text)))
	if m == nil {
		return "", bad
	}
	hour, minute := number(m[1]), number(m[2])
	if m[3] != "" {
		if hour < 1 || hour > 12 {
			return "", bad
		}
		hour %= 12
		if m[3][0] == 'p' {
			hour += 12
		}
	} else if m[2] == "" {
		return "", bad
	}
	if hour > 23 || minute > 59 {
		return "", bad
	}
	return fmt.Sprintf("%02d:%02d", hour, minute), nil
}

func number(text string) int {
	n, _ := strconv.Atoi(text)
	return n
}

// monthOf reads a month as a number or by at least its first three letters; 0 for
// anything else.
func monthOf(text string) int {
	if n := number(text); n > 0 {
		return n
	}
	for m := time.January; m <= time.December; m++ {
		name := strings.ToLower(m.String())
		if strings.HasPrefix(name, strings.ToLower(text)) || strings.ToLower(text) == "sept" && m == time.September {
			return int(m)
		}
	}
	return 0
}
