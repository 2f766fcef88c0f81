-- A practice scheme is counted nowhere above itself. It is said when the scheme is made, and never changes.
ALTER TABLE schemes ADD COLUMN practice BOOLEAN NOT NULL DEFAULT 0;
