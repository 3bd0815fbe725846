DROP INDEX sentence_long;
