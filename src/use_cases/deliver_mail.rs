//! Delivering what is in the outbox: each mail once, or tried again, or given up and said so.
//!
//! A mail is taken from the outbox for [`CLAIM`] before it is carried, so that of several processes one tries it. If the process ends
//! between the mail server's “250” and the mark that it was sent, the mail goes out once more after that time, with the same Message-ID.

use super::sealing::open_mail;
use super::set_up_account::address_of;
use crate::app::App;
use crate::mail::account_mail;
use crate::mail::{CLAIM, Carrier, GIVE_UP_AFTER, Outcome, pause_after, to_message};
use crate::storage::outbox::{self, MailRow};
use crate::storage::{Db, StorageError, tasks};

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
    /// Whether nothing can be delivered just now.
    pub unreachable: bool,
}

/// Tries what is to be tried by now, up to [`ROUND`] mails.
pub fn deliver_mail(app: &App, carrier: &Carrier) -> Result<Round, StorageError> {
    let mut round = Round::default();
    while round.sent + round.postponed + round.failed < ROUND && !round.unreachable {
        let mails = take(app, carrier.at_once())?;
        if mails.is_empty() {
            break;
        }
        let mut outcomes = Vec::with_capacity(mails.len());
        for mail in mails {
            let outcome = if round.unreachable {
                Outcome::Later("nothing could be delivered".into(), true)
            } else {
                carry(app, carrier, &mail)
            };
            round.unreachable |= matches!(outcome, Outcome::Later(_, true));
            outcomes.push((mail, outcome));
        }
        let (now, mut counted) = (app.now(), round);
        app.store.write(|db| {
            counted = round;
            outcomes.iter().try_for_each(|(mail, outcome)| note(db, mail, outcome, now, &mut counted))
        })?;
        outcomes.iter().for_each(|(mail, outcome)| report(mail, outcome, now));
        round = counted;
    }
    Ok(round)
}

/// Takes mails from the outbox; nobody else tries them meanwhile.
fn take(app: &App, most: i64) -> Result<Vec<MailRow>, StorageError> {
    let now = app.now();
    if app.store.read(|db| outbox::waiting(db, now, 1))?.is_empty() {
        return Ok(Vec::new());
    }
    app.store.write(|db| {
        let mut taken = Vec::new();
        for mail in outbox::waiting(db, now, most)? {
            if outbox::claim(db, &mail, now + CLAIM)? {
                taken.push(MailRow { attempts: mail.attempts + 1, ..mail });
            }
        }
        Ok(taken)
    })
}

fn carry(app: &App, carrier: &Carrier, mail: &MailRow) -> Outcome {
    let link = match (mail.scheme_number, &mail.task_id, mail.step) {
        (Some(number), Some(task), Some(step)) => {
            app.link(&format!("/task/{}", app.secrets.task_code(number, task, step)))
        }
        (_, Some(link), _) if mail.kind == account_mail::LINK_TO_ACCOUNT => address_of(app, link),
        _ => app.public_url.clone(),
    };
    let words = match open_mail(app, mail) {
        Ok(words) => words,
        Err(StorageError::Sealed(_, why)) => return Outcome::Never(format!("it cannot be opened: {why}")),
        Err(error) => return Outcome::Later(error.to_string(), false),
    };
    match to_message(&mail.id, mail.created_at, &words, &carrier.sender, &link) {
        Some(message) => carrier.carry(&mail.id, &message),
        None => Outcome::Never("its address cannot be used".into()),
    }
}

/// Whether a mail that could not be delivered now is given up.
fn is_too_old(mail: &MailRow, now: chrono::NaiveDateTime) -> bool {
    now - mail.created_at >= GIVE_UP_AFTER
}

fn note(
    db: &mut Db,
    mail: &MailRow,
    outcome: &Outcome,
    now: chrono::NaiveDateTime,
    round: &mut Round,
) -> Result<(), StorageError> {
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
fn report(mail: &MailRow, outcome: &Outcome, now: chrono::NaiveDateTime) {
    let (id, kind, attempts) = (&mail.id, &mail.kind, mail.attempts);
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
