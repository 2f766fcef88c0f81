//! Series: lineages of wording within which an indicator compares. Rows of one series may be pooled; others never are.

use std::collections::BTreeMap;

use super::entry::{IndicatorEntry, Rule};
use super::questionnaire::{Definition, Status};
use super::version::Version;
use crate::domain::question::{Item, Kind};

/// The series of an entry: named; else that of the instrument if all its items come from one; else the questionnaire's own.
pub(super) fn resolve(entry: &IndicatorEntry, definition: &Definition) -> String {
    if let Some(named) = &entry.named_series {
        return named.clone();
    }
    let mut sources = entry.rule.items().into_iter().map(|id| {
        definition
            .item(id)
            .and_then(|(_, item)| item.from.as_ref())
            .map(|from| format!("{}/{}", from.instrument, from.version.major))
    });
    let own = || format!("{}/{}", definition.id, definition.version.major);
    match sources.next().flatten() {
        Some(first) if sources.all(|other| other.as_ref() == Some(&first)) => first,
        _ => own(),
    }
}

/// What must not differ between two entries of one indicator and series.
#[derive(PartialEq, Eq)]
struct Signature {
    rule: &'static str,
    lists: Vec<Vec<String>>,
    cut: Option<super::entry::Cut>,
    min_answered: Option<usize>,
    include_proxy: bool,
    items: Vec<String>,
}

fn signature(entry: &IndicatorEntry, definition: &Definition) -> Signature {
    let sorted = |list: &[String]| {
        let mut list = list.to_vec();
        list.sort();
        list
    };
    // Items may be renamed between versions, so reversed ones are told by their position.
    let positions = |ids: &[String], all: &[String]| {
        ids.iter().map(|id| format!("{:?}", all.iter().position(|a| a == id))).collect()
    };
    let (lists, cut, min_answered) = match &entry.rule {
        Rule::Share { positive, base, base_missing, .. } => {
            let missing: Vec<String> = base_missing.iter().map(|m| m.code().to_owned()).collect();
            (vec![sorted(positive), sorted(base), sorted(&missing)], None, None)
        }
        Rule::Mean { items, reverse, min_answered } => (vec![positions(reverse, items)], None, *min_answered),
        Rule::Sum { items, reverse, min_answered, cut } => {
            (vec![positions(reverse, items)], *cut, *min_answered)
        }
        Rule::Bands { .. } | Rule::Ratio { .. } => (Vec::new(), None, None),
    };
    let items =
        entry.rule.items().iter().filter_map(|id| definition.item(id)).map(|(_, item)| shape(item)).collect();
    Signature { rule: entry.rule.code(), lists, cut, min_answered, include_proxy: entry.include_proxy, items }
}

/// An item's answers without its words.
fn shape(item: &Item) -> String {
    let mut shape = item.kind.code().to_owned();
    match &item.kind {
        Kind::Single(_) | Kind::Multiple(_) => {
            for option in item.kind.choices() {
                shape.push_str(&format!(" {}={:?}", option.code, option.score));
            }
        }
        Kind::Count(range) | Kind::Scale(range) => {
            shape.push_str(&format!(" {}..{}", range.min, range.max));
            for band in &range.bands {
                shape.push_str(&format!(" {}={}..{}", band.code, band.min, band.max));
            }
        }
        Kind::Text | Kind::Note => {}
    }
    shape
}

/// A break in a series: where, and what it should have been like.
pub(super) struct Break {
    pub(super) questionnaire: (String, Version),
    pub(super) entry: usize,
    pub(super) code: &'static str,
    pub(super) detail: String,
}

/// Every entry that does not fit the first one of its indicator and series.
pub(super) fn breaks<'a>(definitions: impl Iterator<Item = &'a Definition>) -> Vec<Break> {
    let mut first: BTreeMap<(&str, &str), (&Definition, Signature)> = BTreeMap::new();
    let mut found = Vec::new();
    let mut ordered: Vec<&Definition> = definitions.collect();
    // Published files set the mark that drafts are held to.
    ordered.sort_by_key(|d| (d.status == Status::Draft, d.id.clone(), d.version));
    let mut origins: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for entry in ordered.iter().flat_map(|d| &d.indicators).filter(|e| e.named_series.is_none()) {
        *origins.entry((&entry.indicator, &entry.series)).or_default() += 1;
    }
    for definition in ordered {
        for (index, entry) in definition.indicators.iter().enumerate() {
            let key = (entry.indicator.as_str(), entry.series.as_str());
            let broken = |code, detail| Break {
                questionnaire: (definition.id.clone(), definition.version),
                entry: index,
                code,
                detail,
            };
            if entry.named_series.is_some() && !origins.contains_key(&key) {
                found.push(broken(
                    "unknown-series",
                    format!("No version makes “{}” in the series {}.", entry.indicator, entry.series),
                ));
                continue;
            }
            let this = signature(entry, definition);
            match first.get(&key) {
                None => {
                    first.insert(key, (definition, this));
                }
                Some((before, signature)) if *signature != this => found.push(broken(
                    "series-broken",
                    format!(
                        "“{}” is made otherwise here than in {} {} (series {}): rule, base, options and scores must be the same, or the major version must change.",
                        entry.indicator, before.id, before.version, entry.series
                    ),
                )),
                Some(_) => {}
            }
        }
    }
    found
}
