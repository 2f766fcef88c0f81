DROP TABLE what_was_done;
