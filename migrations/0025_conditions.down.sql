DROP TABLE court_recommendation, requirement_left_out, requirement_chosen, requirement_set, condition_explanation, licence_condition_end, licence_condition;
