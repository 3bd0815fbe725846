package meeting_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"iom/internal/casework/meeting"
	"iom/internal/casework/rag"
	"iom/internal/casework/ref"
	"iom/internal/platform/authz"
	"iom/internal/platform/fault"
	"iom/internal/platform/pdf/pdftest"
)

// R44, R47: what was agreed en bloc stands in the minutes, also of those who were no
// case of the meeting: the frequency agreed last, at its rating, for each reader whom
// they may see; in the file as on the screen, in the digest that the chair approves,
// and in every version. A guest has none of it (R58).
func TestMinutesHoldWhatWasAgreedEnBloc(t *testing.T) {
	t.Parallel()
	s := lay(t)
	ctx, co := t.Context(), s.as(authz.Coordinator)
	amber, _ := s.Registered(t, s.East, "Ash", "Jo", rag.Amber)
	green, _ := s.Registered(t, s.East, "Birch", "Jo", rag.Green)
	hidden, _ := s.Registered(t, s.East, "Elm", "Jo", rag.Green)
	s.Registered(t, s.East, "Fir", "Jo", rag.Green) // the exception
	red, _ := s.Registered(t, s.East, "Redwood", "Rae", rag.Red)
	conn := s.super()
	_, err := conn.Exec(ctx, `INSERT INTO case_exclusion (nominal_id, account_id, reason, recorded_at, recorded_by) VALUES ($1, $2, '', now(), 1)`, hidden, s.account(authz.Police))
	s.must(err)
	s.sit(authz.Coordinator, authz.Chair, authz.Police)
	s.must(meeting.InviteGuest(ctx, s.DB, co, s.id, s.account(authz.Guest), []ref.NominalID{red}))
	s.must(s.sign(authz.Guest))
	packed := func(r authz.Role) (names []string) {
		t.Helper()
		p, err := s.pack(r)
		s.must(err)
		for _, f := range p.EnBloc {
			names = append(names, f.Name)
		}
		for _, n := range []ref.NominalID{amber, green, hidden} {
			if listed := slices.Contains(p.Nominals(), n); listed != (r != authz.Guest && (n != hidden || r != authz.Police)) {
				t.Errorf("the log of the papers of the %s has %d: %t", r, n, listed)
			}
		}
		return names
	}
	for r, want := range map[authz.Role]string{authz.Coordinator: "[Ash, Jo Birch, Jo Elm, Jo Fir, Jo]", authz.Police: "[Ash, Jo Birch, Jo Fir, Jo]", authz.Guest: "[]"} {
		if got := fmt.Sprint(packed(r)); got != want {
			t.Errorf("R44, R47 papers of the %s: %s, want %s", r, got, want)
		}
	}
	s.open()
	agree := func(all ...meeting.Agreed) {
		t.Helper()
		_, err := meeting.AgreeFrequencies(ctx, s.DB, co, s.id, all)
		s.must(err)
	}
	agree(meeting.Agreed{Nominal: amber, Frequency: "monthly"}, meeting.Agreed{Nominal: green, Frequency: "monthly"}, meeting.Agreed{Nominal: hidden, Frequency: "monthly"})
	agree(meeting.Agreed{Nominal: amber, Frequency: "weekly"})
	s.must(meeting.Close(ctx, s.DB, s.as(authz.Chair), s.id, "The RED was not there"))
	said := func(m meeting.Minutes) string {
		var lines []string
		for _, x := range m.EnBloc {
			lines = append(lines, fmt.Sprintf("%s at %s %s %s", x.Name, x.Rating, x.Frequency, x.Rule()))
		}
		return strings.Join(lines, "; ")
	}
	const all, without = "Ash, Jo at AMBER weekly R44; Birch, Jo at GREEN monthly R47; Elm, Jo at GREEN monthly R47", "Ash, Jo at AMBER weekly R44; Birch, Jo at GREEN monthly R47"
	for _, when := range []string{"draft", "approved"} {
		for r, want := range map[authz.Role]string{authz.Chair: all, authz.Police: without, authz.Guest: ""} {
			m, err := s.minutes(r)
			s.must(err)
			if got := said(m); got != want {
				t.Errorf("R44, R47 %s minutes of the %s: %q, want %q", when, r, got, want)
			}
			file, err := meeting.Parcel{Kind: meeting.MinutesPapers, Minutes: m}.File(meeting.FileCopy{For: "x", By: "x", At: s.Clock.Now()})
			s.must(err)
			text, err := pdftest.Text(file)
			s.must(err)
			for name, has := range map[string]bool{"Supervision agreed en bloc": want != "", "AMBER, weekly": want != "", "Birch, Jo": want != "", "Elm, Jo": want == all, "Fir": false} {
				if strings.Contains(text, name) != has {
					t.Errorf("R44, R47 the file of the %s has %q: %t", r, name, !has)
				}
			}
			if listed := slices.Contains(m.Nominals(), green); listed != (want != "") {
				t.Errorf("the log of the minutes of the %s names Birch: %t", r, listed)
			}
		}
		if when == "draft" {
			m, err := s.minutes(authz.Chair)
			s.must(err)
			m.EnBloc = nil
			digest, err := meeting.Digest(m.Proposed())
			s.must(err)
			refused(t, "R44 minutes approved without what was agreed en bloc", meeting.Approve(ctx, s.DB, s.as(authz.Chair), s.id, digest), fault.Stale)
			s.approve()
		}
	}
	if m, err := s.version(1); err != nil || said(m) != without {
		t.Errorf("R44, R47 the first version: %q, %v", said(m), err)
	}
}
