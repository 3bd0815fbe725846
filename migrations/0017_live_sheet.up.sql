-- The record sheet as it is typed, and the screen that follows it.

-- Each change that others are told of has a number, so that who lost the
-- connection knows whether there is anything to catch up with.
CREATE SEQUENCE live_change;
GRANT USAGE ON SEQUENCE live_change TO iom_app, iom_jobs;
GRANT SELECT ON SEQUENCE live_change TO iom_backup;

-- What somebody is typing into a block of a case's sheet, as it was last saved: the
-- form's fields by name. The key is that of the form; sending the form uses it up.
-- Drafts are the one thing of a meeting that is overwritten, by their author alone.
CREATE TABLE sheet_draft (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  meeting_id bigint NOT NULL REFERENCES meeting,
  nominal_id bigint NOT NULL REFERENCES nominal,
  block      text NOT NULL CHECK (block ~ '^[a-z]+(-[0-9]+)?$'),
  key        uuid NOT NULL,
  writer     uuid NOT NULL,                -- the window that saved last
  sequence   bigint NOT NULL CHECK (sequence >= 0),
  fields     jsonb NOT NULL CHECK (jsonb_typeof(fields) = 'object' AND length(fields::text) <= 400000),
  changed_at timestamptz NOT NULL,
  ended_at   timestamptz,                  -- sent, or published at the closing
  recorded_at timestamptz NOT NULL,
  recorded_by bigint NOT NULL REFERENCES account,
  UNIQUE (recorded_by, key)
);
CREATE INDEX ON sheet_draft (meeting_id, nominal_id) WHERE ended_at IS NULL;
CREATE INDEX ON sheet_draft (nominal_id);
CALL editable('sheet_draft', 'writer, sequence, fields, changed_at, ended_at');
CALL protect('sheet_draft');
-- Notes are read by everybody at the case as they are typed; all else that is half
-- written, by its author. Nobody writes in another's name.
CREATE POLICY notes_or_own ON sheet_draft AS RESTRICTIVE FOR SELECT TO iom_app, iom_jobs USING (
  block IN ('discussion', 'contribution') OR recorded_by = (SELECT current_setting('app.account')::bigint));
CREATE POLICY own_alone ON sheet_draft AS RESTRICTIVE FOR UPDATE TO iom_app, iom_jobs USING (
  recorded_by = (SELECT current_setting('app.account')::bigint));
CREATE POLICY in_own_name ON sheet_draft AS RESTRICTIVE FOR INSERT TO iom_app, iom_jobs WITH CHECK (
  recorded_by = (SELECT current_setting('app.account')::bigint));
-- A guest types a contribution to the case that the guest is invited for.
CREATE POLICY guest_adding ON sheet_draft FOR INSERT TO iom_app WITH CHECK (
  block = 'contribution' AND EXISTS (SELECT FROM nominal_access a WHERE a.nominal_id = sheet_draft.nominal_id
    AND a.account_id = (SELECT current_setting('app.account')::bigint)
    AND a.starts <= (SELECT current_setting('app.now')::timestamptz)
    AND (a.ends IS NULL OR a.ends > (SELECT current_setting('app.now')::timestamptz))));
CREATE POLICY guest_changing ON sheet_draft FOR UPDATE TO iom_app USING (
  block = 'contribution' AND EXISTS (SELECT FROM nominal_access a WHERE a.nominal_id = sheet_draft.nominal_id
    AND a.account_id = (SELECT current_setting('app.account')::bigint)
    AND a.starts <= (SELECT current_setting('app.now')::timestamptz)
    AND (a.ends IS NULL OR a.ends > (SELECT current_setting('app.now')::timestamptz))));

-- The log has the beginning and the end of a draft. What is saved between them
-- goes on with an event of the same account, and the database says whether there
-- is one: yes or no, of the caller's own drafts.
CREATE INDEX log_event_draft ON log_event (object_id) WHERE object = 'draft';
GRANT SELECT (account_id, object, object_id) ON log_event TO iom_finder;
CREATE FUNCTION draft_logged(p_draft bigint) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT EXISTS (SELECT FROM log_event e WHERE e.object = 'draft' AND e.object_id = p_draft
    AND e.account_id = current_setting('app.account')::bigint)
$$;
ALTER FUNCTION draft_logged(bigint) OWNER TO iom_finder;
REVOKE ALL ON FUNCTION draft_logged(bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION draft_logged(bigint) TO iom_app;

-- At the closing the notes that are still being typed become notes of their
-- authors, also those of cases that whoever closes may not see. Runs as
-- iom_finder, and only for a meeting that has just been closed.
CREATE POLICY finding ON sheet_draft TO iom_finder USING (true) WITH CHECK (true);
CREATE POLICY publishing ON discussion_note FOR INSERT TO iom_finder WITH CHECK (true);
GRANT SELECT, UPDATE (ended_at) ON sheet_draft TO iom_finder;
GRANT INSERT ON discussion_note TO iom_finder;
GRANT SELECT ON meeting_closing, meeting_attendee TO iom_finder;
CREATE FUNCTION publish_drafts(p_meeting bigint) RETURNS bigint[]
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  WITH closed AS (
    SELECT recorded_at FROM meeting_closing WHERE meeting_id = p_meeting AND recorded_by = current_setting('app.account')::bigint
  ), ended AS (
    UPDATE sheet_draft d SET ended_at = c.recorded_at FROM closed c
    WHERE d.meeting_id = p_meeting AND d.ended_at IS NULL AND d.block IN ('discussion', 'contribution')
    RETURNING d.id, d.nominal_id, d.block, d.recorded_by, c.recorded_at,
      btrim(d.fields -> (d.block || '-text') ->> 0, E' \t\r\n') AS text,
      nullif(d.fields -> 'contribution-agency' ->> 0, '')::bigint AS agency
  ), published AS (
    -- A note holds 20,000 characters; what is longer becomes several.
    INSERT INTO discussion_note (meeting_id, nominal_id, kind, agency_id, text, recorded_at, recorded_by)
    SELECT p_meeting, e.nominal_id, e.block,
      CASE e.block WHEN 'contribution' THEN coalesce(
        (SELECT t.agency_id FROM meeting_attendee t WHERE t.meeting_id = p_meeting AND t.agency_id = e.agency LIMIT 1),
        (SELECT t.agency_id FROM meeting_attendee t WHERE t.meeting_id = p_meeting AND t.account_id = e.recorded_by)) END,
      substr(e.text, 1 + 20000 * part, 20000), e.recorded_at, e.recorded_by
    FROM ended e, generate_series(0, (length(e.text) - 1) / 20000) part
    WHERE e.text <> '' ORDER BY e.id, part
    RETURNING 1
  )
  SELECT coalesce(array_agg(DISTINCT nominal_id) FILTER (WHERE text <> ''), '{}') FROM ended WHERE (SELECT count(*) FROM published) >= 0
$$;
ALTER FUNCTION publish_drafts(bigint) OWNER TO iom_finder;
REVOKE ALL ON FUNCTION publish_drafts(bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION publish_drafts(bigint) TO iom_app;

-- Which case the meeting has before it, and in which order and when it came to each
-- (R63). The latest row is the one on the display.
CREATE TABLE meeting_case_opened (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  meeting_id bigint NOT NULL,
  nominal_id bigint NOT NULL,
  recorded_at timestamptz NOT NULL,
  recorded_by bigint NOT NULL REFERENCES account,
  FOREIGN KEY (meeting_id, nominal_id) REFERENCES agenda_item (meeting_id, nominal_id)
);
CREATE INDEX ON meeting_case_opened (meeting_id, id DESC);
CREATE INDEX ON meeting_case_opened (nominal_id);
CALL append_only('meeting_case_opened');
CALL protect('meeting_case_opened');

-- The number of the latest row, also for who may not see its case: a guest must not
-- take an earlier case for the one that is being discussed.
CREATE POLICY finding ON meeting_case_opened FOR SELECT TO iom_finder USING (true);
GRANT SELECT (id, meeting_id) ON meeting_case_opened TO iom_finder;
CREATE FUNCTION last_called(p_meeting bigint) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT max(id) FROM meeting_case_opened WHERE meeting_id = p_meeting
$$;
ALTER FUNCTION last_called(bigint) OWNER TO iom_finder;
REVOKE ALL ON FUNCTION last_called(bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION last_called(bigint) TO iom_app;

-- A screen in the room: a browser whose session was given up for showing this
-- meeting and nothing else, read only, in the name of who set it up, until the
-- closing, until somebody who runs the meeting ends it, or for twelve hours
--.
CREATE TABLE meeting_display (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  meeting_id bigint NOT NULL REFERENCES meeting_opening,
  recorded_at timestamptz NOT NULL,
  recorded_by bigint NOT NULL REFERENCES account
);
CREATE INDEX ON meeting_display (meeting_id);
CALL append_only('meeting_display');
CREATE TABLE meeting_display_end (
  display_id bigint PRIMARY KEY REFERENCES meeting_display,
  recorded_at timestamptz NOT NULL,
  recorded_by bigint NOT NULL REFERENCES account
);
CALL append_only('meeting_display_end');

CALL limit_text();
