package area

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"iom/internal/casework/ref"
	"iom/internal/platform/audit"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
	"iom/internal/platform/mail"
)

// Key names something that the guide leaves open and each area chooses.
type Key string

// The settings.
const (
	AmberVisitDays  Key = "amber_visit_days" // days between home visits at AMBER (R45)
	CirculationDays Key = "circulation_days" // whether "within 2 days" counts working days (R64)
	MeetingCadence  Key = "meeting_cadence"  // how often the scheme meets (R54)
	MonthsAhead     Key = "months_ahead"     // for how many months series of meetings are planned ahead (R52)
	SecureDomains   Key = "secure_domains"   // to whose addresses papers may be attached (R64), one pattern a line
)

// Choice is one value that a setting can have.
type Choice struct{ Value, Text string }

// Known is a setting: what it is about, what the guide says, and what may be chosen.
type Known struct {
	Key     Key
	Name    string
	Guide   string // what the guide says, so that the choice can be defended
	Rule    string
	Default string
	Unit    string   // of a number
	Least   int      // of a number
	Most    int      // of a number; 0: it is a choice
	Choices []Choice // none: it is a number, or lines
	Lines   bool     // it is a list of domains, one a line; it may be empty
}

// Settings are all that there are, in the order in which they are shown.
var Settings = []Known{
	{Key: AmberVisitDays, Name: "Days between home visits at AMBER", Rule: "R45", Default: "14", Unit: "days", Least: 7, Most: 28,
		Guide: "The guide asks for home visits “bi-weekly” at AMBER. Between weekly at RED and monthly at GREEN that is read as every 14 days."},
	{Key: CirculationDays, Name: "Days in which plans and actions are circulated", Rule: "R64", Default: "working",
		Guide:   "The guide has them circulated within 2 days of the meeting. It does not say whether weekends and bank holidays count.",
		Choices: []Choice{{"working", "2 working days"}, {"calendar", "2 days, weekends and bank holidays included"}}},
	{Key: MeetingCadence, Name: "How often the scheme meets", Rule: "R54", Default: "monthly",
		Guide:   "The guide has monthly meetings; East Sussex later met fortnightly, and practitioners meet weekly in each hub.",
		Choices: []Choice{{"weekly", "Every week"}, {"fortnightly", "Every fortnight"}, {"monthly", "Every month"}}},
	{Key: MonthsAhead, Name: "Months for which series of meetings are planned ahead", Rule: "R52", Default: "6", Unit: "months", Least: 1, Most: 12,
		Guide: "The guide has meetings every month and does not say how long before they are planned."},
	{Key: SecureDomains, Name: "Secure mail domains", Rule: "R64", Lines: true,
		Guide: "The guide has plans and actions circulated “by secure e-mail”. A file goes only to addresses in these domains, such as sussex.police.uk, *.police.uk or *.cjsm.net, one a line. Everybody else gets a link and nothing of a case."},
}

// Describe is the setting with the key.
func Describe(key Key) (Known, bool) {
	i := slices.IndexFunc(Settings, func(k Known) bool { return k.Key == key })
	if i < 0 {
		return Known{}, false
	}
	return Settings[i], true
}

// Word is a value as people say it.
func (k Known) Word(value string) string {
	if k.Lines {
		if value == "" {
			return "none"
		}
		return strings.Join(strings.Fields(value), ", ")
	}
	for _, c := range k.Choices {
		if c.Value == value {
			return c.Text
		}
	}
	return value + " " + k.Unit
}

// Check says why a value cannot be chosen; empty when it can.
func (k Known) Check(value string) string {
	if k.Lines {
		for line := range strings.Lines(value) {
			if problem := mail.CheckPattern(line); strings.TrimSpace(line) != "" && problem != "" {
				return problem
			}
		}
		return ""
	}
	if len(k.Choices) > 0 {
		if slices.ContainsFunc(k.Choices, func(c Choice) bool { return c.Value == value }) {
			return ""
		}
		return "Choose one of the answers"
	}
	n, err := strconv.Atoi(value)
	if err != nil || strconv.Itoa(n) != value || n < k.Least || n > k.Most {
		return "Enter a whole number from " + strconv.Itoa(k.Least) + " to " + strconv.Itoa(k.Most)
	}
	return ""
}

// Setting is what holds in an area: its own latest choice, else that of the
// nearest area above it, else the default.
func Setting(ctx context.Context, q db.Querier, area ref.AreaID, key Key) (string, error) {
	known, ok := Describe(key)
	if !ok {
		return "", errors.New("area: there is no setting " + string(key))
	}
	var value string
	err := q.QueryRow(ctx, `
		WITH RECURSIVE up AS (
			SELECT id, parent_id, 0 AS far FROM area WHERE id = $1
			UNION ALL SELECT a.id, a.parent_id, up.far + 1 FROM area a JOIN up ON a.id = up.parent_id)
		SELECT s.value FROM up JOIN area_setting s ON s.area_id = up.id AND s.key = $2 ORDER BY up.far, s.id DESC LIMIT 1`, area, key).Scan(&value)
	if errors.Is(err, pgx.ErrNoRows) {
		return known.Default, nil
	}
	return value, err
}

// SecureDomainsOf are the domains to whose addresses an area attaches papers, as
// patterns (mail.Secure); none where nobody has chosen any.
func SecureDomainsOf(ctx context.Context, q db.Querier, area int64) ([]string, error) {
	value, err := Setting(ctx, q, ref.AreaID(area), SecureDomains)
	return strings.Fields(value), err
}

// Number is a setting that is a number, as AmberVisitDays.
func Number(ctx context.Context, q db.Querier, area ref.AreaID, key Key) (int, error) {
	value, err := Setting(ctx, q, area, key)
	if err != nil {
		return 0, err
	}
	return strconv.Atoi(value)
}

// Set chooses within a transaction. The field of its problem is the key.
func Set(ctx context.Context, tx *db.Tx, area ref.AreaID, key Key, value string) error {
	if err := mustManage(tx, area); err != nil {
		return err
	}
	known, ok := Describe(key)
	if !ok {
		return fault.Missing()
	}
	if problem := known.Check(value); problem != "" {
		return fault.Refuse(string(key), known.Rule, problem)
	}
	if _, err := tx.Exec(ctx, `INSERT INTO area_setting (area_id, key, value, recorded_at, recorded_by) VALUES ($1, $2, $3, $4, $5)`,
		area, key, value, tx.Now(), tx.Actor().Account); err != nil {
		return err
	}
	tx.Record(audit.Event{Operation: audit.Alter, Command: "area.set", Area: int64(area), Object: "area", ObjectID: int64(area), Fields: []string{string(key)}})
	return nil
}

// Choose sets what holds in an area from now on; what held before is kept.
// Values that already hold are left alone.
func Choose(ctx context.Context, d *db.DB, s db.Submission, area ref.AreaID, values map[Key]string) (changed int, err error) {
	return db.Write(ctx, d, s, func(ctx context.Context, tx *db.Tx) (int, error) {
		if err := mustManage(tx, area); err != nil {
			return 0, err
		}
		var problems []fault.Problem
		changed := 0
		for _, known := range Settings {
			value, given := values[known.Key]
			if !given {
				continue
			}
			now, err := Setting(ctx, tx, area, known.Key)
			if err != nil {
				return 0, err
			}
			if now == value {
				continue
			}
			if err := Set(ctx, tx, area, known.Key, value); fault.KindOf(err) == fault.Invalid {
				problems = append(problems, fault.ProblemsOf(err)...)
			} else if err != nil {
				return 0, err
			}
			changed++
		}
		if changed == 0 {
			return 0, fault.Refuse("", "", "Nothing has been changed")
		}
		tx.TouchAll(int64(area)) // what is due on the live list follows from the settings
		return changed, fault.Refused(problems)
	})
}

// Held is what holds in an area for one setting, and where that comes from.
type Held struct {
	Known
	Value string
	Area  ref.AreaID // whose choice it is; 0: nobody has chosen, it is the default
	In    string     // name of that area
	By    string     // who chose
	At    time.Time
}

// HeldIn is what holds in an area, setting by setting.
func HeldIn(ctx context.Context, q db.Querier, area ref.AreaID) ([]Held, error) {
	rows, err := q.Query(ctx, `
		WITH RECURSIVE up AS (
			SELECT id, parent_id, name, 0 AS far FROM area WHERE id = $1
			UNION ALL SELECT a.id, a.parent_id, a.name, up.far + 1 FROM area a JOIN up ON a.id = up.parent_id)
		SELECT DISTINCT ON (s.key) s.key, s.value, up.id, up.name, c.name, s.recorded_at
		FROM up JOIN area_setting s ON s.area_id = up.id JOIN account c ON c.id = s.recorded_by
		ORDER BY s.key, up.far, s.id DESC`, area)
	if err != nil {
		return nil, err
	}
	all := make([]Held, len(Settings))
	for i, known := range Settings {
		all[i] = Held{Known: known, Value: known.Default}
	}
	var key Key
	var h Held
	_, err = pgx.ForEachRow(rows, []any{&key, &h.Value, &h.Area, &h.In, &h.By, &h.At}, func() error {
		for i := range all {
			if all[i].Key == key {
				h.Known = all[i].Known
				all[i] = h
			}
		}
		return nil
	})
	return all, err
}
