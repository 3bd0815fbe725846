package custody

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"iom/internal/casework/nominal"
	"iom/internal/casework/ref"
	"iom/internal/platform/audit"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
)

// MostPasted is how many lines are taken at once.
const MostPasted = 1000

// Pasted is one line of a spreadsheet: whose date it is, by name, PNCID or prison
// number, and what was notified. One line may be two dates: SLED is the end of the
// licence and of the sentence.
type Pasted struct {
	Line       int // as it was pasted, from 1
	Who        string
	Kinds      []DateKind
	Day        clock.Date
	NotifiedBy string
	Wrong      string // what could not be read; empty when all could
}

// Matched is a line with the person it is about and the dates that it replaces.
type Matched struct {
	Pasted
	Nominal ref.NominalID // 0: nobody, and Wrong says so
	Name    string
	Area    ref.AreaID
	Before  []Notice // in force now, one for each of Kinds; a zero one: none
}

// known is somebody whose custody the actor may record.
type known struct {
	Nominal      ref.NominalID
	Area         ref.AreaID
	FamilyName   string
	GivenNames   string
	PNCID        string
	PrisonNumber string
}

func (k known) name() nominal.Name { return nominal.Name{Family: k.FamilyName, Given: k.GivenNames} }

// Match finds whom each line is about, among those whose custody the actor may record
// and nobody else: a line about somebody hidden reads like one about nobody. It says
// line by line what keeps the dates from being recorded (R121).
func Match(ctx context.Context, q db.Querier, lines []Pasted, on clock.Date) ([]Matched, error) {
	people, err := everybody(ctx, q)
	if err != nil {
		return nil, err
	}
	all := findEach(lines, people, q.Today())
	ids := []int64{}
	for _, m := range all {
		if m.Nominal != 0 && !slices.Contains(ids, int64(m.Nominal)) {
			ids = append(ids, int64(m.Nominal))
		}
	}
	notices, spells, err := standing(ctx, q, ids)
	if err != nil {
		return nil, err
	}
	said := map[string]int{}
	for i := range all {
		check(&all[i], notices[all[i].Nominal], spells[all[i].Nominal], said, on, q.Today())
	}
	return all, nil
}

func everybody(ctx context.Context, q db.Querier) ([]known, error) {
	rows, err := q.Query(ctx, `
		SELECT DISTINCT ON (a.nominal_id) a.nominal_id AS nominal, a.area_id AS area, i.family_name, i.given_names, i.pncid, i.prison_number
		FROM nominal_access a CROSS JOIN LATERAL (SELECT * FROM nominal_identity x WHERE x.nominal_id = a.nominal_id
			ORDER BY x.source LIKE 'identity card%', x.id DESC LIMIT 1) i
		WHERE a.area_id = ANY ($1) AND a.ends IS NULL ORDER BY a.nominal_id, a.kind DESC`, q.Actor().AreasFor(authz.RecordCustody))
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByName[known])
}

// plain is a name without regard to case and blanks.
func plain(text string) string { return strings.ToLower(strings.Join(strings.Fields(text), " ")) }

// findEach finds one person for each line. A prison number or a PNCID counts alone; a
// name must be the only one of its kind.
func findEach(lines []Pasted, people []known, today clock.Date) []Matched {
	byKey := map[string][]known{}
	add := func(key string, k known) {
		if key != "" && !slices.ContainsFunc(byKey[key], func(o known) bool { return o.Nominal == k.Nominal }) {
			byKey[key] = append(byKey[key], k)
		}
	}
	for _, k := range people {
		add(plain(k.name().Sorted()), k)
		add(plain(k.name().Full()), k)
		add(k.PNCID, k)
		add(strings.ToUpper(k.PrisonNumber), k)
	}
	all := make([]Matched, 0, len(lines))
	for _, l := range lines {
		m := Matched{Pasted: l}
		if m.Wrong != "" {
			all = append(all, m)
			continue
		}
		key, what := plain(l.Who), "name"
		if number, err := nominal.ParsePrisonNumber(l.Who); err == nil {
			key, what = number, "prison number"
		} else if pncid, _, err := nominal.ParsePNCID(l.Who, today); err == nil {
			key, what = pncid, "PNCID"
		}
		switch found := byKey[key]; len(found) {
		case 0:
			m.Wrong = "Nobody in your areas has this " + what
		case 1:
			m.Nominal, m.Name, m.Area = found[0].Nominal, found[0].name().Sorted(), found[0].Area
		default:
			m.Wrong = fmt.Sprintf("%d people in your areas have this %s. Use the PNCID or the prison number", len(found), what)
			if what != "name" {
				m.Wrong = fmt.Sprintf("%d people in your areas have this %s. Record the dates on each person's page", len(found), what)
			}
		}
		all = append(all, m)
	}
	return all
}

// standing is what was notified of some people, and in which custody they are.
func standing(ctx context.Context, q db.Querier, ids []int64) (map[ref.NominalID][]Notice, map[ref.NominalID]Spell, error) {
	notices, spells := map[ref.NominalID][]Notice{}, map[ref.NominalID]Spell{}
	rows, err := q.Query(ctx, SelectNotices, ids)
	if err != nil {
		return nil, nil, err
	}
	all, err := pgx.CollectRows(rows, pgx.RowToStructByName[Notice])
	if err != nil {
		return nil, nil, err
	}
	for _, n := range all {
		notices[n.Nominal] = append(notices[n.Nominal], n)
	}
	rows, err = q.Query(ctx, `SELECT DISTINCT ON (s.nominal_id) s.nominal_id, s.id, s.received_on FROM custody_spell s
		WHERE s.nominal_id = ANY ($1) AND NOT EXISTS (SELECT FROM fact_closed c WHERE c.fact = 'custody_spell' AND c.fact_id = s.id)
		ORDER BY s.nominal_id, s.received_on DESC, s.id DESC`, ids)
	if err != nil {
		return nil, nil, err
	}
	var s Spell
	_, err = pgx.ForEachRow(rows, []any{&s.Nominal, &s.ID, &s.ReceivedOn}, func() error {
		released := slices.ContainsFunc(notices[s.Nominal], func(n Notice) bool { return n.Kind == Released && n.Spell == s.ID })
		if !released {
			spells[s.Nominal] = s
		}
		return nil
	})
	return notices, spells, err
}

// check adds to a line what it replaces and what is wrong with it. said are the lines
// that spoke of a person and a kind before.
func check(m *Matched, notices []Notice, spell Spell, said map[string]int, on, today clock.Date) {
	if m.Wrong != "" {
		return
	}
	n := NewNotice{Nominal: m.Nominal, NotifiedBy: m.NotifiedBy, NotifiedOn: on, Source: "spreadsheet"}
	for _, k := range m.Kinds {
		var before Notice
		for _, old := range notices { // the latest first
			if old.Kind == k && (!k.OfRelease() || old.Spell == spell.ID) {
				before = old
				break
			}
		}
		m.Before = append(m.Before, before)
		n.Dates = append(n.Dates, Dated{k, m.Day})
		key := fmt.Sprint(m.Nominal, k)
		if first := said[key]; first != 0 {
			m.Wrong = fmt.Sprintf("Line %d gives this date of this person too. Leave one of them out", first)
			return
		}
		said[key] = m.Line
	}
	if problems := CheckNotice(n, spell, spell.ID != 0, today); len(problems) > 0 {
		m.Wrong = problems[0].Text
	}
}

// Fingerprint tells a preview from another one: whom the lines are about, what they
// say and what they replace. The confirmation carries it, so that nothing is saved over
// a date that came in between.
func Fingerprint(all []Matched, on clock.Date) string {
	h := sha256.New()
	fmt.Fprintf(h, "%s\n", on)
	for _, m := range all {
		fmt.Fprintf(h, "%d %d %q %s %q %q", m.Line, m.Nominal, m.Kinds, m.Day, m.NotifiedBy, m.Wrong)
		for _, b := range m.Before {
			fmt.Fprintf(h, " %d", b.ID)
		}
		fmt.Fprintln(h)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// NotifyAll records the dates of all lines or of none. seen is the Fingerprint of the
// preview that was confirmed: fault.Stale when the record is another one by now.
func NotifyAll(ctx context.Context, d *db.DB, s db.Submission, lines []Pasted, on clock.Date, source, seen string) (people int, err error) {
	return db.Write(ctx, d, s, func(ctx context.Context, tx *db.Tx) (int, error) {
		first, err := Match(ctx, tx, lines, on)
		if err != nil {
			return 0, err
		}
		var order []ref.NominalID
		for _, m := range first {
			if m.Nominal != 0 && !slices.Contains(order, m.Nominal) {
				order = append(order, m.Nominal)
			}
		}
		slices.Sort(order) // always the same, so that two of these cannot wait for each other
		scopes := map[ref.NominalID]nominal.Scope{}
		for _, id := range order {
			if scopes[id], err = locked(ctx, tx, id); err != nil {
				return 0, err
			}
		}
		all, err := Match(ctx, tx, lines, on) // again, now that nobody else can write
		if err != nil {
			return 0, err
		}
		if Fingerprint(all, on) != seen {
			return 0, fault.Changed()
		}
		if err := fault.Refused(wrongLines(all)); err != nil {
			return 0, err
		}
		return len(order), insertAll(ctx, tx, all, scopes, on, source)
	})
}

func wrongLines(all []Matched) []fault.Problem {
	var wrong []fault.Problem
	for _, m := range all {
		if m.Wrong != "" {
			wrong = append(wrong, fault.Problem{Field: "lines", Rule: "R121", Text: fmt.Sprintf("Line %d: %s", m.Line, m.Wrong)})
		}
	}
	return wrong
}

func insertAll(ctx context.Context, tx *db.Tx, all []Matched, scopes map[ref.NominalID]nominal.Scope, on clock.Date, source string) error {
	var ids []int64
	for id := range scopes {
		ids = append(ids, int64(id))
	}
	_, spells, err := standing(ctx, tx, ids)
	if err != nil {
		return err
	}
	fields := map[ref.NominalID][]string{}
	for _, m := range all {
		for _, k := range m.Kinds {
			of := ref.CustodyID(0)
			if k.OfRelease() {
				of = spells[m.Nominal].ID
			}
			if err := addDate(ctx, tx, m.Nominal, of, k, Notified{Day: m.Day, NotifiedBy: m.NotifiedBy, NotifiedOn: on, Source: source}); err != nil {
				return err
			}
			fields[m.Nominal] = append(fields[m.Nominal], string(k))
		}
	}
	for id, scope := range scopes {
		tx.Record(audit.Event{Operation: audit.Collect, Command: "custody.notify", Area: int64(scope.Area), Nominals: []int64{int64(id)},
			Object: "custody_date", Fields: append(fields[id], "notified_by", "notified_on", "source")})
		tx.Touch(int64(id))
	}
	return nil
}
