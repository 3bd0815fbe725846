package registration

import (
	"iom/internal/casework/link"
	"iom/internal/casework/sentence"
	"iom/internal/platform/clock"
)

// mappaConflict is the guide's own contradiction, which is shown and not hidden (R82).
const mappaConflict = "The guide says two things: level 3 is mandatory deregistration (R81), and elsewhere IOM and MAPPA may manage levels 2 and 3 together (R103). The meeting decides"

// LongCustody says that a sentence is of five years or more in custody (R79),
// counted from the day it was imposed: sixty months are five years, and so are
// as many days as the five years from that day have. Life counts.
func LongCustody(s sentence.Sentence) bool {
	if s.Kind != sentence.Custody {
		return false
	}
	return s.Life || !termEnd(s).Before(s.ImposedOn.AddMonths(60))
}

// termEnd is the day on which the term, counted from the day it was imposed, is over.
func termEnd(s sentence.Sentence) clock.Date {
	return s.ImposedOn.AddMonths(12*s.Years + s.Months).AddDays(7*s.Weeks + s.Days)
}

// CheckFiveYears is the mandatory trigger of R79: a sentence of five years or more
// in custody, imposed since this registration began. One imposed on the very day
// counts, since the adopting meeting need not have known. Shorter sentences of one
// day that would be five years in sum are shown: whether they are consecutive the
// record does not tell.
func CheckFiveYears(began clock.Date, all []sentence.Sentence) Criterion {
	c := Criterion{Key: FiveYears, Rule: "R79", Mandatory: true, State: NotMet, Why: "No such sentence since registration is recorded"}
	for _, s := range all {
		if s.ImposedOn.Before(began) || !LongCustody(s) {
			continue
		}
		c.State, c.Why = Met, "Five years or more in custody imposed since registration"
		c.Evidence = append(c.Evidence, Evidence{s.ImposedOn, "Custody of " + s.Term().String() + " imposed at " + s.Court})
	}
	if c.State == Met {
		return c
	}
	for _, day := range sumDays(began, all) {
		c.State = NotKnown
		c.Why = "Several sentences of one day are five years or more in sum. Find out whether they are consecutive"
		c.Evidence = append(c.Evidence, Evidence{day, "Several custodial sentences imposed"})
	}
	return c
}

// sumDays are the days since began on which custodial sentences were imposed that
// are five years or more only when they follow each other.
func sumDays(began clock.Date, all []sentence.Sentence) []clock.Date {
	var days []clock.Date
	seen := map[clock.Date]sentence.Sentence{}
	for _, s := range all {
		if s.Kind != sentence.Custody || s.ImposedOn.Before(began) {
			continue
		}
		sum := seen[s.ImposedOn]
		before := LongCustody(sum)
		sum.Kind, sum.ImposedOn = sentence.Custody, s.ImposedOn
		sum.Years, sum.Months, sum.Weeks, sum.Days = sum.Years+s.Years, sum.Months+s.Months, sum.Weeks+s.Weeks, sum.Days+s.Days
		seen[s.ImposedOn] = sum
		if !before && LongCustody(sum) {
			days = append(days, s.ImposedOn)
		}
	}
	return days
}

// CheckMAPPA is the mandatory trigger of R81: MAPPA level 3 now, shown with the
// guide's contradiction (R82).
func CheckMAPPA(m link.MAPPA, ok bool) Criterion {
	c := Criterion{Key: MAPPALevel3, Rule: "R81", Mandatory: true, State: NotMet, Why: "MAPPA level 3 is not recorded"}
	if ok && m.Level == 3 {
		c.State, c.Why, c.Note = Met, "Subject to MAPPA level 3", mappaConflict
		c.Evidence = []Evidence{{m.From, m.Word()}}
	}
	return c
}
