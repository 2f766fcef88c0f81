//! “Help now”: the scheme's named contact, and the numbers of its nation. On every page, in the same place.

use crate::app::App;
use crate::domain::answering::Look;
use crate::domain::definition::{Nation, said};
use crate::web::words::Words;

/// What “Help now” holds.
pub(in crate::web::pages) struct Help {
    /// Whether the scheme is for practice, which every page says.
    pub(in crate::web::pages) practice: bool,
    /// Words and telephone number of the scheme's contact.
    pub(in crate::web::pages) scheme: Option<Line>,
    pub(in crate::web::pages) danger: Option<Line>,
    pub(in crate::web::pages) others: Vec<Line>,
}

/// Whom to call.
pub(in crate::web::pages) struct Line {
    pub(in crate::web::pages) name: String,
    pub(in crate::web::pages) text: String,
    pub(in crate::web::pages) number: String,
    /// The number as a telephone takes it.
    pub(in crate::web::pages) dial: String,
}

impl Line {
    fn new(name: &str, text: &str, number: &str) -> Self {
        let dial = number.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect();
        Self { name: name.to_owned(), text: text.to_owned(), number: number.to_owned(), dial }
    }
}

impl Help {
    /// Help for a scheme and the council a person belongs to; without them, only what holds in every nation.
    pub(in crate::web::pages) fn of(app: &App, place: Option<(i64, &str)>, look: &Look) -> Self {
        let language = look.language.as_str();
        let w = Words::of(&look.rendition, language);
        let directory = app.directory();
        let scheme = place.and_then(|(number, _)| directory.scheme_by_number(number));
        let practice = scheme.is_some_and(|s| s.about.practice);
        let contact = scheme.and_then(|s| s.contacts.help.as_ref().map(|h| (s, h)));
        let scheme_line = contact.map(|(scheme, help)| {
            let words = w.with("help_scheme", &[("name", &help.name), ("scheme", &scheme.about.name)]);
            Line::new(&words, "", &help.phone)
        });
        let nations = app.nations();
        let here = place.and_then(|(_, council)| {
            nations.iter().find(|n| app.registry.areas.lies_within(council, &n.code))
        });
        let Some(nation) = here.or_else(|| nations.first()) else {
            return Self { practice, scheme: scheme_line, danger: None, others: Vec::new() };
        };
        let everywhere = |id: &str| nations.iter().all(|n: &Nation| n.advice.iter().any(|a| a.id == id));
        let emergency = &nation.emergency;
        Self {
            practice,
            scheme: scheme_line,
            danger: Some(Line::new(w.t("help_danger"), said(&emergency.text, language), &emergency.number)),
            others: nation
                .advice
                .iter()
                .filter(|a| here.is_some() || everywhere(&a.id))
                .map(|a| Line::new(said(&a.name, language), said(&a.text, language), &a.number))
                .collect(),
        }
    }
}
