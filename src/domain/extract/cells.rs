//! What one response says in each column.

use std::collections::BTreeMap;

use chrono::{NaiveDate, NaiveDateTime};

use super::columns::Columns;
use crate::domain::question::{Answer, Missing};
use crate::domain::submission::{CompletedBy, HELP, Submission};

/// What stands in a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cell<'r> {
    /// Nothing.
    Empty,
    /// A code or an id.
    Text(&'r str),
    /// A whole number.
    Number(i64),
    /// Yes or no.
    Flag(bool),
    /// A day.
    Date(NaiveDate),
    /// A moment in UTC.
    Time(NaiveDateTime),
}

impl<'r> From<Option<&'r str>> for Cell<'r> {
    fn from(text: Option<&'r str>) -> Self {
        text.map_or(Self::Empty, Self::Text)
    }
}

/// A response as it goes into an extract.
#[derive(Debug)]
pub struct Extracted<'r> {
    /// Its public id.
    pub id: &'r str,
    /// The pseudonym of who answered, if they are known.
    pub participant: Option<&'r str>,
    /// When it was accepted, in UTC.
    pub accepted_at: NaiveDateTime,
    /// 1, and one more with each correction.
    pub revision: i64,
    /// What was said.
    pub submission: &'r Submission,
}

/// The most different codes that are remembered of those without a column.
const MOST_UNPLACED: usize = 200;

/// Facts about people for which there is no column any more, because a catalogue changed: by fact and code, how many responses have them.
#[derive(Debug, Default)]
pub struct Unplaced {
    /// How many, by fact and code.
    pub found: BTreeMap<String, BTreeMap<String, u64>>,
    codes: usize,
    /// How many more of other codes.
    pub more: u64,
}

impl Unplaced {
    fn add(&mut self, fact: &str, code: &str) {
        if let Some(number) = self.found.get_mut(fact).and_then(|codes| codes.get_mut(code)) {
            *number += 1;
        } else if self.codes < MOST_UNPLACED {
            self.found.entry(fact.to_owned()).or_default().insert(code.to_owned(), 1);
            self.codes += 1;
        } else {
            self.more += 1;
        }
    }
}

impl Columns {
    /// What a response says in each column, in order. None if it is of a version that these columns are not of.
    pub fn cells<'r>(&self, response: &Extracted<'r>, unplaced: &mut Unplaced) -> Option<Vec<Cell<'r>>> {
        let places = self.versions.get(&response.submission.version)?;
        let mut cells = Vec::with_capacity(self.all.len());
        of_response(response, &mut cells);
        cells.resize(self.all.len(), Cell::Empty);
        self.fill_facts(response.submission, &mut cells, unplaced);
        // What a version does not have, it did not ask.
        for place in &self.places {
            cells[place.reason] = Cell::Text(Missing::NotAsked.code());
        }
        for (item, answer) in &response.submission.answers {
            let Some(place) = places.get(item).and_then(|at| self.places.get(*at)) else { continue };
            cells[place.reason] = Cell::Empty;
            match answer {
                Answer::Choice(code) => cells[place.first] = Cell::Text(code),
                Answer::Number(number) => cells[place.first] = Cell::Number(*number),
                Answer::Choices(codes) => {
                    let version = &response.submission.version;
                    for (at, option) in (place.first..).zip(&place.options) {
                        // What this version did not offer stays empty: nobody decided against it.
                        if self.all[at].versions.contains(version) {
                            cells[at] = Cell::Flag(codes.contains(option));
                        }
                    }
                }
                Answer::Missing { missing } => cells[place.reason] = Cell::Text(missing.code()),
                // No column is of anybody's words.
                Answer::Words { .. } | Answer::Sealed { .. } => {}
            }
        }
        Some(cells)
    }

    fn fill_facts<'r>(&self, submission: &'r Submission, cells: &mut [Cell<'r>], unplaced: &mut Unplaced) {
        for (id, codes) in &submission.about {
            let Some(fact) = self.facts.iter().find(|fact| &fact.id == id) else {
                codes.iter().for_each(|code| unplaced.add(id, code));
                continue;
            };
            let Some(values) = &fact.values else {
                cells[fact.first] = codes.first().map(String::as_str).into();
                continue;
            };
            for (at, value) in (fact.first..).zip(values) {
                cells[at] = Cell::Flag(codes.contains(value));
            }
            for code in codes.iter().filter(|code| !values.contains(code)) {
                unplaced.add(id, code);
            }
        }
    }
}

/// The columns of the response itself, in the order of `OF_THE_RESPONSE`.
fn of_response<'r>(response: &Extracted<'r>, cells: &mut Vec<Cell<'r>>) {
    let submission = response.submission;
    let helper = submission.helper.as_ref();
    let text = |text: &'r Option<String>| Cell::from(text.as_deref());
    let completed_by = match submission.completed_by {
        CompletedBy::Myself => "self",
        CompletedBy::Helped => "helped",
        CompletedBy::Proxy => "proxy",
    };
    cells.extend([
        Cell::Text(&submission.questionnaire),
        Cell::Text(&submission.version),
        Cell::Text(response.id),
        response.participant.into(),
        Cell::Text(&submission.scheme),
        Cell::Text(&submission.council),
        text(&submission.unit),
        text(&submission.occasion),
        submission.due_on.map_or(Cell::Empty, Cell::Date),
        Cell::Date(submission.completed_on),
        Cell::Time(response.accepted_at),
        Cell::Number(response.revision),
        Cell::Text(&submission.mode),
        text(&submission.via),
        Cell::Text(&submission.rendition),
        Cell::Text(&submission.language),
        Cell::Text(completed_by),
        helper.map(|h| h.role.as_str()).into(),
        helper.map_or(Cell::Empty, |h| Cell::Flag(h.gives_support)),
    ]);
    for help in HELP {
        cells.push(helper.map_or(Cell::Empty, |h| Cell::Flag(h.help.iter().any(|given| given == help))));
    }
}
