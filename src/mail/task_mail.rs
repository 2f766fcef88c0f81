//! The mail that tells of a safeguarding task. It says neither who answered nor what: a mail can be read by others.

use chrono::NaiveDateTime;

use super::{LINK, Letter};
use crate::clock::in_words;
use crate::domain::safeguarding::{ACKNOWLEDGE_WITHIN, Turn};

/// Its kind in the outbox.
pub const KIND: &str = "safeguarding-task";

/// The mail to `name`, told of an answer given to the scheme `scheme` at `raised_at`.
pub fn letter(name: &str, turn: Turn, scheme: &str, raised_at: NaiveDateTime) -> Letter {
    let hours = ACKNOWLEDGE_WITHIN.num_hours();
    let why = match turn {
        Turn::First => format!("You get this because {scheme} has named you as a safeguarding lead."),
        Turn::Next => format!(
            "You get this because {scheme} has named you as a safeguarding lead. \
             Somebody was told before you, and has not said that they have seen it."
        ),
        Turn::Outside => format!(
            "You get this because {scheme} has named you as its contact outside the scheme. \
             Nobody in the scheme has said that they have seen it."
        ),
    };
    let whose = match turn {
        Turn::First | Turn::Next => format!(
            "To see whose answer it is, look at the tasks of {scheme} with your own account. \
             If you have none, ask another safeguarding lead of the scheme. \
             Please talk about it with nobody else before you know whose it is and who helped them answer."
        ),
        Turn::Outside => format!(
            "Then make sure that somebody at {scheme} looks at it. Its safeguarding leads can see whose answer it is."
        ),
    };
    let subject = match turn {
        Turn::First => format!("Please look today: an answer in a survey of {scheme}"),
        Turn::Next | Turn::Outside => format!("Nobody has looked yet: an answer in a survey of {scheme}"),
    };
    let paragraphs = [
        format!("Hello {name},"),
        format!(
            "Someone answered a survey of {scheme}. A person needs to look at one of their answers. \
             It came on {}.",
            in_words(raised_at)
        ),
        why,
        format!("Say here that you have seen this and will act on it:\n{LINK}"),
        whose,
        format!("If nobody says so within {hours} hours, the next person is told."),
        "If you think that someone is in danger now, call 999.".to_owned(),
        "This mail does not say who answered, or what they said, because other people may see it. \
         It was sent by a computer program. Nobody reads replies to it."
            .to_owned(),
    ];
    Letter { subject, body: paragraphs.join("\n\n") }
}
