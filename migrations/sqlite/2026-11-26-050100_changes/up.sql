-- What happened, by id and kind only, as it is written by each act in its own transaction: in no order that a reader could rely on.
CREATE TABLE unnumbered_changes (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    scheme_number BIGINT NOT NULL,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    guarded BOOLEAN NOT NULL,
    at TIMESTAMP NOT NULL
);

-- The same once committed, numbered under one lock: over all schemes (number), and within its scheme (position). Readers read only
-- these. What a scheme's own readers are not shown has no position, so that no gap tells of it.
CREATE TABLE changes (
    scheme_number BIGINT NOT NULL,
    number BIGINT NOT NULL,
    position BIGINT,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    at TIMESTAMP NOT NULL,
    PRIMARY KEY (scheme_number, number)
) WITHOUT ROWID;
CREATE UNIQUE INDEX changes_by_number ON changes (number);
CREATE UNIQUE INDEX changes_by_position ON changes (scheme_number, position) WHERE position IS NOT NULL;

-- One row: whoever gives numbers holds it until the numbers are committed.
CREATE TABLE change_numbers (
    id SMALLINT PRIMARY KEY,
    last BIGINT NOT NULL
);
INSERT INTO change_numbers (id, last) VALUES (1, 0);
