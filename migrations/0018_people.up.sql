-- People at a meeting: the core posts of an area, apologies and who comes instead,
-- a signature on somebody else's device, and reading afterwards without one.

-- The standing list of core posts of an area (R56), each with its agency and, while
-- it is filled, who holds it. Another holder is another row.
CREATE TABLE core_post (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  area_id    bigint NOT NULL REFERENCES area,
  post       text NOT NULL CHECK (post <> ''),
  agency_id  bigint NOT NULL REFERENCES agency,
  account_id bigint REFERENCES account,        -- none: vacant
  valid_from date NOT NULL,
  recorded_at timestamptz NOT NULL,
  recorded_by bigint NOT NULL REFERENCES account
);
CREATE INDEX ON core_post (area_id, id);
CALL append_only('core_post');
CREATE TABLE core_post_end (
  post_id     bigint PRIMARY KEY REFERENCES core_post,
  ended_on    date NOT NULL,                   -- the first day on which it holds no longer
  recorded_at timestamptz NOT NULL,
  recorded_by bigint NOT NULL REFERENCES account
);
CALL append_only('core_post_end');

-- The roll-call knows who came later and left earlier, and who comes in whose place.
-- Who can come after all is expected again.
ALTER TABLE meeting_attendance
  ADD COLUMN arrived text NOT NULL DEFAULT '' CHECK (arrived = '' OR arrived ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'),
  ADD COLUMN departed text NOT NULL DEFAULT '' CHECK (departed = '' OR departed ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'),
  ADD COLUMN instead_id bigint,
  ADD COLUMN note text NOT NULL DEFAULT '',
  DROP CONSTRAINT meeting_attendance_state_check,
  ADD CONSTRAINT meeting_attendance_state_check CHECK (state IN ('expected', 'present', 'apologies', 'absent')),
  ADD CONSTRAINT meeting_attendance_times_check CHECK (state = 'present' OR (arrived = '' AND departed = '')),
  ADD CONSTRAINT meeting_attendance_order_check CHECK (arrived = '' OR departed = '' OR arrived < departed),
  ADD CONSTRAINT meeting_attendance_instead_check CHECK (instead_id IS NULL OR (state = 'apologies' AND instead_id <> account_id)),
  ADD FOREIGN KEY (meeting_id, instead_id) REFERENCES meeting_attendee (meeting_id, account_id);

-- Signed on one's own account, or on that of somebody else who runs the meeting and
-- witnesses it (R61).
ALTER TABLE confidentiality_signature
  ADD COLUMN witnessed_by bigint REFERENCES account,
  DROP CONSTRAINT confidentiality_signature_check,
  ADD CONSTRAINT confidentiality_signature_whose_check CHECK (
    CASE WHEN witnessed_by IS NULL THEN recorded_by = account_id ELSE recorded_by = witnessed_by AND witnessed_by <> account_id END);

-- A signature opens the cases for which its guest is invited, whoever's device it was
-- put on: the row must be there, and the caller must have written it.
DROP FUNCTION guest_signed(bigint, timestamptz);
CREATE FUNCTION guest_signed(p_meeting bigint, p_guest bigint, p_at timestamptz) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  UPDATE nominal_access a SET waits = false, starts = least(p_at, a.ends)
  WHERE a.kind = 'guest' AND a.waits AND a.account_id = p_guest
    AND EXISTS (SELECT FROM confidentiality_signature g WHERE g.meeting_id = p_meeting AND g.account_id = p_guest
      AND g.recorded_by = current_setting('app.account')::bigint)
    AND EXISTS (SELECT FROM meeting_guest_case c WHERE c.meeting_id = p_meeting AND c.account_id = a.account_id AND c.nominal_id = a.nominal_id)
$$;
ALTER FUNCTION guest_signed(bigint, bigint, timestamptz) OWNER TO iom_finder;
REVOKE ALL ON FUNCTION guest_signed(bigint, bigint, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION guest_signed(bigint, bigint, timestamptz) TO iom_app;

-- A member who did not sign for the meeting accepts the statement to read what it
-- recorded once it is closed. It is no signature and is not counted as one.
CREATE TABLE confidentiality_acceptance (
  meeting_id   bigint NOT NULL REFERENCES meeting_closing,
  account_id   bigint NOT NULL,
  statement_id bigint NOT NULL REFERENCES confidentiality_statement,
  accepted_as  text NOT NULL CHECK (accepted_as <> ''),
  recorded_at  timestamptz NOT NULL,
  recorded_by  bigint NOT NULL REFERENCES account CHECK (recorded_by = account_id),
  PRIMARY KEY (meeting_id, account_id),
  FOREIGN KEY (meeting_id, account_id) REFERENCES meeting_attendee (meeting_id, account_id)
);
CALL append_only('confidentiality_acceptance');

-- A guest may write about the case that the guest is invited for before the meeting
-- as well as at it (R71).
DROP POLICY guest_adding ON discussion_note;
CREATE POLICY guest_adding ON discussion_note FOR INSERT TO iom_app WITH CHECK (
  kind IN ('contribution', 'written update') AND recorded_by = (SELECT current_setting('app.account')::bigint)
  AND EXISTS (SELECT FROM nominal_access a WHERE a.nominal_id = discussion_note.nominal_id
    AND a.account_id = (SELECT current_setting('app.account')::bigint)
    AND a.starts <= (SELECT current_setting('app.now')::timestamptz)
    AND (a.ends IS NULL OR a.ends > (SELECT current_setting('app.now')::timestamptz))));

CALL limit_text();
