-- The scheme: areas, agencies, people who sign in, their grants, the log.
-- Roles of Postgres are made before the first migration; here they are only granted to.

-- append_only and editable are how a table says what the application may do to
-- it. History is append_only: no UPDATE, no DELETE, for anybody but the owner.
CREATE PROCEDURE append_only(tab regclass) LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('GRANT SELECT, INSERT ON %s TO iom_app, iom_jobs', tab);
  EXECUTE format('GRANT SELECT ON %s TO iom_backup', tab);
END $$;

CREATE PROCEDURE editable(tab regclass, cols text) LANGUAGE plpgsql AS $$
BEGIN
  CALL append_only(tab);
  EXECUTE format('GRANT UPDATE (%s) ON %s TO iom_app, iom_jobs', cols, tab);
END $$;

-- limit_text gives every text column that has none a limit of 20,000 characters,
-- so that no form can be forgotten.
CREATE PROCEDURE limit_text() LANGUAGE plpgsql AS $$
DECLARE c record;
BEGIN
  FOR c IN
    SELECT a.attrelid::regclass AS tab, a.attname AS col, t.relname || '_' || a.attname || '_fits' AS con
    FROM pg_attribute a JOIN pg_class t ON t.oid = a.attrelid
    WHERE t.relnamespace = 'public'::regnamespace AND t.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
      AND a.atttypid = 'text'::regtype AND t.relname <> 'schema_migrations'
      AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conrelid = t.oid AND k.conname = t.relname || '_' || a.attname || '_fits')
  LOOP
    EXECUTE format('ALTER TABLE %s ADD CONSTRAINT %I CHECK (length(%I) <= 20000)', c.tab, left(c.con, 63), c.col);
  END LOOP;
END $$;
REVOKE ALL ON PROCEDURE append_only(regclass), editable(regclass, text), limit_text() FROM PUBLIC;

CREATE TABLE area (
  id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  parent_id bigint REFERENCES area,
  kind      text NOT NULL CHECK (kind IN ('force', 'area', 'hub')),
  name      text NOT NULL CHECK (name <> ''),
  recorded_at timestamptz NOT NULL,
  recorded_by bigint NOT NULL,
  UNIQUE (name),
  CHECK ((kind = 'force') = (parent_id IS NULL)) -- R183: force > area > hub
);
CALL append_only('area');

-- area_under pairs each area with itself and every area below it.
CREATE TABLE area_under (
  area_id  bigint NOT NULL REFERENCES area,
  under_id bigint NOT NULL REFERENCES area,
  leaf     boolean NOT NULL,
  PRIMARY KEY (area_id, under_id)
);
CREATE FUNCTION area_placed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE area_under SET leaf = false WHERE under_id = NEW.parent_id;
  INSERT INTO area_under SELECT u.area_id, NEW.id, true FROM area_under u WHERE u.under_id = NEW.parent_id;
  INSERT INTO area_under VALUES (NEW.id, NEW.id, true);
  RETURN NULL;
END $$;
CREATE TRIGGER placed AFTER INSERT ON area FOR EACH ROW EXECUTE FUNCTION area_placed();
CALL append_only('area_under');
GRANT UPDATE (leaf) ON area_under TO iom_app;

-- The guide leaves some things open: each area chooses, and the choice is dated.
CREATE TABLE area_setting (
  id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  area_id bigint NOT NULL REFERENCES area,
  key     text NOT NULL,
  value   text NOT NULL,
  recorded_at timestamptz NOT NULL,
  recorded_by bigint NOT NULL
);
CREATE INDEX ON area_setting (area_id, key, id DESC);
CALL append_only('area_setting');

-- Agencies come and go (R154, R203): they are data with dates.
CREATE TABLE agency (
  id    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name  text NOT NULL CHECK (name <> ''),
  kind  text NOT NULL CHECK (kind IN ('police', 'probation', 'council', 'housing', 'substance misuse', 'health', 'mental health',
          'youth', 'social services', 'employment', 'prison', 'voluntary', 'court', 'victims', 'governance', 'other')),
  valid_from date NOT NULL,
  valid_to   date,
  recorded_at timestamptz NOT NULL,
  recorded_by bigint NOT NULL,
  version bigint NOT NULL DEFAULT 1,
  CHECK (valid_to IS NULL OR valid_to >= valid_from)
);
CREATE UNIQUE INDEX agency_name ON agency (lower(name)) WHERE valid_to IS NULL;
CALL editable('agency', 'valid_to, version');

CREATE TABLE account (
  id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  kind     text NOT NULL CHECK (kind IN ('person', 'system')),
  username text NOT NULL CHECK (username = lower(username) AND username ~ '^[a-z0-9][a-z0-9._@-]{1,79}$'),
  name     text NOT NULL CHECK (name <> '' AND length(name) <= 200),
  email    text NOT NULL DEFAULT '',
  telephone text NOT NULL DEFAULT '',
  password_hash text NOT NULL DEFAULT '',  -- argon2id, PHC string; empty cannot sign in
  must_change_password boolean NOT NULL DEFAULT false,
  disabled_at timestamptz,
  session_epoch bigint NOT NULL DEFAULT 1, -- raised to end all sessions at once
  recorded_at timestamptz NOT NULL,
  recorded_by bigint NOT NULL,
  version bigint NOT NULL DEFAULT 1,
  UNIQUE (username)
);
CALL editable('account', 'name, email, telephone, password_hash, must_change_password, disabled_at, session_epoch, version');

-- A grant is role x agency x area x dates (R157, R183). It is ended, never removed.
CREATE TABLE access_grant (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  account_id bigint NOT NULL REFERENCES account,
  role       text NOT NULL CHECK (role IN ('coordinator', 'chair', 'police', 'probation', 'partner', 'guest', 'analyst', 'auditor', 'administrator')),
  agency_id  bigint NOT NULL REFERENCES agency,
  area_id    bigint NOT NULL REFERENCES area,
  valid_from date NOT NULL,
  valid_to   date,                       -- last day, inclusive
  revoked_at timestamptz,
  revoked_by bigint REFERENCES account,
  recorded_at timestamptz NOT NULL,
  recorded_by bigint NOT NULL REFERENCES account,
  CHECK (valid_to IS NULL OR valid_to >= valid_from),
  CHECK ((revoked_at IS NULL) = (revoked_by IS NULL)),
  CHECK (account_id <> recorded_by)      -- nobody grants themselves anything (ASVS 8.2.2)
);
CREATE INDEX ON access_grant (account_id);
CALL editable('access_grant', 'revoked_at, revoked_by');

-- The application's own hand: command line, demonstration, background work.
INSERT INTO account (kind, username, name, recorded_at, recorded_by) VALUES ('system', 'iom', 'IOM casework itself', 'epoch', 1);
ALTER TABLE account ADD FOREIGN KEY (recorded_by) REFERENCES account;
ALTER TABLE area ADD FOREIGN KEY (recorded_by) REFERENCES account;
ALTER TABLE area_setting ADD FOREIGN KEY (recorded_by) REFERENCES account;
ALTER TABLE agency ADD FOREIGN KEY (recorded_by) REFERENCES account;

-- Signing in. Only a hash of a session's token is kept (ASVS 3.3). An ended
-- session leaves its row as a tombstone, so that a slow request cannot bring it back.
CREATE TABLE session (
  token_hash bytea PRIMARY KEY,
  data       bytea NOT NULL,
  expires_at timestamptz NOT NULL,
  ended_at   timestamptz
);
CREATE INDEX ON session (expires_at);
GRANT SELECT, INSERT, UPDATE, DELETE ON session TO iom_sessions;
GRANT SELECT ON session TO iom_backup;

-- Failed tries, counted for each account and device and for each source (ASVS 6.1.1).
CREATE TABLE sign_in_failure (
  id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  username text NOT NULL,
  device   bytea,
  source   text NOT NULL,
  at       timestamptz NOT NULL
);
CREATE INDEX ON sign_in_failure (username, at);
CREATE INDEX ON sign_in_failure (source, at);
CALL append_only('sign_in_failure');
-- A device from which the account has signed in before is never locked out by others.
CREATE TABLE known_device (
  account_id  bigint NOT NULL REFERENCES account,
  device_hash bytea NOT NULL,
  recorded_at timestamptz NOT NULL,
  PRIMARY KEY (account_id, device_hash)
);
CALL append_only('known_device');

-- Each form carries a key that works once; a repeat is answered with the first result.
CREATE TABLE form_use (
  account_id bigint NOT NULL REFERENCES account,
  form text NOT NULL,
  key  uuid NOT NULL,
  result jsonb NOT NULL DEFAULT 'null',
  recorded_at timestamptz NOT NULL,
  PRIMARY KEY (account_id, form, key)
);
CALL editable('form_use', 'result');

-- The log: the six legal operations of DPA 2018 s62. Names of fields, never their values.
CREATE TABLE log_event (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at         timestamptz NOT NULL,
  account_id bigint NOT NULL REFERENCES account,
  operation  text NOT NULL CHECK (operation IN ('collect', 'consult', 'alter', 'disclose', 'combine', 'erase')),
  command    text NOT NULL,               -- what was done, as "referral.submit"
  area_id    bigint REFERENCES area,      -- of the record; none for a page over several areas
  nominals   bigint[] NOT NULL DEFAULT '{}', -- whom it was about
  listed     boolean NOT NULL DEFAULT false, -- seen in a list, not opened
  object     text NOT NULL DEFAULT '',
  object_id  bigint,
  fields     text[] NOT NULL DEFAULT '{}',
  reason     text NOT NULL DEFAULT '',
  outcome    text NOT NULL DEFAULT 'done' CHECK (outcome IN ('done', 'refused')),
  request    text NOT NULL DEFAULT '',
  xid        xid8 NOT NULL DEFAULT pg_current_xact_id() -- for sealing in the order of commit
);
CREATE INDEX ON log_event USING gin (nominals);
CREATE INDEX ON log_event (account_id, id);
CREATE INDEX ON log_event (at);
GRANT INSERT ON log_event TO iom_app, iom_jobs;
GRANT SELECT ON log_event TO iom_app, iom_auditor, iom_backup, iom_sealer;
GRANT SELECT (id, kind, username, name) ON account TO iom_auditor;
GRANT SELECT ON area, area_under, agency, access_grant TO iom_auditor, iom_backup;

CALL limit_text();
