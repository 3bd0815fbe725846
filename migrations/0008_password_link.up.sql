-- Links with which somebody sets a password, and tries to sign in.

-- An administrator never sees or chooses a password: the link goes to the person,
-- works once and for a limited time. Only a hash of its token is kept. The latest
-- link of an account is the one that counts.
CREATE TABLE password_link (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  account_id  bigint NOT NULL REFERENCES account,
  token_hash  bytea NOT NULL UNIQUE,
  expires_at  timestamptz NOT NULL,
  recorded_at timestamptz NOT NULL,
  recorded_by bigint NOT NULL REFERENCES account
);
CREATE INDEX ON password_link (account_id, id DESC);
CALL append_only('password_link');
CREATE TABLE password_link_use (
  link_id     bigint PRIMARY KEY REFERENCES password_link,
  recorded_at timestamptz NOT NULL
);
CALL append_only('password_link_use');

-- A try is counted before the password is looked at, so that many tries at once
-- are counted too; the one that was right is then taken off. The name typed is
-- kept as a hash: people type passwords into that box.
ALTER TABLE sign_in_failure RENAME COLUMN username TO username_hash;
ALTER TABLE sign_in_failure ADD COLUMN succeeded_at timestamptz;
GRANT UPDATE (succeeded_at) ON sign_in_failure TO iom_app;

-- Whether an area holds or has held a case, and no more: an administrator sees no
-- case, and an area with cases cannot be divided.
CREATE FUNCTION area_in_use(p_area bigint) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT EXISTS (SELECT FROM nominal_access a WHERE a.area_id = p_area)
$$;
ALTER FUNCTION area_in_use(bigint) OWNER TO iom_finder;
REVOKE ALL ON FUNCTION area_in_use(bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION area_in_use(bigint) TO iom_app, iom_jobs;

CALL limit_text();
