DROP TABLE log_event, form_use, known_device, sign_in_failure, session, access_grant, area_setting, area_under, area, agency, account CASCADE;
DROP FUNCTION area_placed();
DROP PROCEDURE append_only(regclass), editable(regclass, text), limit_text();
