//! The columns of an extract, and where each item of each version goes.
//!
//! A name never changes once there is data under it: the prefix says the form of the answers (`q_` a code, `n_` a number, `s_` one of
//! several), so that an item whose form changes in a later version gets a new column and leaves the old one as it is. Hyphens of ids are
//! written as underscores, so that names are names in R, SPSS, Stata and SQL; ids have single hyphens only, so two underscores part.

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;

use crate::domain::definition::{Definition, ENGLISH, Registry, STANDARD};
use crate::domain::question::{Item, Kind};
use crate::domain::submission::HELP;

/// What the cells of a column are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ColumnType {
    /// A code or an id.
    Text,
    /// A whole number.
    Number,
    /// Yes or no.
    Flag,
    /// A day.
    Date,
    /// A moment in UTC, to the microsecond.
    Time,
}

/// What a column is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Part {
    /// The response: who, where, when, how.
    Response,
    /// A fact about the person, known before the first question.
    About,
    /// An answer.
    Answer,
    /// Why there is no answer.
    Reason,
}

/// A code that stands in a column, or for which a column stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Value {
    /// The code.
    pub code: String,
    /// What it says, in English.
    pub words: String,
    /// Its number, where it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub score: Option<i64>,
    /// The versions that offer it; empty for what does not depend on versions.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub versions: Vec<String>,
}

/// One column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Column {
    /// Its name, in the first row of CSV and in the schema of Parquet.
    pub name: String,
    /// What its cells are.
    #[serde(rename = "type")]
    pub kind: ColumnType,
    /// What it is of.
    pub part: Part,
    /// What it says, in English: of an item, the question in its standard words, as the newest version has them.
    pub words: String,
    /// The item.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub item: Option<String>,
    /// The column that says why a cell of this one is empty.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The least and the greatest number that any version takes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub range: Option<(i64, i64)>,
    /// The codes that can stand here; of one of several, the one for which it stands.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<Value>,
    /// The versions that have it; empty for what does not depend on versions.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub versions: Vec<String>,
}

impl Column {
    fn new(name: impl Into<String>, kind: ColumnType, part: Part, words: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            kind,
            part,
            words: words.into(),
            item: None,
            reason: None,
            range: None,
            values: Vec::new(),
            versions: Vec::new(),
        }
    }
}

/// The form of an item's answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Code,
    Number,
    Several,
}

impl Form {
    /// None for what has no column: notes, and people's own words.
    fn of(kind: &Kind) -> Option<Self> {
        match kind {
            Kind::Single(_) => Some(Self::Code),
            Kind::Multiple(_) => Some(Self::Several),
            Kind::Count(_) | Kind::Scale(_) => Some(Self::Number),
            Kind::Text | Kind::Note => None,
        }
    }

    fn prefix(self) -> &'static str {
        match self {
            Self::Code => "q_",
            Self::Number => "n_",
            Self::Several => "s_",
        }
    }
}

/// Where the answers to an item in one form go.
#[derive(Debug, Clone)]
pub(super) struct Place {
    /// The column of its code or number, or of the first of several options.
    pub(super) first: usize,
    /// Of several: the options, in the order of their columns.
    pub(super) options: Vec<String>,
    /// The column of the reason.
    pub(super) reason: usize,
}

/// Where a fact about the person goes.
#[derive(Debug, Clone)]
pub(super) struct Fact {
    pub(super) id: String,
    pub(super) first: usize,
    /// Where a person can be in several groups: the groups, in the order of their columns. Else none: one column with the code.
    pub(super) values: Option<Vec<String>>,
}

/// The columns of an extract of one questionnaire.
#[derive(Debug, Clone)]
pub struct Columns {
    /// The columns, in order.
    pub all: Vec<Column>,
    pub(super) facts: Vec<Fact>,
    pub(super) places: Vec<Place>,
    /// By version: for each item, which place.
    pub(super) versions: HashMap<String, HashMap<String, usize>>,
}

/// An item in one form, gathered over the versions that have it so.
struct Gathered<'r> {
    id: &'r str,
    form: Form,
    words: String,
    range: Option<(i64, i64)>,
    values: Vec<Value>,
    versions: Vec<String>,
}

/// What is said of every response, before facts and answers.
const OF_THE_RESPONSE: [(&str, ColumnType, &str); 19] = [
    ("questionnaire", ColumnType::Text, "The questionnaire."),
    ("version", ColumnType::Text, "The version that was answered."),
    ("response", ColumnType::Text, "The response’s id."),
    (
        "participant",
        ColumnType::Text,
        "Who answered: a pseudonym, the same in each extract and list. Empty: nobody known, a person of its own.",
    ),
    ("scheme", ColumnType::Text, "The scheme."),
    ("council", ColumnType::Text, "The council that was responsible."),
    ("unit", ColumnType::Text, "The unit of the scheme, if any."),
    ("occasion", ColumnType::Text, "On what occasion: baseline, review, exit or one-off; empty if not said."),
    ("due_on", ColumnType::Date, "When the person was due, if they were."),
    ("completed_on", ColumnType::Date, "The day it was answered."),
    ("accepted_at", ColumnType::Time, "When it was accepted here."),
    ("revision", ColumnType::Number, "1 as first sent, and one more with each correction."),
    ("mode", ColumnType::Text, "How: online, paper, visit, phone, group or imported."),
    ("via", ColumnType::Text, "“open” for an open link, else empty."),
    ("rendition", ColumnType::Text, "The rendition that was seen, such as easy-read."),
    ("language", ColumnType::Text, "The language that was seen."),
    ("completed_by", ColumnType::Text, "Who gave the answers: self, helped or proxy."),
    ("helper_role", ColumnType::Text, "Who helped, if anybody."),
    ("helper_gives_support", ColumnType::Flag, "Whether who helped gives the person support."),
];

impl Columns {
    /// The columns for the questionnaire `id`; none if no version of it takes responses.
    pub fn of(registry: &Registry, id: &str) -> Option<Self> {
        let versions: Vec<&Definition> =
            registry.versions(id).map(|d| &**d).filter(|d| d.takes_responses()).collect();
        if versions.is_empty() {
            return None;
        }
        let mut columns =
            Self { all: Vec::new(), facts: Vec::new(), places: Vec::new(), versions: HashMap::new() };
        columns.add_response();
        columns.add_facts(registry);
        let mut at: BTreeMap<(&str, &str), usize> = BTreeMap::new();
        for gathered in gather(&versions) {
            at.insert((gathered.id, gathered.form.prefix()), columns.places.len());
            columns.add_item(gathered);
        }
        for definition in versions {
            let own = definition.items.iter().filter_map(|item| {
                let form = Form::of(&item.kind)?;
                Some((item.id.clone(), *at.get(&(item.id.as_str(), form.prefix()))?))
            });
            columns.versions.insert(definition.version.to_string(), own.collect());
        }
        Some(columns)
    }

    fn add_response(&mut self) {
        for (name, kind, words) in OF_THE_RESPONSE {
            self.all.push(Column::new(name, kind, Part::Response, words));
        }
        for help in HELP {
            let words = format!("How they helped: {help}.");
            self.all.push(Column::new(format!("helper_{help}"), ColumnType::Flag, Part::Response, words));
        }
    }

    fn add_facts(&mut self, registry: &Registry) {
        for breakdown in &registry.breakdowns {
            let name = format!("about_{}", plain(&breakdown.id));
            let title = breakdown.title.get(ENGLISH);
            let value = |code: &String| Value {
                code: code.clone(),
                words: breakdown.label(code, ENGLISH).to_owned(),
                score: None,
                versions: Vec::new(),
            };
            let mut fact = Fact { id: breakdown.id.clone(), first: self.all.len(), values: None };
            if breakdown.several {
                for code in &breakdown.values {
                    let of = format!("{name}__{}", plain(code));
                    let mut column = Column::new(of, ColumnType::Flag, Part::About, title);
                    column.values.push(value(code));
                    self.all.push(column);
                }
                fact.values = Some(breakdown.values.clone());
            } else {
                let mut column = Column::new(name, ColumnType::Text, Part::About, title);
                column.values = breakdown.values.iter().map(value).collect();
                self.all.push(column);
            }
            self.facts.push(fact);
        }
    }

    fn add_item(&mut self, item: Gathered<'_>) {
        let name = format!("{}{}", item.form.prefix(), plain(item.id));
        let reason = format!("{name}__missing");
        let of_item = |name: String, kind: ColumnType, words: &str| Column {
            item: Some(item.id.to_owned()),
            reason: Some(reason.clone()),
            versions: item.versions.clone(),
            ..Column::new(name, kind, Part::Answer, words)
        };
        let mut place = Place { first: self.all.len(), options: Vec::new(), reason: 0 };
        match item.form {
            Form::Code => {
                let values = item.values.clone();
                self.all.push(Column { values, ..of_item(name, ColumnType::Text, &item.words) });
            }
            Form::Number => {
                let range = item.range;
                self.all.push(Column { range, ..of_item(name, ColumnType::Number, &item.words) });
            }
            Form::Several => {
                for value in &item.values {
                    let mut of = format!("{name}__{}", plain(&value.code));
                    if of == reason {
                        // No id ends in a hyphen, so nothing else is called so.
                        of.push('_');
                    }
                    let column = of_item(of, ColumnType::Flag, &item.words);
                    let versions = value.versions.clone();
                    self.all.push(Column { values: vec![value.clone()], versions, ..column });
                    place.options.push(value.code.clone());
                }
            }
        }
        place.reason = self.all.len();
        let words = format!("Why there is no answer: {}", item.words);
        let column = of_item(reason.clone(), ColumnType::Text, &words);
        self.all.push(Column { part: Part::Reason, reason: None, ..column });
        self.places.push(place);
    }
}

/// An id as part of a name.
fn plain(id: &str) -> String {
    id.replace('-', "_")
}

/// The items of all versions, the oldest version's order first; what a later one adds comes after what it follows there.
fn gather<'r>(versions: &[&'r Definition]) -> Vec<Gathered<'r>> {
    let mut all: Vec<Gathered<'r>> = Vec::new();
    for definition in versions {
        let mut after = 0;
        for item in &definition.items {
            let Some(form) = Form::of(&item.kind) else { continue };
            let known = all.iter().position(|g| g.id == item.id && g.form == form);
            let at = known.unwrap_or_else(|| {
                let new = Gathered {
                    id: &item.id,
                    form,
                    words: String::new(),
                    range: None,
                    values: Vec::new(),
                    versions: Vec::new(),
                };
                all.insert(after, new);
                after
            });
            all[at].add(definition, item);
            after = at + 1;
        }
    }
    all
}

impl Gathered<'_> {
    fn add(&mut self, definition: &Definition, item: &Item) {
        let version = definition.version.to_string();
        self.words = definition.say(&item.text, STANDARD, ENGLISH);
        if let Some(number) = item.kind.number() {
            let (min, max) = self.range.unwrap_or((number.min, number.max));
            self.range = Some((min.min(number.min), max.max(number.max)));
        }
        for choice in item.kind.choices() {
            let at = self.values.iter().position(|v| v.code == choice.code).unwrap_or_else(|| {
                let (code, words) = (choice.code.clone(), String::new());
                self.values.push(Value { code, words, score: None, versions: Vec::new() });
                self.values.len() - 1
            });
            let value = &mut self.values[at];
            value.words = definition.say(&choice.text, STANDARD, ENGLISH);
            value.score = choice.score;
            value.versions.push(version.clone());
        }
        self.versions.push(version);
    }
}
