-- Registration: time on the scheme, from adoption to deregistration, and what
-- hangs on it: rating, lead worker, checklists, reviews, removal.

-- A meeting is planned for a node of the tree and is for the leaves under it (R52-R54, R183).
CREATE TABLE meeting (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  area_id    bigint NOT NULL REFERENCES area,
  kind       text NOT NULL CHECK (kind IN ('referral and operational', 'practitioners')),
  held_on    date NOT NULL,
  starts     text NOT NULL CHECK (starts ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'),
  place      text NOT NULL,
  chair_id   bigint NOT NULL REFERENCES account,
  joint_chair_id bigint REFERENCES account,   -- R55
  next_on    date,                            -- when the one after is expected
  version    bigint NOT NULL DEFAULT 1,
  recorded_at timestamptz NOT NULL,
  recorded_by bigint NOT NULL REFERENCES account,
  CHECK (next_on IS NULL OR next_on > held_on),
  CHECK (joint_chair_id <> chair_id)
);
CREATE INDEX ON meeting (area_id, held_on);
CALL editable('meeting', 'held_on, starts, place, chair_id, joint_chair_id, next_on, version');

-- What the meeting decided of a referral (R9). A deferred one comes back to the next.
CREATE TABLE referral_decision (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  referral_id bigint NOT NULL,
  nominal_id  bigint NOT NULL,
  meeting_id  bigint NOT NULL REFERENCES meeting,
  outcome     text NOT NULL CHECK (outcome IN ('adopted', 'rejected', 'deferred')),
  reason      text NOT NULL CHECK (reason <> ''),
  chair_id    bigint NOT NULL REFERENCES account, -- accountable (R3)
  agreed_by   text NOT NULL,
  recorded_at timestamptz NOT NULL,
  recorded_by bigint NOT NULL REFERENCES account,
  FOREIGN KEY (referral_id, nominal_id) REFERENCES referral (id, nominal_id),
  UNIQUE (referral_id, meeting_id)
);
CREATE UNIQUE INDEX ON referral_decision (referral_id) WHERE outcome <> 'deferred';
CALL append_only('referral_decision');
CALL protect('referral_decision');

CREATE TABLE registration (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  nominal_id  bigint NOT NULL REFERENCES nominal,
  area_id     bigint NOT NULL REFERENCES area, -- never changes: a transfer ends one and starts another
  referral_id bigint NOT NULL,
  decision_id bigint NOT NULL UNIQUE REFERENCES referral_decision,
  began_on    date NOT NULL,
  began_at    timestamptz NOT NULL,
  ended_at    timestamptz,                     -- deregistered; the decision has a row of its own
  recorded_at timestamptz NOT NULL,
  recorded_by bigint NOT NULL REFERENCES account,
  UNIQUE (id, nominal_id),
  FOREIGN KEY (referral_id, nominal_id) REFERENCES referral (id, nominal_id),
  -- One registration at a time for each nominal in the force: exactly one responsible area (R99).
  CONSTRAINT registration_one_at_a_time EXCLUDE USING gist (nominal_id WITH =, tstzrange(began_at, ended_at) WITH &&),
  CHECK (ended_at IS NULL OR ended_at >= began_at)
);
CREATE INDEX ON registration (area_id) WHERE ended_at IS NULL;
CALL editable('registration', 'ended_at');
CALL protect('registration');

-- The case rating (R38-R50). Five levels; three of a need are another scale. Kept
-- with date, reason, meeting and who agreed. No meeting yet: until the next ratifies it.
CREATE TABLE rag_rating (
  id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  registration_id bigint NOT NULL,
  nominal_id      bigint NOT NULL,
  rating          text NOT NULL CHECK (rating IN ('RED ALERT', 'RED', 'AMBER', 'GREEN', 'PRISON')),
  rated_on        date NOT NULL,
  reason          text NOT NULL CHECK (reason <> ''),
  characteristics text[] NOT NULL DEFAULT '{}',
  supervision     text NOT NULL DEFAULT '',     -- frequency of supervision agreed (R42, R44, R47)
  meeting_id      bigint REFERENCES meeting,    -- empty: rated between meetings
  chair_id        bigint REFERENCES account,
  agreed_by       text NOT NULL,
  recorded_at     timestamptz NOT NULL,
  recorded_by     bigint NOT NULL REFERENCES account,
  FOREIGN KEY (registration_id, nominal_id) REFERENCES registration (id, nominal_id),
  CHECK ((meeting_id IS NULL) = (chair_id IS NULL))
);
CREATE INDEX ON rag_rating (registration_id, id DESC);
CREATE INDEX ON rag_rating (nominal_id);
CREATE INDEX ON rag_rating (meeting_id);
CALL append_only('rag_rating');
CALL protect('rag_rating');

CREATE TABLE rag_ratification (
  rating_id   bigint PRIMARY KEY REFERENCES rag_rating,
  nominal_id  bigint NOT NULL REFERENCES nominal,
  meeting_id  bigint NOT NULL REFERENCES meeting,
  chair_id    bigint NOT NULL REFERENCES account,
  outcome     text NOT NULL CHECK (outcome IN ('ratified', 'not ratified')),
  reason      text NOT NULL DEFAULT '',
  recorded_at timestamptz NOT NULL,
  recorded_by bigint NOT NULL REFERENCES account
);
CALL append_only('rag_ratification');
CALL protect('rag_ratification');

-- RED ALERT: the police officer chooses which agencies are told; never guests (R40).
CREATE TABLE wanted_alert (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  rating_id   bigint NOT NULL REFERENCES rag_rating,
  nominal_id  bigint NOT NULL REFERENCES nominal,
  area_id     bigint NOT NULL REFERENCES area,
  agency_id   bigint NOT NULL REFERENCES agency,
  message     text NOT NULL,
  recorded_at timestamptz NOT NULL,
  recorded_by bigint NOT NULL REFERENCES account,
  UNIQUE (rating_id, agency_id)
);
CREATE INDEX ON wanted_alert (agency_id);
CALL append_only('wanted_alert');
CALL protect('wanted_alert');

-- The lead worker (R10): the latest row is current.
CREATE TABLE lead_worker (
  id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  registration_id bigint NOT NULL,
  nominal_id      bigint NOT NULL,
  account_id      bigint NOT NULL REFERENCES account,
  agency_id       bigint NOT NULL REFERENCES agency,
  capacity        text NOT NULL CHECK (capacity IN ('probation officer', 'responsible officer', 'youth offending team worker',
                    'police officer', 'other')),
  from_on         date NOT NULL,
  reason          text NOT NULL,
  recorded_at     timestamptz NOT NULL,
  recorded_by     bigint NOT NULL REFERENCES account,
  FOREIGN KEY (registration_id, nominal_id) REFERENCES registration (id, nominal_id)
);
CREATE INDEX ON lead_worker (registration_id, id DESC);
CALL append_only('lead_worker');
CALL protect('lead_worker');

-- Adoption and removal lines with date and by whom (R32, R35). The latest row of a line is current.
CREATE TABLE checklist_line (
  id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  registration_id bigint NOT NULL,
  nominal_id      bigint NOT NULL,
  list            text NOT NULL CHECK (list IN ('adoption', 'removal')),
  line            text NOT NULL CHECK (line IN ('conference', 'offender notified', 'niche markers', 'pnc marker', 'social services')),
  done_on         date,
  by_whom         text NOT NULL DEFAULT '',
  not_applicable  boolean NOT NULL DEFAULT false,
  note            text NOT NULL DEFAULT '',
  recorded_at     timestamptz NOT NULL,
  recorded_by     bigint NOT NULL REFERENCES account,
  FOREIGN KEY (registration_id, nominal_id) REFERENCES registration (id, nominal_id),
  CHECK (CASE WHEN not_applicable THEN done_on IS NULL AND line = 'social services'
              ELSE done_on IS NOT NULL AND by_whom <> '' END)
);
CREATE INDEX ON checklist_line (registration_id, list, line, id DESC);
CALL append_only('checklist_line');
CALL protect('checklist_line');

-- Review rows of the form: retain or drop (R34).
CREATE TABLE registration_review (
  id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  registration_id bigint NOT NULL,
  nominal_id      bigint NOT NULL,
  reviewed_on     date NOT NULL,
  outcome         text NOT NULL CHECK (outcome IN ('retain', 'drop')),
  justification   text NOT NULL CHECK (justification <> ''),
  meeting_id      bigint REFERENCES meeting,
  recorded_at     timestamptz NOT NULL,
  recorded_by     bigint NOT NULL REFERENCES account,
  FOREIGN KEY (registration_id, nominal_id) REFERENCES registration (id, nominal_id)
);
CREATE INDEX ON registration_review (registration_id);
CALL append_only('registration_review');
CALL protect('registration_review');

-- Deregistration: proposed by anybody, decided by the meeting (R79-R86).
CREATE TABLE deregistration_proposal (
  id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  registration_id bigint NOT NULL,
  nominal_id      bigint NOT NULL,
  reason          text NOT NULL CHECK (reason <> ''),
  criteria        text[] NOT NULL DEFAULT '{}',
  recorded_at     timestamptz NOT NULL,
  recorded_by     bigint NOT NULL REFERENCES account,
  FOREIGN KEY (registration_id, nominal_id) REFERENCES registration (id, nominal_id)
);
CREATE INDEX ON deregistration_proposal (registration_id, id DESC);
CALL append_only('deregistration_proposal');
CALL protect('deregistration_proposal');

CREATE TABLE deregistration_refusal ( -- the meeting decided to retain
  proposal_id bigint PRIMARY KEY REFERENCES deregistration_proposal,
  nominal_id  bigint NOT NULL REFERENCES nominal,
  meeting_id  bigint NOT NULL REFERENCES meeting,
  reason      text NOT NULL CHECK (reason <> ''),
  recorded_at timestamptz NOT NULL,
  recorded_by bigint NOT NULL REFERENCES account
);
CALL append_only('deregistration_refusal');
CALL protect('deregistration_refusal');

CREATE TABLE deregistration (
  registration_id bigint PRIMARY KEY,
  nominal_id      bigint NOT NULL,
  meeting_id      bigint NOT NULL REFERENCES meeting,
  chair_id        bigint NOT NULL REFERENCES account,
  agreed_by       text NOT NULL,
  justification   text NOT NULL CHECK (justification <> ''), -- two separate fields on the form (R35)
  reasons         text NOT NULL CHECK (reasons <> ''),
  criteria        text[] NOT NULL DEFAULT '{}',
  exit_officer    text NOT NULL CHECK (exit_officer <> ''),   -- the responsible officer named for the exit plan (R85)
  exit_agency_id  bigint NOT NULL REFERENCES agency,
  exit_plan       text NOT NULL CHECK (exit_plan <> ''),
  decided_on      date NOT NULL,
  recorded_at     timestamptz NOT NULL,
  recorded_by     bigint NOT NULL REFERENCES account,
  FOREIGN KEY (registration_id, nominal_id) REFERENCES registration (id, nominal_id)
);
CALL append_only('deregistration');
CALL protect('deregistration');

CREATE TABLE registration_closure ( -- no marker is left (R36)
  registration_id bigint PRIMARY KEY,
  nominal_id      bigint NOT NULL,
  recorded_at     timestamptz NOT NULL,
  recorded_by     bigint NOT NULL REFERENCES account,
  FOREIGN KEY (registration_id, nominal_id) REFERENCES registration (id, nominal_id)
);
CALL append_only('registration_closure');
CALL protect('registration_closure');

CALL limit_text();
