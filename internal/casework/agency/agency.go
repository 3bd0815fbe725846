// Package agency holds the organisations that work together in the scheme. They
// come and go (R154, R203), so they are data with dates and need no new program.
package agency

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"iom/internal/casework/ref"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
)

// Agency is an organisation. From and To are its first and last day in the
// scheme; To is zero while it takes part.
type Agency struct {
	ID      ref.AgencyID
	Name    string
	Kind    string
	From    clock.Date
	To      clock.Date
	Version int64
}

// Kinds are the kinds of agency, in the order in which they are offered.
var Kinds = []string{"police", "probation", "council", "housing", "substance misuse", "health", "mental health", "youth",
	"social services", "employment", "prison", "voluntary", "court", "victims", "governance", "other"}

// KindWord is a kind as people write it.
func KindWord(kind string) string {
	if kind == "" {
		return ""
	}
	return strings.ToUpper(kind[:1]) + kind[1:]
}

// Current says whether the agency takes part on the day.
func (a Agency) Current(on clock.Date) bool {
	return !a.From.After(on) && (a.To.IsZero() || !a.To.Before(on))
}

const columns = `SELECT id, name, kind, valid_from AS "from", valid_to AS "to", version FROM agency `

func collect(ctx context.Context, q db.Querier, sql string, args ...any) ([]Agency, error) {
	rows, err := q.Query(ctx, columns+sql, args...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByName[Agency])
}

// All is every agency that has ever taken part, by name.
func All(ctx context.Context, q db.Querier) ([]Agency, error) {
	return collect(ctx, q, `ORDER BY lower(name), id`)
}

// Current is every agency that takes part on the day, by name.
func Current(ctx context.Context, q db.Querier, on clock.Date) ([]Agency, error) {
	return collect(ctx, q, `WHERE valid_from <= $1 AND (valid_to IS NULL OR valid_to >= $1) ORDER BY lower(name), id`, on)
}

// Get is one agency; fault.Missing when there is none.
func Get(ctx context.Context, q db.Querier, id ref.AgencyID) (Agency, error) {
	found, err := collect(ctx, q, `WHERE id = $1`, id)
	if err == nil && len(found) == 0 {
		err = fault.Missing()
	}
	if err != nil {
		return Agency{}, err
	}
	return found[0], nil
}

// Name is the name of an agency; empty when there is none.
func Name(ctx context.Context, q db.Querier, id ref.AgencyID) (name string, err error) {
	err = q.QueryRow(ctx, `SELECT name FROM agency WHERE id = $1`, id).Scan(&name)
	if errors.Is(err, pgx.ErrNoRows) {
		return "", nil
	}
	return name, err
}

// IsKind says whether there is such a kind.
func IsKind(kind string) bool { return slices.Contains(Kinds, kind) }
