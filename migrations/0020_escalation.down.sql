DROP TABLE planned_contact_end, planned_contact;
ALTER TABLE contact DROP CONSTRAINT contact_id_nominal_id_key;
DROP TABLE escalation_entry, escalation;
