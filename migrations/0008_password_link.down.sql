DROP FUNCTION area_in_use(bigint);
ALTER TABLE sign_in_failure DROP COLUMN succeeded_at;
ALTER TABLE sign_in_failure RENAME COLUMN username_hash TO username;
DROP TABLE password_link_use, password_link;
