//! Signing in for API clients: a password and a code for a short-lived token.

use super::Refusal;
use super::api_tokens::{SignedIn, issue};
use super::second_factor::{check_code, has_factor};
use crate::app::App;
use crate::passwords::{self, Match};
use crate::storage::accounts::{self, AccountRow};

/// The open account with this address and password. A hash of less work than today's is made anew.
pub(super) fn check_password(app: &App, email: &str, password: &str) -> Result<AccountRow, Refusal> {
    app.directory.refresh(&app.store)?;
    let directory = app.directory();
    let account = directory.account_by_email(&email.trim().to_lowercase());
    let matched = passwords::check(account.map(|a| a.password_hash.as_str()), password)?;
    let account = account.filter(|_| matched != Match::Wrong).cloned().ok_or(Refusal::NotSignedIn)?;
    if matched == Match::RightButWeak {
        let hash = passwords::hash(password)?;
        app.store.write(|db| accounts::rehash(db, &account.id, &account.password_hash, &hash))?;
        app.directory.refresh(&app.store)?;
    }
    Ok(account)
}

/// Exchanges an address, a password and, where the account has a second factor, a code for a token. An account without one gets a
/// token only if the command line said so, or in a demo.
pub fn sign_in(app: &App, email: &str, password: &str, code: Option<&str>) -> Result<SignedIn, Refusal> {
    let account = check_password(app, email, password)?;
    match (has_factor(app, &account.id)?, code) {
        (true, None) => return Err(Refusal::CodeNeeded),
        (true, Some(code)) if !check_code(app, &account.id, code)? => return Err(Refusal::NotSignedIn),
        (false, _) if !account.api_without_code && !app.demo => return Err(Refusal::SecondFactorMissing),
        _ => {}
    }
    issue(app, &account)
}
