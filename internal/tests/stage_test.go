package tests

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"iom/internal/casework/account"
	"iom/internal/casework/condition"
	"iom/internal/casework/law"
	"iom/internal/casework/meeting"
	"iom/internal/casework/rag"
	"iom/internal/casework/recall"
	"iom/internal/casework/ref"
	"iom/internal/casework/review"
	"iom/internal/casework/sentence"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
)

// stage is what has to be there before every form of the application stands
// somewhere: beside the people of a world those of whom something is still to be
// said.
type stage struct {
	*world
	alerted  subject // RED ALERT, at liberty, no deregistration proposed
	referred subject // on the scheme's agenda, not decided
	amber    subject // whose review can be put off
	rated    subject // rated between meetings, to be ratified
	finished subject // a draft of a referral that lacks nothing

	full, ready ref.MeetingID // open with all of them; planned for today, nobody signed
	agenda      ref.MeetingID // planned, its agenda agreed and then changed: a case left off
	unread      ref.MeetingID // closed, its minutes neither approved nor sent back
	disabled    ref.AccountID
	rating      ref.RatingID
	search      string // what the co-ordinator looked for when starting a referral
	people      map[authz.Role]*person
}

func newStage(t *testing.T) *stage {
	t.Helper()
	w := newWorld(t)
	s := &stage{world: w, people: map[authz.Role]*person{}}
	for _, role := range authz.Roles {
		s.people[role] = w.person(t, role, own)
	}
	s.minutes(t)
	s.people[authz.Administrator] = w.personOf(t, w.Account(authz.Administrator, w.Force), authz.Administrator, own) // of the force: of North alone, one may not end an agency
	on := func(of *subject, name string, rating rag.Rating) {
		of.nominal, of.registration = w.Registered(t, w.North, text(name, "family"), text(name, "given"), rating)
	}
	on(&s.alerted, "alerted", rag.RedAlert)
	on(&s.amber, "amber", rag.Amber)
	on(&s.rated, "rated", rag.Green)
	var err error
	s.rating, err = review.RateBetween(t.Context(), w.DB, s.Scheme.As(authz.Police, s.North), review.Between{Nominal: s.rated.nominal, Rating: rag.Red, Reason: "Offending again",
		Characteristics: rag.Red.Characteristics()[:1]})
	s.must(t, err)
	s.referred.nominal = w.Nominal(t, w.North, text("referred", "family"), text("referred", "given"), born)
	s.referred.referral = w.Referred(t, w.North, s.referred.nominal, born)
	today := clock.Today(w.Clock)
	s.full = s.plan(t, today)
	w.invite(t, s.full)
	_, err = meeting.Open(t.Context(), w.DB, s.Scheme.As(authz.Chair, s.North), s.full)
	s.must(t, err)
	s.ready = s.plan(t, today)
	s.must(t, meeting.Invite(t.Context(), w.DB, s.Scheme.As(authz.Coordinator, s.North), s.ready, []ref.AccountID{s.account0(authz.Coordinator), s.account0(authz.Chair)}))
	s.agenda = s.plan(t, today)
	s.must(t, meeting.AgreeAgenda(t.Context(), w.DB, s.Scheme.As(authz.Chair, s.North), s.agenda))
	s.must(t, meeting.LeaveOff(t.Context(), w.DB, s.Scheme.As(authz.Coordinator, s.North), s.agenda, s.alerted.nominal, "Discussed yesterday"))
	s.must(t, meeting.AddCore(t.Context(), w.DB, s.Scheme.As(authz.Coordinator, s.North), s.North, meeting.NewCore{Post: "Police IOM officer", Agency: s.Police,
		Account: s.account0(authz.Police)}))
	s.disabled = s.account0(authz.Analyst)
	s.must(t, account.Disable(t.Context(), w.DB, s.Scheme.As(authz.Administrator, s.North), s.disabled))
	s.recall(t)
	s.finish(t)
	return s
}

// minutes leaves something to do after two meetings: minutes that nobody has looked
// at, and a message of a circulation that the mail server refused.
func (s *stage) minutes(t *testing.T) {
	t.Helper()
	s.unread = s.plan(t, clock.Today(s.Clock))
	s.invite(t, s.unread)
	_, err := meeting.Open(t.Context(), s.DB, s.Scheme.As(authz.Chair, s.North), s.unread)
	s.must(t, err)
	s.must(t, meeting.Close(t.Context(), s.DB, s.Scheme.As(authz.Chair, s.North), s.unread, "Time ran out"))
	s.exec(t, `WITH tried AS (
		INSERT INTO mail_try (message_id, tried_at, recorded_by) SELECT min(id), $3::timestamptz, 1 FROM mail_message WHERE kind = $1 AND about_id = $2 RETURNING id)
		INSERT INTO mail_outcome (try_id, outcome, code, recorded_at, recorded_by) SELECT id, 'refused', 550, $3, 1 FROM tried`,
		meeting.CirculationMail, s.circulation, s.Clock.Now())
}

// recall gives one at liberty a sentence, and another a recall that waits for the return to custody.
func (s *stage) recall(t *testing.T) {
	t.Helper()
	pr, today := s.by(authz.Probation, s.North), clock.Today(s.Clock)
	for _, of := range []*subject{&s.alerted, &s.amber} {
		var err error
		of.sentence, err = sentence.Record(t.Context(), s.DB, pr(), sentence.New{Nominal: of.nominal, ImposedOn: today.AddDays(-150), Court: "Lewes Crown Court", Offence: "Burglary",
			OffenceOn: today.AddDays(-160), Type: sentence.Determinate, Term: sentence.Term{Months: 18}, Source: "court"})
		s.must(t, err)
		made, err := condition.Record(t.Context(), s.DB, pr(), condition.New{Nominal: of.nominal, Sentence: of.sentence, Kind: condition.Curfew, Words: "At home from 19:00",
			SetBy: "Governor Ashdown", SetOn: today.AddDays(-60), From: today.AddDays(-50), Source: "licence"})
		s.must(t, err)
		of.condition = made[0]
	}
	var err error
	s.alerted.tag, err = sentence.RecordTag(t.Context(), s.DB, pr(), sentence.NewTag{Nominal: s.alerted.nominal, Kind: sentence.Tags[0], Starts: today.AddDays(-20),
		Ends: today.AddDays(60), Source: "probation"})
	s.must(t, err)
	s.amber.recall, err = recall.Decide(t.Context(), s.DB, pr(), recall.New{Nominal: s.amber.nominal, Sentence: s.amber.sentence, DecidedAt: s.Clock.Now().AddDate(0, 0, -3),
		DecidedBy: "Robin Northcott", Reason: "Missed appointments", Source: "probation"})
	s.must(t, err)
	s.breached(t, &s.amber, s.North, func(kind string) string { return text("amber", kind) })
	s.must(t, recall.Answer(t.Context(), s.DB, pr(), s.amber.nominal, s.amber.recall, recall.Decided{Kind: law.FixedTerm56, Reason: "PPCS letter", Source: "PPCS"}))
}

func (s *stage) must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (s *stage) account0(role authz.Role) ref.AccountID {
	return ref.AccountID(s.Account(role, s.North).Account)
}

func (s *stage) plan(t *testing.T, on clock.Date) ref.MeetingID {
	t.Helper()
	id, err := meeting.Plan(t.Context(), s.DB, s.Scheme.As(authz.Coordinator, s.North), meeting.New{Area: s.North, Kind: meeting.Operational, HeldOn: on, Starts: "14:00",
		Place: "Town Hall", Chair: s.account0(authz.Chair), NextOn: on.AddMonths(4)})
	s.must(t, err)
	return id
}

// finish starts a referral in the pages and fills every section in by its form.
func (s *stage) finish(t *testing.T) {
	t.Helper()
	co := s.people[authz.Coordinator]
	look := func(family string) string {
		return co.Submit("/referrals/new", "/referrals/new", url.Values{"family_name": {family}, "given_names": {"Tobias"}, "born": {born.Typed()}}).
			Must(http.StatusSeeOther).Location
	}
	found := look("Quillfeather")
	at := co.Do(http.MethodPost, found, filled(co.Get(found), found, suits), nil).Must(http.StatusSeeOther).Location
	id, ok := ref.Parse[ref.ReferralID](strings.Split(strings.Trim(at, "/"), "/")[1])
	if !ok {
		t.Fatalf("starting a referral leads to %s", at)
	}
	s.finished.referral = id
	for _, section := range variants["POST /referrals/{id}/{section}"]["{section}"] {
		at := "/referrals/" + ref.Text(id) + "/" + section
		body := filled(co.Get(at).Must(http.StatusOK), at, suits)
		s.answer(body, "POST /referrals/{id}/{section}")
		if a := co.Do(http.MethodPost, at, body, nil); a.Status != http.StatusSeeOther {
			t.Errorf("%s: %d %.400s", at, a.Status, a.Text("main"))
		}
	}
	s.search = strings.TrimPrefix(look("Featherstonehaugh"), "/referrals/found/")
}
