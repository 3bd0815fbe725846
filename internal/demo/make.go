package demo

import (
	"context"
	"errors"
	"maps"
	"math/rand/v2"
	"slices"

	"iom/internal/casework/ref"
	"iom/internal/casework/registration"
	"iom/internal/casework/review"
	"iom/internal/platform/audit"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
)

// Options are the size of the scheme and where its numbers come from. The same
// options make the same scheme.
type Options struct {
	People int        // 0: 300
	Months int        // of history; 0: 60
	Today  clock.Date // the day up to which the history goes
	Seed   uint64
	// Summarise is what the application does to the summary rows at each commit.
	// Here it is done once, at the end, for everybody who was touched: what it makes
	// depends on what is recorded alone.
	Summarise func(ctx context.Context, tx *db.Tx, nominals []int64) error
}

// ErrNotEmpty refuses a database that holds anything else.
var ErrNotEmpty = errors.New("the database holds something already; the demonstration is made only in an empty one: name a new folder with --data")

// Empty says whether nothing has been made in the database.
func Empty(ctx context.Context, d *db.DB) (bool, error) {
	return db.View(ctx, d, authz.Actor{Account: db.SystemAccount}, "demo.empty", func(ctx context.Context, q *db.ReadTx) (bool, audit.Seen, error) {
		var used bool
		err := q.QueryRow(ctx, `SELECT EXISTS (SELECT FROM area) OR (SELECT count(*) FROM account) > 1`).Scan(&used)
		return !used, audit.Nobody(), err
	})
}

// Make makes the scheme in the empty database at an address of the role iom_app.
func Make(ctx context.Context, url string, o Options) ([]Credentials, error) {
	if o.People == 0 {
		o.People = 300
	}
	if o.Months == 0 {
		o.Months = 60
	}
	start := o.Today.AddMonths(-o.Months)
	set := clock.NewManual(start.At(8, 0))
	touched := map[int64]bool{}
	note := func(_ context.Context, _ *db.Tx, nominals []int64) error {
		for _, n := range nominals {
			touched[n] = true
		}
		return nil
	}
	// A crash in the middle loses the whole demonstration anyway, so that commits need not wait for the disk.
	d, err := db.Open(ctx, db.Options{URL: url, Clock: set, Summarise: note, Hurried: true})
	if err != nil {
		return nil, err
	}
	defer d.Close()
	empty, err := Empty(ctx, d)
	if err != nil {
		return nil, err
	}
	if !empty {
		return nil, ErrNotEmpty
	}
	r := rand.New(rand.NewPCG(o.Seed, 1))
	s := &show{d: d, clock: set, r: r, today: o.Today, months: o.Months, cases: map[ref.NominalID]*person{}, world: world{areas: map[string]ref.AreaID{},
		agencies: map[string]ref.AgencyID{}, accounts: map[string]ref.AccountID{}, groups: map[string]ref.GroupID{}, names: map[ref.AccountID]string{}}}
	names := &namer{r: r, used: map[string]bool{}}
	if err := s.build(ctx, d, names); err != nil {
		return nil, err
	}
	if err := s.furnish(ctx); err != nil {
		return nil, err
	}
	s.calendar(start.AddDays(20))
	s.weeklies()
	s.diary()
	s.series()
	s.cast(names, start, o.People)
	s.tell()
	if err := s.play(ctx); err != nil {
		return nil, err
	}
	return s.made, summarise(ctx, d, o, touched)
}

// summarise makes the summary rows, a few dozen people at a time.
func summarise(ctx context.Context, d *db.DB, o Options, touched map[int64]bool) error {
	for some := range slices.Chunk(slices.Sorted(maps.Keys(touched)), 50) {
		if _, err := db.Write(ctx, d, system(), func(ctx context.Context, tx *db.Tx) (bool, error) {
			tx.Record(audit.Event{Operation: audit.Alter, Command: "demo.summarise", Nominals: some, Listed: true})
			return true, o.Summarise(ctx, tx, some)
		}); err != nil {
			return err
		}
	}
	return nil
}

// cast plans when each person is referred: more of them lately, so that the live
// list is full.
func (s *show) cast(names *namer, start clock.Date, people int) {
	days := s.today.DaysSince(start)
	for i := range people {
		female := chance(s.r, 16)
		family, given := names.next(female)
		p := &person{leaf: i % len(leaves), family: family, given: given, female: female, serial: 100000 + i*37,
			promise: between(s.r, 25, 90), statutory: chance(s.r, 70)}
		p.profile = &profiles[s.r.IntN(len(profiles))]
		on := start.AddDays(days * i / people)
		age := between(s.r, 19, 52)
		if chance(s.r, 6) {
			age = between(s.r, 15, 17)
		}
		p.born = on.AddMonths(-12 * age).AddDays(-between(s.r, 20, 340))
		p.lead = s.user(pick(s.r, []string{"police", "police2"}), p.leaf)
		if p.statutory {
			p.lead = s.user(pick(s.r, []string{"probation", "probation2"}), p.leaf)
		}
		s.plan(on, between(s.r, 9, 16), s.r.IntN(60), "a referral", func(ctx context.Context) error { return s.refer(ctx, p) })
	}
}

func (s *show) current(ctx context.Context, p *person, user string) (ref.RegistrationID, error) {
	r, err := ask(ctx, s, user, func(ctx context.Context, q *db.ReadTx) (registration.Registration, error) {
		return registration.Latest(ctx, q, p.nominal)
	})
	return r.ID, err
}

func (s *show) latestRating(ctx context.Context, p *person, user string) (ref.RatingID, error) {
	id, err := s.current(ctx, p, user)
	if err != nil {
		return 0, err
	}
	r, err := ask(ctx, s, user, func(ctx context.Context, q *db.ReadTx) (review.Rating, error) { return review.Latest(ctx, q, id) })
	return r.ID, err
}
