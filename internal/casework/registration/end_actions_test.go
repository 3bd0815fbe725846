package registration_test

import (
	"context"
	"testing"

	"iom/internal/casework/action"
	"iom/internal/casework/fixture"
	"iom/internal/casework/rag"
	"iom/internal/casework/registration"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
)

// TestOpenActionsEndWithTheRegistration: nobody is asked any more to do what the
// scheme wanted of them, and the history says why.
func TestOpenActionsEndWithTheRegistration(t *testing.T) {
	t.Parallel()
	s := fixture.New(t)
	of, reg := s.Registered(t, s.East, "Bloggs", "Joe", rag.Green)
	coordinator := s.Account(authz.Coordinator, s.East)
	id, err := action.Add(t.Context(), s.DB, db.Once(coordinator.Account),
		action.New{Nominal: of, Text: "View a room", Pathway: "accommodation", Agency: s.Star, DueOn: clock.NewDate(2026, 6, 20)})
	if err != nil {
		t.Fatal(err)
	}
	d := s.Decision(t, s.East)
	_, err = db.Write(t.Context(), s.DB, db.Once(coordinator.Account), func(ctx context.Context, tx *db.Tx) (bool, error) {
		return true, registration.Deregister(ctx, tx, removal(s, of, reg, d))
	})
	if err != nil {
		t.Fatal(err)
	}
	history, err := fixture.Read(t, s, coordinator, func(ctx context.Context, q *db.ReadTx) ([]action.Entry, error) {
		return action.History(ctx, q, id)
	})
	if err != nil || len(history) != 2 || history[0].Kind != "discharged" || history[0].Meeting != d.Meeting || history[0].Text != "Ended with the registration" {
		t.Errorf("the action's history: %+v, %v", history, err)
	}
}
