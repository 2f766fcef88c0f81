//! The letter that invites somebody: its words, and what stands where.

use chrono::NaiveDate;

use super::Recipient;
use super::words::written_day;
use crate::domain::identity::Whose;
use crate::pdf::Letter;

/// The letter to somebody, written on `today`, with the link and the code of their invitation; `typed_address` is where the code is typed.
pub fn letter(to: &Recipient<'_>, today: NaiveDate, link: &str, code: &str, typed_address: &str) -> Letter {
    let words = to.words();
    let is_own = to.identity.contact == Whose::Own;
    let again = to.reminder.is_some();
    let mut before = match &to.identity.contact {
        Whose::Own => vec![
            words.say("hello"),
            words.say(if again { "own_again" } else { "own_about" }),
            format!("{} {}", words.say("own_choice"), words.say("own_help")),
        ],
        Whose::Shared => vec![words.say("hello"), words.say("shared_about")],
        Whose::Supporter { .. } => {
            vec![words.say("hello_supporter"), words.say("supporter_about"), words.say("supporter_pass_on")]
        }
    };
    if again && !is_own {
        before.push(words.say("neutral_again"));
    }
    before.push(words.say("letter_two_ways"));
    let keep = words.say(if is_own { "letter_keep" } else { "letter_keep_neutral" });
    Letter {
        language: to.speaks().code(),
        large: to.needs("large-print"),
        sender: to.scheme.shown_name(),
        date: written_day(today, to.speaks()),
        address: address(to),
        title: words.say(if is_own { "letter_own" } else { "letter_neutral" }),
        before,
        with_phone: words.say("letter_phone"),
        with_computer: words.say("letter_computer"),
        typed_address: typed_address.to_owned(),
        then_code: words.say("letter_code"),
        code: code.to_owned(),
        after: vec![format!("{} {keep}", words.say("until")), to.no_more(&words)],
        link: link.to_owned(),
        square: words.say("letter_square"),
    }
}

/// Name and address of whoever opens it; the name alone where it is handed over.
fn address(to: &Recipient<'_>) -> Vec<String> {
    let mut lines = vec![to.reader().to_owned()];
    if let Some(address) = &to.identity.address {
        lines.extend(address.lines.iter().cloned());
        lines.extend(address.postcode.clone());
    }
    lines
}
