-- What a meeting cannot resolve and takes to the Local IOM Delivery Group (R59, R60),
-- and the diary that the practitioners keep together (R42, R44, R53).

-- An escalation with what it asks. One that is about a person is protected like the
-- person; one about a resource or a service, like the meetings of its area.
CREATE TABLE escalation (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  area_id     bigint NOT NULL REFERENCES area, -- where it was raised
  group_id    bigint NOT NULL REFERENCES area, -- whose delivery group is asked (R181)
  nominal_id  bigint REFERENCES nominal,       -- none: a gap that is nobody's in particular
  meeting_id  bigint REFERENCES meeting,       -- none: raised between meetings
  kind        text NOT NULL CHECK (kind IN ('resource', 'service provision', 'tackling offending')),
  issue       text NOT NULL CHECK (issue <> ''),
  tried       text NOT NULL CHECK (tried <> ''), -- by the members, who could not resolve it (R59)
  answer_by   date NOT NULL,
  recorded_at timestamptz NOT NULL,
  recorded_by bigint NOT NULL REFERENCES account
);
CREATE INDEX ON escalation (area_id);
CREATE INDEX ON escalation (nominal_id);
CALL append_only('escalation');
ALTER TABLE escalation ENABLE ROW LEVEL SECURITY;
ALTER TABLE escalation FORCE ROW LEVEL SECURITY;
DO $$
DECLARE of_area text := $p$EXISTS (SELECT FROM area_under u WHERE u.area_id = escalation.area_id
  AND u.under_id = ANY ((SELECT current_setting('app.areas_casework')::bigint[])::bigint[]))$p$;
BEGIN
  EXECUTE format('CREATE POLICY reading ON escalation FOR SELECT TO iom_app, iom_jobs USING (CASE WHEN nominal_id IS NULL THEN %s ELSE %s END)',
    of_area, may_read('escalation', 'casework'));
  EXECUTE format('CREATE POLICY adding ON escalation FOR INSERT TO iom_app, iom_jobs WITH CHECK (CASE WHEN nominal_id IS NULL THEN %s ELSE %s END)',
    of_area, may_write('escalation'));
END $$;
CREATE POLICY backing_up ON escalation FOR SELECT TO iom_backup USING (true);
COMMENT ON TABLE escalation IS 'category: casework';

-- What became of it: taken note of, progressed, answered, asked again, closed.
-- An answer says who gave it and when; only a meeting asks again or closes.
CREATE TABLE escalation_entry (
  id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  escalation_id bigint NOT NULL REFERENCES escalation,
  kind          text NOT NULL CHECK (kind IN ('acknowledged', 'progress', 'answered', 'asked again', 'closed')),
  text          text NOT NULL CHECK (text <> ''),
  answered_by   text NOT NULL DEFAULT '',
  answered_on   date,
  answer_by     date,                          -- of what is asked again: by when
  meeting_id    bigint REFERENCES meeting,
  recorded_at   timestamptz NOT NULL,
  recorded_by   bigint NOT NULL REFERENCES account,
  CHECK ((kind = 'answered') = (answered_on IS NOT NULL)),
  CHECK ((kind = 'answered') = (answered_by <> '')),
  CHECK ((kind = 'asked again') = (answer_by IS NOT NULL)),
  CHECK ((kind IN ('asked again', 'closed')) = (meeting_id IS NOT NULL))
);
CREATE INDEX ON escalation_entry (escalation_id, id);
CREATE UNIQUE INDEX ON escalation_entry (escalation_id) WHERE kind = 'closed';
CALL append_only('escalation_entry');
-- Read and added to by whoever reads the escalation; about a person, only while an
-- area of the writer has open access.
ALTER TABLE escalation_entry ENABLE ROW LEVEL SECURITY;
ALTER TABLE escalation_entry FORCE ROW LEVEL SECURITY;
CREATE POLICY reading ON escalation_entry FOR SELECT TO iom_app, iom_jobs USING (
  EXISTS (SELECT FROM escalation e WHERE e.id = escalation_entry.escalation_id));
CREATE POLICY adding ON escalation_entry FOR INSERT TO iom_app, iom_jobs WITH CHECK (
  EXISTS (SELECT FROM escalation e WHERE e.id = escalation_entry.escalation_id AND (e.nominal_id IS NULL
    OR EXISTS (SELECT FROM nominal_access a WHERE a.nominal_id = e.nominal_id AND a.ends IS NULL
      AND a.area_id = ANY ((SELECT current_setting('app.areas_casework')::bigint[])::bigint[])))));
CREATE POLICY backing_up ON escalation_entry FOR SELECT TO iom_backup USING (true);
COMMENT ON TABLE escalation_entry IS 'category: casework';

-- A contact that is planned: who sees the person on which day, and what for.
ALTER TABLE contact ADD UNIQUE (id, nominal_id);
CREATE TABLE planned_contact (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  nominal_id  bigint NOT NULL REFERENCES nominal,
  day         date NOT NULL,
  at_time     text NOT NULL DEFAULT '' CHECK (at_time = '' OR at_time ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'),
  kind        text NOT NULL CHECK (kind IN ('home visit', 'office visit', 'supervision session', 'telephone', 'prison visit', 'video link',
                'key-work session', 'meet at the gate', 'other')),
  purpose     text NOT NULL CHECK (purpose <> ''),
  agency_id   bigint NOT NULL REFERENCES agency,
  joint_agency_id bigint REFERENCES agency,    -- of a joint visit (R188)
  owner_account_id bigint REFERENCES account,  -- none: the agency has not yet named anybody
  meeting_id  bigint REFERENCES meeting,       -- where it was agreed; none: between meetings
  recorded_at timestamptz NOT NULL,
  recorded_by bigint NOT NULL REFERENCES account,
  CHECK (joint_agency_id <> agency_id),
  UNIQUE (id, nominal_id)
);
CREATE INDEX ON planned_contact (nominal_id, day);
CALL append_only('planned_contact');
CALL protect('planned_contact');

-- It took place, as the contact that was logged; or it was called off, with the reason.
CREATE TABLE planned_contact_end (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  planned_id  bigint NOT NULL,
  nominal_id  bigint NOT NULL,
  contact_id  bigint UNIQUE,
  reason      text NOT NULL DEFAULT '',
  recorded_at timestamptz NOT NULL,
  recorded_by bigint NOT NULL REFERENCES account,
  FOREIGN KEY (planned_id, nominal_id) REFERENCES planned_contact (id, nominal_id),
  FOREIGN KEY (contact_id, nominal_id) REFERENCES contact (id, nominal_id),
  CHECK ((contact_id IS NULL) = (reason <> ''))
);
CREATE INDEX ON planned_contact_end (planned_id);
CREATE INDEX ON planned_contact_end (nominal_id);
CALL append_only('planned_contact_end');
CALL protect('planned_contact_end');

CALL limit_text();
