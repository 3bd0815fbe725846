DROP FUNCTION guest_signed(bigint, timestamptz);
DROP TABLE minutes_case, minutes_approval, discussion_note, agenda_item, agenda_addition, confidentiality_signature, meeting_attendance,
  meeting_guest_case, meeting_attendee, meeting_cancellation, meeting_closing, meeting_opening, confidentiality_statement CASCADE;
