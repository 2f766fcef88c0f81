//! Mail: its words, how it becomes a message, and what carries it. What is to be sent stands in the outbox (`storage::outbox`).

pub mod account_mail;
mod carrier;
pub mod complaint_mail;
mod dress;
pub mod invitation_letter;
pub mod invitation_mail;
pub mod invitation_text;
mod message;
mod recipient;
pub mod task_mail;
pub mod words;

pub use carrier::{Carrier, Outcome};
pub use dress::Dress;
pub use message::{Sender, to_message};
pub use recipient::Recipient;

use chrono::TimeDelta;

/// Stands in the words of a mail for a link that is filled in when it is sent: what lets somebody in is stored nowhere.
pub const LINK: &str = "{khi:link}";

/// How long a process has to send a mail that it took. If it dies meanwhile, the mail is tried again after that.
/// It is much longer than all of a mail server's answers may take together.
pub const CLAIM: TimeDelta = TimeDelta::minutes(10);
/// A mail that could not be delivered for so long is given up.
pub const GIVE_UP_AFTER: TimeDelta = TimeDelta::days(3);
const FIRST_PAUSE_SECONDS: i64 = 5;
const LONGEST_PAUSE_SECONDS: i64 = 15 * 60;

/// How long to wait after so many tries: twice as long each time, and at most a quarter of an hour, so that mail goes out soon
/// after a long failure of the mail server has ended.
pub fn pause_after(attempts: i64) -> TimeDelta {
    let doublings = u32::try_from((attempts - 1).clamp(0, 20)).unwrap_or(0);
    TimeDelta::seconds((FIRST_PAUSE_SECONDS << doublings).min(LONGEST_PAUSE_SECONDS))
}

/// A mail with whom it is for: what is sealed in the outbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Addressed {
    /// Whom it is for.
    pub to_name: String,
    /// Where they read mail.
    pub to_address: String,
    /// Its subject.
    pub subject: String,
    /// Its words, with [`LINK`] where a link is filled in.
    pub body: String,
    /// How it is laid out.
    pub dress: Dress,
}

impl Addressed {
    /// `letter` to this person, laid out as mail to staff is.
    pub fn plainly(name: &str, address: &str, letter: Letter) -> Self {
        Self {
            to_name: name.to_owned(),
            to_address: address.to_owned(),
            subject: letter.subject,
            body: letter.body,
            dress: Dress::default(),
        }
    }
}

/// The words of a mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// Its subject.
    pub subject: String,
    /// Its paragraphs, with a blank line between them. A paragraph whose last line is [`LINK`] is a link with the rest as its words.
    pub body: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_a_quarter_of_an_hour() {
        let seconds: Vec<i64> =
            [0, 1, 2, 3, 8, 9, 100, i64::MAX].map(|n| pause_after(n).num_seconds()).to_vec();
        assert_eq!(seconds, [5, 5, 10, 20, 640, 900, 900, 900]);
    }
}
