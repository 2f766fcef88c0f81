-- Other systems that sign in with a key. Only a keyed hash of a key is stored.
CREATE TABLE service_accounts (
    id TEXT PRIMARY KEY,
    scheme_number BIGINT REFERENCES schemes (number) ON DELETE CASCADE,
    name TEXT NOT NULL,
    scopes TEXT NOT NULL,
    session_epoch BIGINT NOT NULL,
    ends_on DATE,
    created_by TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    revoked_at TIMESTAMP
);
CREATE INDEX service_accounts_by_scheme ON service_accounts (scheme_number);

-- At most two keys of an account are good at once. ends_at is set when a newer one is made.
CREATE TABLE service_keys (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES service_accounts (id),
    key_hash BLOB NOT NULL,
    created_at TIMESTAMP NOT NULL,
    ends_at TIMESTAMP,
    last_used_on DATE
);
CREATE INDEX service_keys_by_account ON service_keys (account_id);
