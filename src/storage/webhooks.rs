//! Webhooks of schemes, and how far each has been told: what the outbox is to mail.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::audit::Recorded;
use super::connection::on;
use super::schema::webhooks;
use super::{Db, StorageError};
use crate::domain::change::ChangeKind;

/// A webhook.
#[derive(Debug, Clone, Queryable, Insertable, AsChangeset)]
#[diesel(table_name = webhooks, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct WebhookRow {
    /// The scheme's number.
    pub scheme_number: i64,
    /// Where changes are sent.
    pub url: String,
    /// Of which kinds: their names, with spaces between.
    pub events: String,
    /// Which secret signs: moved by one with each rotation.
    pub generation: i64,
    /// When it was made.
    pub created_at: NaiveDateTime,
    /// When the secret was changed last.
    pub rotated_at: Option<NaiveDateTime>,
    /// The last change that was taken, or passed over.
    pub position: i64,
    /// The last change of the delivery that is being tried, so that every try sends the same.
    pub trying_to: Option<i64>,
    /// When it is tried next.
    pub next_try_at: NaiveDateTime,
    /// How often that delivery was tried.
    pub attempts: i64,
    /// When a delivery was taken last.
    pub delivered_at: Option<NaiveDateTime>,
    /// Since when none is taken.
    pub failing_since: Option<NaiveDateTime>,
    /// Why the last one was not taken; never what the receiver said.
    pub last_error: Option<String>,
    /// When it was given up.
    pub disabled_at: Option<NaiveDateTime>,
}

impl WebhookRow {
    /// Of which kinds of change it tells.
    pub fn events(&self) -> impl Iterator<Item = ChangeKind> {
        self.events.split(' ').filter_map(ChangeKind::parse)
    }
}

/// The webhook of a scheme.
pub fn find(db: &mut Db, scheme_number: i64) -> Result<Option<WebhookRow>, StorageError> {
    Ok(on!(db, |c| webhooks::table.find(scheme_number).get_result(c).optional())?)
}

/// Adds a scheme's webhook; false if it has one.
pub fn insert(db: &mut Recorded<'_>, row: &WebhookRow) -> Result<bool, StorageError> {
    let added =
        on!(db, |c| diesel::insert_into(webhooks::table).values(row).on_conflict_do_nothing().execute(c))?;
    Ok(added > 0)
}

/// Changes what somebody says of a webhook, as [`replace`] does.
pub fn change(db: &mut Recorded<'_>, old: &WebhookRow, new: &WebhookRow) -> Result<bool, StorageError> {
    replace(db, old, new)
}

/// Replaces a webhook, if it is still as `old`; says whether it was. Of several processes that change it, one succeeds.
pub fn replace(db: &mut Db, old: &WebhookRow, new: &WebhookRow) -> Result<bool, StorageError> {
    let same = || {
        webhooks::table
            .find(old.scheme_number)
            .filter(webhooks::url.eq(&old.url))
            .filter(webhooks::events.eq(&old.events))
            .filter(webhooks::generation.eq(old.generation))
            .filter(webhooks::position.eq(old.position))
            .filter(webhooks::attempts.eq(old.attempts))
            .filter(webhooks::next_try_at.eq(old.next_try_at))
    };
    let changed = on!(db, |c| diesel::update(same()).set(new).execute(c))?;
    Ok(changed > 0)
}

/// Takes a scheme's webhook away; says whether it had one.
pub fn delete(db: &mut Recorded<'_>, scheme_number: i64) -> Result<bool, StorageError> {
    Ok(on!(db, |c| diesel::delete(webhooks::table.find(scheme_number)).execute(c))? > 0)
}

/// Webhooks that may be tried by now.
pub fn due(db: &mut Db, now: NaiveDateTime) -> Result<Vec<WebhookRow>, StorageError> {
    let due =
        || webhooks::table.filter(webhooks::disabled_at.is_null()).filter(webhooks::next_try_at.le(now));
    Ok(on!(db, |c| due().order(webhooks::next_try_at).load(c))?)
}
