-- Recall to prison, each step a row of its own (R135-R140).

-- The decision in principle to recall, which starts the clock (R138).
CREATE TABLE recall (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  nominal_id  bigint NOT NULL,
  sentence_id bigint NOT NULL,
  decided_at  timestamptz NOT NULL,
  decided_by  text NOT NULL CHECK (decided_by <> ''), -- who took it, of probation
  reason      text NOT NULL CHECK (reason <> ''),
  source      text NOT NULL,
  recorded_at timestamptz NOT NULL,
  recorded_by bigint NOT NULL REFERENCES account,
  UNIQUE (id, nominal_id),
  FOREIGN KEY (sentence_id, nominal_id) REFERENCES sentence (id, nominal_id)
);
CREATE INDEX ON recall (nominal_id, decided_at DESC);
CALL append_only('recall');
CALL protect('recall');

CREATE TABLE recall_step ( -- what became of it, each step once
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  recall_id   bigint NOT NULL,
  nominal_id  bigint NOT NULL,
  step        text NOT NULL CHECK (step IN ('papers sent', 'papers received', 'licence revoked', 'withdrawn')),
  happened_at timestamptz NOT NULL,
  note        text NOT NULL DEFAULT '',
  source      text NOT NULL,
  recorded_at timestamptz NOT NULL,
  recorded_by bigint NOT NULL REFERENCES account,
  CHECK (step <> 'withdrawn' OR note <> ''),
  FOREIGN KEY (recall_id, nominal_id) REFERENCES recall (id, nominal_id)
);
CREATE INDEX ON recall_step (nominal_id);
CREATE INDEX ON recall_step (recall_id);
CALL append_only('recall_step');
CALL protect('recall_step');

CREATE TABLE recall_answer ( -- an exclusion that was asked; the latest answer counts, and a question without one is not known
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  recall_id   bigint NOT NULL,
  nominal_id  bigint NOT NULL,
  question    text NOT NULL CHECK (question IN ('charged-serious', 'charged', 'mappa-level', 'mappa-category-4', 'terrorism', 'schedule-19aa',
                'foreign-power', 'section-244zb', 'special-sentence', 'serious-harm')),
  answer      text NOT NULL CHECK (answer IN ('met', 'not met', '')), -- '' is not known
  evidence    text NOT NULL DEFAULT '',
  recorded_at timestamptz NOT NULL,
  recorded_by bigint NOT NULL REFERENCES account,
  CHECK (answer = '' OR evidence <> ''),
  FOREIGN KEY (recall_id, nominal_id) REFERENCES recall (id, nominal_id)
);
CREATE INDEX ON recall_answer (recall_id, question, id DESC);
CREATE INDEX ON recall_answer (nominal_id);
CALL append_only('recall_answer');
CALL protect('recall_answer');

CREATE TABLE recall_kind ( -- as PPCS decided it; the latest counts
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  recall_id   bigint NOT NULL,
  nominal_id  bigint NOT NULL,
  kind        text NOT NULL CHECK (kind IN ('fixed-term recall of 14 days', 'fixed-term recall of 28 days', 'fixed-term recall of 56 days', 'standard recall')),
  advised     text NOT NULL DEFAULT '',        -- what the law of the day came to, by the answers of then
  reason      text NOT NULL DEFAULT '',        -- needed where the two differ
  source      text NOT NULL,
  recorded_at timestamptz NOT NULL,
  recorded_by bigint NOT NULL REFERENCES account,
  CHECK (kind = advised OR reason <> ''),
  FOREIGN KEY (recall_id, nominal_id) REFERENCES recall (id, nominal_id)
);
CREATE INDEX ON recall_kind (recall_id, id DESC);
CREATE INDEX ON recall_kind (nominal_id);
CALL append_only('recall_kind');
CALL protect('recall_kind');

CREATE TABLE recall_return ( -- back in custody: the spell, which keeps its own day and release
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  recall_id   bigint NOT NULL,
  nominal_id  bigint NOT NULL,
  spell_id    bigint NOT NULL UNIQUE,
  recorded_at timestamptz NOT NULL,
  recorded_by bigint NOT NULL REFERENCES account,
  FOREIGN KEY (recall_id, nominal_id) REFERENCES recall (id, nominal_id),
  FOREIGN KEY (spell_id, nominal_id) REFERENCES custody_spell (id, nominal_id)
);
CREATE INDEX ON recall_return (recall_id);
CREATE INDEX ON recall_return (nominal_id);
CALL append_only('recall_return');
CALL protect('recall_return');

CALL limit_text();
