DROP TABLE calendar_address_end;
DROP TABLE calendar_address;
DROP TABLE meeting_change;
DROP TABLE meeting_slot;
DROP TABLE meeting_series_end;
DROP TABLE meeting_series_member;
DROP TABLE meeting_series_terms;
DROP TABLE meeting_series;
