package tests

import (
	"context"
	"testing"
	"time"

	"iom/internal/casework/action"
	"iom/internal/casework/breach"
	"iom/internal/casework/condition"
	"iom/internal/casework/contact"
	"iom/internal/casework/custody"
	"iom/internal/casework/drugtest"
	"iom/internal/casework/escalation"
	"iom/internal/casework/fixture"
	"iom/internal/casework/intelligence"
	"iom/internal/casework/law"
	"iom/internal/casework/link"
	"iom/internal/casework/meeting"
	"iom/internal/casework/need"
	"iom/internal/casework/nominal"
	"iom/internal/casework/plan"
	"iom/internal/casework/recall"
	"iom/internal/casework/ref"
	"iom/internal/casework/registration"
	"iom/internal/casework/sentence"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
)

const hour = time.Hour

// hostile is what every text is followed by: it must be shown as text everywhere.
const hostile = `"><script>alert(1)</script>{{7*7}}'`

// text is a text that tells whose it is and what kind of thing it is in, so that it
// is recognised wherever it turns up.
func text(of, kind string) string { return canary(of, kind) + " " + hostile }

func canary(of, kind string) string { return "Zq" + of + "zq" + kind + "qz" }

// facts gives a person of an area one record of each kind, through the real
// commands.
func (w *world) facts(t *testing.T, s *subject, of string, at ref.AreaID) {
	t.Helper()
	today := clock.Today(w.Clock)
	ctx, d, n := t.Context(), w.DB, s.nominal
	co, pr, pa := w.by(authz.Coordinator, at), w.by(authz.Probation, at), w.by(authz.Partner, at)
	do := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	id := func(_ any, err error) { t.Helper(); do(err) }
	x := func(kind string) string { return text(of, kind) }
	do(nominal.AddWarning(ctx, d, co(), n, canary(of, "warning")+hostile, x("source")))
	do(nominal.AddAlias(ctx, d, co(), n, canary(of, "alias")+hostile, x("source")))
	do(nominal.AddAddress(ctx, d, co(), n, nominal.Address{Text: x("address"), Postcode: "BN1 1AA", From: today, Source: x("source")}))
	do(nominal.AddPhone(ctx, d, co(), n, nominal.Phone{Kind: "mobile", Number: "07700 900123", Source: x("source")}))
	do(nominal.ChangeEquality(ctx, d, co(), n, []nominal.Characteristic{{Name: "religion or belief", Value: x("equality")}}))
	w.log(t, n, at, x("contact"))
	id(need.Assess(ctx, d, co(), n, need.Assessment{Pathway: need.Pathways[0], Level: "red", Needs: x("need"), Actions: x("need"), On: today, Source: x("source")}))
	spell, err := custody.Receive(ctx, d, pr(), custody.New{Nominal: n, ReceivedOn: today.AddDays(-200), Prison: "LWI", Why: custody.Remand,
		Expected: today.AddDays(-100), NotifiedBy: x("notified"), Source: x("source")})
	do(err)
	s.spell = spell
	w.breached(t, s, at, x)
	s.sentence, err = sentence.Record(ctx, d, pr(), sentence.New{Nominal: n, ImposedOn: today.AddDays(-150), Court: x("court"), Offence: x("offence"),
		Type: sentence.Determinate, Term: sentence.Term{Months: 6}, Remand: 3, Source: x("source")})
	do(err)
	s.recall, err = recall.Decide(ctx, d, pr(), recall.New{Nominal: n, Sentence: s.sentence, DecidedAt: w.Clock.Now().AddDate(0, 0, -3), DecidedBy: x("recall"), Reason: x("recall"), Source: x("source")})
	do(err)
	w.bind(t, s, x, pr)
	order := sentence.New{Nominal: n, ImposedOn: today.AddDays(-30), Court: x("court"), Offence: x("offence"), Type: sentence.Type(sentence.CommunityOrder),
		OrderEnds: today.AddDays(300), Source: x("source")}
	s.order, err = sentence.Record(ctx, d, pr(), order)
	do(err)
	ended, err := sentence.Record(ctx, d, pr(), order)
	do(err)
	id(sentence.EndEarly(ctx, d, pr(), n, ended, sentence.NewEnd{How: sentence.Revoked, On: today, Source: x("source")}))
	s.tag, err = sentence.RecordTag(ctx, d, pr(), sentence.NewTag{Nominal: n, Kind: sentence.Tags[0], Starts: today.AddDays(-20), Ends: today.AddDays(60), Source: x("source")})
	do(err)
	id(custody.Notify(ctx, d, pr(), custody.NewNotice{Nominal: n, Dates: []custody.Dated{{Kind: custody.LicenceEnd, Day: today.AddDays(80)}},
		NotifiedBy: x("notified"), NotifiedOn: today.AddDays(-1), Source: x("source")}))
	id(sentence.RecordStatus(ctx, d, pr(), sentence.NewStatus{Nominal: n, Standing: sentence.Licence, From: today.AddDays(-90), Ends: today.AddDays(90), Source: x("source")}))
	id(sentence.RecordScore(ctx, d, pr(), sentence.NewScore{Nominal: n, Type: "OGRS3", Value: "77%", On: today, Source: x("source")}))
	id(link.RecordMAPPA(ctx, d, pr(), link.NewMAPPA{Nominal: n, Level: 1, From: today, Note: x("mappa"), Source: x("source")}))
	do(link.SetGroups(ctx, d, co(), n, []link.Membership{{Group: ref.GroupID(w.one(t, `SELECT min(id) FROM priority_group`)), Member: true}}, x("source")))
	id(intelligence.Record(ctx, d, co(), intelligence.New{Nominal: n, Dated: today, Increases: true, Text: x("intelligence"), Source: x("intelligence")}))
	id(drugtest.Record(ctx, d, pr(), drugtest.New{Nominal: n, TestedOn: today, Result: drugtest.Positive, Substances: x("drugtest"), Agency: w.Probation, Source: x("drugtest")}))
	s.objective, err = plan.Add(ctx, d, co(), plan.New{Nominal: n, Pathway: string(need.Pathways[0]), Text: x("objective"), Measure: x("objective")})
	do(err)
	s.escalation, err = escalation.Raise(ctx, d, co(), escalation.New{Nominal: n, Kind: escalation.Service, Issue: x("escalation"), Tried: x("escalation"), AnswerBy: today.AddDays(21)})
	do(err)
	s.planned, err = contact.Plan(ctx, d, co(), contact.NewPlan{Nominal: n, Day: today.AddDays(1), Kind: contact.HomeVisit, Purpose: x("planned"), Agency: w.Police, JointAgency: w.Probation})
	do(err)
	s.action, err = action.Add(ctx, d, co(), action.New{Nominal: n, Text: x("action"), Pathway: string(need.Pathways[0]), Agency: w.Star, DueOn: today.AddDays(7)})
	do(err)
	id(action.Add(ctx, d, pa(), action.New{Nominal: n, Text: x("action"), Pathway: string(need.Pathways[0]), Agency: w.Star, DueOn: today.AddDays(9)}))
	id(registration.Propose(ctx, d, co(), registration.NewProposal{Nominal: n, Reason: x("proposal")}))
	_, err = registration.RecordLine(ctx, d, pr(), n, s.registration, registration.NewLine{List: registration.AdoptionList, Line: "offender notified",
		DoneOn: today, ByWhom: x("checklist"), Note: x("checklist")})
	do(err)
	s.referral = ref.ReferralID(w.one(t, `SELECT max(id) FROM referral WHERE nominal_id = $1`, n))
	s.fact = map[string]int64{}
	for _, table := range []string{"nominal_warning", "nominal_alias", "nominal_address", "nominal_phone", "contact", "need", "custody_spell",
		"custody_date", "sentence", "sentence_adjustment", "sentence_end", "tag", "licence_condition", "licence_condition_end",
		"condition_explanation", "requirement_set", "court_recommendation", "recall", "statutory_status", "risk_score", "mappa_level", "intelligence", "breach", "breach_step", "drug_test"} {
		s.fact[table] = w.one(t, `SELECT max(id) FROM `+table+` WHERE nominal_id = $1`, n)
	}
}

// bind gives a person licence conditions, one of them ended, and requirements of a
// supervision that the repeal ended: six months from 1 July 2025, supervised from 1 January 2026.
func (w *world) bind(t *testing.T, s *subject, x func(string) string, pr func() db.Submission) {
	t.Helper()
	ctx, d, n := t.Context(), w.DB, s.nominal
	do := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	day := clock.MustISO
	var err error
	s.supervised, err = sentence.Record(ctx, d, pr(), sentence.New{Nominal: n, ImposedOn: day("2025-07-01"), Court: x("court"), Offence: x("offence"), OffenceOn: day("2025-06-15"),
		Type: sentence.Determinate, Term: sentence.Term{Months: 6}, Source: x("source")})
	do(err)
	made, err := condition.Record(ctx, d, pr(), condition.New{Nominal: n, Sentence: s.supervised, Standard: condition.Standards[:2], Kind: condition.Curfew, Words: x("condition"),
		SetBy: x("governor"), SetOn: day("2025-09-01"), From: day("2025-09-12"), Source: x("source")})
	do(err)
	s.condition = made[2]
	do(condition.End(ctx, d, pr(), n, made[1], condition.NewEnd{On: day("2025-10-01"), EndedBy: x("governor"), Why: x("condition"), Source: x("source")}))
	_, err = condition.Explain(ctx, d, pr(), condition.NewExplanation{Nominal: n, Sentence: s.supervised, On: day("2025-09-12"), ExplainedBy: x("explained"), Note: x("explained"), Source: x("source")})
	do(err)
	chosen := []condition.Chosen{{Number: 5, Brackets: []string{"12 Sandpiper Way"}}, {Number: 10, Brackets: []string{"STAR"}, Why: x("requirement")}}
	_, err = condition.Require(ctx, d, pr(), condition.NewSet{Nominal: n, Sentence: s.supervised, Step: condition.SetUp, DoneBy: x("governor"), DoneOn: day("2025-09-01"), From: day("2026-01-01"),
		Chosen: chosen, LeftOutWhy: x("requirement"), Why: x("requirement"), Source: x("source")})
	do(err)
	_, err = condition.Recommend(ctx, d, pr(), condition.NewRecommendation{Nominal: n, Sentence: s.supervised, Court: x("court"), RecommendedOn: day("2026-03-02"), Recommends: x("recommends"),
		ConsideredBy: x("supervisor"), ConsideredOn: day("2026-03-03"), Outcome: condition.Disagreed, Reason: x("recommends"), ReferredOn: day("2026-03-04"), Source: x("source")})
	do(err)
}

// breached gives a person a breach of supervision that is before the court, of a sentence of
// six months that was imposed a year ago.
func (w *world) breached(t *testing.T, s *subject, at ref.AreaID, x func(kind string) string) {
	t.Helper()
	ctx, pr, today := t.Context(), w.by(authz.Probation, at), clock.Today(w.Clock)
	over, err := sentence.Record(ctx, w.DB, pr(), sentence.New{Nominal: s.nominal, ImposedOn: today.AddDays(-351), Court: x("court"), Offence: x("offence"), OffenceOn: today.AddDays(-360),
		Type: sentence.Determinate, Term: sentence.Term{Months: 6}, Source: x("source")})
	if err != nil {
		t.Fatal(err)
	}
	if s.breach, err = breach.Record(ctx, w.DB, pr(), breach.New{Nominal: s.nominal, Sentence: over, Of: law.OfSupervision, Type: law.BrokeCurfew, BreachedOn: today.AddDays(-60),
		What: x("breach"), Source: x("source")}); err != nil {
		t.Fatal(err)
	}
	if err := breach.Follow(ctx, w.DB, pr(), s.nominal, s.breach, breach.NewStep{Step: breach.Laid, On: today.AddDays(-30), ListedOn: today.AddDays(10), Note: x("breach"), Source: x("source")}); err != nil {
		t.Fatal(err)
	}
}

// by makes submissions of an account that come from no form.
func (w *world) by(role authz.Role, at ref.AreaID) func() db.Submission {
	account := w.Account(role, at).Account
	return func() db.Submission { return db.Once(account) }
}

func (w *world) log(t *testing.T, n ref.NominalID, at ref.AreaID, what string) {
	t.Helper()
	_, err := contact.Log(t.Context(), w.DB, w.Scheme.As(authz.Police, at), contact.New{Nominal: n, Kind: contact.HomeVisit, HeldOn: clock.Today(w.Clock),
		Outcome: contact.Seen, Agency: w.Police, Log: what, Result: what, Source: "officer"})
	if err != nil {
		t.Fatal(err)
	}
}

// meetings are one of each state in North.
type meetings struct{ planned, open, closed ref.MeetingID }

// attending are the roles that come to meetings; the last only as a guest.
var attending = []authz.Role{authz.Coordinator, authz.Chair, authz.Police, authz.Probation, authz.Partner, authz.Guest}

// meet holds one meeting, opens another and plans a third. All the plain accounts
// of North attend and have signed; the guest is invited for the plain person.
func (w *world) meet(t *testing.T) {
	t.Helper()
	held := func(on clock.Date) ref.MeetingID {
		m, err := meeting.Plan(t.Context(), w.DB, w.Scheme.As(authz.Coordinator, w.North), meeting.New{Area: w.North, Kind: meeting.Operational, HeldOn: on,
			Starts: "10:00", Place: text("plain", "place"), Chair: ref.AccountID(w.Account(authz.Chair, w.North).Account)})
		if err != nil {
			t.Fatal(err)
		}
		w.invite(t, m)
		return m
	}
	today := clock.Today(w.Clock)
	open := func(m ref.MeetingID) {
		if _, err := meeting.Open(t.Context(), w.DB, w.Scheme.As(authz.Chair, w.North), m); err != nil {
			t.Fatal(err)
		}
		for _, n := range []ref.NominalID{w.plain.nominal, w.restricted.nominal} {
			if err := meeting.Discuss(t.Context(), w.DB, w.Scheme.As(authz.Coordinator, w.North), m, n, text("plain", "discussion")); err != nil {
				t.Fatal(err)
			}
		}
	}
	w.meeting.closed = held(today)
	open(w.meeting.closed)
	if err := meeting.Close(t.Context(), w.DB, w.Scheme.As(authz.Chair, w.North), w.meeting.closed, "Time ran out"); err != nil {
		t.Fatal(err)
	}
	w.minuted(t)
	w.meeting.open = held(today)
	open(w.meeting.open)
	w.meeting.planned = held(today.AddDays(20))
}

// minuted gives the closed meeting what can be looked at afterwards: approved minutes,
// a correction that waits, a draft that was sent back, a circulation to everybody.
func (w *world) minuted(t *testing.T) {
	t.Helper()
	id, ctx := w.meeting.closed, t.Context()
	co, chair := w.Scheme.As(authz.Coordinator, w.North), w.Scheme.As(authz.Chair, w.North)
	minutes, err := fixture.Read(t, w.Scheme, w.Account(authz.Chair, w.North), func(ctx context.Context, q *db.ReadTx) (meeting.Minutes, error) {
		return meeting.MinutesOf(ctx, q, id)
	})
	if err != nil {
		t.Fatal(err)
	}
	digest, err := meeting.Digest(minutes)
	if err != nil {
		t.Fatal(err)
	}
	if err := meeting.Approve(ctx, w.DB, chair, id, digest); err != nil {
		t.Fatal(err)
	}
	var all []ref.AccountID
	for _, a := range minutes.Attendees {
		all = append(all, a.Account)
	}
	if w.circulation, err = meeting.Circulate(ctx, w.DB, co, id, meeting.Plans, text("plain", "purpose"), all); err != nil {
		t.Fatal(err)
	}
	if err := meeting.Correct(ctx, w.DB, co, id, w.plain.nominal, meeting.NewCorrection{Text: text("plain", "correction"), Reason: text("plain", "why")}); err != nil {
		t.Fatal(err)
	}
	if err := meeting.SendBack(ctx, w.DB, chair, id, text("plain", "sent back")); err != nil {
		t.Fatal(err)
	}
}

// invite has all the plain accounts of North attend a meeting and sign.
func (w *world) invite(t *testing.T, m ref.MeetingID) {
	t.Helper()
	var core []ref.AccountID
	for _, role := range attending[:len(attending)-1] {
		core = append(core, ref.AccountID(w.Account(role, w.North).Account), ref.AccountID(w.actor(role, excluded).Account),
			ref.AccountID(w.actor(role, unnamed).Account))
	}
	if err := meeting.Invite(t.Context(), w.DB, w.Scheme.As(authz.Coordinator, w.North), m, core); err != nil {
		t.Fatal(err)
	}
	guest := ref.AccountID(w.Account(authz.Guest, w.North).Account)
	if err := meeting.InviteGuest(t.Context(), w.DB, w.Scheme.As(authz.Coordinator, w.North), m, guest, []ref.NominalID{w.plain.nominal}); err != nil {
		t.Fatal(err)
	}
	for _, role := range attending {
		for _, who := range []authz.Actor{w.Account(role, w.North), w.actor(role, excluded), w.actor(role, unnamed)} {
			if role == authz.Guest && who.Account != int64(guest) {
				continue
			}
			statement := meeting.Statement{}
			_, err := db.Write(t.Context(), w.DB, db.Once(who.Account), func(ctx context.Context, tx *db.Tx) (bool, error) {
				var err error
				statement, err = meeting.StatementFor(ctx, tx, w.North)
				return false, err
			})
			_ = err // a question only: a write that records nothing does not commit
			if err := meeting.Sign(t.Context(), w.DB, db.Once(who.Account), m, statement.ID, who.Name); err != nil {
				t.Fatal(err)
			}
		}
	}
}
