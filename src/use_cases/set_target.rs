//! Targets of a place: set and taken back by those who send its figures in, seen by those who may see them.

use serde::Serialize;
use serde_json::Value;

use super::{Refusal, allow, event, scheme_for, scheme_target};
use crate::app::App;
use crate::clock::written;
use crate::domain::access::{Action, Actor};
use crate::domain::audit::{Act, NATIONAL, Target, TargetKind};
use crate::domain::performance::{Aim, NewTarget};
use crate::storage::audit;
use crate::storage::targets::{self, TargetRow};

/// A target as it is shown.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TargetListed {
    /// The area's code, or the scheme's id.
    pub place: String,
    /// The KPI; null where it is of what people say.
    pub kpi: Option<String>,
    /// The indicator; null where it is of a KPI.
    pub indicator: Option<String>,
    /// The period.
    pub period: String,
    /// In the KPI's unit; of an indicator, in percent.
    pub value: f64,
    /// When it was set.
    pub set_at: String,
}

impl TargetListed {
    #[expect(clippy::cast_precision_loss, reason = "at most a million million, in hundredths")]
    fn of(row: TargetRow) -> Self {
        let value = row.value as f64 / 100.0;
        let (kpi, indicator) = match Aim::read(&row.kpi) {
            Aim::Kpi(id) => (Some(id), None),
            Aim::Indicator(id) => (None, Some(id)),
        };
        Self { place: row.place, kpi, indicator, period: row.period, value, set_at: written(row.set_at) }
    }
}

/// The targets of a place, the latest period first.
pub fn list_targets(app: &App, actor: &Actor, place: &str) -> Result<Vec<TargetListed>, Refusal> {
    let directory = app.directory();
    if app.registry.areas.get(place).is_some() {
        allow(app, actor, Action::ReadAreaReturn(place))?;
    } else {
        scheme_for(app, &directory, actor, place, "", Action::ReadReturns)?;
    }
    let rows = app.store.read(|db| targets::of_place(db, place))?;
    Ok(rows.into_iter().map(TargetListed::of).collect())
}

/// Sets a target, or takes it back where it has no value; gives the targets of its place.
pub fn set_target(app: &App, actor: &Actor, place: &str, body: &Value) -> Result<Vec<TargetListed>, Refusal> {
    let directory = app.directory();
    let (chain, target) = if app.registry.areas.get(place).is_some() {
        allow(app, actor, Action::SendAreaReturn(place))?;
        (NATIONAL, Target::of(TargetKind::Area, place))
    } else {
        let scheme = scheme_for(app, &directory, actor, place, "", Action::SendReturn)?;
        (scheme.number, scheme_target(scheme))
    };
    let new = NewTarget::check(body, &app.registry).map_err(Refusal::Invalid)?;
    let period = new.period.to_string();
    let act = if new.value.is_some() { Act::TargetSet } else { Act::TargetRemoved };
    let said = event(app, chain, actor, act, target).code("period", &period);
    let said = match &new.aim {
        Aim::Kpi(id) => said.code("kpi", id),
        Aim::Indicator(id) => said.code("indicator", id),
    };
    let aim = new.aim.stored();
    app.store.write(|db| {
        let db = &mut audit::record(db, &said)?;
        let Some(value) = new.value else { return targets::remove(db, place, &aim, &period) };
        let row = TargetRow {
            place: place.to_owned(),
            kpi: aim.clone(),
            period: period.clone(),
            value,
            set_at: app.now(),
            set_by: actor.account.clone(),
        };
        targets::set(db, &row)
    })?;
    list_targets(app, actor, place)
}
