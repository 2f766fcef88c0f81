-- What each scheme was shown of its own figures, and whose answers were in it; never what anybody answered.
CREATE TABLE steady_figures (
    scheme_number BIGINT NOT NULL,
    period TEXT NOT NULL,
    series TEXT NOT NULL,
    indicator TEXT NOT NULL,
    body TEXT NOT NULL,
    shown_at TIMESTAMP NOT NULL,
    PRIMARY KEY (scheme_number, period, series, indicator)
);

-- Figures that schemes were shown before are shown again only where they tell nobody's answer.
DELETE FROM snapshot_tallies;
DELETE FROM snapshots;
