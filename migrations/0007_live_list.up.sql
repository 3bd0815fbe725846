-- The live list: one summary row for each current registration, recomputed in the
-- transaction that changed what it sums up. What depends on the day (overdue, visit
-- late, age, and whether a PRISON case is on the custody tab still: until 12 weeks
-- before release, R117) is worked out from these dates when the list is read, so
-- that no job has to run overnight.

CREATE TABLE live_list (
  registration_id bigint PRIMARY KEY,
  nominal_id      bigint NOT NULL,
  area_id         bigint NOT NULL REFERENCES area,
  rating          text NOT NULL,
  rating_rank     int NOT NULL,                 -- RED ALERT 1 … PRISON 5
  rated_on        date NOT NULL,
  ratified        boolean NOT NULL,
  sort_name       text NOT NULL,                -- lower case, family name first
  family_name     text NOT NULL,
  given_names     text NOT NULL,
  born            date,
  warnings        text[] NOT NULL,
  lead_account_id bigint,
  lead_name       text NOT NULL,
  lead_agency_id  bigint,
  lead_agency     text NOT NULL,
  status          text NOT NULL,                -- statutory status
  status_ends_on  date,                         -- licence or order end
  prison          text NOT NULL,                -- name; empty in the community
  release_on      date,
  mappa_level     int NOT NULL,                 -- 0: none
  group_ids       bigint[] NOT NULL,            -- priority groups, also those that have ended since
  registered_on   date NOT NULL,
  reviewed_on     date,                         -- last RAG review at a meeting
  review_due_on   date,                         -- none at GREEN and PRISON: the guide sets no limit
  open_actions    int NOT NULL,
  action_dues     date[] NOT NULL,              -- due dates of the open actions, earliest first
  next_action_due date,
  last_contact_on date,
  last_visit_on   date,
  visit_due_on    date,                         -- by the standard of the rating (R42, R44, R47); none in prison or wanted
  deregistration_proposed boolean NOT NULL,
  adoption_missing int NOT NULL,                -- adoption lines not yet done (R32)
  FOREIGN KEY (registration_id, nominal_id) REFERENCES registration (id, nominal_id)
);
-- One index for each order in which the page can be sorted. Read backwards it
-- gives the opposite order, except where a column may be empty: what is not known
-- comes last both ways (a person with no contact at all comes first).
CREATE INDEX live_list_name    ON live_list (sort_name, registration_id);
CREATE INDEX live_list_rating  ON live_list (rating_rank, sort_name, registration_id);
CREATE INDEX live_list_lead    ON live_list (lead_name, registration_id);
CREATE INDEX live_list_led     ON live_list (lead_account_id, rating_rank, sort_name, registration_id); -- one worker's own cases
CREATE INDEX live_list_review  ON live_list (review_due_on, registration_id);
CREATE INDEX live_list_review_latest  ON live_list (review_due_on DESC NULLS LAST, registration_id DESC);
CREATE INDEX live_list_contact ON live_list (last_contact_on NULLS FIRST, registration_id);
CREATE INDEX live_list_actions  ON live_list (next_action_due, registration_id);
CREATE INDEX live_list_actions_latest  ON live_list (next_action_due DESC NULLS LAST, registration_id DESC);
CREATE INDEX live_list_visit   ON live_list (visit_due_on, registration_id);
CREATE INDEX live_list_visit_latest   ON live_list (visit_due_on DESC NULLS LAST, registration_id DESC);
CREATE INDEX live_list_release ON live_list (release_on, registration_id);
CREATE INDEX live_list_release_latest ON live_list (release_on DESC NULLS LAST, registration_id DESC);
CREATE INDEX live_list_status  ON live_list (status_ends_on, registration_id);
CREATE INDEX live_list_status_latest  ON live_list (status_ends_on DESC NULLS LAST, registration_id DESC);
-- What the home page looks for among many that need nothing.
CREATE INDEX live_list_unratified ON live_list (rated_on) WHERE NOT ratified;
CREATE INDEX live_list_incomplete ON live_list (registered_on) WHERE adoption_missing > 0;
CREATE INDEX ON live_list (nominal_id);
CREATE INDEX ON live_list (area_id, rating_rank, release_on) INCLUDE (nominal_id); -- to count the tabs
GRANT SELECT, INSERT, UPDATE, DELETE ON live_list TO iom_app, iom_jobs;
GRANT SELECT ON live_list TO iom_backup;
ALTER TABLE live_list ENABLE ROW LEVEL SECURITY;
ALTER TABLE live_list FORCE ROW LEVEL SECURITY;
-- The settings are turned into arrays inside the subselect, once for each
-- statement: outside it they would be read anew for each row.
CREATE POLICY reading ON live_list FOR SELECT TO iom_app, iom_jobs USING (
  nominal_id <> ALL ((SELECT current_setting('app.hidden')::bigint[])::bigint[])
  AND (area_id = ANY ((SELECT current_setting('app.areas_casework')::bigint[])::bigint[])
       OR nominal_id = ANY (ARRAY(
         SELECT a.nominal_id FROM nominal_access a
         WHERE a.account_id = (SELECT current_setting('app.account')::bigint)::bigint
           AND a.starts <= (SELECT current_setting('app.now')::timestamptz)::timestamptz
           AND (a.ends IS NULL OR a.ends > (SELECT current_setting('app.now')::timestamptz)::timestamptz)))));
CREATE POLICY adding ON live_list FOR INSERT TO iom_app, iom_jobs WITH CHECK (
  area_id = ANY ((SELECT current_setting('app.areas_casework')::bigint[])::bigint[]));
CREATE POLICY changing ON live_list FOR UPDATE TO iom_app, iom_jobs USING (
  area_id = ANY ((SELECT current_setting('app.areas_casework')::bigint[])::bigint[]));
CREATE POLICY removing ON live_list FOR DELETE TO iom_app, iom_jobs USING (
  area_id = ANY ((SELECT current_setting('app.areas_casework')::bigint[])::bigint[]));
CREATE POLICY backing_up ON live_list FOR SELECT TO iom_backup USING (true);
COMMENT ON TABLE live_list IS 'category: casework';

CALL limit_text();
