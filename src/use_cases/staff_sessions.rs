//! Staff on pages: signing in with password and code, what a session is, and ending it.

use chrono::TimeDelta;

use super::Refusal;
use super::api_tokens::acts_as;
use super::second_factor::{check_code, has_factor};
use super::sign_in::{by_holder, check_password, refused};
use crate::app::App;
use crate::domain::access::Actor;
use crate::domain::audit::Act;
use crate::passwords::Match;
use crate::storage::StorageError;
use crate::storage::accounts::{self, AccountRow};
use crate::storage::audit::{self, Recorded};
use crate::storage::remembered_devices::{self, DeviceRow};
use crate::storage::staff_sessions::{self, StaffSessionRow};

/// A session that is not used for so long ends: a tablet that was left lying.
const IDLE: TimeDelta = TimeDelta::hours(2);
/// A session ends after a working day in any case.
const LONGEST: TimeDelta = TimeDelta::hours(12);
/// How long somebody may take to give the code, or to set up an app.
const UNFINISHED: TimeDelta = TimeDelta::minutes(30);
/// How long a password or a code counts as given just now.
const JUST_NOW: TimeDelta = TimeDelta::minutes(10);
/// How long a browser is remembered.
const REMEMBERED: TimeDelta = TimeDelta::days(30);
/// When a session was last used is kept this exactly.
const NOTED_EVERY: TimeDelta = TimeDelta::minutes(1);

/// What is still to be done before somebody is signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needs {
    /// Nothing.
    Nothing,
    /// Give a code.
    Code,
    /// Set up a second factor.
    Factor,
}

impl Needs {
    fn stored(self) -> &'static str {
        match self {
            Self::Nothing => "",
            Self::Code => "code",
            Self::Factor => "factor",
        }
    }

    fn read(stored: &str) -> Self {
        match stored {
            "" => Self::Nothing,
            "factor" => Self::Factor,
            _ => Self::Code,
        }
    }
}

/// A browser in which somebody is signed in, or on the way there.
#[derive(Debug, Clone)]
pub struct StaffSession {
    /// Who acts.
    pub actor: Actor,
    /// Their account.
    pub account: AccountRow,
    /// The session as it is stored.
    pub row: StaffSessionRow,
    /// What is still to be done.
    pub needs: Needs,
}

/// Somebody whose password was right.
#[derive(Debug, Clone)]
pub struct Entered {
    /// The browser's token.
    pub token: String,
    /// What is still to be done.
    pub needs: Needs,
    /// Who it is.
    pub actor: Actor,
}

/// Signs a member of staff in on pages. `device` is the token by which the browser is remembered.
pub fn sign_in_staff(
    app: &App,
    email: &str,
    password: &str,
    browser: &str,
    device: Option<&str>,
) -> Result<Entered, Refusal> {
    let account = check_password(app, email, password)?;
    let mut needs = first_need(app, &account)?;
    if needs == Needs::Code && is_remembered(app, &account, device)? {
        needs = Needs::Nothing;
    }
    enter(app, &account, needs, browser)
}

/// What somebody with this account must still do after the right password.
pub(super) fn first_need(app: &App, account: &AccountRow) -> Result<Needs, StorageError> {
    Ok(match has_factor(app, &account.id)? {
        true => Needs::Code,
        // The demo's accounts protect nothing: their password is printed.
        false if app.demo => Needs::Nothing,
        false => Needs::Factor,
    })
}

/// Begins a session.
pub(super) fn enter(
    app: &App,
    account: &AccountRow,
    needs: Needs,
    browser: &str,
) -> Result<Entered, Refusal> {
    let actor = acts_as(account)?;
    let (token, row) = new_session(app, account, needs, browser);
    let now = app.now();
    let entered = match needs {
        Needs::Nothing => by_holder(app, account, Act::SignedIn).code("way", "pages"),
        Needs::Code | Needs::Factor => by_holder(app, account, Act::PasswordGiven),
    };
    app.store.write(|db| staff_sessions::insert(&mut audit::record(db, &entered)?, &row, now))?;
    Ok(Entered { token, needs, actor })
}

fn new_session(app: &App, account: &AccountRow, needs: Needs, browser: &str) -> (String, StaffSessionRow) {
    let (token, token_hash) = app.secrets.new_staff_session();
    let now = app.now();
    let row = StaffSessionRow {
        token_hash,
        id: app.new_id(),
        account_id: account.id.clone(),
        epoch: account.session_epoch,
        needs: needs.stored().into(),
        browser: browser.to_owned(),
        began_at: now,
        last_used_at: now,
        proved_at: now,
        ends_at: now + if needs == Needs::Nothing { LONGEST } else { UNFINISHED },
    };
    (token, row)
}

/// The whole session that follows a session after a proof, under a new token. A session that was whole does not get longer by it.
pub(super) fn replaced(app: &App, session: &StaffSession) -> (String, StaffSessionRow) {
    let (token, row) = new_session(app, &session.account, Needs::Nothing, &session.row.browser);
    let whole = session.needs == Needs::Nothing;
    let (began_at, ends_at) =
        if whole { (session.row.began_at, session.row.ends_at) } else { (row.began_at, row.ends_at) };
    (token, StaffSessionRow { began_at, ends_at, ..row })
}

/// Puts the new session in place of the old one; nothing if that is over.
fn replace(
    db: &mut Recorded<'_>,
    old: &StaffSession,
    new: &StaffSessionRow,
) -> Result<Option<()>, StorageError> {
    if !staff_sessions::delete(db, &old.row.token_hash)? {
        return Ok(None);
    }
    staff_sessions::insert(db, new, new.last_used_at).map(Some)
}

/// Who is signed in with this token, or on the way there.
pub fn staff_of(app: &App, token: &str) -> Result<Option<StaffSession>, Refusal> {
    let hash = app.secrets.read_staff_session(token);
    let Some(row) = app.store.read(|db| staff_sessions::find(db, &hash))? else { return Ok(None) };
    let now = app.now();
    let directory = app.directory();
    let account = directory
        .account(&row.account_id)
        .filter(|a| a.session_epoch == row.epoch && row.ends_at > now && now - row.last_used_at < IDLE);
    let Some(account) = account.cloned() else { return Ok(None) };
    if now - row.last_used_at >= NOTED_EVERY {
        app.store.write(|db| staff_sessions::touch(db, &hash, now))?;
    }
    Ok(Some(StaffSession { actor: acts_as(&account)?, account, needs: Needs::read(&row.needs), row }))
}

/// Takes the code of somebody whose password was right: the browser's new token and, if it is to be remembered, the token for that.
pub fn enter_code(
    app: &App,
    session: &StaffSession,
    typed: &str,
    remember: bool,
) -> Result<Option<(String, Option<String>)>, Refusal> {
    if session.needs != Needs::Code {
        return Ok(None);
    }
    if !check_code(app, &session.account.id, typed)? {
        app.store.write(|db| audit::record(db, &refused(app, &session.account, "code")).map(drop))?;
        return Ok(None);
    }
    let (token, row) = replaced(app, session);
    let now = app.now();
    let device = (remember && session.actor.role.may_remember_devices()).then(|| {
        let (token, token_hash) = app.secrets.new_staff_session();
        let row = DeviceRow {
            token_hash,
            id: app.new_id(),
            account_id: session.account.id.clone(),
            epoch: session.account.session_epoch,
            browser: session.row.browser.clone(),
            began_at: now,
            last_used_at: now,
            ends_at: now + REMEMBERED,
        };
        (token, row)
    });
    let signed_in = by_holder(app, &session.account, Act::SignedIn)
        .code("way", "pages")
        .code("remembered", if device.is_some() { "yes" } else { "no" });
    let act = |db: &mut Recorded<'_>| {
        if let Some((_, row)) = &device {
            remembered_devices::insert(db, row, now)?;
        }
        replace(db, session, &row)
    };
    let there = app.store.write(|db| audit::record_if(db, &signed_in, act))?;
    if there.is_some() {
        Ok(Some((token, device.map(|(token, _)| token))))
    } else {
        Err(Refusal::NotSignedIn)
    }
}

/// Whether this browser is remembered for the account.
fn is_remembered(app: &App, account: &AccountRow, device: Option<&str>) -> Result<bool, StorageError> {
    let Some(token) = device else { return Ok(false) };
    let (hash, now) = (app.secrets.read_staff_session(token), app.now());
    let found = app.store.read(|db| remembered_devices::find(db, &hash))?;
    let known = found
        .is_some_and(|d| d.account_id == account.id && d.epoch == account.session_epoch && d.ends_at > now);
    if known {
        app.store.write(|db| remembered_devices::touch(db, &hash, now))?;
    }
    Ok(known)
}

/// Whether this browser is remembered for the account with this address: then others' wrong passwords do not make it wait.
pub fn knows_device(app: &App, email: &str, device: Option<&str>) -> Result<bool, Refusal> {
    let directory = app.directory();
    match directory.account_by_email(&email.trim().to_lowercase()) {
        Some(account) => Ok(is_remembered(app, account, device)?),
        None => Ok(false),
    }
}

/// Takes the password, or a code, of somebody who is signed in once more. Gives the browser's new token, if it was right.
pub fn prove(
    app: &App,
    session: &StaffSession,
    password: &str,
    code: &str,
) -> Result<Option<String>, Refusal> {
    let right = if code.trim().is_empty() {
        app.passwords.check(Some(&session.account.password_hash), password)? != Match::Wrong
    } else {
        check_code(app, &session.account.id, code)?
    };
    if !right {
        app.store.write(|db| audit::record(db, &refused(app, &session.account, "proof")).map(drop))?;
        return Ok(None);
    }
    let (token, row) = replaced(app, session);
    let proved = by_holder(app, &session.account, Act::Proved);
    let there = app.store.write(|db| audit::record_if(db, &proved, |db| replace(db, session, &row)))?;
    if there.is_some() { Ok(Some(token)) } else { Err(Refusal::NotSignedIn) }
}

/// Whether a password or a code was given in this session just now.
pub fn is_proved(app: &App, session: &StaffSession) -> bool {
    app.now() - session.row.proved_at < JUST_NOW
}

/// Sessions and remembered browsers of the account.
pub fn list_sessions(
    app: &App,
    session: &StaffSession,
) -> Result<(Vec<StaffSessionRow>, Vec<DeviceRow>), Refusal> {
    let (id, epoch, now) = (&session.account.id, session.account.session_epoch, app.now());
    let (sessions, devices) = app.store.read(|db| {
        Ok((staff_sessions::of_account(db, id, epoch)?, remembered_devices::of_account(db, id, epoch, now)?))
    })?;
    let alive = |s: &StaffSessionRow| s.ends_at > now && now - s.last_used_at < IDLE;
    Ok((sessions.into_iter().filter(alive).collect(), devices))
}

/// Ends a session of one's own, or forgets a browser, by its id.
pub fn end_session_or_device(app: &App, session: &StaffSession, id: &str) -> Result<(), Refusal> {
    let account = &session.account.id;
    let changed = by_holder(app, &session.account, Act::AccountChanged).code("what", "session");
    Ok(app.store.write(|db| {
        let mut db = audit::record(db, &changed)?;
        staff_sessions::delete_by_id(&mut db, account, id)?;
        remembered_devices::delete_by_id(&mut db, account, id)
    })?)
}

/// Ends every session, token and remembered browser of the account but this session. Gives the browser's new token.
pub fn end_other_sessions(app: &App, session: &StaffSession) -> Result<String, Refusal> {
    let id = &session.account.id;
    let (token, row) = replaced(app, session);
    let row = StaffSessionRow { epoch: row.epoch + 1, proved_at: session.row.proved_at, ..row };
    let changed = by_holder(app, &session.account, Act::AccountChanged).code("what", "sessions");
    app.store.write(|db| {
        let mut db = audit::record(db, &changed)?;
        accounts::end_sessions(&mut db, id)?;
        end_everywhere(&mut db, id)?;
        staff_sessions::insert(&mut db, &row, row.last_used_at)
    })?;
    app.directory.refresh(&app.store)?;
    Ok(token)
}

/// Takes sessions and remembered browsers of an account away; the caller moves the account's epoch in the same transaction.
pub(super) fn end_everywhere(db: &mut Recorded<'_>, account_id: &str) -> Result<(), StorageError> {
    staff_sessions::delete_of(db, account_id)?;
    remembered_devices::delete_of(db, account_id)
}

/// Signs out.
pub fn end_staff_session(app: &App, token: &str) -> Result<(), Refusal> {
    let hash = app.secrets.read_staff_session(token);
    app.store.write(|db| staff_sessions::delete(db, &hash))?;
    Ok(())
}
