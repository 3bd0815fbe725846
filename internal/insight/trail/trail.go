// Package trail reads the log: who did what, when and about whom. It gives ids of
// nominals and no names, and names of fields and no values. Which entries somebody
// reads is decided in Postgres: an auditor those of the areas granted, and those
// over several areas only with a grant at the force.
package trail

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"iom/internal/casework/ref"
	"iom/internal/platform/audit"
	"iom/internal/platform/clock"
)

// Rows is what reading needs: a transaction of package db, or a connection of the
// auditor's own role.
type Rows interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
}

// Entry is one line of the log.
type Entry struct {
	ID        int64           `json:"id"`
	At        time.Time       `json:"at"`
	Account   ref.AccountID   `json:"account"`
	Username  string          `json:"username"`
	Name      string          `json:"name"`
	Operation audit.Operation `json:"operation"`
	Command   string          `json:"command"` // what was done, or the page that was read
	Area      string          `json:"area,omitempty"`
	Nominals  []int64         `json:"nominals"`
	Listed    bool            `json:"listed"` // seen in a list, not opened
	Object    string          `json:"object,omitempty"`
	ObjectID  int64           `json:"object_id,omitempty"`
	Fields    []string        `json:"fields"`
	Reason    string          `json:"reason,omitempty"`
	Outcome   string          `json:"outcome"` // done or refused
	Request   string          `json:"request,omitempty"`
}

// Filter narrows the log. Zero values do not.
type Filter struct {
	Account   ref.AccountID // who acted
	Operation audit.Operation
	Nominal   ref.NominalID
	From, To  clock.Date // first and last day in London
	Before    int64      // only entries older than the one with this id
	Limit     int        // 0: 100
}

// Read is the log, the newest entry first. more says that there are older ones
// beyond the limit.
func Read(ctx context.Context, q Rows, f Filter) (entries []Entry, more bool, err error) {
	limit := f.Limit
	if limit <= 0 {
		limit = 100
	}
	rows, err := q.Query(ctx, `
		SELECT e.id, e.at, e.account_id AS account, a.username, a.name, e.operation, e.command, coalesce(r.name, '') AS area, e.nominals, e.listed,
			e.object, coalesce(e.object_id, 0) AS object_id, e.fields, e.reason, e.outcome, e.request
		FROM log_event e JOIN account a ON a.id = e.account_id LEFT JOIN area r ON r.id = e.area_id
		WHERE ($1::bigint = 0 OR e.account_id = $1) AND ($2 = '' OR e.operation = $2) AND ($3::bigint = 0 OR $3 = ANY (e.nominals))
			AND ($4::timestamptz IS NULL OR e.at >= $4) AND ($5::timestamptz IS NULL OR e.at < $5) AND ($6::bigint = 0 OR e.id < $6)
		ORDER BY e.id DESC LIMIT $7`,
		int64(f.Account), string(f.Operation), int64(f.Nominal), start(f.From), end(f.To), f.Before, limit+1)
	if err != nil {
		return nil, false, err
	}
	entries, err = pgx.CollectRows(rows, pgx.RowToStructByName[Entry])
	if len(entries) > limit {
		entries, more = entries[:limit], true
	}
	for i := range entries {
		entries[i].At = entries[i].At.In(clock.London)
	}
	return entries, more, err
}

func start(d clock.Date) *time.Time {
	if d.IsZero() {
		return nil
	}
	at := d.Start()
	return &at
}

func end(d clock.Date) *time.Time {
	if d.IsZero() {
		return nil
	}
	return start(d.AddDays(1))
}

// Operations are those that the log knows, in the order in which the law names them.
var Operations = []audit.Operation{audit.Collect, audit.Alter, audit.Consult, audit.Disclose, audit.Combine, audit.Erase}

// OperationWord is an operation as people say it.
func OperationWord(o audit.Operation) string {
	switch o {
	case audit.Collect:
		return "Collection"
	case audit.Alter:
		return "Alteration"
	case audit.Consult:
		return "Consultation"
	case audit.Disclose:
		return "Disclosure"
	case audit.Combine:
		return "Combination"
	case audit.Erase:
		return "Erasure"
	}
	return string(o)
}
