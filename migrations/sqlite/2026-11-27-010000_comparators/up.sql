-- Figures that others publish of the same places, laid beside live ones and never among them. A file takes the place of the one before it
-- of the same source and year, which stays, marked with when that was.
CREATE TABLE comparator_files (
    id BIGINT NOT NULL PRIMARY KEY,
    source TEXT NOT NULL,
    year TEXT NOT NULL,
    name TEXT NOT NULL,
    digest TEXT NOT NULL,
    file_rows BIGINT NOT NULL,
    imported_at TIMESTAMP NOT NULL,
    imported_by TEXT NOT NULL,
    superseded_at TIMESTAMP
);

-- A number that its publisher does not show has a shorthand in its place (x, c, z, low, u, w), and is never 0.
CREATE TABLE comparators (
    file_id BIGINT NOT NULL REFERENCES comparator_files (id),
    area TEXT NOT NULL,
    measure TEXT NOT NULL,
    disaggregation TEXT NOT NULL,
    numerator DOUBLE,
    numerator_shorthand TEXT,
    denominator DOUBLE,
    denominator_shorthand TEXT,
    outcome DOUBLE,
    outcome_shorthand TEXT,
    PRIMARY KEY (file_id, area, measure, disaggregation)
);
