-- Who and where: small tables, read into memory by every process (see storage::directory).
CREATE TABLE directory_version (
    id SMALLINT PRIMARY KEY,
    version BIGINT NOT NULL
);
INSERT INTO directory_version (id, version) VALUES (1, 1);

CREATE TABLE schemes (
    number BIGINT PRIMARY KEY,
    id TEXT COLLATE "C" NOT NULL UNIQUE,
    name TEXT COLLATE "C" NOT NULL,
    model TEXT COLLATE "C" NOT NULL,
    cqc_location_id TEXT COLLATE "C",
    created_at TIMESTAMP NOT NULL
);

CREATE TABLE scheme_areas (
    scheme_number BIGINT NOT NULL REFERENCES schemes (number) ON DELETE CASCADE,
    code TEXT COLLATE "C" NOT NULL,
    valid_from DATE NOT NULL,
    valid_to DATE,
    PRIMARY KEY (scheme_number, code, valid_from)
);

CREATE TABLE units (
    scheme_number BIGINT NOT NULL REFERENCES schemes (number) ON DELETE CASCADE,
    id TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    valid_from DATE NOT NULL,
    valid_to DATE,
    PRIMARY KEY (scheme_number, id)
);

CREATE TABLE accounts (
    id TEXT COLLATE "C" PRIMARY KEY,
    email TEXT COLLATE "C" NOT NULL UNIQUE,
    password_hash TEXT COLLATE "C" NOT NULL,
    role TEXT COLLATE "C" NOT NULL,
    scheme_number BIGINT REFERENCES schemes (number) ON DELETE CASCADE,
    area_code TEXT COLLATE "C",
    session_epoch BIGINT NOT NULL,
    disabled_at TIMESTAMP,
    created_at TIMESTAMP NOT NULL
);

CREATE TABLE published_files (
    path TEXT COLLATE "C" PRIMARY KEY,
    digest TEXT COLLATE "C" NOT NULL,
    recorded_at TIMESTAMP NOT NULL
);

CREATE TABLE settings (
    key TEXT COLLATE "C" PRIMARY KEY,
    value TEXT COLLATE "C" NOT NULL
);

-- Answers. Every large table leads with the scheme's number.
CREATE TABLE participants (
    scheme_number BIGINT NOT NULL,
    reference TEXT COLLATE "C" NOT NULL,
    council TEXT COLLATE "C" NOT NULL,
    supported_from DATE NOT NULL,
    supported_to DATE,
    not_asked_from DATE,
    not_asked_reason TEXT COLLATE "C",
    PRIMARY KEY (scheme_number, reference)
);

CREATE TABLE invitations (
    scheme_number BIGINT NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    person TEXT COLLATE "C" NOT NULL,
    questionnaire TEXT COLLATE "C" NOT NULL,
    due_on DATE NOT NULL,
    council TEXT COLLATE "C" NOT NULL,
    created_at TIMESTAMP NOT NULL,
    PRIMARY KEY (scheme_number, id)
);
CREATE INDEX invitations_by_person ON invitations (scheme_number, person);

CREATE TABLE responses (
    scheme_number BIGINT NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    person TEXT COLLATE "C" NOT NULL,
    questionnaire TEXT COLLATE "C" NOT NULL,
    completed_on DATE NOT NULL,
    accepted_at TIMESTAMP NOT NULL,
    revision BIGINT NOT NULL,
    withdrawn_at TIMESTAMP,
    receipt_hash BYTEA NOT NULL,
    body TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (scheme_number, id)
);
CREATE INDEX responses_by_person ON responses (scheme_number, person);
CREATE INDEX responses_by_receipt ON responses (scheme_number, receipt_hash);

-- What a response said before it was corrected, and when it was withdrawn.
CREATE TABLE response_events (
    scheme_number BIGINT NOT NULL,
    response_id TEXT COLLATE "C" NOT NULL,
    revision BIGINT NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    at TIMESTAMP NOT NULL,
    account TEXT COLLATE "C",
    old_body TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (scheme_number, response_id, revision)
);

-- Keyed hashes only; response_id is cleared when the response is erased.
CREATE TABLE idempotency_keys (
    scheme_number BIGINT NOT NULL,
    key_hash BYTEA NOT NULL,
    body_hash BYTEA NOT NULL,
    response_id TEXT COLLATE "C",
    PRIMARY KEY (scheme_number, key_hash)
);

-- Responses that are stored and acknowledged, and not yet in the tallies.
CREATE TABLE unfolded (
    scheme_number BIGINT NOT NULL,
    response_id TEXT COLLATE "C" NOT NULL,
    person TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (scheme_number, response_id)
);

-- One row a scheme, locked by whoever changes that scheme's tallies.
CREATE TABLE fold_locks (
    scheme_number BIGINT PRIMARY KEY
);

-- When a person's contribution last changed: snapshots are renewed by how many people moved.
CREATE TABLE people (
    scheme_number BIGINT NOT NULL,
    person TEXT COLLATE "C" NOT NULL,
    changed_at TIMESTAMP NOT NULL,
    PRIMARY KEY (scheme_number, person)
);
CREATE INDEX people_by_change ON people (scheme_number, changed_at);

CREATE TABLE tallies (
    scheme_number BIGINT NOT NULL,
    council TEXT COLLATE "C" NOT NULL,
    questionnaire TEXT COLLATE "C" NOT NULL,
    series TEXT COLLATE "C" NOT NULL,
    period TEXT COLLATE "C" NOT NULL,
    grp TEXT COLLATE "C" NOT NULL,
    value BYTEA NOT NULL,
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
    council TEXT COLLATE "C" NOT NULL,
    questionnaire TEXT COLLATE "C" NOT NULL,
    series TEXT COLLATE "C" NOT NULL,
    period TEXT COLLATE "C" NOT NULL,
    grp TEXT COLLATE "C" NOT NULL,
    value BYTEA NOT NULL,
    PRIMARY KEY (scheme_number, period, questionnaire, series, grp, council)
);
CREATE INDEX snapshot_tallies_across_schemes ON snapshot_tallies (period, questionnaire, series, grp);

CREATE TABLE releases (
    id TEXT COLLATE "C" PRIMARY KEY,
    published_at TIMESTAMP NOT NULL,
    body TEXT COLLATE "C" NOT NULL
);

-- Marks come and go by the thousand: what is left of them must not make the question “is anything unfolded?” slow.
ALTER TABLE unfolded SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000, autovacuum_vacuum_cost_delay = 0);
-- Tallies are written over again and again: room in each page keeps the new version beside the old one, and the indexes as they are.
ALTER TABLE tallies SET (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.05);
-- A packed tally stays in its row: moved out of line, each would cost a read a second look-up.
ALTER TABLE tallies SET (toast_tuple_target = 8128);
