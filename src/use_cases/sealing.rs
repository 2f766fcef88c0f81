//! What is sealed before it is stored, and opened for those who may read it: people's own words, names and addresses.
//!
//! Of answers only the words are sealed, in place; what is coded stays as it is, so that counting needs no key.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::app::App;
use crate::domain::answering::Draft;
use crate::domain::identity::Identity;
use crate::domain::question::{Answer, Missing};
use crate::domain::safeguarding::Told;
use crate::domain::submission::Submission;
use crate::mail::Addressed;
use crate::sealed::{Column, Place, Sealed, Unreadable};
use crate::storage::audit::Recorded;
use crate::storage::drafts::DraftRow;
use crate::storage::invitations::InvitationRow;
use crate::storage::outbox::{self, MailRow};
use crate::storage::responses::ResponseRow;
use crate::storage::sealed_columns::{
    DRAFT_BODY, EVENT_BODY, IDENTITY, MAIL_ADDRESS, MAIL_BODY, MAIL_NAME, MAIL_SUBJECT, RESPONSE_BODY,
    TASK_SEEN_BY, TASK_TOLD, row_of,
};
use crate::storage::tasks::TaskRow;
use crate::storage::{Db, StorageError, identities};
use crate::vault::{NATIONAL, Vault};

/// The place of a whole value.
pub(super) fn place<'a>(column: &'static Column, scheme: i64, row: &'a str) -> Place<'a> {
    Place { column, scheme, row, part: "" }
}

/// An answer with its words sealed for `place`, whose part is the item.
fn seal_answer(vault: &Vault, place: &Place<'_>, answer: &mut Answer) -> Result<(), StorageError> {
    if let Answer::Words { words } = answer {
        *answer = Answer::Sealed { sealed: vault.seal(place, words)?.into_text() };
    }
    Ok(())
}

/// An answer with its words open. Words whose key was destroyed stay sealed.
///
/// # Errors
///
/// [`Unreadable::Changed`], if they are not what was sealed there.
fn open_answer(vault: &Vault, place: &Place<'_>, answer: &mut Answer) -> Result<(), StorageError> {
    if let Answer::Sealed { sealed } = answer {
        match vault.open(place, &Sealed::stored(sealed.clone())) {
            Ok(words) => *answer = Answer::Words { words },
            Err(StorageError::Sealed(_, Unreadable::Destroyed)) => {}
            Err(other) => return Err(other),
        }
    }
    Ok(())
}

/// The stored form of a response's body.
pub(super) fn response_body(
    app: &App,
    scheme: i64,
    id: &str,
    submission: &Submission,
) -> Result<String, StorageError> {
    if !submission.answers.values().any(|a| matches!(a, Answer::Words { .. })) {
        return Ok(serde_json::to_string(submission)?);
    }
    let mut sealed = submission.clone();
    for (item, answer) in &mut sealed.answers {
        let place = Place { part: item, ..place(&RESPONSE_BODY, scheme, id) };
        seal_answer(&app.vault, &place, answer)?;
    }
    Ok(serde_json::to_string(&sealed)?)
}

/// A response as it was said, with the person's own words. Words whose key was destroyed stay sealed.
pub fn open_response(app: &App, row: &ResponseRow) -> Result<Submission, StorageError> {
    let mut submission: Submission = serde_json::from_str(&row.body)?;
    for (item, answer) in &mut submission.answers {
        let place = Place { part: item, ..place(&RESPONSE_BODY, row.scheme_number, &row.id) };
        open_answer(&app.vault, &place, answer)?;
    }
    Ok(submission)
}

/// What one item of a response says, with the reason where its words cannot be read.
pub(super) fn open_item(
    app: &App,
    row: &ResponseRow,
    submission: &Submission,
    item: &str,
) -> Result<Result<Option<Answer>, Unreadable>, StorageError> {
    let mut answer = submission.answers.get(item).cloned();
    let place = Place { part: item, ..place(&RESPONSE_BODY, row.scheme_number, &row.id) };
    match answer.as_mut().map_or(Ok(()), |answer| open_answer(&app.vault, &place, answer)) {
        Ok(()) if matches!(answer, Some(Answer::Sealed { .. })) => Ok(Err(Unreadable::Destroyed)),
        Ok(()) => Ok(Ok(answer)),
        Err(StorageError::Sealed(_, why)) => Ok(Err(why)),
        Err(other) => Err(other),
    }
}

/// Words that nobody can read again are no answer any more.
pub(super) fn without_destroyed(submission: &mut Submission) {
    for answer in submission.answers.values_mut().filter(|a| matches!(a, Answer::Sealed { .. })) {
        *answer = Answer::Missing { missing: Missing::Skipped };
    }
}

/// What a response said before, as its history keeps it. Words that cannot be read stay unreadable: they must not keep anybody from
/// withdrawing or correcting.
pub(super) fn event_body(app: &App, row: &ResponseRow) -> Result<String, StorageError> {
    if !row.body.contains("\"sealed\"") {
        return Ok(row.body.clone());
    }
    let mut submission: Submission = serde_json::from_str(&row.body)?;
    let event = row_of(&row.id, &row.revision.to_string());
    for (item, answer) in &mut submission.answers {
        let old = Place { part: item, ..place(&RESPONSE_BODY, row.scheme_number, &row.id) };
        match open_answer(&app.vault, &old, answer) {
            Ok(()) => {
                let new = Place { part: item, ..place(&EVENT_BODY, row.scheme_number, &event) };
                seal_answer(&app.vault, &new, answer)?;
            }
            Err(StorageError::Sealed(..)) => {}
            Err(other) => return Err(other),
        }
    }
    Ok(serde_json::to_string(&submission)?)
}

/// The stored form of a draft.
pub(super) fn draft_body(app: &App, scheme: i64, id: &str, draft: &Draft) -> Result<String, StorageError> {
    if !draft.answers.values().any(|given| matches!(given.answer, Answer::Words { .. })) {
        return Ok(serde_json::to_string(draft)?);
    }
    let mut sealed = draft.clone();
    for (item, given) in &mut sealed.answers {
        let place = Place { part: item, ..place(&DRAFT_BODY, scheme, id) };
        seal_answer(&app.vault, &place, &mut given.answer)?;
    }
    Ok(serde_json::to_string(&sealed)?)
}

/// A draft as it was said. Words whose key was destroyed are asked for again.
pub fn open_draft(app: &App, row: &DraftRow) -> Result<Draft, StorageError> {
    let mut draft: Draft = serde_json::from_str(&row.body)?;
    for (item, given) in &mut draft.answers {
        let place = Place { part: item, ..place(&DRAFT_BODY, row.scheme_number, &row.id) };
        open_answer(&app.vault, &place, &mut given.answer)?;
    }
    draft.answers.retain(|_, given| !matches!(given.answer, Answer::Sealed { .. }));
    Ok(draft)
}

/// Something as JSON, sealed whole.
pub(super) fn seal_json<T: Serialize + ?Sized>(
    vault: &Vault,
    place: &Place<'_>,
    value: &T,
) -> Result<Sealed, StorageError> {
    vault.seal(place, &serde_json::to_string(value)?)
}

/// Who was told of a task, sealed.
pub(super) fn seal_told(app: &App, scheme: i64, task: &str, told: &[Told]) -> Result<Sealed, StorageError> {
    seal_json(&app.vault, &place(&TASK_TOLD, scheme, task), told)
}

/// Who was told of a task; nobody that is known any more, if the scheme's key was destroyed.
pub(crate) fn told_of(app: &App, task: &TaskRow) -> Result<Vec<Told>, StorageError> {
    match app.vault.open(&place(&TASK_TOLD, task.scheme_number, &task.id), &task.told) {
        Ok(text) => Ok(serde_json::from_str(&text)?),
        Err(StorageError::Sealed(_, Unreadable::Destroyed)) => Ok(Vec::new()),
        Err(other) => Err(other),
    }
}

/// The name or address of who has seen a task, sealed.
pub(crate) fn seal_seen_by(app: &App, scheme: i64, task: &str, by: &str) -> Result<Sealed, StorageError> {
    app.vault.seal(&place(&TASK_SEEN_BY, scheme, task), by)
}

/// Who has seen a task.
pub(super) fn seen_by(app: &App, task: &TaskRow) -> Result<Option<String>, StorageError> {
    let Some(by) = &task.acknowledged_by else { return Ok(None) };
    match app.vault.open(&place(&TASK_SEEN_BY, task.scheme_number, &task.id), by) {
        Ok(name) => Ok(Some(name)),
        Err(StorageError::Sealed(_, Unreadable::Destroyed)) => Ok(None),
        Err(other) => Err(other),
    }
}

/// A mail about `scheme`, or about none, sealed and ready for the outbox: to be tried at once.
pub(super) fn seal_mail(
    app: &App,
    scheme: Option<i64>,
    kind: &str,
    mail: &Addressed,
) -> Result<MailRow, StorageError> {
    seal(app, scheme, kind, mail, false)
}

/// The same for a message about an invitation of a scheme, which keeps how it is laid out.
pub(super) fn seal_message(
    app: &App,
    invitation: &InvitationRow,
    kind: &str,
    mail: &Addressed,
) -> Result<MailRow, StorageError> {
    let row = seal(app, Some(invitation.scheme_number), kind, mail, true)?;
    Ok(MailRow { invitation_id: Some(invitation.id.clone()), ..row })
}

fn seal(
    app: &App,
    scheme: Option<i64>,
    kind: &str,
    mail: &Addressed,
    dressed: bool,
) -> Result<MailRow, StorageError> {
    let (now, id) = (app.now(), app.new_id());
    let seal = |column, text: &str| app.vault.seal(&place(column, scheme.unwrap_or(NATIONAL), &id), text);
    Ok(MailRow {
        scheme_number: scheme,
        kind: kind.into(),
        task_id: None,
        step: None,
        to_name: seal(&MAIL_NAME, &mail.to_name)?,
        to_address: seal(&MAIL_ADDRESS, &mail.to_address)?,
        subject: seal(&MAIL_SUBJECT, &mail.subject)?,
        body: seal(&MAIL_BODY, &mail.stored_body(dressed)?)?,
        created_at: now,
        next_try_at: Some(now),
        attempts: 0,
        sent_at: None,
        failed_at: None,
        last_error: None,
        way: outbox::MAIL.into(),
        invitation_id: None,
        reminder: None,
        stopped_at: None,
        id,
    })
}

/// Who a participant is, if that is known and its key was not destroyed.
pub(super) fn identity_of(
    app: &App,
    db: &mut Recorded<'_>,
    scheme: i64,
    reference: &str,
) -> Result<Option<Identity>, StorageError> {
    let sealed = identities::find(db, scheme, reference)?;
    sealed.map_or(Ok(None), |sealed| open_identity(app, scheme, reference, &sealed))
}

/// Who those of these participants are of whom it is known and the key was not destroyed, by reference. Whoever calls records it, if it
/// is shown.
pub(super) fn identities_of(
    app: &App,
    db: &mut Db,
    scheme: i64,
    references: &[String],
) -> Result<BTreeMap<String, Identity>, StorageError> {
    let mut known = BTreeMap::new();
    for (reference, sealed) in identities::of_people(db, scheme, references)? {
        let identity = open_identity(app, scheme, &reference, &sealed)?;
        known.extend(identity.map(|identity| (reference, identity)));
    }
    Ok(known)
}

fn open_identity(
    app: &App,
    scheme: i64,
    reference: &str,
    sealed: &Sealed,
) -> Result<Option<Identity>, StorageError> {
    match app.vault.open(&place(&IDENTITY, scheme, reference), sealed) {
        Ok(text) => Ok(Some(serde_json::from_str(&text)?)),
        Err(StorageError::Sealed(_, Unreadable::Destroyed)) => Ok(None),
        Err(other) => Err(other),
    }
}

/// What a mail in the outbox says, and to whom.
pub fn open_mail(app: &App, row: &MailRow) -> Result<Addressed, StorageError> {
    let scheme = row.scheme_number.unwrap_or(NATIONAL);
    let open = |column, sealed: &Sealed| app.vault.open(&place(column, scheme, &row.id), sealed);
    let (body, dress) = Addressed::read_stored(open(&MAIL_BODY, &row.body)?, row.invitation_id.is_some())?;
    Ok(Addressed {
        to_name: open(&MAIL_NAME, &row.to_name)?,
        to_address: open(&MAIL_ADDRESS, &row.to_address)?,
        subject: open(&MAIL_SUBJECT, &row.subject)?,
        body,
        dress,
    })
}
