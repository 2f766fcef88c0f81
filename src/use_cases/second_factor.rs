//! The second factor: codes of an authenticator app, and recovery codes for when it is lost.

use super::sign_in::by_holder;
use super::staff_sessions::{Needs, StaffSession, replaced};
use super::{Refusal, tell_account};
use crate::app::App;
use crate::domain::audit::Act;
use crate::domain::totp;
use crate::mail::account_mail::{self, Change};
use crate::secrets::{Secrets, random};
use crate::storage::second_factors::{self, RecoveryCodeRow, SecondFactorRow};
use crate::storage::{StorageError, audit, outbox, staff_sessions};

/// How many recovery codes an account has.
const RECOVERY_CODES: usize = 10;

/// A second factor that was set up.
pub struct FactorSet {
    /// The browser's new token.
    pub token: String,
    /// Recovery codes, shown this once.
    pub codes: Vec<String>,
}

/// Whether the account has a second factor.
pub fn has_factor(app: &App, account_id: &str) -> Result<bool, StorageError> {
    Ok(app.store.read(|db| second_factors::find(db, account_id))?.is_some())
}

/// The secret offered to the authenticator app in this session.
pub fn offered_secret(app: &App, session: &StaffSession) -> Vec<u8> {
    app.secrets.offered_factor(&session.row.token_hash)
}

/// Sets the offered secret as second factor, if `typed` is a code of it; the session is a whole one from then on, under a new token.
pub fn set_up_factor(app: &App, session: &StaffSession, typed: &str) -> Result<Option<FactorSet>, Refusal> {
    let secret = offered_secret(app, session);
    let Some(step) = totp::step_of(&secret, typed, app.clock.now().timestamp(), i64::MIN) else {
        return Ok(None);
    };
    let id = &session.account.id;
    let (codes, rows) = make_codes(app, id)?;
    let now = app.now();
    let factor = SecondFactorRow {
        account_id: id.clone(),
        sealed: app.secrets.seal(&place(id), &secret),
        last_step: step,
        made_at: now,
    };
    let (token, row) = replaced(app, session);
    let mail =
        tell_account(app, &session.account, account_mail::changed(&session.account, Change::Factor, now))?;
    let first = session.needs == Needs::Factor;
    let mut events =
        vec![by_holder(app, &session.account, Act::AccountChanged).code("what", "second-factor")];
    if first {
        events.push(by_holder(app, &session.account, Act::SignedIn).code("way", "pages"));
    }
    let done = app.store.write(|db| {
        let has_one = second_factors::find(db, id)?.is_some();
        if first && has_one || !staff_sessions::delete(db, &session.row.token_hash)? {
            return Ok(false);
        }
        let mut db = audit::record_all(db, &events)?;
        second_factors::put(&mut db, &factor)?;
        second_factors::put_codes(&mut db, id, &rows)?;
        staff_sessions::insert(&mut db, &row, now)?;
        outbox::insert(&mut db, &[&mail])?;
        Ok(true)
    })?;
    if done { Ok(Some(FactorSet { token, codes })) } else { Err(Refusal::NotSignedIn) }
}

/// Whether `typed` is a code of the account's app that was not used yet, or one of its recovery codes. It is used up.
pub(super) fn check_code(app: &App, account_id: &str, typed: &str) -> Result<bool, StorageError> {
    if let Some(code) = Secrets::read_recovery_code(typed) {
        return use_recovery_code(app, account_id, &code);
    }
    let Some(factor) = app.store.read(|db| second_factors::find(db, account_id))? else { return Ok(false) };
    let Some(secret) = app.secrets.open(&place(account_id), &factor.sealed) else {
        // Another key file: recovery codes still let its holder in.
        tracing::error!("a second factor cannot be opened with this key file; it must be connected anew");
        return Ok(false);
    };
    match totp::step_of(&secret, typed, app.clock.now().timestamp(), factor.last_step) {
        Some(step) => app.store.write(|db| second_factors::take_step(db, account_id, step)),
        None => Ok(false),
    }
}

fn use_recovery_code(app: &App, account_id: &str, code: &str) -> Result<bool, StorageError> {
    let unused = app.store.read(|db| second_factors::unused_codes(db, account_id))?;
    let Some(salt) = unused.first().map(|row| row.salt.clone()) else { return Ok(false) };
    let hash = app.passwords.slow_hash(code, &salt)?;
    let now = app.now();
    match unused.iter().find(|row| row.hash == hash) {
        Some(row) => app.store.write(|db| second_factors::take_code(db, row, now)),
        None => Ok(false),
    }
}

/// New recovery codes in place of those of before.
pub fn renew_recovery_codes(app: &App, session: &StaffSession) -> Result<Vec<String>, Refusal> {
    let id = &session.account.id;
    if !has_factor(app, id)? {
        return Err(Refusal::Forbidden);
    }
    let (codes, rows) = make_codes(app, id)?;
    let mail = tell_account(
        app,
        &session.account,
        account_mail::changed(&session.account, Change::Codes, app.now()),
    )?;
    let changed = by_holder(app, &session.account, Act::AccountChanged).code("what", "recovery-codes");
    app.store.write(|db| {
        let mut db = audit::record(db, &changed)?;
        second_factors::put_codes(&mut db, id, &rows)?;
        outbox::insert(&mut db, &[&mail])
    })?;
    Ok(codes)
}

/// How many recovery codes are left.
pub fn recovery_codes_left(app: &App, account_id: &str) -> Result<usize, StorageError> {
    Ok(app.store.read(|db| second_factors::unused_codes(db, account_id))?.len())
}

fn make_codes(app: &App, account_id: &str) -> Result<(Vec<String>, Vec<RecoveryCodeRow>), StorageError> {
    let salt = random::<16>().to_vec();
    let codes: Vec<String> = (0..RECOVERY_CODES).map(|_| Secrets::new_recovery_code()).collect();
    let mut rows = Vec::with_capacity(codes.len());
    for (number, code) in (1..).zip(&codes) {
        let hash = app.passwords.slow_hash(code, &salt)?;
        rows.push(RecoveryCodeRow {
            account_id: account_id.to_owned(),
            number,
            salt: salt.clone(),
            hash,
            used_at: None,
        });
    }
    Ok((codes, rows))
}

/// Where a sealed secret belongs: it opens for this account only.
fn place(account_id: &str) -> String {
    format!("second_factors/sealed/{account_id}")
}
