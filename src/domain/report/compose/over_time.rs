//! Figures over time, with a break where the question was worded anew.

use super::composer::{Composer, Part, Said, figure, is_shown};
use super::written::{count_cell, numbers_column, percent, percent_cell, words_column};
use crate::domain::figures::Row;
use crate::domain::period::Period;
use crate::domain::report::chart::{Chart, Point, Shape};
use crate::domain::report::document::{Block, Table, TableRow, Value};

/// The blocks of a part: for what stands first, where there are two periods at least.
pub(super) fn over_time(c: &Composer<'_>, part: &Part<'_>) -> Vec<Block> {
    let charts: Vec<Block> =
        c.first(part).into_iter().filter_map(|said| chart(c, part, said)).map(Block::Chart).collect();
    if charts.is_empty() {
        return charts;
    }
    let mut blocks = vec![Block::Paragraph { text: c.w.t("over_time_lead").to_owned() }];
    blocks.extend(charts);
    blocks
}

/// One figure over time; none where there are fewer than two periods.
pub(super) fn chart(c: &Composer<'_>, part: &Part<'_>, said: &Said<'_>) -> Option<Chart> {
    let model = part.model?.code();
    let mut found: Vec<(Period, &Row)> =
        c.m.over_time
            .iter()
            .filter(|row| row.model == model && row.indicator == said.entry.indicator)
            .filter(|row| is_shown(row) && row.percent.is_some())
            .filter_map(|row| Some((row.period.parse::<Period>().ok()?, row)))
            .collect();
    // Of two wordings in one period the one that is asked now.
    found.sort_by_key(|(period, row)| (period.first_day(), row.series != said.entry.series));
    found.dedup_by_key(|(period, _)| period.first_day());
    let ((from, first), (to, last)) = (*found.first()?, *found.last()?);
    if found.len() < 2 {
        return None;
    }
    let mut before: Option<&str> = None;
    let mut points = Vec::new();
    let mut rows = Vec::new();
    for (period, row) in &found {
        let breaks = before.is_some_and(|series| series != row.series);
        before = Some(&row.series);
        let label = c.short_period(*period);
        points.push(Point {
            label: label.clone(),
            value: row.percent,
            interval: row.interval.as_ref().map(|i| (i.low, i.high)),
            text: row.percent.map(percent).unwrap_or_default(),
            breaks,
        });
        let none = || Value::absent("–");
        rows.push(TableRow {
            head: if breaks { c.w.with("new_wording", &[("period", &label)]) } else { label },
            cells: vec![
                percent_cell(row.percent, none),
                count_cell(row.n, none),
                percent_cell(row.interval.as_ref().map(|i| i.low), none),
                percent_cell(row.interval.as_ref().map(|i| i.high), none),
            ],
        });
    }
    let title = c.w.with("over_time_title", &[("title", &c.title(said))]);
    let columns = vec![
        words_column(c.w.t("column_period")),
        numbers_column(c.w.t("column_share")),
        numbers_column(c.w.t("column_people")),
        numbers_column(c.w.t("column_low")),
        numbers_column(c.w.t("column_high")),
    ];
    Some(Chart {
        id: format!("time-{model}-{}", said.entry.indicator),
        description: c.w.with(
            "over_time_description",
            &[
                ("first", figure(first).as_str()),
                ("from", &c.short_period(from)),
                ("last", &figure(last)),
                ("to", &c.short_period(to)),
            ],
        ),
        shape: Shape::OverTime { points },
        table: Table { caption: title.clone(), columns, rows },
        title,
    })
}
