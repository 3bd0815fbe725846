package nominal

import (
	"context"

	"github.com/jackc/pgx/v5"

	"iom/internal/casework/ref"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
)

// GroupsFor is an area's list of priority groups on a day: those set for it and
// for every area above it (R25: the guide itself disagrees on how many there are).
func GroupsFor(ctx context.Context, q db.Querier, area ref.AreaID, on clock.Date) ([]Group, error) {
	rows, err := q.Query(ctx, `SELECT g.id, g.name, g.short FROM priority_group g JOIN area_under u ON u.area_id = g.area_id
		WHERE u.under_id = $1 AND g.valid_from <= $2 AND (g.valid_to IS NULL OR g.valid_to >= $2) ORDER BY g.name, g.id`, area, on)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByName[Group])
}

// Standard are the seven priority groups that the guide prints (R24).
var Standard = []Group{
	{Name: "Child Sexual Exploitation", Short: "CSE"},
	{Name: "Counter Terrorism persons of interest", Short: "CT"},
	{Name: "Domestic Violence perpetrators", Short: "DV"},
	{Name: "Gangs", Short: "Gangs"},
	{Name: "MAPPA 1", Short: "MAPPA 1"},
	{Name: "Serious and Acquisitive Crime", Short: "SAC"},
	{Name: "Serious and Organised Crime", Short: "SOC"},
}

// DefineGroup puts a group on the list of an area and those below it, from a day.
// Whoever calls has checked the permission and records the event.
func DefineGroup(ctx context.Context, tx *db.Tx, area ref.AreaID, g Group, from clock.Date) (ref.GroupID, error) {
	var id ref.GroupID
	err := tx.QueryRow(ctx, `INSERT INTO priority_group (area_id, name, short, valid_from, recorded_at, recorded_by)
		VALUES ($1, $2, $3, $4, $5, $6) RETURNING id`, area, g.Name, g.Short, from, tx.Now(), tx.Actor().Account).Scan(&id)
	return id, err
}

// EndGroup takes a group off the list after a day. Who belonged to it still does.
func EndGroup(ctx context.Context, tx *db.Tx, id ref.GroupID, last clock.Date) error {
	_, err := tx.Exec(ctx, `UPDATE priority_group SET valid_to = $2 WHERE id = $1 AND valid_to IS NULL`, id, last)
	return err
}
