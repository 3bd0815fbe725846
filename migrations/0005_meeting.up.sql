-- The meeting: who comes, what is on the agenda, what was said, the minutes.

CREATE TABLE confidentiality_statement ( -- the area's words, versioned (R61)
  id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  area_id bigint NOT NULL REFERENCES area,
  text    text NOT NULL CHECK (text <> ''),
  valid_from date NOT NULL,
  recorded_at timestamptz NOT NULL,
  recorded_by bigint NOT NULL REFERENCES account
);
CREATE INDEX ON confidentiality_statement (area_id, id DESC);
CALL append_only('confidentiality_statement');

-- The opening freezes the agenda; the closing ends the sheet. Each is a row that says who and when.
CREATE TABLE meeting_opening (
  meeting_id bigint PRIMARY KEY REFERENCES meeting,
  recorded_at timestamptz NOT NULL,
  recorded_by bigint NOT NULL REFERENCES account
);
CALL append_only('meeting_opening');
CREATE TABLE meeting_closing (
  meeting_id bigint PRIMARY KEY REFERENCES meeting_opening,
  reason     text NOT NULL DEFAULT '',   -- of the chair, when something was missing
  missing    text[] NOT NULL DEFAULT '{}',
  recorded_at timestamptz NOT NULL,
  recorded_by bigint NOT NULL REFERENCES account
);
CALL append_only('meeting_closing');
CREATE TABLE meeting_cancellation (
  meeting_id bigint PRIMARY KEY REFERENCES meeting,
  reason     text NOT NULL CHECK (reason <> ''),
  recorded_at timestamptz NOT NULL,
  recorded_by bigint NOT NULL REFERENCES account
);
CALL append_only('meeting_cancellation');

-- Attendees: core members by agency, guests for named cases (R56-R58).
CREATE TABLE meeting_attendee (
  meeting_id bigint NOT NULL REFERENCES meeting,
  account_id bigint NOT NULL REFERENCES account,
  agency_id  bigint NOT NULL REFERENCES agency,
  capacity   text NOT NULL CHECK (capacity IN ('core', 'guest')),
  recorded_at timestamptz NOT NULL,
  recorded_by bigint NOT NULL REFERENCES account,
  PRIMARY KEY (meeting_id, account_id)
);
CREATE INDEX ON meeting_attendee (account_id);
CALL append_only('meeting_attendee');
CREATE TABLE meeting_guest_case (
  meeting_id bigint NOT NULL,
  account_id bigint NOT NULL,
  nominal_id bigint NOT NULL REFERENCES nominal,
  recorded_at timestamptz NOT NULL,
  recorded_by bigint NOT NULL REFERENCES account,
  PRIMARY KEY (meeting_id, account_id, nominal_id),
  FOREIGN KEY (meeting_id, account_id) REFERENCES meeting_attendee (meeting_id, account_id)
);
CALL append_only('meeting_guest_case');
CALL protect('meeting_guest_case');
CREATE TABLE meeting_attendance ( -- latest row of a person is current
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  meeting_id bigint NOT NULL,
  account_id bigint NOT NULL,
  state      text NOT NULL CHECK (state IN ('present', 'apologies', 'absent')),
  recorded_at timestamptz NOT NULL,
  recorded_by bigint NOT NULL REFERENCES account,
  FOREIGN KEY (meeting_id, account_id) REFERENCES meeting_attendee (meeting_id, account_id)
);
CREATE INDEX ON meeting_attendance (meeting_id, account_id, id DESC);
CALL append_only('meeting_attendance');

-- Signed by every attendee at every meeting (R61, R62, R184). A signature cannot be altered.
CREATE TABLE confidentiality_signature (
  meeting_id   bigint NOT NULL,
  account_id   bigint NOT NULL,
  statement_id bigint NOT NULL REFERENCES confidentiality_statement,
  signed_as    text NOT NULL CHECK (signed_as <> ''),
  recorded_at  timestamptz NOT NULL,
  recorded_by  bigint NOT NULL REFERENCES account CHECK (recorded_by = account_id),
  PRIMARY KEY (meeting_id, account_id),
  FOREIGN KEY (meeting_id, account_id) REFERENCES meeting_attendee (meeting_id, account_id)
);
CALL append_only('confidentiality_signature');

-- A guest's signature opens the cases that the guest is invited for, and no other
-- way does. Runs as iom_finder, since a guest may not write who sees a case.
CREATE POLICY finding ON meeting_guest_case FOR SELECT TO iom_finder USING (true);
GRANT SELECT ON meeting_guest_case, confidentiality_signature TO iom_finder;
CREATE FUNCTION guest_signed(p_meeting bigint, p_at timestamptz) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  UPDATE nominal_access a SET waits = false, starts = least(p_at, a.ends)
  WHERE a.kind = 'guest' AND a.waits AND a.account_id = current_setting('app.account')::bigint
    AND EXISTS (SELECT FROM confidentiality_signature g WHERE g.meeting_id = p_meeting AND g.account_id = a.account_id)
    AND EXISTS (SELECT FROM meeting_guest_case c WHERE c.meeting_id = p_meeting AND c.account_id = a.account_id AND c.nominal_id = a.nominal_id)
$$;
ALTER FUNCTION guest_signed(bigint, timestamptz) OWNER TO iom_finder;
REVOKE ALL ON FUNCTION guest_signed(bigint, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION guest_signed(bigint, timestamptz) TO iom_app;

-- A case put on the agenda by hand; the others come from the rules.
CREATE TABLE agenda_addition (
  meeting_id  bigint NOT NULL REFERENCES meeting,
  nominal_id  bigint NOT NULL REFERENCES nominal,
  reason      text NOT NULL CHECK (reason <> ''),
  recorded_at timestamptz NOT NULL,
  recorded_by bigint NOT NULL REFERENCES account,
  PRIMARY KEY (meeting_id, nominal_id)
);
CALL append_only('agenda_addition');
CALL protect('agenda_addition');

-- The agenda as it stood when the meeting opened: each case with the rules that put it there.
CREATE TABLE agenda_item (
  meeting_id  bigint NOT NULL REFERENCES meeting_opening,
  nominal_id  bigint NOT NULL REFERENCES nominal,
  position    int NOT NULL,
  referral_id bigint REFERENCES referral,
  registration_id bigint REFERENCES registration,
  reasons     jsonb NOT NULL,              -- [{"rule":"R65","text":"…","since":"2006-01-02"}]
  recorded_at timestamptz NOT NULL,
  recorded_by bigint NOT NULL REFERENCES account,
  PRIMARY KEY (meeting_id, nominal_id)
);
CREATE INDEX ON agenda_item (nominal_id);
CALL append_only('agenda_item');
CALL protect('agenda_item');

-- What was said of a case. Each note is an entry of its author; nobody overwrites another.
CREATE TABLE discussion_note (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  meeting_id  bigint NOT NULL,
  nominal_id  bigint NOT NULL,
  kind        text NOT NULL CHECK (kind IN ('discussion', 'contribution', 'written update', 'review deferred')),
  agency_id   bigint REFERENCES agency,    -- whose contribution or update it is (R59, R71)
  text        text NOT NULL CHECK (text <> ''),
  recorded_at timestamptz NOT NULL,
  recorded_by bigint NOT NULL REFERENCES account,
  FOREIGN KEY (meeting_id) REFERENCES meeting,
  FOREIGN KEY (nominal_id) REFERENCES nominal
);
CREATE INDEX ON discussion_note (meeting_id, nominal_id, id);
CREATE INDEX ON discussion_note (nominal_id);
CALL append_only('discussion_note');
CALL protect('discussion_note');
-- A guest adds to the case that the guest is invited for, as the guest.
CREATE POLICY guest_adding ON discussion_note FOR INSERT TO iom_app WITH CHECK (
  kind = 'contribution' AND recorded_by = (SELECT current_setting('app.account')::bigint)
  AND EXISTS (SELECT FROM nominal_access a WHERE a.nominal_id = discussion_note.nominal_id
    AND a.account_id = (SELECT current_setting('app.account')::bigint)
    AND a.starts <= (SELECT current_setting('app.now')::timestamptz)
    AND (a.ends IS NULL OR a.ends > (SELECT current_setting('app.now')::timestamptz))));

-- The minutes follow from what was recorded; what the chair approved is kept as it was.
CREATE TABLE minutes_approval (
  meeting_id  bigint PRIMARY KEY REFERENCES meeting_closing,
  digest      text NOT NULL,               -- SHA-256 of the approved minutes
  recorded_at timestamptz NOT NULL,
  recorded_by bigint NOT NULL REFERENCES account
);
CALL append_only('minutes_approval');
CREATE TABLE minutes_case ( -- one approved entry for each case, so that each is protected like the case
  meeting_id  bigint NOT NULL REFERENCES minutes_approval,
  nominal_id  bigint NOT NULL REFERENCES nominal,
  position    int NOT NULL,
  entry       jsonb NOT NULL,
  recorded_at timestamptz NOT NULL,
  recorded_by bigint NOT NULL REFERENCES account,
  PRIMARY KEY (meeting_id, nominal_id)
);
CALL append_only('minutes_case');
CALL protect('minutes_case');

CALL limit_text();
