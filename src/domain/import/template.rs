//! A table to be filled in: each heading that is known, what goes below it, and one example.

use chrono::NaiveDate;

use crate::domain::definition::Registry;
use crate::domain::scheme::Scheme;

/// The reference of the example. A row with it is left out when the table is imported.
pub const EXAMPLE: &str = "EXAMPLE";

/// A column of the template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateColumn {
    /// Its heading.
    pub heading: &'static str,
    /// What goes below it.
    pub explained: String,
    /// What stands there in the example.
    pub example: String,
}

/// The template of a scheme, on a day: its own councils and the words that it may use.
pub fn people_template(scheme: &Scheme, registry: &Registry, today: NaiveDate) -> Vec<TemplateColumn> {
    let council =
        |code: &str| registry.areas.get(code).map_or_else(|| code.to_owned(), |area| area.name.clone());
    let councils: Vec<String> = scheme.councils_on(today).map(council).collect();
    let values = |id: &str| registry.breakdown(id).map(|b| b.values.join(", ")).unwrap_or_default();
    let first = |id: &str| registry.breakdown(id).and_then(|b| b.values.first().cloned()).unwrap_or_default();
    let example_council = councils.first().cloned().unwrap_or_default();
    let councils = if councils.len() > 1 {
        format!("Needed. One of: {}.", councils.join(", "))
    } else {
        "May stay empty: there is only one.".to_owned()
    };
    let column = |heading, explained: &str, example: &str| TemplateColumn {
        heading,
        explained: explained.to_owned(),
        example: example.to_owned(),
    };
    let listed = |words: &str, id: &str| format!("{words} One or more, with ; between: {}.", values(id));
    vec![
        column(
            "Reference",
            "Needed. Your own reference for the person: letters, digits, dots and hyphens, no name. The row EXAMPLE is left out.",
            EXAMPLE,
        ),
        column("Start date", "Needed. First day of support, day first.", "03/04/2026"),
        column("End date", "Last day of support. Empty while it goes on.", ""),
        TemplateColumn { heading: "Council", explained: councils, example: example_council },
        column(
            "Arrangement type",
            &listed("How the person is supported.", "arrangement"),
            &first("arrangement"),
        ),
        column("Support needs", &listed("What they need support with.", "need"), &first("need")),
        column("Key worker email", "The address with which the key worker signs in here.", ""),
        column("Language", "English or Welsh.", "English"),
        column(
            "Name",
            "The whole name. From here on everything is stored encrypted, apart from answers.",
            "Jo Example",
        ),
        column("Known as", "How they like to be called.", "Jo"),
        column("Email", "An e-mail address.", "jo@home.example"),
        column("Mobile", "A mobile number.", "07700 900123"),
        column("Address", "With commas between the lines.", "1 Example Street, Exampleton"),
        column("Postcode", "Of that address.", ""),
        column(
            "How to ask",
            "email, text, letter, visit or none. Empty: by e-mail, else text, else letter, as far as they are known.",
            "email",
        ),
        column(
            "Whose contact",
            "own, shared or supporter. Empty counts as shared: messages then say nothing of questions.",
            "supporter",
        ),
        column("Supporter name", "Where the contact details are a supporter’s.", "Sam Example"),
        column(
            "Formats needed",
            "Such as easy-read, large-print, audio, braille, bsl, with ; between.",
            "easy-read",
        ),
        column("Communication note", "What helps to understand each other.", "Speak slowly."),
    ]
}
