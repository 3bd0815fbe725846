package nominalpage

import (
	"iom/internal/insight/livelist"
	"iom/web/ui"
)

// nextReview is the day by which the rating is to be reviewed; the guide sets none
// at GREEN and PRISON.
func nextReview(r livelist.Row) string {
	if r.ReviewDue.IsZero() {
		return "No limit set by the guide at " + string(r.Rating)
	}
	return ui.Long(r.ReviewDue)
}
