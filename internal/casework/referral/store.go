package referral

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"iom/internal/casework/nominal"
	"iom/internal/casework/rag"
	"iom/internal/casework/ref"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
)

// summarySQL reads referrals as a list shows them. Until a referral is submitted
// the name on it is the one typed; afterwards it is the person's, as known now.
const summarySQL = `
	SELECT r.id, r.nominal_id AS nominal,
		CASE WHEN s.recorded_at IS NULL THEN coalesce(nullif(p.answers->>'family_name', ''), i.family_name, '') ELSE coalesce(i.family_name, '') END AS family_name,
		CASE WHEN s.recorded_at IS NULL THEN coalesce(p.answers->>'given_names', i.given_names, '') ELSE coalesce(i.given_names, '') END AS given_names,
		CASE WHEN s.recorded_at IS NULL THEN coalesce(nullif(p.answers->>'born', '')::date, i.born) ELSE i.born END AS born,
		r.area_id AS area, a.name AS area_name,
		coalesce(nullif((d.answers->>'agency')::bigint, 0), r.agency_id) AS agency, g.name AS agency_name,
		CASE WHEN w.recorded_at IS NOT NULL THEN 'withdrawn' WHEN x.final IS NOT NULL THEN x.final WHEN x.times > 0 THEN 'deferred'
			WHEN s.recorded_at IS NOT NULL THEN 'submitted' ELSE 'started' END AS state,
		r.recorded_at AS started_at, c.name AS started_by_name, coalesce(v.saved_at, r.recorded_at) AS saved_at,
		coalesce(s.recorded_at, '0001-01-01 00:00:00Z') AS submitted_at, coalesce(t.answers->>'rating', '') AS proposed_rating,
		coalesce(x.times, 0) AS times_deferred, coalesce(x.decided_at, '0001-01-01 00:00:00Z') AS decided_at
	FROM referral r
	JOIN area a ON a.id = r.area_id
	JOIN account c ON c.id = r.recorded_by
	LEFT JOIN referral_submission s ON s.referral_id = r.id
	LEFT JOIN referral_withdrawal w ON w.referral_id = r.id
	LEFT JOIN LATERAL (SELECT family_name, given_names, born FROM nominal_identity y WHERE y.nominal_id = r.nominal_id ORDER BY y.id DESC LIMIT 1) i ON true
	LEFT JOIN LATERAL (SELECT answers FROM referral_section y WHERE y.referral_id = r.id AND y.section = 'personal' ORDER BY y.version DESC LIMIT 1) p ON true
	LEFT JOIN LATERAL (SELECT answers FROM referral_section y WHERE y.referral_id = r.id AND y.section = 'details' ORDER BY y.version DESC LIMIT 1) d ON true
	LEFT JOIN LATERAL (SELECT answers FROM referral_section y WHERE y.referral_id = r.id AND y.section = 'rating' ORDER BY y.version DESC LIMIT 1) t ON true
	LEFT JOIN LATERAL (SELECT max(y.recorded_at) AS saved_at FROM referral_section y WHERE y.referral_id = r.id) v ON true
	LEFT JOIN LATERAL (SELECT max(y.outcome) FILTER (WHERE y.outcome <> 'deferred') AS final, count(*) FILTER (WHERE y.outcome = 'deferred')::int AS times,
			max(y.recorded_at) AS decided_at
		FROM referral_decision y WHERE y.referral_id = r.id) x ON true
	JOIN agency g ON g.id = coalesce(nullif((d.answers->>'agency')::bigint, 0), r.agency_id)`

type summaryRow struct {
	ID             ref.ReferralID
	Nominal        ref.NominalID
	FamilyName     string
	GivenNames     string
	Born           clock.Date
	Area           ref.AreaID
	AreaName       string
	Agency         ref.AgencyID
	AgencyName     string
	State          State
	StartedAt      time.Time
	StartedByName  string
	SavedAt        time.Time
	SubmittedAt    time.Time
	ProposedRating rag.Rating
	TimesDeferred  int
	DecidedAt      time.Time
}

func (r summaryRow) summary() Summary {
	return Summary{ID: r.ID, Nominal: r.Nominal, Name: nominal.Name{Family: r.FamilyName, Given: r.GivenNames}, Born: r.Born, Area: r.Area,
		AreaName: r.AreaName, Agency: r.Agency, AgencyName: r.AgencyName, State: r.State, StartedAt: r.StartedAt,
		StartedByName: r.StartedByName, SavedAt: r.SavedAt, SubmittedAt: r.SubmittedAt, ProposedRating: r.ProposedRating,
		TimesDeferred: r.TimesDeferred, DecidedAt: r.DecidedAt}
}

func summaries(ctx context.Context, q db.Querier, where string, args ...any) ([]Summary, error) {
	rows, err := q.Query(ctx, summarySQL+where, args...)
	if err != nil {
		return nil, err
	}
	found, err := pgx.CollectRows(rows, pgx.RowToStructByName[summaryRow])
	all := make([]Summary, len(found))
	for i, r := range found {
		all[i] = r.summary()
	}
	return all, err
}

// Get is the whole of a referral; fault.Missing when it is not there or not for
// the actor.
func Get(ctx context.Context, q db.Querier, id ref.ReferralID) (Referral, error) {
	found, err := summaries(ctx, q, ` WHERE r.id = $1`, id)
	if err != nil {
		return Referral{}, err
	}
	if len(found) == 0 {
		return Referral{}, fault.Missing()
	}
	r := Referral{Summary: found[0]}
	if r.Form, r.Versions, err = sectionsOf(ctx, q, id); err != nil {
		return Referral{}, err
	}
	if r.Decisions, err = decisionsOf(ctx, q, id); err != nil {
		return Referral{}, err
	}
	return r, r.readEnds(ctx, q)
}

// readEnds reads who submitted and who withdrew.
func (r *Referral) readEnds(ctx context.Context, q db.Querier) error {
	if !r.SubmittedAt.IsZero() {
		if err := q.QueryRow(ctx, `SELECT c.name FROM referral_submission s JOIN account c ON c.id = s.recorded_by WHERE s.referral_id = $1`,
			r.ID).Scan(&r.SubmittedByName); err != nil {
			return err
		}
	}
	if r.State != Withdrawn {
		return nil
	}
	return q.QueryRow(ctx, `SELECT w.recorded_at, c.name, w.reason FROM referral_withdrawal w JOIN account c ON c.id = w.recorded_by
		WHERE w.referral_id = $1`, r.ID).Scan(&r.WithdrawnAt, &r.WithdrawnByName, &r.WithdrawnReason)
}

// sectionsOf are the current answers of every section.
func sectionsOf(ctx context.Context, q db.Querier, id ref.ReferralID) (f Form, versions map[Section]Stamp, err error) {
	rows, err := q.Query(ctx, `SELECT DISTINCT ON (s.section) s.section, s.version, s.answers, s.recorded_at, c.name, s.reason
		FROM referral_section s JOIN account c ON c.id = s.recorded_by WHERE s.referral_id = $1 ORDER BY s.section, s.version DESC`, id)
	if err != nil {
		return f, nil, err
	}
	var (
		section Section
		answers []byte
		stamp   Stamp
	)
	versions = map[Section]Stamp{}
	_, err = pgx.ForEachRow(rows, []any{&section, &stamp.Version, &answers, &stamp.At, &stamp.ByName, &stamp.Reason}, func() error {
		versions[section] = stamp
		return f.read(section, answers)
	})
	return f, versions, err
}

// read puts stored answers into their section.
func (f *Form) read(s Section, stored []byte) error {
	into := map[Section]any{SectionPersonal: &f.Personal, SectionDetails: &f.Details, SectionJustification: &f.Justification,
		SectionHistory: &f.History, SectionAgencies: &f.Agencies, SectionPathways: &f.Pathways, SectionGroups: &f.Groups, SectionRisk: &f.Risk,
		SectionConsiderations: &f.Considerations, SectionRating: &f.Rating, SectionYouth: &f.Youth, SectionEquality: &f.Equality}[s]
	if into == nil {
		return fmt.Errorf("referral: there is no section %q", s)
	}
	if err := json.Unmarshal(stored, into); err != nil {
		return fmt.Errorf("referral: answers of section %s: %w", s, err)
	}
	return nil
}

// Saved is one version of a section as it was saved.
type Saved struct {
	Stamp
	Answers Answers
}

// HistoryOf are all versions of a section, the first one first.
func HistoryOf(ctx context.Context, q db.Querier, id ref.ReferralID, s Section) ([]Saved, error) {
	rows, err := q.Query(ctx, `SELECT s.version, s.answers, s.recorded_at, c.name, s.reason
		FROM referral_section s JOIN account c ON c.id = s.recorded_by WHERE s.referral_id = $1 AND s.section = $2 ORDER BY s.version`, id, s)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (Saved, error) {
		var (
			saved  Saved
			stored []byte
			f      Form
		)
		err := row.Scan(&saved.Version, &stored, &saved.At, &saved.ByName, &saved.Reason)
		if err == nil {
			err = f.read(s, stored)
		}
		saved.Answers = f.Of(s)
		return saved, err
	})
}

func decisionsOf(ctx context.Context, q db.Querier, id ref.ReferralID) ([]Decided, error) {
	rows, err := q.Query(ctx, `SELECT d.id, d.meeting_id AS meeting, m.held_on, d.outcome, d.reason, d.chair_id AS chair, c.name AS chair_name,
			d.agreed_by, d.recorded_at AS at
		FROM referral_decision d JOIN meeting m ON m.id = d.meeting_id JOIN account c ON c.id = d.chair_id
		WHERE d.referral_id = $1 ORDER BY d.id`, id)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByName[Decided])
}

// lockForWrite waits for its turn at a referral and loads it for a change: the
// actor needs the permission in the area of the referral, and that area open
// access to the person.
func lockForWrite(ctx context.Context, tx *db.Tx, id ref.ReferralID, p authz.Permission) (Referral, error) {
	if err := tx.Lock(ctx, "referral", int64(id)); err != nil {
		return Referral{}, err
	}
	r, err := Get(ctx, tx, id)
	if err != nil {
		return Referral{}, err
	}
	if err := db.Must(tx, p, int64(r.Area)); err != nil {
		return Referral{}, err
	}
	open, err := Writable(ctx, tx, r.Summary)
	if err == nil && !open {
		err = fault.Denied("Another area is responsible for this person now. The referral can be read, not changed")
	}
	return r, err
}

// Writable says whether the area of a referral still has open access to the
// person: not after another area became responsible.
func Writable(ctx context.Context, q db.Querier, r Summary) (open bool, err error) {
	err = q.QueryRow(ctx, `SELECT EXISTS (SELECT FROM nominal_access WHERE nominal_id = $1 AND area_id = $2 AND ends IS NULL)`, r.Nominal, r.Area).Scan(&open)
	return open, err
}
