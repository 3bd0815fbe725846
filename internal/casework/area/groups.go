package area

import (
	"context"
	"strings"

	"github.com/jackc/pgx/v5"

	"iom/internal/casework/ref"
	"iom/internal/platform/audit"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
)

// Group is a priority group. It holds for the area in which it was made and for
// everything below (R25), from its first day to its last.
type Group struct {
	ID    ref.GroupID
	Area  ref.AreaID
	Name  string
	Short string // as it stands in the live list
	From  clock.Date
	To    clock.Date // zero while it is in use
}

// Current says whether the group is in use on the day.
func (g Group) Current(on clock.Date) bool {
	return !g.From.After(on) && (g.To.IsZero() || !g.To.Before(on))
}

// PrintedGroups are the seven on the referral form (R24). A scheme starts with
// these; each area may add its own and end those that it does not use (R25).
var PrintedGroups = []Group{
	{Name: "Child Sexual Exploitation", Short: "CSE"},
	{Name: "Counter Terrorism persons of interest", Short: "CT"},
	{Name: "Domestic Violence perpetrators", Short: "DV"},
	{Name: "Gangs", Short: "Gangs"},
	{Name: "MAPPA 1", Short: "MAPPA 1"},
	{Name: "Serious and Acquisitive Crime", Short: "SAC"},
	{Name: "Serious and Organised Crime", Short: "SOC"},
}

// PriorityGroups are the groups in use in an area today: its own and those of the
// areas above it, by name.
func PriorityGroups(ctx context.Context, q db.Querier, area ref.AreaID) ([]Group, error) {
	all, err := AllPriorityGroups(ctx, q, area)
	var current []Group
	for _, g := range all {
		if g.Current(q.Today()) {
			current = append(current, g)
		}
	}
	return current, err
}

// AllPriorityGroups are the groups of an area and of those above it, ended ones
// included, by name.
func AllPriorityGroups(ctx context.Context, q db.Querier, area ref.AreaID) ([]Group, error) {
	rows, err := q.Query(ctx, `
		SELECT g.id, g.area_id AS area, g.name, g.short, g.valid_from AS "from", g.valid_to AS "to"
		FROM priority_group g JOIN area_under u ON u.area_id = g.area_id AND u.under_id = $1
		ORDER BY lower(g.name), g.id`, area)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByName[Group])
}

// AddPriorityGroup adds a group to an area from today. The fields of its problems
// are "name" and "short".
func AddPriorityGroup(ctx context.Context, d *db.DB, s db.Submission, area ref.AreaID, name, short string) (ref.GroupID, error) {
	return db.Write(ctx, d, s, func(ctx context.Context, tx *db.Tx) (ref.GroupID, error) {
		return InsertPriorityGroup(ctx, tx, area, name, short)
	})
}

// InsertPriorityGroup is AddPriorityGroup within a transaction.
func InsertPriorityGroup(ctx context.Context, tx *db.Tx, area ref.AreaID, name, short string) (id ref.GroupID, err error) {
	if err := mustManage(tx, area); err != nil {
		return 0, err
	}
	name, short = strings.TrimSpace(name), strings.TrimSpace(short)
	if err := tx.Lock(ctx, "priority groups", 1); err != nil {
		return 0, err
	}
	above, err := AllPriorityGroups(ctx, tx, area)
	if err != nil {
		return 0, err
	}
	if err := fault.Refused(CheckGroup(name, short, above, tx.Today())); err != nil {
		return 0, err
	}
	err = tx.QueryRow(ctx, `INSERT INTO priority_group (area_id, name, short, valid_from, recorded_at, recorded_by) VALUES ($1, $2, $3, $4, $5, $6) RETURNING id`,
		area, name, short, tx.Today(), tx.Now(), tx.Actor().Account).Scan(&id)
	if db.Violates(err, "priority_group_area_id_name_key") {
		return 0, fault.Refuse("name", "R25", "This area had a group of this name before. Give the new one another name, so that the two are told apart")
	}
	if err != nil {
		return 0, err
	}
	tx.Record(audit.Event{Operation: audit.Collect, Command: "area.add_group", Area: int64(area), Object: "priority group", ObjectID: int64(id),
		Fields: []string{"name", "short"}})
	return id, nil
}

// CheckGroup says what is wrong with a new group.
func CheckGroup(name, short string, existing []Group, on clock.Date) (problems []fault.Problem) {
	refuse := func(field, text string) {
		problems = append(problems, fault.Problem{Field: field, Text: text, Rule: "R25"})
	}
	switch {
	case name == "":
		refuse("name", "Enter the name of the group")
	case len(name) > 100:
		refuse("name", "The name must be 100 characters or fewer")
	}
	switch {
	case short == "":
		refuse("short", "Enter a short name for the live list")
	case len(short) > 12:
		refuse("short", "The short name must be 12 characters or fewer")
	}
	for _, g := range existing {
		if !g.Current(on) {
			continue
		}
		if strings.EqualFold(g.Name, name) {
			refuse("name", "This group is in use here already")
		} else if strings.EqualFold(g.Short, short) {
			refuse("short", "“"+g.Short+"” is short for "+g.Name+" here")
		}
	}
	return problems
}

// EndPriorityGroup ends a group: today is its last day. Whoever was in it stays
// recorded so.
func EndPriorityGroup(ctx context.Context, d *db.DB, s db.Submission, id ref.GroupID) error {
	_, err := db.Write(ctx, d, s, func(ctx context.Context, tx *db.Tx) (bool, error) {
		var at ref.AreaID
		row, err := tx.Query(ctx, `SELECT area_id FROM priority_group WHERE id = $1`, id)
		if err != nil {
			return false, err
		}
		found, err := pgx.CollectRows(row, pgx.RowTo[ref.AreaID])
		if err != nil {
			return false, err
		}
		if len(found) == 0 {
			return false, fault.Missing()
		}
		at = found[0]
		if err := mustManage(tx, at); err != nil {
			return false, err
		}
		done, err := tx.Exec(ctx, `UPDATE priority_group SET valid_to = $2 WHERE id = $1 AND valid_to IS NULL`, id, tx.Today())
		if err == nil && done.RowsAffected() == 0 {
			err = fault.Changed()
		}
		if err != nil {
			return false, err
		}
		tx.Record(audit.Event{Operation: audit.Alter, Command: "area.end_group", Area: int64(at), Object: "priority group", ObjectID: int64(id), Fields: []string{"to"}})
		return true, nil
	})
	return err
}

// mustManage says whether the actor looks after the area. An area made in this
// very transaction is in no grant's list yet, so the whole force is asked too.
func mustManage(tx *db.Tx, area ref.AreaID) error {
	if tx.Actor().MayEverywhere(authz.ManageAccounts) {
		return nil
	}
	return db.Must(tx, authz.ManageAccounts, int64(area))
}
