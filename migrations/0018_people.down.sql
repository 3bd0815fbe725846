DROP POLICY guest_adding ON discussion_note;
CREATE POLICY guest_adding ON discussion_note FOR INSERT TO iom_app WITH CHECK (
  kind = 'contribution' AND recorded_by = (SELECT current_setting('app.account')::bigint)
  AND EXISTS (SELECT FROM nominal_access a WHERE a.nominal_id = discussion_note.nominal_id
    AND a.account_id = (SELECT current_setting('app.account')::bigint)
    AND a.starts <= (SELECT current_setting('app.now')::timestamptz)
    AND (a.ends IS NULL OR a.ends > (SELECT current_setting('app.now')::timestamptz))));
DROP TABLE confidentiality_acceptance;
DROP FUNCTION guest_signed(bigint, bigint, timestamptz);
CREATE FUNCTION guest_signed(p_meeting bigint, p_at timestamptz) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  UPDATE nominal_access a SET waits = false, starts = least(p_at, a.ends)
  WHERE a.kind = 'guest' AND a.waits AND a.account_id = current_setting('app.account')::bigint
    AND EXISTS (SELECT FROM confidentiality_signature g WHERE g.meeting_id = p_meeting AND g.account_id = a.account_id)
    AND EXISTS (SELECT FROM meeting_guest_case c WHERE c.meeting_id = p_meeting AND c.account_id = a.account_id AND c.nominal_id = a.nominal_id)
$$;
ALTER FUNCTION guest_signed(bigint, timestamptz) OWNER TO iom_finder;
REVOKE ALL ON FUNCTION guest_signed(bigint, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION guest_signed(bigint, timestamptz) TO iom_app;
-- Rows that the older shape cannot hold stop the step back.
ALTER TABLE confidentiality_signature
  DROP CONSTRAINT confidentiality_signature_whose_check,
  ADD CONSTRAINT confidentiality_signature_check CHECK (recorded_by = account_id),
  DROP COLUMN witnessed_by;
ALTER TABLE meeting_attendance
  DROP CONSTRAINT meeting_attendance_state_check,
  DROP CONSTRAINT meeting_attendance_times_check,
  DROP CONSTRAINT meeting_attendance_order_check,
  DROP CONSTRAINT meeting_attendance_instead_check,
  DROP COLUMN arrived, DROP COLUMN departed, DROP COLUMN instead_id, DROP COLUMN note,
  ADD CONSTRAINT meeting_attendance_state_check CHECK (state IN ('present', 'apologies', 'absent'));
DROP TABLE core_post_end, core_post;
