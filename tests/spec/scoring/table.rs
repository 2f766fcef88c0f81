//! Reads the tables of `tests/spec/scoring/*.case`.
//!
//! A section is a title (`# ...`), some prose, its questions (`question ID: KIND ...`) and a `rule` in the form of a definition
//! file, or `shipped QUESTIONNAIRE INDICATOR`; then lines `given ANSWERS [by WHO] then OUTCOME`, or
//! `people N of ANSWERS [by WHO] [in BREAKDOWN=VALUES]` and what their `row KEY=VALUE ...` says.
//! `ask ITEM if CONDITION` routes a question, `reserve ITEM` keeps it from proxies.

use std::collections::BTreeMap;

use khi::domain::question::{Item, Kind};
use serde_json::{Value, json};

use crate::support::{files, read, repository};

/// One section of a file.
#[derive(Default)]
pub(super) struct Section {
    pub(super) title: String,
    pub(super) prose: Vec<String>,
    /// Its own questions, as items of a definition file.
    pub(super) items: Vec<Value>,
    /// Its own rule, as an entry of a definition file.
    pub(super) rule: Value,
    /// A shipped questionnaire and indicator instead of its own.
    pub(super) shipped: Option<(String, String)>,
    pub(super) givens: Vec<Given>,
    pub(super) people: Vec<(usize, Given)>,
    pub(super) rows: Vec<ExpectedRow>,
}

/// One response, and perhaps what it comes to.
pub(super) struct Given {
    /// As it is printed.
    pub(super) line: String,
    pub(super) answers: Vec<String>,
    pub(super) by: String,
    pub(super) about: BTreeMap<String, Vec<String>>,
    pub(super) then: String,
}

/// Some values of a row.
pub(super) struct ExpectedRow {
    /// Breakdown and value; none = everybody.
    pub(super) group: Option<(String, String)>,
    pub(super) values: Vec<(String, String)>,
}

/// Every section of every file.
pub(super) fn all() -> Vec<Section> {
    let mut sections: Vec<Section> = Vec::new();
    for path in files(&repository("tests/spec/scoring"), ".case") {
        for line in read(&path).lines().filter(|l| !l.trim().is_empty()) {
            match line.strip_prefix("# ") {
                Some(title) => sections.push(Section { title: title.to_owned(), ..Section::default() }),
                None => sections.last_mut().expect("a title comes first").read_line(line),
            }
        }
    }
    sections
}

impl Section {
    fn read_line(&mut self, line: &str) {
        let wrong = || -> ! { panic!("{}: {line}", self.title) };
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        match word {
            "question" => self.items.push(question(rest)),
            "rule" => self.rule = serde_json::from_str(rest).unwrap_or_else(|_| wrong()),
            "shipped" => self.shipped = rest.split_once(' ').map(|(q, i)| (q.to_owned(), i.to_owned())),
            "ask" => {
                let (id, condition) = rest.split_once(" if ").unwrap_or_else(|| wrong());
                let condition = serde_json::from_str(condition).unwrap_or_else(|_| wrong());
                self.item(id)["ask_if"] = condition;
            }
            "reserve" => self.item(rest)["proxy"] = json!("not-allowed"),
            "given" => {
                let (given, then) = rest.split_once(" then ").unwrap_or_else(|| wrong());
                self.givens.push(Given::read(given, then));
            }
            "people" => {
                let (times, given) = rest.split_once(" of ").unwrap_or_else(|| wrong());
                let times = times.parse().unwrap_or_else(|_| wrong());
                self.people.push((times, Given::read(given, "")));
            }
            "row" => {
                let pairs = rest.split(' ').map(|p| p.split_once('=').unwrap_or_else(|| wrong()));
                let mut values: Vec<(String, String)> = pairs.map(|(key, value)| (key.to_owned(), value.to_owned())).collect();
                let group = values.first().is_some_and(|(_, value)| value.parse::<f64>().is_err()).then(|| values.remove(0));
                self.rows.push(ExpectedRow { group, values });
            }
            _ => self.prose.push(line.to_owned()),
        }
    }

    fn item(&mut self, id: &str) -> &mut Value {
        self.items.iter_mut().find(|i| i["id"] == id).unwrap_or_else(|| panic!("no question {id}"))
    }
}

impl Given {
    fn read(line: &str, then: &str) -> Self {
        let (rest, about) = line.split_once(" in ").unwrap_or((line, ""));
        let (answers, by) = rest.split_once(" by ").unwrap_or((rest, "self"));
        let about = about.split_once('=').into_iter().map(|(id, values)| (id.to_owned(), values.split('+').map(str::to_owned).collect())).collect();
        Self {
            line: line.to_owned(),
            answers: answers.split(' ').filter(|a| *a != "-").map(str::to_owned).collect(),
            by: by.to_owned(),
            about,
            then: then.to_owned(),
        }
    }
}

/// `ID: single CODE=SCORE ...`, `ID: count MIN..MAX CODE=MIN..MAX ...`, or a scale.
fn question(text: &str) -> Value {
    let words = |text: &str| json!({"standard": {"en": text}});
    let (id, rest) = text.split_once(": ").unwrap_or_else(|| panic!("question {text}"));
    let mut parts = rest.split(' ');
    let kind = parts.next().unwrap_or_default();
    let mut item = json!({"id": id, "type": kind, "topic": "example", "text": words(id)});
    let span = |text: &str| -> (i64, i64) {
        let ends = text.split_once("..").and_then(|(min, max)| Some((min.parse().ok()?, max.parse().ok()?)));
        ends.unwrap_or_else(|| panic!("{text} is no range"))
    };
    if kind == "count" || kind == "scale" {
        let (min, max) = span(parts.next().unwrap_or_default());
        (item["min"], item["max"]) = (json!(min), json!(max));
        let bands: Vec<Value> = parts
            .filter_map(|p| p.split_once('='))
            .map(|(code, range)| json!({"code": code, "min": span(range).0, "max": span(range).1, "text": words(code)}))
            .collect();
        if !bands.is_empty() {
            item["bands"] = json!(bands);
        }
        if kind == "scale" {
            item["ends"] = json!({"min": words("least"), "max": words("most")});
        }
        return item;
    }
    let option = |part: &str| match part.split_once('=') {
        Some((code, score)) => json!({"code": code, "score": score.parse::<i64>().expect("a score"), "text": words(code)}),
        None => json!({"code": part, "text": words(part)}),
    };
    item["options"] = parts.map(option).collect();
    item
}

/// The answers of an item, as the page prints them.
pub(super) fn answers_of(item: &Item) -> String {
    let options = item.kind.choices().iter().map(|o| match o.score {
        Some(score) => format!("{} ({score})", o.code),
        None => o.code.clone(),
    });
    let options: Vec<String> = options.collect();
    match &item.kind {
        Kind::Count(range) | Kind::Scale(range) => {
            let bands: Vec<String> = range.bands.iter().map(|b| format!("{} {} to {}", b.code, b.min, b.max)).collect();
            let bands = if bands.is_empty() { String::new() } else { format!(": {}", bands.join(", ")) };
            format!("{} to {}{bands}", range.min, range.max)
        }
        _ => options.join(", "),
    }
}
