//! The people a table says, what would change, and everything that is wrong with it.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::cell::read_date;
use super::heading::{Column, Mapped, Matched, map_headings, plain};
use super::identity::{Cell, ReadIdentity, merge};
use super::template::EXAMPLE;
use super::{Row, Table};
use crate::domain::definition::Registry;
use crate::domain::fault::{At, Fault, Faults};
use crate::domain::identity::Identity;
use crate::domain::participant::{Arrangement, Enrolment, is_reference};
use crate::domain::reader::short;
use crate::domain::scheme::Scheme;

/// How many of the first rows may stand above the headings.
const TITLE_ROWS: usize = 10;

/// What a table is read against.
pub struct Setting<'a> {
    /// Breakdowns and areas.
    pub registry: &'a Registry,
    /// The scheme.
    pub scheme: &'a Scheme,
    /// Accounts that can be key workers: e-mail address in lower case → account.
    pub workers: &'a BTreeMap<String, String>,
    /// The people the scheme has already.
    pub known: &'a BTreeMap<String, Enrolment>,
    /// What somebody chose: heading → column.
    pub choices: &'a [(String, Column)],
    /// Who the people are whose identity is known; none where whoever imports may not enter that: then nothing of it is read.
    pub identities: Option<&'a BTreeMap<String, Identity>>,
}

/// What happens to a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// Was not there.
    New,
    /// Is there, and something is different.
    Changed,
    /// Is there, and nothing is different.
    Same,
}

impl Change {
    /// Its name in the API.
    pub fn code(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Changed => "changed",
            Self::Same => "same",
        }
    }
}

/// One person of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadPerson {
    /// The row's number in the file.
    pub row: usize,
    /// The reference.
    pub reference: String,
    /// The person as they are to be.
    pub enrolment: Enrolment,
    /// What happens.
    pub change: Change,
    /// Which parts are different.
    pub changed: Vec<&'static str>,
    /// Who they are, to be kept apart from all else, if the row says anything of it.
    pub identity: Option<ReadIdentity>,
}

/// What a table says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reading {
    /// What each column is.
    pub columns: Vec<Mapped>,
    /// The people, in the order of the rows; only those without a fault.
    pub people: Vec<ReadPerson>,
    /// Everything that is wrong.
    pub faults: Vec<Fault>,
    /// How many rows hold people.
    pub rows: usize,
}

/// Reads a table. What it does not say of somebody who is known stays as it is.
pub fn read_people(table: &Table, setting: &Setting<'_>) -> Reading {
    let Some((at, columns)) = find_headings(table, setting) else {
        let fault = Fault {
            pointer: "/1".into(),
            code: "empty",
            detail: "There is nothing in it. The first row holds the headings, each further row one person."
                .into(),
        };
        return Reading { faults: vec![fault], ..Reading::default() };
    };
    let faults = Faults::new();
    check_headings(&columns, table.rows[at].number, setting, &faults);
    if !faults.is_empty() {
        return Reading { columns, faults: faults.into_sorted(), ..Reading::default() };
    }
    let mut people: Vec<ReadPerson> = Vec::new();
    let mut met: BTreeMap<String, usize> = BTreeMap::new();
    let reference = columns.iter().position(|c| c.column == Column::Reference);
    let is_example = |row: &&Row| {
        let words = reference.and_then(|index| row.cells.get(index));
        words.is_some_and(|words| words.eq_ignore_ascii_case(EXAMPLE))
    };
    let rows: Vec<&Row> = table.rows[at + 1..].iter().filter(|row| !is_example(row)).collect();
    for row in rows.iter().copied() {
        let reader = RowReader { row, columns: &columns, workbook: table.workbook, setting, faults: &faults };
        let before = faults.len();
        let person = reader.person(&mut met);
        people.extend(person.filter(|_| faults.len() == before));
    }
    if rows.is_empty() {
        let row = (table.rows[at].number + 1).to_string();
        faults.add(&At::ROOT.key(&row), "empty", "There is no person below the headings.");
    }
    let mut faults = faults.into_sorted();
    faults.sort_by_key(|f| f.pointer.split('/').nth(1).and_then(|row| row.parse::<usize>().ok()));
    Reading { columns, people, faults, rows: rows.len() }
}

/// The row of the headings: the first of the first rows in which two columns are known, else the first.
fn find_headings(table: &Table, setting: &Setting<'_>) -> Option<(usize, Vec<Mapped>)> {
    let mapped = |row: &Row| map_headings(&row.cells, setting.choices, setting.registry);
    let known = |columns: &[Mapped]| columns.iter().filter(|c| c.column != Column::NotUsed).count();
    let candidates = table.rows.iter().take(TITLE_ROWS).map(mapped).enumerate();
    let found = candidates.into_iter().find(|(_, columns)| known(columns) >= 2);
    found.or_else(|| table.rows.first().map(|row| (0, mapped(row))))
}

fn check_headings(columns: &[Mapped], row: usize, setting: &Setting<'_>, faults: &Faults) {
    let row = row.to_string();
    let line = At::ROOT.key(&row);
    let mut met: BTreeSet<&Column> = BTreeSet::new();
    for mapped in columns {
        let place = line.key(&mapped.heading);
        match &mapped.column {
            Column::NotWanted => faults.add(
                &place,
                "not-wanted",
                "This is not kept here and must not be sent. Take the column out of the file.",
            ),
            Column::NotUsed | Column::Identity(_) => {}
            column if !met.insert(column) => faults.add(
                &place,
                "repeated",
                format!("Two columns are “{}”. Say which one is not used.", column.code()),
            ),
            _ => {}
        }
    }
    let known = !setting.known.is_empty();
    if !met.contains(&Column::Reference) {
        faults.add(
            &line.key("reference"),
            "required",
            "One column must hold the scheme's own reference for each person, such as “Reference” or “Ref no”. No names.",
        );
    }
    if !met.contains(&Column::SupportedFrom) && !known {
        faults.add(
            &line.key("supported_from"),
            "required",
            "One column must hold the first day of support, such as “Start date” or “Date commenced”.",
        );
    }
    for (heading, _) in setting.choices {
        if columns.iter().all(|c| c.how != Matched::Chosen || plain(&c.heading) != plain(heading)) {
            faults.add(&line.key(heading), "unknown-column", "There is no column with this heading.");
        }
    }
}

/// Reads one row.
struct RowReader<'a> {
    row: &'a Row,
    columns: &'a [Mapped],
    workbook: bool,
    setting: &'a Setting<'a>,
    faults: &'a Faults,
}

impl<'a> RowReader<'a> {
    /// The heading and the words of a column, if it is there and has words in this row.
    fn cell(&self, wanted: &Column) -> Option<(&'a str, &'a str)> {
        let index = self.columns.iter().position(|c| c.column == *wanted)?;
        let words = self.row.cells.get(index).map(String::as_str).filter(|w| !w.is_empty())?;
        Some((&self.columns[index].heading, words))
    }

    fn fault(&self, heading: &str, code: &'static str, detail: impl Into<String>) {
        let row = self.row.number.to_string();
        self.faults.add(&At::ROOT.key(&row).key(heading), code, detail);
    }

    fn heading_of(&self, wanted: &Column) -> &'a str {
        self.columns.iter().find(|c| c.column == *wanted).map_or("", |c| &c.heading)
    }

    fn date(&self, column: &Column) -> Option<NaiveDate> {
        let (heading, words) = self.cell(column)?;
        match read_date(words, self.workbook) {
            Ok(date) => Some(date),
            Err(wrong) => {
                self.fault(heading, wrong.code, wrong.detail);
                None
            }
        }
    }

    fn person(&self, met: &mut BTreeMap<String, usize>) -> Option<ReadPerson> {
        let reference = self.reference(met);
        let known = reference.as_ref().and_then(|r| self.setting.known.get(r));
        let from = self.date(&Column::SupportedFrom).or(known.map(|k| k.supported_from));
        if from.is_none() && self.cell(&Column::SupportedFrom).is_none() {
            let heading = self.heading_of(&Column::SupportedFrom);
            self.fault(heading, "required", "The first day of support is missing.");
        }
        let to = self.date(&Column::SupportedTo).or(known.and_then(|k| k.supported_to));
        if let (Some(from), Some(to)) = (from, to)
            && to < from
        {
            let heading = self.heading_of(&Column::SupportedTo);
            self.fault(heading, "ends-before-it-begins", "The last day of support is before the first.");
        }
        let council = self.council(from, known);
        let worker = self.worker();
        let language = self.language();
        let kinds = self.values(&Column::Arrangement, "arrangement");
        let arrangement_from = self.date(&Column::ArrangementFrom);
        let mut enrolment = known.cloned().unwrap_or_else(|| Enrolment::new("", NaiveDate::MIN));
        for mapped in self.columns {
            if let Column::Fact(breakdown) = &mapped.column
                && let Some(values) = self.values(&mapped.column, breakdown)
            {
                enrolment.about.insert(breakdown.clone(), values);
            }
        }
        let identity = self.identity(reference.as_deref());
        let (reference, from, council) = (reference?, from?, council?);
        enrolment.council = council;
        enrolment.supported_from = from;
        enrolment.supported_to = to;
        enrolment.worker = worker.or(enrolment.worker);
        enrolment.language = language.or(enrolment.language);
        if let Some(kinds) = kinds {
            arrange(&mut enrolment, &kinds, arrangement_from);
        }
        let changed = known.map(|k| differences(k, &enrolment)).unwrap_or_default();
        let change = match known {
            None => Change::New,
            Some(_) if changed.is_empty() => Change::Same,
            Some(_) => Change::Changed,
        };
        Some(ReadPerson { row: self.row.number, reference, enrolment, change, changed, identity })
    }

    fn reference(&self, met: &mut BTreeMap<String, usize>) -> Option<String> {
        let Some((heading, words)) = self.cell(&Column::Reference) else {
            let heading = self.heading_of(&Column::Reference);
            self.fault(heading, "required", "The reference is missing.");
            return None;
        };
        if !is_reference(words) {
            self.fault(
                heading,
                "bad-reference",
                "A reference has 1 to 64 letters, digits, dots, underscores or hyphens, and no spaces: P-0042.",
            );
            return None;
        }
        if let Some(first) = met.insert(words.to_owned(), self.row.number) {
            self.fault(
                heading,
                "repeated",
                format!("This reference stands in row {first} too. Each person has one row."),
            );
            return None;
        }
        Some(words.to_owned())
    }

    /// The council: by code or by name; where nothing is said, the only one there is.
    fn council(&self, from: Option<NaiveDate>, known: Option<&Enrolment>) -> Option<String> {
        let own: Vec<&str> =
            from.map(|from| self.setting.scheme.councils_on(from).collect()).unwrap_or_default();
        let name =
            |code: &str| self.setting.registry.areas.get(code).map(|a| a.name.clone()).unwrap_or_default();
        let listed = || own.iter().map(|c| format!("{} ({c})", name(c))).collect::<Vec<_>>().join(", ");
        match self.cell(&Column::Council) {
            Some((heading, words)) => {
                let wanted = plain(words);
                let strip = |t: &str| plain(t).trim_end_matches(" council").to_owned();
                let is = |code: &&&str| plain(code) == wanted || strip(&name(code)) == strip(words);
                // With no first day it cannot be said which councils there are; that fault is named already.
                let found = own.iter().find(is).map(|c| (*c).to_owned());
                if found.is_none() && from.is_some() {
                    self.fault(
                        heading,
                        "wrong-council",
                        format!(
                            "“{}” is not one of the scheme's councils on the first day of support: {}.",
                            short(words),
                            listed()
                        ),
                    );
                }
                found
            }
            None => match (known, own.as_slice()) {
                (Some(known), _) => Some(known.council.clone()),
                (None, [only]) => Some((*only).to_owned()),
                (None, _) => {
                    if from.is_some() {
                        let heading = self.heading_of(&Column::Council);
                        let detail = format!("Say which council is responsible: {}.", listed());
                        self.fault(if heading.is_empty() { "council" } else { heading }, "required", detail);
                    }
                    None
                }
            },
        }
    }

    fn worker(&self) -> Option<String> {
        let (heading, words) = self.cell(&Column::Worker)?;
        let found = self.setting.workers.get(&words.to_lowercase()).cloned();
        if found.is_none() {
            self.fault(
                heading,
                "unknown-worker",
                "The scheme has no account with this e-mail address. Add the worker first, or leave the cell empty.",
            );
        }
        found
    }

    fn language(&self) -> Option<String> {
        let (heading, words) = self.cell(&Column::Language)?;
        match plain(words).as_str() {
            "en" | "english" | "saesneg" => Some("en".to_owned()),
            "cy" | "welsh" | "cymraeg" => Some("cy".to_owned()),
            _ => {
                self.fault(heading, "unknown-code", "People are asked in English or in Welsh.");
                None
            }
        }
    }

    /// The values of a breakdown, written as codes or in words, with semicolons, commas or line breaks between them.
    fn values(&self, column: &Column, breakdown: &str) -> Option<Vec<String>> {
        let (heading, words) = self.cell(column)?;
        let breakdown = self.setting.registry.breakdown(breakdown)?;
        let mut values: Vec<String> = Vec::new();
        for part in words.split([';', ',', '\n', '/']).filter(|p| !p.trim().is_empty()) {
            match breakdown.values.iter().find(|v| plain(v) == plain(part)) {
                Some(value) if !values.contains(value) => values.push(value.clone()),
                Some(_) => {}
                None => {
                    let detail =
                        format!("“{}” is not one of: {}.", short(part.trim()), breakdown.values.join(", "));
                    self.fault(heading, "unknown-code", detail);
                    return None;
                }
            }
        }
        if !breakdown.several && values.len() > 1 {
            self.fault(heading, "too-many", "Only one of these can be true of a person.");
            return None;
        }
        Some(values)
    }

    /// Who the person is: what is known, and over it what the row says.
    fn identity(&self, reference: Option<&str>) -> Option<ReadIdentity> {
        let known = self.setting.identities?;
        let cells: Vec<Cell<'_>> = self
            .columns
            .iter()
            .zip(&self.row.cells)
            .filter_map(|(mapped, words)| match mapped.column {
                Column::Identity(part) if !words.is_empty() => {
                    Some(Cell { part, heading: &mapped.heading, words })
                }
                _ => None,
            })
            .collect();
        merge(&cells, reference.and_then(|r| known.get(r))).unwrap_or_else(|faults| {
            for (heading, fault) in faults {
                self.fault(heading, fault.code, fault.detail);
            }
            None
        })
    }
}

/// Makes `kinds` the present arrangements: those that go on stay, those that are not said any more end the day before the new ones begin.
fn arrange(enrolment: &mut Enrolment, kinds: &[String], from: Option<NaiveDate>) {
    let open = |a: &Arrangement| a.to.is_none();
    let mut present: Vec<String> =
        enrolment.arrangements.iter().filter(|a| open(a)).map(|a| a.kind.clone()).collect();
    present.sort_unstable();
    let mut wanted = kinds.to_vec();
    wanted.sort_unstable();
    if present == wanted {
        return;
    }
    let from = from.unwrap_or(enrolment.supported_from);
    for arrangement in
        enrolment.arrangements.iter_mut().filter(|a| a.to.is_none() && !kinds.contains(&a.kind))
    {
        arrangement.to = from.pred_opt().map(|day| day.max(arrangement.from));
    }
    let new = wanted.into_iter().filter(|kind| !present.contains(kind));
    enrolment.arrangements.extend(new.map(|kind| Arrangement { kind, from, to: None }));
    enrolment.arrangements.sort_by(|a, b| (a.from, &a.kind).cmp(&(b.from, &b.kind)));
}

fn differences(old: &Enrolment, new: &Enrolment) -> Vec<&'static str> {
    let parts = [
        ("supported_from", old.supported_from != new.supported_from),
        ("supported_to", old.supported_to != new.supported_to),
        ("council", old.council != new.council),
        ("arrangements", old.arrangements != new.arrangements),
        ("worker", old.worker != new.worker),
        ("language", old.language != new.language),
        ("about", old.about != new.about),
    ];
    parts.into_iter().filter(|(_, differs)| *differs).map(|(part, _)| part).collect()
}
