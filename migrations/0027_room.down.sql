DROP TABLE display_code_use;
DROP TABLE display_code;
DROP FUNCTION guests_moved(bigint, timestamptz);
REVOKE SELECT (id, meeting_id, held_on, recorded_at, recorded_by) ON meeting_change FROM iom_finder;
REVOKE SELECT (id, held_on) ON meeting FROM iom_finder;
ALTER TABLE meeting_change DROP ends;
ALTER TABLE meeting_series_terms DROP ends;
ALTER TABLE meeting DROP ends;
