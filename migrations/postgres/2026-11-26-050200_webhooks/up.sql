-- Where a scheme is told of changes, and how far it has been told. The secret is made of the secret file, scheme and generation.
CREATE TABLE webhooks (
    scheme_number BIGINT PRIMARY KEY REFERENCES schemes (number) ON DELETE CASCADE,
    url TEXT COLLATE "C" NOT NULL,
    events TEXT COLLATE "C" NOT NULL,
    generation BIGINT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    rotated_at TIMESTAMP,
    position BIGINT NOT NULL,
    trying_to BIGINT,
    next_try_at TIMESTAMP NOT NULL,
    attempts BIGINT NOT NULL,
    delivered_at TIMESTAMP,
    failing_since TIMESTAMP,
    last_error TEXT COLLATE "C",
    disabled_at TIMESTAMP
);
