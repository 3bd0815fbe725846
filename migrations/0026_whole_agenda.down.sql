DROP FUNCTION freeze_hidden(bigint, jsonb);
DROP POLICY freezing ON agenda_item;
REVOKE SELECT (meeting_id, recorded_at, recorded_by) ON meeting_opening FROM iom_finder;
REVOKE INSERT ON agenda_item FROM iom_finder;
DROP FUNCTION interest_recorded(bigint[]);
DROP POLICY finding ON fact_closed;
DROP POLICY finding ON intelligence;
REVOKE SELECT (fact, fact_id) ON fact_closed FROM iom_finder;
REVOKE SELECT (id, nominal_id, recorded_at) ON intelligence FROM iom_finder;
