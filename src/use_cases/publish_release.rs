//! Publishing the headline release: the UK's and the nations' shares of one period, and the KPIs beside them.

use std::collections::BTreeSet;

use serde_json::json;

use super::event;
use super::read_performance::kpi_rows;
use crate::app::App;
use crate::clock::written;
use crate::domain::area::Level;
use crate::domain::audit::{Act, By, NATIONAL, Target, TargetKind};
use crate::domain::disclosure::{Policy, release_headlines, release_kpis};
use crate::domain::figures::FigureQuery;
use crate::domain::performance::{KpiRow, steps};
use crate::domain::period::Period;
use crate::storage::{StorageError, audit, releases, returns};

/// Freezes the headlines of `period` and gives the release's id.
pub fn publish_headlines(app: &App, period: Period) -> Result<String, StorageError> {
    let (mut rows, mut kpis) = (Vec::new(), Vec::new());
    for level in [Level::Uk, Level::Nation] {
        let query = FigureQuery::of(vec![period], level);
        rows.extend(super::read_live(app, &query)?);
        kpis.extend(kpi_rows(app, &query)?);
    }
    let policy = Policy::default();
    let cells = release_headlines(rows, policy);
    let kpi_cells = release_kpis(kpis, policy);
    let (published_kpis, returned_periods) = made_from(app, kpi_cells.get(), period);
    let now = app.now();
    let id = app.new_id();
    let body = json!({
        "id": id,
        "published_at": written(now),
        "policy": policy,
        "demo": app.demo,
        "period": period.to_string(),
        "cells": cells,
        "kpi_cells": kpi_cells,
    });
    let target = Target::of(TargetKind::Release, &id);
    let published = event(app, NATIONAL, By::CommandLine, Act::ReleasePublished, target);
    let published = published.code("period", &period.to_string());
    app.store.write(|db| {
        let db = &mut audit::record(db, &published)?;
        releases::insert(db, &id, now, &body.to_string())?;
        returns::mark_published(db, &published_kpis, &returned_periods, &id)
    })?;
    Ok(id)
}

/// The KPIs that are published, and the periods whose returns they are made from.
fn made_from(app: &App, published: &[KpiRow], period: Period) -> (Vec<String>, Vec<String>) {
    let ids: BTreeSet<&str> = published.iter().map(|row| row.kpi.as_str()).collect();
    let of = ids.iter().filter_map(|id| app.registry.kpi(id));
    let periods: BTreeSet<Period> = of.flat_map(|kpi| steps(kpi, period)).collect();
    (ids.into_iter().map(str::to_owned).collect(), periods.iter().map(ToString::to_string).collect())
}
