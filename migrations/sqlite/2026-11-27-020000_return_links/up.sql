-- Links through which a unit of a scheme sends in its return without an account. Of the link and of the session only hashes are stored.
CREATE TABLE return_links (
    scheme_number BIGINT NOT NULL,
    id TEXT NOT NULL,
    unit TEXT NOT NULL,
    period TEXT NOT NULL,
    code_hash BLOB NOT NULL,
    session_hash BLOB,
    made_at TIMESTAMP NOT NULL,
    made_by TEXT NOT NULL,
    ends_at TIMESTAMP NOT NULL,
    opened_at TIMESTAMP,
    closed_at TIMESTAMP,
    PRIMARY KEY (scheme_number, id)
);
CREATE UNIQUE INDEX return_links_by_code ON return_links (scheme_number, code_hash);
