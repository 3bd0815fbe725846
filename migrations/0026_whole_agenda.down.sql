DROP FUNCTION interest_recorded(bigint[]);
DROP POLICY finding ON fact_closed;
DROP POLICY finding ON intelligence;
REVOKE SELECT (fact, fact_id) ON fact_closed FROM iom_finder;
REVOKE SELECT (id, nominal_id, recorded_at) ON intelligence FROM iom_finder;
