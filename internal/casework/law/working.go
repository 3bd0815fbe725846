package law

import "iom/internal/platform/clock"

// practical is the day on which somebody is let out who is due on a legal day: the
// working day before, where that is at a weekend or a bank holiday. Expiry and supervision never move.
func practical(release clock.Date) Day {
	d := Day{Mark: Practical, On: release, Why: "The legal day is a working day", Rule: WorkingDay}
	if !release.IsWorkingDay() {
		d.On = release.WorkingDayBefore()
		d.Why = release.Long() + " is at a weekend or a bank holiday"
	}
	return d
}

// beforeFriday is the day to which the governor may bring a release forward so that a
// working day follows it. It is by discretion, and so a day of its own beside the practical one.
func beforeFriday(practical clock.Date) Day {
	on := practical
	for !on.IsWorkingDay() || !on.AddDays(1).IsWorkingDay() {
		on = on.AddDays(-1)
	}
	if on == practical || practical.Before(NotFriday.From) {
		return Day{}
	}
	return Day{Mark: BeforeFriday, On: on, Why: "So that a working day follows release; the governor decides", Rule: NotFriday}
}
