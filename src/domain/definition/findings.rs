//! What the author of a version should know about it in one rendition and language: how it reads, and what is missing.
//! Findings stop nothing; what must be right is a fault, and stands in the checks.

use super::questionnaire::Definition;
use super::texts::{EASY_READ, ENGLISH, Texts, sentence_lengths};
use crate::domain::fault::At;
use crate::domain::question::{Item, Picture};

/// The most options that are easy to hold in mind (W3C COGA, “five or fewer main choices”).
const EASY_OPTIONS: usize = 5;
/// How many words an easy-read sentence has at most on average.
pub const EASY_MEAN: usize = 10;

/// What there is to know of a version in one rendition and language.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Findings {
    /// How its words read.
    pub reading: Reading,
    /// What is missing or hard, in the order of the file.
    pub notes: Vec<Note>,
}

/// One thing that an author should know.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Note {
    /// JSON pointer of the place in the file.
    pub pointer: String,
    /// What it is, in plain English.
    pub text: String,
}

/// How long the sentences of some texts are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reading {
    /// How many sentences there are. Labels, such as options, are none.
    pub sentences: usize,
    /// How many words they have, all together.
    pub words: usize,
    /// The longest sentence or label.
    pub longest: Option<Sentence>,
}

/// A sentence and its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sentence {
    /// JSON pointer of its text.
    pub pointer: String,
    /// The sentence.
    pub text: String,
    /// How many words it has.
    pub words: usize,
}

impl Reading {
    /// Takes in the sentences of a text.
    pub fn add(&mut self, text: &str, pointer: &str) {
        let lengths = sentence_lengths(text);
        self.sentences += lengths.len();
        self.words += lengths.iter().map(|(_, words)| words).sum::<usize>();
        self.add_label(text, pointer);
    }

    /// Takes in a text that is no sentence: it can be the longest, and is not in the mean, which it would flatter.
    pub fn add_label(&mut self, text: &str, pointer: &str) {
        for (sentence, words) in sentence_lengths(text) {
            if words > self.longest_words() {
                self.longest =
                    Some(Sentence { pointer: pointer.to_owned(), text: sentence.to_owned(), words });
            }
        }
    }

    /// How many words the longest sentence or label has.
    pub fn longest_words(&self) -> usize {
        self.longest.as_ref().map_or(0, |s| s.words)
    }

    /// Words a sentence, with one decimal.
    pub fn mean(&self) -> String {
        let doubled = 2 * self.sentences.max(1);
        let tenths = (20 * self.words + self.sentences) / doubled;
        format!("{}.{}", tenths / 10, tenths % 10)
    }

    /// Whether the mean is above `limit` words a sentence.
    pub fn mean_exceeds(&self, limit: usize) -> bool {
        self.words > limit * self.sentences
    }
}

impl std::fmt::Display for Reading {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} sentences of {} words on average", self.sentences, self.mean())?;
        match &self.longest {
            None => Ok(()),
            Some(s) => write!(f, "; the longest has {}: “{}” ({})", s.words, s.text, s.pointer),
        }
    }
}

impl Definition {
    /// What an author should know of this version in `rendition` and `language`.
    pub fn findings(&self, rendition: &str, language: &str) -> Findings {
        let mut found = Findings { reading: self.reading(rendition, language), notes: Vec::new() };
        if language != ENGLISH && !self.reviewed.iter().any(|l| l == language) {
            found.note(&At::ROOT.key("translations"), not_reviewed(language));
        }
        if !self.tested.iter().any(|r| r == rendition) {
            found.note(&At::ROOT.key("tested_with"), not_tested(rendition));
        }
        if rendition == EASY_READ && found.reading.mean_exceeds(EASY_MEAN) {
            let mean = found.reading.mean();
            let text = format!(
                "The easy-read sentences in “{language}” have {mean} words on average; aim at {EASY_MEAN} or fewer."
            );
            found.note(&At::ROOT, text);
        }
        let list = At::ROOT.key("items");
        for (index, item) in self.items.iter().enumerate() {
            found.of_item(item, &list.index(index), rendition);
        }
        found
    }

    /// How the version reads. A text that has no words in this rendition is not in it.
    fn reading(&self, rendition: &str, language: &str) -> Reading {
        let mut reading = Reading::default();
        let said =
            |texts: &Texts| texts.0.contains_key(rendition).then(|| self.say(texts, rendition, language));
        let pointer = |at: &At<'_>| at.key(rendition).key(language).to_string();
        if let Some(text) = said(&self.consent.text) {
            reading.add(&text, &pointer(&At::ROOT.key("consent").key("text")));
        }
        let list = At::ROOT.key("items");
        for (index, item) in self.items.iter().enumerate() {
            item.each_text(&list.index(index), |texts, at| match said(texts) {
                None => {}
                Some(text) if std::ptr::eq(texts, &item.text) => reading.add(&text, &pointer(at)),
                Some(label) => reading.add_label(&label, &pointer(at)),
            });
        }
        reading
    }
}

impl Findings {
    fn note(&mut self, at: &At<'_>, text: String) {
        self.notes.push(Note { pointer: at.to_string(), text });
    }

    fn of_item(&mut self, item: &Item, at: &At<'_>, rendition: &str) {
        let (id, options) = (&item.id, item.kind.choices());
        let has_rendition = item.renditions.as_ref().is_none_or(|r| r.iter().any(|r| r == rendition));
        if !has_rendition {
            self.note(at, format!("“{id}” has no {rendition} version: people see its standard words."));
        }
        if options.len() > EASY_OPTIONS {
            let text = format!("“{id}” has {} options; {EASY_OPTIONS} or fewer are easier.", options.len());
            self.note(&at.key("options"), text);
        }
        // Words that were made without pictures are not told to have some.
        let wants_picture = rendition == EASY_READ && has_rendition;
        if wants_picture && item.is_question() && item.picture.is_none() {
            self.note(at, format!("The question “{id}” has no picture."));
        }
        self.of_picture(item.picture.as_ref(), at);
        let list = at.key("options");
        let bare: Vec<&str> =
            options.iter().filter(|o| o.picture.is_none()).map(|o| o.code.as_str()).collect();
        if wants_picture && !bare.is_empty() {
            self.note(&list, format!("Options of “{id}” without a picture: {}.", bare.join(", ")));
        }
        for (index, option) in options.iter().enumerate() {
            self.of_picture(option.picture.as_ref(), &list.index(index));
        }
    }

    fn of_picture(&mut self, picture: Option<&Picture>, at: &At<'_>) {
        if let Some(picture) = picture.filter(|p| p.alt.is_none()) {
            let text = format!("Nothing says what the picture “{}” shows.", picture.symbol);
            self.note(&at.key("picture"), text);
        }
    }
}

/// That nobody has reviewed a translation.
pub(super) fn not_reviewed(language: &str) -> String {
    format!("The translation “{language}” has not been reviewed.")
}

/// That nobody has tried a rendition.
pub(super) fn not_tested(rendition: &str) -> String {
    format!("The rendition “{rendition}” has not been tested with people.")
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::domain::definition::texts::STANDARD;
    use crate::domain::fault::Faults;
    use crate::domain::reader::Field;

    fn definition(change: impl FnOnce(&mut Value)) -> Definition {
        let both = |words: &str| json!({"standard": {"en": words, "cy": words}, "easy-read": {"en": words, "cy": words}});
        let picture = json!({"symbol": "tick", "alt": {"en": "A tick", "cy": "Tic"}});
        let option = |code: &str| json!({"code": code, "text": both(code), "picture": picture});
        let mut file = json!({"schema_version": 1, "id": "club", "version": "1.0.0", "status": "draft", "model": "homeshare",
            "respondent": "person", "title": {"en": "Club", "cy": "Clwb"}, "languages": ["en", "cy"], "renditions": ["standard", "easy-read"],
            "licence": {"name": "CC0-1.0", "url": "https://example.org", "attribution": "None", "redistributable": true},
            "words": {"club": {"standard": {"en": "the club", "cy": "y clwb"}, "easy-read": {"en": "our garden club", "cy": "y clwb"}}},
            "consent": {"version": "1", "text": both("We ask about you. You can stop.")},
            "translations": {"cy": {"reviewed": true}},
            "tested_with": {"standard": [{"group": "five people", "date": "2026-05-12", "people": 5}],
                "easy-read": [{"group": "five people", "date": "2026-05-12", "people": 5}]},
            "items": [
                {"id": "fun", "type": "single", "topic": "fun", "text": both("Is {club} fun?"), "picture": picture,
                    "options": [option("yes"), option("no")]},
                {"id": "official", "type": "text", "topic": "fun", "renditions": ["standard"], "text": {"standard": {"en": "Overall, how?", "cy": "Sut?"}}}],
            "indicators": []});
        change(&mut file);
        let faults = Faults::new();
        let read = Definition::read(Field::root(&file, &faults)).expect("a definition");
        assert_eq!(faults.into_sorted(), []);
        read.0
    }

    fn notes(definition: &Definition, rendition: &str, language: &str) -> Vec<(String, String)> {
        definition.findings(rendition, language).notes.into_iter().map(|n| (n.pointer, n.text)).collect()
    }

    fn one(pointer: &str, text: &str) -> Vec<(String, String)> {
        vec![(pointer.to_owned(), text.to_owned())]
    }

    #[test]
    fn sentences_are_counted_with_the_questionnaires_own_words_and_without_options() {
        let club = definition(|_| {});
        let easy = club.findings(EASY_READ, ENGLISH).reading;
        assert_eq!((easy.sentences, easy.words, easy.mean().as_str()), (3, 4 + 3 + 5, "4.0"));
        let longest = easy.longest.expect("a sentence");
        assert_eq!(
            (longest.words, longest.text.as_str(), longest.pointer.as_str()),
            (5, "Is our garden club fun", "/items/0/text/easy-read/en")
        );
        let standard = club.findings(STANDARD, ENGLISH).reading;
        assert_eq!((standard.sentences, standard.mean().as_str()), (4, "3.3"), "13 words");
        assert_eq!(club.findings(EASY_READ, "cy").reading.words, 4 + 3 + 4);
    }

    #[test]
    fn a_long_option_is_the_longest_and_is_not_in_the_mean() {
        let long = "When I am at home with all the others";
        let club = definition(|file| file["items"][0]["options"][1]["text"]["easy-read"]["en"] = json!(long));
        let reading = club.findings(EASY_READ, ENGLISH).reading;
        assert_eq!((reading.sentences, reading.longest_words()), (3, 9));
        assert_eq!(
            reading.to_string(),
            format!(
                "3 sentences of 4.0 words on average; the longest has 9: “{long}” (/items/0/options/1/text/easy-read/en)"
            )
        );
    }

    #[test]
    fn nothing_is_said_of_what_is_well_but_that_an_item_has_no_easy_version() {
        let club = definition(|_| {});
        assert_eq!(notes(&club, STANDARD, "cy"), []);
        let only = one("/items/1", "“official” has no easy-read version: people see its standard words.");
        assert_eq!(notes(&club, EASY_READ, "cy"), only);
    }

    #[test]
    fn each_thing_that_is_missing_or_hard_is_told_at_its_place() {
        let told = |change: fn(&mut Value), pointer: &str, text: &str| {
            let club = definition(|file| {
                file["items"].as_array_mut().expect("items").truncate(1);
                change(file);
            });
            assert_eq!(notes(&club, EASY_READ, "cy"), one(pointer, text));
        };
        told(
            |f| f["translations"]["cy"]["reviewed"] = json!(false),
            "/translations",
            "The translation “cy” has not been reviewed.",
        );
        told(
            |f| f["tested_with"] = json!({}),
            "/tested_with",
            "The rendition “easy-read” has not been tested with people.",
        );
        told(
            |f| drop(f["items"][0].as_object_mut().expect("an item").remove("picture")),
            "/items/0",
            "The question “fun” has no picture.",
        );
        told(
            |f| drop(f["items"][0]["options"][1].as_object_mut().expect("an option").remove("picture")),
            "/items/0/options",
            "Options of “fun” without a picture: no.",
        );
        told(
            |f| f["items"][0]["options"][0]["picture"] = json!({"symbol": "tick"}),
            "/items/0/options/0/picture",
            "Nothing says what the picture “tick” shows.",
        );
        told(
            |f| {
                let first = f["items"][0]["options"][0].clone();
                f["items"][0]["type"] = json!("multiple");
                let more = (1..=4).map(|n| {
                    let mut option = first.clone();
                    option["code"] = json!(format!("more-{n}"));
                    option
                });
                f["items"][0]["options"].as_array_mut().expect("options").extend(more);
            },
            "/items/0/options",
            "“fun” has 6 options; 5 or fewer are easier.",
        );
        told(
            |f| f["consent"]["text"]["easy-read"]["cy"] = json!(["gair"; 17].join(" ")),
            "",
            "The easy-read sentences in “cy” have 10.5 words on average; aim at 10 or fewer.",
        );
    }

    #[test]
    fn english_needs_no_review_and_pictures_are_wanted_in_easy_read_only() {
        let bare = definition(|f| {
            f["translations"] = json!({});
            drop(f["items"][0].as_object_mut().expect("an item").remove("picture"));
        });
        assert_eq!(notes(&bare, STANDARD, ENGLISH), []);
    }
}
