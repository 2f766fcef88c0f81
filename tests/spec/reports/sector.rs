//! The state of the sector: what is compared, what is worked out, and the traps of earlier reports.

use std::collections::BTreeSet;

use khi::domain::area::Level;
use khi::domain::definition::Registry;
use khi::domain::figures::Place;
use khi::domain::performance::Pair;
use khi::domain::report::compose::{KpiFigure, Language, Material, Restated, Sector, compose_sector};
use khi::domain::report::{Block, Document, Kind, Shape, Table};

use super::composing::{kpi, material, place, published, share, text};
use crate::support::{read, registry, repository};

const YEAR: &str = "2025-26";
const BEFORE: &str = "2024-25";

fn uk() -> Place {
    place(Level::Uk, "K02000001", "United Kingdom")
}

fn england() -> Place {
    place(Level::Nation, "E92000001", "England")
}

fn scotland() -> Place {
    place(Level::Nation, "S92000003", "Scotland")
}

fn region(code: &str, name: &str) -> Place {
    place(Level::Region, code, name)
}

fn counted(id: &str, of: &Place, period: &str, value: f64, (returned, expected): (i64, i64)) -> KpiFigure {
    KpiFigure {
        place: of.clone(),
        period: period.into(),
        returned,
        expected,
        status: if returned == expected { "shown" } else { "partial" }.into(),
        ..kpi(id, Some(value), "people")
    }
}

fn pair(id: &str, of: &Place, now: f64, other: (&str, &str, f64), senders: i64) -> Pair {
    Pair {
        kpi: id.into(),
        period: YEAR.into(),
        value: now,
        of: other.0.into(),
        of_period: other.1.into(),
        of_value: other.2,
        model: Some("shared-lives".into()),
        place: of.clone(),
        senders,
    }
}

/// The UK and two nations of which one is complete, with two regions; three arrangements; ratings of two nations.
pub(super) fn whole(registry: &Registry) -> Material<'_> {
    const PEOPLE: &str = "shared-lives-people";
    let (west, east) = (region("E12000002", "North West"), region("E12000006", "East of England"));
    let mut figures = Vec::new();
    for (of, then, now, returns) in [
        (uk(), 10_549.0, 10_516.0, (131, 140)),
        (england(), 8_400.0, 8_262.0, (101, 110)),
        (scotland(), 500.0, 520.0, (7, 7)),
        (west.clone(), 1_300.0, 1_430.0, (20, 20)),
        (east.clone(), 410.0, 393.0, (9, 9)),
    ] {
        figures.push(counted(PEOPLE, &of, BEFORE, then, returns));
        figures.push(counted(PEOPLE, &of, YEAR, now, returns));
    }
    for (id, value) in [("live-in", 5_742.0), ("short-breaks", 2_673.0), ("day-support", 1_683.0)] {
        figures.push(counted(&format!("shared-lives-people-{id}"), &uk(), YEAR, value, (131, 140)));
    }
    // The sum of a rating at the UK is there, and must not be said.
    for (id, of, value) in [
        ("shared-lives-good", uk(), 96.83),
        ("shared-lives-good", england(), 96.83),
        ("shared-lives-good-scotland", scotland(), 73.0),
    ] {
        figures.push(KpiFigure { unit: "percent".into(), ..counted(id, &of, YEAR, value, (90, 90)) });
    }
    figures.push(KpiFigure {
        unit: "gbp-a-person-year".into(),
        price_year: Some("2013".into()),
        ..counted("shared-lives-saving-ld", &uk(), YEAR, 26_000.0, (4, 4))
    });
    let arrangement = |id: &str, value: f64| pair(id, &uk(), value, (PEOPLE, YEAR, 9_900.0), 120);
    let pairs = vec![
        pair(PEOPLE, &uk(), 9_900.0, (PEOPLE, BEFORE, 9_933.0), 122),
        pair(PEOPLE, &england(), 8_000.0, (PEOPLE, BEFORE, 8_000.0), 99),
        arrangement("shared-lives-people-live-in", 5_742.0),
        arrangement("shared-lives-people-short-breaks", 2_673.0),
        arrangement("shared-lives-people-day-support", 1_683.0),
    ];
    let printed = counted(PEOPLE, &scotland(), BEFORE, 482.0, (6, 7));
    let now = figures.iter().find(|f| f.place == scotland() && f.period == BEFORE).expect("a figure");
    let restated = Restated::between(&printed, now, &published()).expect("they differ");
    let khi = vec![share("social-connection", &scotland(), 40, 50)];
    let sector = Sector { figures, pairs, khi, restated: vec![restated] };
    let rows = vec![share("social-connection", &uk(), 2880, 3200)];
    Material { nation: None, sector: Some(sector), ..material(registry, uk(), rows) }
}

fn tables(document: &Document, id: &str) -> Vec<Table> {
    let section = document.sections.iter().find(|section| section.id == id).expect("the section");
    let of = |block: &Block| match block {
        Block::Table(table) => Some(table.clone()),
        Block::Chart(chart) => Some(chart.table.clone()),
        _ => None,
    };
    section.blocks.iter().filter_map(of).collect()
}

fn cells<'t>(table: &'t Table, head: &str) -> Vec<&'t str> {
    let row = table.rows.iter().find(|row| row.head == head).expect("the row");
    row.cells.iter().map(|cell| cell.text.as_str()).collect()
}

#[test]
fn a_change_is_worked_out_of_all_or_of_those_who_sent_both_years() {
    let registry = registry();
    let document = compose_sector(&whole(registry), Language::English);
    let people = &tables(&document, "people")[0];
    // Nothing is missing in Scotland: its figures themselves are compared.
    assert_eq!(cells(people, "Scotland"), ["500 r", "7 of 7", "520", "7 of 7", "+20", "+4.0%", "all"]);
    // Of the UK some are missing: 33 fewer of the same 122, which is −0.3% and not the −3% that was printed once.
    let same = "the same 122: 9,933, then 9,900";
    assert_eq!(
        cells(people, "United Kingdom"),
        ["10,549", "131 of 140", "10,516", "131 of 140", "−33", "−0.3%", same]
    );
    assert_eq!(cells(people, "England")[4..6], ["0", "0.0%"]);
    let all = text(&document);
    for words in [
        "United Kingdom: shrinking, −33 (−0.3%).",
        "England: no change, 0 (0.0%).",
        "Scotland: growing, +20 (+4.0%).",
    ] {
        assert!(all.contains(words), "“{words}” in\n{all}");
    }
    // Growth by region is drawn, the largest first, with its sign.
    let section = document.sections.iter().find(|s| s.id == "people").expect("people");
    let bars = section.blocks.iter().find_map(|block| match block {
        Block::Chart(chart) => match &chart.shape {
            Shape::Changes { bars } => Some(bars.clone()),
            _ => None,
        },
        _ => None,
    });
    let bars: Vec<(String, String, bool)> =
        bars.expect("a drawing").into_iter().map(|b| (b.label, b.text, b.own)).collect();
    let expected = [("North West", "+10.0%", true), ("East of England", "−4.1%", false)];
    assert_eq!(bars, expected.map(|(label, text, own)| (label.to_owned(), text.to_owned(), own)));
}

#[test]
fn arrangements_come_to_more_than_all_people_and_the_report_says_why() {
    let registry = registry();
    let document = compose_sector(&whole(registry), Language::English);
    let table = &tables(&document, "arrangements")[0];
    let shares: Vec<&str> = table.rows.iter().map(|row| row.cells[1].text.as_str()).collect();
    assert_eq!(shares, ["58.0%", "27.0%", "17.0%"]);
    let all = text(&document);
    assert!(all.contains("Here they come to 102.0%."), "{all}");
    assert!(all.contains("One person can have more than one kind of arrangement"), "{all}");
}

#[test]
fn a_rating_stands_below_its_own_nation_and_never_below_the_uk() {
    let registry = registry();
    let document = compose_sector(&whole(registry), Language::English);
    let ratings = tables(&document, "ratings");
    let captions: Vec<&str> = ratings.iter().map(|table| table.caption.as_str()).collect();
    assert_eq!(captions, ["Ratings in England", "Ratings in Scotland"]);
    assert_eq!(text(&document).matches("96.83%").count(), 1, "England's, once");
    for silent in ["Care Inspectorate Wales gives no such rating", "Authority gives no such rating"] {
        assert!(text(&document).contains(silent), "{silent}");
    }
    // Of Scotland alone: no word of England's.
    let scotland = Material { place: scotland(), nation: Some("S92000003".into()), ..whole(registry) };
    let document = compose_sector(&scotland, Language::English);
    assert_eq!(tables(&document, "ratings").len(), 1);
    assert!(!text(&document).contains("96.83%"));
}

#[test]
fn what_was_printed_otherwise_is_marked_with_both_values_and_the_release() {
    let registry = registry();
    let document = compose_sector(&whole(registry), Language::English);
    let restated = &tables(&document, "restated")[0];
    let expected =
        ["Scotland", BEFORE, "482 people", "6 of 7", "500 people r", "7 of 7", "release 3, 17 May 2026"];
    assert_eq!(cells(restated, "People supported in Shared Lives"), expected);
    let same = counted("shared-lives-people", &uk(), YEAR, 10.0, (1, 1));
    assert_eq!(Restated::between(&same, &same, &published()), None);
    let other = counted("shared-lives-people", &england(), YEAR, 11.0, (1, 1));
    assert_eq!(Restated::between(&same, &other, &published()), None, "another place");
}

#[test]
fn what_others_published_stands_apart_with_its_source_and_what_came_later() {
    let registry = registry();
    let published = &registry.published_figures;
    let value = |id: &str| published.value(id).expect("a figure");
    assert_eq!(
        (value("uk-people-2021-22").value, value("uk-people-2021-22-later").value),
        (10_549.0, 10_394.0)
    );
    let change = |id: &str| format!("{:.1}", published.change_percent(value(id)).expect("a change"));
    assert_eq!(change("uk-people-change-2022-23"), "-0.3", "printed as -3%");
    assert_eq!(change("uk-staff-2023-24"), "0.7", "printed as 3%");
    assert_eq!(change("england-people-2019-20"), "-4.6", "printed as -3%");
    // A rating is that of one nation, so no file can give it to the UK.
    for figure in &published.values {
        let measure = published.measure(&figure.measure).expect("a measure");
        if figure.measure.starts_with("rated") || figure.measure.starts_with("graded") {
            assert_eq!(measure.nations, std::slice::from_ref(&figure.nation), "{}", figure.id);
        }
    }
    let document = compose_sector(&whole(registry), Language::English);
    let table = &tables(&document, "earlier")[0];
    let row = |year: &str, place: &str| {
        let is = |row: &&khi::domain::report::TableRow| {
            row.head == "People supported in Shared Lives"
                && row.cells[0].text == place
                && row.cells[1].text == year
        };
        let row = table.rows.iter().find(is).expect("the row");
        row.cells.iter().map(|cell| cell.text.clone()).collect::<Vec<_>>()
    };
    let later = row("2021-22", "United Kingdom");
    assert_eq!(later[2], "10,549 r");
    assert_eq!(later[5], "10,394 in UK State of the Sector 2023-24 (Shared Lives Plus)");
    assert!(text(&document).contains("the kinds of arrangement come to 102.0%"));
    // Of a nation, only its own.
    let scotland = Material { place: scotland(), ..whole(registry) };
    let document = compose_sector(&scotland, Language::English);
    assert!(tables(&document, "earlier")[0].rows.iter().all(|row| row.cells[0].text == "Scotland"));
}

#[test]
fn both_languages_say_the_same_and_costs_have_the_year_of_their_prices() {
    let registry = registry();
    let [english, welsh] = Language::ALL.map(|language| compose_sector(&whole(registry), language));
    let numbers = |document: &Document| -> Vec<(Option<f64>, Kind)> {
        let ids: Vec<String> = document.sections.iter().map(|s| s.id.clone()).collect();
        let tables = ids.iter().flat_map(|id| tables(document, id));
        tables.flat_map(|t| t.rows).flat_map(|r| r.cells).map(|c| (c.number, c.kind)).collect()
    };
    assert_eq!(numbers(&english), numbers(&welsh));
    let ids: Vec<&str> = english.sections.iter().map(|s| s.id.as_str()).collect();
    assert_eq!(ids, ["people", "arrangements", "ratings", "said", "costs", "restated", "earlier", "reading"]);
    assert!(text(&english).contains("people with learning disabilities (2013)"));
    let words: std::collections::BTreeMap<String, std::collections::BTreeMap<String, String>> =
        serde_json::from_str(&read(repository("src/domain/report/compose/words.json"))).expect("words");
    for document in [&english, &welsh] {
        let all = text(document);
        assert!(!all.contains('{') && !all.contains('}'), "{all}");
        let captions: Vec<String> = document
            .sections
            .iter()
            .flat_map(|s| tables(document, &s.id))
            .map(|table| table.caption)
            .collect();
        assert_eq!(captions.iter().collect::<BTreeSet<_>>().len(), captions.len(), "{captions:?}");
    }
    let all = text(&welsh);
    for (key, by_language) in words.iter().filter(|(_, w)| w["en"].len() > 30 && w["en"] != w["cy"]) {
        let english = by_language["en"].split('{').next().unwrap_or_default();
        assert!(english.len() < 20 || !all.contains(english), "{key} is in English: {english}");
    }
}

#[test]
fn where_it_is_not_told_it_says_so() {
    let registry = registry();
    let document = compose_sector(&Material { sector: None, ..whole(registry) }, Language::English);
    assert!(document.sections.is_empty());
    assert!(text(&document).contains("of the United Kingdom and its nations only"));
}
