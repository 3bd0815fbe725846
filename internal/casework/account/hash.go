package account

import (
	"context"
	"time"

	"github.com/alexedwards/argon2id"

	"iom/internal/platform/fault"
)

// parameters of argon2id: 19 MiB, two passes, one lane (OWASP).
var parameters = &argon2id.Params{Memory: 19 * 1024, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}

// places are for hashes under way: two at most, so that tries cannot fill the
// machine's memory or starve the pages.
var places = make(chan struct{}, 2)

// queueAtMost is how long a hash waits for its place.
const queueAtMost = 8 * time.Second

// inPlace does a hash when there is a place for it.
func inPlace(ctx context.Context, do func() error) error {
	ctx, cancel := context.WithTimeout(ctx, queueAtMost)
	defer cancel()
	select {
	case places <- struct{}{}:
		defer func() { <-places }()
		return do()
	case <-ctx.Done():
		return fault.Down(ctx.Err())
	}
}

// hash is what is kept of a password.
func hash(ctx context.Context, password string) (made string, err error) {
	err = inPlace(ctx, func() (err error) {
		made, err = argon2id.CreateHash(password, parameters)
		return err
	})
	return made, err
}

// decoy is the hash of a password that nobody knows. It is compared where there is
// no other, so that an unknown name takes as long as a known one (ASVS 6.3.8).
const decoy = "$argon2id$v=19$m=19456,t=2,p=1$729xSs9udhf1PQn8/OuB3g$D3LQtyONPJHcj5lG+/7Ri7OpUrlZa4DM21IZznPEG+E"

// matches says whether a password is the one of the hash; an empty hash matches
// nothing, and takes as long to say so.
func matches(ctx context.Context, password, kept string) (ok bool, err error) {
	compare := kept
	if kept == "" {
		compare = decoy
	}
	err = inPlace(ctx, func() (err error) {
		ok, err = argon2id.ComparePasswordAndHash(password, compare)
		return err
	})
	return ok && kept != "", err
}
