//! Every figure and every measure that the project's founding documents name is found in the catalogues, in the documents' own words.

use std::collections::BTreeSet;

use khi::domain::definition::{ReferenceValue, Registry};

use crate::support::{read, repository};

/// A line of the list.
struct Row {
    seed: String,
    fragment: String,
    kind: String,
    id: String,
    value: Option<f64>,
    note: String,
}

fn rows() -> Vec<Row> {
    let text = read(repository("tests/spec/seeds.tsv"));
    let lines = text.lines().filter(|line| !line.starts_with('#')).skip(1);
    lines
        .map(|line| {
            let cells: Vec<&str> = line.split('\t').collect();
            assert_eq!(cells.len(), 6, "{line}");
            let value = (!cells[4].is_empty()).then(|| cells[4].parse().expect("a number"));
            let [seed, fragment, kind, id] = [cells[0], cells[1], cells[2], cells[3]].map(str::to_owned);
            Row { seed, fragment, kind, id, value, note: cells[5].to_owned() }
        })
        .collect()
}

fn registry() -> Registry {
    let loaded = Registry::load(&khi::definition_files::shipped());
    assert!(loaded.faults.is_empty(), "{:?}", loaded.faults);
    loaded.registry
}

fn references<'r>(registry: &'r Registry, id: &str) -> &'r [ReferenceValue] {
    let of_kpi = registry.kpi(id).map(|k| k.reference_values.as_slice());
    of_kpi.or_else(|| registry.indicator(id).map(|i| i.reference_values.as_slice())).unwrap_or_default()
}

fn same(a: f64, b: f64) -> bool {
    (a - b).abs() < 1e-9
}

#[test]
fn every_figure_and_measure_of_the_founding_documents_is_in_a_catalogue() {
    let registry = registry();
    let mut wrong = Vec::new();
    for row in rows() {
        let there = match row.kind.as_str() {
            "kpi" => registry.kpi(&row.id).is_some() && row.value.is_none(),
            "khi" => registry.indicator(&row.id).is_some() && row.value.is_none(),
            "none" => row.id.is_empty() && !row.note.is_empty(),
            "reference" => references(&registry, &row.id).iter().any(|reference| {
                let quoted =
                    reference.quoted.as_ref().map(|(seed, sentence)| (seed.as_str(), sentence.as_str()));
                // What is in no founding document is of another publication, which the note names.
                let stands = match row.note.strip_prefix("from ") {
                    Some(source) => quoted.is_none() && reference.source.starts_with(source),
                    None => quoted == Some((&row.seed, &row.fragment)),
                };
                stands && row.value.is_some_and(|v| same(v, reference.value))
            }),
            _ => false,
        };
        if !there {
            wrong.push(format!("{} “{}”: {} {} {:?}", row.seed, row.fragment, row.kind, row.id, row.value));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_quoted_reference_value_stands_in_the_list() {
    let registry = registry();
    let listed: Vec<Row> = rows().into_iter().filter(|row| row.kind == "reference").collect();
    let ids = registry.kpis.iter().map(|k| &k.id).chain(registry.indicators.iter().map(|i| &i.id));
    let mut quoted = 0;
    for id in ids {
        for reference in references(&registry, id) {
            let Some((seed, sentence)) = &reference.quoted else { continue };
            quoted += 1;
            let found = listed.iter().any(|row| {
                row.id == *id
                    && row.seed == *seed
                    && row.fragment == *sentence
                    && row.value.is_some_and(|v| same(v, reference.value))
            });
            assert!(found, "{id}: “{sentence}” ({seed}) is not in tests/spec/seeds.tsv");
        }
    }
    assert!(quoted > 50, "only {quoted}");
}

#[test]
fn each_document_and_each_model_has_lines_and_each_kpi_is_named() {
    let rows = rows();
    let seeds: BTreeSet<&str> = rows.iter().map(|row| row.seed.as_str()).collect();
    for needed in ["S00", "S01", "S02", "S03", "S04"] {
        assert!(seeds.contains(needed), "{needed}");
    }
    for section in 1..=11 {
        assert!(seeds.contains(format!("domain 3.{section}").as_str()), "domain 3.{section}");
    }
    let named: BTreeSet<&str> = rows.iter().map(|row| row.id.as_str()).collect();
    let registry = registry();
    // What a KPI is worked out from need not be named itself.
    let parts: BTreeSet<&str> =
        registry.kpis.iter().flat_map(|k| k.made_from()).map(String::as_str).collect();
    let unnamed: Vec<&str> = registry
        .kpis
        .iter()
        .map(|k| k.id.as_str())
        .filter(|id| !named.contains(id) && !parts.contains(id))
        .collect();
    assert!(unnamed.is_empty(), "nothing names {unnamed:?}");
}
