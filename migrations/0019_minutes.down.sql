DROP TABLE circulation_opening, circulation_recipient, circulation, minutes_correction, minutes_answer, minutes_return;
ALTER TABLE minutes_case DROP CONSTRAINT minutes_case_meeting_id_version_fkey;
ALTER TABLE minutes_case DROP CONSTRAINT minutes_case_pkey;
ALTER TABLE minutes_case DROP COLUMN version;
ALTER TABLE minutes_approval DROP CONSTRAINT minutes_approval_pkey;
ALTER TABLE minutes_approval DROP COLUMN version;
ALTER TABLE minutes_approval ADD PRIMARY KEY (meeting_id);
ALTER TABLE minutes_case ADD PRIMARY KEY (meeting_id, nominal_id);
ALTER TABLE minutes_case ADD CONSTRAINT minutes_case_meeting_id_fkey FOREIGN KEY (meeting_id) REFERENCES minutes_approval;
