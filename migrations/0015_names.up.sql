-- Finding people by their names among very many. Similarity of whole names reads
-- everybody who shares a few letters; here the words of a name are looked up in an
-- index, and a misspelt word is first turned into the words that exist and are one
-- letter away.

-- name_split are the words of a name in small letters, in order: O'Brien is one,
-- Anne-Marie two. These functions set no search path, which would keep Postgres from
-- taking them into the statement.
CREATE FUNCTION name_split(name text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT array_remove(regexp_split_to_array(lower(translate(name, '''’`', '')), '[^[:alnum:]]+'), '')
$$;

-- name_words are those by which a name is found: Anne-Marie also as annemarie.
CREATE FUNCTION name_words(name text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN strpos(name, '-') > 0 THEN public.name_split(name) || public.name_split(replace(name, '-', '')) ELSE public.name_split(name) END
$$;

-- name_stubs are a word and what is left of it without any one letter. Two words of
-- which these meet differ by one letter added, left out, changed or swapped.
CREATE FUNCTION name_stubs(word text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT ARRAY(SELECT word UNION SELECT overlay(word PLACING '' FROM n FOR 1) FROM generate_series(1, length(word)) n WHERE length(word) > 2)
$$;

-- The words of all names, each with its stubs: of nobody in particular. Words of
-- names that are no longer anybody's do no harm.
CREATE TABLE name_stub (
  stub text COLLATE "C" NOT NULL,
  word text COLLATE "C" NOT NULL,
  PRIMARY KEY (stub, word)
);
ALTER TABLE name_stub ENABLE ROW LEVEL SECURITY;
ALTER TABLE name_stub FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT ON name_stub TO iom_finder;
GRANT SELECT ON name_stub TO iom_backup;
CREATE POLICY finding ON name_stub FOR SELECT TO iom_finder USING (true);
CREATE POLICY learning ON name_stub FOR INSERT TO iom_finder WITH CHECK (true);
CREATE POLICY backing_up ON name_stub FOR SELECT TO iom_backup USING (true);
COMMENT ON TABLE name_stub IS 'category: casework';

CREATE FUNCTION learn_name() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  INSERT INTO name_stub (stub, word)
    SELECT DISTINCT s.stub, w.word
    FROM unnest(name_words(CASE TG_TABLE_NAME WHEN 'nominal_alias' THEN to_jsonb(NEW) ->> 'name'
      ELSE concat_ws(' ', to_jsonb(NEW) ->> 'family_name', to_jsonb(NEW) ->> 'given_names') END)) w (word)
    CROSS JOIN unnest(name_stubs(w.word)) s (stub)
    ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;
CREATE TRIGGER learning AFTER INSERT ON nominal_identity FOR EACH ROW EXECUTE FUNCTION learn_name();
CREATE TRIGGER learning AFTER INSERT ON nominal_alias FOR EACH ROW EXECUTE FUNCTION learn_name();
ALTER FUNCTION learn_name() OWNER TO iom_finder;
REVOKE ALL ON FUNCTION learn_name() FROM PUBLIC;

CREATE INDEX nominal_identity_words ON nominal_identity USING gin (name_words(family_name || ' ' || given_names));
CREATE INDEX nominal_alias_words ON nominal_alias USING gin (name_words(name));
DROP INDEX nominal_identity_lower_idx, nominal_alias_lower_idx; -- of similarity, asked no more

-- The functions below are plpgsql, whose plans are kept: one in SQL is planned anew in
-- each statement, and for a search that was most of its time.

-- names_like are the words that exist and may be meant: the word itself, one letter
-- away from it, or beginning with it. NULL for no word.
CREATE FUNCTION names_like(asked text) RETURNS text[] LANGUAGE plpgsql STABLE STRICT SET search_path = pg_catalog, public AS $$
BEGIN
  RETURN ARRAY(
    SELECT s.word FROM name_stub s WHERE s.stub = ANY (name_stubs(asked))
    UNION (SELECT s.word FROM name_stub s WHERE s.stub >= asked AND s.stub < asked || U&'\+10FFFF' AND s.stub = s.word AND length(asked) > 2 LIMIT 100));
END $$;

-- readable says whether the caller may read what was recorded of a person at that
-- time: in an area of theirs, or of a case to which they are invited.
CREATE FUNCTION readable(nominal bigint, recorded timestamptz) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN EXISTS (
    SELECT FROM public.nominal_access a WHERE a.nominal_id = nominal
      AND ((a.area_id = ANY (current_setting('app.areas_casework')::bigint[])
            AND ((a.kind = 'responsible' AND a.ends IS NULL) OR (recorded >= a.starts AND (a.ends IS NULL OR recorded < a.ends))))
        OR (NOT a.waits AND a.account_id = current_setting('app.account')::bigint
            AND a.starts <= current_setting('app.now')::timestamptz
            AND (a.ends IS NULL OR a.ends > current_setting('app.now')::timestamptz))));
END $$;

-- people_named are at most so many people of each kind of likeness: all words as
-- they stand, all words or one letter away, and the first word alone (the family
-- name). Four words are looked at. With scoped, only by rows that the caller may read.
CREATE FUNCTION people_named(p_name text, p_limit int, p_scoped boolean)
RETURNS TABLE (nominal_id bigint, score real) LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public AS $$
DECLARE
  asked  text[] := (name_split(p_name))[1:4];
  hidden bigint[] := current_setting('app.hidden')::bigint[];
  a text[]; b text[]; c text[]; d text[];
BEGIN
  IF cardinality(asked) = 0 THEN
    RETURN;
  END IF;
  a := names_like(asked[1]);
  b := coalesce(names_like(asked[2]), a);
  c := coalesce(names_like(asked[3]), a);
  d := coalesce(names_like(asked[4]), a);
  RETURN QUERY
    SELECT h.nominal_id, (h.kind + 0.1 * similarity(lower(h.name), lower(p_name)))::real FROM (
      (SELECT i.nominal_id, i.family_name || ' ' || i.given_names AS name, 0.9 AS kind FROM nominal_identity i
        WHERE name_words(i.family_name || ' ' || i.given_names) @> asked
          AND i.nominal_id <> ALL (hidden) AND (NOT p_scoped OR readable(i.nominal_id, i.recorded_at)) LIMIT p_limit)
      UNION ALL
      (SELECT i.nominal_id, i.family_name || ' ' || i.given_names, 0.7 FROM nominal_identity i
        WHERE name_words(i.family_name || ' ' || i.given_names) && a AND name_words(i.family_name || ' ' || i.given_names) && b
          AND name_words(i.family_name || ' ' || i.given_names) && c AND name_words(i.family_name || ' ' || i.given_names) && d
          AND i.nominal_id <> ALL (hidden) AND (NOT p_scoped OR readable(i.nominal_id, i.recorded_at)) LIMIT p_limit)
      UNION ALL
      (SELECT i.nominal_id, i.family_name || ' ' || i.given_names, 0.4 FROM nominal_identity i
        WHERE cardinality(asked) > 1 AND name_words(i.family_name || ' ' || i.given_names) && a
          AND i.nominal_id <> ALL (hidden) AND (NOT p_scoped OR readable(i.nominal_id, i.recorded_at)) LIMIT p_limit)
      UNION ALL
      (SELECT s.nominal_id, s.name, 0.7 FROM nominal_alias s
        WHERE name_words(s.name) && a AND name_words(s.name) && b AND name_words(s.name) && c AND name_words(s.name) && d
          AND s.nominal_id <> ALL (hidden) AND (NOT p_scoped OR readable(s.nominal_id, s.recorded_at)) LIMIT p_limit)) h;
END $$;
REVOKE ALL ON FUNCTION names_like(text), readable(bigint, timestamptz), people_named(text, int, boolean) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION names_like(text), readable(bigint, timestamptz), people_named(text, int, boolean) TO iom_finder;

-- The two searches as before, but for names; and each identifier says again that it
-- is not empty, without which a plan for any value cannot use the partial index and
-- reads everybody.
CREATE OR REPLACE FUNCTION find_people(p_name text, p_born date, p_pncid text, p_urn text, p_limit int)
RETURNS TABLE (nominal_id bigint, family_name text, given_names text, born date, pncid text, urn text, area_id bigint, area text, kind text, score real)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY WITH hit AS (
    SELECT i.nominal_id, 1.0::real AS score FROM nominal_identity i WHERE p_pncid <> '' AND i.pncid <> '' AND i.pncid = p_pncid
    UNION ALL SELECT i.nominal_id, 1.0 FROM nominal_identity i WHERE p_urn <> '' AND i.urn <> '' AND upper(i.urn) = upper(p_urn)
    UNION ALL SELECT i.nominal_id, 0.5 + similarity(lower(i.family_name || ' ' || i.given_names), lower(p_name)) / 2
      FROM nominal_identity i WHERE p_born IS NOT NULL AND i.born = p_born
    UNION ALL SELECT n.nominal_id, n.score FROM people_named(p_name, least(greatest(p_limit, 1), 50), false) n
  ), best AS (
    SELECT h.nominal_id, max(h.score) AS score FROM hit h
    WHERE h.nominal_id <> ALL (current_setting('app.hidden')::bigint[])
    GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT least(greatest(p_limit, 1), 50)
  )
  SELECT b.nominal_id, i.family_name, i.given_names, i.born, i.pncid, i.urn, n.area_id, r.name, coalesce(n.kind, ''), b.score::real
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
  ORDER BY b.score DESC, b.nominal_id;
END $$;

CREATE OR REPLACE FUNCTION search_people(p_name text, p_born date, p_pncid text, p_urn text, p_crn text, p_prison text, p_postcode text, p_phone text, p_limit int)
RETURNS TABLE (nominal_id bigint, score real)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY WITH hit AS (
    SELECT i.nominal_id, i.recorded_at, 1.0::real AS score FROM nominal_identity i WHERE p_pncid <> '' AND i.pncid <> '' AND i.pncid = p_pncid
    UNION ALL SELECT i.nominal_id, i.recorded_at, 1.0 FROM nominal_identity i WHERE p_urn <> '' AND i.urn <> '' AND upper(i.urn) = upper(p_urn)
    UNION ALL SELECT i.nominal_id, i.recorded_at, 1.0 FROM nominal_identity i WHERE p_crn <> '' AND i.crn <> '' AND i.crn = p_crn
    UNION ALL SELECT i.nominal_id, i.recorded_at, 1.0 FROM nominal_identity i WHERE p_prison <> '' AND i.prison_number <> '' AND i.prison_number = p_prison
    UNION ALL SELECT a.nominal_id, a.recorded_at, 1.0 FROM nominal_address a WHERE p_postcode <> '' AND a.postcode <> '' AND a.postcode = p_postcode
    UNION ALL SELECT h.nominal_id, h.recorded_at, 1.0 FROM nominal_phone h WHERE p_phone <> '' AND regexp_replace(h.number, '\D', '', 'g') = p_phone
    UNION ALL SELECT i.nominal_id, i.recorded_at, 0.5 + similarity(lower(i.family_name || ' ' || i.given_names), lower(p_name)) / 2
      FROM nominal_identity i WHERE p_born IS NOT NULL AND i.born = p_born
  ), seen AS (
    -- As many as are wanted of those that may be read, and no more looked at: a
    -- postcode may be that of thousands.
    (SELECT r.nominal_id, r.score FROM (SELECT * FROM hit ORDER BY score DESC OFFSET 0) r
      WHERE r.nominal_id <> ALL (current_setting('app.hidden')::bigint[]) AND readable(r.nominal_id, r.recorded_at)
      LIMIT 2 * least(greatest(p_limit, 1), 100))
    UNION ALL SELECT n.nominal_id, n.score FROM people_named(p_name, least(greatest(p_limit, 1), 100), true) n
  )
  SELECT s.nominal_id, max(s.score)::real FROM seen s GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT least(greatest(p_limit, 1), 100);
END $$;

-- One agency's cases in the order of the page: without it, seven hundred rows were
-- read for fifty. A filter by priority group has none: @> on arrays is not leakproof,
-- so that no index serves it under the policies.
CREATE INDEX live_list_agency ON live_list (lead_agency_id, rating_rank, sort_name, registration_id);
