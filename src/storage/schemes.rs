//! Schemes, their councils and units.

use std::collections::BTreeMap;

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;

use super::audit::Recorded;
use super::connection::on;
use super::schema::{scheme_areas, schemes, units};
use super::{Db, StorageError, directory};
use crate::domain::contacts::Contacts;
use crate::domain::definition::Model;
use crate::domain::scheme::{NewScheme, Scheme, SchemeArea, Unit};

type SchemeRow = (i64, String, String, String, Option<String>, bool);
type DatedRow = (i64, String, NaiveDate, Option<NaiveDate>);
type UnitRow = (i64, String, String, NaiveDate, Option<NaiveDate>);

/// The numbers of all schemes.
pub fn numbers(db: &mut Db) -> Result<Vec<i64>, StorageError> {
    Ok(on!(db, |c| schemes::table.select(schemes::number).load(c))?)
}

/// Every scheme, by number; without its contacts, which are sealed.
pub fn all(db: &mut Db) -> Result<Vec<Scheme>, StorageError> {
    let columns = (
        schemes::number,
        schemes::id,
        schemes::name,
        schemes::model,
        schemes::cqc_location_id,
        schemes::practice,
    );
    let rows: Vec<SchemeRow> = on!(db, |c| schemes::table.select(columns).order(schemes::number).load(c))?;
    let areas: Vec<DatedRow> =
        on!(db, |c| scheme_areas::table.order((scheme_areas::valid_from, scheme_areas::code)).load(c))?;
    let units: Vec<UnitRow> = on!(db, |c| units::table.order(units::id).load(c))?;
    let mut areas_of: BTreeMap<i64, Vec<SchemeArea>> = BTreeMap::new();
    for (number, code, from, to) in areas {
        areas_of.entry(number).or_default().push(SchemeArea { code, from, to });
    }
    let mut units_of: BTreeMap<i64, Vec<Unit>> = BTreeMap::new();
    for (number, id, name, from, to) in units {
        units_of.entry(number).or_default().push(Unit { id, name, from, to });
    }
    rows.into_iter()
        .map(|(number, id, name, model, cqc_location_id, practice)| {
            let model = Model::parse(&model)
                .ok_or_else(|| StorageError::Corrupt(format!("scheme {number} has an unknown model")))?;
            let areas = areas_of.remove(&number).unwrap_or_default();
            let units = units_of.remove(&number).unwrap_or_default();
            Ok(Scheme {
                number,
                about: NewScheme { id, name, model, areas, cqc_location_id, units, practice },
                contacts: Contacts::default(),
            })
        })
        .collect()
}

/// Adds a scheme and gives its number; `None` if the id is taken.
pub fn insert(
    db: &mut Recorded<'_>,
    scheme: &NewScheme,
    now: NaiveDateTime,
) -> Result<Option<i64>, StorageError> {
    // Moving the directory's version first makes those who add schemes at once take turns, so that each gets its own number.
    directory::touch(db)?;
    let largest: Option<i64> =
        on!(db, |c| schemes::table.select(diesel::dsl::max(schemes::number)).first(c))?;
    let number = largest.unwrap_or(0) + 1;
    let row = || {
        (
            schemes::number.eq(number),
            schemes::id.eq(&scheme.id),
            schemes::name.eq(&scheme.name),
            schemes::model.eq(scheme.model.code()),
            schemes::cqc_location_id.eq(&scheme.cqc_location_id),
            schemes::created_at.eq(now),
            schemes::practice.eq(scheme.practice),
        )
    };
    let added =
        db.savepoint(|db| Ok(on!(db, |c| diesel::insert_into(schemes::table).values(row()).execute(c))?));
    match added {
        Err(error) if error.is_duplicate() => return Ok(None),
        other => other?,
    };
    insert_parts(db, number, scheme)?;
    Ok(Some(number))
}

/// Adds schemes, all or (if an id is taken: a duplicate) none.
pub fn insert_all(db: &mut Recorded<'_>, new: &[NewScheme], now: NaiveDateTime) -> Result<(), StorageError> {
    for scheme in new {
        if insert(db, scheme, now)?.is_none() {
            let taken: Box<dyn diesel::result::DatabaseErrorInformation + Send + Sync> =
                Box::new("a scheme's id is taken".to_owned());
            return Err(diesel::result::Error::DatabaseError(
                diesel::result::DatabaseErrorKind::UniqueViolation,
                taken,
            )
            .into());
        }
    }
    Ok(())
}

fn insert_parts(db: &mut Recorded<'_>, number: i64, scheme: &NewScheme) -> Result<(), StorageError> {
    for area in &scheme.areas {
        let row = || {
            (
                scheme_areas::scheme_number.eq(number),
                scheme_areas::code.eq(&area.code),
                scheme_areas::valid_from.eq(area.from),
                scheme_areas::valid_to.eq(area.to),
            )
        };
        on!(db, |c| diesel::insert_into(scheme_areas::table).values(row()).execute(c))?;
    }
    for unit in &scheme.units {
        let row = || {
            (
                units::scheme_number.eq(number),
                units::id.eq(&unit.id),
                units::name.eq(&unit.name),
                units::valid_from.eq(unit.from),
                units::valid_to.eq(unit.to),
            )
        };
        on!(db, |c| diesel::insert_into(units::table).values(row()).execute(c))?;
    }
    Ok(())
}

/// Replaces a scheme's name, councils, units and location; its id and model stay, and whether it is for practice.
pub fn update(db: &mut Recorded<'_>, number: i64, scheme: &NewScheme) -> Result<(), StorageError> {
    on!(db, |c| {
        diesel::update(schemes::table.find(number))
            .set((schemes::name.eq(&scheme.name), schemes::cqc_location_id.eq(&scheme.cqc_location_id)))
            .execute(c)?;
        diesel::delete(scheme_areas::table.filter(scheme_areas::scheme_number.eq(number))).execute(c)?;
        diesel::delete(units::table.filter(units::scheme_number.eq(number))).execute(c)
    })?;
    insert_parts(db, number, scheme)?;
    directory::touch(db)
}
