//! Which column of a scheme's own file is what: by the names such columns usually have, never by what stands in them.

use crate::domain::definition::Registry;

/// A part of what is known of who somebody is: kept apart from answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Identity {
    /// A name.
    Name,
    /// An e-mail address.
    Email,
    /// A telephone number.
    Phone,
    /// A postal address, or a part of one.
    Address,
}

impl Identity {
    /// Its name in the API.
    pub fn code(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Email => "email",
            Self::Phone => "phone",
            Self::Address => "address",
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
            Self::Identity(Identity::Name),
            Self::Identity(Identity::Email),
            Self::Identity(Identity::Phone),
            Self::Identity(Identity::Address),
            Self::NotUsed,
        ];
        let fact = || registry.breakdown(code).map(|b| Self::Fact(b.id.clone()));
        plain.into_iter().find(|c| c.code() == code).or_else(fact)
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

/// Names that such columns have, in lower case with single spaces.
const NAMES: [(Column, &[&str]); 13] = [
    (
        Column::Reference,
        &[
            "reference",
            "ref",
            "ref no",
            "reference number",
            "reference no",
            "id",
            "person id",
            "person ref",
            "person reference",
            "participant",
            "participant id",
            "participant reference",
            "client id",
            "client ref",
            "client reference",
            "service user id",
            "service user ref",
            "unique id",
            "case number",
            "case id",
            "case ref",
            "our ref",
            "our reference",
            "pseudonym",
        ],
    ),
    (
        Column::SupportedFrom,
        &[
            "supported from",
            "support from",
            "start date",
            "start",
            "started",
            "started on",
            "date started",
            "date commenced",
            "commenced",
            "commencement date",
            "support start",
            "support start date",
            "support started",
            "placement start",
            "placement start date",
            "date of start",
            "from",
            "date joined",
            "joined",
            "service start date",
            "began",
            "first day",
        ],
    ),
    (
        Column::SupportedTo,
        &[
            "supported to",
            "support to",
            "end date",
            "end",
            "ended",
            "ended on",
            "date ended",
            "support end",
            "support end date",
            "placement end",
            "placement end date",
            "leaving date",
            "date left",
            "left",
            "left on",
            "to",
            "service end date",
            "last day",
            "date of leaving",
        ],
    ),
    (
        Column::Council,
        &[
            "council",
            "local authority",
            "la",
            "authority",
            "council code",
            "local authority code",
            "funding authority",
            "commissioner",
            "placing authority",
            "trust",
            "placing council",
        ],
    ),
    (
        Column::Arrangement,
        &[
            "arrangement",
            "arrangement type",
            "type of arrangement",
            "placement type",
            "type of support",
            "support type",
            "service type",
        ],
    ),
    (
        Column::ArrangementFrom,
        &[
            "arrangement from",
            "arrangement start",
            "arrangement start date",
            "arrangement started",
            "arrangement began",
        ],
    ),
    (
        Column::Worker,
        &[
            "worker",
            "key worker",
            "keyworker",
            "key worker email",
            "keyworker email",
            "worker email",
            "shared lives worker",
            "social worker email",
            "allocated worker",
            "lead worker",
            "coordinator",
            "coordinator email",
        ],
    ),
    (
        Column::Language,
        &["language", "preferred language", "main language", "first language", "survey language"],
    ),
    (
        Column::Identity(Identity::Name),
        &[
            "name",
            "full name",
            "first name",
            "forename",
            "last name",
            "surname",
            "family name",
            "preferred name",
            "known as",
            "service user",
            "service user name",
            "client",
            "client name",
            "person",
            "person name",
            "participant name",
            "given name",
            "title",
        ],
    ),
    (
        Column::Identity(Identity::Email),
        &[
            "email",
            "e mail",
            "email address",
            "e mail address",
            "contact email",
            "personal email",
            "carer email",
        ],
    ),
    (
        Column::Identity(Identity::Phone),
        &[
            "phone",
            "telephone",
            "tel",
            "mobile",
            "phone number",
            "telephone number",
            "mobile number",
            "mobile phone",
            "contact number",
            "home phone",
            "tel no",
            "mobile no",
        ],
    ),
    (
        Column::Identity(Identity::Address),
        &[
            "address",
            "home address",
            "address 1",
            "address 2",
            "address 3",
            "address line 1",
            "address line 2",
            "address line 3",
            "street",
            "town",
            "city",
            "county",
            "postcode",
            "post code",
            "postal address",
        ],
    ),
    (
        Column::NotWanted,
        &[
            "dob",
            "date of birth",
            "birth date",
            "birthdate",
            "birthday",
            "d o b",
            "nhs number",
            "nhs no",
            "nhs",
            "national insurance number",
            "ni number",
            "nino",
            "national insurance no",
            "passport number",
            "bank account",
            "sort code",
            "account number",
        ],
    ),
];

/// Names of columns of facts, by breakdown; the breakdown's own id is one as well.
const FACTS: [(&str, &[&str]); 4] = [
    (
        "need",
        &[
            "needs",
            "support need",
            "support needs",
            "primary need",
            "primary support reason",
            "client group",
            "need group",
        ],
    ),
    ("age_band", &["age group", "age range"]),
    ("gender", &["sex"]),
    ("ethnicity", &["ethnic group", "ethnic origin"]),
];

/// In lower case, letters and digits only, with single spaces between words.
pub(super) fn plain(text: &str) -> String {
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
