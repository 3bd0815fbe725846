-- What the room of a meeting still lacked.

-- When a meeting ends, on the day on which it starts. None: planned by a program that
-- did not ask; it takes what its kind usually takes.
ALTER TABLE meeting ADD ends text CHECK (ends ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'), ADD CONSTRAINT meeting_ends_after CHECK (ends > starts);
ALTER TABLE meeting_series_terms ADD ends text CHECK (ends ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'), ADD CONSTRAINT meeting_series_ends_after CHECK (ends > starts);
ALTER TABLE meeting_change ADD ends text;
GRANT UPDATE (ends) ON meeting TO iom_app, iom_jobs;

-- A meeting that is moved moves the last day of its guests' access, 14 days after it:
-- the row of access that was to end 14 days after the former day ends now, and another
-- begins, which waits until the guest has signed for this meeting (R62). A row that was
-- ended early stays ended; one that another meeting of that same day gave as well goes on.
-- Only for who has just moved the meeting, and for cases to which they have open access
-- themselves: where another area has taken the person over, the former last day stays.
-- Gives the cases for which access went on.
GRANT SELECT (id, held_on) ON meeting TO iom_finder;
GRANT SELECT (id, meeting_id, held_on, recorded_at, recorded_by) ON meeting_change TO iom_finder;
CREATE FUNCTION guests_moved(p_meeting bigint, p_at timestamptz) RETURNS bigint[]
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  WITH moved AS (
    SELECT (c.held_on + 15)::timestamp AT TIME ZONE 'Europe/London' AS was, c.held_on AS from_day,
      (m.held_on + 15)::timestamp AT TIME ZONE 'Europe/London' AS until
    FROM meeting m JOIN meeting_change c ON c.id = (SELECT max(x.id) FROM meeting_change x WHERE x.meeting_id = m.id)
    WHERE m.id = p_meeting AND c.held_on <> m.held_on AND c.recorded_at = p_at AND c.recorded_by = current_setting('app.account')::bigint
  ), had AS (
    SELECT a.id, a.nominal_id, a.account_id, v.until,
      EXISTS (SELECT FROM meeting_guest_case o JOIN meeting n ON n.id = o.meeting_id
        WHERE o.meeting_id <> p_meeting AND o.account_id = a.account_id AND o.nominal_id = a.nominal_id AND n.held_on = v.from_day) AS shared
    FROM moved v JOIN nominal_access a ON a.kind = 'guest' AND a.ends = v.was
    WHERE EXISTS (SELECT FROM meeting_guest_case g WHERE g.meeting_id = p_meeting AND g.account_id = a.account_id AND g.nominal_id = a.nominal_id)
      AND EXISTS (SELECT FROM nominal_access r WHERE r.nominal_id = a.nominal_id AND r.kind <> 'guest' AND r.ends IS NULL
        AND r.area_id = ANY (current_setting('app.areas_casework')::bigint[]))
  ), ended AS (
    UPDATE nominal_access a SET ends = greatest(a.starts, least(a.ends, p_at)) FROM had h WHERE a.id = h.id AND NOT h.shared
  ), begun AS (
    INSERT INTO nominal_access (nominal_id, account_id, kind, starts, ends, waits, recorded_by)
    SELECT h.nominal_id, h.account_id, 'guest', least(p_at, h.until), h.until,
      NOT EXISTS (SELECT FROM confidentiality_signature g WHERE g.meeting_id = p_meeting AND g.account_id = h.account_id), current_setting('app.account')::bigint
    FROM had h GROUP BY h.nominal_id, h.account_id, h.until
    RETURNING nominal_id
  )
  SELECT coalesce(array_agg(DISTINCT nominal_id), '{}') FROM begun
$$;
ALTER FUNCTION guests_moved(bigint, timestamptz) OWNER TO iom_finder;
REVOKE ALL ON FUNCTION guests_moved(bigint, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION guests_moved(bigint, timestamptz) TO iom_app, iom_jobs;

-- A signature opens the rows of its own meeting, and not those of another meeting to which the
-- same guest is invited for the same case: they end 14 days after that one.
CREATE OR REPLACE FUNCTION guest_signed(p_meeting bigint, p_guest bigint, p_at timestamptz) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  UPDATE nominal_access a SET waits = false, starts = least(p_at, a.ends)
  WHERE a.kind = 'guest' AND a.waits AND a.account_id = p_guest
    AND a.ends = (SELECT (m.held_on + 15)::timestamp AT TIME ZONE 'Europe/London' FROM meeting m WHERE m.id = p_meeting)
    AND EXISTS (SELECT FROM confidentiality_signature g WHERE g.meeting_id = p_meeting AND g.account_id = p_guest
      AND g.recorded_by = current_setting('app.account')::bigint)
    AND EXISTS (SELECT FROM meeting_guest_case c WHERE c.meeting_id = p_meeting AND c.account_id = a.account_id AND c.nominal_id = a.nominal_id)
$$;

-- A code with which the machine of the meeting room, to which nobody signs in, becomes a
-- screen of the meeting: shown once, of which only a hash is kept, good once and for ten
-- minutes, the latest of its meeting alone. Using it makes the screen (security.md 21).
CREATE TABLE display_code (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  meeting_id bigint NOT NULL REFERENCES meeting_opening,
  code_hash  bytea NOT NULL UNIQUE CHECK (octet_length(code_hash) = 32),
  expires_at timestamptz NOT NULL,
  session_epoch bigint NOT NULL, -- of whose account it is: what ends their sessions ends it
  recorded_at timestamptz NOT NULL,
  recorded_by bigint NOT NULL REFERENCES account,
  CHECK (expires_at >= recorded_at)                     -- at once: nobody was given it, and it replaces the one before
);
CREATE INDEX ON display_code (meeting_id, id DESC);
CALL append_only('display_code');
CREATE TABLE display_code_use (
  code_id    bigint PRIMARY KEY REFERENCES display_code, -- once
  display_id bigint NOT NULL UNIQUE REFERENCES meeting_display,
  recorded_at timestamptz NOT NULL,
  recorded_by bigint NOT NULL REFERENCES account
);
CALL append_only('display_code_use');

CALL limit_text();
