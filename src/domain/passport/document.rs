//! What a passport holds, and how it is written down.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::wording::Wording;
use crate::domain::disclosure::release::Claimed;
use crate::domain::figures::{Change, Interval};
use crate::domain::period::{Period, day_in_words};
use crate::domain::statement::thousands;
use crate::domain::statistics::percent;

/// What is said instead of a part that a row hides.
pub const NOT_SHOWN: &str = "not shown, because few people";

/// A claim with everything that belongs to it. Parts that are null are not shown; `not_shown` names them. Counts are of people.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Passport {
    /// Its id, the same in every release: `social-connection.connections-1.shared-lives.uk`.
    pub id: String,
    /// The indicator.
    pub indicator: String,
    /// Its title.
    pub title: String,
    /// The lineage of wording within which it compares.
    pub series: String,
    /// The model.
    pub model: String,
    /// `attribution`, `frequency`, `level` or `score`: what kind of number it is.
    pub statistic: String,
    /// The share in words: “nearly 9 in 10”.
    pub in_words: String,
    /// The claim in words, without numbers.
    pub headline: String,
    /// The claim with its numbers, by language.
    pub statement: BTreeMap<String, String>,
    /// The period.
    pub period: Span,
    /// The financial years that were taken together, if several were.
    pub pooled: Vec<String>,
    /// The place.
    pub place: Where,
    /// Schemes that take part, and all schemes of the model there.
    pub schemes: Option<Taking>,
    /// People whose answer is what the claim says.
    pub positive: i64,
    /// People with a valid answer.
    pub n: i64,
    /// `positive` of `n`, in percent, to one decimal.
    pub percent: f64,
    /// Its 95% interval, in percent.
    pub interval: Option<Interval>,
    /// The exact words that were asked.
    pub wording: Vec<Wording>,
    /// People by answer, in the order of the question.
    pub answers: Option<Vec<Counted>>,
    /// Who was there, could be asked, was asked, and answered.
    pub asked: Asked,
    /// People by who gave the answer.
    pub completed_by: Option<Vec<Counted>>,
    /// People who answered and are not in `n`, by reason.
    pub left_out: Option<Vec<Counted>>,
    /// The same share without answers that somebody helped with who gives the support.
    pub without_supporter: Option<Share>,
    /// Change since each person's first answer, where it is counted.
    pub change: Option<Change>,
    /// The same claim for each nation; empty where it is not shown or does not apply.
    pub nations: Vec<OfPlace>,
    /// The parts that are not shown, and why, in words.
    pub not_shown: Vec<Hidden>,
    /// What the claim does not say.
    pub cautions: Vec<String>,
    /// Questions that people ask, with answers from the numbers above.
    pub questions: Vec<Question>,
    /// A sentence that can be quoted as it is.
    pub quote: String,
    /// The state of the tallies that it was read from.
    pub as_of: String,
    /// The version of the program that made it.
    pub made_with: String,
    /// SHA-256 of the public row that it was made from.
    pub digest: String,
}

/// A period.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Span {
    /// Its name: `2026-27`.
    pub code: String,
    /// Its first day, as ISO writes it.
    pub from: String,
    /// Its last day.
    pub to: String,
    /// “1 April 2026 to 31 March 2027”.
    pub in_words: String,
}

/// A place.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Where {
    /// `uk` or `nation`.
    pub level: String,
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
}

/// Schemes taking part.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Taking {
    /// With an answer.
    pub part: usize,
    /// All of the model there.
    pub all: usize,
}

/// People, by a code and its words.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Counted {
    /// The code.
    pub code: String,
    /// Its words.
    pub words: String,
    /// How many people.
    pub people: i64,
}

/// Who was there, could be asked, was asked, and answered; null where that is not shown.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Asked {
    /// People supported in the period.
    pub supported: Option<i64>,
    /// Those of them who could be asked.
    pub eligible: Option<i64>,
    /// People with an invitation.
    pub invited: Option<i64>,
    /// Those of them who answered.
    pub responded: Option<i64>,
    /// Those of them who began and did not finish.
    pub unfinished: Option<i64>,
    /// `responded` of `invited`, in percent.
    pub response_rate: Option<f64>,
    /// Answers that came through an open link, of people nobody invited.
    pub open: Option<i64>,
}

/// A share.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Share {
    /// Positive ones.
    pub positive: i64,
    /// Of so many.
    pub n: i64,
    /// In percent.
    pub percent: f64,
    /// Its 95% interval.
    pub interval: Option<Interval>,
}

/// The claim of another place.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct OfPlace {
    /// The id of its own passport.
    pub id: String,
    /// The place's name.
    pub name: String,
    /// Its share.
    pub share: Share,
}

/// A part that is not shown.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Hidden {
    /// The part's name in this document.
    pub part: String,
    /// What it would say, and that it is not shown.
    pub words: String,
}

/// A question and its answer.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Question {
    /// The question.
    pub question: String,
    /// The answer.
    pub answer: String,
}

impl Counted {
    /// How many people, as a list writes it.
    pub fn number(&self) -> String {
        thousands(self.people)
    }
}

impl Passport {
    /// As a release keeps it. The same passport gives the same bytes.
    pub fn claimed(&self) -> Claimed {
        Claimed { id: self.id.clone(), passport: serde_json::to_string(self).unwrap_or_default() }
    }
}

impl Span {
    pub(super) fn of(period: Period) -> Self {
        let (from, to) = (period.first_day(), period.last_day());
        Self {
            code: period.to_string(),
            from: from.to_string(),
            to: to.to_string(),
            in_words: format!("{} to {}", day_in_words(from), day_in_words(to)),
        }
    }
}

impl Share {
    pub(super) fn of(positive: i64, n: i64) -> Option<Self> {
        let interval = Interval::wilson95(positive, n);
        Some(Self { positive, n, percent: percent(positive, n)?, interval })
    }
}
