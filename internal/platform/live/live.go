// Package live tells whoever follows something that it has changed. A write says
// so within its own transaction; Postgres passes it on at the commit, to every
// process of the application; each process has one connection that listens, and
// hands on to those who follow. What is said is ids and never what they stand for:
// the follower asks for the content by an ordinary page, under the follower's own
// scope.
package live

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
)

// channel is the name that Postgres knows the changes by.
const channel = "iom_live"

// Change is one thing that has changed: an item of a topic, as a case of a meeting.
type Change struct {
	Topic int64
	Item  int64  // 0: the topic as a whole
	Kind  string // a word without spaces, as "note"
	Seq   int64  // rises with each change of any topic
}

// CatchUp is the kind of a change that stands for all that may have been missed.
const CatchUp = "catch-up"

// execer is a transaction that writes.
type execer interface {
	Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error)
}

// Notify says, if and when the transaction commits, that something has changed.
func Notify(ctx context.Context, tx execer, topic, item int64, kind string) error {
	_, err := tx.Exec(ctx, `SELECT pg_notify('`+channel+`', $1::text || nextval('live_change'))`, fmt.Sprintf("%d %d %s ", topic, item, kind))
	return err
}

// parse reads what Notify has sent.
func parse(payload string) (c Change, ok bool) {
	parts := strings.Split(payload, " ")
	if len(parts) != 4 {
		return c, false
	}
	var errs [3]error
	c.Topic, errs[0] = strconv.ParseInt(parts[0], 10, 64)
	c.Item, errs[1] = strconv.ParseInt(parts[1], 10, 64)
	c.Seq, errs[2] = strconv.ParseInt(parts[3], 10, 64)
	c.Kind = parts[2]
	return c, errs == [3]error{} && c.Kind != ""
}

// Push is a change on its way to all its followers in this process.
type Push struct {
	Change
	once *onces
}

// onces are the answers that followers of one push share.
type onces struct {
	sync.Mutex
	answers map[int64]func() error
}

// Once asks a question about an account at most once for each push, however many
// followers it has: whether it may still follow.
func (p Push) Once(account int64, ask func() error) error {
	p.once.Lock()
	answer := p.once.answers[account]
	if answer == nil {
		answer = sync.OnceValue(ask)
		p.once.answers[account] = answer
	}
	p.once.Unlock()
	return answer()
}

// Follower is one who follows a topic. Its channel is closed when the follower is
// too slow, when the process stops, and by Leave.
type Follower struct {
	pushes chan Push
	hub    *Hub
	topic  int64
}

// Pushes are the changes since the follower joined.
func (f *Follower) Pushes() <-chan Push { return f.pushes }

// Leave stops following.
func (f *Follower) Leave() { f.hub.leave(f) }

// waiting is how many changes wait for one follower. Who has more to read than that
// is let go, and catches up on coming back.
const waiting = 16

// Hub hands changes on to the followers in one process.
type Hub struct {
	mu        sync.Mutex
	followers map[int64]map[*Follower]bool
	last      map[int64]int64 // topic: the latest change heard of
	firsts    map[string]time.Time
	closed    bool

	stop  context.CancelFunc
	ended chan struct{}
}

func newHub() *Hub {
	return &Hub{followers: map[int64]map[*Follower]bool{}, last: map[int64]int64{}, firsts: map[string]time.Time{}, stop: func() {}, ended: make(chan struct{})}
}

// Follow joins a topic. since is the last change that the follower has seen, 0 for
// none; current says that there has been none after it. Where that is not certain
// it is not said, and the follower has to catch up. ok is false when the process is
// stopping.
func (h *Hub) Follow(topic, since int64) (f *Follower, current, ok bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		return nil, false, false
	}
	f = &Follower{pushes: make(chan Push, waiting), hub: h, topic: topic}
	if h.followers[topic] == nil {
		h.followers[topic] = map[*Follower]bool{}
	}
	h.followers[topic][f] = true
	return f, since != 0 && h.last[topic] == since, true
}

func (h *Hub) leave(f *Follower) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.drop(f)
}

// drop lets a follower go; the lock is held.
func (h *Hub) drop(f *Follower) {
	if !h.followers[f.topic][f] {
		return
	}
	delete(h.followers[f.topic], f)
	if len(h.followers[f.topic]) == 0 {
		delete(h.followers, f.topic)
	}
	close(f.pushes)
}

// pass hands a change on to those who follow its topic, and waits for nobody.
func (h *Hub) pass(c Change) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.last[c.Topic] = c.Seq
	h.tell(c)
}

// lost forgets what was heard, since something may have been missed, and tells
// everybody to catch up.
func (h *Hub) lost() {
	h.mu.Lock()
	defer h.mu.Unlock()
	clear(h.last)
	for topic := range h.followers {
		h.tell(Change{Topic: topic, Kind: CatchUp})
	}
}

func (h *Hub) tell(c Change) {
	push := Push{Change: c, once: &onces{answers: map[int64]func() error{}}}
	for f := range h.followers[c.Topic] {
		select {
		case f.pushes <- push:
		default:
			h.drop(f)
		}
	}
}

// First says whether what the key stands for is the first of its kind for as long as
// given, and remembers it. A process that has forgotten says yes.
func (h *Hub) First(key string, now time.Time, lasts time.Duration) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if at, known := h.firsts[key]; known && now.Sub(at) < lasts {
		return false
	}
	for k, at := range h.firsts {
		if now.Sub(at) >= lasts {
			delete(h.firsts, k)
		}
	}
	h.firsts[key] = now
	return true
}

// Followers counts who follows a topic in this process.
func (h *Hub) Followers(topic int64) int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.followers[topic])
}

// Drain lets all followers go at once, and takes no more: what a server does first
// when it stops.
func (h *Hub) Drain() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.closed = true
	for _, all := range h.followers {
		for f := range all {
			h.drop(f)
		}
	}
}

// Close drains and stops listening.
func (h *Hub) Close() {
	h.Drain()
	h.stop()
	<-h.ended
}
