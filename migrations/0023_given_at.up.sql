-- A rating given at a practitioners' meeting is one between meetings, which the next
-- Referral and Operational meeting ratifies (R50, R53): at which one it was given.
ALTER TABLE rag_rating ADD given_at_meeting_id bigint REFERENCES meeting,
  ADD CHECK (given_at_meeting_id IS NULL OR meeting_id IS NULL);
CREATE INDEX ON rag_rating (given_at_meeting_id) WHERE given_at_meeting_id IS NOT NULL;
