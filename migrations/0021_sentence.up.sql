-- Sentences with what moves and ends them, and the dates that prison and probation
-- notify one after the other (R120-R126). What the law makes of a sentence is never
-- stored: it is worked out when it is read, by the law of that day.

-- The ends of licence and sentence become notified dates, with who said so and when.
-- A term is served alone, at the same time as another one, or after it.
ALTER TABLE sentence
  DROP COLUMN licence_ends_on,
  DROP COLUMN sentence_ends_on,
  ADD COLUMN custody_type  text NOT NULL DEFAULT '' CHECK (custody_type IN ('', 'standard determinate sentence',
    'detention under section 250 (under 18)', 'extended sentence', 'sentence for an offender of particular concern',
    'life or another indeterminate sentence', 'detention and training order', 'imprisonment in default or for contempt',
    'committal for breach of supervision', 'another custodial sentence')),
  ADD COLUMN relation      text NOT NULL DEFAULT 'alone' CHECK (relation IN ('alone', 'concurrent', 'consecutive')),
  ADD COLUMN related_id    bigint,
  ADD COLUMN order_ends_on date,               -- as the court said it; an early end is a row of its own
  ADD COLUMN conditions    text[] NOT NULL DEFAULT '{}' CHECK (conditions <@ ARRAY['two-thirds', 'excluded-40', 'excluded-40-later',
    'excluded-third', 'section-250', 'registered']), -- what the law turns on and no date tells, where it is known to be so
  ADD CONSTRAINT sentence_of_nominal UNIQUE (id, nominal_id),
  ADD CONSTRAINT sentence_related FOREIGN KEY (related_id, nominal_id) REFERENCES sentence (id, nominal_id),
  ADD CONSTRAINT sentence_relation_said CHECK ((relation = 'alone') = (related_id IS NULL) AND related_id <> id AND (relation = 'alone' OR kind = 'custody')),
  ADD CONSTRAINT sentence_custody_typed CHECK ((kind = 'custody') = (custody_type <> '')),
  ADD CONSTRAINT sentence_life_typed CHECK (life = (custody_type = 'life or another indeterminate sentence')),
  ADD CONSTRAINT sentence_order_end CHECK (order_ends_on IS NULL OR (kind IN ('suspended sentence', 'community order', 'youth order') AND order_ends_on >= imposed_on));

CREATE TABLE sentence_adjustment ( -- days that move the dates of a custodial sentence
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  sentence_id bigint NOT NULL,
  nominal_id  bigint NOT NULL,
  kind        text NOT NULL CHECK (kind IN ('remand', 'tagged bail', 'added days', 'added days given back',
                'unlawfully at large before release', 'unlawfully at large after release')),
  days        int NOT NULL CHECK (days BETWEEN 1 AND 20000),
  dated       date NOT NULL,                   -- of the court's or the prison's decision
  source      text NOT NULL,
  recorded_at timestamptz NOT NULL,
  recorded_by bigint NOT NULL REFERENCES account,
  FOREIGN KEY (sentence_id, nominal_id) REFERENCES sentence (id, nominal_id)
);
CREATE INDEX ON sentence_adjustment (nominal_id);
CALL append_only('sentence_adjustment');
CALL protect('sentence_adjustment');

CREATE TABLE sentence_end ( -- an order that ended before its day
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  sentence_id bigint NOT NULL,
  nominal_id  bigint NOT NULL,
  how         text NOT NULL CHECK (how IN ('revoked', 'completed early', 'activated')),
  ended_on    date NOT NULL,
  source      text NOT NULL,
  recorded_at timestamptz NOT NULL,
  recorded_by bigint NOT NULL REFERENCES account,
  FOREIGN KEY (sentence_id, nominal_id) REFERENCES sentence (id, nominal_id)
);
CREATE INDEX ON sentence_end (nominal_id);
CALL append_only('sentence_end');
CALL protect('sentence_end');

CREATE TABLE tag ( -- electronic monitoring (R120, R177); a tag taken off early is closed as ended
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  nominal_id  bigint NOT NULL REFERENCES nominal,
  kind        text NOT NULL CHECK (kind IN ('home detention curfew', 'licence curfew', 'curfew of an order', 'bail curfew',
                'location monitoring', 'alcohol monitoring')),
  starts_on   date NOT NULL,
  ends_on     date CHECK (ends_on >= starts_on),
  source      text NOT NULL,
  recorded_at timestamptz NOT NULL,
  recorded_by bigint NOT NULL REFERENCES account
);
CREATE INDEX ON tag (nominal_id, starts_on DESC);
CALL append_only('tag');
CALL protect('tag');

-- Dates as they were notified, by whom and when; the latest notified is in force (R121).
-- A day of release belongs to a time in custody, the others to the person.
ALTER TABLE custody_date
  ALTER COLUMN spell_id DROP NOT NULL,
  ADD COLUMN notified_on date NOT NULL,
  DROP CONSTRAINT custody_date_kind_check,
  ADD CONSTRAINT custody_date_kind_check CHECK (kind IN ('expected release', 'conditional release', 're-release', 'released', 'licence end',
    'sentence end', 'supervision end', 'HDC eligibility')),
  ADD CONSTRAINT custody_date_of_spell CHECK (spell_id IS NOT NULL OR kind NOT IN ('expected release', 're-release', 'released')),
  ADD CONSTRAINT custody_date_of_nominal FOREIGN KEY (nominal_id) REFERENCES nominal;
CREATE INDEX custody_date_nominal ON custody_date (nominal_id, kind, notified_on DESC, id DESC);
DROP INDEX custody_date_nominal_id_idx;

-- The live list says which of its dates were worked out and not notified.
ALTER TABLE live_list
  ADD COLUMN release_computed boolean NOT NULL DEFAULT false,
  ADD COLUMN status_computed  boolean NOT NULL DEFAULT false,
  ADD COLUMN final_third_on   date;            -- of the licence or the order

CALL limit_text();
