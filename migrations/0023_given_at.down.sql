ALTER TABLE rag_rating DROP given_at_meeting_id;
