package contactpage_test

import (
	"testing"

	"iom/internal/casework/rag"
	"iom/internal/casework/ref"
	"iom/internal/platform/authz"
	"iom/web/webtest"
)

// Whoever leads nobody chooses among everybody on the scheme in the area (R33), and
// is told when nobody was chosen.
func TestSomebodyElseIsChosenFromTheScheme(t *testing.T) {
	t.Parallel()
	s := webtest.New(t)
	joe, _ := s.Registered(t, s.East, "Bloggs", "Joe", rag.Amber)
	s.Registered(t, s.Brighton, "Atkins", "Ann", rag.Amber)
	c := s.As(t, s.Account(authz.Coordinator, s.East))
	c.Get("/contacts/new").Must(200).Has("You lead nobody now", "Bloggs, Joe").Lacks("Atkins")
	c.Get("/contacts/new?nominal=").Must(422).Has("Choose whose contact it is", "Bloggs, Joe")
	a := c.Get("/contacts/new?nominal=" + ref.Text(joe)).Must(303)
	if want := "/nominals/" + ref.Text(joe) + "/contacts/new"; a.Location != want {
		t.Errorf("leads to %s, want %s", a.Location, want)
	}
}
