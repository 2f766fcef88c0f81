//! Catalogues: indicators and breakdowns.

use super::questionnaire::{Model, schema_version};
use super::reference::ReferenceValue;
use super::texts::Title;
use crate::domain::period::PeriodKind;
use crate::domain::question::kebab;
use crate::domain::reader::{Field, Object, is_kebab};

/// What kind of number an indicator is (see the methods page: these never compare with one another).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Statistic {
    /// “Because of this support”: a claim by the person.
    Attribution,
    /// How often something is so.
    Frequency,
    /// How things are now.
    Level,
    /// A number made from several answers.
    Score,
}

/// Which way is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// Higher is better.
    High,
    /// Lower is better.
    Low,
    /// Neither; context only.
    Context,
}

/// One indicator.
#[derive(Debug, Clone)]
pub struct Indicator {
    /// Its id.
    pub id: String,
    /// Its name.
    pub title: Title,
    /// Its topic.
    pub topic: String,
    /// What kind of number it is.
    pub statistic: Statistic,
    /// Which way is better.
    pub direction: Direction,
    /// Models it is for; empty = all.
    pub models: Vec<Model>,
    /// What its numbers are in.
    pub unit: String,
    /// The sentence that says what a row means.
    pub statement: Title,
    /// Published figures of the kind, shown beside live ones and never as them.
    pub reference_values: Vec<ReferenceValue>,
}

/// One way of grouping people.
#[derive(Debug, Clone)]
pub struct Breakdown {
    /// Its id.
    pub id: String,
    /// Whether a person can be in several of its groups.
    pub several: bool,
    /// The kinds of period for which it is counted.
    pub periods: Vec<PeriodKind>,
    /// Its values' codes.
    pub values: Vec<String>,
    /// What it is called.
    pub title: Title,
    /// What its values are called, in their order.
    pub labels: Vec<Title>,
}

/// Placeholders a statement may use.
const STATEMENT_WORDS: [&str; 6] = ["positive", "n", "percent", "mean", "low", "high"];

impl Indicator {
    pub(super) fn read_file(root: Field<'_>) -> Vec<Self> {
        read_list(root, "indicators", Self::read, |i| &i.id, |_| ())
    }

    fn read(field: Field<'_>) -> Option<Self> {
        let object = field.object()?;
        let indicator = Self {
            id: object.required("id").and_then(|f| kebab(f, 60))?,
            title: object.required("title").map(Title::read).unwrap_or_default(),
            topic: object.required("topic").and_then(|f| kebab(f, 60)).unwrap_or_default(),
            statistic: object
                .required("statistic")
                .and_then(|f| f.one_of(Statistic::parse, "attribution, frequency, level, score"))
                .unwrap_or(Statistic::Level),
            direction: object.required("direction").and_then(Direction::read).unwrap_or(Direction::Context),
            models: object.required("models").map(read_models).unwrap_or_default(),
            unit: object.required("unit").and_then(|f| f.words()).unwrap_or_default().to_owned(),
            statement: object.required("statement").map(read_statement).unwrap_or_default(),
            reference_values: ReferenceValue::read_list(&object),
        };
        object.close(true);
        Some(indicator)
    }
}

impl Breakdown {
    /// What a value is called in `language`; nothing if it has no such value.
    pub fn label(&self, code: &str, language: &str) -> &str {
        let at = self.values.iter().position(|v| v == code);
        at.and_then(|at| self.labels.get(at)).map_or("", |label| label.get(language))
    }

    pub(super) fn read_file(root: Field<'_>) -> Vec<Self> {
        read_list(root, "breakdowns", Self::read, |b| &b.id, |_| ())
    }

    fn read(field: Field<'_>) -> Option<Self> {
        let object = field.object()?;
        let id = object.required("id").and_then(|f| {
            let text = f.string()?;
            if !is_kebab(&text.replace('_', "-"), 40) || text == "unit" {
                f.fault("bad-id", "A breakdown's id has lower-case letters, digits, hyphens or underscores; “unit” is taken.");
                return None;
            }
            Some(text.to_owned())
        });
        let title = object.required("title").map(Title::read).unwrap_or_default();
        let (mut values, mut labels): (Vec<String>, Vec<Title>) = Default::default();
        if let Some(list) = object.required("values").and_then(|f| f.list(1)) {
            list.each(|value| {
                let Some(value) = value.object() else { return };
                let text = value.required("text").map(Title::read).unwrap_or_default();
                if let Some(field) = value.required("code")
                    && let Some(code) = kebab(field, 40)
                {
                    if values.contains(&code) {
                        field.fault("repeated", format!("“{code}” stands here twice."));
                    }
                    values.push(code);
                    labels.push(text);
                }
                value.close(true);
            });
        }
        let mut periods = Vec::new();
        if let Some(list) = object.optional("periods").and_then(|f| f.list(0)) {
            list.each(|f| periods.extend(f.one_of(PeriodKind::parse, "quarter, year, 12m, 3y")));
        }
        let several = object.required("several").and_then(|f| f.boolean()).unwrap_or(false);
        object.close(true);
        Some(Self { id: id?, several, periods, values, title, labels })
    }
}

impl Statistic {
    /// Its name in the catalogue.
    pub fn code(self) -> &'static str {
        match self {
            Self::Attribution => "attribution",
            Self::Frequency => "frequency",
            Self::Level => "level",
            Self::Score => "score",
        }
    }

    fn parse(code: &str) -> Option<Self> {
        match code {
            "attribution" => Some(Self::Attribution),
            "frequency" => Some(Self::Frequency),
            "level" => Some(Self::Level),
            "score" => Some(Self::Score),
            _ => None,
        }
    }
}

impl Direction {
    /// Its letter in the catalogue.
    pub fn code(self) -> &'static str {
        match self {
            Self::High => "H",
            Self::Low => "L",
            Self::Context => "C",
        }
    }

    pub(super) fn read(field: Field<'_>) -> Option<Self> {
        field.one_of(Self::parse, "H, L, C")
    }

    fn parse(code: &str) -> Option<Self> {
        match code {
            "H" => Some(Self::High),
            "L" => Some(Self::Low),
            "C" => Some(Self::Context),
            _ => None,
        }
    }
}

pub(super) fn read_models(field: Field<'_>) -> Vec<Model> {
    let mut models = Vec::new();
    if let Some(list) = field.list(0) {
        list.each(|f| models.extend(f.one_of(Model::parse, Model::CODES)));
    }
    models
}

fn read_statement(field: Field<'_>) -> Title {
    let statement = Title::read(field);
    for words in statement.0.values() {
        for name in super::texts::placeholders(words) {
            if !STATEMENT_WORDS.contains(&name) {
                field.fault(
                    "unknown-placeholder",
                    format!("“{{{name}}}” is not one of: {}.", STATEMENT_WORDS.join(", ")),
                );
            }
        }
    }
    statement
}

/// Reads `{schema_version, <key>: [...]}`, and what `also` reads of the same file; reports ids that stand there twice.
pub(super) fn read_list<T>(
    root: Field<'_>,
    key: &'static str,
    read: impl Fn(Field<'_>) -> Option<T>,
    id: impl Fn(&T) -> &String,
    also: impl FnOnce(&Object<'_>),
) -> Vec<T> {
    let mut entries: Vec<T> = Vec::new();
    let Some(file) = root.object() else { return entries };
    schema_version(&file);
    read_elements(&file, key, |element| {
        if let Some(entry) = read(element) {
            if entries.iter().any(|e| id(e) == id(&entry)) {
                element.fault("repeated", format!("The id “{}” stands here twice.", id(&entry)));
            }
            entries.push(entry);
        }
    });
    also(&file);
    file.close(true);
    entries
}

fn read_elements(file: &Object<'_>, key: &'static str, read: impl FnMut(Field<'_>)) {
    if let Some(list) = file.required(key).and_then(|f| f.list(0)) {
        list.each(read);
    }
}
