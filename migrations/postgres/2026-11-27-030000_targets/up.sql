-- What a place has set itself for a KPI and a period, in hundredths of the KPI's unit.
CREATE TABLE targets (
    place TEXT COLLATE "C" NOT NULL,
    kpi TEXT COLLATE "C" NOT NULL,
    period TEXT COLLATE "C" NOT NULL,
    value BIGINT NOT NULL,
    set_at TIMESTAMP NOT NULL,
    set_by TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (place, kpi, period)
);
