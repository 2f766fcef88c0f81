//! The mail that invites somebody, and the one that reminds them. Own mail may say what it is about; what others may read, or a supporter
//! passes on, names neither questions nor answers.

use super::{Addressed, LINK, Letter, Recipient};
use crate::domain::identity::Whose;

/// The kind of a message that invites, in the outbox.
pub const INVITATION: &str = "invitation";
/// The kind of a message that reminds.
pub const REMINDER: &str = "reminder";

/// The kind of what is sent as this reminder, or as the invitation itself.
pub fn kind(reminder: Option<usize>) -> &'static str {
    if reminder.is_some() { REMINDER } else { INVITATION }
}

/// The mail to somebody; none if there is no address.
pub fn mail(to: &Recipient<'_>) -> Option<Addressed> {
    let letter = letter(to);
    let address = to.identity.email.as_deref()?;
    Some(Addressed { dress: to.dress(), ..Addressed::plainly(to.reader(), address, letter) })
}

/// Its words.
pub fn letter(to: &Recipient<'_>) -> Letter {
    let words = to.words();
    let again = to.reminder.is_some();
    let (subject, mut body) = match &to.identity.contact {
        Whose::Own => (
            words.say(if again { "subject_own_again" } else { "subject_own" }),
            vec![
                words.say("hello"),
                words.say(if again { "own_again" } else { "own_about" }),
                words.say("own_choice"),
                words.say("own_help"),
            ],
        ),
        Whose::Shared => (words.say("subject_shared"), vec![words.say("hello"), words.say("shared_about")]),
        Whose::Supporter { .. } => (
            words.say("subject_supporter"),
            vec![words.say("hello_supporter"), words.say("supporter_about"), words.say("supporter_pass_on")],
        ),
    };
    let is_own = to.identity.contact == Whose::Own;
    if again && !is_own {
        body.push(words.say("neutral_again"));
    }
    body.push(format!("{}:\n{LINK}", words.say(if is_own { "open_own" } else { "open_neutral" })));
    body.push(words.say("until"));
    body.push(to.no_more(&words));
    body.push(words.say("by_program"));
    Letter { subject, body: body.join("\n\n") }
}
