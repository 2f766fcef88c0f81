//! The words of reports: each is said somewhere, and each that is said is there.

use std::collections::{BTreeMap, BTreeSet};

use khi::domain::report::compose::{Language, compose};
use khi::domain::report::{Block, Document, Kind};

use super::composing::{keys, large, text};
use crate::support::{files, read, registry, repository};

/// Prefixes of keys that are put together from a code.
const MADE: [&str; 9] =
    ["month_", "model_", "level_", "region_", "within_", "said_", "respondent_", "reason_", "column_"];

#[test]
fn every_word_of_reports_is_used_and_every_one_used_is_there() {
    let words: BTreeMap<String, serde_json::Value> =
        serde_json::from_str(&read(repository("src/domain/report/compose/words.json"))).expect("words");
    let mut sources = files(&repository("src/domain/report/compose"), ".rs");
    sources.extend(files(&repository("src/domain/report/compose/sector"), ".rs"));
    sources.extend(files(&repository("src/reports"), ".rs"));
    sources.extend(files(&repository("templates/report"), ".html"));
    sources.extend(["src/web/pages/report.rs", "src/web/pages/staff/report.rs"].map(repository));
    // However the lines are broken.
    let source: String = sources
        .iter()
        .flat_map(|p| read(p).split_whitespace().map(str::to_owned).collect::<Vec<_>>())
        .collect();
    let unused: Vec<&String> = words
        .keys()
        .filter(|key| !MADE.iter().any(|prefix| key.starts_with(prefix)))
        .filter(|key| !source.contains(&format!("\"{key}\"")))
        .collect();
    assert!(unused.is_empty(), "words that nothing says: {unused:?}");
    let mut missing = BTreeSet::new();
    for call in ["w.t(\"", "w.with(\"", "words.t(\""] {
        let named = source.split(call).skip(1).filter_map(|part| part.split('"').next());
        missing.extend(named.filter(|key| !words.contains_key(*key)).map(str::to_owned));
    }
    assert!(missing.is_empty(), "words that are not there: {missing:?}");
    assert!(source.matches("w.with(\"").count() > 20, "the source is read");
}

#[test]
fn both_languages_say_the_same_with_the_same_numbers() {
    let registry = registry();
    let [english, welsh] = Language::ALL.map(|language| compose(&large(registry), language));
    let shape = |document: &Document| -> Vec<(String, usize)> {
        let of = |block: &Block| match block {
            Block::Table(table) => table.rows.len(),
            Block::Chart(chart) => chart.table.rows.len(),
            Block::List { items } => items.len(),
            _ => 1,
        };
        document.sections.iter().flat_map(|s| s.blocks.iter().map(move |b| (s.id.clone(), of(b)))).collect()
    };
    assert_eq!(shape(&english), shape(&welsh));
    let cells = |document: &Document| -> Vec<(Option<f64>, Kind)> {
        let blocks = document.sections.iter().flat_map(|s| &s.blocks);
        let tables = blocks.filter_map(|block| match block {
            Block::Table(table) => Some(table),
            Block::Chart(chart) => Some(&chart.table),
            _ => None,
        });
        tables.flat_map(|t| &t.rows).flat_map(|r| &r.cells).map(|c| (c.number, c.kind)).collect()
    };
    assert_eq!(cells(&english), cells(&welsh));
    assert_eq!(
        keys(&welsh.summary)[0].words,
        "Dywedodd 9 o bob 10 o bobl eu bod yn gweld pobl eraill yn amlach oherwydd eu cefnogaeth."
    );
    // Nothing is left of a placeholder, and no sentence of one language stands in the other.
    for document in [&english, &welsh] {
        let all = text(document);
        assert!(!all.contains('{') && !all.contains('}'), "{all}");
    }
    let words: BTreeMap<String, BTreeMap<String, String>> =
        serde_json::from_str(&read(repository("src/domain/report/compose/words.json"))).expect("words");
    let all = text(&welsh);
    for (key, by_language) in words.iter().filter(|(_, w)| w["en"].len() > 30 && w["en"] != w["cy"]) {
        let english = by_language["en"].split('{').next().unwrap_or_default();
        assert!(english.len() < 20 || !all.contains(english), "{key} is in English: {english}");
    }
}
