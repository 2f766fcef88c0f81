//! Answering on the web: one person's draft, the pages it leads through, and what each page saves. Pure.
//!
//! A [`Draft`] is all that is kept between two pages. [`path`](Draft::path) says which pages there are, given what has been
//! said so far; [`save`](Draft::save) takes in one page; [`Draft::to_sent`] turns the whole into the body that
//! [`Submission::check`](super::submission::Submission::check) reads.

mod finish;
mod look;
mod save;
mod steps;

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::question::Answer;
use super::routing::About;
use super::submission::CompletedBy;

pub use look::{Contrast, Look, Size, Speed};
pub use save::{Form, PageFault};
pub use steps::Step;

/// What one person has said so far, and how they like to be asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// Where the questions come from and whom they are put to.
    pub origin: Origin,
    /// How the pages look.
    pub look: Look,
    /// How many questions the person wants.
    pub length: Length,
    /// Who gives the answers.
    pub who: Option<CompletedBy>,
    /// Whether the answers may be counted.
    pub count: Option<bool>,
    /// Who is there for the private questions.
    pub company: Option<Company>,
    /// The answers, by item.
    pub answers: BTreeMap<String, Given>,
    /// Notes that have been read.
    pub read: BTreeSet<String>,
    /// Who helped.
    pub helper: HelperGiven,
    /// May we use your words?
    pub quotes: Option<bool>,
    /// May we ask you again?
    pub ask_again: Option<bool>,
    /// May your worker see your answers?
    pub share: Option<bool>,
    /// The number of the newest sitting: each start by link, code or tablet is one.
    pub sittings: u32,
    /// Whether what was said before may be seen in a later sitting.
    pub show_before: bool,
    /// Whether the person said to keep the answers, also if they do not come back.
    pub keep: bool,
}

/// Where a draft comes from: it decides who is counted. Only the visit changes from sitting to sitting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// The questionnaire.
    pub questionnaire: String,
    /// Its version, as it was at the first start.
    pub version: String,
    /// The scheme's id.
    pub scheme: String,
    /// The council responsible.
    pub council: String,
    /// The unit, if any.
    pub unit: Option<String>,
    /// The participant; none = anonymous.
    pub participant: Option<String>,
    /// The invitation that is answered.
    pub invitation: Option<String>,
    /// The open link that was used.
    pub open_link: Option<String>,
    /// The occasion, if known.
    pub occasion: Option<String>,
    /// When the person was due.
    pub due_on: Option<NaiveDate>,
    /// Facts known before the first question.
    pub about: About,
    /// The visit during which it is answered.
    pub visit: Option<Visit>,
}

/// A visit: a collector hands over a tablet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Visit {
    /// The collector's account, which unlocks the tablet again.
    pub account: String,
}

/// How many questions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Length {
    /// All.
    #[default]
    All,
    /// A few: the `core` items.
    Few,
}

/// Who is there while private questions are asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Company {
    /// The person goes on with the one who helps.
    Together,
    /// The person answers alone, now.
    Alone,
    /// The person answered alone; the helper is back, and sees nothing of it.
    AloneOver,
    /// The person will answer them later, with someone else.
    Later,
}

/// The sitting of answers that were given alone and stay hidden, also from whoever says “alone” again: it may be the helper.
const PAST: u32 = 0;

/// An answer in a draft.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Given {
    /// The answer, or why there is none.
    pub answer: Answer,
    /// The sitting in which it was given; [`PAST`] for one given alone before somebody else was back.
    pub sitting: u32,
    /// Whether the person was alone.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub alone: bool,
}

/// What the helper said.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct HelperGiven {
    /// Their role.
    pub role: Option<String>,
    /// What they did.
    pub help: Option<Vec<String>>,
    /// Whether they give the person support.
    pub gives_support: Option<bool>,
}

impl Draft {
    /// A draft at its very start.
    pub fn new(origin: Origin, look: Look, length: Length) -> Self {
        Self {
            origin,
            look,
            length,
            who: None,
            count: None,
            company: None,
            answers: BTreeMap::new(),
            read: BTreeSet::new(),
            helper: HelperGiven::default(),
            quotes: None,
            ask_again: None,
            share: None,
            sittings: 1,
            show_before: false,
            keep: false,
        }
    }

    /// Begins another sitting, and gives its number. What was put off until somebody else is there is asked again.
    pub fn sit_down(&mut self) -> u32 {
        self.sittings += 1;
        if matches!(self.company, Some(Company::Later | Company::Alone)) {
            self.company = None;
        }
        self.sittings
    }

    /// What stays once it is sent: how the pages look. The answers are in the response.
    pub fn emptied(&self) -> Self {
        let mut rest = Self::new(self.origin.clone(), self.look.clone(), self.length);
        rest.origin.about.clear();
        rest.count = self.count;
        rest.sittings = self.sittings;
        rest
    }

    /// The answer to an item as the one who looks now may see it.
    pub fn seen(&self, item: &str, sitting: u32) -> Seen<'_> {
        match self.answers.get(item) {
            None => Seen::Nothing,
            Some(given) if given.alone && (self.company != Some(Company::Alone) || given.sitting == PAST) => {
                Seen::Hidden
            }
            Some(given) if given.sitting != sitting && !self.show_before => Seen::Hidden,
            Some(given) => Seen::Answer(&given.answer),
        }
    }
}

/// What may be seen of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seen<'a> {
    /// There is none yet.
    Nothing,
    /// There is one; it was given at another time or alone, and stays hidden.
    Hidden,
    /// This one.
    Answer(&'a Answer),
}

impl<'a> Seen<'a> {
    /// The answer, if it may be seen.
    pub fn answer(self) -> Option<&'a Answer> {
        match self {
            Self::Answer(answer) => Some(answer),
            Self::Nothing | Self::Hidden => None,
        }
    }
}
