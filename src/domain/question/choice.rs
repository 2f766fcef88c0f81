//! Questions with options: one (`single`) or several (`multiple`).

use super::{Answer, Picture, kebab, read_alert, read_picture};
use crate::domain::definition::Texts;
use crate::domain::fault::At;
use crate::domain::reader::{Field, Object, short};

/// The most options a single question may have: more is hard to hold in mind (W3C COGA, “five or fewer main choices”).
pub(super) const MOST_OPTIONS: usize = 5;
/// The most options a multiple question may have besides an exclusive one.
pub(super) const MOST_OPTIONS_MULTIPLE: usize = 8;

/// One option.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// Its code in answers and figures.
    pub code: String,
    /// Its number, for means, sums and change.
    pub score: Option<i64>,
    /// In a `multiple`: cannot stand with others.
    pub exclusive: bool,
    /// Choosing it opens a safeguarding task.
    pub alert: bool,
    /// Its words.
    pub text: Texts,
    /// The picture beside its words.
    pub picture: Option<Picture>,
}

/// A question with one answer out of its options.
#[derive(Debug, Clone)]
pub struct Single {
    /// In the order of the page.
    pub options: Vec<Choice>,
}

/// A question with any number of its options as the answer.
#[derive(Debug, Clone)]
pub struct Multiple {
    /// In the order of the page.
    pub options: Vec<Choice>,
}

impl Single {
    pub(super) fn read(item: &Object<'_>) -> Self {
        Self { options: read_options(item, false) }
    }

    pub(super) fn check(&self, field: Field<'_>) -> Option<Answer> {
        let code = field.string()?;
        known(&self.options, code, field).then(|| Answer::Choice(code.to_owned()))
    }
}

impl Multiple {
    pub(super) fn read(item: &Object<'_>) -> Self {
        Self { options: read_options(item, true) }
    }

    pub(super) fn check(&self, field: Field<'_>) -> Option<Answer> {
        let codes = field.string_list(1)?;
        let mut sound = true;
        field.list(1)?.each(|element| {
            sound &= element.string().is_some_and(|code| known(&self.options, code, element));
        });
        let exclusive = |code: &String| self.options.iter().any(|o| o.exclusive && &o.code == code);
        if sound && codes.len() > 1 && codes.iter().any(exclusive) {
            field.fault("exclusive-option", "One of these options can only stand alone.");
            sound = false;
        }
        sound.then_some(Answer::Choices(codes))
    }
}

fn known(options: &[Choice], code: &str, field: Field<'_>) -> bool {
    let known = options.iter().any(|o| o.code == code);
    if !known {
        let codes: Vec<&str> = options.iter().map(|o| o.code.as_str()).collect();
        field.fault(
            "unknown-option",
            format!("“{}” is not an option here; the options are: {}.", short(code), codes.join(", ")),
        );
    }
    known
}

fn read_options(item: &Object<'_>, multiple: bool) -> Vec<Choice> {
    let mut options: Vec<Choice> = Vec::new();
    let Some(list) = item.required("options").and_then(|f| f.list(2)) else { return options };
    list.each(|field| {
        let Some(object) = field.object() else { return };
        let code = object.required("code").and_then(|f| {
            let code = kebab(f, 40)?;
            if options.iter().any(|o| o.code == code) {
                f.fault("repeated", format!("The option “{code}” stands here twice."));
            }
            if crate::domain::question::Missing::parse(&code).is_some() {
                f.fault(
                    "reserved-code",
                    format!("“{code}” is the name of a reason for no answer; every question has those."),
                );
            }
            Some(code)
        });
        if !multiple {
            object.refused("exclusive", "Only options of a multiple question can be exclusive.");
        }
        options.push(Choice {
            code: code.unwrap_or_default(),
            score: object.optional("score").and_then(|f| small_number(f)),
            exclusive: multiple && object.optional("exclusive").and_then(|f| f.boolean()).unwrap_or(false),
            alert: object.optional("alert").is_some_and(read_alert),
            text: object.required("text").map(Texts::read).unwrap_or_default(),
            picture: object.optional("picture").and_then(read_picture),
        });
        object.close(true);
    });
    let (main, most) = if multiple {
        (options.iter().filter(|o| !o.exclusive).count(), MOST_OPTIONS_MULTIPLE)
    } else {
        (options.len(), MOST_OPTIONS)
    };
    if main > most {
        item.fault(
            "too-many-options",
            format!("{main} options; at most {most} can be told apart on one page."),
        );
    }
    options
}

/// A score within the range that keeps every later sum exact.
fn small_number(field: Field<'_>) -> Option<i64> {
    let number = field.integer()?;
    if !(-super::number::LARGEST..=super::number::LARGEST).contains(&number) {
        field.fault("out-of-range", format!("A score lies between -{0} and {0}.", super::number::LARGEST));
        return None;
    }
    Some(number)
}

/// Calls `visit` with every option's text and its place below `item`.
pub(super) fn each_text(options: &[Choice], item: &At<'_>, mut visit: impl FnMut(&Texts, &At<'_>)) {
    let list = item.key("options");
    for (index, option) in options.iter().enumerate() {
        let option_at = list.index(index);
        visit(&option.text, &option_at.key("text"));
    }
}
