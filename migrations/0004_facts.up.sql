-- Facts about a nominal, entered by hand, dated and with their source. A row is
-- never changed: what has ended or was wrong is closed in fact_closed.

CREATE TABLE prison (
  code   text PRIMARY KEY,
  name   text NOT NULL,
  active boolean NOT NULL,
  male   boolean NOT NULL,
  female boolean NOT NULL,
  town   text NOT NULL,
  county text NOT NULL
);
CALL append_only('prison');

-- Needs: nine pathways, three levels; a scale apart from the case rating (R22, R23).
CREATE TABLE need (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  nominal_id  bigint NOT NULL REFERENCES nominal,
  pathway     text NOT NULL CHECK (pathway IN ('accommodation', 'education, training and employment', 'health', 'drugs and alcohol',
                'finance, benefit and debt', 'children and families', 'attitudes, thinking and behaviour', 'domestic abuse', 'other')),
  level       text NOT NULL CHECK (level IN ('red', 'amber', 'green')),
  needs       text NOT NULL DEFAULT '',
  actions     text NOT NULL DEFAULT '',
  assessed_on date NOT NULL,
  source      text NOT NULL,
  meeting_id  bigint REFERENCES meeting,
  recorded_at timestamptz NOT NULL,
  recorded_by bigint NOT NULL REFERENCES account
);
CREATE INDEX ON need (nominal_id, pathway, id DESC);
CALL append_only('need');
CALL protect('need');

-- Contacts and visits (R33, R143, R188). A joint visit is two agencies on one contact.
CREATE TABLE contact (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  nominal_id  bigint NOT NULL REFERENCES nominal,
  kind        text NOT NULL CHECK (kind IN ('home visit', 'office visit', 'supervision session', 'telephone', 'prison visit', 'video link',
                'key-work session', 'meet at the gate', 'police contact', 'call to police', 'other')),
  held_on     date NOT NULL,
  at_time     text NOT NULL DEFAULT '' CHECK (at_time = '' OR at_time ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'),
  outcome     text NOT NULL CHECK (outcome IN ('attended and stayed', 'left early', 'did not attend', 'refused treatment',
                'seen', 'not seen', 'not an appointment')),
  excused     boolean NOT NULL DEFAULT false,  -- an absence with an acceptable reason
  agency_id   bigint NOT NULL REFERENCES agency,
  joint_agency_id bigint REFERENCES agency,
  force_number text NOT NULL DEFAULT '',       -- of the officer, as on the paper form
  log         text NOT NULL CHECK (log <> ''),
  result      text NOT NULL DEFAULT '',
  source      text NOT NULL,
  recorded_at timestamptz NOT NULL,
  recorded_by bigint NOT NULL REFERENCES account,
  CHECK (joint_agency_id <> agency_id)
);
CREATE INDEX ON contact (nominal_id, held_on DESC, id DESC);
CALL append_only('contact');
CALL protect('contact');

-- Custody spells; dates and moves are appended, so that each change can be dated (R121).
CREATE TABLE custody_spell (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  nominal_id  bigint NOT NULL REFERENCES nominal,
  received_on date NOT NULL,
  prison      text NOT NULL REFERENCES prison,
  why         text NOT NULL CHECK (why IN ('remand', 'sentence', 'fixed-term recall', 'standard recall', 'other')),
  source      text NOT NULL,
  recorded_at timestamptz NOT NULL,
  recorded_by bigint NOT NULL REFERENCES account,
  UNIQUE (id, nominal_id)
);
CREATE INDEX ON custody_spell (nominal_id, received_on DESC);
CALL append_only('custody_spell');
CALL protect('custody_spell');

CREATE TABLE custody_date (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  spell_id    bigint NOT NULL,
  nominal_id  bigint NOT NULL,
  kind        text NOT NULL CHECK (kind IN ('expected release', 'released')),
  day         date NOT NULL,
  notified_by text NOT NULL,
  source      text NOT NULL,
  recorded_at timestamptz NOT NULL,
  recorded_by bigint NOT NULL REFERENCES account,
  FOREIGN KEY (spell_id, nominal_id) REFERENCES custody_spell (id, nominal_id)
);
CREATE UNIQUE INDEX ON custody_date (spell_id) WHERE kind = 'released';
CREATE INDEX ON custody_date (nominal_id);
CALL append_only('custody_date');
CALL protect('custody_date');

CREATE TABLE custody_move (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  spell_id    bigint NOT NULL,
  nominal_id  bigint NOT NULL,
  prison      text NOT NULL REFERENCES prison,
  moved_on    date NOT NULL,
  source      text NOT NULL,
  recorded_at timestamptz NOT NULL,
  recorded_by bigint NOT NULL REFERENCES account,
  FOREIGN KEY (spell_id, nominal_id) REFERENCES custody_spell (id, nominal_id)
);
CREATE INDEX ON custody_move (nominal_id);
CALL append_only('custody_move');
CALL protect('custody_move');

-- Statutory or voluntary (R208), and when licence or order ends. Latest row is current.
CREATE TABLE statutory_status (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  nominal_id  bigint NOT NULL REFERENCES nominal,
  status      text NOT NULL CHECK (status IN ('licence', 'post-sentence supervision', 'community order', 'suspended sentence order',
                'youth order', 'bail', 'voluntary', 'none')),
  from_on     date NOT NULL,
  ends_on     date,
  source      text NOT NULL,
  recorded_at timestamptz NOT NULL,
  recorded_by bigint NOT NULL REFERENCES account,
  CHECK (ends_on IS NULL OR ends_on >= from_on)
);
CREATE INDEX ON statutory_status (nominal_id, id DESC);
CALL append_only('statutory_status');
CALL protect('statutory_status');

-- Sentences as imposed by the court. Dates from the prison or probation only; the calculator comes with its own rules.
CREATE TABLE sentence (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  nominal_id  bigint NOT NULL REFERENCES nominal,
  imposed_on  date NOT NULL,
  court       text NOT NULL,
  offence     text NOT NULL,
  offence_on  date,
  kind        text NOT NULL CHECK (kind IN ('custody', 'suspended sentence', 'community order', 'fine', 'youth order', 'other')),
  years       int NOT NULL DEFAULT 0 CHECK (years BETWEEN 0 AND 99),
  months      int NOT NULL DEFAULT 0 CHECK (months BETWEEN 0 AND 999),
  weeks       int NOT NULL DEFAULT 0 CHECK (weeks BETWEEN 0 AND 999),
  days        int NOT NULL DEFAULT 0 CHECK (days BETWEEN 0 AND 9999),
  life        boolean NOT NULL DEFAULT false,
  licence_ends_on  date,                       -- LED
  sentence_ends_on date,                       -- SED
  source      text NOT NULL,
  recorded_at timestamptz NOT NULL,
  recorded_by bigint NOT NULL REFERENCES account,
  CHECK (offence_on IS NULL OR offence_on <= imposed_on),
  CHECK (kind <> 'custody' OR life OR years + months + weeks + days > 0)
);
CREATE INDEX ON sentence (nominal_id, imposed_on DESC);
CALL append_only('sentence');
CALL protect('sentence');

-- MAPPA level, and category where known (R100-R103). Level 0: no longer subject. Latest row is current.
CREATE TABLE mappa_level (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  nominal_id  bigint NOT NULL REFERENCES nominal,
  level       int NOT NULL CHECK (level BETWEEN 0 AND 3),
  category    int CHECK (category BETWEEN 1 AND 4),
  from_on     date NOT NULL,
  note        text NOT NULL DEFAULT '',
  source      text NOT NULL,
  recorded_at timestamptz NOT NULL,
  recorded_by bigint NOT NULL REFERENCES account
);
CREATE INDEX ON mappa_level (nominal_id, id DESC);
CALL append_only('mappa_level');
CALL protect('mappa_level');

-- Risk of reoffending scores entered by a practitioner, with type, date and source (R4, R19).
CREATE TABLE risk_score (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  nominal_id  bigint NOT NULL REFERENCES nominal,
  type        text NOT NULL CHECK (type IN ('OGRS3', 'OGRS4', 'OGP', 'OVP', 'YOGRS', 'other')),
  value       text NOT NULL,
  scored_on   date NOT NULL,
  source      text NOT NULL,
  recorded_at timestamptz NOT NULL,
  recorded_by bigint NOT NULL REFERENCES account
);
CREATE INDEX ON risk_score (nominal_id, id DESC);
CALL append_only('risk_score');
CALL protect('risk_score');

CREATE TABLE drug_test (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  nominal_id  bigint NOT NULL REFERENCES nominal,
  tested_on   date NOT NULL,
  result      text NOT NULL CHECK (result IN ('negative', 'positive', 'refused', 'not taken')),
  substances  text NOT NULL DEFAULT '',
  agency_id   bigint NOT NULL REFERENCES agency,
  source      text NOT NULL,
  recorded_at timestamptz NOT NULL,
  recorded_by bigint NOT NULL REFERENCES account
);
CREATE INDEX ON drug_test (nominal_id, tested_on DESC);
CREATE TABLE drug_test_share ( -- one shared result, not the record (R209)
  drug_test_id bigint NOT NULL REFERENCES drug_test,
  nominal_id   bigint NOT NULL REFERENCES nominal,
  agency_id    bigint NOT NULL REFERENCES agency,
  reason       text NOT NULL CHECK (reason <> ''),
  recorded_at  timestamptz NOT NULL,
  recorded_by  bigint NOT NULL REFERENCES account,
  PRIMARY KEY (drug_test_id, agency_id)
);
CALL append_only('drug_test');
CALL append_only('drug_test_share');
CALL protect('drug_test_share');
CALL protect('drug_test', 'drug_tests', $$agency_id = ANY ((SELECT current_setting('app.agencies')::bigint[])::bigint[])
  OR EXISTS (SELECT FROM drug_test_share s WHERE s.drug_test_id = drug_test.id AND s.agency_id = ANY ((SELECT current_setting('app.agencies')::bigint[])::bigint[]))$$);

CREATE TABLE intelligence (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  nominal_id  bigint NOT NULL REFERENCES nominal,
  dated       date NOT NULL,
  increases_risk boolean NOT NULL,            -- R41: relevant intelligence of increased risk
  text        text NOT NULL CHECK (text <> ''),
  source      text NOT NULL,
  recorded_at timestamptz NOT NULL,
  recorded_by bigint NOT NULL REFERENCES account
);
CREATE INDEX ON intelligence (nominal_id, dated DESC);
CREATE TABLE intelligence_share ( -- marked shareable with an agency
  intelligence_id bigint NOT NULL REFERENCES intelligence,
  nominal_id      bigint NOT NULL REFERENCES nominal,
  agency_id       bigint NOT NULL REFERENCES agency,
  recorded_at     timestamptz NOT NULL,
  recorded_by     bigint NOT NULL REFERENCES account,
  PRIMARY KEY (intelligence_id, agency_id)
);
CALL append_only('intelligence');
CALL append_only('intelligence_share');
CALL protect('intelligence_share');
CALL protect('intelligence', 'intelligence', $$EXISTS (SELECT FROM intelligence_share s
  WHERE s.intelligence_id = intelligence.id AND s.agency_id = ANY ((SELECT current_setting('app.agencies')::bigint[])::bigint[]))$$);


CALL limit_text();
