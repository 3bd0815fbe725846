-- Whether a referral still waits, and whether a past registration still has markers,
-- follows from rows of their own. Finding the few that wait among all that ever were
-- would mean reading all of them under the policies, at every look at the home page;
-- so the moment is kept beside what it closes, by triggers, which nobody can forget.
ALTER TABLE referral ADD COLUMN closed_at timestamptz;     -- withdrawn, adopted or rejected
ALTER TABLE registration ADD COLUMN closed_at timestamptz; -- no marker is left (R36)
CREATE INDEX referral_open ON referral (area_id, id) WHERE closed_at IS NULL;
CREATE INDEX registration_marked ON registration (area_id, id) WHERE ended_at IS NOT NULL AND closed_at IS NULL;

GRANT SELECT (closed_at), UPDATE (closed_at) ON referral, registration TO iom_finder;
CREATE POLICY closing ON referral FOR UPDATE TO iom_finder USING (true);
CREATE POLICY closing ON registration FOR UPDATE TO iom_finder USING (true);

CREATE FUNCTION referral_closed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  UPDATE referral SET closed_at = NEW.recorded_at WHERE id = NEW.referral_id AND closed_at IS NULL;
  RETURN NULL;
END $$;
CREATE FUNCTION registration_closed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  UPDATE registration SET closed_at = NEW.recorded_at WHERE id = NEW.registration_id AND closed_at IS NULL;
  RETURN NULL;
END $$;
CREATE TRIGGER closing AFTER INSERT ON referral_withdrawal FOR EACH ROW EXECUTE FUNCTION referral_closed();
CREATE TRIGGER closing AFTER INSERT ON referral_decision FOR EACH ROW WHEN (NEW.outcome <> 'deferred') EXECUTE FUNCTION referral_closed();
CREATE TRIGGER closing AFTER INSERT ON registration_closure FOR EACH ROW EXECUTE FUNCTION registration_closed();
ALTER FUNCTION referral_closed() OWNER TO iom_finder;
ALTER FUNCTION registration_closed() OWNER TO iom_finder;
REVOKE ALL ON FUNCTION referral_closed(), registration_closed() FROM PUBLIC;
