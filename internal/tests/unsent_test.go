package tests

import (
	"net/http"
	"net/url"
	"testing"

	"iom/internal/casework/meeting"
	"iom/internal/casework/ref"
	"iom/internal/platform/authz"
	"iom/internal/platform/session"
)

// What was typed is there to be copied when its form is not there any more: here the
// meeting was closed meanwhile.
func TestWhatWasTypedOutlivesItsForm(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	co := w.As(t, w.Account(authz.Coordinator, w.North))
	sheet := "/meetings/" + ref.Text(w.meeting.open) + "/sheet/" + ref.Text(w.plain.nominal)
	form := co.Get(sheet).Must(http.StatusOK).Form(sheet + "/discussion")
	form.Values.Set("discussion-text", "Asked for a flat near the school")
	w.Clock.Advance(session.Idle)
	u, err := url.Parse(co.Do(http.MethodPost, form.Action, form.Values, nil).Must(http.StatusSeeOther).Location)
	if err != nil {
		t.Fatal(err)
	}
	if err := meeting.Close(t.Context(), w.DB, w.Scheme.As(authz.Chair, w.North), w.meeting.open, "Time ran out"); err != nil {
		t.Fatal(err)
	}
	w.SignIn(co, w.Account(authz.Coordinator, w.North))
	a := co.Get(u.Query().Get("next")).Must(http.StatusUnprocessableEntity)
	a.Has("What you typed was not saved", "You were signed out. Nothing was saved", "What was said", "Asked for a flat near the school")
	if a.HasForm(sheet + "/discussion") {
		t.Error("the form can be sent to a meeting that is closed")
	}
}
