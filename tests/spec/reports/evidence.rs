//! Evidence for an inspection: the report's own figures, under the headings of whoever inspects the place.

use std::collections::BTreeSet;

use khi::domain::definition::Model;
use khi::domain::report::compose::{Language, Material, compose, compose_evidence};
use khi::domain::report::{Block, Document};

use super::composing::{keys, large, text};
use crate::support::registry;

fn titles(document: &Document) -> Vec<&str> {
    document.sections.iter().map(|section| section.title.as_str()).collect()
}

/// The headings within a section, each with how many figures stand below it.
fn within(document: &Document, id: &str) -> Vec<(String, usize)> {
    let section = document.sections.iter().find(|section| section.id == id).expect("the section");
    let mut found: Vec<(String, usize)> = Vec::new();
    for block in &section.blocks {
        match (block, found.last_mut()) {
            (Block::Heading { text }, _) => found.push((text.clone(), 0)),
            (Block::Key(_) | Block::Table(_), Some((_, count))) => *count += 1,
            _ => {}
        }
    }
    found
}

#[test]
fn england_reads_it_by_key_question_and_quality_statement() {
    let registry = registry();
    let document = compose_evidence(&large(registry), Language::English);
    assert_eq!(titles(&document), ["Safe", "Effective", "Caring", "Responsive", "Well-led"]);
    let expected = [
        ("Independence, choice and control".to_owned(), 3),
        ("Treating people as individuals".to_owned(), 1),
    ];
    let caring: BTreeSet<(String, usize)> = within(&document, "caring").into_iter().collect();
    assert_eq!(caring, BTreeSet::from(expected), "choice, connection, loneliness; belonging");
    assert!(text(&document).contains("No figure here speaks of: Kindness, compassion and dignity"));
    assert!(text(&document).contains("Care Quality Commission"));
    assert!(text(&document).contains("14 March 2026"), "the day of the headings");
}

#[test]
fn each_nation_has_the_headings_of_its_own_regulator() {
    let registry = registry();
    for (nation, first, regulator) in [
        ("W92000004", "Llesiant", "Arolygiaeth Gofal Cymru"),
        ("S92000003", "Pa mor dda ydym ni'n cefnogi llesiant pobl?", "Care Inspectorate"),
        ("N92000002", "A yw'r gofal yn ddiogel?", "Yr Awdurdod Rheoleiddio a Gwella Ansawdd"),
    ] {
        let material = Material { nation: Some(nation.into()), ..large(registry) };
        let document = compose_evidence(&material, Language::Welsh);
        assert_eq!(titles(&document)[0], first);
        assert!(text(&document).contains(regulator), "{regulator}");
    }
}

#[test]
fn it_says_nothing_that_the_report_does_not_say() {
    let registry = registry();
    for language in Language::ALL {
        let report = compose(&large(registry), language);
        let all: Vec<&Block> = report.sections.iter().flat_map(|section| &section.blocks).collect();
        let document = compose_evidence(&large(registry), language);
        let mut found = 0;
        for section in &document.sections {
            for key in keys(&section.blocks) {
                // Large, or as a row of a table: in words first, and then in figures.
                let in_table = |block: &&Block| match block {
                    Block::Chart(chart) => chart.table.rows.iter().any(|row| {
                        row.head == key.words.trim_end_matches('.') && row.cells[0].text == key.number
                    }),
                    _ => false,
                };
                let large = all.contains(&&Block::Key(key.clone()));
                assert!(large || all.iter().any(in_table), "{key:?}");
                found += 1;
            }
        }
        assert!(found >= 5, "{found}");
    }
}

#[test]
fn where_nobody_inspects_it_says_so() {
    let registry = registry();
    for material in [
        Material { nation: None, ..large(registry) },
        Material { models: vec![Model::CommunityCircles], ..large(registry) },
    ] {
        let document = compose_evidence(&material, Language::English);
        assert!(document.sections.is_empty());
        assert!(text(&document).contains("No regulator's headings are known"));
    }
}
