DROP INDEX live_list_agency;
-- Similarity of whole names again.
CREATE INDEX ON nominal_identity USING gin (lower(family_name || ' ' || given_names) gin_trgm_ops);
CREATE INDEX ON nominal_alias USING gin (lower(name) gin_trgm_ops);
CREATE OR REPLACE FUNCTION find_people(p_name text, p_born date, p_pncid text, p_urn text, p_limit int)
RETURNS TABLE (nominal_id bigint, family_name text, given_names text, born date, pncid text, urn text, area_id bigint, area text, kind text, score real)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  WITH hit AS (
    SELECT i.nominal_id, 1.0::real AS score FROM nominal_identity i WHERE p_pncid <> '' AND i.pncid = p_pncid
    UNION ALL SELECT i.nominal_id, 1.0 FROM nominal_identity i WHERE p_urn <> '' AND upper(i.urn) = upper(p_urn)
    UNION ALL SELECT i.nominal_id, 0.5 + similarity(lower(i.family_name || ' ' || i.given_names), lower(p_name)) / 2
      FROM nominal_identity i WHERE p_born IS NOT NULL AND i.born = p_born
    UNION ALL SELECT i.nominal_id, similarity(lower(i.family_name || ' ' || i.given_names), lower(p_name))
      FROM nominal_identity i WHERE p_name <> '' AND lower(i.family_name || ' ' || i.given_names) % lower(p_name)
    -- A name within a longer one: Bloggs in Bloggs-Smith.
    UNION ALL SELECT i.nominal_id, 0.8 * word_similarity(lower(p_name), lower(i.family_name || ' ' || i.given_names))
      FROM nominal_identity i WHERE p_name <> '' AND lower(p_name) <% lower(i.family_name || ' ' || i.given_names)
    UNION ALL SELECT a.nominal_id, similarity(lower(a.name), lower(p_name))
      FROM nominal_alias a WHERE p_name <> '' AND lower(a.name) % lower(p_name)
  ), best AS (
    SELECT h.nominal_id, max(h.score) AS score FROM hit h
    WHERE h.nominal_id <> ALL (current_setting('app.hidden')::bigint[])
    GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT least(greatest(p_limit, 1), 50)
  )
  SELECT b.nominal_id, i.family_name, i.given_names, i.born, i.pncid, i.urn, n.area_id, r.name, coalesce(n.kind, ''), b.score
  FROM best b
  CROSS JOIN LATERAL (SELECT * FROM nominal_identity x WHERE x.nominal_id = b.nominal_id ORDER BY x.id DESC LIMIT 1) i
  LEFT JOIN LATERAL (
    SELECT x.area_id, x.kind FROM (
      SELECT g.area_id, 'responsible' AS kind, 1 AS rank, g.id FROM registration g WHERE g.nominal_id = b.nominal_id AND g.ended_at IS NULL
      UNION ALL
      SELECT f.area_id, 'referral', 2, f.id FROM referral f WHERE f.nominal_id = b.nominal_id
        AND NOT EXISTS (SELECT FROM referral_withdrawal w WHERE w.referral_id = f.id)
        AND NOT EXISTS (SELECT FROM referral_decision d WHERE d.referral_id = f.id AND d.outcome <> 'deferred')
      UNION ALL
      SELECT a.area_id, 'known', 3, a.id FROM nominal_access a WHERE a.nominal_id = b.nominal_id AND a.ends IS NULL AND a.kind <> 'guest') x
    ORDER BY x.rank, x.id DESC LIMIT 1) n ON true
  LEFT JOIN area r ON r.id = n.area_id
  ORDER BY b.score DESC, b.nominal_id
$$;

CREATE OR REPLACE FUNCTION search_people(p_name text, p_born date, p_pncid text, p_urn text, p_crn text, p_prison text, p_postcode text, p_phone text, p_limit int)
RETURNS TABLE (nominal_id bigint, score real)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  WITH hit AS (
    SELECT i.nominal_id, i.recorded_at, 1.0::real AS score FROM nominal_identity i WHERE p_pncid <> '' AND i.pncid = p_pncid
    UNION ALL SELECT i.nominal_id, i.recorded_at, 1.0 FROM nominal_identity i WHERE p_urn <> '' AND i.urn <> '' AND upper(i.urn) = upper(p_urn)
    UNION ALL SELECT i.nominal_id, i.recorded_at, 1.0 FROM nominal_identity i WHERE p_crn <> '' AND i.crn = p_crn
    UNION ALL SELECT i.nominal_id, i.recorded_at, 1.0 FROM nominal_identity i WHERE p_prison <> '' AND i.prison_number = p_prison
    UNION ALL SELECT a.nominal_id, a.recorded_at, 1.0 FROM nominal_address a WHERE p_postcode <> '' AND a.postcode = p_postcode
    UNION ALL SELECT h.nominal_id, h.recorded_at, 1.0 FROM nominal_phone h WHERE p_phone <> '' AND regexp_replace(h.number, '\D', '', 'g') = p_phone
    UNION ALL SELECT i.nominal_id, i.recorded_at, 0.5 + similarity(lower(i.family_name || ' ' || i.given_names), lower(p_name)) / 2
      FROM nominal_identity i WHERE p_born IS NOT NULL AND i.born = p_born
    UNION ALL SELECT i.nominal_id, i.recorded_at, similarity(lower(i.family_name || ' ' || i.given_names), lower(p_name))
      FROM nominal_identity i WHERE p_name <> '' AND lower(i.family_name || ' ' || i.given_names) % lower(p_name)
    UNION ALL SELECT i.nominal_id, i.recorded_at, 0.8 * word_similarity(lower(p_name), lower(i.family_name || ' ' || i.given_names))
      FROM nominal_identity i WHERE p_name <> '' AND lower(p_name) <% lower(i.family_name || ' ' || i.given_names)
    UNION ALL SELECT a.nominal_id, a.recorded_at, similarity(lower(a.name), lower(p_name))
      FROM nominal_alias a WHERE p_name <> '' AND lower(a.name) % lower(p_name)
  )
  SELECT h.nominal_id, max(h.score) FROM hit h
  WHERE h.nominal_id <> ALL (current_setting('app.hidden')::bigint[])
    AND EXISTS (
      SELECT FROM nominal_access a WHERE a.nominal_id = h.nominal_id
        AND ((a.area_id = ANY (current_setting('app.areas_casework')::bigint[])
              AND ((a.kind = 'responsible' AND a.ends IS NULL)
                   OR (h.recorded_at >= a.starts AND (a.ends IS NULL OR h.recorded_at < a.ends))))
          OR (NOT a.waits AND a.account_id = current_setting('app.account')::bigint
              AND a.starts <= current_setting('app.now')::timestamptz
              AND (a.ends IS NULL OR a.ends > current_setting('app.now')::timestamptz))))
  GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT least(greatest(p_limit, 1), 100)
$$;
DROP FUNCTION people_named(text, int, boolean), readable(bigint, timestamptz), names_like(text);
DROP INDEX nominal_identity_words, nominal_alias_words;
DROP TRIGGER learning ON nominal_identity;
DROP TRIGGER learning ON nominal_alias;
DROP FUNCTION learn_name();
DROP TABLE name_stub;
DROP FUNCTION name_stubs(text), name_words(text), name_split(text);
