-- Licence conditions, and the requirements of post-sentence supervision (R127-R134, R141).

CREATE TABLE licence_condition ( -- in force from a day, in the words of the licence (R127)
  id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  nominal_id   bigint NOT NULL,
  sentence_id  bigint NOT NULL,
  kind         text NOT NULL CHECK (kind IN ('standard', 'curfew', 'exclusion zone', 'no contact', 'residence', 'programme', 'drug testing', 'drug appointments',
                 'electronic monitoring', 'possessions', 'disclosure', 'other')),
  words        text NOT NULL CHECK (words <> ''),
  propensity   text NOT NULL DEFAULT '',       -- evidence of the two limbs, for drug testing (R141)
  contribution text NOT NULL DEFAULT '',
  from_on      date NOT NULL,
  set_by       text NOT NULL CHECK (set_by <> ''), -- the governor
  set_on       date NOT NULL,
  amends_id    bigint,                         -- the condition that this one takes the place of
  source       text NOT NULL,
  recorded_at  timestamptz NOT NULL,
  recorded_by  bigint NOT NULL REFERENCES account,
  UNIQUE (id, nominal_id),
  UNIQUE (id, sentence_id, nominal_id),
  CHECK (from_on >= set_on),
  CHECK ((kind = 'drug testing') = (propensity <> '' AND contribution <> '')),
  FOREIGN KEY (sentence_id, nominal_id) REFERENCES sentence (id, nominal_id),
  FOREIGN KEY (amends_id, sentence_id, nominal_id) REFERENCES licence_condition (id, sentence_id, nominal_id)
);
CREATE INDEX ON licence_condition (nominal_id, from_on DESC);
CALL append_only('licence_condition');
CALL protect('licence_condition');

CREATE TABLE licence_condition_end ( -- removed or amended: from this day on it no longer holds
  id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  condition_id bigint NOT NULL,
  nominal_id   bigint NOT NULL,
  ended_on     date NOT NULL,
  ended_by     text NOT NULL CHECK (ended_by <> ''),
  reason       text NOT NULL CHECK (reason <> ''),
  source       text NOT NULL,
  recorded_at  timestamptz NOT NULL,
  recorded_by  bigint NOT NULL REFERENCES account,
  FOREIGN KEY (condition_id, nominal_id) REFERENCES licence_condition (id, nominal_id)
);
CREATE INDEX ON licence_condition_end (condition_id);
CREATE INDEX ON licence_condition_end (nominal_id);
CALL append_only('licence_condition_end');
CALL protect('licence_condition_end');

CREATE TABLE condition_explanation ( -- conditions or requirements and the consequences of breach, explained to the person (R130)
  id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  nominal_id   bigint NOT NULL,
  sentence_id  bigint NOT NULL,
  explained_on date NOT NULL,
  explained_by text NOT NULL CHECK (explained_by <> ''),
  note         text NOT NULL DEFAULT '',
  source       text NOT NULL,
  recorded_at  timestamptz NOT NULL,
  recorded_by  bigint NOT NULL REFERENCES account,
  FOREIGN KEY (sentence_id, nominal_id) REFERENCES sentence (id, nominal_id)
);
CREATE INDEX ON condition_explanation (nominal_id, explained_on DESC);
CALL append_only('condition_explanation');
CALL protect('condition_explanation');

-- The requirements of supervision as a whole, each time that they were proposed, set or
-- amended (R132): an amendment takes the place of what was in force. Supervision was
-- repealed on 11 May 2026, so nothing is proposed, set or in force from that day on.
CREATE TABLE requirement_set (
  id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  nominal_id   bigint NOT NULL,
  sentence_id  bigint NOT NULL,
  step         text NOT NULL CHECK (step IN ('proposed', 'set', 'amended')),
  done_by      text NOT NULL CHECK (done_by <> ''), -- the supervisor who proposes, the governor who sets
  done_on      date NOT NULL CHECK (done_on < DATE '2026-05-11'),
  from_on      date CHECK (from_on < DATE '2026-05-11'),
  requested_by text NOT NULL DEFAULT '',           -- of an amendment: the supervisor who asked for it
  requested_on date,
  why          text NOT NULL CHECK (why <> ''),     -- necessary, proportionate and for rehabilitation (R134)
  source       text NOT NULL,
  recorded_at  timestamptz NOT NULL,
  recorded_by  bigint NOT NULL REFERENCES account,
  UNIQUE (id, nominal_id),
  CHECK ((step = 'proposed') = (from_on IS NULL)),
  CHECK (from_on >= done_on),
  CHECK ((step = 'amended') = (requested_by <> '')),
  CHECK ((step = 'amended') = (requested_on IS NOT NULL)),
  CHECK (requested_on <= done_on),
  FOREIGN KEY (sentence_id, nominal_id) REFERENCES sentence (id, nominal_id)
);
CREATE INDEX ON requirement_set (nominal_id, done_on DESC);
CALL append_only('requirement_set');
CALL protect('requirement_set');

-- One of exactly ten (R128). What it says is not stored: only what fills the square
-- brackets of its wording, which stays as it is (R131).
CREATE TABLE requirement_chosen (
  id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  set_id       bigint NOT NULL,
  nominal_id   bigint NOT NULL,
  number       smallint NOT NULL CHECK (number BETWEEN 1 AND 10),
  brackets     text[] NOT NULL DEFAULT '{}' CHECK (length(array_to_string(brackets, '')) <= 20000),
  why          text NOT NULL DEFAULT '',
  propensity   text NOT NULL DEFAULT '', -- evidence of the two limbs, for drug testing (R141)
  contribution text NOT NULL DEFAULT '',
  recorded_at  timestamptz NOT NULL,
  recorded_by  bigint NOT NULL REFERENCES account,
  UNIQUE (set_id, number),
  CHECK (cardinality(brackets) = CASE WHEN number IN (5, 10) THEN 1 ELSE 0 END AND array_position(brackets, '') IS NULL),
  CHECK (number < 9 OR why <> ''),
  CHECK ((number = 9) = (propensity <> '' AND contribution <> '')),
  FOREIGN KEY (set_id, nominal_id) REFERENCES requirement_set (id, nominal_id)
);
CREATE INDEX ON requirement_chosen (nominal_id);
CALL append_only('requirement_chosen');
CALL protect('requirement_chosen');

CREATE TABLE requirement_left_out ( -- one of the first eight left out (R129), or one that was in force and is removed (R132)
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  set_id      bigint NOT NULL,
  nominal_id  bigint NOT NULL,
  number      smallint NOT NULL CHECK (number BETWEEN 1 AND 10),
  reason      text NOT NULL CHECK (reason <> ''),
  recorded_at timestamptz NOT NULL,
  recorded_by bigint NOT NULL REFERENCES account,
  UNIQUE (set_id, number),
  FOREIGN KEY (set_id, nominal_id) REFERENCES requirement_set (id, nominal_id)
);
CREATE INDEX ON requirement_left_out (nominal_id);
CALL append_only('requirement_left_out');
CALL protect('requirement_left_out');

CREATE TABLE court_recommendation ( -- an amendment that a court recommended after a breach, and what became of it (R133)
  id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  nominal_id     bigint NOT NULL,
  sentence_id    bigint NOT NULL,
  court          text NOT NULL CHECK (court <> ''),
  recommended_on date NOT NULL CHECK (recommended_on < DATE '2026-05-11'),
  recommends     text NOT NULL CHECK (recommends <> ''),
  considered_by  text NOT NULL CHECK (considered_by <> ''),
  considered_on  date NOT NULL,
  outcome        text NOT NULL CHECK (outcome IN ('agreed', 'disagreed')),
  reason         text NOT NULL CHECK (reason <> ''),
  referred_on    date,                   -- to PPCS
  source         text NOT NULL,
  recorded_at    timestamptz NOT NULL,
  recorded_by    bigint NOT NULL REFERENCES account,
  CHECK ((outcome = 'disagreed') = (referred_on IS NOT NULL)),
  CHECK (considered_on >= recommended_on AND referred_on >= considered_on),
  FOREIGN KEY (sentence_id, nominal_id) REFERENCES sentence (id, nominal_id)
);
CREATE INDEX ON court_recommendation (nominal_id, recommended_on DESC);
CALL append_only('court_recommendation');
CALL protect('court_recommendation');

CALL limit_text();
