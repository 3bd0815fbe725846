package meeting_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"iom/internal/casework/fixture"
	"iom/internal/casework/intelligence"
	"iom/internal/casework/meeting"
	"iom/internal/casework/rag"
	"iom/internal/casework/ref"
	"iom/internal/casework/registration"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
)

// TestPrisonCases: R67. A case in prison is discussed when release comes near, when
// deregistration is to be considered, when there is new information of interest, or
// when somebody brings it; otherwise not.
func TestPrisonCases(t *testing.T) {
	t.Parallel()
	s := lay(t)
	quiet, _ := s.Registered(t, s.East, "Quiet", "Quin", rag.Prison)
	proposed, _ := s.Registered(t, s.East, "Proposed", "Pat", rag.Prison)
	brought, _ := s.Registered(t, s.East, "Brought", "Bo", rag.Prison)
	near, _ := s.Registered(t, s.East, "Near", "Nic", rag.Prison)
	told, _ := s.Registered(t, s.East, "Told", "Tam", rag.Prison)
	atLarge, _ := s.Registered(t, s.East, "Green", "Gil", rag.Green)
	_, err := registration.Propose(t.Context(), s.DB, s.as(authz.Probation), registration.NewProposal{Nominal: proposed, Reason: "Serving a long sentence"})
	must(t, err)
	must(t, meeting.Add(t.Context(), s.DB, s.as(authz.Coordinator), s.id, brought, "A letter from the prison"))
	must(t, held(t, s, near, clock.NewDate(2026, 8, 1)))
	s.Clock.Advance(time.Minute)
	s.learns(told)
	s.learns(atLarge)
	must(t, s.sign(authz.Coordinator))
	want := fmt.Sprint(map[ref.NominalID]string{proposed: "R86", brought: "R59", near: "R117", told: "R67"})
	if got := fmt.Sprint(s.rules(authz.Coordinator)); got != want {
		t.Errorf("the agenda has %v, want %v; %d stays off it", got, want, quiet)
	}
}

// learns records intelligence of somebody, and gives its number.
func (s *table) learns(n ref.NominalID) int64 {
	s.t.Helper()
	id, err := intelligence.Record(s.t.Context(), s.DB, s.as(authz.Police), intelligence.New{Nominal: n, Dated: clock.Today(s.Clock), Text: "canary-intel", Source: "canary-source"})
	s.must(err)
	return id
}

// rules are the weightiest rule of each case of the agenda as a role sees it.
func (s *table) rules(r authz.Role) map[ref.NominalID]string {
	s.t.Helper()
	items, err := s.items(r)
	s.must(err)
	got := map[ref.NominalID]string{}
	for _, i := range items {
		got[i.Nominal] = i.Reasons[0].Rule
	}
	return got
}

// R67: intelligence recorded since the last Referral and Operational meeting was opened
// brings a case in prison to the next, until one has had it before it: what came while
// that meeting sat counts, what was entered in error does not, and a case that was left
// off comes again. The line names no intelligence and is the same for every reader.
func TestNewInformationBringsAPrisonCase(t *testing.T) {
	t.Parallel()
	s := lay(t) // 1 June 2026, 09:00
	n, _ := s.Registered(t, s.East, "Told", "Tam", rag.Prison)
	next := func(on clock.Date) {
		t.Helper()
		s.Clock.Set(on.At(9, 0))
		s.id = s.plan(s.East)
		s.sit(authz.Coordinator, authz.Chair, authz.Police, authz.Partner)
	}
	shuts := func() {
		t.Helper()
		s.Clock.Advance(time.Hour)
		must(t, meeting.Close(t.Context(), s.DB, s.as(authz.Chair), s.id, "Nothing was dealt with"))
	}
	stands := func(what string, want string) {
		t.Helper()
		for _, r := range []authz.Role{authz.Coordinator, authz.Chair, authz.Police, authz.Partner} {
			items, err := s.items(r)
			must(t, err)
			got := ""
			for _, i := range items {
				for _, x := range i.Reasons {
					got += x.Rule + " " + x.Text + " " + x.Since.String()
				}
			}
			if got != want {
				t.Errorf("R67 %s, the %s reads %q, want %q", what, r, got, want)
			}
		}
	}
	since := func(on clock.Date) string {
		return "R67 New information of interest since " + on.Long() + " " + on.String()
	}
	june := clock.NewDate(2026, 6, 1)
	next(june)
	stands("nothing is on record", "")
	s.Clock.Advance(time.Minute)
	wrong := s.learns(n)
	stands("before any meeting, since the registration", since(june))
	must(t, intelligence.Correct(t.Context(), s.DB, s.as(authz.Police), n, wrong, "Somebody else"))
	stands("entered in error", "")
	s.learns(n)
	s.open()
	stands("as it stood at the opening", since(june))
	shuts()

	july := clock.NewDate(2026, 7, 1)
	next(july)
	stands("at the next meeting, which it was before", "")
	s.open()
	s.Clock.Advance(time.Minute)
	s.learns(n)
	stands("while the meeting sits", "")
	shuts()

	august := clock.NewDate(2026, 8, 3)
	next(august)
	stands("what came while the last one sat", since(july))
	must(t, meeting.LeaveOff(t.Context(), s.DB, s.as(authz.Coordinator), s.id, n, "The officer is away"))
	s.open()
	shuts()

	next(clock.NewDate(2026, 9, 1))
	stands("left off by the last", since(july))
	// A guest of another case reads nothing of it.
	red, _ := s.Registered(t, s.East, "Redwood", "Rae", rag.Red)
	must(t, meeting.InviteGuest(t.Context(), s.DB, s.as(authz.Coordinator), s.id, s.account(authz.Guest), []ref.NominalID{red}))
	must(t, s.sign(authz.Guest))
	if got := s.rules(authz.Guest); len(got) != 1 || got[red] != "R65" {
		t.Errorf("R67 a guest of another case reads %v", got)
	}
	asked := func(a authz.Actor) []ref.NominalID {
		t.Helper()
		got, err := fixture.Read(t, s.Scheme, a, func(ctx context.Context, q *db.ReadTx) (all []ref.NominalID, err error) {
			var of ref.NominalID
			var at time.Time
			rows, err := q.Query(ctx, `SELECT nominal_id, at FROM interest_recorded($1)`, []ref.NominalID{n, red})
			if err != nil {
				return nil, err
			}
			for rows.Next() {
				if err := rows.Scan(&of, &at); err != nil {
					return nil, err
				}
				all = append(all, of)
			}
			return all, rows.Err()
		})
		must(t, err)
		return got
	}
	for _, a := range []authz.Actor{s.Account(authz.Coordinator, s.South), s.Account(authz.Police, s.Brighton), s.Account(authz.Guest, s.East), s.Account(authz.Analyst, s.East),
		s.Account(authz.Auditor, s.East), s.Account(authz.Administrator, s.Force)} {
		if got := asked(a); len(got) != 0 {
			t.Errorf("R67 %s of %v learns that something is on record of %v", a.Name, a.Grants, got)
		}
	}
	if got := asked(s.Account(authz.Partner, s.East)); !slices.Equal(got, []ref.NominalID{n}) {
		t.Errorf("R67 the partner of the area is told of %v", got)
	}
	// Nothing of the entry stands in what a partner reads of the meeting.
	s.open()
	p, err := s.pack(authz.Partner)
	must(t, err)
	m, err := s.minutes(authz.Partner)
	must(t, err)
	if text := fmt.Sprintf("%+v %+v", p, m); strings.Contains(text, "canary") || strings.Contains(strings.ToLower(text), "intelligence") {
		t.Errorf("R67 a partner reads of the entry: %s", text)
	}
}
