DROP TABLE agenda_copy_item, agenda_copy, agenda_move, agenda_deferral, supervision_agreement, rag_early_lowering, registration_transfer_in;
