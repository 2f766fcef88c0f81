//! `codebook.csv`: every code of the other tables in words: indicators, KPIs, breakdowns and their groups, models, statuses, units.

use std::collections::BTreeSet;

use super::PackageError;
use super::cell::{Cell, each};
use super::figures::{BANDS, COMPLETED_BY, LEVELS, RULES, STATUSES, reasons};
use super::kpi::{KPI_STATUSES, KpiCell};
use super::long::MEASURE_TYPES;
use super::table::{Field, Form, Rows, Table};
use crate::domain::definition::{Indicator, Kpi, Model, Registry, Title};

/// The kinds of codes, in the order of the table.
const KINDS: [&str; 14] = [
    "indicator",
    "kpi",
    "breakdown",
    "group",
    "model",
    "level",
    "status",
    "kpi-status",
    "band",
    "rule",
    "measure-type",
    "completed-by",
    "left-out",
    "unit",
];

/// A row.
#[derive(Default)]
struct Entry<'a> {
    kind: &'static str,
    code: &'a str,
    part_of: &'a str,
    title: [&'a str; 2],
    words: [&'a str; 2],
    unit: &'a str,
    direction: &'a str,
    statistic: &'a str,
    topic: &'a str,
    source: &'a str,
}

/// `codebook.csv`.
pub(super) fn codebook(cells: &[Cell], kpis: &[KpiCell], registry: &Registry) -> Result<Table, PackageError> {
    let mut rows = Rows::begin(form());
    let mut write = |entry: &Entry<'_>| {
        let id = [entry.kind, entry.part_of, entry.code].map(|part| part.replace(' ', "-"));
        let id: Vec<&str> = id.iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
        rows.texts(&[&id.join(":"), entry.kind, entry.code, entry.part_of]);
        rows.texts(&entry.title).texts(&entry.words);
        rows.texts(&[entry.unit, entry.direction, entry.statistic, entry.topic, entry.source]).end();
    };
    for id in each(cells, |cell| Some(cell.indicator.as_str())) {
        write(
            &registry
                .indicator(id)
                .map_or(Entry { kind: "indicator", code: id, ..Entry::default() }, of_indicator),
        );
    }
    for id in kpis.iter().map(|cell| cell.kpi.as_str()).collect::<BTreeSet<_>>() {
        write(&registry.kpi(id).map_or(Entry { kind: "kpi", code: id, ..Entry::default() }, of_kpi));
    }
    let groups: BTreeSet<(&str, &str)> = cells
        .iter()
        .filter_map(|cell| cell.group.as_ref())
        .flatten()
        .map(|(by, value)| (by.as_str(), value.as_str()))
        .collect();
    for by in groups.iter().map(|(by, _)| *by).collect::<BTreeSet<_>>() {
        let title = registry.breakdown(by).map_or([by; 2], |b| both(&b.title));
        write(&Entry { kind: "breakdown", code: by, title, ..Entry::default() });
    }
    for (by, value) in &groups {
        let breakdown = registry.breakdown(by);
        let title = breakdown.map_or([*value; 2], |b| ["en", "cy"].map(|language| b.label(value, language)));
        write(&Entry { kind: "group", code: value, part_of: by, title, ..Entry::default() });
    }
    let of_kpis = kpis.iter().filter_map(|cell| cell.model.as_deref());
    for code in cells.iter().map(|cell| cell.model.as_str()).chain(of_kpis).collect::<BTreeSet<_>>() {
        let title = Model::parse(code).map_or(code, |model| model.title());
        write(&Entry { kind: "model", code, title: [title, ""], ..Entry::default() });
    }
    let reasons = reasons();
    let fixed: [(&'static str, &[(&str, &str)]); 8] = [
        ("level", &LEVELS),
        ("status", &STATUSES),
        ("kpi-status", &KPI_STATUSES),
        ("band", &BANDS),
        ("rule", &RULES),
        ("measure-type", &MEASURE_TYPES),
        ("completed-by", &COMPLETED_BY),
        ("left-out", &reasons),
    ];
    for (kind, codes) in fixed {
        for (code, words) in codes {
            write(&Entry { kind, code, words: [words, ""], ..Entry::default() });
        }
    }
    for unit in kpis.iter().map(|cell| cell.unit.as_str()).collect::<BTreeSet<_>>() {
        let title = ["en", "cy"].map(|language| registry.unit(unit, language));
        write(&Entry { kind: "unit", code: unit, title, ..Entry::default() });
    }
    rows.finish()
}

fn both(title: &Title) -> [&str; 2] {
    ["en", "cy"].map(|language| title.get(language))
}

fn of_indicator(indicator: &Indicator) -> Entry<'_> {
    Entry {
        kind: "indicator",
        code: &indicator.id,
        title: both(&indicator.title),
        words: both(&indicator.statement),
        unit: &indicator.unit,
        direction: indicator.direction.code(),
        statistic: indicator.statistic.code(),
        topic: &indicator.topic,
        ..Entry::default()
    }
}

fn of_kpi(kpi: &Kpi) -> Entry<'_> {
    Entry {
        kind: "kpi",
        code: &kpi.id,
        title: both(&kpi.title),
        words: both(&kpi.help),
        unit: &kpi.unit,
        direction: kpi.direction.code(),
        source: &kpi.source,
        ..Entry::default()
    }
}

fn form() -> Form {
    Form {
        name: "codebook",
        title: "Codebook",
        words: "Every code of the other tables in words.",
        fields: vec![
            Field::text("id", "Kind and code, which stand in one row only.").required(),
            Field::text("kind", "What the code is of.").required().one_of(KINDS),
            Field::text("code", "The code, as it stands in the other tables.").required(),
            Field::text("part_of", "Of a group: the breakdown."),
            Field::text("title_en", "What it is called in English."),
            Field::text("title_cy", "What it is called in Welsh."),
            Field::text(
                "words_en",
                "What it means, in English; of an indicator, the sentence that its figures are said in.",
            ),
            Field::text("words_cy", "What it means, in Welsh."),
            Field::text("unit", "What its numbers are in."),
            Field::text("direction", "H: higher is better. L: lower is better. C: neither, context only.")
                .one_of(["H", "L", "C"]),
            Field::text(
                "statistic",
                "What kind of number an indicator is: these never compare with one another.",
            )
            .one_of(["attribution", "frequency", "level", "score"]),
            Field::text("topic", "What an indicator is about."),
            Field::text("source", "Where a KPI’s definition is from."),
        ],
        key: &["id"],
        references: Vec::new(),
        not_shown: None,
    }
}
