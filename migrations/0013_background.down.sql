DROP TABLE mail_again, mail_outcome, mail_try, mail_message;
REVOKE DELETE ON sign_in_failure, password_link, password_link_use FROM iom_jobs;
CREATE OR REPLACE FUNCTION actor_of(p_account bigint, p_today date)
RETURNS TABLE (account_id bigint, kind text, username text, name text, disabled boolean, must_change boolean, session_epoch bigint,
  grants jsonb, hidden bigint[])
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY SELECT c.id, c.kind, c.username, c.name, c.disabled_at IS NOT NULL, c.must_change_password, c.session_epoch,
    CASE WHEN c.kind = 'system' THEN
      jsonb_build_array(jsonb_build_object('role', 'system', 'agency', 0, 'area', 0, 'agency_name', '', 'area_name', '',
        'areas', coalesce((SELECT jsonb_agg(id ORDER BY id) FROM area), '[]')))
    ELSE coalesce((
      SELECT jsonb_agg(jsonb_build_object('role', g.role, 'agency', g.agency_id, 'area', g.area_id, 'agency_name', y.name, 'area_name', r.name,
          'whole', r.parent_id IS NULL,
          'areas', (SELECT jsonb_agg(u.under_id ORDER BY u.under_id) FROM area_under u WHERE u.area_id = g.area_id)) ORDER BY g.id)
      FROM access_grant g JOIN agency y ON y.id = g.agency_id JOIN area r ON r.id = g.area_id
      WHERE g.account_id = c.id AND g.revoked_at IS NULL AND g.valid_from <= p_today AND (g.valid_to IS NULL OR g.valid_to >= p_today)
        AND y.valid_from <= p_today AND (y.valid_to IS NULL OR y.valid_to >= p_today)), '[]') END,
    ARRAY(
      SELECT x.nominal_id FROM case_exclusion x WHERE x.account_id = c.id AND x.ended_at IS NULL
      UNION
      SELECT x.nominal_id FROM case_restriction x WHERE x.ended_at IS NULL AND c.kind = 'person' AND c.id <> ALL (x.named))
  FROM account c WHERE c.id = p_account;
END $$;
DROP TRIGGER worked ON area;
DROP FUNCTION area_worked();
-- The log names these accounts: they stay, as accounts that nothing uses.
ALTER TABLE account DROP CONSTRAINT account_username_check;
UPDATE account SET username = 'background.' || area_id WHERE area_id IS NOT NULL;
ALTER TABLE account ADD CONSTRAINT account_username_check CHECK (username = lower(username) AND username ~ '^[a-z0-9][a-z0-9._@-]{1,79}$');
ALTER TABLE account DROP COLUMN area_id;
DROP TABLE river_queue, river_leader, river_job;
DROP FUNCTION river_job_state_in_bitmask(bit, river_job_state);
DROP TYPE river_job_state;
