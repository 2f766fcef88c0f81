-- Releases get a number, the release they supersede, and what became of them; their cells stand in parts, so that nobody reads more than
-- they need. Releases from before keep their whole text in `body`.
CREATE TABLE releases_numbered (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    number BIGINT NOT NULL UNIQUE,
    published_at TIMESTAMP NOT NULL,
    period TEXT COLLATE "C" NOT NULL,
    supersedes TEXT COLLATE "C",
    withdrawn_at TIMESTAMP,
    withdrawn_why TEXT COLLATE "C",
    head TEXT COLLATE "C" NOT NULL,
    kpi_cells TEXT COLLATE "C" NOT NULL,
    body TEXT COLLATE "C"
);
INSERT INTO releases_numbered (id, number, published_at, period, head, kpi_cells, body)
SELECT id, ROW_NUMBER() OVER (ORDER BY published_at, id COLLATE "C"), published_at, COALESCE(body::json ->> 'period', ''),
    (body::jsonb - 'cells' - 'kpi_cells')::text, COALESCE(body::json ->> 'kpi_cells', '[]'), body
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
    release_id TEXT COLLATE "C" NOT NULL REFERENCES releases (id),
    position BIGINT NOT NULL,
    level TEXT COLLATE "C" NOT NULL,
    model TEXT COLLATE "C" NOT NULL,
    cells TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (release_id, position)
);

-- The passports of its claims.
CREATE TABLE release_claims (
    release_id TEXT COLLATE "C" NOT NULL REFERENCES releases (id),
    position BIGINT NOT NULL,
    claim TEXT COLLATE "C" NOT NULL,
    passport TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (release_id, claim)
);

-- What the protection of later releases must know of it. Never public; it stays when a release is withdrawn.
CREATE TABLE release_ledgers (
    release_id TEXT COLLATE "C" NOT NULL PRIMARY KEY REFERENCES releases (id),
    body TEXT COLLATE "C" NOT NULL
);

-- What may become a release. At most one is `open`; the body of one that is `published` or `replaced` is emptied.
CREATE TABLE release_drafts (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    period TEXT COLLATE "C" NOT NULL,
    made_at TIMESTAMP NOT NULL,
    open_until TIMESTAMP NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    body TEXT COLLATE "C" NOT NULL
);

-- A scheme's word on its own figures in a draft.
CREATE TABLE release_comments (
    release_draft TEXT COLLATE "C" NOT NULL REFERENCES release_drafts (id),
    scheme_number BIGINT NOT NULL,
    comment TEXT COLLATE "C" NOT NULL,
    at TIMESTAMP NOT NULL,
    account TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (release_draft, scheme_number)
);
