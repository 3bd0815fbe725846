package history

// kinds is one line for each table that says something of a person. Titles are
// short and in the field's words; what people typed is the body.
var kinds = []part{
	{"contact", "contacts", "t.held_on", "upper(left(t.kind, 1)) || substr(t.kind, 2) || ': ' || t.outcome",
		"t.log || CASE WHEN t.result = '' THEN '' ELSE E'\nOutcome: ' || t.result END", "t.source", ""},
	{"need", "needs", "t.assessed_on", "'Need assessed: ' || t.pathway || ', ' || t.level",
		"concat_ws(E'\n', nullif(t.needs, ''), 'Actions: ' || nullif(t.actions, ''))", "t.source", ""},

	{"custody_spell", "custody and sentence", "t.received_on", "'Received into custody: ' || p.name", "t.why", "t.source", "JOIN prison p ON p.code = t.prison"},
	{"custody_date", "custody and sentence", "CASE t.kind WHEN 'released' THEN t.day ELSE " + recorded + " END",
		"CASE t.kind WHEN 'released' THEN 'Released from custody' WHEN 'expected release' THEN 'Release expected on ' || to_char(t.day, 'FMDD FMMonth YYYY') " +
			"ELSE upper(left(t.kind, 1)) || substr(t.kind, 2) || ' notified: ' || to_char(t.day, 'FMDD FMMonth YYYY') END",
		"'Notified by ' || t.notified_by || ' on ' || to_char(t.notified_on, 'FMDD FMMonth YYYY')", "t.source", ""},
	{"custody_move", "custody and sentence", "t.moved_on", "'Moved to ' || p.name", "''", "t.source", "JOIN prison p ON p.code = t.prison"},
	{"statutory_status", "custody and sentence", "t.from_on", "'Statutory status: ' || t.status", "coalesce('Until ' || to_char(t.ends_on, 'FMDD FMMonth YYYY'), '')", "t.source", ""},
	{"sentence", "custody and sentence", "t.imposed_on", "'Sentenced: ' || coalesce(nullif(t.custody_type, ''), t.kind)", "t.offence || E'\n' || t.court", "t.source", ""},
	{"sentence_adjustment", "custody and sentence", "t.dated", "t.days || CASE t.days WHEN 1 THEN ' day' ELSE ' days' END || ': ' || t.kind", "x.offence || E'\n' || x.court", "t.source",
		"JOIN sentence x ON x.id = t.sentence_id"},
	{"sentence_end", "custody and sentence", "t.ended_on", "upper(left(x.kind, 1)) || substr(x.kind, 2) || ' ' || t.how", "x.offence || E'\n' || x.court", "t.source",
		"JOIN sentence x ON x.id = t.sentence_id"},
	{"tag", "custody and sentence", "t.starts_on", "'Tag: ' || t.kind", "coalesce('Until ' || to_char(t.ends_on, 'FMDD FMMonth YYYY'), '')", "t.source", ""},
	{"risk_score", "custody and sentence", "t.scored_on", "'Score: ' || t.type || ' ' || t.value", "''", "t.source", ""},
	{"mappa_level", "custody and sentence", "t.from_on", "CASE t.level WHEN 0 THEN 'No longer subject to MAPPA' ELSE 'MAPPA level ' || t.level END", "t.note", "t.source", ""},

	{"registration", "rating and registration", "t.began_on", "'Registered on the scheme'", "''", "", ""},
	{"rag_rating", "rating and registration", "t.rated_on", "'Rated ' || t.rating", "t.reason || E'\nAgreed by ' || t.agreed_by",
		"CASE WHEN t.meeting_id IS NULL THEN 'between meetings' ELSE 'meeting' END", ""},
	{"rag_ratification", "rating and registration", recorded, "'Rating ' || t.outcome || ' by the meeting'", "t.reason", "'meeting'", ""},
	{"rag_early_lowering", "rating and registration", recorded, "'Lowered within eight weeks of a transfer from outside'", "t.reason", "'meeting'", ""},
	{"registration_transfer_in", "rating and registration", "t.agreed_on", "'Transferred in from ' || t.from_area", "''", "", ""},
	{"supervision_agreement", "rating and registration", "m.held_on", "'Frequency of supervision agreed: ' || t.frequency", "'Agreed by ' || t.agreed_by", "'meeting'",
		"JOIN meeting m ON m.id = t.meeting_id"},
	{"agenda_deferral", "meetings", recorded, "CASE t.outcome WHEN 'left off' THEN 'Left off the agenda' ELSE 'Put back on the agenda' END || ' of ' || to_char(m.held_on, 'FMDD FMMonth YYYY')",
		"t.reason", "'meeting'", "JOIN meeting m ON m.id = t.meeting_id"},
	{"lead_worker", "rating and registration", "t.from_on", "'Lead worker: ' || w.name || ', ' || y.name", "t.reason", "",
		"JOIN account w ON w.id = t.account_id JOIN agency y ON y.id = t.agency_id"},
	{"checklist_line", "rating and registration", "coalesce(t.done_on, " + recorded + ")", "upper(left(t.list, 1)) || substr(t.list, 2) || ' checklist: ' || t.line",
		"CASE WHEN t.not_applicable THEN 'Not applicable' ELSE 'Done by ' || t.by_whom END || coalesce(E'\n' || nullif(t.note, ''), '')", "", ""},
	{"registration_review", "rating and registration", "t.reviewed_on", "'Review: ' || t.outcome", "t.justification", "", ""},
	{"deregistration_proposal", "rating and registration", recorded, "'Deregistration proposed'", "t.reason", "", ""},
	{"deregistration_refusal", "rating and registration", recorded, "'Retained by the meeting'", "t.reason", "'meeting'", ""},
	{"deregistration", "rating and registration", "t.decided_on", "'Deregistered by the meeting'", "t.justification || E'\n' || t.reasons", "'meeting'", ""},
	{"registration_closure", "rating and registration", recorded, "'Closed: no marker is left'", "''", "", ""},

	{"plan_objective", "plan and actions", recorded, "'Objective: ' || t.pathway", "t.text", "", ""},
	{"action_entry", "plan and actions", recorded, "'Action ' || t.kind", "x.text || coalesce(E'\n' || nullif(nullif(t.text, ''), x.text), '')", "", "JOIN action x ON x.id = t.action_id"},
	{"discussion_note", "meetings", "m.held_on", "upper(left(t.kind, 1)) || substr(t.kind, 2) || coalesce(', ' || y.name, '')", "t.text", "'meeting'",
		"JOIN meeting m ON m.id = t.meeting_id LEFT JOIN agency y ON y.id = t.agency_id"},

	{"referral", "referrals", recorded, "'Referral ' || t.id || ' started for ' || y.name", "''", "", "JOIN agency y ON y.id = t.agency_id"},
	{"referral_submission", "referrals", recorded, "'Referral ' || t.referral_id || ' submitted'", "''", "", ""},
	{"referral_withdrawal", "referrals", recorded, "'Referral ' || t.referral_id || ' withdrawn'", "t.reason", "", ""},
	{"referral_decision", "referrals", "m.held_on", "'Referral ' || t.referral_id || ' ' || t.outcome", "t.reason || E'\nAgreed by ' || t.agreed_by", "'meeting'",
		"JOIN meeting m ON m.id = t.meeting_id"},

	{"nominal_identity", "identity", recorded, "'Identity recorded'",
		"concat_ws(', ', concat_ws(' ', nullif(t.given_names, ''), t.family_name), 'born ' || to_char(t.born, 'FMDD FMMonth YYYY'), 'PNCID ' || nullif(t.pncid, ''), " +
			"'URN ' || nullif(t.urn, ''), 'CRN ' || nullif(t.crn, ''), 'prison number ' || nullif(t.prison_number, ''), nullif(t.preferences, ''))", "t.source", ""},
	{"nominal_alias", "identity", recorded, "'Also known as ' || t.name", "''", "t.source", ""},
	{"nominal_address", "identity", "coalesce(t.from_on, " + recorded + ")", "'Address'", "t.address || coalesce(E'\n' || nullif(t.postcode, ''), '')", "t.source", ""},
	{"nominal_phone", "identity", recorded, "'Telephone, ' || t.kind", "t.number", "t.source", ""},
	{"nominal_warning", "identity", recorded, "'Warning: ' || t.text", "''", "t.source", ""},
	{"nominal_priority_group", "identity", recorded, "CASE WHEN t.member THEN 'Priority group: ' ELSE 'Not in priority group: ' END || g.name", "''", "t.source",
		"JOIN priority_group g ON g.id = t.group_id"},

	{"drug_test", "intelligence and tests", "t.tested_on", "'Drug test: ' || t.result", "concat_ws(E'\n', nullif(t.substances, ''), y.name)", "t.source", "JOIN agency y ON y.id = t.agency_id"},
	{"drug_test_share", "intelligence and tests", recorded, "'Drug test result shared with ' || y.name", "t.reason", "",
		"JOIN agency y ON y.id = t.agency_id JOIN drug_test d ON d.id = t.drug_test_id"},
	{"intelligence", "intelligence and tests", "t.dated", "CASE WHEN t.increases_risk THEN 'Intelligence of increased risk' ELSE 'Intelligence' END", "t.text", "t.source", ""},
	{"intelligence_share", "intelligence and tests", recorded, "'Intelligence shared with ' || y.name", "''", "",
		"JOIN agency y ON y.id = t.agency_id JOIN intelligence i ON i.id = t.intelligence_id"},
}
