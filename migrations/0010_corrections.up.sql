-- A release entered in error is closed and the right one recorded: the same spell
-- then has two rows. One release at a time is held by the rule and its lock.
DROP INDEX custody_date_spell_id_idx;
CREATE INDEX custody_date_spell ON custody_date (spell_id, id DESC);
CREATE INDEX custody_move_spell ON custody_move (spell_id, moved_on DESC, id DESC);

-- The log of one nominal, newest first. The array operators are not leakproof, so
-- row-level security would keep the index on nominals from being used. The ids are
-- found here, a bounded number of them, and the rows are then read under the
-- policies of the log as ever.
CREATE POLICY finding ON log_event FOR SELECT TO iom_finder USING (true);
GRANT SELECT (id, nominals, listed, operation) ON log_event TO iom_finder;
CREATE FUNCTION log_of(p_nominal bigint, p_listed boolean, p_before bigint, p_limit int)
RETURNS TABLE (id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT e.id FROM log_event e
  WHERE e.nominals @> ARRAY[p_nominal] AND e.operation IN ('consult', 'disclose') AND e.listed = p_listed AND e.id < p_before
  ORDER BY e.id DESC LIMIT least(greatest(p_limit, 1), 500)
$$;
ALTER FUNCTION log_of(bigint, boolean, bigint, int) OWNER TO iom_finder;
REVOKE ALL ON FUNCTION log_of(bigint, boolean, bigint, int) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION log_of(bigint, boolean, bigint, int) TO iom_app;
