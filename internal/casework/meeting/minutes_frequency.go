package meeting

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"iom/internal/casework/nominal"
	"iom/internal/casework/rag"
	"iom/internal/casework/ref"
	"iom/internal/platform/db"
	"iom/internal/platform/pdf"
)

// Supervision is a frequency of supervision as a meeting agreed it en bloc, for
// somebody who need not have been on its agenda (R44, R47).
type Supervision struct {
	Nominal   ref.NominalID `db:"nominal_id" json:"nominal"`
	Name      string        `db:"-" json:"name"`
	Rating    rag.Rating    `db:"rating" json:"rating"` // for which it was agreed
	Frequency string        `db:"frequency" json:"frequency"`
	AgreedBy  string        `db:"agreed_by" json:"agreed_by"`
}

// Rule is the rule by which the frequency is agreed.
func (s Supervision) Rule() string {
	return Frequency{FrequencyFacts: FrequencyFacts{Rating: s.Rating}}.Rule()
}

// supervisionsOf are the frequencies that a meeting agreed en bloc for those whom the
// actor may see, the last agreed of each: AMBER first, then by name. Nothing is added
// once the meeting is closed, so every version of the minutes has the same.
func supervisionsOf(ctx context.Context, q db.Querier, id ref.MeetingID) ([]Supervision, error) {
	rows, err := q.Query(ctx, `SELECT DISTINCT ON (u.nominal_id) u.nominal_id, u.rating, u.frequency, u.agreed_by
		FROM supervision_agreement u WHERE u.meeting_id = $1 AND u.nominal_id <> ALL ($2) ORDER BY u.nominal_id, u.id DESC`, id, hiddenFrom(q))
	if err != nil {
		return nil, err
	}
	all, err := pgx.CollectRows(rows, pgx.RowToStructByName[Supervision])
	if err != nil || len(all) == 0 {
		return nil, err
	}
	ids := make([]ref.NominalID, len(all))
	for i, s := range all {
		ids[i] = s.Nominal
	}
	names, err := nominal.Names(ctx, q, ids)
	for i := range all {
		all[i].Name = names[all[i].Nominal].Sorted()
	}
	slices.SortFunc(all, func(a, b Supervision) int {
		return cmp.Or(cmp.Compare(a.Rating.Rank(), b.Rating.Rank()), cmp.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)), cmp.Compare(a.Nominal, b.Nominal))
	})
	return all, err
}

// drawSupervisions puts them into the file: those of one rating and frequency together.
func drawSupervisions(d *pdf.Document, all []Supervision) {
	if len(all) == 0 {
		return
	}
	d.Heading(2, "Supervision agreed en bloc")
	var groups []Supervision // the first of each
	names := map[string][]string{}
	key := func(s Supervision) string {
		return string(s.Rating) + ", " + s.Frequency + " (" + s.Rule() + ")" + "\n" + s.AgreedBy
	}
	for _, s := range all {
		if names[key(s)] == nil {
			groups = append(groups, s)
		}
		names[key(s)] = append(names[key(s)], s.Name)
	}
	for _, g := range groups {
		title, agreed, _ := strings.Cut(key(g), "\n")
		d.Term(title, strings.Join(names[key(g)], "\n"), agreed)
	}
}
