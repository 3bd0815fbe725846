package home

import "strings"

// Every statement gives the six columns of Item, in order, the most urgent first.

const atMost = ` LIMIT 101` // CountMost and one

// nameOf joins the current name of a nominal as n.name.
func nameOf(column string) string {
	return strings.ReplaceAll(` CROSS JOIN LATERAL (SELECT x.family_name || CASE WHEN x.given_names = '' THEN '' ELSE ', ' || x.given_names END AS name
		FROM nominal_identity x WHERE x.nominal_id = ? ORDER BY x.id DESC LIMIT 1) n `, "?", column)
}

const listName = `l.family_name || CASE WHEN l.given_names = '' THEN '' ELSE ', ' || l.given_names END`

// forMe is a case that I lead, or any of an area whose meetings I run.
const forMe = `(l.lead_account_id = $1 OR l.area_id = ANY ($2::bigint[]))`

const meetings = `
	SELECT m.id, 0::bigint, a.name, m.kind, m.held_on,
		CASE WHEN o.meeting_id IS NOT NULL AND m.area_id = ANY ($2::bigint[]) THEN 'open'
			WHEN t.account_id IS NOT NULL AND NOT EXISTS (SELECT FROM confidentiality_signature s WHERE s.meeting_id = m.id AND s.account_id = $1) THEN 'sign'
			WHEN o.meeting_id IS NOT NULL THEN 'under way' WHEN m.held_on < $3 THEN 'not opened' ELSE 'coming' END
	FROM meeting m JOIN area a ON a.id = m.area_id
	LEFT JOIN meeting_attendee t ON t.meeting_id = m.id AND t.account_id = $1
	LEFT JOIN meeting_opening o ON o.meeting_id = m.id
	WHERE (t.account_id IS NOT NULL AND (t.capacity = 'core' OR m.held_on + 14 >= $3) OR m.area_id = ANY ($2::bigint[]))
	  AND m.held_on <= $4
	  AND NOT EXISTS (SELECT FROM meeting_closing e WHERE e.meeting_id = m.id)
	  AND NOT EXISTS (SELECT FROM meeting_cancellation x WHERE x.meeting_id = m.id)
	ORDER BY m.held_on, m.starts, m.id`

const minutes = `
	SELECT m.id, 0::bigint, a.name, m.kind, m.held_on, ''
	FROM meeting m JOIN area a ON a.id = m.area_id JOIN meeting_closing e ON e.meeting_id = m.id
	CROSS JOIN LATERAL (SELECT coalesce(max(p.version), 0) AS version FROM minutes_approval p WHERE p.meeting_id = m.id) v
	WHERE $1 IN (m.chair_id, m.joint_chair_id)
	  AND (v.version = 0 OR EXISTS (SELECT FROM minutes_correction k WHERE k.meeting_id = m.id AND k.version > v.version))
	  AND NOT EXISTS (SELECT FROM minutes_return r WHERE r.meeting_id = m.id AND r.version > v.version
	    AND NOT EXISTS (SELECT FROM minutes_answer w WHERE w.return_id = r.id))
	ORDER BY m.held_on, m.id`

// What the chair sent back waits for the others who run the meeting.
const returned = `
	SELECT m.id, 0::bigint, a.name, m.kind, m.held_on, c.name
	FROM minutes_return r JOIN meeting m ON m.id = r.meeting_id JOIN area a ON a.id = m.area_id JOIN account c ON c.id = r.recorded_by
	WHERE m.area_id = ANY ($1) AND r.recorded_by <> $2 AND NOT EXISTS (SELECT FROM minutes_answer w WHERE w.return_id = r.id)
	  AND NOT EXISTS (SELECT FROM minutes_approval p WHERE p.meeting_id = r.meeting_id AND p.version >= r.version)
	ORDER BY r.id`

// The note is the area's choice of days, by which the day is worked out.
const circulate = `
	SELECT m.id, 0::bigint, a.name, m.kind, m.held_on, coalesce((
		WITH RECURSIVE up AS (
			SELECT x.id, x.parent_id, 0 AS far FROM area x WHERE x.id = m.area_id
			UNION ALL SELECT x.id, x.parent_id, up.far + 1 FROM area x JOIN up ON x.id = up.parent_id)
		SELECT s.value FROM up JOIN area_setting s ON s.area_id = up.id AND s.key = 'circulation_days' ORDER BY up.far, s.id DESC LIMIT 1), 'working')
	FROM meeting m JOIN area a ON a.id = m.area_id JOIN meeting_closing e ON e.meeting_id = m.id
	WHERE m.area_id = ANY ($1) AND NOT EXISTS (SELECT FROM circulation u WHERE u.meeting_id = m.id AND u.kind = 'plans')
	ORDER BY m.held_on, m.id`

// escalations that no meeting has closed: what should have been answered, then what has
// been, with the day of the answer, then what is asked, with the day by which.
const escalations = `
	SELECT e.id, coalesce(e.nominal_id, 0), coalesce(n.name, a.name), e.issue, w.day, w.state
	FROM escalation e JOIN area a ON a.id = e.area_id LEFT JOIN LATERAL (SELECT x.family_name || CASE WHEN x.given_names = '' THEN '' ELSE ', ' || x.given_names END AS name
		FROM nominal_identity x WHERE x.nominal_id = e.nominal_id ORDER BY x.id DESC LIMIT 1) n ON true
	LEFT JOIN LATERAL (SELECT x.kind, x.answered_on, x.answer_by FROM escalation_entry x
		WHERE x.escalation_id = e.id AND x.kind IN ('answered', 'asked again') ORDER BY x.id DESC LIMIT 1) x ON true
	CROSS JOIN LATERAL (SELECT coalesce(x.answered_on, x.answer_by, e.answer_by) AS day, CASE WHEN x.kind = 'answered' THEN 'answered' ELSE '' END AS state) w
	WHERE e.area_id = ANY ($1) AND NOT EXISTS (SELECT FROM escalation_entry c WHERE c.escalation_id = e.id AND c.kind = 'closed')
	ORDER BY CASE WHEN w.state <> '' THEN 1 WHEN w.day < $2 THEN 0 ELSE 2 END, w.day, e.id`

// recalls whose clock runs, the first due first; what waits for PPCS to receive it, or
// for the return to custody, has the day of its last step.
var recalls = `
	SELECT r.id, r.nominal_id, n.name, CASE WHEN s.sent IS NULL THEN 'papers' WHEN s.received IS NULL THEN 'receipt' WHEN s.revoked IS NULL THEN 'process' ELSE 'return' END || CASE WHEN w.at < $2 THEN ' late' ELSE '' END,
		(w.at AT TIME ZONE 'Europe/London')::date, to_char(w.at AT TIME ZONE 'Europe/London', 'HH24:MI')
	FROM recall r` + nameOf("r.nominal_id") + `
	CROSS JOIN LATERAL (SELECT max(x.happened_at) FILTER (WHERE x.step = 'papers sent') AS sent, max(x.happened_at) FILTER (WHERE x.step = 'papers received') AS received,
		max(x.happened_at) FILTER (WHERE x.step = 'licence revoked') AS revoked, max(x.happened_at) FILTER (WHERE x.step = 'withdrawn') AS withdrawn
		FROM recall_step x WHERE x.recall_id = r.id) s
	CROSS JOIN LATERAL (SELECT CASE WHEN s.sent IS NULL THEN r.decided_at + interval '24 hours' WHEN s.received IS NULL THEN s.sent
		WHEN s.revoked IS NULL THEN s.received + interval '24 hours' ELSE s.revoked END AS at) w
	WHERE EXISTS (SELECT FROM nominal_access a WHERE a.nominal_id = r.nominal_id AND a.kind <> 'guest' AND (a.ends IS NULL OR a.ends > $2) AND a.area_id = ANY ($1::bigint[]))
	  AND s.withdrawn IS NULL AND NOT EXISTS (SELECT FROM fact_closed c WHERE c.fact = 'recall' AND c.fact_id = r.id)
	  AND NOT EXISTS (SELECT FROM recall_return b WHERE b.recall_id = r.id
		AND NOT EXISTS (SELECT FROM fact_closed c WHERE c.fact = 'custody_spell' AND c.fact_id = b.spell_id))
	ORDER BY (s.sent IS NULL OR s.received IS NOT NULL AND s.revoked IS NULL) DESC, w.at, r.id`

// hearings to come of breaches that a court is still to decide, and those held of which nobody
// has recorded the outcome: what is listed counts until another step follows it.
const hearings = `
	SELECT 0::bigint, l.nominal_id, ` + listName + `, 'Breach of ' || b.of_what || ' (' || b.type || ')', s.listed_on, l.lead_name
	FROM live_list l JOIN breach b ON b.nominal_id = l.nominal_id
	CROSS JOIN LATERAL (SELECT x.listed_on FROM breach_step x WHERE x.breach_id = b.id
		AND NOT EXISTS (SELECT FROM fact_closed c WHERE c.fact = 'breach_step' AND c.fact_id = x.id)
		ORDER BY x.happened_on DESC, x.id DESC LIMIT 1) s
	WHERE ` + forMe + ` AND s.listed_on <= $3
	  AND NOT EXISTS (SELECT FROM fact_closed c WHERE c.fact = 'breach' AND c.fact_id = b.id)
	ORDER BY s.listed_on, b.id`

var myActions = `
	SELECT a.id, a.nominal_id, n.name, a.text, a.due_on, ''
	FROM action a` + nameOf("a.nominal_id") + `
	WHERE a.owner_account_id = $1 AND a.discharged_at IS NULL AND a.due_on <= $2 ORDER BY a.due_on, a.id`

var overdue = `
	SELECT a.id, a.nominal_id, n.name, a.text, a.due_on, y.name || coalesce(', ' || c.name, '')
	FROM action a JOIN agency y ON y.id = a.owner_agency_id LEFT JOIN account c ON c.id = a.owner_account_id` + nameOf("a.nominal_id") + `
	WHERE a.area_id = ANY ($1) AND a.discharged_at IS NULL AND a.due_on < $2 ORDER BY a.due_on, a.id`

var unassigned = `
	SELECT a.id, a.nominal_id, n.name, a.text, a.due_on, y.name
	FROM action a JOIN agency y ON y.id = a.owner_agency_id` + nameOf("a.nominal_id") + `
	WHERE a.owner_agency_id = ANY ($1) AND a.area_id = ANY ($2) AND a.owner_account_id IS NULL AND a.discharged_at IS NULL ORDER BY a.due_on, a.id`

var discharges = `
	SELECT a.id, a.nominal_id, n.name, a.text, a.due_on, y.name
	FROM action a JOIN agency y ON y.id = a.owner_agency_id` + nameOf("a.nominal_id") + `
	WHERE a.area_id = ANY ($1) AND a.discharge_proposed AND a.discharged_at IS NULL ORDER BY a.due_on, a.id`

const visits = `
	SELECT 0::bigint, l.nominal_id, ` + listName + `, l.rating, l.visit_due_on, l.lead_name
	FROM live_list l WHERE ` + forMe + ` AND l.visit_due_on <= $3 ORDER BY l.visit_due_on, l.registration_id`

// A RED ALERT or RED case is on every agenda, so only a late one is named here.
const reviews = `
	SELECT 0::bigint, l.nominal_id, ` + listName + `, l.rating, l.review_due_on, l.lead_name
	FROM live_list l
	LEFT JOIN (SELECT u.under_id, min(m.held_on) AS held_on FROM meeting m JOIN area_under u ON u.area_id = m.area_id
		WHERE m.held_on >= $3 AND m.kind = 'referral and operational'
		  AND NOT EXISTS (SELECT FROM meeting_cancellation x WHERE x.meeting_id = m.id)
		  AND NOT EXISTS (SELECT FROM meeting_closing e WHERE e.meeting_id = m.id)
		GROUP BY u.under_id) next ON next.under_id = l.area_id
	WHERE ` + forMe + ` AND (l.review_due_on < $3 OR l.rating_rank > 2 AND l.review_due_on <= next.held_on)
	ORDER BY l.review_due_on, l.registration_id`

const ratify = `
	SELECT 0::bigint, l.nominal_id, ` + listName + `, l.rating, l.rated_on, l.lead_name
	FROM live_list l WHERE l.area_id = ANY ($1) AND NOT l.ratified ORDER BY l.rated_on, l.registration_id`

const releases = `
	SELECT 0::bigint, l.nominal_id, ` + listName + `, l.prison || CASE WHEN l.release_computed THEN ' (computed, not notified)' ELSE '' END, l.release_on, l.lead_name
	FROM live_list l WHERE ` + forMe + ` AND l.release_on BETWEEN $3 AND $4 ORDER BY l.release_on, l.registration_id`

const licences = `
	SELECT 0::bigint, l.nominal_id, ` + listName + `, l.status || CASE WHEN l.status_computed THEN ' (computed, not notified)' ELSE '' END, l.status_ends_on, l.lead_name
	FROM live_list l WHERE ` + forMe + ` AND l.status_ends_on BETWEEN $3 AND $4 ORDER BY l.status_ends_on, l.registration_id`

const thirds = `
	SELECT 0::bigint, l.nominal_id, ` + listName + `, l.status, l.final_third_on, l.lead_name
	FROM live_list l WHERE ` + forMe + ` AND l.final_third_on BETWEEN $3 AND $4 ORDER BY l.final_third_on, l.registration_id`

var drafts = `
	SELECT r.id, r.nominal_id, n.name, y.name, (r.recorded_at AT TIME ZONE 'Europe/London')::date, c.name
	FROM referral r JOIN agency y ON y.id = r.agency_id JOIN account c ON c.id = r.recorded_by` + nameOf("r.nominal_id") + `
	WHERE r.area_id = ANY ($1) AND (r.recorded_by = $2 OR r.agency_id = ANY ($3::bigint[]) OR r.area_id = ANY ($4::bigint[]))
	  AND r.closed_at IS NULL AND NOT EXISTS (SELECT FROM referral_submission s WHERE s.referral_id = r.id)
	ORDER BY r.recorded_by <> $2, r.id`

var undecided = `
	SELECT r.id, r.nominal_id, n.name, y.name, (s.recorded_at AT TIME ZONE 'Europe/London')::date, ''
	FROM referral r JOIN referral_submission s ON s.referral_id = r.id JOIN agency y ON y.id = r.agency_id` + nameOf("r.nominal_id") + `
	WHERE r.area_id = ANY ($1) AND r.closed_at IS NULL
	ORDER BY s.recorded_at, r.id`

const checklists = `
	SELECT 0::bigint, l.nominal_id, ` + listName + `, l.adoption_missing::text, l.registered_on, l.lead_name
	FROM live_list l WHERE l.area_id = ANY ($1) AND (l.lead_account_id = $2 OR l.area_id = ANY ($3::bigint[])) AND l.adoption_missing > 0
	ORDER BY l.registered_on, l.registration_id`

var markers = `
	SELECT 0::bigint, g.nominal_id, n.name, '', d.decided_on, ''
	FROM deregistration d JOIN registration g ON g.id = d.registration_id` + nameOf("g.nominal_id") + `
	WHERE g.area_id = ANY ($1) AND g.ended_at IS NOT NULL AND g.closed_at IS NULL
	  AND (g.area_id = ANY ($3::bigint[])
	    OR (SELECT w.account_id FROM lead_worker w WHERE w.registration_id = g.id ORDER BY w.id DESC LIMIT 1) = $2)
	ORDER BY d.decided_on, g.id`

// A guest is told of nobody but whom the invitation names, and until it ends.
var guestCases = `
	SELECT 0::bigint, a.nominal_id, n.name, '', (a.ends AT TIME ZONE 'Europe/London')::date, ''
	FROM nominal_access a` + nameOf("a.nominal_id") + `
	WHERE a.account_id = $1 AND a.starts <= $2 AND (a.ends IS NULL OR a.ends > $2) ORDER BY n.name, a.id`
