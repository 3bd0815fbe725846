-- Those who serve about five years or more, whom room registration asks for at each view of
-- the start page (R80): few among all sentences there ever were.
CREATE INDEX sentence_long ON sentence (nominal_id)
  WHERE kind = 'custody' AND (life OR years * 365 + months * 30 + weeks * 7 + days >= 1700);
