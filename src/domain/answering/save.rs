//! Taking in one page: what its form says, checked, into the draft. A page with a fault changes nothing.

use serde_json::Value;

use super::{Company, Draft, Given, HelperGiven, PAST, Step};
use crate::domain::definition::Definition;
use crate::domain::fault::Faults;
use crate::domain::question::{Answer, Item, Kind, Missing};
use crate::domain::reader::Field;
use crate::domain::submission::{CompletedBy, HELP, ROLES};

/// What a form sent: names with their values, in order.
#[derive(Debug, Clone, Default)]
pub struct Form(pub Vec<(String, String)>);

impl Form {
    /// The first value of `name`, without white space around it.
    pub fn get<'a>(&'a self, name: &'a str) -> Option<&'a str> {
        self.all(name).next()
    }

    /// The first value of `name` exactly as it was sent: a password may begin with a space.
    pub fn exact(&self, name: &str) -> &str {
        self.0.iter().find(|(n, _)| n == name).map_or("", |(_, v)| v.as_str())
    }

    /// Every value of `name`.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(n, _)| n == name).map(|(_, v)| v.trim())
    }
}

/// Why a page could not be taken in; told beside the question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PageFault {
    /// Nothing was chosen.
    ChooseOne,
    /// Nothing was chosen where several can be.
    ChooseSome,
    /// An answer that stands alone was chosen with others.
    StandsAlone,
    /// No number.
    NumberMissing,
    /// Not a whole number.
    NotANumber,
    /// Outside the range.
    OutOfRange(i64, i64),
    /// Nothing was written.
    WordsMissing,
    /// Too long.
    TooLong,
}

/// The value of a choice that stands for a reason why there is no answer. A code of an option never holds a colon.
const DONT_KNOW: &str = "missing:dont-know";

impl Draft {
    /// What the collector says when handing over: how they will help; nothing = the person presses alone.
    pub fn help_on_visit(&mut self, role: &str, help: Vec<String>, gives_support: bool) {
        let helped = !help.is_empty();
        self.who = Some(if helped { CompletedBy::Helped } else { CompletedBy::Myself });
        self.helper = match helped {
            true => HelperGiven {
                role: Some(role.to_owned()),
                help: Some(help),
                gives_support: Some(gives_support),
            },
            false => HelperGiven::default(),
        };
    }

    /// Takes in the page `step`. `skip` leaves a question without an answer.
    ///
    /// # Errors
    ///
    /// If what was entered is no answer to it.
    pub fn save(
        &mut self,
        step: &Step,
        definition: &Definition,
        form: &Form,
        skip: bool,
        sitting: u32,
    ) -> Result<(), PageFault> {
        let one_of = |allowed: &[&str]| {
            form.get("answer").filter(|a| allowed.contains(a)).map(str::to_owned).ok_or(PageFault::ChooseOne)
        };
        let yes = || one_of(&["yes", "no"]).map(|a| a == "yes");
        match step {
            Step::Who => {
                let who = match one_of(&["self", "helped", "proxy"])?.as_str() {
                    "self" => CompletedBy::Myself,
                    "helped" => CompletedBy::Helped,
                    _ => CompletedBy::Proxy,
                };
                if self.who != Some(who) {
                    self.company = None;
                }
                self.who = Some(who);
            }
            Step::Count => self.count = Some(yes()?),
            Step::Company => {
                let company = match one_of(&["alone", "together", "later"])?.as_str() {
                    "alone" => Company::Alone,
                    "together" => Company::Together,
                    _ => Company::Later,
                };
                if company == Company::Alone && self.company != Some(Company::Alone) {
                    self.answers
                        .values_mut()
                        .filter(|given| given.alone)
                        .for_each(|given| given.sitting = PAST);
                }
                self.company = Some(company);
            }
            Step::Quotes => self.quotes = if skip { Some(false) } else { Some(yes()?) },
            Step::AskAgain => self.ask_again = if skip { Some(false) } else { Some(yes()?) },
            Step::Share => self.share = if skip { Some(false) } else { Some(yes()?) },
            Step::HelperRole => self.helper.role = Some(one_of(&ROLES)?),
            Step::HelperHow => {
                let chosen = |code: &&&str| form.all("answer").any(|a| a == **code);
                let help: Vec<String> = HELP.iter().filter(chosen).map(|code| (*code).to_owned()).collect();
                if help.is_empty() {
                    return Err(PageFault::ChooseSome);
                }
                self.helper.help = Some(help);
            }
            Step::HelperSupport => self.helper.gives_support = Some(yes()?),
            Step::Check => {}
            Step::Item(id) => {
                let Some((_, item)) = definition.item(id) else { return Ok(()) };
                self.save_item(item, definition, form, skip, sitting)?;
            }
        }
        if self.company == Some(Company::Alone) && self.leaves_delicate_stretch(step, definition) {
            self.company = Some(Company::AloneOver);
        }
        Ok(())
    }

    fn save_item(
        &mut self,
        item: &Item,
        definition: &Definition,
        form: &Form,
        skip: bool,
        sitting: u32,
    ) -> Result<(), PageFault> {
        if !item.is_question() {
            self.read.insert(item.id.clone());
            return Ok(());
        }
        let answer = match read_answer(item, form) {
            _ if skip => Answer::Missing { missing: Missing::Skipped },
            // Nothing entered over an answer that is hidden: it stays as it is.
            Err(
                PageFault::ChooseOne
                | PageFault::ChooseSome
                | PageFault::NumberMissing
                | PageFault::WordsMissing,
            ) if self.answers.contains_key(&item.id) && self.seen(&item.id, sitting).answer().is_none() => {
                return Ok(());
            }
            other => other?,
        };
        let alone = self.company == Some(Company::Alone) && self.in_delicate_stretch(definition, &item.id);
        let again = self.answers.get(&item.id).is_some_and(|given| given.alone && given.answer == answer);
        if again && !alone {
            return Ok(()); // the last page of the turn alone, sent twice: what was said stays hidden
        }
        self.answers.insert(item.id.clone(), Given { answer, sitting, alone });
        Ok(())
    }

    fn leaves_delicate_stretch(&self, step: &Step, definition: &Definition) -> bool {
        let Step::Item(_) = step else { return *step == Step::Check };
        match self.after(step, definition, false) {
            Step::Item(next) => !self.in_delicate_stretch(definition, &next),
            _ => true,
        }
    }
}

/// Reads the answer to `item` out of its form, by the rules of its kind.
fn read_answer(item: &Item, form: &Form) -> Result<Answer, PageFault> {
    if form.all("answer").any(|a| a == DONT_KNOW) {
        return Ok(Answer::Missing { missing: Missing::DontKnow });
    }
    let given = form.get("answer").filter(|a| !a.is_empty());
    let (value, empty) = match &item.kind {
        Kind::Single(_) => (given.map(Value::from), PageFault::ChooseOne),
        Kind::Multiple(_) => {
            let chosen: Vec<&str> = form.all("answer").filter(|a| !a.is_empty()).collect();
            ((!chosen.is_empty()).then(|| Value::from(chosen)), PageFault::ChooseSome)
        }
        Kind::Scale(_) => (given.map(number).transpose()?, PageFault::ChooseOne),
        Kind::Count(_) => (given.map(number).transpose()?, PageFault::NumberMissing),
        Kind::Text | Kind::Note => {
            (given.map(|words| Value::from(words.replace("\r\n", "\n"))), PageFault::WordsMissing)
        }
    };
    let value = value.ok_or(empty)?;
    let faults = Faults::new();
    let answer = item.kind.check(Field::root(&value, &faults));
    answer.filter(|_| faults.is_empty()).ok_or_else(|| match &item.kind {
        Kind::Single(_) => PageFault::ChooseOne,
        Kind::Multiple(_) if faults.has("exclusive-option") => PageFault::StandsAlone,
        Kind::Multiple(_) => PageFault::ChooseSome,
        Kind::Count(range) | Kind::Scale(range) => PageFault::OutOfRange(range.min, range.max),
        Kind::Text | Kind::Note => PageFault::TooLong,
    })
}

/// A whole number as people type it: spaces do not matter.
fn number(typed: &str) -> Result<Value, PageFault> {
    let digits: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
    digits.parse::<i64>().map(Value::from).map_err(|_| PageFault::NotANumber)
}
