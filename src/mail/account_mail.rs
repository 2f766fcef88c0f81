//! Mails about accounts of staff: the link that sets one up, the link for a forgotten password, and what was changed.

use chrono::NaiveDateTime;

use super::{LINK, Letter};
use crate::clock::in_words;
use crate::storage::accounts::AccountRow;

/// The kind of a mail with a link that sets a password.
pub const LINK_TO_ACCOUNT: &str = "account-link";
/// The kind of a mail that only tells.
pub const NOTICE: &str = "account-notice";

const BY_PROGRAM: &str = "This mail was sent by a computer program. Nobody reads replies to it.";

/// What was changed in an account.
#[derive(Debug, Clone, Copy)]
pub enum Change {
    /// Its password.
    Password,
    /// Its authenticator app.
    Factor,
    /// Its recovery codes.
    Codes,
    /// Its role: what it is now.
    Role(&'static str),
}

fn letter(subject: &str, account: &AccountRow, paragraphs: &[String]) -> Letter {
    let hello = match account.shown_name.as_str() {
        "" => "Hello,".to_owned(),
        name => format!("Hello {name},"),
    };
    let body: Vec<&str> = [hello.as_str()]
        .into_iter()
        .chain(paragraphs.iter().map(String::as_str))
        .chain([BY_PROGRAM])
        .collect();
    Letter { subject: subject.to_owned(), body: body.join("\n\n") }
}

/// To somebody whom `by` has invited as `role` of `place`.
pub fn invitation(account: &AccountRow, by: &str, role: &str, place: Option<&str>) -> Letter {
    let of = place.map(|place| format!(" of {place}")).unwrap_or_default();
    let paragraphs = [
        format!("{by} has made an account for you on Key Human Indicators. Your role is: {role}{of}."),
        format!("Set up your account here. It takes about five minutes, and you need your phone:\n{LINK}"),
        "You will choose a password and connect an authenticator app, which shows a new code every 30 seconds. Any such app will do.".to_owned(),
        "The link works once and for seven days. After that, ask for a new one. If you did not expect this mail, do nothing.".to_owned(),
    ];
    letter("Set up your account on Key Human Indicators", account, &paragraphs)
}

/// To somebody who has asked for a new password.
pub fn reset(account: &AccountRow) -> Letter {
    let paragraphs = [
        "Somebody, probably you, asked for a new password for your account on Key Human Indicators.".to_owned(),
        format!("Choose a new password here:\n{LINK}"),
        "The link works once and for one hour. When you sign in, you will still be asked for a code from your authenticator app.".to_owned(),
        "If it was not you, do nothing: your password stays as it is.".to_owned(),
    ];
    letter("Choose a new password", account, &paragraphs)
}

/// Tells the holder that something about how they sign in was changed.
pub fn changed(account: &AccountRow, change: Change, at: NaiveDateTime) -> Letter {
    let (subject, what) = match change {
        Change::Password => ("Your password was changed", "the password was changed".to_owned()),
        Change::Factor => {
            ("An authenticator app was connected", "an authenticator app was connected".to_owned())
        }
        Change::Codes => (
            "You have new recovery codes",
            "new recovery codes were made. The old ones no longer work".to_owned(),
        ),
        Change::Role(role) => ("Your role was changed", format!("the role was changed. It is now: {role}")),
    };
    let paragraphs = [
        format!("In your account on Key Human Indicators, on {}, {what}.", in_words(at)),
        "If you know of this, there is nothing to do. If not, tell your scheme's lead or the national team at once.".to_owned(),
    ];
    letter(subject, account, &paragraphs)
}

/// Tells `to` that `by` took the lost second factor of `account` away, after a check.
pub fn factor_reset(
    to: &AccountRow,
    account: &AccountRow,
    by: &AccountRow,
    check: &str,
    at: NaiveDateTime,
) -> Letter {
    let paragraphs = [
        format!(
            "On {}, {} ({}) took the authenticator app of the account of {} ({}) away, because it was said to be lost.",
            in_words(at), by.called(), by.email, account.called(), account.email
        ),
        format!("How this was checked: {check}"),
        match to.id == account.id {
            true => format!(
                "All your sessions have ended, and your password no longer works. Choose a new one here, and then connect a new app:\n{LINK}\n\nThe link works once and for seven days."
            ),
            false => "All sessions of the account have ended, and its password no longer works. A link to choose a new one, and then to connect a new app, was sent to its holder.".to_owned(),
        },
        "If you did not ask for this, or do not know of it, tell the national team at once.".to_owned(),
    ];
    letter("An authenticator app was taken away from an account", to, &paragraphs)
}
