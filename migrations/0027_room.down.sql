ALTER TABLE meeting_change DROP ends;
ALTER TABLE meeting_series_terms DROP ends;
ALTER TABLE meeting DROP ends;
