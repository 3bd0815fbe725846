DROP TRIGGER closing ON referral_withdrawal;
DROP TRIGGER closing ON referral_decision;
DROP TRIGGER closing ON registration_closure;
DROP FUNCTION referral_closed(), registration_closed();
DROP POLICY closing ON referral;
DROP POLICY closing ON registration;
ALTER TABLE referral DROP COLUMN closed_at;
ALTER TABLE registration DROP COLUMN closed_at;
