package meeting

import (
	"context"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"iom/internal/casework/account"
	"iom/internal/casework/agency"
	"iom/internal/casework/ref"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
)

// CorePosts are what the guide calls the core members of a meeting, to be offered
// when an area makes its list (R56).
var CorePosts = []string{"Detective Inspector", "Senior Probation Officer", "Probation officer", "Police IOM officer",
	"Substance misuse practitioner", "Local authority housing representative"}

// Core is a core post of an area: the agency that fills it and who holds it (R56).
type Core struct {
	ID         int64
	Area       ref.AreaID // the node to whose list it belongs
	Post       string
	Agency     ref.AgencyID
	AgencyName string
	Account    ref.AccountID // 0: vacant
	Name       string
	From       clock.Date
	Works      bool // the holder works in the area today; false for a vacant post
}

// CoreOf is the standing list of an area node, by agency and post: its own or, while
// it has none, that of the nearest node above it that has.
func CoreOf(ctx context.Context, q db.Querier, node ref.AreaID) ([]Core, error) {
	rows, err := q.Query(ctx, `
		WITH RECURSIVE up AS (
			SELECT id, parent_id, 0 AS far FROM area WHERE id = $1
			UNION ALL SELECT a.id, a.parent_id, up.far + 1 FROM area a JOIN up ON a.id = up.parent_id
		), standing AS (
			SELECT p.*, up.far FROM up JOIN core_post p ON p.area_id = up.id
			WHERE p.valid_from <= $2 AND NOT EXISTS (SELECT FROM core_post_end e WHERE e.post_id = p.id AND e.ended_on <= $2))
		SELECT p.id, p.area_id AS area, p.post, p.agency_id AS agency, y.name AS agency_name, coalesce(p.account_id, 0) AS account,
			coalesce(c.name, '') AS name, p.valid_from AS from, false AS works
		FROM standing p JOIN agency y ON y.id = p.agency_id LEFT JOIN account c ON c.id = p.account_id
		WHERE p.far = (SELECT min(far) FROM standing) ORDER BY lower(y.name), lower(p.post), p.id`, node, q.Today())
	if err != nil {
		return nil, err
	}
	all, err := pgx.CollectRows(rows, pgx.RowToStructByName[Core])
	if err != nil || len(all) == 0 {
		return nil, err
	}
	people, err := account.People(ctx, q, node)
	for i, c := range all {
		all[i].Works = slices.ContainsFunc(people, func(p account.Person) bool { return p.ID == c.Account })
	}
	return all, err
}

// Unrepresented are the agencies of the core list of which nobody will be, or is, at
// the meeting: none of theirs is invited, or all of them are away (R56).
func Unrepresented(list []Core, attendees []Attendee) []string {
	var names []string
	for _, c := range list {
		there := slices.ContainsFunc(attendees, func(a Attendee) bool { return a.Agency == c.Agency && !a.Guest && !a.Away() })
		if !there && !slices.Contains(names, c.AgencyName) {
			names = append(names, c.AgencyName)
		}
	}
	return names
}

// NewCore is a post for the list. Account 0 leaves it vacant.
type NewCore struct {
	Post    string
	Agency  ref.AgencyID
	Account ref.AccountID
}

// CheckCore says what is wrong with a new post; list is what the area has, agencies
// and people what it can choose from.
func CheckCore(n NewCore, list []Core, agencies []agency.Agency, people []account.Person) []fault.Problem {
	var wrong []fault.Problem
	say := func(field, text string) { wrong = append(wrong, fault.Problem{Field: field, Rule: "R56", Text: text}) }
	if strings.TrimSpace(n.Post) == "" {
		say("post", "Enter the post, such as Police IOM officer")
	}
	if !slices.ContainsFunc(agencies, func(a agency.Agency) bool { return a.ID == n.Agency }) {
		say("agency", "Choose an agency from the list")
	}
	i := slices.IndexFunc(people, func(p account.Person) bool { return p.ID == n.Account })
	switch {
	case n.Account == 0:
	case i < 0:
		say("account", "Choose somebody who works in this area, or leave the post vacant")
	case people[i].Agency != n.Agency:
		say("account", people[i].Name+" works for "+people[i].AgencyName)
	case slices.ContainsFunc(list, func(c Core) bool { return c.Account == n.Account }):
		say("account", people[i].Name+" is on the list already")
	}
	return wrong
}

// AddCore puts a post on the list of an area from today (R56). The problems' fields
// are post, agency and account. The first post of an area ends its use of the list
// above it.
func AddCore(ctx context.Context, d *db.DB, s db.Submission, node ref.AreaID, n NewCore) error {
	_, err := db.Write(ctx, d, s, func(ctx context.Context, tx *db.Tx) (bool, error) {
		if err := db.Must(tx, authz.RunMeetings, int64(node)); err != nil {
			return false, err
		}
		list, err := ownCore(ctx, tx, node)
		if err != nil {
			return false, err
		}
		agencies, err := agency.Current(ctx, tx, tx.Today())
		if err != nil {
			return false, err
		}
		people, err := account.People(ctx, tx, node)
		if err != nil {
			return false, err
		}
		if err := fault.Refused(CheckCore(n, list, agencies, people)); err != nil {
			return false, err
		}
		_, err = tx.Exec(ctx, `INSERT INTO core_post (area_id, post, agency_id, account_id, valid_from, recorded_at, recorded_by) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
			node, strings.TrimSpace(n.Post), n.Agency, ref.Null(n.Account), tx.Today(), tx.Now(), tx.Actor().Account)
		tx.Record(event("add core post", 0, node, "post", "agency", "account"))
		return true, err
	})
	return err
}

// EndCore takes a post off the list of an area; that it was there is kept.
func EndCore(ctx context.Context, d *db.DB, s db.Submission, node ref.AreaID, post int64) error {
	_, err := db.Write(ctx, d, s, func(ctx context.Context, tx *db.Tx) (bool, error) {
		if err := db.Must(tx, authz.RunMeetings, int64(node)); err != nil {
			return false, err
		}
		list, err := ownCore(ctx, tx, node)
		if err != nil {
			return false, err
		}
		if !slices.ContainsFunc(list, func(c Core) bool { return c.ID == post }) {
			return false, fault.Missing()
		}
		_, err = tx.Exec(ctx, `INSERT INTO core_post_end (post_id, ended_on, recorded_at, recorded_by) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`,
			post, tx.Today(), tx.Now(), tx.Actor().Account)
		tx.Record(event("end core post", 0, node, "post"))
		return true, err
	})
	return err
}

// ownCore is the list of the node itself.
func ownCore(ctx context.Context, q db.Querier, node ref.AreaID) ([]Core, error) {
	list, err := CoreOf(ctx, q, node)
	return slices.DeleteFunc(list, func(c Core) bool { return c.Area != node }), err
}

// InviteCore invites everybody who holds a core post of the area, in one step (R56).
// Who does not work there today is left out; so is a post that is vacant.
func InviteCore(ctx context.Context, d *db.DB, s db.Submission, id ref.MeetingID) error {
	_, err := db.Write(ctx, d, s, func(ctx context.Context, tx *db.Tx) (bool, error) {
		m, err := changeable(ctx, tx, id)
		if err != nil {
			return false, err
		}
		list, err := CoreOf(ctx, tx, m.Area)
		if err != nil {
			return false, err
		}
		list = slices.DeleteFunc(list, func(c Core) bool { return !c.Works })
		if len(list) == 0 {
			return false, fault.Refuse("", "R56", "Nobody on the list of core members works in this area. Make the list first")
		}
		for _, c := range list {
			if err := seat(ctx, tx, id, c.Account, c.Agency, core); err != nil {
				return false, err
			}
		}
		tx.Record(event("invite core members", id, m.Area, "members"))
		return true, nil
	})
	return err
}
