//! How many answers each version of a questionnaire has.

use std::collections::BTreeMap;

use super::{Refusal, allow};
use crate::app::App;
use crate::domain::access::{Action, Actor};
use crate::domain::area::Level;
use crate::storage::responses;

/// Responses that are not withdrawn, by questionnaire and version; those of practice schemes are left out.
pub fn count_by_version(app: &App, actor: &Actor) -> Result<BTreeMap<(String, String), i64>, Refusal> {
    allow(app, actor, Action::ManageSchemes)?;
    let directory = app.directory();
    let mut counts = BTreeMap::new();
    for row in app.store.read(responses::count_by_version)? {
        let scheme = directory.scheme_by_number(row.scheme_number);
        if scheme.is_some_and(|scheme| scheme.counts_at(Level::Uk)) {
            *counts.entry((row.questionnaire, row.version)).or_insert(0) += row.number;
        }
    }
    Ok(counts)
}
