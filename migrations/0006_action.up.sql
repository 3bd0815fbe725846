-- Plans and actions (R73-R78).

CREATE TABLE plan_objective (
  id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  nominal_id      bigint NOT NULL,
  registration_id bigint NOT NULL,
  pathway         text NOT NULL,
  text            text NOT NULL CHECK (text <> ''),
  measure         text NOT NULL DEFAULT '',  -- how one will know (R76)
  recorded_at     timestamptz NOT NULL,
  recorded_by     bigint NOT NULL REFERENCES account,
  FOREIGN KEY (registration_id, nominal_id) REFERENCES registration (id, nominal_id),
  UNIQUE (id, nominal_id)
);
CREATE INDEX ON plan_objective (nominal_id);
CALL append_only('plan_objective');
CALL protect('plan_objective');

-- The action as it is now; what happened to it is appended to action_entry.
CREATE TABLE action (
  id               bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  nominal_id       bigint NOT NULL REFERENCES nominal,
  area_id          bigint NOT NULL REFERENCES area,
  registration_id  bigint,
  text             text NOT NULL CHECK (text <> ''),
  pathway          text NOT NULL,
  objective_id     bigint,
  meeting_id       bigint REFERENCES meeting,     -- where it was set; none: between meetings
  owner_agency_id  bigint NOT NULL REFERENCES agency,
  owner_account_id bigint REFERENCES account,     -- none: the agency has not yet named anybody
  due_on           date NOT NULL,
  carried          int NOT NULL DEFAULT 0 CHECK (carried >= 0), -- R74
  discharge_proposed boolean NOT NULL DEFAULT false,
  discharged_at    timestamptz,
  version          bigint NOT NULL DEFAULT 1,
  recorded_at      timestamptz NOT NULL,
  recorded_by      bigint NOT NULL REFERENCES account,
  UNIQUE (id, nominal_id),
  FOREIGN KEY (registration_id, nominal_id) REFERENCES registration (id, nominal_id),
  FOREIGN KEY (objective_id, nominal_id) REFERENCES plan_objective (id, nominal_id)
);
CREATE INDEX ON action (nominal_id);
CREATE INDEX action_open_due ON action (due_on, id) WHERE discharged_at IS NULL;
CREATE INDEX action_open_owner ON action (owner_account_id, due_on, id) WHERE discharged_at IS NULL;
CREATE INDEX action_open_agency ON action (owner_agency_id, due_on, id) WHERE discharged_at IS NULL;
CREATE INDEX action_proposed ON action (due_on, id) WHERE discharge_proposed;
CREATE INDEX action_done ON action (discharged_at DESC, id DESC) WHERE discharged_at IS NOT NULL;
CALL editable('action', 'owner_agency_id, owner_account_id, due_on, carried, discharge_proposed, discharged_at, version');
CALL protect('action');
-- The action lists run over whole areas: the area on the row answers before the
-- general rule is asked.
DO $$ BEGIN
  EXECUTE 'DROP POLICY reading ON action';
  EXECUTE format($p$CREATE POLICY reading ON action FOR SELECT TO iom_app, iom_jobs USING (
    nominal_id <> ALL ((SELECT current_setting('app.hidden')::bigint[])::bigint[])
    AND ((discharged_at IS NULL AND area_id = ANY ((SELECT current_setting('app.areas_casework')::bigint[])::bigint[]))
         OR (%s)))$p$, may_read('action', 'casework'));
END $$;

CREATE TABLE action_entry (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  action_id   bigint NOT NULL,
  nominal_id  bigint NOT NULL,
  kind        text NOT NULL CHECK (kind IN ('set', 'progress', 'discharge proposed', 'assigned', 'carried over', 'discharged')),
  text        text NOT NULL DEFAULT '',
  owner_agency_id  bigint REFERENCES agency,
  owner_account_id bigint REFERENCES account,
  due_on      date,
  meeting_id  bigint REFERENCES meeting,
  recorded_at timestamptz NOT NULL,
  recorded_by bigint NOT NULL REFERENCES account,
  FOREIGN KEY (action_id, nominal_id) REFERENCES action (id, nominal_id)
);
CREATE INDEX ON action_entry (action_id, id);
CREATE INDEX ON action_entry (nominal_id);
CREATE INDEX ON action_entry (meeting_id);
CALL append_only('action_entry');
CALL protect('action_entry');

CALL limit_text();
