-- The people of a measured scheme, all invented: those numbered from :first to
-- :last, registered now or, when :past, deregistered. For volume alone, so that
-- the rows are written past the commands, with the shape that the commands give
-- them; the summary rows are then made by the application itself.
CREATE TEMP TABLE person ON COMMIT DROP AS
SELECT n, (:areas::bigint[])[1 + n % cardinality(:areas::bigint[])] AS area,
  (:families::text[])[1 + (n * 7919) % cardinality(:families::text[])]
    || CASE WHEN n % 6 = 0 THEN '-' || (:families::text[])[1 + (n * 4253) % cardinality(:families::text[])] ELSE '' END AS family,
  (:given::text[])[1 + (n * 6151) % cardinality(:given::text[])]
    || CASE WHEN n % 3 = 0 THEN ' ' || (:given::text[])[1 + (n * 3571) % cardinality(:given::text[])] ELSE '' END AS given,
  current_date - 6600 - (n * 811) % 14000 AS born,
  began, (began - 20)::timestamptz AS referred, began::timestamptz + interval '11 hours' AS began_at,
  CASE WHEN :past THEN ended::timestamptz + interval '12 hours' END AS ended_at, ended,
  1 + (n * 37) % 100 AS die,
  CASE WHEN 1 + (n * 37) % 100 <= 2 THEN 'RED ALERT' WHEN 1 + (n * 37) % 100 <= 27 THEN 'RED' WHEN 1 + (n * 37) % 100 <= 57 THEN 'AMBER'
       WHEN 1 + (n * 37) % 100 <= 82 THEN 'GREEN' ELSE 'PRISON' END AS rating,
  (:workers::bigint[])[1 + (n * 13) % cardinality(:workers::bigint[])] AS worker,
  (:agencies::bigint[])[1 + (n * 13) % cardinality(:workers::bigint[])] AS agency,
  1 + n % 100 AS meeting
FROM (
  SELECT n, began, least(began + 200 + (n * 31) % 700, current_date - 1) AS ended
  FROM (SELECT n, CASE WHEN :past THEN current_date - 300 - (n * 17) % 3000 ELSE current_date - 30 - (n * 17) % 900 END AS began
        FROM generate_series(:first::int, :last::int) n) b) d;
ANALYZE person;

INSERT INTO nominal (id, recorded_at, recorded_by) SELECT n, referred, 1 FROM person;
INSERT INTO nominal_access (nominal_id, area_id, kind, starts, ends, recorded_by)
  SELECT n, area, 'referral', referred, began_at, 1 FROM person UNION ALL SELECT n, area, 'responsible', began_at, NULL, 1 FROM person;
INSERT INTO nominal_identity (nominal_id, family_name, given_names, born, sex, urn, pncid_typed, pncid, crn, source, recorded_at, recorded_by)
  SELECT n, family, given, born, CASE WHEN n % 8 = 0 THEN 'female' ELSE 'male' END, '47/' || n, '', '', '', 'Referral', referred, 1 FROM person;
INSERT INTO nominal_alias (nominal_id, name, source, recorded_at, recorded_by)
  SELECT n, given || ' ' || left(family, 4), 'Referral', referred, 1 FROM person WHERE n % 4 = 0;
-- The triggers that learn the words of names are off here.
INSERT INTO name_stub (stub, word)
  SELECT DISTINCT s.stub, w.word
  FROM (SELECT DISTINCT unnest(name_words(family_name || ' ' || given_names)) FROM nominal_identity UNION SELECT DISTINCT unnest(name_words(name)) FROM nominal_alias) w (word)
  CROSS JOIN unnest(name_stubs(w.word)) s (stub) ON CONFLICT DO NOTHING;
INSERT INTO nominal_address (nominal_id, address, postcode, source, recorded_at, recorded_by)
  SELECT n, 1 + n % 180 || ' Invented Street', 'BN' || 1 + n % 9 || ' 1AA', 'Referral', referred, 1 FROM person;
INSERT INTO nominal_phone (nominal_id, kind, number, source, recorded_at, recorded_by)
  SELECT n, 'mobile', '07700 9' || lpad((n % 100000)::text, 5, '0'), 'Referral', referred, 1 FROM person WHERE n % 3 > 0;
INSERT INTO nominal_warning (nominal_id, text, source, recorded_at, recorded_by)
  SELECT n, w.text, 'Referral', referred, 1 FROM person CROSS JOIN (VALUES (1, 'Violent'), (2, 'Weapons'), (3, 'Self-harm')) w (k, text) WHERE n % 7 = w.k OR n % 11 = w.k;
INSERT INTO nominal_priority_group (nominal_id, group_id, member, source, recorded_at, recorded_by)
  SELECT n, g.id, true, 'Referral', referred, 1 FROM person JOIN priority_group g ON g.id = 1 + n % 9 WHERE n % 5 < 2;

INSERT INTO referral (id, nominal_id, area_id, agency_id, closed_at, recorded_at, recorded_by) OVERRIDING SYSTEM VALUE
  SELECT n, n, area, agency, began_at, referred, worker FROM person;
INSERT INTO referral_submission (referral_id, nominal_id, recorded_at, recorded_by) SELECT n, n, referred + interval '1 day', worker FROM person;
INSERT INTO referral_decision (id, referral_id, nominal_id, meeting_id, outcome, reason, chair_id, agreed_by, recorded_at, recorded_by) OVERRIDING SYSTEM VALUE
  SELECT n, n, n, meeting, 'adopted', 'Meets the criteria', 1, 'All present', began_at, 1 FROM person;
INSERT INTO registration (id, nominal_id, area_id, referral_id, decision_id, began_on, began_at, ended_at, closed_at, recorded_at, recorded_by) OVERRIDING SYSTEM VALUE
  SELECT n, n, area, n, n, began, began_at, ended_at, ended_at, began_at, 1 FROM person;
INSERT INTO registration_closure (registration_id, nominal_id, recorded_at, recorded_by) SELECT n, n, ended_at, 1 FROM person WHERE :past;
INSERT INTO rag_rating (registration_id, nominal_id, rating, rated_on, reason, meeting_id, chair_id, agreed_by, recorded_at, recorded_by)
  SELECT n, n, 'RED', began, 'Adopted', meeting, 1, 'All present', began_at, 1 FROM person
  UNION ALL SELECT n, n, rating, d, 'Reviewed', meeting, 1, 'All present', d::timestamptz, 1
    FROM (SELECT *, least(began + 25 + n % 40, coalesce(ended_at::date, current_date - (n % 20)::int))::date AS d FROM person) p;
INSERT INTO lead_worker (registration_id, nominal_id, account_id, agency_id, capacity, from_on, reason, recorded_at, recorded_by)
  SELECT n, n, worker, agency, 'other', began, 'Adopted', began_at, 1 FROM person;
INSERT INTO checklist_line (registration_id, nominal_id, list, line, done_on, by_whom, recorded_at, recorded_by)
  SELECT n, n, 'adoption', l.line, began, 'The officer', began_at, 1
  FROM person CROSS JOIN (VALUES ('conference'), ('offender notified'), ('niche markers'), ('pnc marker'), ('social services')) l (line)
  WHERE NOT :past OR l.line = 'conference';
INSERT INTO deregistration (registration_id, nominal_id, meeting_id, chair_id, agreed_by, justification, reasons, exit_officer, exit_agency_id, exit_plan,
    decided_on, recorded_at, recorded_by)
  SELECT n, n, meeting, 1, 'All present', 'Settled', 'No offence for a year', 'The officer', agency, 'Support goes on', ended_at::date, ended_at, 1 FROM person WHERE :past;

INSERT INTO statutory_status (nominal_id, status, from_on, ends_on, source, recorded_at, recorded_by)
  SELECT n, (ARRAY['licence', 'community order', 'suspended sentence order', 'voluntary'])[1 + n % 4], began, CASE WHEN n % 4 < 3 THEN began + 900 + (n % 200)::int END,
    'Probation', began_at, 1 FROM person;
INSERT INTO mappa_level (nominal_id, level, category, from_on, source, recorded_at, recorded_by)
  SELECT n, 1 + (n % 3)::int, 2, began, 'Probation', began_at, 1 FROM person WHERE n % 10 = 0;
INSERT INTO custody_spell (id, nominal_id, received_on, prison, why, source, recorded_at, recorded_by) OVERRIDING SYSTEM VALUE
  SELECT n, n, began, (ARRAY['LWI', 'BZI'])[1 + n % 2], 'sentence', 'Prison', began_at, 1 FROM person WHERE rating = 'PRISON' AND NOT :past;
INSERT INTO custody_date (spell_id, nominal_id, kind, day, notified_by, notified_on, source, recorded_at, recorded_by)
  SELECT id, nominal_id, 'expected release', current_date + 10 + (id % 600)::int, 'The prison', recorded_at::date, 'Prison', recorded_at, 1 FROM custody_spell
  WHERE id BETWEEN :first AND :last AND id % 9 > 0;
INSERT INTO need (nominal_id, pathway, level, needs, actions, assessed_on, source, recorded_at, recorded_by)
  SELECT n, w.pathway, (ARRAY['red', 'amber', 'green'])[1 + (n + w.k) % 3], 'As told at the assessment', 'See the plan', began, 'Assessment', began_at, worker
  FROM person CROSS JOIN (VALUES (1, 'accommodation'), (2, 'drugs and alcohol'), (3, 'finance, benefit and debt'), (4, 'health'),
    (5, 'education, training and employment'), (6, 'children and families')) w (k, pathway) WHERE NOT :past OR w.k = 1;
INSERT INTO contact (nominal_id, kind, held_on, outcome, agency_id, log, source, recorded_at, recorded_by)
  SELECT n, (ARRAY['office visit', 'home visit', 'telephone'])[1 + (n + k) % 3], d,
    CASE WHEN (n + k) % 3 = 1 THEN 'seen' WHEN (n + k) % 7 = 0 THEN 'did not attend' ELSE 'attended and stayed' END, agency,
    'Talked about the week, the appointment at the jobcentre and the tenancy.', 'Own record', d::timestamptz + interval '15 hours', worker
  FROM (SELECT p.*, k, coalesce(ended_at::date, current_date) - (k * 9 + n % 8)::int AS d FROM person p
        CROSS JOIN LATERAL generate_series(1, CASE WHEN :past THEN 2 ELSE 12 END) k) c WHERE n % 50 > 0;
INSERT INTO action (id, nominal_id, area_id, registration_id, text, pathway, meeting_id, owner_agency_id, owner_account_id, due_on, discharged_at, recorded_at, recorded_by)
  OVERRIDING SYSTEM VALUE
  SELECT n * 10 + k, n, area, n, (ARRAY['Arrange a meeting with the housing officer', 'Book the assessment with the drug and alcohol service',
      'Visit at home with the responsible officer', 'Apply for the identity document'])[1 + (n + k) % 4], 'accommodation', meeting, agency,
    CASE WHEN (n + k) % 5 > 0 THEN worker END, coalesce(ended_at::date, current_date) - 6 + ((n * 3 + k) % 40)::int,
    CASE WHEN :past OR k > n % 4 THEN coalesce(ended_at, current_date - ((n + k) % 60)::int) END, began_at, worker
  FROM person CROSS JOIN LATERAL generate_series(1, CASE WHEN :past THEN 2 ELSE 6 END) k;
INSERT INTO action_entry (action_id, nominal_id, kind, text, meeting_id, recorded_at, recorded_by)
  SELECT a.id, a.nominal_id, 'set', '', a.meeting_id, a.recorded_at, a.recorded_by FROM action a WHERE a.nominal_id BETWEEN :first AND :last
  UNION ALL SELECT a.id, a.nominal_id, 'discharged', 'Done', a.meeting_id, a.discharged_at, a.recorded_by FROM action a
    WHERE a.nominal_id BETWEEN :first AND :last AND a.discharged_at IS NOT NULL;
INSERT INTO log_event (at, account_id, operation, command, area_id, nominals)
  SELECT began_at, worker, 'consult', 'GET /nominals/{id}', area, ARRAY[n::bigint] FROM person;
