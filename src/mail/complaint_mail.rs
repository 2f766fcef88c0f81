//! The mail that tells of a complaint about data. It says neither who complains nor what about: a mail can be read by others.

use crate::domain::period::day_in_words;
use chrono::NaiveDate;

use super::{LINK, Letter};

/// Its kind in the outbox.
pub const KIND: &str = "complaint";

/// The mail to `name`, of a complaint that `scheme` (none: the national team) answers.
pub fn letter(name: &str, scheme: Option<&str>, reference: &str, acknowledge_by: NaiveDate) -> Letter {
    let whose = scheme.unwrap_or("the national team");
    let page = if scheme.is_some() { "/scheme/complaints" } else { "/national/complaints" };
    let paragraphs = [
        format!("Hello {name},"),
        format!("Somebody complained about how {whose} handles data about people. The complaint is called {reference}."),
        format!(
            "Tell the person by {} that you are looking at it, and answer without delay. That is the law (Data Protection Act 2018, section 164A).",
            day_in_words(acknowledge_by)
        ),
        format!("Sign in here, and go to {page}:\n{LINK}"),
        "This mail does not say who complained, or what about, because other people may see it. It was sent by a computer program. Nobody reads replies to it.".to_owned(),
    ];
    Letter { subject: format!("A complaint about data: {reference}"), body: paragraphs.join("\n\n") }
}
