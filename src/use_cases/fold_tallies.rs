//! Folding: acknowledged responses become part of the tallies, in large batches, scheme by scheme.

use super::change_people::fold_people;
use crate::app::App;
use crate::storage::{StorageError, responses};

/// The most responses folded in one transaction.
const BATCH: i64 = 4000;

/// Folds everything that is stored and not yet folded when it begins. What arrives meanwhile is left for the next time, so that
/// a reader never waits for more than what was acknowledged before it asked.
pub fn fold_tallies(app: &App) -> Result<(), StorageError> {
    for (scheme_number, last) in app.store.read(responses::unfolded_schemes)? {
        loop {
            let persons = app.store.read(|db| responses::unfolded_people(db, scheme_number, &last, BATCH))?;
            if persons.is_empty() {
                break;
            }
            app.store.write(|db| fold_people(app, db, scheme_number, &persons))?;
        }
    }
    Ok(())
}
