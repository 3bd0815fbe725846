DROP TABLE action_entry, action, plan_objective CASCADE;
