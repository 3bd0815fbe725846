DROP TABLE unsent_form;
