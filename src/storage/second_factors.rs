//! Second factors: the sealed secret of an authenticator app, and the recovery codes for when it is lost.

use std::collections::BTreeSet;

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::audit::Recorded;
use super::connection::on;
use super::schema::{accounts, recovery_codes, second_factors};
use super::{Db, StorageError};

/// What an account shares with an authenticator app.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = second_factors)]
pub struct SecondFactorRow {
    /// The account.
    pub account_id: String,
    /// The secret, sealed.
    pub sealed: Vec<u8>,
    /// The step of the last code that was taken: that one and earlier ones are refused.
    pub last_step: i64,
    /// When it was set up.
    pub made_at: NaiveDateTime,
}

/// A recovery code.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = recovery_codes, treat_none_as_default_value = false)]
pub struct RecoveryCodeRow {
    /// The account.
    pub account_id: String,
    /// Which of its codes.
    pub number: i64,
    /// Salt of the hash, the same for all codes of an account that were made together.
    pub salt: Vec<u8>,
    /// argon2id of the code.
    pub hash: Vec<u8>,
    /// When it was used.
    pub used_at: Option<NaiveDateTime>,
}

/// The account's second factor.
pub fn find(db: &mut Db, account_id: &str) -> Result<Option<SecondFactorRow>, StorageError> {
    Ok(on!(db, |c| second_factors::table.find(account_id).get_result(c).optional())?)
}

/// How many open accounts of people have none.
pub fn count_lacking(db: &mut Db) -> Result<i64, StorageError> {
    let lacking = || {
        accounts::table
            .filter(accounts::disabled_at.is_null())
            .filter(accounts::role.ne("collector"))
            .filter(accounts::id.ne_all(second_factors::table.select(second_factors::account_id)))
    };
    Ok(on!(db, |c| lacking().count().get_result(c))?)
}

/// Accounts that have one.
pub fn accounts_with_one(db: &mut Recorded<'_>) -> Result<BTreeSet<String>, StorageError> {
    let ids: Vec<String> = on!(db, |c| second_factors::table.select(second_factors::account_id).load(c))?;
    Ok(ids.into_iter().collect())
}

/// Sets it, in place of one of before.
pub fn put(db: &mut Recorded<'_>, row: &SecondFactorRow) -> Result<(), StorageError> {
    on!(db, |c| {
        diesel::delete(second_factors::table.find(&row.account_id)).execute(c)?;
        diesel::insert_into(second_factors::table).values(row).execute(c)
    })?;
    Ok(())
}

/// Takes the code of `step`; false if that or a later one was taken already.
pub fn take_step(db: &mut Db, account_id: &str, step: i64) -> Result<bool, StorageError> {
    let changed = on!(db, |c| diesel::update(
        second_factors::table.find(account_id).filter(second_factors::last_step.lt(step))
    )
    .set(second_factors::last_step.eq(step))
    .execute(c))?;
    Ok(changed == 1)
}

/// Sets the account's recovery codes, in place of those of before.
pub fn put_codes(
    db: &mut Recorded<'_>,
    account_id: &str,
    rows: &[RecoveryCodeRow],
) -> Result<(), StorageError> {
    on!(db, |c| diesel::delete(recovery_codes::table.filter(recovery_codes::account_id.eq(account_id)))
        .execute(c))?;
    for row in rows {
        on!(db, |c| diesel::insert_into(recovery_codes::table).values(row).execute(c))?;
    }
    Ok(())
}

/// Recovery codes of the account that were not used.
pub fn unused_codes(db: &mut Db, account_id: &str) -> Result<Vec<RecoveryCodeRow>, StorageError> {
    Ok(on!(db, |c| recovery_codes::table
        .filter(recovery_codes::account_id.eq(account_id))
        .filter(recovery_codes::used_at.is_null())
        .order(recovery_codes::number)
        .load(c))?)
}

/// Uses a recovery code; false if it was used already.
pub fn take_code(db: &mut Db, code: &RecoveryCodeRow, now: NaiveDateTime) -> Result<bool, StorageError> {
    let changed = on!(db, |c| diesel::update(
        recovery_codes::table
            .find((&code.account_id, code.number))
            .filter(recovery_codes::used_at.is_null())
            .filter(recovery_codes::hash.eq(&code.hash))
    )
    .set(recovery_codes::used_at.eq(Some(now)))
    .execute(c))?;
    Ok(changed == 1)
}

/// Takes the second factor and its recovery codes away.
pub fn delete(db: &mut Recorded<'_>, account_id: &str) -> Result<(), StorageError> {
    on!(db, |c| diesel::delete(second_factors::table.find(account_id)).execute(c))?;
    put_codes(db, account_id, &[])
}
