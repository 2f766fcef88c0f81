//! What a link or a code leads to. Looking changes nothing, however often it is done.

use std::sync::Arc;

use chrono::{Days, NaiveDate, NaiveDateTime, NaiveTime, TimeZone};

use super::Refusal;
use crate::app::App;
use crate::domain::answering::{Draft, Look, Origin};
use crate::domain::definition::Definition;
use crate::domain::routing::About;
use crate::domain::scheme::Scheme;
use crate::storage::invitations::InvitationRow;
use crate::storage::ways_in::OpenLinkRow;
use crate::storage::{Db, StorageError, drafts, invitations, participants, ways_in};

/// How many days an answer without an invitation waits to be sent.
const DAYS_WITHOUT_INVITATION: u64 = 30;

/// What a code leads to.
pub enum WayIn {
    /// A survey that can be answered.
    Ready(Box<Entry>),
    /// It has been answered through it: there is only thanks.
    Answered(Box<Entry>),
    /// Its time is over, or the scheme closed it.
    Over(Box<Entry>),
    /// Nothing has this code.
    Unknown,
}

/// A survey as it lies before a person.
pub struct Entry {
    /// The scheme's number.
    pub scheme_number: i64,
    /// The id its draft has: the invitation's; none for an open link, where each start is a draft of its own.
    pub draft: Option<String>,
    /// Whether a draft has been begun.
    pub begun: bool,
    /// The version.
    pub definition: Arc<Definition>,
    /// Whom it is put to.
    pub origin: Origin,
    /// How the pages look at first.
    pub look: Look,
    /// Whether that is known of the participant.
    pub look_known: bool,
    /// When an unsent draft is deleted.
    pub ends_at: NaiveDateTime,
}

/// Finds what `typed` leads to.
pub fn find_way_in(app: &App, typed: &str) -> Result<WayIn, Refusal> {
    let Some((scheme_number, hash)) = app.secrets.read_way_in(typed) else { return Ok(WayIn::Unknown) };
    let directory = app.directory();
    let Some(scheme) = directory.scheme_by_number(scheme_number) else { return Ok(WayIn::Unknown) };
    Ok(app.store.read(|db| {
        let Some(code) = ways_in::find_code(db, scheme_number, &hash)? else { return Ok(WayIn::Unknown) };
        if let Some(id) = code.draft_id {
            return by_draft(app, db, scheme, &id);
        }
        match (code.invitation_id, code.open_link_id) {
            (Some(id), _) => match invitations::find(db, scheme_number, &id)? {
                Some(invitation) => by_invitation(app, db, scheme, &invitation),
                None => Ok(WayIn::Unknown),
            },
            (None, Some(id)) => match ways_in::find_open_link(db, scheme_number, &id)? {
                Some(link) => Ok(by_open_link(app, scheme, &link)),
                None => Ok(WayIn::Unknown),
            },
            (None, None) => Ok(WayIn::Unknown),
        }
    })?)
}

fn by_invitation(
    app: &App,
    db: &mut Db,
    scheme: &Scheme,
    invitation: &InvitationRow,
) -> Result<WayIn, StorageError> {
    let draft = drafts::find(db, scheme.number, &invitation.id)?;
    let pinned = match &draft {
        Some(row) => Some(serde_json::from_str::<Draft>(&row.body)?),
        None => None,
    };
    let version = pinned.as_ref().and_then(|d| d.origin.version.parse().ok());
    let definition = match version {
        Some(version) => app.registry.version(&invitation.questionnaire, version),
        None => app.registry.latest(&invitation.questionnaire),
    };
    let Some(definition) = definition else { return Ok(WayIn::Unknown) };
    let needs = participants::needs(db, scheme.number, &invitation.person)?;
    let enrolment = participants::find(db, scheme.number, std::slice::from_ref(&invitation.person))?
        .pop()
        .map(|(_, e)| e);
    let about = enrolment.map(|e| e.about_on(app.today())).unwrap_or_default();
    let origin = match pinned {
        Some(draft) => draft.origin,
        None => Origin {
            questionnaire: definition.id.clone(),
            version: definition.version.to_string(),
            scheme: scheme.about.id.clone(),
            council: invitation.council.clone(),
            unit: None,
            participant: Some(invitation.person.clone()),
            invitation: Some(invitation.id.clone()),
            open_link: None,
            occasion: invitation.occasion.clone(),
            due_on: Some(invitation.due_on),
            about,
            visit: None,
        },
    };
    let entry = Box::new(Entry {
        scheme_number: scheme.number,
        draft: Some(invitation.id.clone()),
        begun: draft.is_some(),
        definition: definition.clone(),
        origin,
        look_known: needs.is_some(),
        look: needs.unwrap_or_default().fitted(definition),
        ends_at: end_of(invitation.ends_on),
    });
    Ok(match invitation.answered_at {
        Some(_) => WayIn::Answered(entry),
        None if app.today() > invitation.ends_on => WayIn::Over(entry),
        None => WayIn::Ready(entry),
    })
}

/// A draft without an invitation, by the code that its person got on stopping.
fn by_draft(app: &App, db: &mut Db, scheme: &Scheme, id: &str) -> Result<WayIn, StorageError> {
    let Some(row) = drafts::find(db, scheme.number, id)? else { return Ok(WayIn::Unknown) };
    let draft: Draft = serde_json::from_str(&row.body)?;
    let version = draft.origin.version.parse().ok();
    let definition = version.and_then(|v| app.registry.version(&draft.origin.questionnaire, v));
    let Some(definition) = definition.cloned() else { return Ok(WayIn::Unknown) };
    let entry = Box::new(Entry {
        scheme_number: scheme.number,
        draft: Some(row.id),
        begun: true,
        definition,
        origin: draft.origin,
        look: draft.look,
        look_known: true,
        ends_at: row.ends_at,
    });
    Ok(match row.response_id {
        Some(_) => WayIn::Answered(entry),
        None if row.ends_at <= app.now() => WayIn::Over(entry),
        None => WayIn::Ready(entry),
    })
}

fn by_open_link(app: &App, scheme: &Scheme, link: &OpenLinkRow) -> WayIn {
    let Some(definition) = app.registry.latest(&link.questionnaire) else { return WayIn::Unknown };
    let entry = Box::new(Entry {
        scheme_number: scheme.number,
        draft: None,
        begun: false,
        definition: definition.clone(),
        origin: Origin {
            questionnaire: definition.id.clone(),
            version: definition.version.to_string(),
            scheme: scheme.about.id.clone(),
            council: link.council.clone(),
            unit: link.unit.clone(),
            participant: None,
            invitation: None,
            open_link: Some(link.id.clone()),
            occasion: None,
            due_on: None,
            about: About::new(),
            visit: None,
        },
        look_known: false,
        look: Look::default().fitted(definition),
        ends_at: without_invitation(app),
    });
    let over = link.closed_at.is_some() || scheme.councils_on(app.today()).next().is_none();
    if over { WayIn::Over(entry) } else { WayIn::Ready(entry) }
}

/// When a draft without an invitation ends.
pub(super) fn without_invitation(app: &App) -> NaiveDateTime {
    end_of(app.today() + Days::new(DAYS_WITHOUT_INVITATION))
}

/// The end of a day in Europe/London, in UTC.
pub(super) fn end_of(day: NaiveDate) -> NaiveDateTime {
    let midnight = day.checked_add_days(Days::new(1)).unwrap_or(day).and_time(NaiveTime::MIN);
    // Clocks never change at midnight in London, so there is always exactly one such moment; far dates fall back to UTC.
    chrono_tz::Europe::London.from_local_datetime(&midnight).single().map_or(midnight, |t| t.naive_utc())
}
