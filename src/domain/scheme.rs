//! Schemes: organisations that run a model, the councils they work for (dated), and their units.

use chrono::NaiveDate;
use serde_json::Value;

use super::area::{Area, Areas, Level};
use super::contacts::Contacts;
use super::definition::Model;
use super::fault::Fault;
use super::question::kebab;
use super::reader::{Field, Object, read_whole};

/// A scheme as it is sent in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewScheme {
    /// Its id, and its place code in figures.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The model it runs.
    pub model: Model,
    /// The councils it works for.
    pub areas: Vec<SchemeArea>,
    /// Its CQC location id, if it is regulated.
    pub cqc_location_id: Option<String>,
    /// Its parts.
    pub units: Vec<Unit>,
    /// Whether it is for practice. That never changes.
    pub practice: bool,
}

/// A council a scheme works for, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SchemeArea {
    /// The council's code.
    pub code: String,
    /// First day.
    pub from: NaiveDate,
    /// Last day; none = still.
    pub to: Option<NaiveDate>,
}

/// A part of a scheme: an enterprise, team, circle, patch, match or house.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    /// Its id within the scheme.
    pub id: String,
    /// Its name.
    pub name: String,
    /// First day.
    pub from: NaiveDate,
    /// Last day; none = still.
    pub to: Option<NaiveDate>,
}

/// A scheme as it is kept.
#[derive(Debug, Clone)]
pub struct Scheme {
    /// Its short number: leads every large key, every response id and every receipt.
    pub number: i64,
    /// What was sent in.
    pub about: NewScheme,
    /// Whom it names for safety.
    pub contacts: Contacts,
}

impl Scheme {
    /// Whether figures at `level` hold this scheme's people. A practice scheme stands for itself only: it is in no area's, nation's
    /// or UK figure, so in no release, and is not counted among the schemes there. This is the one place that says so.
    pub fn counts_at(&self, level: Level) -> bool {
        !self.about.practice || matches!(level, Level::Scheme | Level::Unit)
    }

    /// Its name for people outside its own pages, with the mark of a practice scheme.
    pub fn shown_name(&self) -> String {
        let mark = if self.about.practice { " (practice)" } else { "" };
        format!("{}{mark}", self.about.name)
    }

    /// The councils in force on `date`.
    pub fn councils_on(&self, date: NaiveDate) -> impl Iterator<Item = &str> {
        self.about
            .areas
            .iter()
            .filter(move |a| a.from <= date && a.to.is_none_or(|to| date <= to))
            .map(|a| a.code.as_str())
    }

    /// The councils it worked for on any day from `first` to `last`, as what they are on the day `on`; what became one stands once.
    pub fn councils_in<'a>(
        &self,
        areas: &'a Areas,
        first: NaiveDate,
        last: NaiveDate,
        on: NaiveDate,
    ) -> Vec<&'a Area> {
        let there = self.about.areas.iter().filter(|a| a.from <= last && a.to.is_none_or(|to| first <= to));
        let mut councils: Vec<&Area> = there.filter_map(|a| areas.become_by(&a.code, on)).collect();
        councils.sort_by(|a, b| a.code.cmp(&b.code));
        councils.dedup_by(|a, b| a.code == b.code);
        councils
    }

    /// The units that were in force on any day from `first` to `last`.
    pub fn units_in(&self, first: NaiveDate, last: NaiveDate) -> impl Iterator<Item = &Unit> {
        self.about.units.iter().filter(move |u| u.from <= last && u.to.is_none_or(|to| first <= to))
    }

    /// The unit with this id, if it is in force on `date`.
    pub fn unit_on(&self, id: &str, date: NaiveDate) -> Option<&Unit> {
        self.about.units.iter().find(|u| u.id == id && u.from <= date && u.to.is_none_or(|to| date <= to))
    }
}

impl NewScheme {
    /// Checks a scheme sent as JSON, collecting every fault.
    pub fn check(body: &Value, areas: &Areas) -> Result<Self, Vec<Fault>> {
        read_whole(body, |root| Self::read(root, areas))
    }

    fn read(root: Field<'_>, areas: &Areas) -> Option<Self> {
        let object = root.object()?;
        let scheme = Self {
            id: object.required("id").and_then(|f| kebab(f, 60)).unwrap_or_default(),
            name: object.required("name").and_then(name).unwrap_or_default(),
            model: object
                .required("model")
                .and_then(|f| f.one_of(Model::parse, Model::CODES))
                .unwrap_or(Model::SharedLives),
            areas: read_areas(&object, areas),
            cqc_location_id: object.optional("cqc_location_id").and_then(cqc_location),
            units: read_units(&object),
            practice: object.optional("practice").and_then(|f| f.boolean()).unwrap_or(false),
        };
        object.close(false);
        Some(scheme)
    }
}

/// A name: at most 200 characters, on one line.
pub(super) fn name(field: Field<'_>) -> Option<String> {
    let name = field.words()?.trim();
    if name.chars().count() > 200 || name.chars().any(char::is_control) {
        field.fault("too-long", "A name has at most 200 characters, on one line.");
        return None;
    }
    Some(name.to_owned())
}

/// `1-` and 6 to 12 digits, as the regulator's location ids look.
fn cqc_location(field: Field<'_>) -> Option<String> {
    let text = field.string()?.trim();
    let digits = text.strip_prefix("1-").unwrap_or_default();
    if !((6..=12).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit())) {
        field.fault("bad-cqc-location", "A CQC location id looks like 1-348374832.");
        return None;
    }
    Some(text.to_owned())
}

fn read_span(object: &Object<'_>) -> Option<(NaiveDate, Option<NaiveDate>)> {
    let from = object.required("from").and_then(|f| f.date());
    let to = object.optional("to").and_then(|f| f.date().map(|to| (f, to)));
    if let (Some(from), Some((field, to))) = (from, to)
        && to < from
    {
        field.fault("ends-before-it-begins", "“to” is before “from”.");
    }
    Some((from?, to.map(|(_, to)| to)))
}

fn read_areas(scheme: &Object<'_>, areas: &Areas) -> Vec<SchemeArea> {
    let mut read: Vec<SchemeArea> = Vec::new();
    let Some(list) = scheme.required("areas").and_then(|f| f.list(1)) else { return read };
    list.each(|element| {
        let Some(object) = element.object() else { return };
        let code = object.required("code").and_then(|f| f.string().map(|t| (f, t.to_owned())));
        let span = read_span(&object);
        object.close(false);
        let (Some((field, code)), Some((from, to))) = (code, span) else { return };
        match areas.get(&code) {
            None => field.fault("unknown-area", "There is no area with this code."),
            Some(area) if !area.is_council() => {
                field.fault(
                    "not-a-council",
                    format!("{} is not a council or trust with the social-care duty.", area.name),
                );
            }
            Some(area) if !area.in_force(from) => {
                field.fault("area-not-in-force", format!("{} was not in force on {from}.", area.name));
            }
            Some(area) => {
                // Overlap would make “exactly one council in force” depend on the order of the list.
                let overlaps = |other: &SchemeArea| {
                    other.code == code
                        && other.from <= to.unwrap_or(NaiveDate::MAX)
                        && from <= other.to.unwrap_or(NaiveDate::MAX)
                };
                if read.iter().any(overlaps) {
                    field.fault("repeated", format!("{} stands here twice for the same days.", area.name));
                }
                read.push(SchemeArea { code, from, to });
            }
        }
    });
    read
}

fn read_units(scheme: &Object<'_>) -> Vec<Unit> {
    let mut units: Vec<Unit> = Vec::new();
    let Some(list) = scheme.optional("units").and_then(|f| f.list(0)) else { return units };
    list.each(|element| {
        let Some(object) = element.object() else { return };
        let id = object.required("id").and_then(|f| kebab(f, 60).map(|id| (f, id)));
        let name = object.required("name").and_then(name);
        let span = read_span(&object);
        object.close(false);
        let (Some((field, id)), Some(name), Some((from, to))) = (id, name, span) else { return };
        if units.iter().any(|u| u.id == id) {
            field.fault("repeated", format!("The unit “{id}” stands here twice."));
        }
        units.push(Unit { id, name, from, to });
    });
    units
}
