-- The agenda in full: who came from outside the force, what was left off and why,
-- the running order by hand, the agenda as the chair agreed it and as it was sent,
-- and how often people are supervised.

-- Adopted from a scheme outside the force (R92, R93): a fact of the registration.
CREATE TABLE registration_transfer_in (
  registration_id bigint PRIMARY KEY,
  nominal_id  bigint NOT NULL,
  from_area   text NOT NULL CHECK (from_area <> ''),
  agreed_on   date NOT NULL,
  recorded_at timestamptz NOT NULL,
  recorded_by bigint NOT NULL REFERENCES account,
  FOREIGN KEY (registration_id, nominal_id) REFERENCES registration (id, nominal_id)
);
CREATE INDEX ON registration_transfer_in (nominal_id);
CALL append_only('registration_transfer_in');
CALL protect('registration_transfer_in');

-- Why a rating was lowered within the eight weeks at RED of a transfer in (R94).
CREATE TABLE rag_early_lowering (
  rating_id   bigint PRIMARY KEY REFERENCES rag_rating,
  nominal_id  bigint NOT NULL REFERENCES nominal,
  reason      text NOT NULL CHECK (reason <> ''),
  recorded_at timestamptz NOT NULL,
  recorded_by bigint NOT NULL REFERENCES account
);
CREATE INDEX ON rag_early_lowering (nominal_id);
CALL append_only('rag_early_lowering');
CALL protect('rag_early_lowering');

-- How often somebody at AMBER or GREEN is supervised, as agreed at a meeting, most
-- of them in one go (R44, R47). The latest row is current.
CREATE TABLE supervision_agreement (
  id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  registration_id bigint NOT NULL,
  nominal_id      bigint NOT NULL,
  meeting_id      bigint NOT NULL REFERENCES meeting_opening,
  rating          text NOT NULL CHECK (rating IN ('AMBER', 'GREEN')), -- for which it was agreed
  frequency       text NOT NULL CHECK (frequency <> ''),
  chair_id        bigint NOT NULL REFERENCES account,
  agreed_by       text NOT NULL,
  recorded_at     timestamptz NOT NULL,
  recorded_by     bigint NOT NULL REFERENCES account,
  FOREIGN KEY (registration_id, nominal_id) REFERENCES registration (id, nominal_id)
);
CREATE INDEX ON supervision_agreement (registration_id, id DESC);
CREATE INDEX ON supervision_agreement (nominal_id);
CREATE INDEX ON supervision_agreement (meeting_id);
CALL append_only('supervision_agreement');
CALL protect('supervision_agreement');

-- A case that the rules put on the agenda and that this meeting leaves for the next,
-- with the reason (R65). The latest row of a case is current.
CREATE TABLE agenda_deferral (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  meeting_id  bigint NOT NULL REFERENCES meeting,
  nominal_id  bigint NOT NULL REFERENCES nominal,
  outcome     text NOT NULL CHECK (outcome IN ('left off', 'put back')),
  reason      text NOT NULL,
  recorded_at timestamptz NOT NULL,
  recorded_by bigint NOT NULL REFERENCES account,
  CHECK (outcome = 'put back' OR reason <> '')
);
CREATE INDEX ON agenda_deferral (meeting_id, nominal_id, id DESC);
CREATE INDEX ON agenda_deferral (nominal_id);
CALL append_only('agenda_deferral');
CALL protect('agenda_deferral');

-- The running order by hand: each row puts one case directly before another, or last.
-- Applied in their order to the order of the rules they give that of the meeting.
CREATE TABLE agenda_move (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  meeting_id  bigint NOT NULL REFERENCES meeting,
  nominal_id  bigint NOT NULL REFERENCES nominal,
  before_id   bigint REFERENCES nominal CHECK (before_id <> nominal_id), -- empty: last
  recorded_at timestamptz NOT NULL,
  recorded_by bigint NOT NULL REFERENCES account
);
CREATE INDEX ON agenda_move (meeting_id, id);
CREATE INDEX ON agenda_move (nominal_id);
CALL append_only('agenda_move');
CALL protect('agenda_move');

-- The agenda as it stood when a chair agreed it (R59) and when it was sent.
CREATE TABLE agenda_copy (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  meeting_id  bigint NOT NULL REFERENCES meeting,
  kind        text NOT NULL CHECK (kind IN ('agreed', 'sent')),
  recorded_at timestamptz NOT NULL,
  recorded_by bigint NOT NULL REFERENCES account
);
CREATE INDEX ON agenda_copy (meeting_id, id DESC);
CALL append_only('agenda_copy');
CREATE TABLE agenda_copy_item (
  copy_id     bigint NOT NULL REFERENCES agenda_copy,
  nominal_id  bigint NOT NULL REFERENCES nominal,
  position    int NOT NULL,
  reasons     jsonb NOT NULL,
  left_off    text NOT NULL DEFAULT '', -- the reason for leaving the case off
  recorded_at timestamptz NOT NULL,
  recorded_by bigint NOT NULL REFERENCES account,
  PRIMARY KEY (copy_id, nominal_id)
);
CREATE INDEX ON agenda_copy_item (nominal_id);
CALL append_only('agenda_copy_item');
CALL protect('agenda_copy_item');

CALL limit_text();
