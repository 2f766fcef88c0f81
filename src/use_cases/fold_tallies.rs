//! Folding: acknowledged responses become part of the tallies, in large batches, scheme by scheme.

use super::change_people::fold_people;
use crate::app::App;
use crate::storage::{StorageError, responses};

/// The most responses folded in one transaction.
const BATCH: i64 = 4000;
/// After so many people at once, storage is tidied.
const MANY: usize = 1000;

/// Folds everything that is stored and not yet folded when it begins. What arrives meanwhile is left for the next time, so that
/// a reader never waits for more than what was acknowledged before it asked.
pub fn fold_tallies(app: &App) -> Result<(), StorageError> {
    let (mut failed, mut folded) = (None, 0);
    for (scheme_number, last) in app.store.read(responses::unfolded_schemes)? {
        // One scheme that cannot be folded must not keep the others waiting.
        match fold_scheme(app, scheme_number, &last) {
            Ok(people) => folded += people,
            Err(error) => {
                tracing::error!(%error, scheme_number, "folding a scheme failed");
                failed = Some(error);
            }
        }
    }
    if folded >= MANY
        && let Err(error) = app.store.read(responses::tidy_marks)
    {
        tracing::debug!(%error, "tidying was left for the next time"); // nothing that counts depends on it
    }
    failed.map_or(Ok(()), Err)
}

/// Folds what is marked up to the response `last`; gives how many people's.
fn fold_scheme(app: &App, scheme_number: i64, last: &str) -> Result<usize, StorageError> {
    let mut folded = 0;
    loop {
        let persons = app.store.read(|db| responses::unfolded_people(db, scheme_number, last, BATCH))?;
        if persons.is_empty() {
            return Ok(folded);
        }
        app.store.write(|db| fold_people(app, db, scheme_number, &persons))?;
        folded += persons.len();
    }
}
