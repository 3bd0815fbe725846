package demo

import (
	"context"
	"time"

	"iom/internal/casework/meeting"
	"iom/internal/casework/ref"
	"iom/internal/platform/clock"
)

// series starts the series of each leaf on the day before today: the monthly meeting
// goes on where those planned one by one end, and the practitioners meet every week
// (R52, R53); in Brighton, which met fortnightly for a while, every second week (R54).
func (s *show) series() {
	for leaf := range leaves {
		s.plan(s.today.AddDays(-1), 10, leaf, "series of meetings", func(ctx context.Context) error {
			monthly := meeting.Terms{Rhythm: meeting.Rhythm{Every: meeting.MonthByWeekday, Nth: rhythm[leaf].nth, Weekday: rhythm[leaf].weekday},
				From: s.firstOfSeries(leaf), Starts: pad(rhythm[leaf].hour, 2) + ":00", Place: rhythm[leaf].place}
			if err := s.start(ctx, leaf, meeting.Operational, monthly, attendees); err != nil {
				return err
			}
			weekly := meeting.Terms{Rhythm: meeting.Rhythm{Every: meeting.Weeks, Weeks: 1, Weekday: time.Friday},
				From: s.today, Starts: "09:30", Place: rhythm[leaf].place}
			if leaf == hub { // whose next two are planned by themselves (weeklies)
				weekly.From = s.today.AddDays(15)
			}
			if leaves[leaf].word == "brighton" {
				weekly.Weeks = 2
			}
			if leaf == hub {
				weekly.From = s.endOfWeeklies()
			}
			return s.start(ctx, leaf, meeting.Practitioners, weekly, []string{"police", "police2", "probation", "probation2"})
		})
	}
}

func (s *show) start(ctx context.Context, leaf int, k meeting.Kind, t meeting.Terms, members []string) error {
	t.Chair = s.accounts[s.user("chair", leaf)]
	t.Members = []ref.AccountID{s.accounts[s.user("coordinator", leaf)]}
	for _, word := range members {
		t.Members = append(t.Members, s.accounts[s.user(word, leaf)])
	}
	_, err := meeting.StartSeries(ctx, s.d, s.as(s.user("coordinator", leaf)), meeting.NewSeries{Area: s.areas[leaves[leaf].name], Kind: k, Terms: t})
	return err
}

// firstOfSeries is the first day of the month after the last in which a leaf's meeting
// was planned by itself (calendar).
func (s *show) firstOfSeries(leaf int) clock.Date {
	month := clock.NewDate(s.today.Year, s.today.Month, 1)
	for !meetsOn(leaf, month.Year, month.Month).After(s.today.AddMonths(2)) {
		month = month.AddMonths(1)
	}
	return month
}
