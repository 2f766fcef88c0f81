//! Writing to somebody who is asked, by the way in which they are asked: what goes into the outbox, and what is lacking for it.

use std::sync::atomic::Ordering;

use super::event;
use super::sealing::seal_message;
use crate::app::App;
use crate::domain::audit::{Act, By, Event, Target, TargetKind};
use crate::domain::identity::{Channel, Identity};
use crate::domain::scheme::Scheme;
use crate::mail::{Recipient, invitation_mail, invitation_text};
use crate::storage::invitations::InvitationRow;
use crate::storage::outbox::{self, MailRow};
use crate::storage::{Db, StorageError, audit};

/// How a message gets to somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Way {
    /// By e-mail.
    Email,
    /// By text message.
    Text,
    /// By a letter, on a visit, or in no way that this program knows: somebody does it.
    ByHand,
}

impl Way {
    /// Its name in the API.
    pub fn code(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Text => "text",
            Self::ByHand => "by-hand",
        }
    }

    /// The way in which what stands in the outbox goes.
    pub(super) fn of(row: &MailRow) -> Self {
        if row.way == outbox::TEXT { Self::Text } else { Self::Email }
    }
}

/// What is lacking to ask somebody in their way: code and words, if anything is.
pub(super) fn lacking(identity: Option<&Identity>) -> Option<(&'static str, &'static str)> {
    let Some(identity) = identity else {
        return Some((
            "contact-missing",
            "It is not known how this person is asked. Enter their name and how they are asked.",
        ));
    };
    let number = || identity.mobile.as_deref().and_then(invitation_text::international);
    match identity.channel {
        Channel::Email if identity.email.is_none() => Some((
            "email-missing",
            "The person is asked by e-mail, and there is no e-mail address. Enter one, or another way to ask them.",
        )),
        Channel::Text if identity.mobile.is_none() => Some((
            "mobile-missing",
            "The person is asked by text message, and there is no mobile number. Enter one, or another way to ask them.",
        )),
        Channel::Text if number().is_none() => Some((
            "bad-mobile",
            "The person is asked by text message, and their mobile number cannot be one. It looks like 07700 900123.",
        )),
        Channel::Letter if identity.address.is_none() => Some((
            "address-missing",
            "The person is asked by letter, and there is no postal address. Enter one, or another way to ask them.",
        )),
        _ => None,
    }
}

/// Somebody who is asked through `row`.
pub(super) fn recipient<'a>(
    scheme: &'a Scheme,
    row: &InvitationRow,
    identity: &'a Identity,
    language: Option<&'a str>,
    reminder: Option<usize>,
) -> Recipient<'a> {
    Recipient { scheme, identity, language, ends_on: row.ends_on, reminder }
}

/// The message to somebody, for the outbox; none if it is for somebody to do by hand. `row` is what they are asked by.
pub(super) fn message(
    app: &App,
    row: &InvitationRow,
    to: &Recipient<'_>,
) -> Result<Option<MailRow>, StorageError> {
    let (way, written) = match to.identity.channel {
        Channel::Email => (outbox::MAIL, invitation_mail::mail(to)),
        Channel::Text if app.sends_texts.load(Ordering::Relaxed) => (outbox::TEXT, invitation_text::text(to)),
        Channel::Text | Channel::Letter | Channel::Visit | Channel::None => return Ok(None),
    };
    let Some(written) = written else { return Ok(None) };
    let sealed = seal_message(app, row, invitation_mail::kind(to.reminder), &written)?;
    let reminder = to.reminder.and_then(|number| i64::try_from(number).ok());
    Ok(Some(MailRow { way: way.into(), reminder, ..sealed }))
}

/// What is written down of a message to somebody.
pub(super) fn written(app: &App, by: impl Into<By>, row: &InvitationRow, message: &MailRow) -> Event {
    let target = Target::of(TargetKind::Invitation, &row.id);
    let written = event(app, row.scheme_number, by, Act::MessageWritten, target);
    let written = written.code("participant", &app.secrets.pseudonym(row.scheme_number, &row.person));
    written.code("way", &message.way).number("reminder", message.reminder.unwrap_or(0))
}

/// Puts messages into the outbox, each with what is written down of it.
pub(super) fn put(db: &mut Db, messages: &[(Event, MailRow)]) -> Result<(), StorageError> {
    if messages.is_empty() {
        return Ok(());
    }
    let events: Vec<Event> = messages.iter().map(|(event, _)| event.clone()).collect();
    let db = &mut audit::record_all(db, &events)?;
    outbox::insert(db, &messages.iter().map(|(_, row)| row).collect::<Vec<_>>())
}
