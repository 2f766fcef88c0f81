-- The keys with which names and people's own words are sealed, each wrapped with a key of the secret file. Scheme 0 is the national body.
-- A key that is destroyed leaves its row without the key, so that what it sealed is known to be gone for ever.
CREATE TABLE data_keys (
    scheme_number BIGINT NOT NULL,
    generation BIGINT NOT NULL,
    wrapping_key TEXT NOT NULL,
    wrapped BYTEA,
    created_at TIMESTAMP NOT NULL,
    PRIMARY KEY (scheme_number, generation)
);

-- Who a participant is and how to reach them, sealed: apart from what they say.
CREATE TABLE identities (
    scheme_number BIGINT NOT NULL,
    reference TEXT NOT NULL,
    sealed TEXT NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    PRIMARY KEY (scheme_number, reference)
);
