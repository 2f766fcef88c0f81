//! Handing a tablet over on a visit, which ends the collector's session.

use super::answer_pages::sit_down;
use super::staff_sessions::end_staff_session;
use super::{Refusal, WayIn, allow, find_way_in};
use crate::app::App;
use crate::domain::access::{Action, Actor};
use crate::domain::answering::{Length, Visit};

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
