package livelist

import (
	"context"

	"github.com/jackc/pgx/v5"

	"iom/internal/platform/db"
	"iom/internal/platform/job"
)

// Anew is the job that recomputes the rows of an area and of what is below it.
const Anew job.Kind = "live_list.anew"

// RefreshLater asks for it: db.Options.SummariseLater.
func RefreshLater(ctx context.Context, tx *db.Tx, area int64) error {
	return job.Enqueue(ctx, tx, job.Job{Kind: Anew, Area: area})
}

// RefreshAll is the worker of Anew. Doing it twice does no harm.
func RefreshAll(ctx context.Context, t job.Task) error {
	_, err := rebuild(ctx, t.DB, t.Actor)
	return err
}

// QueueAnew asks in a batch whether the list is being worked out anew.
func QueueAnew(b *pgx.Batch) { job.QueueWaiting(b, Anew) }

// ReadAnew reads the answer: the list may still show what was before a change of a
// setting or of a name.
func ReadAnew(r pgx.BatchResults) (bool, error) {
	_, waits, err := job.ReadWaiting(r.QueryRow())
	return waits, err
}
