//! Signing in for API clients: a password and a code for a short-lived token.

use super::api_tokens::{SignedIn, issue};
use super::manage_accounts::account_event;
use super::second_factor::{check_code, has_factor};
use super::{Refusal, event};
use crate::app::App;
use crate::domain::audit::{Act, By, Event, NATIONAL, Target};
use crate::passwords::Match;
use crate::storage::accounts::{self, AccountRow};
use crate::storage::audit;

/// The open account with this address and password; that there is none is written down. A hash of less work than today's is made anew.
pub(super) fn check_password(app: &App, email: &str, password: &str) -> Result<AccountRow, Refusal> {
    app.directory.refresh(&app.store)?;
    let directory = app.directory();
    let account = directory.account_by_email(&email.trim().to_lowercase());
    let matched = app.passwords.check(account.map(|a| a.password_hash.as_str()), password)?;
    let Some(account) = account.filter(|_| matched != Match::Wrong).cloned() else {
        let refused = match account {
            Some(account) => refused(app, account, "password"),
            None => event(app, NATIONAL, By::Stranger, Act::SignInRefused, Target::nothing())
                .code("at", "password"),
        };
        app.store.write(|db| audit::record(db, &refused).map(drop))?;
        return Err(Refusal::NotSignedIn);
    };
    if matched == Match::RightButWeak {
        let hash = app.passwords.hash(password)?;
        app.store.write(|db| accounts::rehash(db, &account.id, &account.password_hash, &hash))?;
        app.directory.refresh(&app.store)?;
    }
    Ok(account)
}

/// What is written down of a sign-in that was refused at the `password` or the `code`.
pub(super) fn refused(app: &App, account: &AccountRow, at: &str) -> Event {
    account_event(app, account, By::Stranger, Act::SignInRefused).code("at", at)
}

/// What is written down of what the holder of an account does with it.
pub(super) fn by_holder(app: &App, account: &AccountRow, act: Act) -> Event {
    account_event(app, account, By::Account(account.id.clone()), act)
}

/// Exchanges an address, a password and, where the account has a second factor, a code for a token. An account without one gets a
/// token only if the command line said so, or in a demo.
pub fn sign_in(app: &App, email: &str, password: &str, code: Option<&str>) -> Result<SignedIn, Refusal> {
    let account = check_password(app, email, password)?;
    match (has_factor(app, &account.id)?, code) {
        (true, None) => return Err(Refusal::CodeNeeded),
        (true, Some(code)) if !check_code(app, &account.id, code)? => {
            app.store.write(|db| audit::record(db, &refused(app, &account, "code")).map(drop))?;
            return Err(Refusal::NotSignedIn);
        }
        (false, _) if !account.api_without_code && !app.demo => return Err(Refusal::SecondFactorMissing),
        _ => {}
    }
    let signed_in = by_holder(app, &account, Act::SignedIn).code("way", "api");
    app.store.write(|db| audit::record(db, &signed_in).map(drop))?;
    issue(app, &account.id, account.session_epoch)
}
