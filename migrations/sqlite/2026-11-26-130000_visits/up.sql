-- When somebody is visited, to be asked then: at most one visit a person, until it is over.
CREATE TABLE visits (
    scheme_number BIGINT NOT NULL,
    person TEXT NOT NULL,
    visit_on DATE NOT NULL,
    booked_at TIMESTAMP NOT NULL,
    booked_by TEXT NOT NULL,
    PRIMARY KEY (scheme_number, person)
) WITHOUT ROWID;
