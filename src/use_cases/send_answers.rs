//! Sending a draft: it becomes a response, in the same transaction in which it ends.

use chrono::NaiveDate;
use serde_json::Value;

use super::answer_pages::{Sitting, open_link_use};
use super::submit_response::{check, hashes, new_response};
use super::{Accepted, Refusal, submit_prepared};
use crate::app::App;
use crate::domain::scheme::Scheme;
use crate::storage::StorageError;
use crate::storage::drafts::DraftEnd;
use crate::storage::queue::NewResponse;

/// Sends what has been said. A second sending at the same moment finds the draft sent.
///
/// # Errors
///
/// [`Refusal::Changed`] if a page was saved since the draft was read: read it again, then send.
pub async fn send_answers(app: &App, sitting: &Sitting, address: &str) -> Result<Accepted, Refusal> {
    let mut response = to_response(app, sitting, app.today())?;
    if let Some(link) = &sitting.draft.origin.open_link {
        response.open_link = Some(open_link_use(app, link, address));
    }
    let sent = submit_prepared(app, response).await;
    app.sittings.forget(sitting.scheme_number, &sitting.id);
    sent
}

/// The response that a draft becomes.
pub(super) fn to_response(
    app: &App,
    sitting: &Sitting,
    completed_on: NaiveDate,
) -> Result<NewResponse, Refusal> {
    let directory = app.directory();
    let draft = &sitting.draft;
    let scheme = directory.scheme_by_number(sitting.scheme_number).ok_or(Refusal::Unknown(None))?;
    let council = council_on(scheme, &draft.origin.council, completed_on);
    let body = draft.to_sent(&sitting.definition, &app.registry, council, completed_on);
    let mut submission = check(app, scheme, &body).inspect_err(|refusal| {
        if let Refusal::Invalid(faults) = refusal {
            let rules: Vec<String> = faults.iter().map(|f| format!("{} {}", f.pointer, f.code)).collect();
            tracing::error!(scheme = %scheme.about.id, ?rules, "a draft cannot be sent; it is kept");
        }
    })?;
    if draft.origin.open_link.is_some() {
        submission.via = Some("open".into());
    }
    // The draft itself makes sure that it is sent once; the key is its own.
    let key = hashes(app, &format!("draft {}", sitting.id), &Value::from(sitting.id.as_str()));
    let collector = draft.origin.visit.as_ref().map(|visit| visit.account.as_str());
    let mut response = new_response(app, scheme, &submission, key, collector)?;
    response.draft = Some(DraftEnd {
        id: sitting.id.clone(),
        revision: sitting.revision,
        body: serde_json::to_string(&draft.emptied()).map_err(StorageError::from)?,
    });
    Ok(response)
}

/// The council a response counts for: the one of the invitation, or, where the scheme no longer works for it, its first one in force.
fn council_on<'a>(scheme: &'a Scheme, invited: &'a str, day: NaiveDate) -> &'a str {
    let in_force: Vec<&str> = scheme.councils_on(day).collect();
    if in_force.contains(&invited) { invited } else { in_force.first().copied().unwrap_or(invited) }
}
