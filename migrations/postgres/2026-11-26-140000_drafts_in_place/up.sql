-- A draft is written anew at every page. With room beside it the new row stays on its page and no index changes; and it is neither packed
-- nor moved out of line, which would cost more than it saves for a text that is gone in a few days.
ALTER TABLE drafts SET (fillfactor = 40, toast_tuple_target = 8128);
