//! A report for everybody: from one release and from nothing else.

use std::collections::BTreeSet;

use super::compare_scheme::around;
use super::make_report::{nation_of, published};
use super::read_release::{kpis_of_release, rows_of_places};
use super::{Frozen, find_release};
use crate::app::App;
use crate::domain::area::Level;
use crate::domain::definition::Model;
use crate::domain::disclosure::Policy;
use crate::domain::figures::{CellQuery, Row};
use crate::domain::period::Period;
use crate::domain::report::compose::{Beside, KpiFigure, MadeFrom, Material};
use crate::storage::StorageError;

/// What the report of a place in a release is made of. A place without any cell in it is unknown.
pub fn public_report<'a>(
    app: &'a App,
    release: &str,
    code: &str,
) -> Result<Frozen<Material<'a>>, StorageError> {
    let row = match find_release(app, Some(release))? {
        Frozen::Here(row) => row,
        Frozen::Unknown => return Ok(Frozen::Unknown),
        Frozen::Withdrawn(withdrawn) => return Ok(Frozen::Withdrawn(withdrawn)),
    };
    let Ok(period) = row.period.parse::<Period>() else { return Ok(Frozen::Unknown) };
    let places = places(app, code, period);
    let levels: BTreeSet<&str> = places.iter().map(|(level, _)| level.code()).collect();
    let levels: Vec<&str> = levels.into_iter().collect();
    let codes: Vec<&str> = places.iter().map(|(_, code)| code.as_str()).collect();
    let rows = rows_of_places(app, &row.id, &levels, None, &codes)?;
    let (own, around): (Vec<Row>, Vec<Row>) = rows.into_iter().partition(|row| row.place.code == code);
    let Some(place) = own.first().map(|row| row.place.clone()) else { return Ok(Frozen::Unknown) };
    let (kpi_cells, demo) = kpis_of_release(app, &row.id)?;
    let kpis: Vec<KpiFigure> = serde_json::from_str(&kpi_cells)?;
    let models = Model::ALL.into_iter().filter(|m| own.iter().any(|row| row.model == m.code())).collect();
    let release = published(&row);
    let nation = nation_of(&places);
    Ok(Frozen::Here(Material {
        registry: &app.registry,
        nation,
        models,
        period,
        part_way: false,
        made_from: MadeFrom::Release(release.clone()),
        base: Policy::default().least_n,
        over_time: Vec::new(),
        beside: Some(Beside { release, own: Vec::new(), around }),
        kpis: kpis.into_iter().filter(|figure| figure.place.code == place.code).collect(),
        done: Vec::new(),
        sector: None,
        practice: false,
        demo,
        rows: own,
        place,
    }))
}

/// A place and those that it lies in, the smallest first.
fn places(app: &App, code: &str, period: Period) -> Vec<(Level, String)> {
    let areas = &app.registry.areas;
    if areas.get(code).is_some() {
        let upwards = areas.upwards(code).filter(|area| CellQuery::LEVELS.contains(&area.level));
        return upwards.map(|area| (area.level, area.code.clone())).collect();
    }
    let directory = app.directory();
    let mut places = vec![(Level::Scheme, code.to_owned())];
    if let Some(scheme) = directory.scheme(code) {
        places.extend(around(app, scheme, period));
    }
    places
}
