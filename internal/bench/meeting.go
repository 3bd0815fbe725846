package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"iom/internal/casework/account"
	"iom/internal/casework/area"
	"iom/internal/casework/meeting"
	"iom/internal/casework/ref"
	"iom/internal/insight/livelist"
	"iom/internal/platform/audit"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/internal/platform/migrate"
	"iom/internal/platform/pgserver"
	"iom/internal/platform/session"
)

// meetingName is what -only calls the measures of a meeting.
const meetingName = "meeting"

// atMeeting is the database of the meeting that is measured: the people on the list,
// and an area with a hundred people at RED.
const atMeeting = "iom_meeting"

// The size of the meeting.
const (
	discussed = 100 // cases
	attending = 50  // accounts that have signed
	following = 500 // pages that follow it, each with a session of its own, half at each process
	changes   = 40  // notes kept while they follow
	bursts    = 10  // notes on the case that is measured
)

// lateMost is how long a change is waited for.
const lateMost = 10 * time.Second

// meetingResult is what was measured of a meeting.
type meetingResult struct {
	told     []time.Duration // from the asking for a write to each follower's hearing of it, in order
	lost     int             // changes that did not come to a follower
	one, all run             // the sheet of a case, asked for by one reader and over all connections at once
	papers   run             // the papers, by one reader
}

// room is an open meeting, and sessions of those who attend.
type room struct {
	id                 ref.MeetingID
	cases              []ref.NominalID
	coordinator, chair ref.AccountID
	d                  *db.DB
	cookies            []string // of the followers
	own                []string // of the co-ordinator
}

// meet measures an open meeting of a hundred cases over two processes of the server.
func (b *bench) meet(ctx context.Context) (m meetingResult, err error) {
	if err := b.roomFor(ctx); err != nil {
		return m, err
	}
	app, sessions := b.server.URL(atMeeting, migrate.App), b.server.URL(atMeeting, migrate.Sessions)
	d, err := db.Open(ctx, db.Options{URL: app, Summarise: livelist.Refresh})
	if err != nil {
		return m, err
	}
	defer d.Close()
	r, err := b.open(ctx, d, sessions)
	if err != nil {
		return m, err
	}
	at := "/meetings/" + ref.Text(r.id)
	sheet := at + "/sheet/" + ref.Text(r.cases[0])
	switch {
	case b.explain:
		page := []target{{name: meetingName, path: sheet, as: r.coordinator}}
		if b.seen, err = capture(ctx, app, sessions, []ref.AccountID{r.coordinator}, page); err != nil {
			return m, err
		}
		return m, b.explainAll(ctx, os.Stdout, atMeeting, page)
	case b.profile != "":
		return m, b.profiled(ctx, atMeeting, []asking{{sheet, r.own}})
	}
	var both [2]*process
	for i := range both {
		if both[i], err = launch(ctx, b.iom, app, sessions); err != nil {
			return m, err
		}
		defer func() { err = errors.Join(err, both[i].stop()) }()
	}
	if m.told, m.lost, err = r.follow(ctx, at, both[0].addr, both[1].addr); err != nil {
		return m, err
	}
	for _, each := range []struct {
		asking
		into *run
	}{{asking{sheet, r.own[:1]}, &m.one}, {asking{sheet, r.own}, &m.all}, {asking{at + "/papers", r.own[:1]}, &m.papers}} {
		if _, err := ask(ctx, both[0].addr, each.path, each.cookies, b.length/4); err != nil {
			return m, err
		}
		if *each.into, err = both[0].ask(ctx, each.path, each.cookies, max(b.length, time.Second)); err != nil {
			return m, err
		}
		if each.into.failed > 0 || len(each.into.took) == 0 {
			return m, fmt.Errorf("bench: %s: %d answers and %d failures", each.path, len(each.into.took), each.into.failed)
		}
	}
	return m, nil
}

// roomFor makes the database of the meeting anew, from the one without a past.
func (b *bench) roomFor(ctx context.Context) error {
	conn, err := pgx.Connect(ctx, b.server.URL("postgres", pgserver.Superuser))
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	for _, sql := range []string{`DROP DATABASE IF EXISTS ` + atMeeting, `CREATE DATABASE ` + atMeeting + ` TEMPLATE ` + without} {
		if _, err := conn.Exec(ctx, sql); err != nil {
			return err
		}
	}
	return migrate.Bootstrap(ctx, b.server.URL("postgres", pgserver.Superuser), atMeeting)
}

// open makes the area and its people, and opens its meeting by the real commands.
func (b *bench) open(ctx context.Context, d *db.DB, sessions string) (r room, err error) {
	r.d, r.coordinator = d, b.scheme.Coordinator
	var (
		at   ref.AreaID
		many []ref.AccountID
	)
	_, err = db.Write(ctx, d, db.Once(db.SystemAccount), func(ctx context.Context, tx *db.Tx) (bool, error) {
		var force ref.AreaID
		if err := tx.QueryRow(ctx, `SELECT id FROM area WHERE kind = 'force'`).Scan(&force); err != nil {
			return false, err
		}
		if at, err = area.Insert(ctx, tx, area.New{Parent: force, Kind: area.Plain, Name: "Area of the meeting"}); err != nil {
			return false, err
		}
		for n := range attending + 1 {
			id, err := account.Insert(ctx, tx, account.New{Username: fmt.Sprintf("attendee%d", n), Name: givenNames[n%len(givenNames)] + " " + families[n%len(families)]})
			if err != nil {
				return false, err
			}
			role := authz.Police
			if n == attending {
				role, r.chair = authz.Chair, id
			} else {
				many = append(many, id)
			}
			if _, err := account.InsertGrant(ctx, tx, account.NewGrant{Account: id, Role: role, Agency: b.scheme.Agencies[0], Area: at}); err != nil {
				return false, err
			}
		}
		return true, nil
	})
	if err != nil {
		return r, err
	}
	people := b.scheme
	people.Leaves = []ref.AreaID{at}
	if err := people.atRed(ctx, b.server.URL(atMeeting, pgserver.Superuser), b.scheme.Listed+1, b.scheme.Listed+discussed); err != nil {
		return r, err
	}
	if err := r.begin(ctx, at, many); err != nil {
		return r, err
	}
	return r, r.enter(ctx, sessions, many)
}

// atRed makes people like those on the list, all of them at RED, whom every meeting discusses (R65).
func (s scheme) atRed(ctx context.Context, url string, first, last int) error {
	if err := s.populate(ctx, url, first, last, false); err != nil {
		return err
	}
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	if _, err := conn.Exec(ctx, `INSERT INTO rag_rating (registration_id, nominal_id, rating, rated_on, reason, meeting_id, chair_id, agreed_by, recorded_at, recorded_by)
		SELECT registration_id, nominal_id, 'RED', current_date, 'Reviewed', min(meeting_id), 1, 'All present', now(), 1
		FROM rag_rating WHERE nominal_id BETWEEN $1 AND $2 GROUP BY registration_id, nominal_id`, first, last); err != nil {
		return err
	}
	return settle(ctx, url)
}

// begin plans the meeting, has everybody sign, opens it, and keeps some notes on its first case.
func (r *room) begin(ctx context.Context, at ref.AreaID, many []ref.AccountID) (err error) {
	co, chair := db.Once(int64(r.coordinator)), db.Once(int64(r.chair))
	if r.id, err = meeting.Plan(ctx, r.d, co, meeting.New{Area: at, Kind: meeting.Operational, HeldOn: clock.Today(clock.System{}), Starts: "10:00",
		Place: "The office", Chair: r.chair}); err != nil {
		return err
	}
	if err := meeting.Invite(ctx, r.d, co, r.id, many); err != nil {
		return err
	}
	for _, who := range append([]ref.AccountID{r.coordinator, r.chair}, many...) {
		if err := meeting.Sign(ctx, r.d, db.Once(int64(who)), r.id, 0, "As typed"); err != nil {
			return err
		}
	}
	cases, err := meeting.Open(ctx, r.d, chair, r.id)
	if err != nil {
		return err
	}
	if cases != discussed {
		return fmt.Errorf("bench: the meeting has %d cases, not %d", cases, discussed)
	}
	if err := r.list(ctx); err != nil {
		return err
	}
	for n := range bursts {
		if err := meeting.Discuss(ctx, r.d, db.Once(int64(r.coordinator)), r.id, r.cases[0], fmt.Sprintf("What was said, %d", n)); err != nil {
			return err
		}
	}
	return nil
}

// list reads the cases of the meeting in their order, as the co-ordinator.
func (r *room) list(ctx context.Context) error {
	who, err := r.d.StandingOf(ctx, int64(r.coordinator))
	if err != nil {
		return err
	}
	r.cases, err = db.View(ctx, r.d, who.Actor, "bench", func(ctx context.Context, q *db.ReadTx) (cases []ref.NominalID, seen audit.Seen, err error) {
		_, items, err := meeting.Items(ctx, q, r.id)
		for _, i := range items {
			cases = append(cases, i.Nominal)
		}
		return cases, audit.Listed(cases), err
	})
	return err
}

// enter signs the followers in, ten pages for each account, and the co-ordinator.
func (r *room) enter(ctx context.Context, sessions string, many []ref.AccountID) error {
	manager, err := session.New(ctx, sessions, clock.System{}, session.Options{Insecure: true})
	if err != nil {
		return err
	}
	defer manager.Close()
	for n := range following {
		cookie, err := signIn(ctx, r.d, manager, many[n%len(many)])
		if err != nil {
			return err
		}
		r.cookies = append(r.cookies, cookie)
	}
	for range connections {
		cookie, err := signIn(ctx, r.d, manager, r.coordinator)
		if err != nil {
			return err
		}
		r.own = append(r.own, cookie)
	}
	return nil
}

// follow has all follow, then keeps one note after the other, each when the one before
// has come to everybody or has been waited for too long.
func (r *room) follow(ctx context.Context, at string, addrs ...string) (told []time.Duration, lost int, err error) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	ready, heard, gone := make(chan bool, following), make(chan time.Time, following*changes), make(chan error, following)
	for n, cookie := range r.cookies {
		go func() { gone <- listen(ctx, addrs[n%len(addrs)], at+"/live", cookie, ready, heard) }()
	}
	for range following {
		select {
		case <-ready:
		case err := <-gone:
			return nil, 0, errors.Join(errors.New("bench: a follower did not come to follow"), err)
		}
	}
	for n := range changes {
		start := time.Now()
		if err := meeting.Discuss(ctx, r.d, db.Once(int64(r.coordinator)), r.id, r.cases[1+n%(len(r.cases)-1)], "Said while all follow"); err != nil {
			return nil, 0, err
		}
		late := time.After(lateMost)
	everybody:
		for i := range following {
			select {
			case when := <-heard:
				told = append(told, when.Sub(start))
			case err := <-gone:
				return nil, 0, errors.Join(errors.New("bench: a follower was let go"), err)
			case <-late:
				lost += following - i
				break everybody
			}
		}
	}
	slices.Sort(told)
	return told, lost, nil
}

// listen reads a stream of changes until the context ends.
func listen(ctx context.Context, addr, path, cookie string, ready chan<- bool, heard chan<- time.Time) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+addr+path, http.NoBody)
	if err != nil {
		return err
	}
	request.Header.Set("Cookie", cookie)
	request.Header.Set("Accept", "text/event-stream")
	answer, err := streams.Do(request)
	if err != nil {
		return err
	}
	defer func() { _ = answer.Body.Close() }()
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("bench: %s answers %d", path, answer.StatusCode)
	}
	lines := bufio.NewScanner(answer.Body)
	for lines.Scan() {
		switch kind, is := strings.CutPrefix(lines.Text(), "data: "); {
		case is && strings.HasPrefix(kind, "catch-up"):
			ready <- true
		case is:
			heard <- time.Now()
		}
	}
	return errors.Join(errors.New("bench: the stream has ended"), lines.Err())
}

// streams keeps as many connections as there are followers.
var streams = http.Client{Transport: &http.Transport{DisableCompression: true}}
