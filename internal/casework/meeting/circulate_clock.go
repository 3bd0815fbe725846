package meeting

import (
	"context"
	"strconv"

	"github.com/jackc/pgx/v5"

	"iom/internal/casework/area"
	"iom/internal/casework/ref"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
)

// workingDays is the choice of an area that counts working days (area.CirculationDays).
const workingDays = "working"

// circulationDays are within how many days of the meeting plans and actions go out (R64).
const circulationDays = 2

// CirculateBy is the last day on which the updated plans and actions of a meeting are
// circulated in time: two days after it. The guide does not say whether these are
// working days; the area's choice does (area.CirculationDays).
func CirculateBy(heldOn clock.Date, days string) clock.Date {
	by := heldOn
	for left := circulationDays; left > 0; {
		by = by.AddDays(1)
		if days != workingDays || by.IsWorkingDay() {
			left--
		}
	}
	return by
}

// Deadline is how a meeting stands with its circulation.
type Deadline struct {
	By clock.Date
	On clock.Date // first circulated; zero: not yet
}

// Late is by how many days it is late, or was; 0 when it is not.
func (d Deadline) Late(today clock.Date) int {
	if !d.On.IsZero() {
		today = d.On
	}
	return max(0, today.DaysSince(d.By))
}

// Words say how it stands: "Circulate by Thursday 26 November, 1 day left".
func (d Deadline) Words(today clock.Date) string {
	late := d.Late(today)
	if !d.On.IsZero() {
		said := "Circulated on " + d.On.Weekday().String() + " " + d.On.Long()
		if late > 0 {
			said += ", " + days(late) + " late"
		}
		return said
	}
	by := "Circulate by " + d.By.Weekday().String() + " " + strconv.Itoa(d.By.Day) + " " + d.By.Month.String()
	switch left := d.By.DaysSince(today); {
	case late > 0:
		return by + ", " + days(late) + " late"
	case left == 0:
		return by + ", today"
	default:
		return by + ", " + days(left) + " left"
	}
}

func days(n int) string {
	if n == 1 {
		return "1 day"
	}
	return strconv.Itoa(n) + " days"
}

// Deadlines are how the closed ones among some meetings stand with the circulation of
// their plans and actions.
func Deadlines(ctx context.Context, q db.Querier, all []Meeting) (map[ref.MeetingID]Deadline, error) {
	found := map[ref.MeetingID]Deadline{}
	chosen := map[ref.AreaID]string{}
	ids := []ref.MeetingID{}
	for _, m := range all {
		if m.ClosedAt == nil {
			continue
		}
		if chosen[m.Area] == "" {
			value, err := area.Setting(ctx, q, m.Area, area.CirculationDays)
			if err != nil {
				return nil, err
			}
			chosen[m.Area] = value
		}
		ids = append(ids, m.ID)
		found[m.ID] = Deadline{By: CirculateBy(m.HeldOn, chosen[m.Area])}
	}
	if len(ids) == 0 {
		return found, nil
	}
	rows, err := q.Query(ctx, `SELECT meeting_id, (min(recorded_at) AT TIME ZONE 'Europe/London')::date FROM circulation
		WHERE kind = 'plans' AND meeting_id = ANY ($1) GROUP BY meeting_id`, ids)
	if err != nil {
		return nil, err
	}
	var (
		id ref.MeetingID
		on clock.Date
	)
	_, err = pgx.ForEachRow(rows, []any{&id, &on}, func() error {
		d := found[id]
		d.On = on
		found[id] = d
		return nil
	})
	return found, err
}
