DELETE FROM fact_closed WHERE fact IN ('breach', 'breach_step');
DELETE FROM fact_closed c WHERE c.how = 'ended'
  AND EXISTS (SELECT FROM fact_closed e WHERE e.fact = c.fact AND e.fact_id = c.fact_id AND e.how = 'entered in error');
ALTER TABLE fact_closed DROP CONSTRAINT fact_closed_pkey, ADD PRIMARY KEY (fact, fact_id);
ALTER TABLE breach DROP CONSTRAINT breach_order;
DROP TABLE breach_hearing, breach_step, breach;
ALTER TABLE sentence DROP CONSTRAINT sentence_of_kind;
ALTER TABLE contact DROP CONSTRAINT contact_of_nominal;
