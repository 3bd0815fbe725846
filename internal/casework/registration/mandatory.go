package registration

import (
	"context"

	"iom/internal/casework/link"
	"iom/internal/casework/ref"
	"iom/internal/casework/sentence"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
)

// Trigger is a ground for mandatory deregistration that the record holds and no
// meeting has answered yet (R79, R81). Certain is false where somebody has to find
// out more first.
type Trigger struct {
	Nominal      ref.NominalID
	Registration ref.RegistrationID
	Area         ref.AreaID
	Key          string
	Rule         string
	Since        clock.Date
	Certain      bool
	Text         string
	Note         string // the guide's contradiction about MAPPA level 3 (R82)
}

// MandatoryIn lists the triggers of everybody registered in the areas, so that
// the agenda brings them to the meeting. One that a meeting has answered with
// "retain" does not come again for the same sentence or level.
func MandatoryIn(ctx context.Context, q db.Querier, areas []ref.AreaID) ([]Trigger, error) {
	return mandatory(ctx, q, `g.area_id = ANY ($1)`, areas)
}

// MandatoryOf lists the triggers of one person.
func MandatoryOf(ctx context.Context, q db.Querier, of ref.NominalID) ([]Trigger, error) {
	return mandatory(ctx, q, `g.nominal_id = $1`, of)
}

type sentenced struct {
	Registration               ref.RegistrationID
	Nominal                    ref.NominalID
	Area                       ref.AreaID
	Began                      clock.Date
	ImposedOn                  clock.Date
	Court                      string
	Years, Months, Weeks, Days int
	Life                       bool
}

// unanswered is the condition that no meeting has retained the person after a
// fact was recorded.
func unanswered(fact string) string {
	return ` AND NOT EXISTS (SELECT FROM registration_review v WHERE v.registration_id = g.id AND v.outcome = 'retain'
		AND v.meeting_id IS NOT NULL AND v.recorded_at > ` + fact + `.recorded_at) `
}

func mandatory(ctx context.Context, q db.Querier, which string, arg any) ([]Trigger, error) {
	rows, err := collect[sentenced](ctx, q, `
		SELECT g.id AS registration, g.nominal_id AS nominal, g.area_id AS area, g.began_on AS began, s.imposed_on, s.court,
			s.years, s.months, s.weeks, s.days, s.life
		FROM registration g JOIN sentence s ON s.nominal_id = g.nominal_id AND s.kind = 'custody' AND s.imposed_on >= g.began_on
		WHERE g.ended_at IS NULL AND `+which+unanswered("s")+`
			AND NOT EXISTS (SELECT FROM fact_closed f WHERE f.fact = 'sentence' AND f.fact_id = s.id)
		ORDER BY g.id, s.imposed_on, s.id`, arg)
	if err != nil {
		return nil, err
	}
	all := custodyTriggers(rows)
	levels, err := collect[levelled](ctx, q, `
		SELECT g.id AS registration, g.nominal_id AS nominal, g.area_id AS area, m.level, m.category, m.from_on
		FROM registration g CROSS JOIN LATERAL (
			SELECT * FROM mappa_level x WHERE x.nominal_id = g.nominal_id
				AND NOT EXISTS (SELECT FROM fact_closed f WHERE f.fact = 'mappa_level' AND f.fact_id = x.id)
			ORDER BY x.id DESC LIMIT 1) m
		WHERE g.ended_at IS NULL AND m.level = 3 AND `+which+unanswered("m")+` ORDER BY g.id`, arg)
	for _, l := range levels {
		c := CheckMAPPA(link.MAPPA{Level: l.Level, Category: l.Category, From: l.FromOn}, true)
		all = append(all, trigger(l.Nominal, l.Registration, l.Area, c))
	}
	return all, err
}

type levelled struct {
	Registration ref.RegistrationID
	Nominal      ref.NominalID
	Area         ref.AreaID
	Level        int
	Category     *int
	FromOn       clock.Date
}

// custodyTriggers asks the rule of R79 for each registration; rows are in order of it.
func custodyTriggers(rows []sentenced) []Trigger {
	var all []Trigger
	for start := 0; start < len(rows); {
		end := start
		var imposed []sentence.Sentence
		for ; end < len(rows) && rows[end].Registration == rows[start].Registration; end++ {
			r := rows[end]
			imposed = append(imposed, sentence.Sentence{Kind: sentence.Custody, ImposedOn: r.ImposedOn, Court: r.Court,
				Years: r.Years, Months: r.Months, Weeks: r.Weeks, Days: r.Days, Life: r.Life})
		}
		r := rows[start]
		if c := CheckFiveYears(r.Began, imposed); c.State != NotMet {
			all = append(all, trigger(r.Nominal, r.Registration, r.Area, c))
		}
		start = end
	}
	return all
}

func trigger(of ref.NominalID, reg ref.RegistrationID, area ref.AreaID, c Criterion) Trigger {
	t := Trigger{Nominal: of, Registration: reg, Area: area, Key: c.Key, Rule: c.Rule, Certain: c.State == Met, Text: c.Why, Note: c.Note}
	for _, e := range c.Evidence {
		if t.Since.IsZero() || e.On.Before(t.Since) {
			t.Since = e.On
		}
	}
	return t
}
