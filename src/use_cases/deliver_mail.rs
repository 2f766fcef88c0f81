//! Delivering what is in the outbox, mails and text messages: each once, or tried again, or given up and said so.
//!
//! A mail is taken from the outbox for [`CLAIM`] before it is carried, so that of several processes one tries it. If the process ends
//! between the mail server's “250” and the mark that it was sent, the mail goes out once more after that time, with the same Message-ID.
//! A message about an invitation is looked at once more when its turn has come: whoever has answered meanwhile, was taken to hospital or
//! asked not to be contacted gets nothing.

use super::sealing::open_mail;
use super::set_up_account::address_of;
use crate::app::App;
use crate::domain::schedule::Unwanted;
use crate::mail::account_mail;
use crate::mail::{Addressed, CLAIM, Carrier, GIVE_UP_AFTER, LINK, Outcome, pause_after, to_message};
use crate::storage::outbox::{self, MAIL, MailRow, TEXT};
use crate::storage::{Db, StorageError, asking, invitations, tasks};
use crate::texts::{Text, TextGateway};

/// The most mails in one round.
const ROUND: usize = 100;

/// What a round of delivering did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Round {
    /// Mails that were taken.
    pub sent: usize,
    /// Mails to be tried again.
    pub postponed: usize,
    /// Mails that were given up.
    pub failed: usize,
    /// Messages that are not wanted any more, and went nowhere.
    pub stopped: usize,
    /// Whether nothing can be delivered just now.
    pub unreachable: bool,
}

/// What became of a mail whose turn had come.
enum Fate {
    Tried(Outcome),
    Stopped(Unwanted),
}

/// Tries the mails that are to be tried by now, up to [`ROUND`].
pub fn deliver_mail(app: &App, carrier: &Carrier) -> Result<Round, StorageError> {
    deliver(app, MAIL, carrier.at_once(), |mail, words, link| {
        match to_message(&mail.id, mail.created_at, words, &carrier.sender, link) {
            Some(message) => carrier.carry(&mail.id, &message),
            None => Outcome::Never("its address cannot be used".into()),
        }
    })
}

/// Tries the text messages that are to be tried by now, up to [`ROUND`].
pub fn deliver_texts(app: &App, gateway: &dyn TextGateway) -> Result<Round, StorageError> {
    deliver(app, TEXT, 1, |mail, words, link| {
        let text =
            Text { id: mail.id.clone(), to: words.to_address.clone(), words: words.body.replace(LINK, link) };
        gateway.send(&text)
    })
}

fn deliver(
    app: &App,
    way: &str,
    at_once: i64,
    carry: impl Fn(&MailRow, &Addressed, &str) -> Outcome,
) -> Result<Round, StorageError> {
    let mut round = Round::default();
    while round.sent + round.postponed + round.failed + round.stopped < ROUND && !round.unreachable {
        let mails = take(app, way, at_once)?;
        if mails.is_empty() {
            break;
        }
        let mut fates = Vec::with_capacity(mails.len());
        for mail in mails {
            let fate = if round.unreachable {
                Fate::Tried(Outcome::Later("nothing could be delivered".into(), true))
            } else {
                attend_to(app, &mail, &carry)
            };
            round.unreachable |= matches!(fate, Fate::Tried(Outcome::Later(_, true)));
            fates.push((mail, fate));
        }
        let (now, mut counted) = (app.now(), round);
        app.store.write(|db| {
            counted = round;
            fates.iter().try_for_each(|(mail, fate)| note(db, mail, fate, now, &mut counted))
        })?;
        fates.iter().for_each(|(mail, fate)| report(mail, fate, now));
        round = counted;
    }
    Ok(round)
}

/// Takes mails from the outbox; nobody else tries them meanwhile.
fn take(app: &App, way: &str, most: i64) -> Result<Vec<MailRow>, StorageError> {
    let now = app.now();
    if app.store.read(|db| outbox::waiting(db, way, now, 1))?.is_empty() {
        return Ok(Vec::new());
    }
    app.store.write(|db| {
        let mut taken = Vec::new();
        for mail in outbox::waiting(db, way, now, most)? {
            if outbox::claim(db, &mail, now + CLAIM)? {
                taken.push(MailRow { attempts: mail.attempts + 1, ..mail });
            }
        }
        Ok(taken)
    })
}

fn attend_to(app: &App, mail: &MailRow, carry: &impl Fn(&MailRow, &Addressed, &str) -> Outcome) -> Fate {
    let words = match unwanted(app, mail) {
        Ok(Some(unwanted)) => return Fate::Stopped(unwanted),
        Ok(None) => open_mail(app, mail),
        Err(error) => Err(error),
    };
    Fate::Tried(match words {
        Ok(words) => carry(mail, &words, &link_of(app, mail)),
        Err(StorageError::Sealed(_, why)) => Outcome::Never(format!("it cannot be opened: {why}")),
        Err(error) => Outcome::Later(error.to_string(), false),
    })
}

/// Why a message about an invitation is not to go out any more, if so.
fn unwanted(app: &App, mail: &MailRow) -> Result<Option<Unwanted>, StorageError> {
    let (Some(number), Some(id)) = (mail.scheme_number, &mail.invitation_id) else { return Ok(None) };
    app.store.read(|db| {
        let Some(row) = invitations::find(db, number, id)? else { return Ok(Some(Unwanted::Revoked)) };
        let record = asking::records(db, number, std::slice::from_ref(&row.person))?.remove(&row.person);
        let Some(record) = record else { return Ok(Some(Unwanted::Revoked)) };
        let asked = record.asked.iter().find(|asked| asked.id == *id);
        Ok(asked.map_or(Some(Unwanted::Revoked), |asked| record.unwanted(asked, app.today())))
    })
}

/// What is filled in for the link in a mail's words.
fn link_of(app: &App, mail: &MailRow) -> String {
    match (mail.scheme_number, &mail.task_id, mail.step) {
        (Some(number), Some(task), Some(step)) => {
            app.link(&format!("/task/{}", app.secrets.task_code(number, task, step)))
        }
        (_, Some(link), _) if mail.kind == account_mail::LINK_TO_ACCOUNT => address_of(app, link),
        _ => match (mail.scheme_number, &mail.invitation_id) {
            (Some(number), Some(id)) => app.link(&format!("/s/{}", app.secrets.link_code(number, id))),
            _ => app.public_url.clone(),
        },
    }
}

/// Whether a mail that could not be delivered now is given up.
fn is_too_old(mail: &MailRow, now: chrono::NaiveDateTime) -> bool {
    now - mail.created_at >= GIVE_UP_AFTER
}

fn note(
    db: &mut Db,
    mail: &MailRow,
    fate: &Fate,
    now: chrono::NaiveDateTime,
    round: &mut Round,
) -> Result<(), StorageError> {
    let outcome = match fate {
        Fate::Tried(outcome) => outcome,
        Fate::Stopped(why) => {
            round.stopped += 1;
            return outbox::stop(db, &mail.id, now, why.code());
        }
    };
    match outcome {
        Outcome::Sent => {
            round.sent += 1;
            outbox::mark_sent(db, &mail.id, now)
        }
        Outcome::Later(why, _) if !is_too_old(mail, now) => {
            round.postponed += 1;
            outbox::postpone(db, &mail.id, now + pause_after(mail.attempts), why)
        }
        Outcome::Later(why, _) | Outcome::Never(why) => {
            round.failed += 1;
            outbox::mark_failed(db, &mail.id, now, why)?;
            match (mail.scheme_number, &mail.task_id, mail.step) {
                (Some(number), Some(task), Some(step)) => tasks::hurry(db, number, task, step, now),
                _ => Ok(()),
            }
        }
    }
}

/// Says in the log what became of a mail; never to whom it was.
fn report(mail: &MailRow, fate: &Fate, now: chrono::NaiveDateTime) {
    let (id, kind, attempts) = (&mail.id, &mail.kind, mail.attempts);
    let outcome = match fate {
        Fate::Tried(outcome) => outcome,
        Fate::Stopped(_) => {
            tracing::info!(mail = %id, %kind, "not wanted any more; it is not sent");
            return;
        }
    };
    match outcome {
        Outcome::Sent => tracing::info!(mail = %id, %kind, attempts, "mail sent"),
        Outcome::Later(why, _) if !is_too_old(mail, now) => {
            tracing::warn!(mail = %id, %kind, attempts, %why, "mail could not be sent; it will be tried again");
        }
        Outcome::Later(why, _) | Outcome::Never(why) => {
            tracing::error!(mail = %id, %kind, attempts, %why, "mail cannot be delivered and was given up");
        }
    }
}
