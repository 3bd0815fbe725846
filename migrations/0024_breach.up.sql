-- Breaches of a licence, of supervision and of orders, each step a row of its own (R142-R148, R178).

-- A missed contact may be the breach.
ALTER TABLE contact ADD CONSTRAINT contact_of_nominal UNIQUE (id, nominal_id);
ALTER TABLE sentence ADD CONSTRAINT sentence_of_kind UNIQUE (id, nominal_id, kind);

CREATE TABLE breach (
  id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  nominal_id    bigint NOT NULL,
  sentence_id   bigint NOT NULL,
  of_what       text NOT NULL CHECK (of_what IN ('licence', 'post-sentence supervision', 'community order', 'suspended sentence order')),
  sentence_kind text NOT NULL GENERATED ALWAYS AS (CASE of_what WHEN 'community order' THEN 'community order'
                  WHEN 'suspended sentence order' THEN 'suspended sentence' ELSE 'custody' END) STORED,
  type          text NOT NULL CHECK (type IN ('curfew', 'appointment', 'offending', 'other requirement')), -- how it was broken (R178)
  breached_on   date NOT NULL,                 -- first day, by which it is counted (R179)
  what          text NOT NULL CHECK (what <> ''),
  contact_id    bigint,                        -- the appointment that was missed or left early (R142)
  order_id      bigint,                        -- the hearing whose supervision default order was broken (R147)
  source        text NOT NULL,
  recorded_at   timestamptz NOT NULL,
  recorded_by   bigint NOT NULL REFERENCES account,
  UNIQUE (id, nominal_id, of_what),
  CONSTRAINT breach_of_appointment CHECK (contact_id IS NULL OR type = 'appointment'),
  CONSTRAINT breach_of_order CHECK (order_id IS NULL OR of_what = 'post-sentence supervision'),
  -- Only breaches that began before the repeal are kept (Sentencing Act 2026 section 34(5)).
  CONSTRAINT breach_before_the_repeal CHECK (of_what <> 'post-sentence supervision' OR breached_on < '2026-05-11'),
  FOREIGN KEY (sentence_id, nominal_id, sentence_kind) REFERENCES sentence (id, nominal_id, kind),
  FOREIGN KEY (contact_id, nominal_id) REFERENCES contact (id, nominal_id)
);
CREATE INDEX ON breach (nominal_id, breached_on DESC);
CREATE INDEX ON breach (breached_on);
CALL append_only('breach');
CALL protect('breach');

CREATE TABLE breach_step ( -- what became of it
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  breach_id   bigint NOT NULL,
  nominal_id  bigint NOT NULL,
  of_what     text NOT NULL,
  step        text NOT NULL,
  happened_on date NOT NULL,
  listed_on   date,                            -- the hearing to come
  outcome     text NOT NULL DEFAULT '' CHECK (outcome IN ('', 'dismissed', 'order continues', 'order amended', 'order revoked and resentenced',
                'suspended sentence activated')),
  recall_id   bigint,
  cause_id    bigint,                          -- the hearing that revoked this order (R147)
  note        text NOT NULL DEFAULT '',
  source      text NOT NULL,
  recorded_at timestamptz NOT NULL,
  recorded_by bigint NOT NULL REFERENCES account,
  UNIQUE (id, nominal_id),
  CONSTRAINT breach_step_of CHECK (CASE of_what
    WHEN 'licence' THEN step IN ('warning', 'recall decided', 'no further action')
    WHEN 'post-sentence supervision' THEN step IN ('warning', 'information laid', 'hearing listed', 'heard', 'order completed', 'order revoked', 'no further action')
    ELSE step IN ('warning', 'breach proceedings', 'hearing listed', 'court outcome', 'no further action') END),
  CONSTRAINT breach_step_listed CHECK (listed_on IS NULL OR step IN ('information laid', 'breach proceedings', 'hearing listed') AND listed_on >= happened_on),
  CONSTRAINT breach_step_lists CHECK (step <> 'hearing listed' OR listed_on IS NOT NULL),
  CONSTRAINT breach_step_decided CHECK ((step = 'court outcome') = (outcome <> '')),
  CONSTRAINT breach_step_activated CHECK (outcome <> 'suspended sentence activated' OR of_what = 'suspended sentence order'),
  CONSTRAINT breach_step_recalled CHECK (recall_id IS NULL OR step = 'recall decided'),
  CONSTRAINT breach_step_revoked CHECK ((step = 'order revoked') = (cause_id IS NOT NULL)),
  CONSTRAINT breach_step_said CHECK (step <> 'no further action' OR note <> ''),
  FOREIGN KEY (breach_id, nominal_id, of_what) REFERENCES breach (id, nominal_id, of_what),
  FOREIGN KEY (recall_id, nominal_id) REFERENCES recall (id, nominal_id),
  FOREIGN KEY (cause_id, nominal_id) REFERENCES breach_step (id, nominal_id)
);
CREATE INDEX ON breach_step (breach_id);
CREATE INDEX ON breach_step (nominal_id);
CALL append_only('breach_step');
CALL protect('breach_step');

CREATE TABLE breach_hearing ( -- what the magistrates' court made of a breach of supervision: one finding and at most one sanction (R144-R146)
  step_id        bigint PRIMARY KEY,
  nominal_id     bigint NOT NULL,
  finding        text NOT NULL CHECK (finding IN ('no breach: complied', 'no breach: reasonable excuse', 'breach without reasonable excuse')),
  sanction       text NOT NULL DEFAULT '' CHECK (sanction IN ('', 'no action', 'no action, and a recommendation to vary the requirements', 'fine',
                   'committal to prison', 'supervision default order: unpaid work', 'supervision default order: electronically monitored curfew')),
  fine_pence     int CONSTRAINT breach_fine CHECK (fine_pence BETWEEN 1 AND 100000),
  committal_days int CONSTRAINT breach_committal CHECK (committal_days BETWEEN 1 AND 14),
  unpaid_hours   int CONSTRAINT breach_unpaid_work CHECK (unpaid_hours BETWEEN 20 AND 60),
  curfew_days    int CONSTRAINT breach_curfew CHECK (curfew_days >= 20),
  order_ends_on  date,                         -- last day of a supervision default order
  absconded      boolean NOT NULL,             -- and so was brought to court after the end of supervision (R148)
  recorded_at    timestamptz NOT NULL,
  recorded_by    bigint NOT NULL REFERENCES account,
  UNIQUE (step_id, nominal_id),
  CONSTRAINT breach_sanctioned CHECK ((finding = 'breach without reasonable excuse') = (sanction <> '')),
  CONSTRAINT breach_one_sanction CHECK ((sanction = 'fine') = (fine_pence IS NOT NULL)
    AND (sanction = 'committal to prison') = (committal_days IS NOT NULL)
    AND (sanction = 'supervision default order: unpaid work') = (unpaid_hours IS NOT NULL)
    AND (sanction = 'supervision default order: electronically monitored curfew') = (curfew_days IS NOT NULL)
    AND (unpaid_hours IS NOT NULL OR curfew_days IS NOT NULL) = (order_ends_on IS NOT NULL)),
  FOREIGN KEY (step_id, nominal_id) REFERENCES breach_step (id, nominal_id)
);
CREATE INDEX ON breach_hearing (nominal_id);
CALL append_only('breach_hearing');
CALL protect('breach_hearing');

ALTER TABLE breach ADD CONSTRAINT breach_order FOREIGN KEY (order_id, nominal_id) REFERENCES breach_hearing (step_id, nominal_id);

-- What ended on a day can still turn out never to have been so: that is a second closing.
ALTER TABLE fact_closed DROP CONSTRAINT fact_closed_pkey, ADD PRIMARY KEY (fact, fact_id, how);

CALL limit_text();
