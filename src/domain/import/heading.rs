//! Which column of a scheme's own file is what: by the names such columns usually have, never by what stands in them.

use super::names::{FACTS, NAMES};
use crate::domain::definition::Registry;

/// A part of what is known of who somebody is: kept apart from answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Identity {
    /// A whole name.
    Name,
    /// A first name.
    FirstName,
    /// A last name.
    LastName,
    /// How they like to be called.
    Called,
    /// An e-mail address.
    Email,
    /// A telephone number.
    Phone,
    /// A postal address, or a line of one.
    Address,
    /// A postcode.
    Postcode,
    /// How they are asked.
    Channel,
    /// Whose the contact details are.
    Whose,
    /// The supporter's name, where they are a supporter's.
    Supporter,
    /// Formats in which information is needed.
    Formats,
    /// What else is to be known to understand each other.
    Note,
}

impl Identity {
    /// All of them.
    pub const ALL: [Self; 13] = [
        Self::Name,
        Self::FirstName,
        Self::LastName,
        Self::Called,
        Self::Email,
        Self::Phone,
        Self::Address,
        Self::Postcode,
        Self::Channel,
        Self::Whose,
        Self::Supporter,
        Self::Formats,
        Self::Note,
    ];

    /// Its name in the API.
    pub fn code(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::FirstName => "first_name",
            Self::LastName => "last_name",
            Self::Called => "called",
            Self::Email => "email",
            Self::Phone => "phone",
            Self::Address => "address",
            Self::Postcode => "postcode",
            Self::Channel => "channel",
            Self::Whose => "contact_whose",
            Self::Supporter => "supporter",
            Self::Formats => "formats",
            Self::Note => "communication_note",
        }
    }
}

/// What a column is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Column {
    /// The scheme's own reference for the person.
    Reference,
    /// First day of support.
    SupportedFrom,
    /// Last day of support.
    SupportedTo,
    /// The council.
    Council,
    /// The kind of arrangement.
    Arrangement,
    /// When the arrangement began.
    ArrangementFrom,
    /// The key worker's e-mail address.
    Worker,
    /// The language in which the person likes to be asked.
    Language,
    /// A fact about the person: the breakdown's id.
    Fact(String),
    /// Who somebody is.
    Identity(Identity),
    /// Something that is not kept here, and should not be sent.
    NotWanted,
    /// Something that is not known here, and not read.
    NotUsed,
}

impl Column {
    /// Its name in the API.
    pub fn code(&self) -> &str {
        match self {
            Self::Reference => "reference",
            Self::SupportedFrom => "supported_from",
            Self::SupportedTo => "supported_to",
            Self::Council => "council",
            Self::Arrangement => "arrangement",
            Self::ArrangementFrom => "arrangement_from",
            Self::Worker => "worker",
            Self::Language => "language",
            Self::Fact(breakdown) => breakdown,
            Self::Identity(identity) => identity.code(),
            Self::NotWanted => "not-wanted",
            Self::NotUsed => "not-used",
        }
    }

    /// The column with this name, as somebody chose it; `not-used` leaves a column out.
    pub fn parse(code: &str, registry: &Registry) -> Option<Self> {
        let plain = [
            Self::Reference,
            Self::SupportedFrom,
            Self::SupportedTo,
            Self::Council,
            Self::Arrangement,
            Self::ArrangementFrom,
            Self::Worker,
            Self::Language,
            Self::NotUsed,
        ];
        let mut all = plain.into_iter().chain(Identity::ALL.into_iter().map(Self::Identity));
        let fact = || registry.breakdown(code).map(|b| Self::Fact(b.id.clone()));
        all.find(|c| c.code() == code).or_else(fact)
    }
}

/// How a heading was matched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Matched {
    /// It is a name that such columns have.
    Known,
    /// It is nearly one: look whether it is right.
    Close,
    /// Somebody chose it.
    Chosen,
    /// Nothing fits.
    Nothing,
}

impl Matched {
    /// Its name in the API.
    pub fn code(self) -> &'static str {
        match self {
            Self::Known => "known",
            Self::Close => "close",
            Self::Chosen => "chosen",
            Self::Nothing => "nothing",
        }
    }
}

/// A heading with what its column is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mapped {
    /// The heading as it stands in the file.
    pub heading: String,
    /// What the column is.
    pub column: Column,
    /// How that was found.
    pub how: Matched,
}

/// In lower case, letters and digits only, with single spaces between words.
pub(in crate::domain) fn plain(text: &str) -> String {
    let spaced: String = text.chars().map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect();
    let words: Vec<String> = spaced.split_whitespace().map(str::to_lowercase).collect();
    words.join(" ")
}

/// What each heading is. `choices` are (heading, column) as somebody chose them, and go before everything.
pub fn map_headings(headings: &[String], choices: &[(String, Column)], registry: &Registry) -> Vec<Mapped> {
    headings
        .iter()
        .map(|heading| {
            let words = plain(heading);
            let chosen =
                choices.iter().find(|(name, _)| plain(name) == words).map(|(_, column)| column.clone());
            let (column, how) = match chosen {
                Some(column) => (column, Matched::Chosen),
                None => find(&words, registry),
            };
            Mapped { heading: heading.clone(), column, how }
        })
        .collect()
}

fn find(words: &str, registry: &Registry) -> (Column, Matched) {
    if words.is_empty() {
        return (Column::NotUsed, Matched::Nothing);
    }
    let names = || {
        let facts = FACTS.iter().filter(|(id, _)| registry.breakdown(id).is_some());
        let facts = facts
            .flat_map(|(id, names)| names.iter().map(|n| (Column::Fact((*id).to_owned()), (*n).to_owned())));
        let own = registry.breakdowns.iter().filter(|b| b.id != "arrangement");
        let own = own.map(|b| (Column::Fact(b.id.clone()), plain(&b.id)));
        let plain =
            NAMES.iter().flat_map(|(column, names)| names.iter().map(|n| (column.clone(), (*n).to_owned())));
        plain.chain(own).chain(facts)
    };
    if let Some((column, _)) = names().find(|(_, name)| name == words) {
        return (column, Matched::Known);
    }
    // One letter wrong in a name of six or more is a slip; in a shorter one it is another word.
    let close = names().find(|(_, name)| name.len() >= 6 && words.len() >= 6 && is_one_slip(name, words));
    match close {
        Some((column, _)) => (column, Matched::Close),
        None => (Column::NotUsed, Matched::Nothing),
    }
}

/// Whether one letter more, less or other makes `a` of `b`, or two neighbours have changed places.
fn is_one_slip(a: &str, b: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let (a, b) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    let same = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
    match b.len() - a.len() {
        0 => {
            let swapped = a.get(same + 1).is_some()
                && a.get(same) == b.get(same + 1)
                && a.get(same + 1) == b.get(same)
                && a.get(same + 2..) == b.get(same + 2..);
            swapped || a.get(same + 1..) == b.get(same + 1..)
        }
        1 => a.get(same..) == b.get(same + 1..),
        _ => false,
    }
}
