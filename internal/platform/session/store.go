package session

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"iom/internal/platform/clock"
)

// waitAtMost bounds one use of the store.
const waitAtMost = 3 * time.Second

// store keeps sessions in the table of that name. It disregards the expiry that
// it is given, which comes from the machine's clock, and works out its own.
type store struct {
	pool  *pgxpool.Pool
	clock clock.Clock
}

// FindCtx is the data of a session that has neither ended nor run out.
func (s *store) FindCtx(ctx context.Context, token string) (data []byte, found bool, err error) {
	if !wellFormed(token) {
		return nil, false, nil
	}
	ctx, cancel := context.WithTimeout(ctx, waitAtMost)
	defer cancel()
	err = s.pool.QueryRow(ctx, `SELECT data FROM session WHERE token_hash = $1 AND ended_at IS NULL AND expires_at > $2`,
		hashOf(token), s.clock.Now()).Scan(&data)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, false, nil
	}
	return data, err == nil, err
}

// presented is the data of a session that has not ended, though it may have run out.
func (s *store) presented(ctx context.Context, token string) (data []byte, found bool, err error) {
	if !wellFormed(token) {
		return nil, false, nil
	}
	ctx, cancel := context.WithTimeout(ctx, waitAtMost)
	defer cancel()
	err = s.pool.QueryRow(ctx, `SELECT data FROM session WHERE token_hash = $1 AND ended_at IS NULL`, hashOf(token)).Scan(&data)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, false, nil
	}
	return data, err == nil, err
}

// CommitCtx writes a session. One that has ended meanwhile stays as it is: a slow
// request does not bring back what a sign-out ended (ASVS 7.4.1).
func (s *store) CommitCtx(ctx context.Context, token string, data []byte, _ time.Time) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), waitAtMost)
	defer cancel()
	_, err := s.pool.Exec(ctx, `INSERT INTO session (token_hash, data, expires_at) VALUES ($1, $2, $3)
		ON CONFLICT (token_hash) DO UPDATE SET data = EXCLUDED.data, expires_at = EXCLUDED.expires_at WHERE session.ended_at IS NULL`,
		hashOf(token), data, s.clock.Now().Add(lifeOf(data)))
	return err
}

// lifeOf is how long a session is good for without being used.
func lifeOf(data []byte) time.Duration {
	_, values, err := codec{}.Decode(data)
	if display, _ := values[keyDisplay].(int64); err == nil && display != 0 {
		return Absolute
	}
	return Idle
}

// DeleteCtx ends a session and leaves a tombstone, also where no row was yet: the
// request that would write it may still be on its way.
func (s *store) DeleteCtx(ctx context.Context, token string) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), waitAtMost)
	defer cancel()
	now := s.clock.Now()
	_, err := s.pool.Exec(ctx, `INSERT INTO session (token_hash, data, expires_at, ended_at) VALUES ($1, '', $2, $2)
		ON CONFLICT (token_hash) DO UPDATE SET data = '', ended_at = coalesce(session.ended_at, EXCLUDED.ended_at)`, hashOf(token), now)
	return err
}

// purgeAfter is how long a session that is over keeps its row: longer than any
// request can be under way.
const purgeAfter = 24 * time.Hour

// purge removes the forms that waited too long and some of the rows of sessions long over. Each sign-in does it, so
// that no more are left than are made.
func (s *store) purge(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, waitAtMost)
	defer cancel()
	_, err := s.pool.Exec(ctx, `DELETE FROM session WHERE token_hash IN (
		SELECT token_hash FROM session WHERE expires_at < $1 AND (ended_at IS NULL OR ended_at < $1) ORDER BY expires_at LIMIT 100 FOR UPDATE SKIP LOCKED)`,
		s.clock.Now().Add(-purgeAfter))
	if err != nil {
		return err
	}
	_, err = s.pool.Exec(ctx, `DELETE FROM unsent_form WHERE expires_at <= $1`, s.clock.Now())
	return err
}

// Find, Commit and Delete are the forms without a context, which are not used.
func (s *store) Find(token string) ([]byte, bool, error) {
	return s.FindCtx(context.Background(), token)
}

// Commit is CommitCtx without a context.
func (s *store) Commit(token string, data []byte, expiry time.Time) error {
	return s.CommitCtx(context.Background(), token, data, expiry)
}

// Delete is DeleteCtx without a context.
func (s *store) Delete(token string) error { return s.DeleteCtx(context.Background(), token) }

// codec writes sessions as JSON. All values are numbers or text.
type codec struct{}

type stored struct {
	Deadline time.Time         `json:"deadline"`
	Numbers  map[string]int64  `json:"numbers,omitempty"`
	Texts    map[string]string `json:"texts,omitempty"`
}

// Encode and Decode keep the types of the values: a number in plain JSON would
// come back as a float.
func (codec) Encode(deadline time.Time, values map[string]any) ([]byte, error) {
	s := stored{Deadline: deadline, Numbers: map[string]int64{}, Texts: map[string]string{}}
	for key, value := range values {
		switch v := value.(type) {
		case int64:
			s.Numbers[key] = v
		case string:
			s.Texts[key] = v
		default:
			return nil, errors.New("session: only numbers and text are kept, not " + key)
		}
	}
	return json.Marshal(s)
}

// Decode reads what Encode wrote.
func (codec) Decode(data []byte) (time.Time, map[string]any, error) {
	var s stored
	if err := json.Unmarshal(data, &s); err != nil {
		return time.Time{}, nil, err
	}
	values := make(map[string]any, len(s.Numbers)+len(s.Texts))
	for key, v := range s.Numbers {
		values[key] = v
	}
	for key, v := range s.Texts {
		values[key] = v
	}
	return s.Deadline, values, nil
}
