//! Who participants are and how to reach them, sealed. Nothing else in the database joins a reference to a name.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::StorageError;
use super::audit::Recorded;
use super::connection::on;
use super::schema::identities;
use crate::sealed::Sealed;

/// The identity of a participant, if it is known.
pub fn find(
    db: &mut Recorded<'_>,
    scheme_number: i64,
    reference: &str,
) -> Result<Option<Sealed>, StorageError> {
    Ok(on!(db, |c| identities::table
        .find((scheme_number, reference))
        .select(identities::sealed)
        .get_result(c)
        .optional())?)
}

/// The identities of these participants that are known: reference and sealed words.
pub fn of_people(
    db: &mut Recorded<'_>,
    scheme_number: i64,
    references: &[String],
) -> Result<Vec<(String, Sealed)>, StorageError> {
    let mut found = Vec::new();
    for some in references.chunks(500) {
        let rows: Vec<(String, Sealed)> = on!(db, |c| identities::table
            .filter(identities::scheme_number.eq(scheme_number))
            .filter(identities::reference.eq_any(some))
            .select((identities::reference, identities::sealed))
            .load(c))?;
        found.extend(rows);
    }
    Ok(found)
}

/// Adds or replaces the identity of a participant.
pub fn put(
    db: &mut Recorded<'_>,
    scheme_number: i64,
    reference: &str,
    sealed: &Sealed,
    now: NaiveDateTime,
) -> Result<(), StorageError> {
    let row = || {
        (
            identities::scheme_number.eq(scheme_number),
            identities::reference.eq(reference),
            identities::sealed.eq(sealed),
            identities::updated_at.eq(now),
        )
    };
    on!(db, |c| diesel::insert_into(identities::table)
        .values(row())
        .on_conflict((identities::scheme_number, identities::reference))
        .do_update()
        .set((identities::sealed.eq(sealed), identities::updated_at.eq(now)))
        .execute(c))?;
    Ok(())
}

/// Deletes the identity of a participant.
pub fn delete(db: &mut Recorded<'_>, scheme_number: i64, reference: &str) -> Result<(), StorageError> {
    on!(db, |c| diesel::delete(identities::table.find((scheme_number, reference))).execute(c))?;
    Ok(())
}
