-- What was done by whom, one chain per scheme (0 = national): each entry's hash takes in the one before it.
CREATE TABLE audit_log (
    scheme_number BIGINT NOT NULL,
    sequence BIGINT NOT NULL,
    at TIMESTAMP NOT NULL,
    actor TEXT NOT NULL,
    act TEXT NOT NULL,
    target_kind TEXT NOT NULL,
    target_id TEXT NOT NULL,
    details TEXT NOT NULL,
    hash BYTEA NOT NULL,
    PRIMARY KEY (scheme_number, sequence)
);

-- The end of each chain; whoever appends holds its row.
CREATE TABLE audit_heads (
    scheme_number BIGINT NOT NULL PRIMARY KEY,
    sequence BIGINT NOT NULL,
    hash BYTEA NOT NULL
);
