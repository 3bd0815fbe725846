-- Minutes in versions, what is put right in them, and what goes out after a meeting.

-- The first version is what was drafted from the record. A later one holds the cases
-- in which something was put right: of each case the latest entry up to a version
-- belongs to it.
ALTER TABLE minutes_case DROP CONSTRAINT minutes_case_meeting_id_fkey;
ALTER TABLE minutes_case DROP CONSTRAINT minutes_case_pkey;
ALTER TABLE minutes_approval DROP CONSTRAINT minutes_approval_pkey;
ALTER TABLE minutes_approval ADD COLUMN version int NOT NULL DEFAULT 1 CHECK (version >= 1);
ALTER TABLE minutes_approval ALTER COLUMN version DROP DEFAULT;
ALTER TABLE minutes_approval ADD PRIMARY KEY (meeting_id, version);
ALTER TABLE minutes_case ADD COLUMN version int NOT NULL DEFAULT 1;
ALTER TABLE minutes_case ALTER COLUMN version DROP DEFAULT;
ALTER TABLE minutes_case ADD PRIMARY KEY (meeting_id, nominal_id, version);
ALTER TABLE minutes_case ADD FOREIGN KEY (meeting_id, version) REFERENCES minutes_approval (meeting_id, version);

-- The chair sends the draft of a version back; whoever writes it up answers, and it
-- lies before the chair again (R59).
CREATE TABLE minutes_return (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  meeting_id bigint NOT NULL REFERENCES meeting_closing,
  version    int NOT NULL CHECK (version >= 1),
  reason     text NOT NULL CHECK (reason <> ''),
  recorded_at timestamptz NOT NULL,
  recorded_by bigint NOT NULL REFERENCES account
);
CREATE INDEX ON minutes_return (meeting_id, id);
CALL append_only('minutes_return');
CREATE TABLE minutes_answer (
  return_id  bigint PRIMARY KEY REFERENCES minutes_return,
  text       text NOT NULL CHECK (text <> ''),
  recorded_at timestamptz NOT NULL,
  recorded_by bigint NOT NULL REFERENCES account
);
CALL append_only('minutes_answer');

-- What is put right in the minutes of a case: an entry of its author. The record of
-- the meeting stays as it is; the version named is the one that takes it up.
CREATE TABLE minutes_correction (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  meeting_id bigint NOT NULL REFERENCES meeting_closing,
  nominal_id bigint NOT NULL,
  version    int NOT NULL CHECK (version >= 1),
  was        text NOT NULL DEFAULT '',  -- the words that are wrong; empty: something was missing
  text       text NOT NULL CHECK (text <> ''),
  reason     text NOT NULL CHECK (reason <> ''),
  recorded_at timestamptz NOT NULL,
  recorded_by bigint NOT NULL REFERENCES account,
  FOREIGN KEY (meeting_id, nominal_id) REFERENCES agenda_item (meeting_id, nominal_id)
);
CREATE INDEX ON minutes_correction (meeting_id, id);
CREATE INDEX ON minutes_correction (nominal_id);
CALL append_only('minutes_correction');
CALL protect('minutes_correction');

-- What was circulated after a meeting, to whom and what for (R64). What each of them
-- gets is made when it is sent or opened, under the recipient's own scope: nothing of
-- a case lies here.
CREATE TABLE circulation (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  meeting_id bigint NOT NULL REFERENCES meeting_closing,
  kind       text NOT NULL CHECK (kind IN ('plans', 'minutes')),
  version    int,                       -- of the minutes
  purpose    text NOT NULL CHECK (purpose <> ''),
  recorded_at timestamptz NOT NULL,
  recorded_by bigint NOT NULL REFERENCES account,
  CHECK ((kind = 'minutes') = (version IS NOT NULL)),
  FOREIGN KEY (meeting_id, version) REFERENCES minutes_approval (meeting_id, version)
);
CREATE INDEX ON circulation (meeting_id, id);
CALL append_only('circulation');
CREATE TABLE circulation_recipient (
  circulation_id bigint NOT NULL REFERENCES circulation,
  account_id     bigint NOT NULL REFERENCES account,
  agency_id      bigint NOT NULL REFERENCES agency,
  because        text NOT NULL CHECK (because IN ('attendee', 'guest', 'has an action')),
  recorded_at    timestamptz NOT NULL,
  recorded_by    bigint NOT NULL REFERENCES account,
  PRIMARY KEY (circulation_id, account_id)
);
CREATE INDEX ON circulation_recipient (account_id);
CALL append_only('circulation_recipient');
-- A recipient has opened it, signed in: read it, or taken the file.
CREATE TABLE circulation_opening (
  id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  circulation_id bigint NOT NULL,
  account_id     bigint NOT NULL,
  how            text NOT NULL CHECK (how IN ('page', 'file')),
  recorded_at    timestamptz NOT NULL,
  recorded_by    bigint NOT NULL REFERENCES account CHECK (recorded_by = account_id),
  FOREIGN KEY (circulation_id, account_id) REFERENCES circulation_recipient (circulation_id, account_id)
);
CREATE INDEX ON circulation_opening (circulation_id, account_id);
CALL append_only('circulation_opening');

CALL limit_text();
