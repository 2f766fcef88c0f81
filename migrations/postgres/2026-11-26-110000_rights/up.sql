-- How long each class of data is kept, as somebody said it: nationally (scheme 0), or shorter for a scheme. Earlier ones stay, so that
-- it can be seen what held when. No number: the scheme follows the national one again.
CREATE TABLE retention_settings (
    scheme_number BIGINT NOT NULL,
    class TEXT COLLATE "C" NOT NULL,
    valid_from DATE NOT NULL,
    keep BIGINT,
    reason TEXT COLLATE "C" NOT NULL,
    source TEXT COLLATE "C" NOT NULL,
    set_by TEXT COLLATE "C" NOT NULL,
    set_at TIMESTAMP NOT NULL,
    PRIMARY KEY (scheme_number, class, valid_from)
);

-- What people whose answers are deleted because of their age had added to the tallies: a recount plus this is what the tallies hold.
CREATE TABLE settled_tallies (
    scheme_number BIGINT NOT NULL,
    council TEXT COLLATE "C" NOT NULL,
    questionnaire TEXT COLLATE "C" NOT NULL,
    series TEXT COLLATE "C" NOT NULL,
    period TEXT COLLATE "C" NOT NULL,
    grp TEXT COLLATE "C" NOT NULL,
    value BYTEA NOT NULL,
    PRIMARY KEY (scheme_number, period, questionnaire, series, grp, council)
);

-- Up to where changes are deleted: by number over all schemes (scheme 0), by position within a scheme.
CREATE TABLE change_floors (
    scheme_number BIGINT PRIMARY KEY,
    floor BIGINT NOT NULL
);

-- Complaints about how somebody's data are handled. Scheme 0: the national body answers. What was said is sealed.
CREATE TABLE complaints (
    scheme_number BIGINT NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    reference TEXT COLLATE "C" NOT NULL UNIQUE,
    received_at TIMESTAMP NOT NULL,
    acknowledge_by DATE NOT NULL,
    said TEXT COLLATE "C" NOT NULL,
    acknowledged_at TIMESTAMP,
    acknowledged_by TEXT COLLATE "C",
    answered_at TIMESTAMP,
    answered_by TEXT COLLATE "C",
    answer TEXT COLLATE "C",
    PRIMARY KEY (scheme_number, id)
);
