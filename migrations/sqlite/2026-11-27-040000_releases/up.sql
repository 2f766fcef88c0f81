-- Releases get a number, the release they supersede, and what became of them; their cells stand in parts, so that nobody reads more than
-- they need. Releases from before keep their whole text in `body`.
CREATE TABLE releases_numbered (
    id TEXT NOT NULL PRIMARY KEY,
    number BIGINT NOT NULL UNIQUE,
    published_at TIMESTAMP NOT NULL,
    period TEXT NOT NULL,
    supersedes TEXT,
    withdrawn_at TIMESTAMP,
    withdrawn_why TEXT,
    head TEXT NOT NULL,
    kpi_cells TEXT NOT NULL,
    body TEXT
);
INSERT INTO releases_numbered (id, number, published_at, period, head, kpi_cells, body)
SELECT id, ROW_NUMBER() OVER (ORDER BY published_at, id), published_at, COALESCE(json_extract(body, '$.period'), ''),
    json_remove(body, '$.cells', '$.kpi_cells'), COALESCE(json_extract(body, '$.kpi_cells'), '[]'), body
FROM releases;
DROP TABLE releases;
ALTER TABLE releases_numbered RENAME TO releases;
UPDATE releases SET supersedes = (
    SELECT earlier.id FROM releases AS earlier
    WHERE earlier.period = releases.period AND earlier.number < releases.number
    ORDER BY earlier.number DESC LIMIT 1
);

-- The cells of a release: those of one level and model in one row, as they are printed.
CREATE TABLE release_parts (
    release_id TEXT NOT NULL REFERENCES releases (id),
    position BIGINT NOT NULL,
    level TEXT NOT NULL,
    model TEXT NOT NULL,
    cells TEXT NOT NULL,
    PRIMARY KEY (release_id, position)
);

-- The passports of its claims.
CREATE TABLE release_claims (
    release_id TEXT NOT NULL REFERENCES releases (id),
    position BIGINT NOT NULL,
    claim TEXT NOT NULL,
    passport TEXT NOT NULL,
    PRIMARY KEY (release_id, claim)
);

-- What the protection of later releases must know of it. Never public; it stays when a release is withdrawn.
CREATE TABLE release_ledgers (
    release_id TEXT NOT NULL PRIMARY KEY REFERENCES releases (id),
    body TEXT NOT NULL
);

-- What may become a release. At most one is `open`; the body of one that is `published` or `replaced` is emptied.
CREATE TABLE release_drafts (
    id TEXT NOT NULL PRIMARY KEY,
    period TEXT NOT NULL,
    made_at TIMESTAMP NOT NULL,
    open_until TIMESTAMP NOT NULL,
    state TEXT NOT NULL,
    body TEXT NOT NULL
);

-- A scheme's word on its own figures in a draft.
CREATE TABLE release_comments (
    release_draft TEXT NOT NULL REFERENCES release_drafts (id),
    scheme_number BIGINT NOT NULL,
    comment TEXT NOT NULL,
    at TIMESTAMP NOT NULL,
    account TEXT NOT NULL,
    PRIMARY KEY (release_draft, scheme_number)
);
