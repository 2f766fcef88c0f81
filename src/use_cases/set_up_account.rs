//! One's own account: setting it up by a link, a forgotten password, another password. And the links and mails for that.

use chrono::TimeDelta;

use super::manage_accounts::account_event;
use super::sealing::seal_mail;
use super::sign_in::by_holder;
use super::staff_sessions::{Entered, StaffSession, end_everywhere, enter, first_need, replaced};
use super::{Refusal, event};
use crate::app::App;
use crate::domain::audit::{Act, By, NATIONAL, Target, TargetKind};
use crate::domain::fault::Fault;
use crate::domain::password;
use crate::mail::account_mail::{self, Change};
use crate::mail::{Addressed, Letter};
use crate::passwords::Match;
use crate::storage::account_links::{self, AccountLinkRow};
use crate::storage::accounts::{self, AccountRow};
use crate::storage::outbox::{self, MailRow};
use crate::storage::{StorageError, audit, staff_sessions};

/// How long a link that sets an account up leads anywhere.
const SET_UP_WITHIN: TimeDelta = TimeDelta::days(7);
/// How long a link for a forgotten password does.
const RESET_WITHIN: TimeDelta = TimeDelta::hours(1);
/// The longest name, in characters.
const LONGEST_NAME: usize = 80;
const RESET: &str = "reset";
const SET_UP: &str = "set-up";

/// A link that still leads somewhere.
#[derive(Debug, Clone)]
pub struct AccountLink {
    /// The account.
    pub account: AccountRow,
    /// Whether it is for a forgotten password; else it sets an account up.
    pub is_reset: bool,
    id: String,
}

/// A new link that sets `account_id` up.
pub(super) fn set_up_link(app: &App, account_id: &str) -> AccountLinkRow {
    new_link(app, account_id, SET_UP, SET_UP_WITHIN)
}

/// A new link with which the holder of `account_id` chooses a password after a lost second factor was taken away.
pub(super) fn link_after_reset(app: &App, account_id: &str) -> AccountLinkRow {
    new_link(app, account_id, RESET, SET_UP_WITHIN)
}

fn new_link(app: &App, account_id: &str, purpose: &str, within: TimeDelta) -> AccountLinkRow {
    AccountLinkRow {
        id: app.new_id(),
        account_id: account_id.to_owned(),
        purpose: purpose.to_owned(),
        ends_at: app.now() + within,
        used_at: None,
    }
}

/// The full address of a link.
pub(super) fn address_of(app: &App, link_id: &str) -> String {
    app.link(&format!("/set-up/{}", app.secrets.account_code(link_id)))
}

/// A mail to the holder of an account.
pub(super) fn tell_account(app: &App, account: &AccountRow, letter: Letter) -> Result<MailRow, StorageError> {
    mail_to(app, account, account_mail::NOTICE, letter, None)
}

/// A mail to the holder of an account; its link is filled in when it is sent.
pub(super) fn mail_to(
    app: &App,
    account: &AccountRow,
    kind: &str,
    letter: Letter,
    link: Option<&AccountLinkRow>,
) -> Result<MailRow, StorageError> {
    let mail = Addressed::plainly(account.called(), &account.email, letter);
    Ok(MailRow { task_id: link.map(|l| l.id.clone()), ..seal_mail(app, None, kind, &mail)? })
}

/// The link that `code` stands for, if it still leads somewhere.
pub fn find_account_link(app: &App, code: &str) -> Result<Option<AccountLink>, Refusal> {
    let Some(id) = app.secrets.read_account_code(code) else { return Ok(None) };
    let found = app.store.read(|db| account_links::find(db, &id))?;
    let Some(link) = found.filter(|l| l.used_at.is_none() && l.ends_at > app.now()) else { return Ok(None) };
    app.directory.refresh(&app.store)?;
    let account = app.directory().account(&link.account_id).cloned();
    Ok(account.map(|account| AccountLink { account, is_reset: link.purpose == RESET, id }))
}

/// Uses a link: sets the name (where it sets an account up) and the password, and lets the person in, where a code or the set-up of
/// an app still waits for them. None if the link leads nowhere any more.
pub fn use_account_link(
    app: &App,
    code: &str,
    name: &str,
    typed: &str,
    browser: &str,
) -> Result<Option<Entered>, Refusal> {
    let Some(link) = find_account_link(app, code)? else { return Ok(None) };
    let named = !link.is_reset;
    let name = name.trim();
    let mut faults: Vec<Fault> = named.then(|| name_fault(name)).flatten().into_iter().collect();
    faults.extend(password::fault(typed, &link.account.email, name));
    if !faults.is_empty() {
        return Err(Refusal::Invalid(faults));
    }
    let hash = app.passwords.hash(typed)?;
    let now = app.now();
    let id = &link.account.id;
    let mail = tell_account(app, &link.account, account_mail::changed(&link.account, Change::Password, now))?;
    let what = if link.is_reset { "password" } else { "set-up" };
    let changed = account_event(app, &link.account, By::MailLink, Act::AccountChanged).code("what", what);
    let taken = app.store.write(|db| {
        if !account_links::take(db, &link.id, now)? {
            return Ok(false);
        }
        let db = &mut audit::record(db, &changed)?;
        accounts::set_up(db, id, named.then_some(name), &hash)?;
        end_everywhere(db, id)?;
        // Who sets an account up knows that they did.
        if link.is_reset {
            outbox::insert(db, &[&mail])?
        }
        Ok(true)
    })?;
    app.directory.refresh(&app.store)?;
    let account = app.directory().account(id).filter(|_| taken).cloned();
    account.map(|account| enter(app, &account, first_need(app, &account)?, browser)).transpose()
}

fn name_fault(name: &str) -> Option<Fault> {
    let sound = (1..=LONGEST_NAME).contains(&name.chars().count()) && !name.chars().any(char::is_control);
    let detail = format!("Write your name, as others know you: at most {LONGEST_NAME} characters.");
    (!sound).then(|| Fault { pointer: "/name".into(), code: "name", detail })
}

/// Mails a link for a forgotten password, if there is such an account. It does the same work if there is none, and takes that back.
pub fn ask_for_reset(app: &App, email: &str) -> Result<(), Refusal> {
    app.directory.refresh(&app.store)?;
    let directory = app.directory();
    let found = directory.account_by_email(&email.trim().to_lowercase());
    let nobody = super::manage_accounts::blank(
        app,
        "nobody@localhost.localdomain",
        &crate::domain::access::Role::Analyst,
    );
    let account = found.unwrap_or(&nobody);
    let link = new_link(app, &account.id, RESET, RESET_WITHIN);
    let mail =
        mail_to(app, account, account_mail::LINK_TO_ACCOUNT, account_mail::reset(account), Some(&link))?;
    let target = found.map_or_else(Target::nothing, |a| Target::of(TargetKind::Account, &a.id));
    let chain = account.scheme_number.unwrap_or(NATIONAL);
    let asked = event(app, chain, By::Stranger, Act::PasswordForgotten, target);
    Ok(app.store.write(|db| {
        let db = &mut audit::record(db, &asked)?;
        account_links::insert(db, &link)?;
        outbox::insert(db, &[&mail])?;
        if found.is_none() {
            account_links::delete_of(db, &account.id)?;
            outbox::take_back(db, &mail.id)?;
        }
        Ok(())
    })?)
}

/// Changes one's own password; every other session ends. Gives the browser's new token.
pub fn change_password(
    app: &App,
    session: &StaffSession,
    current: &str,
    new: &str,
) -> Result<String, Refusal> {
    let account = &session.account;
    let mut faults = Vec::new();
    if app.passwords.check(Some(&account.password_hash), current)? == Match::Wrong {
        let detail = "This is not your password of now.".to_owned();
        faults.push(Fault { pointer: "/current".into(), code: "wrong", detail });
    }
    faults.extend(password::fault(new, &account.email, &account.shown_name));
    if !faults.is_empty() {
        return Err(Refusal::Invalid(faults));
    }
    let hash = app.passwords.hash(new)?;
    let (token, mut row) = replaced(app, session);
    row.epoch += 1;
    let mail = tell_account(app, account, account_mail::changed(account, Change::Password, app.now()))?;
    let changed = by_holder(app, account, Act::AccountChanged).code("what", "password");
    app.store.write(|db| {
        let db = &mut audit::record(db, &changed)?;
        accounts::set_up(db, &account.id, None, &hash)?;
        end_everywhere(db, &account.id)?;
        account_links::delete_of(db, &account.id)?;
        staff_sessions::insert(db, &row, row.last_used_at)?;
        outbox::insert(db, &[&mail])
    })?;
    app.directory.refresh(&app.store)?;
    Ok(token)
}

/// A link that sets an account up, for whoever is at the command line.
pub fn show_set_up_link(app: &App, account_id: &str) -> Result<String, StorageError> {
    let link = set_up_link(app, account_id);
    let directory = app.directory();
    let shown = directory
        .any_account(account_id)
        .map(|a| account_event(app, a, By::CommandLine, Act::AccountChanged).code("what", "link-shown"));
    app.store.write(|db| match &shown {
        Some(shown) => audit::record(db, shown).and_then(|mut db| account_links::insert(&mut db, &link)),
        None => Ok(()),
    })?;
    Ok(address_of(app, &link.id))
}
