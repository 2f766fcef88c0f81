//! Which pages there are, and which comes next. One page asks one thing.

use super::{Company, Draft, Length};
use crate::domain::definition::Definition;
use crate::domain::question::{Answer, Item};
use crate::domain::routing::{Answers, is_asked};
use crate::domain::submission::CompletedBy;

/// One page that asks something.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// Who gives the answers?
    Who,
    /// May we count them?
    Count,
    /// Alone, or together? Asked before the first private question.
    Company,
    /// A question or a note of the questionnaire.
    Item(String),
    /// May we use your words?
    Quotes,
    /// May we ask you again?
    AskAgain,
    /// May your worker see your answers?
    Share,
    /// To the helper: who are you?
    HelperRole,
    /// To the helper: how did you help?
    HelperHow,
    /// To the helper: do you give this person support?
    HelperSupport,
    /// Check your answers, and send.
    Check,
}

impl Step {
    /// Its name in the address, for all but items.
    pub fn slug(&self) -> Option<&'static str> {
        Some(match self {
            Self::Who => "who",
            Self::Count => "count",
            Self::Company => "company",
            Self::Quotes => "quotes",
            Self::AskAgain => "ask-again",
            Self::Share => "share",
            Self::HelperRole => "helper",
            Self::HelperHow => "helper-how",
            Self::HelperSupport => "helper-support",
            Self::Check => "check",
            Self::Item(_) => return None,
        })
    }

    /// The step with this name.
    pub fn from_slug(slug: &str) -> Option<Self> {
        [
            Self::Who,
            Self::Count,
            Self::Company,
            Self::Quotes,
            Self::AskAgain,
            Self::Share,
            Self::HelperRole,
            Self::HelperHow,
            Self::HelperSupport,
            Self::Check,
        ]
        .into_iter()
        .find(|step| step.slug() == Some(slug))
    }
}

/// Whether an item is only for the person's own ears: private, or its answer can raise an alert.
pub(super) fn is_delicate(item: &Item) -> bool {
    item.private || item.alert || item.kind.choices().iter().any(|c| c.alert)
}

impl Draft {
    /// Every page of this draft in order, as far as what has been said decides it. The last one is [`Step::Check`].
    pub fn path(&self, definition: &Definition) -> Vec<Step> {
        let mut path = Vec::new();
        if !definition.asks_at_work() {
            path.push(Step::Who);
        }
        path.push(Step::Count);
        let items = self.asked(definition);
        let first_delicate = items.iter().position(|item| is_delicate(item));
        for (index, item) in items.iter().enumerate() {
            if Some(index) == first_delicate && self.asks_about_company() {
                path.push(Step::Company);
            }
            let put_off = self.company == Some(Company::Later) && is_delicate(item);
            if !put_off || self.answers.contains_key(&item.id) {
                path.push(Step::Item(item.id.clone()));
            }
        }
        let said_words = items
            .iter()
            .any(|item| matches!(self.answers.get(&item.id).map(|g| &g.answer), Some(Answer::Words { .. })));
        if said_words && self.who != Some(CompletedBy::Proxy) {
            path.push(Step::Quotes);
        }
        if self.origin.participant.is_some() && self.who != Some(CompletedBy::Proxy) {
            path.push(Step::AskAgain);
            // A carer's or a relative's answers are not for the person's worker.
            if definition.asks_a_person() {
                path.push(Step::Share);
            }
        }
        let helper = self.who.is_some_and(|who| who != CompletedBy::Myself);
        if helper && self.origin.visit.is_none() {
            path.push(Step::HelperRole);
            if self.who == Some(CompletedBy::Helped) {
                path.push(Step::HelperHow);
            }
            path.push(Step::HelperSupport);
        }
        path.push(Step::Check);
        path
    }

    /// The items that are asked, notes included, in order, by the same rules as a sent response is checked.
    pub fn asked<'a>(&self, definition: &'a Definition) -> Vec<&'a Item> {
        let proxy = self.who == Some(CompletedBy::Proxy);
        let mut known = Answers::new();
        let mut asked = Vec::new();
        for item in &definition.items {
            let given = self.answers.get(&item.id);
            let wanted = self.length == Length::All || item.core || given.is_some();
            if !wanted || (proxy && !item.proxy_allowed) || !is_asked(item, &known, &self.origin.about) {
                continue;
            }
            asked.push(item);
            if let Some(given) = given {
                known.insert(item.id.clone(), given.answer.clone());
            }
        }
        // A note leads to the questions after it; without any it says nothing.
        while asked.last().is_some_and(|item| !item.is_question()) {
            asked.pop();
        }
        asked
    }

    /// Whether somebody is there who might hear the private questions.
    fn asks_about_company(&self) -> bool {
        self.who == Some(CompletedBy::Helped)
            || (self.origin.visit.is_some() && self.who == Some(CompletedBy::Myself))
    }

    /// Whether `item` lies in the stretch from the first private question to the last, which a person may answer alone.
    pub(super) fn in_delicate_stretch(&self, definition: &Definition, item: &str) -> bool {
        let items = self.asked(definition);
        let first = items.iter().position(|i| is_delicate(i));
        let last = items.iter().rposition(|i| is_delicate(i));
        let here = items.iter().position(|i| i.id == item);
        matches!((first, here, last), (Some(first), Some(here), Some(last)) if (first..=last).contains(&here))
    }

    /// Whether a page has been answered.
    pub fn is_done(&self, step: &Step) -> bool {
        match step {
            Step::Who => self.who.is_some(),
            Step::Count => self.count.is_some(),
            Step::Company => self.company.is_some(),
            Step::Item(id) => self.answers.contains_key(id) || self.read.contains(id),
            Step::Quotes => self.quotes.is_some(),
            Step::AskAgain => self.ask_again.is_some(),
            Step::Share => self.share.is_some(),
            Step::HelperRole => self.helper.role.is_some(),
            Step::HelperHow => self.helper.help.is_some(),
            Step::HelperSupport => self.helper.gives_support.is_some(),
            Step::Check => false,
        }
    }

    /// Where a person goes on who comes back: the first page without an answer.
    pub fn resume(&self, definition: &Definition) -> Step {
        self.path(definition).into_iter().find(|step| !self.is_done(step)).unwrap_or(Step::Check)
    }

    /// The page after `step`; for one who came to change an answer, the first unanswered page, else the check.
    pub fn after(&self, step: &Step, definition: &Definition, changing: bool) -> Step {
        if changing {
            return self.resume(definition);
        }
        let path = self.path(definition);
        let here = path.iter().position(|s| s == step);
        here.and_then(|here| path.get(here + 1).cloned()).unwrap_or_else(|| self.resume(definition))
    }

    /// The page before `step`.
    pub fn before(&self, step: &Step, definition: &Definition) -> Option<Step> {
        let path = self.path(definition);
        let here = path.iter().position(|s| s == step)?;
        here.checked_sub(1).map(|before| path[before].clone())
    }

    /// Which question this is, and of how many: notes and pages of ours are not counted.
    pub fn progress(&self, step: &Step, definition: &Definition) -> Option<(usize, usize)> {
        let Step::Item(id) = step else { return None };
        let path = self.path(definition);
        let questions: Vec<&str> = path
            .iter()
            .filter_map(|s| match s {
                Step::Item(id) => definition.item(id).filter(|(_, i)| i.is_question()).map(|_| id.as_str()),
                _ => None,
            })
            .collect();
        questions.iter().position(|q| q == id).map(|here| (here + 1, questions.len()))
    }
}
