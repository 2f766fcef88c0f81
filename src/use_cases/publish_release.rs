//! Publishing the headline release: the UK's and the nations' shares of one period.

use serde_json::json;

use super::event;
use crate::app::App;
use crate::clock::written;
use crate::domain::area::Level;
use crate::domain::audit::{Act, By, NATIONAL, Target, TargetKind};
use crate::domain::disclosure::{Policy, release_headlines};
use crate::domain::figures::FigureQuery;
use crate::domain::period::Period;
use crate::storage::{StorageError, audit, releases};

/// Freezes the headlines of `period` and gives the release's id.
pub fn publish_headlines(app: &App, period: Period) -> Result<String, StorageError> {
    let mut rows = Vec::new();
    for level in [Level::Uk, Level::Nation] {
        let query = FigureQuery {
            periods: vec![period],
            level,
            within: None,
            areas: Vec::new(),
            scheme: None,
            indicators: Vec::new(),
            kpis: Vec::new(),
            model: None,
            by: None,
            boundaries: None,
        };
        rows.extend(super::read_live(app, &query)?);
    }
    let policy = Policy::default();
    let cells = release_headlines(rows, policy);
    let now = app.now();
    let id = app.new_id();
    let body = json!({
        "id": id,
        "published_at": written(now),
        "policy": policy,
        "demo": app.demo,
        "period": period.to_string(),
        "cells": cells,
        "kpi_cells": [],
    });
    let target = Target::of(TargetKind::Release, &id);
    let published = event(app, NATIONAL, By::CommandLine, Act::ReleasePublished, target);
    let published = published.code("period", &period.to_string());
    app.store
        .write(|db| releases::insert(&mut audit::record(db, &published)?, &id, now, &body.to_string()))?;
    Ok(id)
}
