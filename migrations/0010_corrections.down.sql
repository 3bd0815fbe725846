DROP FUNCTION log_of(bigint, boolean, bigint, int);
REVOKE SELECT (id, nominals, listed, operation) ON log_event FROM iom_finder;
DROP POLICY finding ON log_event;
DROP INDEX custody_move_spell;
DROP INDEX custody_date_spell;
CREATE UNIQUE INDEX custody_date_spell_id_idx ON custody_date (spell_id) WHERE kind = 'released';
