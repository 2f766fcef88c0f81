//! What schemes were shown of their own figures.

use std::collections::BTreeMap;

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::connection::on;
use super::schema::steady_figures;
use super::{Db, StorageError};
use crate::domain::counting::FigureKey;
use crate::domain::disclosure::SteadyFigure;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = steady_figures, treat_none_as_default_value = false)]
struct FigureRow {
    scheme_number: i64,
    period: String,
    series: String,
    indicator: String,
    body: String,
    shown_at: NaiveDateTime,
}

/// A figure and when its present state was first shown.
pub type Dated = (SteadyFigure, NaiveDateTime);

/// The figures of a scheme.
pub fn of_scheme(db: &mut Db, scheme_number: i64) -> Result<BTreeMap<FigureKey, Dated>, StorageError> {
    let rows: Vec<FigureRow> =
        on!(db, |c| steady_figures::table.filter(steady_figures::scheme_number.eq(scheme_number)).load(c))?;
    let mut figures = BTreeMap::new();
    for row in rows {
        let Ok(period) = row.period.parse() else { continue };
        let key = FigureKey { period, series: row.series, indicator: row.indicator };
        figures.insert(key, (serde_json::from_str(&row.body)?, row.shown_at));
    }
    Ok(figures)
}

/// Adds or replaces a figure; the scheme's lock must be held.
pub fn put(
    db: &mut Db,
    scheme_number: i64,
    key: &FigureKey,
    (figure, shown_at): &Dated,
) -> Result<(), StorageError> {
    let row = FigureRow {
        scheme_number,
        period: key.period.to_string(),
        series: key.series.clone(),
        indicator: key.indicator.clone(),
        body: serde_json::to_string(figure)?,
        shown_at: *shown_at,
    };
    on!(db, |c| diesel::insert_into(steady_figures::table)
        .values(&row)
        .on_conflict((
            steady_figures::scheme_number,
            steady_figures::period,
            steady_figures::series,
            steady_figures::indicator
        ))
        .do_update()
        .set((steady_figures::body.eq(&row.body), steady_figures::shown_at.eq(row.shown_at)))
        .execute(c))?;
    Ok(())
}

/// Forgets which answers were those of a response that is erased; the scheme's lock must be held.
pub fn forget_response(db: &mut Db, scheme_number: i64, response: &str) -> Result<(), StorageError> {
    let is_of = |id: &str| id.split_once('.').is_some_and(|(of, _)| of == response);
    for (key, (mut figure, shown_at)) in of_scheme(db, scheme_number)? {
        let before = figure.clone();
        figure.forget(is_of);
        if figure != before {
            put(db, scheme_number, &key, &(figure, shown_at))?;
        }
    }
    Ok(())
}
