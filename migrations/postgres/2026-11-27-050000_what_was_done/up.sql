-- What a scheme did with what people said in a period: up to three things, for its reports and its poster.
CREATE TABLE what_was_done (
    scheme_number BIGINT NOT NULL,
    period TEXT COLLATE "C" NOT NULL,
    body TEXT COLLATE "C" NOT NULL,
    said_at TIMESTAMP NOT NULL,
    said_by TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (scheme_number, period)
);
