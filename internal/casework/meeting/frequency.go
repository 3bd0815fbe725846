package meeting

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"

	"iom/internal/casework/area"
	"iom/internal/casework/nominal"
	"iom/internal/casework/rag"
	"iom/internal/casework/ref"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
)

// Rules of the en-bloc item.
const (
	RuleAmberFrequency = "R44"
	RuleGreenFrequency = "R47"
)

// FrequencyFacts are what the rule of the en-bloc item asks about one person.
type FrequencyFacts struct {
	Nominal      ref.NominalID
	Registration ref.RegistrationID
	Name         string
	Rating       rag.Rating
	RatedOn      clock.Date
	Last         string     // the frequency agreed last; empty: none
	LastFor      rag.Rating // at which rating
	LastOn       clock.Date
	VisitDays    int    // days between home visits at AMBER where the case is (R45)
	Here         string // agreed at this very meeting; empty: not yet
}

// Frequency is a line of the en-bloc item: how often somebody is to be supervised.
type Frequency struct {
	FrequencyFacts
	Since    clock.Date // from when it is to be agreed
	Proposed string
}

// Rule is the rule by which the frequency is agreed at a monthly meeting.
func (f Frequency) Rule() string {
	if f.Rating == rag.Green {
		return RuleGreenFrequency
	}
	return RuleAmberFrequency
}

// Frequencies is the en-bloc item of a meeting: everybody at AMBER or GREEN whose
// frequency of supervision is to be agreed before the next meeting. The guide has it
// agreed monthly for both (R44, R47), although AMBER comes up every three months
// and GREEN by no rule: so they are agreed in one go, without discussing each case.
// What was agreed for another rating does not hold for the present one.
//
// Proposed is what was agreed last, or else the standard of the rating: at AMBER the
// area's days between home visits, at GREEN monthly. AMBER stands first, then by name.
func Frequencies(all []FrequencyFacts, next clock.Date) []Frequency {
	lines := []Frequency{}
	for _, f := range all {
		if f.Rating != rag.Amber && f.Rating != rag.Green {
			continue
		}
		line := Frequency{FrequencyFacts: f, Since: f.RatedOn, Proposed: standardOf(f)}
		if f.Last != "" && f.LastFor == f.Rating {
			line.Since, line.Proposed = f.LastOn.AddMonths(1), f.Last
		}
		if f.Here != "" || line.Since.Before(next) {
			lines = append(lines, line)
		}
	}
	slices.SortFunc(lines, func(a, b Frequency) int {
		return cmp.Or(cmp.Compare(a.Rating.Rank(), b.Rating.Rank()), cmp.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)), cmp.Compare(a.Nominal, b.Nominal))
	})
	return lines
}

func standardOf(f FrequencyFacts) string {
	if f.Rating == rag.Green {
		return Often[2]
	}
	return everyDays(f.VisitDays)
}

func everyDays(days int) string { return "every " + strconv.Itoa(days) + " days" }

// Often are the frequencies offered beside the one proposed.
var Often = []string{"weekly", "every 14 days", "monthly"}

// Offered are the frequencies to choose from for one person: those of Often, the one
// proposed and the one agreed here. A frequency of other words is agreed with the case.
func (f Frequency) Offered() []string {
	all := slices.Clone(Often)
	for _, more := range []string{f.Proposed, f.Here} {
		if more != "" && !slices.Contains(all, more) {
			all = append(all, more)
		}
	}
	return all
}

// FrequenciesOf is the en-bloc item of a meeting, for somebody who runs it; of a
// closed one, what it agreed. While the meeting is open it follows the ratings as
// the meeting leaves them, so that somebody who was taken down to AMBER a minute ago
// is among them. A practitioners' meeting has none: the guide names the monthly one.
func FrequenciesOf(ctx context.Context, q db.Querier, id ref.MeetingID) (Meeting, []Frequency, error) {
	m, err := Get(ctx, q, id)
	if err != nil {
		return m, nil, err
	}
	s, err := StandingIn(ctx, q, m)
	if err != nil {
		return m, nil, err
	}
	switch {
	case s.Guest:
		return m, nil, fault.Denied("A guest reads the cases named and nothing else of the meeting")
	case !s.Signed && !s.Runs:
		return m, nil, errUnsigned
	}
	lines, err := frequencies(ctx, q, m)
	return m, lines, err
}

func frequencies(ctx context.Context, q db.Querier, m Meeting) ([]Frequency, error) {
	if m.Kind != Operational || m.CancelledAt != nil {
		return nil, nil
	}
	facts, err := frequencyFacts(ctx, q, m)
	if err != nil {
		return nil, err
	}
	ids := make([]ref.NominalID, len(facts))
	for i, f := range facts {
		ids[i] = f.Nominal
	}
	names, err := nominal.Names(ctx, q, ids)
	if err != nil {
		return nil, err
	}
	for i := range facts {
		facts[i].Name = names[facts[i].Nominal].Sorted()
	}
	lines := Frequencies(facts, m.NextOn)
	if m.ClosedAt != nil {
		lines = slices.DeleteFunc(lines, func(f Frequency) bool { return f.Here == "" })
	}
	return lines, nil
}

// frequencyFacts reads what was agreed, en bloc or with a review of the rating, at
// this meeting and before it. Of a closed meeting the rating is the one for which it
// agreed.
func frequencyFacts(ctx context.Context, q db.Querier, m Meeting) ([]FrequencyFacts, error) {
	areas, err := leavesOf(ctx, q, m.Area)
	if err != nil {
		return nil, err
	}
	days := map[ref.AreaID]int{}
	for _, a := range areas {
		if days[a], err = area.Number(ctx, q, a, area.AmberVisitDays); err != nil {
			return nil, err
		}
	}
	const agreed = `SELECT * FROM (
			SELECT s.frequency, s.rating, t.held_on AS on_day, s.recorded_at FROM supervision_agreement s JOIN meeting t ON t.id = s.meeting_id
				WHERE s.registration_id = x.id AND (s.meeting_id = $2) = here.so
			UNION ALL SELECT y.supervision, y.rating, y.rated_on, y.recorded_at FROM rag_rating y
				WHERE y.registration_id = x.id AND y.supervision <> '' AND y.meeting_id IS NOT NULL AND (y.meeting_id = $2) = here.so
		) z WHERE z.recorded_at <= coalesce($3::timestamptz, 'infinity') ORDER BY z.recorded_at DESC LIMIT 1`
	rows, err := q.Query(ctx, `
		SELECT x.nominal_id, x.id, x.area_id, CASE WHEN $3::timestamptz IS NOT NULL AND now.rating IS NOT NULL THEN now.rating ELSE r.rating END, r.rated_on,
			coalesce(last.frequency, ''), coalesce(last.rating, ''), last.on_day, coalesce(CASE WHEN now.rating = r.rating OR $3::timestamptz IS NOT NULL THEN now.frequency END, '')
		FROM registration x
		CROSS JOIN LATERAL (SELECT rating, rated_on FROM rag_rating y WHERE y.registration_id = x.id ORDER BY y.id DESC LIMIT 1) r
		LEFT JOIN LATERAL (SELECT z.* FROM (VALUES (false)) here(so), LATERAL (`+agreed+`) z) last ON true
		LEFT JOIN LATERAL (SELECT z.* FROM (VALUES (true)) here(so), LATERAL (`+agreed+`) z) now ON true
		WHERE x.area_id = ANY ($1) AND (x.ended_at IS NULL OR $3::timestamptz IS NOT NULL AND now.rating IS NOT NULL)
			AND x.nominal_id <> ALL ($4)`, areas, m.ID, m.ClosedAt, hiddenFrom(q))
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (f FrequencyFacts, err error) {
		var (
			in              ref.AreaID
			rating, lastFor string
		)
		err = row.Scan(&f.Nominal, &f.Registration, &in, &rating, &f.RatedOn, &f.Last, &lastFor, &f.LastOn, &f.Here)
		f.Rating, f.LastFor, f.VisitDays = rag.Rating(rating), rag.Rating(lastFor), days[in]
		return f, err
	})
}

// Agreed is the frequency that a meeting agrees for one person.
type Agreed struct {
	Nominal   ref.NominalID
	Frequency string
}

// AgreeFrequencies agrees the frequencies of the en-bloc item in one go; who is
// left out is an exception, to be agreed later or with the case. Each becomes a row
// of the person, in the chair's name. It needs an open meeting, the signature and
// authz.Decide, and gives the number agreed. Who has the same frequency from this
// meeting already is passed over.
func AgreeFrequencies(ctx context.Context, d *db.DB, s db.Submission, id ref.MeetingID, all []Agreed) (int, error) {
	return db.Write(ctx, d, s, func(ctx context.Context, tx *db.Tx) (int, error) {
		m, err := take(ctx, tx, id)
		if err != nil {
			return 0, err
		}
		if err := db.Must(tx, authz.Decide, int64(m.Area)); err != nil {
			return 0, err
		}
		if _, _, err := opened(ctx, tx, id); err != nil {
			return 0, err
		}
		if err := mustBe(m, StateOpen); err != nil {
			return 0, err
		}
		lines, err := frequencies(ctx, tx, m)
		if err != nil {
			return 0, err
		}
		chosen, err := chosenOf(lines, all)
		if err != nil {
			return 0, err
		}
		return len(chosen), keepFrequencies(ctx, tx, m, chosen)
	})
}

// chosenOf are the lines that change, with what is agreed.
func chosenOf(lines []Frequency, all []Agreed) ([]Frequency, error) {
	var (
		chosen []Frequency
		wrong  []fault.Problem
	)
	for _, a := range all {
		at := slices.IndexFunc(lines, func(f Frequency) bool { return f.Nominal == a.Nominal })
		text := strings.TrimSpace(a.Frequency)
		switch {
		case text == "":
		case at < 0:
			wrong = append(wrong, fault.Problem{Rule: "R44", Text: "Somebody on the list is no longer at AMBER or GREEN. It is shown as it stands now"})
		case !slices.Contains(lines[at].Offered(), text):
			wrong = append(wrong, fault.Problem{Field: "of-" + ref.Text(a.Nominal), Rule: "R44", Text: "Choose one of the frequencies listed"})
		case lines[at].Here != text:
			lines[at].Here = text
			chosen = append(chosen, lines[at])
		}
	}
	if len(wrong) == 0 && len(chosen) == 0 {
		wrong = append(wrong, fault.Problem{Rule: "R44", Text: "Nothing is left to agree: choose a frequency for at least one person"})
	}
	return chosen, fault.Refused(wrong)
}

func keepFrequencies(ctx context.Context, tx *db.Tx, m Meeting, chosen []Frequency) error {
	agreed, err := agreedBy(ctx, tx, m)
	if err != nil {
		return err
	}
	var (
		people, registrations []int64
		ratings, texts        []string
	)
	for _, f := range chosen {
		people, registrations = append(people, int64(f.Nominal)), append(registrations, int64(f.Registration))
		ratings, texts = append(ratings, string(f.Rating)), append(texts, f.Here)
	}
	_, err = tx.Exec(ctx, `INSERT INTO supervision_agreement (registration_id, nominal_id, meeting_id, rating, frequency, chair_id, agreed_by, recorded_at, recorded_by)
		SELECT u.g, u.n, $1, u.r, u.f, $6, $7, $8, $9 FROM unnest($2::bigint[], $3::bigint[], $4::text[], $5::text[]) u(g, n, r, f)`,
		m.ID, registrations, people, ratings, texts, m.Chair, agreed, tx.Now(), tx.Actor().Account)
	e := event("agree frequencies", m.ID, m.Area, "frequency", "agreed by")
	e.Nominals, e.Listed = people, true
	tx.Record(e)
	return err
}
