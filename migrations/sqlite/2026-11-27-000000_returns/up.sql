-- What schemes, units, areas (scheme number 0) and the national body send in for their KPIs. `sender` is `scheme`, `unit:<id>` or `area:<code>`.
CREATE TABLE returns (
    scheme_number BIGINT NOT NULL,
    sender TEXT NOT NULL,
    period TEXT NOT NULL,
    revision BIGINT NOT NULL,
    status TEXT NOT NULL,
    draft TEXT,
    query TEXT,
    updated_at TIMESTAMP NOT NULL,
    updated_by TEXT NOT NULL,
    submitted_at TIMESTAMP,
    PRIMARY KEY (scheme_number, sender, period)
);

-- The figures of returns that were sent in; those of drafts stay in `returns.draft`. In hundredths.
CREATE TABLE return_figures (
    scheme_number BIGINT NOT NULL,
    sender TEXT NOT NULL,
    period TEXT NOT NULL,
    kpi TEXT NOT NULL,
    council TEXT NOT NULL,
    numerator BIGINT NOT NULL,
    denominator BIGINT,
    PRIMARY KEY (scheme_number, sender, period, kpi, council)
);
CREATE INDEX return_figures_by_kpi ON return_figures (kpi, period);

-- What each revision said, who made it, and the release that first held it.
CREATE TABLE return_events (
    scheme_number BIGINT NOT NULL,
    sender TEXT NOT NULL,
    period TEXT NOT NULL,
    revision BIGINT NOT NULL,
    act TEXT NOT NULL,
    at TIMESTAMP NOT NULL,
    by_whom TEXT NOT NULL,
    figures TEXT NOT NULL,
    said TEXT,
    published_in TEXT,
    PRIMARY KEY (scheme_number, sender, period, revision)
);
