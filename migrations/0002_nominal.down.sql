DROP FUNCTION actor_of(bigint, date), find_people(text, date, text, text, int), take_responsibility(bigint, bigint, timestamptz),
  invite_guest(bigint, bigint, timestamptz, timestamptz, boolean), end_guest(bigint, bigint, timestamptz);
DROP POLICY adding ON log_event;
DROP POLICY reading ON log_event;
DROP POLICY auditing ON log_event;
ALTER TABLE log_event DISABLE ROW LEVEL SECURITY;
DROP TABLE referral_withdrawal, referral_submission, referral_section, referral, stored_search, nominal_priority_group, priority_group,
  fact_closed, nominal_equality, nominal_warning, nominal_phone, nominal_address, nominal_alias, nominal_identity,
  case_restriction, case_exclusion, nominal_access, nominal CASCADE;
DROP PROCEDURE protect(text, text, text);
DROP FUNCTION may_read(text, text), may_write(text);
