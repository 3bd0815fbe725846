DROP TABLE registration_closure, deregistration, deregistration_refusal, deregistration_proposal, registration_review, checklist_line,
  lead_worker, wanted_alert, rag_ratification, rag_rating, registration, referral_decision, meeting CASCADE;
