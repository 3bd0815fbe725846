package account

import (
	"testing"

	"github.com/alexedwards/argon2id"
)

// TakeAllPlaces leaves no place for a hash until the test ends. A test that uses
// it must not be parallel.
func TakeAllPlaces(t *testing.T) {
	for range cap(places) {
		places <- struct{}{}
	}
	t.Cleanup(func() {
		for range cap(places) {
			<-places
		}
	})
}

// DecoyParameters are those of the hash that stands in for a missing one.
func DecoyParameters() (decoyed, real argon2id.Params, err error) {
	p, _, _, err := argon2id.DecodeHash(decoy)
	if err != nil {
		return argon2id.Params{}, *parameters, err
	}
	return *p, *parameters, nil
}
