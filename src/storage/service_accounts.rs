//! Service accounts and the keys with which they sign in.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;

use super::audit::Recorded;
use super::connection::on;
use super::schema::{service_accounts, service_keys};
use super::{Db, StorageError, directory};
use crate::domain::service_account::{Scope, Service};

/// A service account.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = service_accounts, treat_none_as_default_value = false)]
pub struct ServiceAccountRow {
    /// Its id.
    pub id: String,
    /// The scheme it is bound to; none = all schemes.
    pub scheme_number: Option<i64>,
    /// What the system is called.
    pub name: String,
    /// Its scopes' names, with spaces between.
    pub scopes: String,
    /// Tokens of an earlier epoch are refused.
    pub session_epoch: i64,
    /// The last day on which it works.
    pub ends_on: Option<NaiveDate>,
    /// The account that made it.
    pub created_by: String,
    /// When it was made.
    pub created_at: NaiveDateTime,
    /// When it was revoked.
    pub revoked_at: Option<NaiveDateTime>,
}

impl ServiceAccountRow {
    /// What it may do, and where. A scope that this version of the program does not know is left out.
    pub fn service(&self) -> Service {
        let scopes = self.scopes.split(' ').filter_map(Scope::parse).collect();
        Service { scheme: self.scheme_number, scopes }
    }

    /// Whether it works on `today`.
    pub fn is_open(&self, today: NaiveDate) -> bool {
        self.revoked_at.is_none() && self.ends_on.is_none_or(|last| today <= last)
    }
}

/// A key of a service account.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = service_keys, treat_none_as_default_value = false)]
pub struct ServiceKeyRow {
    /// The part of the key that names it.
    pub id: String,
    /// The service account.
    pub account_id: String,
    /// Keyed hash of the whole key.
    pub key_hash: Vec<u8>,
    /// When it was made.
    pub created_at: NaiveDateTime,
    /// When it ends, because a newer one was made.
    pub ends_at: Option<NaiveDateTime>,
    /// The last day on which somebody signed in with it.
    pub last_used_on: Option<NaiveDate>,
}

/// Every service account that was not revoked.
pub fn all(db: &mut Db) -> Result<Vec<ServiceAccountRow>, StorageError> {
    let live = || service_accounts::table.filter(service_accounts::revoked_at.is_null());
    Ok(on!(db, |c| live().order(service_accounts::id).load(c))?)
}

/// The keys of these accounts, the newest (which nothing has ended yet) first.
pub fn keys_of(db: &mut Db, accounts: &[String]) -> Result<Vec<ServiceKeyRow>, StorageError> {
    let mut keys: Vec<ServiceKeyRow> = on!(db, |c| service_keys::table
        .filter(service_keys::account_id.eq_any(accounts))
        .order((service_keys::created_at.desc(), service_keys::id))
        .load(c))?;
    keys.sort_by_key(|key| key.ends_at.is_some());
    Ok(keys)
}

/// The key with this id.
pub fn find_key(db: &mut Db, id: &str) -> Result<Option<ServiceKeyRow>, StorageError> {
    Ok(on!(db, |c| service_keys::table.find(id).get_result(c).optional())?)
}

/// Adds a service account with its first key.
pub fn insert(
    db: &mut Recorded<'_>,
    account: &ServiceAccountRow,
    key: &ServiceKeyRow,
) -> Result<(), StorageError> {
    on!(db, |c| diesel::insert_into(service_accounts::table).values(account).execute(c))?;
    on!(db, |c| diesel::insert_into(service_keys::table).values(key).execute(c))?;
    directory::touch(db)
}

/// Adds a newer key. The newest before it ends at `before_ends_at`, any older one now; with `end_tokens`, tokens that were given for
/// earlier keys are refused from now on.
pub fn rotate(
    db: &mut Recorded<'_>,
    key: &ServiceKeyRow,
    before_ends_at: Option<NaiveDateTime>,
    end_tokens: bool,
) -> Result<(), StorageError> {
    // The directory's row first: of two rotations at once, the second sees what the first has done.
    directory::touch(db)?;
    let known = keys_of(db, std::slice::from_ref(&key.account_id))?;
    let kept = known.first().filter(|_| before_ends_at.is_some()).map(|k| k.id.clone());
    let others = || service_keys::table.filter(service_keys::account_id.eq(&key.account_id));
    on!(db, |c| match &kept {
        Some(kept) => {
            diesel::delete(others().filter(service_keys::id.ne(kept))).execute(c)?;
            diesel::update(service_keys::table.find(kept))
                .set(service_keys::ends_at.eq(before_ends_at))
                .execute(c)
        }
        None => diesel::delete(others()).execute(c),
    })?;
    on!(db, |c| diesel::insert_into(service_keys::table).values(key).execute(c))?;
    if end_tokens { move_epoch(db, &key.account_id) } else { Ok(()) }
}

fn move_epoch(db: &mut Recorded<'_>, id: &str) -> Result<(), StorageError> {
    on!(db, |c| diesel::update(service_accounts::table.find(id))
        .set(service_accounts::session_epoch.eq(service_accounts::session_epoch + 1))
        .execute(c))?;
    Ok(())
}

/// Ends a service account: its keys are gone, and its tokens are refused.
pub fn revoke(db: &mut Recorded<'_>, id: &str, now: NaiveDateTime) -> Result<(), StorageError> {
    on!(db, |c| {
        diesel::delete(service_keys::table.filter(service_keys::account_id.eq(id))).execute(c)?;
        diesel::update(service_accounts::table.find(id))
            .set(service_accounts::revoked_at.eq(Some(now)))
            .execute(c)
    })?;
    move_epoch(db, id)?;
    directory::touch(db)
}

/// Notes that somebody signed in with a key on `day`.
pub fn note_used(db: &mut Recorded<'_>, id: &str, day: NaiveDate) -> Result<(), StorageError> {
    on!(db, |c| diesel::update(service_keys::table.find(id))
        .set(service_keys::last_used_on.eq(Some(day)))
        .execute(c))?;
    Ok(())
}
