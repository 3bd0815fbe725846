ALTER TABLE live_list DROP COLUMN release_computed, DROP COLUMN status_computed, DROP COLUMN final_third_on;
CREATE INDEX custody_date_nominal_id_idx ON custody_date (nominal_id);
DROP INDEX custody_date_nominal;
ALTER TABLE custody_date
  DROP CONSTRAINT custody_date_of_nominal,
  DROP CONSTRAINT custody_date_of_spell,
  DROP CONSTRAINT custody_date_kind_check,
  ADD CONSTRAINT custody_date_kind_check CHECK (kind IN ('expected release', 'released')),
  DROP COLUMN notified_on,
  ALTER COLUMN spell_id SET NOT NULL;
DROP TABLE tag, sentence_end, sentence_adjustment;
ALTER TABLE sentence
  DROP CONSTRAINT sentence_order_end,
  DROP CONSTRAINT sentence_life_typed,
  DROP CONSTRAINT sentence_custody_typed,
  DROP CONSTRAINT sentence_relation_said,
  DROP CONSTRAINT sentence_related,
  DROP CONSTRAINT sentence_of_nominal,
  DROP COLUMN conditions,
  DROP COLUMN order_ends_on,
  DROP COLUMN related_id,
  DROP COLUMN relation,
  DROP COLUMN custody_type,
  ADD COLUMN licence_ends_on date,
  ADD COLUMN sentence_ends_on date;
