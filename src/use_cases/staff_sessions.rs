//! Staff on pages: signing in, and handing a tablet over, which ends their session.

use chrono::TimeDelta;

use super::answer_pages::sit_down;
use super::sign_in::{acts_as, check_password, signed_in};
use super::{Refusal, WayIn, allow, find_way_in};
use crate::app::App;
use crate::domain::access::{Action, Actor};
use crate::domain::answering::{Length, Visit};
use crate::storage::audit;
use crate::storage::staff_sessions::{self, StaffSessionRow};

/// How long a session lasts: a working day.
const HOURS: i64 = 10;

/// Signs a member of staff in on pages; gives the browser's token.
pub fn sign_in_staff(app: &App, email: &str, password: &str) -> Result<String, Refusal> {
    let account = check_password(app, email, password)?;
    let (token, token_hash) = app.secrets.new_staff_session();
    let now = app.now();
    let row = StaffSessionRow {
        token_hash,
        account_id: account.id.clone(),
        epoch: account.session_epoch,
        ends_at: now + TimeDelta::hours(HOURS),
    };
    let signed_in = signed_in(app, &account, "pages");
    app.store.write(|db| staff_sessions::insert(&mut audit::record(db, &signed_in)?, &row, now))?;
    Ok(token)
}

/// Who is signed in with this token.
pub fn staff_of(app: &App, token: &str) -> Result<Option<Actor>, Refusal> {
    let hash = app.secrets.read_staff_session(token);
    let Some(session) = app.store.read(|db| staff_sessions::find(db, &hash))? else { return Ok(None) };
    let directory = app.directory();
    let account = directory
        .account(&session.account_id)
        .filter(|a| a.session_epoch == session.epoch && session.ends_at > app.now());
    account.map(acts_as).transpose()
}

/// Signs out.
pub fn end_staff_session(app: &App, token: &str) -> Result<(), Refusal> {
    let hash = app.secrets.read_staff_session(token);
    Ok(app.store.write(|db| staff_sessions::delete(db, &hash))?)
}

/// How a collector will help the person to whom the tablet is handed.
#[derive(Debug, Clone)]
pub struct HelpOnVisit {
    /// What the collector is to the person.
    pub role: String,
    /// `read`, `wrote`; nothing = the person presses alone.
    pub help: Vec<String>,
    /// Whether the collector gives the person support.
    pub gives_support: bool,
}

/// Hands the tablet over: opens the survey that `typed` leads to for this browser, and ends the collector's session.
/// Gives the token for the person; none if the code leads nowhere, or to a scheme that is not the collector's.
pub fn hand_over(
    app: &App,
    actor: &Actor,
    token: &str,
    typed: &str,
    help: &HelpOnVisit,
) -> Result<Option<String>, Refusal> {
    let WayIn::Ready(entry) = find_way_in(app, typed)? else { return Ok(None) };
    let directory = app.directory();
    let scheme = directory.scheme_by_number(entry.scheme_number);
    let allowed = scheme.is_some_and(|s| allow(app, actor, Action::SubmitResponse(s)).is_ok());
    if !allowed {
        return Ok(None);
    }
    let sitting = sit_down(app, &entry, None, Length::All, |draft| {
        draft.origin.visit = Some(Visit { account: actor.account.clone() });
        draft.help_on_visit(&help.role, help.help.clone(), help.gives_support);
    })?;
    end_staff_session(app, token)?;
    Ok(Some(sitting))
}
