-- A form that was sent after its session had ended waits here, sealed, until its
-- sender has signed in again. The key is in a cookie of the browser it was sent
-- from and nowhere else: neither the row nor a backup of it can be read. One row
-- is shown once, within the hour (docs/adr/0009).
CREATE TABLE unsent_form (
  id         uuid PRIMARY KEY,
  browser    bytea NOT NULL CHECK (octet_length(browser) = 32), -- made from that key, which cannot be found from it
  account_id bigint NOT NULL REFERENCES account,
  sealed     bytea NOT NULL CHECK (octet_length(sealed) <= 1100000),
  expires_at timestamptz NOT NULL
);
CREATE INDEX ON unsent_form (account_id);
CREATE INDEX ON unsent_form (browser);
CREATE INDEX ON unsent_form (expires_at);
GRANT SELECT, INSERT, DELETE ON unsent_form TO iom_sessions;
GRANT SELECT ON unsent_form TO iom_backup;
