-- The name that others see; whether the API takes the password alone, which only the command line can say.
ALTER TABLE accounts ADD COLUMN shown_name TEXT NOT NULL DEFAULT '';
ALTER TABLE accounts ADD COLUMN api_without_code BOOLEAN NOT NULL DEFAULT FALSE;

-- The secret that an authenticator app shares, sealed; each of its codes is used once, so the last step is kept.
CREATE TABLE second_factors (
    account_id TEXT PRIMARY KEY,
    sealed BLOB NOT NULL,
    last_step BIGINT NOT NULL,
    made_at TIMESTAMP NOT NULL
);
CREATE TABLE recovery_codes (
    account_id TEXT NOT NULL,
    number BIGINT NOT NULL,
    salt BLOB NOT NULL,
    hash BLOB NOT NULL,
    used_at TIMESTAMP,
    PRIMARY KEY (account_id, number)
);

-- Links that let somebody set a password once. What stands in the link is derived from the id by the secret file.
CREATE TABLE account_links (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL,
    purpose TEXT NOT NULL,
    ends_at TIMESTAMP NOT NULL,
    used_at TIMESTAMP
);
CREATE INDEX account_links_by_account ON account_links (account_id);

-- Sessions on pages, with where they are and what they still need. Those of before end here.
DROP TABLE staff_sessions;
CREATE TABLE staff_sessions (
    token_hash BLOB PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    account_id TEXT NOT NULL,
    epoch BIGINT NOT NULL,
    needs TEXT NOT NULL,
    browser TEXT NOT NULL,
    began_at TIMESTAMP NOT NULL,
    last_used_at TIMESTAMP NOT NULL,
    proved_at TIMESTAMP NOT NULL,
    ends_at TIMESTAMP NOT NULL
);
CREATE INDEX staff_sessions_by_account ON staff_sessions (account_id);

-- Browsers in which an account's second factor was given and is not asked for again for some time.
CREATE TABLE remembered_devices (
    token_hash BLOB PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    account_id TEXT NOT NULL,
    epoch BIGINT NOT NULL,
    browser TEXT NOT NULL,
    began_at TIMESTAMP NOT NULL,
    last_used_at TIMESTAMP NOT NULL,
    ends_at TIMESTAMP NOT NULL
);
CREATE INDEX remembered_devices_by_account ON remembered_devices (account_id);
