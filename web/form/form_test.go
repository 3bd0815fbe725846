package form_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"iom/internal/platform/clock"
	"iom/web/form"
)

func TestDatesAsPeopleTypeThem(t *testing.T) {
	t.Parallel()
	march := clock.NewDate(2026, time.March, 12)
	for typed, want := range map[string]clock.Date{
		"12/3/2026": march, "12/03/26": march, "12 3 2026": march, "12.3.2026": march, "12-3-2026": march, "2026-03-12": march,
		"12 Mar 2026": march, "12 march 2026": march, " 12/3/2026 ": march, "1 sept 1999": clock.NewDate(1999, time.September, 1),
		"29/2/2024": clock.NewDate(2024, time.February, 29), "5/6/70": clock.NewDate(1970, time.June, 5), "5/6/69": clock.NewDate(2069, time.June, 5),
	} {
		if got, err := form.ParseDate(typed); err != nil || got != want {
			t.Errorf("%q is %s, %v; want %s", typed, got, err, want)
		}
	}
	for _, typed := range []string{"31/2/2026", "29/2/2025", "0/1/2026", "1/13/2026", "1/0/2026", "12/3", "soon", "12 Mxx 2026", "1/1/1899", "1/1/2201", "1/1/026", "12/3/2026x"} {
		if got, err := form.ParseDate(typed); err == nil {
			t.Errorf("%q was read as %s", typed, got)
		}
	}
}

func TestTimesAsPeopleTypeThem(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{"9am": "09:00", "9.30": "09:30", "14:00": "14:00", "2.15 pm": "14:15", "12am": "00:00", "12pm": "12:00",
		"9:05 a.m.": "09:05", "23:59": "23:59", "0:00": "00:00"} {
		if got, err := form.ParseTime(typed); err != nil || got != want {
			t.Errorf("%q is %q, %v; want %q", typed, got, err, want)
		}
	}
	for _, typed := range []string{"9", "24:00", "9:60", "13pm", "0am", "noon", "9:5", "-1:00"} {
		if got, err := form.ParseTime(typed); err == nil {
			t.Errorf("%q was read as %q", typed, got)
		}
	}
}

// Any day that is written in one of the ways comes back as itself.
func TestEveryDayComesBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		day := clock.NewDate(1900, 1, 1).AddDays(rapid.IntRange(0, 109_000).Draw(t, "days"))
		for _, typed := range []string{day.Typed(), day.String(), day.Long(), day.Short()} {
			if got, err := form.ParseDate(typed); err != nil || got != day {
				t.Fatalf("%q is %s, %v", typed, got, err)
			}
		}
	})
}

func FuzzParseDate(f *testing.F) {
	for _, seed := range []string{"12/3/2026", "2026-03-12", "31/2/2026", "12 Mar 2026", "", "\x00", "99/99/99"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		day, err := form.ParseDate(typed)
		if err != nil {
			return
		}
		if again, err := form.ParseDate(day.Typed()); err != nil || again != day {
			t.Errorf("%q is %s, which is %s, %v", typed, day, again, err)
		}
	})
}

func FuzzParseTime(f *testing.F) {
	for _, seed := range []string{"9am", "14:00", "12.30pm", "", "25:00"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		at, err := form.ParseTime(typed)
		if err != nil {
			return
		}
		if _, err := time.Parse("15:04", at); err != nil {
			t.Errorf("%q is %q, which is no time of day", typed, at)
		}
	})
}

func sent(pairs ...string) *form.Form {
	v := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		v.Add(pairs[i], pairs[i+1])
	}
	return form.Submitted(v)
}

func TestWhatIsWrongIsSaidInPlainWordsAndWhatWasTypedIsKept(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 1<<20)
	for name, c := range map[string]struct {
		f    *form.Form
		read func(f *form.Form)
		want string
		kept string
	}{
		"empty":            {sent("place", " "), func(f *form.Form) { f.Line("place", "Place", form.Required) }, "Enter the place", " "},
		"empty question":   {sent(), func(f *form.Form) { f.Prose("log", "What happened", form.Required) }, "Enter what happened", ""},
		"empty identifier": {sent(), func(f *form.Form) { f.Line("pncid", "PNCID", form.Required) }, "Enter the PNCID", ""},
		"own password":     {sent(), func(f *form.Form) { f.Secret("p", "Your password") }, "Enter your password", ""},
		"no choice":        {sent(), func(f *form.Form) { f.Choice("kind", "Kind of contact", form.Required, "a") }, "Choose the kind of contact", ""},
		"forged choice":    {sent("kind", "z"), func(f *form.Form) { f.Choice("kind", "Kind", form.Required, "a") }, "Choose the kind from the list", "z"},
		"a megabyte":       {sent("log", long), func(f *form.Form) { f.Prose("log", "Log", form.Required) }, "Log must be 20000 characters or fewer", long},
		"NUL":              {sent("log", "a\x00b"), func(f *form.Form) { f.Prose("log", "Log", form.Required) }, "Log has a character that cannot be kept (NUL). Remove it and try again", "a\x00b"},
		"impossible date":  {sent("d", "31/2/2026"), func(f *form.Form) { f.Date("d", "Date", form.Required) }, "Date must be a real date", "31/2/2026"},
		"birth to come":    {sent("d", "2/6/2026"), func(f *form.Form) { f.PastDate("d", "Date of birth", form.Required, clock.NewDate(2026, 6, 1)) }, "Date of birth must be today or in the past", "2/6/2026"},
	} {
		c.read(c.f)
		problems := c.f.Problems()
		if len(problems) != 1 || problems[0].Text != c.want {
			t.Errorf("%s: %v, want %q", name, problems, c.want)
			continue
		}
		if got := c.f.Field(problems[0].Field).Value; got != c.kept {
			t.Errorf("%s: %d characters are kept of %d", name, len(got), len(c.kept))
		}
	}
}

// An unanswered question is neither yes nor no.
func TestUnansweredIsNotNo(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string][2]bool{"yes": {true, true}, "no": {false, true}, "": {false, false}} {
		f := sent("q", typed)
		if yes, answered := f.YesNo("q", "Question", form.Optional); yes != want[0] || answered != want[1] {
			t.Errorf("%q is yes %v, answered %v", typed, yes, answered)
		}
	}
}

func TestASecretIsNeverPutBackIntoThePage(t *testing.T) {
	t.Parallel()
	f := sent("p", "correct horse battery staple")
	if got := f.Secret("p", "Password"); got != "correct horse battery staple" || f.Field("p").Value != "" || f.Field("p").Values != nil {
		t.Errorf("read %q, shown %+v", got, f.Field("p"))
	}
}
