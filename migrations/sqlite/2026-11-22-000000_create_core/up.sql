-- Who and where: small tables, read into memory by every process (see storage::directory).
CREATE TABLE directory_version (
    id SMALLINT PRIMARY KEY,
    version BIGINT NOT NULL
);
INSERT INTO directory_version (id, version) VALUES (1, 1);

CREATE TABLE schemes (
    number BIGINT PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    model TEXT NOT NULL,
    cqc_location_id TEXT,
    created_at TIMESTAMP NOT NULL
);

CREATE TABLE scheme_areas (
    scheme_number BIGINT NOT NULL REFERENCES schemes (number) ON DELETE CASCADE,
    code TEXT NOT NULL,
    valid_from DATE NOT NULL,
    valid_to DATE,
    PRIMARY KEY (scheme_number, code, valid_from)
);

CREATE TABLE units (
    scheme_number BIGINT NOT NULL REFERENCES schemes (number) ON DELETE CASCADE,
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    valid_from DATE NOT NULL,
    valid_to DATE,
    PRIMARY KEY (scheme_number, id)
);

CREATE TABLE accounts (
    id TEXT PRIMARY KEY,
    email TEXT NOT NULL UNIQUE,
    password_hash TEXT NOT NULL,
    role TEXT NOT NULL,
    scheme_number BIGINT REFERENCES schemes (number) ON DELETE CASCADE,
    area_code TEXT,
    session_epoch BIGINT NOT NULL,
    disabled_at TIMESTAMP,
    created_at TIMESTAMP NOT NULL
);

CREATE TABLE published_files (
    path TEXT PRIMARY KEY,
    digest TEXT NOT NULL,
    recorded_at TIMESTAMP NOT NULL
);

CREATE TABLE settings (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
);

-- Answers. Every large table leads with the scheme's number.
CREATE TABLE participants (
    scheme_number BIGINT NOT NULL,
    reference TEXT NOT NULL,
    council TEXT NOT NULL,
    supported_from DATE NOT NULL,
    supported_to DATE,
    not_asked_from DATE,
    not_asked_reason TEXT,
    PRIMARY KEY (scheme_number, reference)
);

CREATE TABLE invitations (
    scheme_number BIGINT NOT NULL,
    id TEXT NOT NULL,
    person TEXT NOT NULL,
    questionnaire TEXT NOT NULL,
    due_on DATE NOT NULL,
    council TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    PRIMARY KEY (scheme_number, id)
);
CREATE INDEX invitations_by_person ON invitations (scheme_number, person);

CREATE TABLE responses (
    scheme_number BIGINT NOT NULL,
    id TEXT NOT NULL,
    person TEXT NOT NULL,
    questionnaire TEXT NOT NULL,
    completed_on DATE NOT NULL,
    accepted_at TIMESTAMP NOT NULL,
    revision BIGINT NOT NULL,
    withdrawn_at TIMESTAMP,
    receipt_hash BLOB NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (scheme_number, id)
);
CREATE INDEX responses_by_person ON responses (scheme_number, person);
CREATE INDEX responses_by_receipt ON responses (scheme_number, receipt_hash);

-- What a response said before it was corrected, and when it was withdrawn.
CREATE TABLE response_events (
    scheme_number BIGINT NOT NULL,
    response_id TEXT NOT NULL,
    revision BIGINT NOT NULL,
    kind TEXT NOT NULL,
    at TIMESTAMP NOT NULL,
    account TEXT,
    old_body TEXT NOT NULL,
    PRIMARY KEY (scheme_number, response_id, revision)
);

-- Keyed hashes only; response_id is cleared when the response is erased.
CREATE TABLE idempotency_keys (
    scheme_number BIGINT NOT NULL,
    key_hash BLOB NOT NULL,
    body_hash BLOB NOT NULL,
    response_id TEXT,
    PRIMARY KEY (scheme_number, key_hash)
) WITHOUT ROWID;

-- Responses that are stored and acknowledged, and not yet in the tallies.
CREATE TABLE unfolded (
    scheme_number BIGINT NOT NULL,
    response_id TEXT NOT NULL,
    person TEXT NOT NULL,
    PRIMARY KEY (scheme_number, response_id)
) WITHOUT ROWID;

-- One row a scheme, locked by whoever changes that scheme's tallies.
CREATE TABLE fold_locks (
    scheme_number BIGINT PRIMARY KEY
);

-- When a person's contribution last changed: snapshots are renewed by how many people moved.
CREATE TABLE people (
    scheme_number BIGINT NOT NULL,
    person TEXT NOT NULL,
    changed_at TIMESTAMP NOT NULL,
    PRIMARY KEY (scheme_number, person)
) WITHOUT ROWID;
CREATE INDEX people_by_change ON people (scheme_number, changed_at);

CREATE TABLE tallies (
    scheme_number BIGINT NOT NULL,
    council TEXT NOT NULL,
    questionnaire TEXT NOT NULL,
    series TEXT NOT NULL,
    period TEXT NOT NULL,
    grp TEXT NOT NULL,
    value BLOB NOT NULL,
    PRIMARY KEY (scheme_number, period, questionnaire, series, grp, council)
);
CREATE INDEX tallies_across_schemes ON tallies (period, questionnaire, series, grp);

-- What scheme and area users see: the tallies of a scheme as they stood at taken_at.
CREATE TABLE snapshots (
    scheme_number BIGINT PRIMARY KEY,
    taken_at TIMESTAMP NOT NULL
);
CREATE TABLE snapshot_tallies (
    scheme_number BIGINT NOT NULL,
    council TEXT NOT NULL,
    questionnaire TEXT NOT NULL,
    series TEXT NOT NULL,
    period TEXT NOT NULL,
    grp TEXT NOT NULL,
    value BLOB NOT NULL,
    PRIMARY KEY (scheme_number, period, questionnaire, series, grp, council)
);
CREATE INDEX snapshot_tallies_across_schemes ON snapshot_tallies (period, questionnaire, series, grp);

CREATE TABLE releases (
    id TEXT PRIMARY KEY,
    published_at TIMESTAMP NOT NULL,
    body TEXT NOT NULL
);
