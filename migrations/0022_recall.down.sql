DROP TABLE recall_return, recall_kind, recall_answer, recall_step, recall;
