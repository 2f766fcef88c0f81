//! Items and the kinds of question: one file per kind, with all its faces (reading the definition, checking an answer).

mod answer;
mod choice;
mod number;
mod text;

pub use answer::{Answer, Missing};
pub use choice::{Choice, Multiple, Single};
pub use number::{Band, Number};

use crate::domain::definition::{Audio, Texts, Title};
use crate::domain::fault::At;
use crate::domain::reader::{Field, Object};
use crate::domain::routing::Condition;

/// One question, or a note between questions.
#[derive(Debug, Clone)]
pub struct Item {
    /// Its id within the questionnaire.
    pub id: String,
    /// What kind of answer it takes.
    pub kind: Kind,
    /// Free kebab-case topic.
    pub topic: String,
    /// `instrument/version#item` that it is a copy of.
    pub from: Option<ItemRef>,
    /// The question's words.
    pub text: Texts,
    /// Renditions this item has, when fewer than the file claims (an official text without an easy version).
    pub renditions: Option<Vec<String>>,
    /// The picture beside the words.
    pub picture: Option<Picture>,
    /// Which files say its words aloud.
    pub audio: Audio,
    /// In the short set.
    pub core: bool,
    /// Never shared with a worker.
    pub private: bool,
    /// Whether someone may answer it for the person.
    pub proxy_allowed: bool,
    /// When it is asked; always, if absent.
    pub ask_if: Option<Condition>,
    /// A text answer here opens a safeguarding task.
    pub alert: bool,
}

/// A picture beside words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// The symbol's name; the same symbol always has the same words.
    pub symbol: String,
    /// What it shows.
    pub alt: Option<Title>,
}

impl Item {
    /// An answer to it in words, which `say` gives for an option's text; none where there is no answer, or nobody can read it.
    pub fn in_words(&self, answer: &Answer, say: impl Fn(&Texts) -> String) -> Option<String> {
        let label = |code: &str| {
            let option = self.kind.choices().iter().find(|option| option.code == code);
            option.map_or_else(String::new, |option| say(&option.text))
        };
        match answer {
            Answer::Choice(code) => Some(label(code)),
            Answer::Choices(codes) => {
                Some(codes.iter().map(|code| label(code)).collect::<Vec<_>>().join(", "))
            }
            Answer::Number(number) => Some(number.to_string()),
            Answer::Words { words } => Some(words.clone()),
            Answer::Missing { .. } | Answer::Sealed { .. } => None,
        }
    }
}

/// A reference to an item of an instrument version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemRef {
    /// The instrument's id.
    pub instrument: String,
    /// Its version.
    pub version: crate::domain::definition::Version,
    /// The item's id there.
    pub item: String,
}

/// The kinds of question.
#[derive(Debug, Clone)]
pub enum Kind {
    /// One option.
    Single(Single),
    /// One or more options.
    Multiple(Multiple),
    /// How many: a whole number.
    Count(Number),
    /// A point on a line between two ends.
    Scale(Number),
    /// The person's own words.
    Text,
    /// Words only; takes no answer.
    Note,
}

impl Kind {
    /// The name of each kind in a definition file.
    pub const CODES: &'static str = "single, multiple, count, scale, text, note";

    /// The name in a definition file.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Single(_) => "single",
            Self::Multiple(_) => "multiple",
            Self::Count(_) => "count",
            Self::Scale(_) => "scale",
            Self::Text => "text",
            Self::Note => "note",
        }
    }

    /// Reads the keys that belong to the kind named by `code`, and refuses those of other kinds.
    fn read(code: &str, item: &Object<'_>) -> Option<Self> {
        let takes_options = matches!(code, "single" | "multiple");
        let takes_range = matches!(code, "count" | "scale");
        if !(takes_options || takes_range || matches!(code, "text" | "note")) {
            return None;
        }
        if !takes_options {
            item.refused("options", "Only single and multiple questions have options.");
        }
        if !takes_range {
            for key in ["min", "max", "bands"] {
                item.refused(key, "Only count and scale questions have a range and bands.");
            }
        }
        if code != "scale" {
            item.refused("ends", "Only scale questions have named ends.");
        }
        Some(match code {
            "single" => Self::Single(Single::read(item)),
            "multiple" => Self::Multiple(Multiple::read(item)),
            "count" => Self::Count(Number::read(item, false)),
            "scale" => Self::Scale(Number::read(item, true)),
            "text" => Self::Text,
            _ => Self::Note,
        })
    }

    /// The options, for the kinds that have them.
    pub fn choices(&self) -> &[Choice] {
        match self {
            Self::Single(Single { options }) | Self::Multiple(Multiple { options }) => options,
            _ => &[],
        }
    }

    /// The range, for the kinds that have one.
    pub fn number(&self) -> Option<&Number> {
        match self {
            Self::Count(number) | Self::Scale(number) => Some(number),
            _ => None,
        }
    }

    /// Checks a given answer that is not a missing reason; faults go to the field.
    pub fn check(&self, field: Field<'_>) -> Option<Answer> {
        match self {
            Self::Single(single) => single.check(field),
            Self::Multiple(multiple) => multiple.check(field),
            Self::Count(number) | Self::Scale(number) => number.check(field),
            Self::Text => text::check(field),
            Self::Note => {
                field.fault("takes-no-answer", "This is a note; it takes no answer.");
                None
            }
        }
    }
}

impl Item {
    /// Whether it takes an answer.
    pub fn is_question(&self) -> bool {
        !matches!(self.kind, Kind::Note)
    }

    /// Calls `visit` with each text of this item and its place.
    pub fn each_text(&self, at: &At<'_>, mut visit: impl FnMut(&Texts, &At<'_>)) {
        visit(&self.text, &at.key("text"));
        choice::each_text(self.kind.choices(), at, &mut visit);
        if let Some(number) = self.kind.number() {
            number.each_text(at, &mut visit);
        }
    }

    /// Calls `visit` with each picture's words and their place.
    pub fn each_alt(&self, at: &At<'_>, mut visit: impl FnMut(&Title, &At<'_>)) {
        let mut picture = |picture: &Option<Picture>, at: &At<'_>| {
            if let Some(alt) = picture.as_ref().and_then(|p| p.alt.as_ref()) {
                visit(alt, &at.key("picture").key("alt"));
            }
        };
        picture(&self.picture, at);
        let list = at.key("options");
        for (index, option) in self.kind.choices().iter().enumerate() {
            picture(&option.picture, &list.index(index));
        }
    }

    /// The codes an answer can fall into in figures: options, or bands.
    pub fn codes(&self) -> Vec<&str> {
        match &self.kind {
            Kind::Single(_) | Kind::Multiple(_) => {
                self.kind.choices().iter().map(|c| c.code.as_str()).collect()
            }
            Kind::Count(number) | Kind::Scale(number) => {
                number.bands.iter().map(|b| b.code.as_str()).collect()
            }
            Kind::Text | Kind::Note => Vec::new(),
        }
    }

    /// The least and greatest number an answer can count as: of the range, or of the options' scores.
    pub fn number_range(&self) -> Option<(i64, i64)> {
        match &self.kind {
            Kind::Count(number) | Kind::Scale(number) => Some((number.min, number.max)),
            Kind::Single(single) => {
                let scores: Option<Vec<i64>> = single.options.iter().map(|o| o.score).collect();
                let scores = scores?;
                Some((*scores.iter().min()?, *scores.iter().max()?))
            }
            Kind::Multiple(_) | Kind::Text | Kind::Note => None,
        }
    }

    /// Reads an item of a questionnaire or an instrument.
    pub fn read(field: Field<'_>) -> Option<Self> {
        let object = field.object()?;
        let id = object.required("id").and_then(|f| kebab(f, 40));
        let code = object.required("type").and_then(|f| f.string().map(|t| (f, t)));
        let kind = code.and_then(|(f, code)| {
            let kind = Kind::read(code, &object);
            if kind.is_none() {
                f.fault("unknown-code", format!("The type must be one of: {}.", Kind::CODES));
            }
            kind
        });
        if kind.is_none() {
            // Without a known type nobody can say which of these are wrong.
            for key in ["options", "min", "max", "bands", "ends"] {
                object.optional(key);
            }
        }
        let alert = object.optional("alert").is_some_and(|f| read_alert(f));
        if let (true, Some(kind)) = (alert, &kind)
            && !matches!(kind, Kind::Text)
        {
            object.fault("alert-place", "An alert stands on an option or on a text item.");
        }
        let item = Self {
            id: id.unwrap_or_default(),
            kind: kind.unwrap_or(Kind::Note),
            topic: object.required("topic").and_then(|f| kebab(f, 60)).unwrap_or_default(),
            from: object.optional("from").and_then(read_item_ref),
            text: object.required("text").map(Texts::read).unwrap_or_default(),
            renditions: object.optional("renditions").and_then(|f| f.string_list(1)),
            picture: object.optional("picture").and_then(read_picture),
            audio: object.optional("audio").map(Audio::read).unwrap_or_default(),
            core: flag(&object, "core"),
            private: flag(&object, "private"),
            proxy_allowed: object
                .optional("proxy")
                .and_then(|f| {
                    f.one_of(
                        |t| match t {
                            "allowed" => Some(true),
                            "not-allowed" => Some(false),
                            _ => None,
                        },
                        "allowed, not-allowed",
                    )
                })
                .unwrap_or(true),
            ask_if: object.optional("ask_if").and_then(Condition::read),
            alert,
        };
        object.close(true);
        Some(item)
    }
}

fn read_item_ref(field: Field<'_>) -> Option<ItemRef> {
    let text = field.string()?;
    let parsed = text.split_once('/').and_then(|(instrument, rest)| {
        let (version, item) = rest.split_once('#')?;
        Some(ItemRef {
            instrument: instrument.to_owned(),
            version: version.parse().ok()?,
            item: item.to_owned(),
        })
    });
    if parsed.is_none() {
        field.fault("bad-reference", "A reference looks like connections/1.0.0#connected.");
    }
    parsed
}

fn read_picture(field: Field<'_>) -> Option<Picture> {
    let object = field.object()?;
    let symbol = object.required("symbol").and_then(|f| kebab(f, 60));
    let alt = object.optional("alt").map(Title::read);
    object.close(true);
    Some(Picture { symbol: symbol?, alt })
}

fn read_alert(field: Field<'_>) -> bool {
    let Some(object) = field.object() else { return false };
    let level = object
        .required("level")
        .and_then(|f| f.one_of(|t| (t == "safeguarding").then_some(()), "safeguarding"));
    object.close(true);
    level.is_some()
}

fn flag(object: &Object<'_>, key: &'static str) -> bool {
    object.optional(key).and_then(|f| f.boolean()).unwrap_or(false)
}

/// Reads a kebab-case id of at most `longest` characters.
pub fn kebab(field: Field<'_>, longest: usize) -> Option<String> {
    let text = field.string()?;
    if crate::domain::reader::is_kebab(text, longest) {
        return Some(text.to_owned());
    }
    field.fault(
        "bad-id",
        format!("An id has lower-case letters, digits and single hyphens, at most {longest}."),
    );
    None
}
