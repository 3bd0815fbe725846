DROP FUNCTION search_people(text, date, text, text, text, text, text, text, int);
DROP FUNCTION find_people(text, date, text, text, int);
DROP INDEX nominal_identity_crn_idx, nominal_identity_prison_number_idx, nominal_address_postcode_idx, nominal_phone_regexp_replace_idx;
DROP POLICY finding ON nominal_address;
DROP POLICY finding ON nominal_phone;
DROP POLICY finding ON registration;
DROP POLICY finding ON referral;
DROP POLICY finding ON referral_withdrawal;
DROP POLICY finding ON referral_decision;
REVOKE ALL ON nominal_address, nominal_phone FROM iom_finder;
REVOKE SELECT (id, nominal_id, area_id, ended_at) ON registration FROM iom_finder;
REVOKE SELECT (id, nominal_id, area_id) ON referral FROM iom_finder;
REVOKE SELECT (referral_id) ON referral_withdrawal FROM iom_finder;
REVOKE SELECT (referral_id, outcome) ON referral_decision FROM iom_finder;
CREATE FUNCTION find_people(p_name text, p_born date, p_pncid text, p_urn text, p_limit int)
RETURNS TABLE (nominal_id bigint, family_name text, given_names text, born date, pncid text, urn text, area_id bigint, area text, kind text, score real)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  WITH hit AS (
    SELECT i.nominal_id, 1.0::real AS score FROM nominal_identity i WHERE p_pncid <> '' AND i.pncid = p_pncid
    UNION ALL SELECT i.nominal_id, 1.0 FROM nominal_identity i WHERE p_urn <> '' AND upper(i.urn) = upper(p_urn)
    UNION ALL SELECT i.nominal_id, 0.5 + similarity(lower(i.family_name || ' ' || i.given_names), lower(p_name)) / 2
      FROM nominal_identity i WHERE p_born IS NOT NULL AND i.born = p_born
    UNION ALL SELECT i.nominal_id, similarity(lower(i.family_name || ' ' || i.given_names), lower(p_name))
      FROM nominal_identity i WHERE p_name <> '' AND lower(i.family_name || ' ' || i.given_names) % lower(p_name)
    UNION ALL SELECT a.nominal_id, similarity(lower(a.name), lower(p_name))
      FROM nominal_alias a WHERE p_name <> '' AND lower(a.name) % lower(p_name)
  ), best AS (
    SELECT h.nominal_id, max(h.score) AS score FROM hit h
    WHERE h.nominal_id <> ALL (current_setting('app.hidden')::bigint[])
    GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT least(greatest(p_limit, 1), 50)
  )
  SELECT b.nominal_id, i.family_name, i.given_names, i.born, i.pncid, i.urn, n.area_id, n.name, coalesce(n.kind, ''), b.score
  FROM best b
  CROSS JOIN LATERAL (SELECT * FROM nominal_identity x WHERE x.nominal_id = b.nominal_id ORDER BY x.id DESC LIMIT 1) i
  LEFT JOIN LATERAL (
    SELECT a.area_id, r.name, a.kind FROM nominal_access a JOIN area r ON r.id = a.area_id
    WHERE a.nominal_id = b.nominal_id AND a.ends IS NULL AND a.kind <> 'guest'
    ORDER BY a.kind = 'responsible' DESC, a.id DESC LIMIT 1) n ON true
  ORDER BY b.score DESC, b.nominal_id
$$;
ALTER FUNCTION find_people(text, date, text, text, int) OWNER TO iom_finder;
REVOKE ALL ON FUNCTION find_people(text, date, text, text, int) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION find_people(text, date, text, text, int) TO iom_app, iom_jobs;
