//! The words that people read: whole in each language, short, and few before the first question. `docs/reading.md` is printed here.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::sync::Arc;

use khi::definition_files::shipped;
use khi::domain::definition::{
    Definition, EASY_MEAN, EASY_READ, ENGLISH, LONGEST_SENTENCE, Reading, Registry, STANDARD,
};
use serde_json::Value;

use crate::support::{load, read, repository};

const LANGUAGES: [&str; 2] = [ENGLISH, "cy"];
const FILE: &str = "src/web/words/survey.json";
/// The words of invitations, reminders and letters: easy to read for everybody.
const SENT: &str = "src/mail/words.json";
/// The words of reports.
const REPORTED: &str = "src/domain/report/compose/words.json";

/// The screens between a link and the first question, after the questionnaire's own title and consent text.
const SCREENS: [&[&str]; 3] = [
    &["start", "start_few"],
    &["who_title", "who_self", "who_helped", "who_proxy"],
    &["count_title", "count_yes", "count_no"],
];

const HEAD: &str = "# How the words read

What a person reads in easy read, measured. `cargo test --test spec words` fails when a figure is above its limit and when this page
is not what it measures; `UPDATE_DOCS=1` writes the page anew.

A sentence ends at a full stop, question mark, exclamation mark or colon. The longest may have 15 words, and the mean is at most 10.
Labels (options, bands, ends of a scale, buttons) can be the longest; they are not in the mean, which they would flatter. Official
questions that have no easy version are left out. Sentence length is a tripwire and says nothing of how well people understand:
that shows only in tests with people, which `khi check` asks for.
";

#[test]
fn every_key_has_every_language_in_each_of_its_renditions() {
    let wrong: Vec<String> = own()
        .iter()
        .chain(&sent())
        .chain(&reported())
        .filter(|(_, entry)| {
            let whole = |by_language: &Value| {
                keys(by_language) == BTreeSet::from(LANGUAGES)
                    && LANGUAGES.iter().all(|l| by_language[l].as_str().is_some_and(|w| !w.trim().is_empty()))
            };
            let both = BTreeSet::from([EASY_READ, STANDARD]);
            !(whole(entry) || keys(entry) == both && both.iter().all(|r| whole(&entry[r])))
        })
        .map(|(key, entry)| format!("{key}: {entry}"))
        .collect();
    assert!(wrong.is_empty(), "{FILE}: words missing:\n{}", wrong.join("\n"));
}

#[test]
fn every_language_has_the_same_placeholders() {
    let mut wrong = Vec::new();
    for (key, entry) in own().into_iter().chain(sent()).chain(reported()) {
        for rendition in [EASY_READ, STANDARD] {
            let [english, welsh] = LANGUAGES.map(|l| between(said(&entry, rendition, l), '{', '}'));
            if english != welsh {
                wrong.push(format!("{key}, {rendition}: {english:?} and {welsh:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{FILE}:\n{}", wrong.join("\n"));
}

#[test]
fn a_button_that_is_named_in_a_text_has_that_name() {
    let own = own();
    let mut wrong = Vec::new();
    for (key, entry) in &own {
        for rendition in [EASY_READ, STANDARD] {
            for language in LANGUAGES {
                for name in between(said(entry, rendition, language), '“', '”') {
                    if !own.values().any(|other| said(other, rendition, language) == name) {
                        wrong.push(format!("{key}, {rendition}, {language}: nothing is called “{name}”"));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{FILE}:\n{}", wrong.join("\n"));
}

#[test]
fn nobody_is_begged_or_blamed() {
    let never = ["please", "sorry", "oops", "valid", "invalid", "os gwelwch yn dda", "mae'n ddrwg"];
    for (key, entry) in own().into_iter().chain(sent()).chain(reported()) {
        for rendition in [EASY_READ, STANDARD] {
            for language in LANGUAGES {
                let words = said(&entry, rendition, language).to_lowercase();
                let plain: String =
                    words.chars().map(|c| if c.is_alphanumeric() || c == '\'' { c } else { ' ' }).collect();
                let plain = format!(" {} ", plain.split_whitespace().collect::<Vec<_>>().join(" "));
                for word in never {
                    assert!(
                        !plain.contains(&format!(" {word} ")),
                        "{key}, {language}: “{word}” in “{words}”"
                    );
                }
            }
        }
    }
}

#[test]
fn easy_read_sentences_are_short() {
    let registry = load(shipped());
    let mut wrong = Vec::new();
    for (what, language, reading) in readings(&registry) {
        assert!(reading.sentences > 5, "{what}, {language}: only {} sentences", reading.sentences);
        if reading.longest_words() > LONGEST_SENTENCE || reading.mean_exceeds(EASY_MEAN) {
            wrong.push(format!("{what}, {language}: {reading}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn there_are_three_screens_and_few_words_between_link_and_first_question() {
    let registry = load(shipped());
    for definition in published(&registry) {
        // An area is told first which of the ten actions are left out, and why.
        let begins = definition.items[0].is_question() || definition.respondent == "area";
        assert!(begins, "{}: a fourth screen before question 1", definition.id);
        for language in LANGUAGES {
            let counts = before_first_question(&definition, language);
            let words: usize = counts.iter().sum();
            assert!(
                words <= most_words(language),
                "{}, {language}: {words} words, {counts:?}",
                definition.id
            );
        }
    }
}

#[test]
fn docs_reading_md_is_what_is_measured() {
    let registry = load(shipped());
    let mut page = HEAD.to_owned();
    let mut line = |text: String| writeln!(page, "{text}").expect("a string takes everything");
    line("\n## Sentences\n".into());
    line("| words | language | sentences | mean | longest | which |\n|---|---|---|---|---|---|".into());
    for (what, language, reading) in readings(&registry) {
        let longest = reading.longest.as_ref().map_or("", |s| s.text.as_str());
        let (count, mean, most) = (reading.sentences, reading.mean(), reading.longest_words());
        line(format!("| {what} | {language} | {count} | {mean} | {most} | {longest} |"));
    }
    line("\n## Between link and first question\n".into());
    line(format!(
        "Three screens in easy read: title, consent and the buttons to start; who answers; whether the answers are counted. Every word of\n\
         them counts, except what is the scheme's (its name) and what stands on every page (the bar, “{}”, “{}”). At most {} words in\n\
         English, and {} in Welsh, which needs more words to say the same.\n",
        said(&own()["go_on"], EASY_READ, ENGLISH),
        said(&own()["back"], EASY_READ, ENGLISH),
        most_words(ENGLISH),
        most_words("cy"),
    ));
    line("| questionnaire | language | start | who | counting | words |\n|---|---|---|---|---|---|".into());
    for definition in published(&registry) {
        for language in LANGUAGES {
            let [start, who, counting] = before_first_question(&definition, language);
            let all = start + who + counting;
            line(format!("| {} | {language} | {start} | {who} | {counting} | {all} |", name(&definition)));
        }
    }
    let path = repository("docs/reading.md");
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, &page).expect("docs/reading.md");
    }
    assert!(
        path.is_file() && read(&path) == page,
        "docs/reading.md is stale: UPDATE_DOCS=1 cargo test --test spec words"
    );
}

/// The survey pages' own words, by key.
fn own() -> BTreeMap<String, Value> {
    serde_json::from_str(&read(repository(FILE))).expect("words by key")
}

/// The words of what is sent to people who are asked, by key.
fn sent() -> BTreeMap<String, Value> {
    serde_json::from_str(&read(repository(SENT))).expect("words by key")
}

/// The words of reports, by key.
fn reported() -> BTreeMap<String, Value> {
    serde_json::from_str(&read(repository(REPORTED))).expect("words by key")
}

/// What an entry says: some say the same in both renditions.
fn said<'e>(entry: &'e Value, rendition: &str, language: &str) -> &'e str {
    entry.get(rendition).unwrap_or(entry)[language].as_str().unwrap_or_default()
}

fn keys(value: &Value) -> BTreeSet<&str> {
    value.as_object().into_iter().flat_map(|o| o.keys().map(String::as_str)).collect()
}

/// What stands between each `open` and the next `close`.
fn between(words: &str, open: char, close: char) -> BTreeSet<&str> {
    words.split(open).skip(1).filter_map(|rest| rest.split_once(close)).map(|(inner, _)| inner).collect()
}

fn published(registry: &Registry) -> impl Iterator<Item = Arc<Definition>> {
    registry.ids().filter_map(|id| registry.latest(id)).cloned()
}

fn name(definition: &Definition) -> String {
    format!("`{}` {}", definition.id, definition.version)
}

/// Everything that is shown in easy read, and how it reads.
fn readings(registry: &Registry) -> Vec<(String, &'static str, Reading)> {
    let mut found = Vec::new();
    for definition in registry.definitions() {
        for language in LANGUAGES {
            let reading = definition.findings(EASY_READ, language).reading;
            found.push((name(definition), language, reading));
        }
    }
    for language in LANGUAGES {
        let mut reading = Reading::default();
        for (key, entry) in own() {
            let words = said(&entry, EASY_READ, language);
            let sentence = words.ends_with(['.', '?', '!', ':']);
            if sentence { reading.add(words, &key) } else { reading.add_label(words, &key) }
        }
        found.push(("the pages' own words".into(), language, reading));
    }
    for language in LANGUAGES {
        let mut reading = Reading::default();
        for (key, entry) in sent() {
            let words = said(&entry, EASY_READ, language);
            let sentence = words.ends_with(['.', '?', '!', ':']);
            if sentence { reading.add(words, &key) } else { reading.add_label(words, &key) }
        }
        found.push(("invitations, reminders and letters".into(), language, reading));
    }
    for language in LANGUAGES {
        let mut reading = Reading::default();
        for nation in registry.nations() {
            let advice = nation.advice.iter().map(|a| &a.text);
            for text in std::iter::once(&nation.emergency.text).chain(advice) {
                reading.add(&text[language], &nation.code);
            }
        }
        found.push(("whom to call (`nations.json`)".into(), language, reading));
    }
    found
}

/// How many words each of the screens before the first question has, in easy read.
fn before_first_question(definition: &Definition, language: &str) -> [usize; 3] {
    let own = own();
    let count =
        |words: &str| words.split_whitespace().filter(|w| w.chars().any(char::is_alphanumeric)).count();
    let mut counts = SCREENS
        .map(|keys| keys.iter().map(|key| count(said(&own[*key], EASY_READ, language))).sum::<usize>());
    counts[0] += count(definition.title.get(language));
    counts[0] += count(&definition.say(&definition.consent.text, EASY_READ, language));
    counts
}

fn most_words(language: &str) -> usize {
    if language == ENGLISH { 90 } else { 105 }
}
