//! Reports: what is said of large, small and tiny places, in both languages, from rows alone.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use khi::domain::area::Level;
use khi::domain::definition::{Model, Registry, Title};
use khi::domain::figures::{Change, Interval, Place, Row, SchemesCount, ShareOf, Spread, Status};
use khi::domain::period::Period;
use khi::domain::report::compose::{
    Beside, KpiFigure, Language, MadeFrom, Material, Published, compose, compose_summary,
};
use khi::domain::report::{Block, Deed, Document, KeyFigure, Shape};
use khi::domain::statistics::percent;

use crate::support::registry;

const PERIOD: Period = Period::Year(2025);

pub(super) fn place(level: Level, code: &str, name: &str) -> Place {
    Place { level, code: code.into(), name: name.into() }
}

fn scheme() -> Place {
    place(Level::Scheme, "leeds-shared-lives", "Leeds Shared Lives")
}

fn region() -> Place {
    place(Level::Region, "E12000003", "Yorkshire and The Humber")
}

/// A row of which nothing is shown.
fn hidden(indicator: &str, of: &Place, status: Status) -> Row {
    Row {
        indicator: indicator.into(),
        series: "connections/1".into(),
        model: "shared-lives".into(),
        rule: "share".into(),
        period: PERIOD.to_string(),
        place: of.clone(),
        group: None,
        n: None,
        positive: None,
        percent: None,
        mean: None,
        sd: None,
        interval: None,
        distribution: None,
        left_out: None,
        completed_by: None,
        without_supporter: None,
        supported: None,
        eligible: None,
        invited: None,
        responded: None,
        unfinished: None,
        response_rate: None,
        open: None,
        schemes: None,
        change: None,
        statement: None,
        status,
        periods: None,
        band: None,
        merged_into: None,
        as_of: "2026-07-20T09:00:00.000000Z".into(),
        practice: false,
    }
}

/// A share that is shown.
pub(super) fn share(indicator: &str, of: &Place, positive: i64, n: i64) -> Row {
    let words = |language: &str| (language.to_owned(), format!("{positive} / {n}"));
    Row {
        n: Some(n),
        positive: Some(positive),
        percent: percent(positive, n),
        interval: Interval::wilson95(positive, n),
        statement: Some(Title([words("en"), words("cy")].into())),
        ..hidden(indicator, of, Status::Shown)
    }
}

fn counts<const N: usize>(of: [(&str, i64); N]) -> BTreeMap<String, i64> {
    of.into_iter().map(|(code, people)| (code.to_owned(), people)).collect()
}

/// A share with everything that can belong to it.
fn whole(indicator: &str, of: &Place, positive: i64, worse: i64, n: i64) -> Row {
    Row {
        distribution: Some(Spread::Counts(counts([
            ("better", positive),
            ("same", n - positive - worse),
            ("worse", worse),
        ]))),
        left_out: Some(counts([("skipped", 11), ("dont-know", 14)])),
        completed_by: Some(counts([
            ("self", 210),
            ("helped", 61),
            ("helped_by_supporter", 44),
            ("proxy", 17),
        ])),
        without_supporter: Some(ShareOf::of(positive - 40, n - 44)),
        supported: Some(412),
        eligible: Some(398),
        invited: Some(377),
        responded: Some(341),
        response_rate: percent(341, 377),
        schemes: Some(SchemesCount { taking_part: 13, all: 15 }),
        change: Some(Change {
            pairs: 93,
            improved: Some(31),
            same: 51,
            worse: Some(11),
            lost: 7,
            median_months: Some(6.0),
        }),
        ..share(indicator, of, positive, n)
    }
}

pub(super) fn published() -> Published {
    let day = NaiveDate::from_ymd_opt(2026, 5, 17).expect("a day");
    Published { id: "06X".into(), number: 3, period: PERIOD.to_string(), published_on: day }
}

pub(super) fn material<'a>(registry: &'a Registry, of: Place, rows: Vec<Row>) -> Material<'a> {
    Material {
        registry,
        place: of,
        nation: Some("E92000001".into()),
        models: vec![Model::SharedLives],
        period: PERIOD,
        part_way: false,
        made_from: MadeFrom::Shown { on: NaiveDate::from_ymd_opt(2026, 7, 20).expect("a day") },
        base: 10,
        rows,
        over_time: Vec::new(),
        beside: None,
        kpis: Vec::new(),
        done: Vec::new(),
        sector: None,
        practice: false,
        demo: false,
    }
}

pub(super) fn kpi(id: &str, value: Option<f64>, unit: &str) -> KpiFigure {
    KpiFigure {
        kpi: id.into(),
        model: Some("shared-lives".into()),
        place: scheme(),
        period: PERIOD.to_string(),
        numerator: value,
        denominator: None,
        value,
        unit: unit.into(),
        returned: i64::from(value.is_some()),
        expected: 1,
        status: if value.is_some() { "shown" } else { "missing" }.into(),
        price_year: None,
    }
}

/// Everything that a document says, in reading order.
pub(super) fn text(document: &Document) -> String {
    let mut words = vec![document.title.clone(), document.subtitle.clone()];
    let sections = document.sections.iter().flat_map(|s| &s.blocks);
    for block in document.summary.iter().chain(sections) {
        words.extend(said(block));
    }
    words.extend(document.sections.iter().map(|s| s.title.clone()));
    words.extend(document.facts.iter().map(|f| format!("{}: {}", f.name, f.text)));
    words.join("\n")
}

fn said(block: &Block) -> Vec<String> {
    let of_table = |table: &khi::domain::report::Table| {
        let mut words = vec![table.caption.clone()];
        words.extend(table.columns.iter().map(|c| c.title.clone()));
        for row in &table.rows {
            assert_eq!(row.cells.len() + 1, table.columns.len(), "{}: {}", table.caption, row.head);
            words.push(row.head.clone());
            words.extend(row.cells.iter().map(|cell| cell.text.clone()));
        }
        words
    };
    match block {
        Block::Heading { text } | Block::Lead { text } | Block::Paragraph { text } | Block::Note { text } => {
            vec![text.clone()]
        }
        Block::List { items } => items.clone(),
        Block::Key(KeyFigure { words, number, base }) => vec![words.clone(), number.clone(), base.clone()],
        Block::Pictured(told) => vec![told.large.clone(), told.words.clone()],
        Block::Table(table) => of_table(table),
        Block::Chart(chart) => {
            let mut words = vec![chart.title.clone(), chart.description.clone()];
            words.extend(of_table(&chart.table));
            words
        }
    }
}

pub(super) fn keys(blocks: &[Block]) -> Vec<&KeyFigure> {
    blocks.iter().filter_map(|b| if let Block::Key(key) = b { Some(key) } else { None }).collect()
}

fn section<'d>(document: &'d Document, id: &str) -> &'d [Block] {
    document.sections.iter().find(|s| s.id == id).map_or(&[], |s| s.blocks.as_slice())
}

pub(super) fn large(registry: &Registry) -> Material<'_> {
    let rows = vec![
        whole("social-connection", &scheme(), 288, 9, 320),
        whole("emotional-health", &scheme(), 250, 12, 320),
        share("belonging", &scheme(), 300, 320),
        share("choice", &scheme(), 180, 320),
        share("loneliness", &scheme(), 28, 320),
        Row {
            rule: "mean".into(),
            n: Some(316),
            mean: Some(3.97),
            interval: Interval::of_mean(Some((3.61, 4.33)), "t"),
            statement: Some(Title(
                [
                    ("en".to_owned(), "On average 3.97".to_owned()),
                    ("cy".to_owned(), "Ar gyfartaledd 3.97".to_owned()),
                ]
                .into(),
            )),
            ..hidden("friends-number", &scheme(), Status::Shown)
        },
    ];
    let mut before = share("social-connection", &scheme(), 200, 260);
    before.period = "2024-25".into();
    before.series = "shared-lives/0".into();
    let beside = Beside {
        release: published(),
        own: vec![share("social-connection", &scheme(), 280, 310)],
        around: vec![
            share("social-connection", &region(), 800, 1000),
            share("social-connection", &place(Level::Uk, "K02000001", "United Kingdom"), 4000, 5000),
        ],
    };
    Material {
        over_time: vec![before, rows[0].clone()],
        beside: Some(beside),
        kpis: vec![
            kpi("shared-lives-people", Some(412.0), "people"),
            kpi("ae-visits", None, "times-a-person-year"),
        ],
        done: vec![Deed { en: "We started a Friday club.".into(), cy: None }],
        ..material(registry, scheme(), rows)
    }
}

#[test]
fn a_large_place_says_each_figure_in_words_first_and_all_that_belongs_to_it() {
    let registry = registry();
    let document = compose(&large(registry), Language::English);
    let first = keys(&document.summary);
    assert_eq!(first.len(), 4);
    assert_eq!(first[0].words, "9 in 10 people said they see other people more because of their support.");
    assert_eq!(
        (first[0].number.as_str(), first[0].base.as_str()),
        ("90.0%", "288 of 320 people; 95% interval 86.2% to 92.8%")
    );
    let all = text(&document);
    for words in [
        "412 people were supported. 377 were asked and 341 answered (90.5%).",
        "9 of 320 people (2.8%) answered “Less”.",
        "We started a Friday club.",
        "That is not a change that was measured",
        "More; The same; Less",
        "On average 3.97",
        "3.61",
        "Not sent in yet, which is not zero",
        "release 3",
    ] {
        assert!(all.contains(words), "“{words}” is missing in\n{all}");
    }
    let ids: Vec<&str> = document.sections.iter().map(|s| s.id.as_str()).collect();
    assert_eq!(
        ids,
        ["said", "answers", "who", "change", "over-time", "beside", "counted", "asked", "reading"]
    );
    // The line breaks where the wording changed.
    let over_time = section(&document, "over-time").iter().find_map(|block| match block {
        Block::Chart(chart) => Some(&chart.shape),
        _ => None,
    });
    let Some(Shape::OverTime { points }) = over_time else { panic!("a drawing over time") };
    assert_eq!(points.iter().map(|p| p.breaks).collect::<Vec<_>>(), [false, true]);
    // The place's people are taken out of the wider place before the two are compared: 280 of 310 and 520 of 690.
    let beside = text_of(section(&document, "beside"));
    assert!(beside.contains("+15.0") && beside.contains("higher"), "{beside}");
    // Where everybody answered there are no others who may have said something else.
    let everybody = |row: Row| Row { invited: row.responded, response_rate: Some(100.0), ..row };
    let rows = large(registry).rows.into_iter().map(everybody).collect();
    let all = text(&compose_summary(&Material { rows, ..large(registry) }, Language::English));
    assert!(all.contains("Everybody who was asked answered.") && !all.contains("The others may"), "{all}");
    // A page that stands alone is the first page of the whole.
    let alone = compose_summary(&large(registry), Language::English);
    assert_eq!((alone.summary, alone.sections.len()), (document.summary, 0));
}

fn text_of(blocks: &[Block]) -> String {
    blocks.iter().flat_map(said).collect::<Vec<_>>().join("\n")
}

#[test]
fn each_status_says_what_may_be_said_and_no_more() {
    let registry = registry();
    let pooled = Row {
        status: Status::Pooled,
        periods: Some(vec!["3y-2025-26".into()]),
        ..share("social-connection", &scheme(), 30, 40)
    };
    let banded = |band: &str| Row {
        band: Some(band.into()),
        ..hidden("social-connection", &scheme(), Status::Banded)
    };
    let merged = Row {
        merged_into: Some("E12000003".into()),
        ..hidden("social-connection", &scheme(), Status::Merged)
    };
    // What the first key figure says, its number, and a part of what stands anywhere.
    let cases: [(&str, Row, &str, &str, &str); 5] = [
        (
            "shown",
            share("social-connection", &scheme(), 38, 40),
            "More than 9 in 10 people said they see other people more because of their support.",
            "95.0%",
            "38 of 40 people",
        ),
        (
            "pooled",
            pooled,
            "More than 7 in 10 people said they see other people more because of their support.",
            "75.0%",
            "taken together: 1 April 2023 to 31 March 2026",
        ),
        (
            "banded high",
            banded("almost-all"),
            "Almost all people said they see other people more because of their support.",
            "",
            "Words only",
        ),
        (
            "banded low",
            banded("very-few"),
            "Very few people said they see other people more because of their support.",
            "",
            "Words only",
        ),
        ("merged", merged, "", "", "part of the figures of Yorkshire and The Humber"),
    ];
    for (name, row, words, number, anywhere) in cases {
        let document = compose(&material(registry, scheme(), vec![row]), Language::English);
        let first = keys(&document.summary);
        assert_eq!(first.first().map_or("", |key| key.words.as_str()), words, "{name}");
        assert_eq!(first.first().map_or("", |key| key.number.as_str()), number, "{name}");
        assert!(text(&document).contains(anywhere), "{name}: {}", text(&document));
    }
    let suppressed = hidden("social-connection", &scheme(), Status::Suppressed);
    let document = compose(&material(registry, scheme(), vec![suppressed]), Language::English);
    assert!(keys(&document.summary).is_empty());
    assert!(text(&document).contains("Too few people have answered here for figures of their own."));
}

#[test]
fn a_tiny_scheme_gets_a_whole_report_with_the_regions_figures_named_as_the_regions() {
    let registry = registry();
    let asked = |row: Row| Row { supported: Some(4), eligible: Some(4), invited: Some(4), ..row };
    let rows = ["social-connection", "belonging", "choice", "kindness"]
        .map(|id| asked(hidden(id, &scheme(), Status::Suppressed)))
        .to_vec();
    let around = vec![
        share("social-connection", &region(), 901, 1000),
        share("belonging", &region(), 700, 990),
        share("choice", &region(), 600, 980),
        share("kindness", &region(), 950, 970),
        whole("social-connection", &place(Level::Uk, "K02000001", "United Kingdom"), 6402, 148, 7140),
    ];
    let beside = Beside { release: published(), own: Vec::new(), around };
    let tiny = Material { beside: Some(beside), ..material(registry, scheme(), rows) };
    for language in Language::ALL {
        let document = compose(&tiny, language);
        let first = keys(&document.summary);
        assert_eq!(first.len(), 4);
        let name =
            if language == Language::Welsh { "Swydd Efrog a'r Humber" } else { "Yorkshire and The Humber" };
        for key in first {
            assert!(key.words.starts_with(&format!("{name}: ")), "{}", key.words);
        }
        let said = text_of(section(&document, "said"));
        assert!(keys(section(&document, "said")).is_empty(), "no figure is said to be the scheme's");
        assert!(said.contains(name), "{said}");
        let all = text(&document);
        assert!(!all.contains('*') && all.len() > 4000, "{}", all.len());
        // “Worse” stays in sight, and is said to be of the whole country.
        assert!(all.contains("148") && all.contains("2.1%"), "{all}");
    }
    let english = text(&compose(&tiny, Language::English));
    for words in [
        "That is normal for a small place, and every answer counts.",
        "4 people were supported, and 4 were asked.",
        "numbers are shown from 10 people on",
        "Because of",
    ] {
        assert!(english.contains(words), "“{words}” is missing in\n{english}");
    }
}

#[test]
fn where_nobody_answered_it_is_said_what_would_be_asked() {
    let registry = registry();
    let document = compose(&material(registry, scheme(), Vec::new()), Language::English);
    let all = text(&document);
    assert!(all.contains("Nobody has answered in this period yet."), "{all}");
    assert!(!all.contains("answers from here are part"), "there are none: {all}");
    // Where figures of a place around stand instead, it is not said as well that few have answered.
    let around = vec![share("social-connection", &region(), 901, 1000)];
    let beside = Some(Beside { release: published(), own: Vec::new(), around });
    let shown =
        text(&compose(&Material { beside, ..material(registry, scheme(), Vec::new()) }, Language::English));
    assert!(shown.contains("this report shows what people say in the places around."), "{shown}");
    assert!(!shown.contains("Too few people have answered here"), "{shown}");
    assert!(!section(&document, "asked").is_empty() && section(&document, "who").is_empty());
}

#[test]
fn several_models_stand_in_sections_of_their_own() {
    let registry = registry();
    let uk = place(Level::Uk, "K02000001", "United Kingdom");
    let mut other = whole("emotional-health", &uk, 60, 0, 80);
    other.model = "small-supports".into();
    let entry = registry.latest("small-supports").expect("a questionnaire");
    other.series =
        entry.indicators.iter().find(|e| e.indicator == "emotional-health").expect("asked").series.clone();
    let rows = vec![whole("social-connection", &uk, 6402, 148, 7140), other];
    let both =
        Material { models: vec![Model::SharedLives, Model::SmallSupports], ..material(registry, uk, rows) };
    let document = compose(&both, Language::Welsh);
    let titles: Vec<&str> = document.sections.iter().map(|s| s.title.as_str()).collect();
    assert_eq!(titles, ["Cysylltu Bywydau", "Cefnogaeth Fach", "Sut i ddarllen yr adroddiad hwn"]);
    assert!(document.title.starts_with("Y Deyrnas Unedig"), "{}", document.title);
    let ids: BTreeSet<&str> = document.sections.iter().map(|s| s.id.as_str()).collect();
    assert_eq!(ids.len(), document.sections.len());
}

#[test]
fn drawings_say_the_same_as_their_tables_and_have_ids_of_their_own() {
    let registry = registry();
    let document = compose(&large(registry), Language::English);
    let mut ids = BTreeSet::new();
    for chart in document.sections.iter().flat_map(|s| &s.blocks).filter_map(|block| match block {
        Block::Chart(chart) => Some(chart),
        _ => None,
    }) {
        assert!(ids.insert(chart.id.clone()), "{} stands twice", chart.id);
        let rows = match &chart.shape {
            Shape::Bars { bars } | Shape::Changes { bars } => bars.len(),
            Shape::Stacks { names, rows } | Shape::Bands { names, rows } => {
                for row in rows {
                    assert_eq!(row.parts.len(), names.len());
                    let all: f64 = row.parts.iter().map(|part| part.percent).sum();
                    assert!((all - 100.0).abs() < 0.3, "{}: {all}", row.label);
                }
                rows.len()
            }
            Shape::OverTime { points } => points.len(),
        };
        // A table of answers may hold those of the place around as well.
        let stacks = matches!(chart.shape, Shape::Stacks { .. } | Shape::Bands { .. });
        let told = chart.table.rows.len();
        assert!(rows == told || stacks && rows < told, "{}: {rows} drawn, {told} in the table", chart.id);
    }
    assert!(ids.len() >= 4, "{ids:?}");
}
