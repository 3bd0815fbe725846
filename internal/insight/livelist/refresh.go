package livelist

import (
	"context"
	"slices"

	"github.com/jackc/pgx/v5"

	"iom/internal/casework/area"
	"iom/internal/casework/rag"
	"iom/internal/casework/ref"
	"iom/internal/platform/audit"
	"iom/internal/platform/authz"
	"iom/internal/platform/db"
)

// Refresh recomputes the summary rows of nominals within the transaction that
// touched them: db.Options.Summarise. The row of somebody who is no longer
// registered goes.
func Refresh(ctx context.Context, tx *db.Tx, nominals []int64) error {
	found, err := load(ctx, tx, nominals)
	if err != nil {
		return err
	}
	kept := []int64{}
	batch := &pgx.Batch{}
	for _, f := range found {
		s := rag.DefaultSettings
		if n := len(f.Ratings); n > 0 && f.Ratings[n-1] == rag.Amber { // the only rating with a setting
			if s, err = settingsOf(ctx, tx, f.Area); err != nil {
				return err
			}
		}
		if r, ok := summarise(f, s); ok {
			kept = append(kept, int64(r.Registration))
			put(batch, r)
		}
	}
	batch.Queue(`DELETE FROM live_list WHERE nominal_id = ANY ($1) AND registration_id <> ALL ($2)`, nominals, kept)
	return tx.SendBatch(ctx, batch).Close()
}

func settingsOf(ctx context.Context, q db.Querier, a ref.AreaID) (rag.Settings, error) {
	days, err := area.Number(ctx, q, a, area.AmberVisitDays)
	return rag.Settings{AmberVisitDays: days}, err
}

func put(b *pgx.Batch, r Row) {
	b.Queue(`INSERT INTO live_list (registration_id, nominal_id, area_id, rating, rating_rank, rated_on, ratified, sort_name, family_name,
			given_names, born, warnings, lead_account_id, lead_name, lead_agency_id, lead_agency, status, status_ends_on, prison, release_on,
			mappa_level, group_ids, registered_on, reviewed_on, review_due_on, open_actions, action_dues, next_action_due, last_contact_on,
			last_visit_on, visit_due_on, deregistration_proposed, adoption_missing, release_computed, status_computed, final_third_on)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28,
			$29, $30, $31, $32, $33, $34, $35, $36)
		ON CONFLICT (registration_id) DO UPDATE SET rating = excluded.rating, rating_rank = excluded.rating_rank, rated_on = excluded.rated_on,
			ratified = excluded.ratified, sort_name = excluded.sort_name, family_name = excluded.family_name, given_names = excluded.given_names,
			born = excluded.born, warnings = excluded.warnings, lead_account_id = excluded.lead_account_id, lead_name = excluded.lead_name,
			lead_agency_id = excluded.lead_agency_id, lead_agency = excluded.lead_agency, status = excluded.status,
			status_ends_on = excluded.status_ends_on, prison = excluded.prison, release_on = excluded.release_on,
			mappa_level = excluded.mappa_level, group_ids = excluded.group_ids, reviewed_on = excluded.reviewed_on,
			review_due_on = excluded.review_due_on, open_actions = excluded.open_actions, action_dues = excluded.action_dues,
			next_action_due = excluded.next_action_due, last_contact_on = excluded.last_contact_on, last_visit_on = excluded.last_visit_on,
			visit_due_on = excluded.visit_due_on, deregistration_proposed = excluded.deregistration_proposed, adoption_missing = excluded.adoption_missing,
			release_computed = excluded.release_computed, status_computed = excluded.status_computed, final_third_on = excluded.final_third_on`,
		r.Registration, r.Nominal, r.Area, r.Rating, r.Rank, r.RatedOn, r.Ratified, r.SortName, r.Family, r.Given, r.Born, r.Warnings,
		r.LeadAccount, r.LeadName, r.LeadAgency, r.AgencyName, r.Status, r.StatusEnds, r.Prison, r.ReleaseOn, r.MAPPA, r.Groups,
		r.RegisteredOn, r.ReviewedOn, r.ReviewDue, r.Open, r.ActionDues, r.NextAction, r.LastContact, r.LastVisit, r.VisitDue, r.Proposed,
		r.LinesMissing, r.ReleaseByLaw, r.StatusByLaw, r.FinalThird)
}

// rebuildAt is how many nominals one transaction of Rebuild takes.
const rebuildAt = 500

// Rebuild recomputes every row from nothing, as the application itself, and says for
// how many people. Pages do not wait for it: they have it done by the job Anew.
func Rebuild(ctx context.Context, d *db.DB) (people int, err error) {
	system, err := d.StandingOf(ctx, db.SystemAccount)
	if err != nil {
		return 0, err
	}
	return rebuild(ctx, d, system.Actor)
}

// rebuild recomputes the rows of everybody whom the actor may see.
func rebuild(ctx context.Context, d *db.DB, actor authz.Actor) (people int, err error) {
	ids, err := db.View(ctx, d, actor, "live list.rebuild", func(ctx context.Context, q *db.ReadTx) ([]int64, audit.Seen, error) {
		found, err := q.Query(ctx, `SELECT nominal_id FROM registration WHERE ended_at IS NULL UNION SELECT nominal_id FROM live_list ORDER BY 1`)
		if err != nil {
			return nil, audit.Nobody(), err
		}
		ids, err := pgx.CollectRows(found, pgx.RowTo[int64])
		return ids, audit.Nobody(), err
	})
	if err != nil {
		return 0, err
	}
	for some := range slices.Chunk(ids, rebuildAt) {
		_, err := db.Write(ctx, d, db.Once(actor.Account), func(ctx context.Context, tx *db.Tx) (bool, error) {
			tx.Record(audit.Event{Operation: audit.Alter, Command: "live list.rebuild", Object: "live list"})
			return true, Refresh(ctx, tx, some)
		})
		if err != nil {
			return 0, err
		}
	}
	return len(ids), nil
}
