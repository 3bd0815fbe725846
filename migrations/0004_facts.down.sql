DROP TABLE intelligence_share, intelligence, drug_test_share, drug_test, risk_score, mappa_level, sentence, statutory_status,
  custody_move, custody_date, custody_spell, contact, need, prison CASCADE;
