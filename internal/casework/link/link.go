// Package link keeps how the scheme stands to other arrangements for the same
// person: so far the MAPPA level (R100-R104).
package link

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"iom/internal/casework/ref"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
)

// MAPPA is the level at which somebody is managed from a day on. The level is not
// the category: "MAPPA 1" on the paper form means level 1 (R24), so it is always
// shown in words.
type MAPPA struct {
	ID         int64         `db:"id"`
	Nominal    ref.NominalID `db:"nominal_id"`
	Level      int           `db:"level"`    // 0: no longer subject
	Category   *int          `db:"category"` // nil: not known
	From       clock.Date    `db:"from_on"`
	Note       string        `db:"note"`
	Source     string        `db:"source"`
	RecordedAt time.Time     `db:"recorded_at"`
	By         string        `db:"by_name"`
}

// Word is "MAPPA level 2", with the category after it where it is known.
func (m MAPPA) Word() string {
	if m.Level == 0 {
		return "Not subject to MAPPA"
	}
	word := "MAPPA level " + strconv.Itoa(m.Level)
	if m.Category != nil {
		word += " (category " + strconv.Itoa(*m.Category) + ")"
	}
	return word
}

// Consequence says what the guide makes of a level.
func Consequence(level int) string {
	switch level {
	case 1:
		return "May be managed in IOM. The offender manager must be able to reach IOM arrangements (R100)."
	case 2:
		return "IOM may intervene, but the MAPPA panel holds overall responsibility and takes precedence for risk. Both offender managers attend both meetings (R102, R103)."
	case 3:
		return "The guide says two things: level 3 is mandatory deregistration (R81), and levels 2 and 3 may be managed by both (R103). The meeting decides; MAPPA takes precedence for risk."
	}
	return ""
}

// NewMAPPA is a level to be recorded.
type NewMAPPA struct {
	Nominal  ref.NominalID
	Level    int
	Category int // 0: not known
	From     clock.Date
	Note     string
	Source   string
}

// CheckMAPPA says what keeps a level from being recorded.
func CheckMAPPA(n NewMAPPA, today clock.Date) []fault.Problem {
	var all []fault.Problem
	add := func(field, text string) {
		all = append(all, fault.Problem{Field: field, Rule: "R100", Text: text})
	}
	if n.Level < 0 || n.Level > 3 {
		add("level", "Choose MAPPA level 1, 2 or 3, or no longer subject")
	}
	if n.Category < 0 || n.Category > 4 {
		add("category", "Choose MAPPA category 1 to 4, or not known")
	}
	switch {
	case n.From.IsZero():
		add("from_on", "Enter the date from which this holds")
	case n.From.After(today):
		add("from_on", "The date from which this holds must be today or in the past")
	}
	if strings.TrimSpace(n.Source) == "" {
		add("source", "Enter the source: who or what this comes from")
	}
	return all
}

// InsertMAPPA appends a level within a command of another room, which checks the
// permission and records the event.
func InsertMAPPA(ctx context.Context, tx *db.Tx, n NewMAPPA) (id int64, err error) {
	if err := fault.Refused(CheckMAPPA(n, tx.Today())); err != nil {
		return 0, err
	}
	err = tx.QueryRow(ctx, `INSERT INTO mappa_level (nominal_id, level, category, from_on, note, source, recorded_at, recorded_by)
		VALUES ($1, $2, nullif($3::int, 0), $4, $5, $6, $7, $8) RETURNING id`,
		n.Nominal, n.Level, n.Category, n.From, n.Note, n.Source, tx.Now(), tx.Actor().Account).Scan(&id)
	if err == nil {
		tx.Touch(int64(n.Nominal))
	}
	return id, err
}

// MAPPAHistory gives the levels as they were recorded, the latest first.
func MAPPAHistory(ctx context.Context, q db.Querier, nominal ref.NominalID) ([]MAPPA, error) {
	rows, err := q.Query(ctx, `SELECT m.id, m.nominal_id, m.level, m.category, m.from_on, m.note, m.source, m.recorded_at, a.name AS by_name
		FROM mappa_level m JOIN account a ON a.id = m.recorded_by
		WHERE m.nominal_id = $1 AND NOT EXISTS (SELECT FROM fact_closed c WHERE c.fact = 'mappa_level' AND c.fact_id = m.id)
		ORDER BY m.id DESC`, nominal)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByName[MAPPA])
}

// MAPPAOf gives the current level; ok is false when nothing was recorded or the
// person is no longer subject.
func MAPPAOf(ctx context.Context, q db.Querier, nominal ref.NominalID) (m MAPPA, ok bool, err error) {
	all, err := MAPPAHistory(ctx, q, nominal)
	if err != nil || len(all) == 0 || all[0].Level == 0 {
		return MAPPA{}, false, err
	}
	return all[0], true, nil
}
