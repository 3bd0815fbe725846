package main

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"iom/internal/casework/nominal"
	"iom/internal/platform/audit"
	"iom/internal/platform/db"
	"iom/internal/platform/migrate"
	"iom/internal/platform/pgserver"
)

// searchName is what -only calls the searches.
const searchName = "search"

// searched is what came of looking for people by one kind of spelling.
type searched struct {
	spelling string
	took     []time.Duration // of each search, in order
	found    float64         // share of the names that were found
}

func (s searched) percentile(share float64) time.Duration {
	return run{took: s.took}.percentile(share)
}

// sought is how many people are looked for by each spelling.
const sought = 200

// unheard is how many are looked for before anything counts, as with the pages: the connection
// plans, and Postgres reads what it needs into memory.
const unheard = 20

// spellings are what is typed for a name: as it is, and with one slip in the family name.
var spellings = []struct {
	name string
	slip func(family []rune, n int) []rune
}{
	{"exact", func(family []rune, _ int) []rune { return family }},
	{"a letter left out", func(family []rune, n int) []rune { return slices.Delete(family, at(family, n), at(family, n)+1) }},
	{"a letter too many", func(family []rune, n int) []rune { return slices.Insert(family, at(family, n), 'x') }},
	{"a wrong letter", func(family []rune, n int) []rune { family[at(family, n)] = 'x'; return family }},
	{"two swapped", func(family []rune, n int) []rune {
		i := at(family, n)
		family[i-1], family[i] = family[i], family[i-1]
		return family
	}},
}

// at is one of the letters after the first.
func at(word []rune, n int) int { return 1 + n%(len(word)-1) }

// search looks for people spread over all, one after the other, as the co-ordinator
// of the whole force. Names are shared by many, so that a name counts as found when
// anybody of that name is.
func (b *bench) search(ctx context.Context) (all []searched, err error) {
	conn, err := pgx.Connect(ctx, b.server.URL(with, pgserver.Superuser))
	if err != nil {
		return nil, err
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	rows, err := conn.Query(ctx, `SELECT family_name AS family, given_names AS given FROM nominal_identity WHERE nominal_id % $1 = 0 ORDER BY nominal_id LIMIT $2`,
		max(1, (b.scheme.Listed+b.scheme.Past)/sought), sought)
	if err != nil {
		return nil, err
	}
	people, err := pgx.CollectRows(rows, pgx.RowToStructByName[nominal.Name])
	if err != nil {
		return nil, err
	}
	d, err := db.Open(ctx, db.Options{URL: b.server.URL(with, migrate.App), MaxConns: 1})
	if err != nil {
		return nil, err
	}
	defer d.Close()
	who, err := d.StandingOf(ctx, int64(b.scheme.Coordinator))
	if err != nil {
		return nil, err
	}
	look := func(terms nominal.Terms) ([]nominal.Found, error) {
		found, err := db.View(ctx, d, who.Actor, "search", func(ctx context.Context, q *db.ReadTx) ([]nominal.Found, audit.Seen, error) {
			found, err := nominal.Search(ctx, q, terms)
			return found, audit.Nobody(), err
		})
		if err != nil {
			err = fmt.Errorf("searching: %w", err)
		}
		return found, err
	}
	for _, of := range people[:min(len(people), unheard)] {
		if _, err := look(nominal.Terms{FamilyName: of.Family, GivenNames: of.Given}); err != nil {
			return nil, err
		}
	}
	for _, spelling := range spellings {
		s := searched{spelling: spelling.name}
		hits := 0
		for n, of := range people {
			terms := nominal.Terms{FamilyName: string(spelling.slip([]rune(of.Family), n)), GivenNames: of.Given}
			start := time.Now()
			found, err := look(terms)
			if err != nil {
				return nil, err
			}
			s.took = append(s.took, time.Since(start))
			if slices.ContainsFunc(found, func(f nominal.Found) bool { return f.Name() == of }) {
				hits++
			}
		}
		slices.Sort(s.took)
		s.found = float64(hits) / float64(max(1, len(people)))
		all = append(all, s)
	}
	return all, nil
}
