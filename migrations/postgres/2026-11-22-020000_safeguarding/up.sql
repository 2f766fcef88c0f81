-- Whom each scheme names for safety, as JSON: small, read into memory with the schemes.
CREATE TABLE scheme_contacts (
    scheme_number BIGINT PRIMARY KEY REFERENCES schemes (number) ON DELETE CASCADE,
    body TEXT COLLATE "C" NOT NULL,
    updated_at TIMESTAMP NOT NULL
);
