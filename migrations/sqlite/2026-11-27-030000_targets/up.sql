-- What a place has set itself for a KPI and a period, in hundredths of the KPI's unit.
CREATE TABLE targets (
    place TEXT NOT NULL,
    kpi TEXT NOT NULL,
    period TEXT NOT NULL,
    value BIGINT NOT NULL,
    set_at TIMESTAMP NOT NULL,
    set_by TEXT NOT NULL,
    PRIMARY KEY (place, kpi, period)
);
