//! The words of the workspace for what storage and the API have codes for.

use crate::app::App;
use crate::domain::identity::{Channel, Identity, Whose};
use crate::domain::schedule::{EventKind, Reason};
use crate::use_cases::MessageSeen;

/// How an occasion stands.
pub(super) fn state(code: &str) -> &'static str {
    match code {
        "upcoming" => "coming up",
        "due" => "to ask now",
        "overdue" => "overdue",
        "asked" => "asked",
        "reminded" => "reminded",
        "done" => "answered",
        "held" => "on hold",
        "not-asked" => "not asked, with a reason",
        "could-not" => "could not take part",
        _ => "missed",
    }
}

/// What a survey is for.
pub(super) fn occasion(code: &str) -> &'static str {
    match code {
        "baseline" => "First survey",
        "review" => "Review",
        "exit" => "On leaving",
        _ => "One-off survey",
    }
}

/// How a person stands.
pub(super) fn status(code: &str) -> &'static str {
    match code {
        "coming" => "support has not begun",
        "supported" => "supported",
        "held" => "on hold",
        "not-asked" => "not asked",
        _ => "has left",
    }
}

/// How a return stands.
pub(in crate::web::pages) fn return_state(code: &str) -> &'static str {
    match code {
        "draft" => "Begun, and not sent in",
        "submitted" => "Sent in",
        "queried" => "You are asked something about it",
        "approved" => "Approved",
        _ => "Not sent in",
    }
}

/// A life event.
pub(super) fn event(kind: EventKind) -> &'static str {
    match kind {
        EventKind::Hospital => "In hospital",
        EventKind::Unwell => "Unwell at home",
        EventKind::Bereavement => "Somebody close has died",
        EventKind::Safeguarding => "A safeguarding concern is being looked into",
        EventKind::EndOfLife => "At the end of their life",
        EventKind::NoContact => "Asked not to be contacted",
        EventKind::MovedAway => "Moved away",
        EventKind::Death => "Died",
    }
}

/// What a life event does to asking.
pub(super) fn effect(code: &str) -> &'static str {
    match code {
        "hold" => "Nothing is sent until you say that it is over.",
        "stop" => "The person is not asked any more.",
        _ => "The person is not asked any more, and their support has ended.",
    }
}

/// A reason: as it follows “The person ”.
pub(super) fn reason(code: &str) -> &'static str {
    Reason::parse(code).map_or("", Reason::words)
}

/// How and at whose address somebody is asked.
pub(super) fn way(identity: Option<&Identity>) -> String {
    let Some(identity) = identity else { return "No contact details yet".to_owned() };
    let (channel, to) = match identity.channel {
        Channel::Email => ("By e-mail", "address"),
        Channel::Text => ("By text message", "number"),
        Channel::Letter => ("By letter", "address"),
        Channel::Visit => return "On a visit".to_owned(),
        Channel::None => return "Handed over in person".to_owned(),
    };
    match &identity.contact {
        Whose::Own => format!("{channel}, to their own {to}"),
        Whose::Shared => format!("{channel}, to an {to} they share").replace("an number", "a number"),
        Whose::Supporter { name } => format!("{channel}, to {name}, who supports them"),
    }
}

/// What became of a message, in a sentence or two.
pub(super) fn message(message: &MessageSeen) -> String {
    let by = if message.way == "text" { "text message" } else { "e-mail" };
    let words = match (message.state, message.way) {
        ("not-sent", "by-hand") => "No message: print it, or hand it over.".to_owned(),
        ("not-sent", _) => format!("The {by} is held back."),
        ("waiting", _) => format!("The {by} is on its way."),
        ("trying", _) => format!("The {by} could not be delivered yet. It is tried again."),
        ("sent", _) => format!("The {by} was sent."),
        _ => format!("The {by} could not be delivered."),
    };
    let more = message.why.iter().cloned().chain(message.to_do.iter().map(|to_do| (*to_do).to_owned()));
    // What is to be done by hand is said already.
    let more = more.filter(|_| message.way != "by-hand").map(|words| format!(" {words}"));
    more.fold(words, |all, words| all + &words)
}

/// The name of a questionnaire.
pub(super) fn questionnaire(app: &App, id: &str) -> String {
    app.registry.latest(id).map_or_else(|| id.to_owned(), |d| d.title.get("en").to_owned())
}

/// The name of an area.
pub(in crate::web::pages) fn area(app: &App, code: &str) -> String {
    app.registry.areas.get(code).map_or_else(|| code.to_owned(), |area| area.name.clone())
}

/// `1 person`, `3 people`.
pub(super) fn people(count: usize) -> String {
    if count == 1 { "1 person".to_owned() } else { format!("{count} people") }
}

/// A format in which information is needed.
pub(super) fn format(code: &str) -> &'static str {
    match code {
        "easy-read" => "Easy read",
        "large-print" => "Large print",
        "audio" => "Audio",
        "braille" => "Braille",
        "bsl" => "British Sign Language",
        "makaton" => "Makaton",
        "video" => "Video",
        "text-only-email" => "E-mail as plain text",
        "interpreter" => "An interpreter",
        "welsh" => "Welsh",
        "symbols" => "Symbols or pictures",
        _ => "Something else (say what below)",
    }
}
