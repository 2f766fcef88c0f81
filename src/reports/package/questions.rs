//! `questions.csv`: the questionnaires behind the figures, word for word as they were published before the release.

use serde_json::Value;

use super::cell::{Cell, each};
use super::table::{Field, Form, Rows, Table};
use super::{PackageError, PackageSource};
use crate::domain::definition::{
    Definition, EASY_READ, ENGLISH, IndicatorEntry, Registry, Rule, STANDARD, Texts,
};
use crate::domain::question::{Item, Kind};

const WELSH: &str = "cy";
/// What a row of it is.
const PARTS: [(&str, &str); 4] = [
    ("question", "A question, or a note between questions."),
    ("answer", "One of its answers."),
    ("band", "A named part of the numbers that can be answered."),
    ("end", "What stands at one end of a scale."),
];

/// `questions.csv`.
pub(super) fn questions(source: &PackageSource<'_>, cells: &[Cell]) -> Result<Table, PackageError> {
    let made = each(cells, |cell| Some((cell.model.as_str(), cell.indicator.as_str(), cell.series.as_str())));
    let mut rows = Rows::begin(form());
    for definition in source.registry.definitions().filter(|d| d.takes_responses()) {
        let path = format!("questionnaires/{}/{}.json", definition.id, definition.version);
        let entries: Vec<&IndicatorEntry> = definition
            .indicators
            .iter()
            .filter(|entry| made.contains(&figure_of(definition, entry)))
            .collect();
        if entries.is_empty() || source.later.contains(&path) {
            continue;
        }
        let own = licence_of(source.registry, &path);
        let digest = source.registry.file(&definition.id, definition.version).map(|file| &*file.digest);
        let writing = Writing { definition, entries, digest: digest.unwrap_or_default() };
        for (position, item) in (1..).zip(&definition.items) {
            let copied = item.from.as_ref().and_then(|from| {
                let path = format!("instruments/{}/{}.json", from.instrument, from.version);
                licence_of(source.registry, &path)
            });
            writing.item(&mut rows, position, item, &copied.or_else(|| own.clone()).unwrap_or_default());
        }
    }
    rows.finish()
}

fn form() -> Form {
    Form {
        name: "questions",
        title: "Questions and answers",
        words: "The questionnaires behind the figures, word for word: one row for each question and each answer. Words belong to whom “attribution” names, under “licence”.",
        fields: vec![
            Field::text("questionnaire", "The questionnaire.").required(),
            Field::text("version", "Its version.").required(),
            Field::text("sha256", "SHA-256 of the version’s published file.").matching("^[0-9a-f]{64}$"),
            Field::whole("position", "Where the question stands: the first is 1.").required().at_least(1),
            Field::text("item", "The question’s id.").required(),
            Field::text("type", "What kind of answer it takes.")
                .required()
                .one_of(["single", "multiple", "count", "scale", "text", "note"]),
            Field::text("part", "What the row is.").required().one_of(PARTS.iter().map(|(code, _)| *code)),
            Field::whole("number", "0 for the question; its answers, bands or ends are numbered from 1.")
                .required()
                .at_least(0),
            Field::text("code", "The code of the answer or band, as in answers.csv; empty for the question."),
            Field::text("words_en", "The words in English."),
            Field::text("words_cy", "The words in Welsh."),
            Field::text("easy_read_en", "The easy words in English, where they are others."),
            Field::text("easy_read_cy", "The easy words in Welsh, where they are others."),
            Field::whole("least", "The least number that can be answered, or is in the band."),
            Field::whole("most", "The greatest."),
            Field::whole("score", "What the answer counts as in means and sums."),
            Field::text("indicators", "The indicators that are made from the question, parted by spaces."),
            Field::text("positive_for", "The indicators for which the answer counts as positive."),
            Field::text("licence", "The licence of the words."),
            Field::text("licence_url", "Where the licence stands."),
            Field::text("attribution", "Whose words they are."),
        ],
        key: &["questionnaire", "version", "item", "part", "number"],
        references: Vec::new(),
        not_shown: None,
    }
}

/// The licence of the words of a file.
#[derive(Debug, Clone, Default)]
struct Licence {
    name: String,
    url: String,
    attribution: String,
    /// Whether the words may be passed on to everybody.
    open: bool,
}

fn licence_of(registry: &Registry, path: &str) -> Option<Licence> {
    let file = registry.published().find(|file| file.path == path)?;
    let text: Value = serde_json::from_slice(&file.bytes).ok()?;
    let licence = text.get("licence")?;
    let words = |key: &str| licence.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let open = licence.get("redistributable").and_then(Value::as_bool).unwrap_or(false);
    Some(Licence { name: words("name"), url: words("url"), attribution: words("attribution"), open })
}

/// The model, indicator and series of the figures that an entry makes.
fn figure_of<'d>(definition: &'d Definition, entry: &'d IndicatorEntry) -> (&'d str, &'d str, &'d str) {
    (definition.model.code(), &entry.indicator, &entry.series)
}

struct Writing<'a> {
    definition: &'a Definition,
    /// Those of its entries that make figures of the release.
    entries: Vec<&'a IndicatorEntry>,
    digest: &'a str,
}

/// What a row says besides where it stands.
#[derive(Default)]
struct Said<'a> {
    part: &'static str,
    number: usize,
    code: &'a str,
    text: Option<&'a Texts>,
    least: Option<i64>,
    most: Option<i64>,
    score: Option<i64>,
    indicators: String,
    positive_for: String,
}

impl Writing<'_> {
    fn item(&self, rows: &mut Rows, position: usize, item: &Item, licence: &Licence) {
        let mut write = |said: Said<'_>| self.row(rows, position, item, licence, &said);
        let number = item.kind.number();
        let indicators: Vec<&str> = self
            .entries
            .iter()
            .filter(|e| e.rule.items().contains(&item.id.as_str()))
            .map(|e| e.indicator.as_str())
            .collect();
        write(Said {
            part: "question",
            text: Some(&item.text),
            least: number.map(|n| n.min),
            most: number.map(|n| n.max),
            indicators: indicators.join(" "),
            ..Said::default()
        });
        for (number, choice) in (1..).zip(item.kind.choices()) {
            let is_positive = |rule: &Rule| matches!(rule, Rule::Share { item: of, positive, .. } if *of == item.id && positive.contains(&choice.code));
            let positive_for: Vec<&str> =
                self.entries.iter().filter(|e| is_positive(&e.rule)).map(|e| e.indicator.as_str()).collect();
            write(Said {
                part: "answer",
                number,
                code: &choice.code,
                text: Some(&choice.text),
                score: choice.score,
                positive_for: positive_for.join(" "),
                ..Said::default()
            });
        }
        let Some(number) = number else { return };
        for (at, band) in (1..).zip(&number.bands) {
            let (least, most) = (Some(band.min), Some(band.max));
            write(Said {
                part: "band",
                number: at,
                code: &band.code,
                text: Some(&band.text),
                least,
                most,
                ..Said::default()
            });
        }
        if let (Kind::Scale(_), Some((low, high))) = (&item.kind, &number.ends) {
            for (at, text, end) in [(1, low, number.min), (2, high, number.max)] {
                let end = Some(end);
                write(Said {
                    part: "end",
                    number: at,
                    text: Some(text),
                    least: end,
                    most: end,
                    ..Said::default()
                });
            }
        }
    }

    fn row(&self, rows: &mut Rows, position: usize, item: &Item, licence: &Licence, said: &Said<'_>) {
        let definition = self.definition;
        // Words that may not be passed on stay where they are: the row says what there is, and whose it is.
        let text = said.text.filter(|_| licence.open);
        let words = |rendition: &str, language: &str| {
            text.map_or_else(String::new, |text| definition.say(text, rendition, language))
        };
        let in_welsh = definition.languages.iter().any(|language| language == WELSH);
        let welsh = |rendition: &str| if in_welsh { words(rendition, WELSH) } else { String::new() };
        let (english, welsh_words) = (words(STANDARD, ENGLISH), welsh(STANDARD));
        let other = |easy: String, standard: &str| if easy == standard { String::new() } else { easy };
        let easy = other(words(EASY_READ, ENGLISH), &english);
        let easy_welsh = other(welsh(EASY_READ), &welsh_words);
        rows.texts(&[&definition.id, &definition.version.to_string(), self.digest])
            .number(Some(position))
            .texts(&[&item.id, item.kind.code(), said.part])
            .number(Some(said.number))
            .texts(&[said.code, &english, &welsh_words, &easy, &easy_welsh])
            .number(said.least)
            .number(said.most)
            .number(said.score)
            .texts(&[&said.indicators, &said.positive_for])
            .texts(&[&licence.name, &licence.url, &licence.attribution])
            .end();
    }
}
