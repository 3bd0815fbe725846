-- What the agenda holds whoever reads it and whoever opens the meeting.

-- When something of interest was recorded last of people whom the caller may know, and
-- nothing of what it is: neither how much, nor by whom, nor in which category (R67).
-- The agenda is one for all who attend; who may not read intelligence finds the same
-- cases on it.
GRANT SELECT (id, nominal_id, recorded_at) ON intelligence TO iom_finder;
GRANT SELECT (fact, fact_id) ON fact_closed TO iom_finder;
CREATE POLICY finding ON intelligence FOR SELECT TO iom_finder USING (true);
CREATE POLICY finding ON fact_closed FOR SELECT TO iom_finder USING (true);
CREATE FUNCTION interest_recorded(p_nominals bigint[]) RETURNS TABLE (nominal_id bigint, at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT i.nominal_id, max(i.recorded_at) FROM intelligence i
  WHERE i.nominal_id = ANY (p_nominals) AND i.nominal_id <> ALL (current_setting('app.hidden')::bigint[])
    AND NOT EXISTS (SELECT FROM fact_closed f WHERE f.fact = 'intelligence' AND f.fact_id = i.id)
    AND EXISTS (SELECT FROM nominal_access a WHERE a.nominal_id = i.nominal_id AND (
      (a.kind = 'responsible' AND a.ends IS NULL AND a.area_id = ANY (current_setting('app.areas_casework')::bigint[]))
      OR (a.kind = 'guest' AND NOT a.waits AND a.account_id = current_setting('app.account')::bigint
        AND a.starts <= current_setting('app.now')::timestamptz AND (a.ends IS NULL OR a.ends > current_setting('app.now')::timestamptz))))
  GROUP BY i.nominal_id
$$;
ALTER FUNCTION interest_recorded(bigint[]) OWNER TO iom_finder;
REVOKE ALL ON FUNCTION interest_recorded(bigint[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION interest_recorded(bigint[]) TO iom_app, iom_jobs;

-- The cases of an agenda that whoever opens the meeting must not see, kept as the others
-- are: for the meeting that the caller opens now, and for nobody whom the caller may
-- see. It gives nothing back.
GRANT INSERT ON agenda_item TO iom_finder;
GRANT SELECT (meeting_id, recorded_at, recorded_by) ON meeting_opening TO iom_finder;
CREATE POLICY freezing ON agenda_item FOR INSERT TO iom_finder WITH CHECK (true);
CREATE FUNCTION freeze_hidden(p_meeting bigint, p_cases jsonb) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  INSERT INTO agenda_item (meeting_id, nominal_id, position, referral_id, registration_id, reasons, recorded_at, recorded_by)
  SELECT p_meeting, c.nominal, c.position, c.referral, c.registration, c.reasons, o.recorded_at, o.recorded_by
  FROM jsonb_to_recordset(p_cases) AS c(nominal bigint, position int, referral bigint, registration bigint, reasons jsonb)
  JOIN meeting_opening o ON o.meeting_id = p_meeting AND o.recorded_by = current_setting('app.account')::bigint
    AND o.recorded_at = current_setting('app.now')::timestamptz
  WHERE c.nominal = ANY (current_setting('app.hidden')::bigint[])
$$;
ALTER FUNCTION freeze_hidden(bigint, jsonb) OWNER TO iom_finder;
REVOKE ALL ON FUNCTION freeze_hidden(bigint, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION freeze_hidden(bigint, jsonb) TO iom_app;
