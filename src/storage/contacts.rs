//! Whom each scheme names for safety: small, read into memory with the schemes.

use std::collections::BTreeMap;

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::audit::Recorded;
use super::connection::on;
use super::schema::scheme_contacts;
use super::{Db, StorageError, directory};
use crate::sealed::Sealed;

/// The contacts of every scheme that has named any, by its number: sealed.
pub fn all(db: &mut Db) -> Result<BTreeMap<i64, Sealed>, StorageError> {
    let columns = (scheme_contacts::scheme_number, scheme_contacts::body);
    let rows: Vec<(i64, Sealed)> = on!(db, |c| scheme_contacts::table.select(columns).load(c))?;
    Ok(rows.into_iter().collect())
}

/// Replaces the contacts of a scheme.
pub fn put(
    db: &mut Recorded<'_>,
    scheme_number: i64,
    contacts: &Sealed,
    now: NaiveDateTime,
) -> Result<(), StorageError> {
    let row = || {
        (
            scheme_contacts::scheme_number.eq(scheme_number),
            scheme_contacts::body.eq(contacts),
            scheme_contacts::updated_at.eq(now),
        )
    };
    on!(db, |c| {
        diesel::delete(scheme_contacts::table.find(scheme_number)).execute(c)?;
        diesel::insert_into(scheme_contacts::table).values(row()).execute(c)
    })?;
    directory::touch(db)
}
