DROP TABLE remembered_devices;
DROP TABLE staff_sessions;
CREATE TABLE staff_sessions (
    token_hash BYTEA PRIMARY KEY,
    account_id TEXT COLLATE "C" NOT NULL,
    epoch BIGINT NOT NULL,
    ends_at TIMESTAMP NOT NULL
);
DROP TABLE account_links;
DROP TABLE recovery_codes;
DROP TABLE second_factors;
ALTER TABLE accounts DROP COLUMN api_without_code;
ALTER TABLE accounts DROP COLUMN shown_name;
