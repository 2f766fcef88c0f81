ALTER TABLE drafts RESET (fillfactor, toast_tuple_target);
