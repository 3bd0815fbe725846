-- What the room of a meeting still lacked.

-- When a meeting ends, on the day on which it starts. None: planned by a program that
-- did not ask; it takes what its kind usually takes.
ALTER TABLE meeting ADD ends text CHECK (ends ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'), ADD CONSTRAINT meeting_ends_after CHECK (ends > starts);
ALTER TABLE meeting_series_terms ADD ends text CHECK (ends ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'), ADD CONSTRAINT meeting_series_ends_after CHECK (ends > starts);
ALTER TABLE meeting_change ADD ends text;
GRANT UPDATE (ends) ON meeting TO iom_app, iom_jobs;

CALL limit_text();
