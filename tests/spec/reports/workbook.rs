//! Workbooks: typed cells, nothing live, names that are allowed, the same bytes twice.

use std::io::{Cursor, Read};

use calamine::{Data, Reader, Xlsx};
use khi::domain::report::{Document, Section, Value};
use khi::reports::xlsx::xlsx;

use super::example;

fn made(document: &Document) -> Vec<u8> {
    xlsx(document, example::made_on()).expect("a workbook")
}

fn opened(document: &Document) -> Xlsx<Cursor<Vec<u8>>> {
    Xlsx::new(Cursor::new(made(document))).expect("a workbook")
}

/// The text of every part whose name holds `name`.
fn parts(document: &Document, name: &str) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(made(document))).expect("a packed file");
    let mut all = String::new();
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).expect("a part");
        if part.name().expect("a name").contains(name) {
            part.read_to_string(&mut all).expect("text");
        }
    }
    all
}

#[test]
fn the_same_document_gives_the_same_bytes() {
    for (name, document) in example::documents() {
        assert!(made(&document) == made(&document), "{name}");
    }
}

#[test]
fn sheets_are_the_summary_each_section_with_tables_the_numbers_of_drawings_and_the_facts() {
    let cases: [(Document, &[&str]); 3] = [
        (
            example::large(),
            &[
                "Summary",
                "Friends and family",
                "A say in everyday life",
                "Part of the community",
                "Feeling well",
                "Who answered",
                "Places beside each other",
                "Every council",
                "Chart data",
                "Made from",
            ],
        ),
        (example::small(), &["Crynodeb", "Ffrindiau a theulu", "Gwnaed o"]),
        (example::tiny(), &["Summary", "Made from"]),
    ];
    for (document, names) in cases {
        assert_eq!(opened(&document).sheet_names(), names);
    }
}

#[test]
fn numbers_are_numbers_of_their_kind_and_all_else_is_text() {
    let mut workbook = opened(&example::large());
    let cells = workbook.worksheet_range("Every council").expect("the sheet");
    let row = |head: &str| {
        cells.rows().find(|row| row[0] == Data::String(head.to_owned())).unwrap_or_else(|| panic!("{head}"))
    };
    let council = row("Council 1");
    assert_eq!(council[1], Data::Float(173.0));
    assert_eq!(council[2], Data::Float(0.037), "3.7% is shown as a percentage, and is 0.037");
    assert_eq!(council[3], Data::String("1.9% to 3.7%".into()));
    assert_eq!(council[4], Data::Float(11.5));
    assert_eq!(row("Council 11")[1], Data::String("too few to show".into()));
    assert_eq!(row("=HYPERLINK(\"http://example.org\")")[1], Data::Float(1211.0));
}

#[test]
fn nothing_is_a_formula_whatever_a_name_holds() {
    let evil = ["=1+1", "+1", "-1", "@SUM(A1)", "=cmd|' /C calc'!A0", "\u{0}=1", "\t=1", "&lt;", "_x0041_"];
    let rows = evil.iter().map(|text| (*text, vec![Value::text(*text), Value::absent(*text)])).collect();
    let table = example::table("=A1", &["=B1", "=C1", "=D1"], rows);
    let mut chart = example::bars("=A1");
    (chart.title, chart.description) = ("=A1".into(), "=A1".into());
    chart.table = table.clone();
    let blocks: Vec<_> = evil.iter().flat_map(|text| [example::key(text, text, text)]).collect();
    let mut all = blocks.clone();
    all.extend([khi::domain::report::Block::Table(table), khi::domain::report::Block::Chart(chart)]);
    let section = |title: &str| Section { id: "s".into(), title: title.into(), blocks: all.clone() };
    let document = Document {
        title: "=A1&\"x\"".into(),
        subtitle: "=A1".into(),
        summary: blocks,
        sections: ["=A1", "'", "a/b", "a/b", "Summary", ""].map(section).to_vec(),
        ..example::large()
    };
    let sheets = parts(&document, "worksheets/sheet");
    assert!(!sheets.contains("<f>") && !sheets.contains("<f "), "no cell is a formula");
    assert!(!parts(&document, "charts/chart").contains("<c:f>A1</c:f>"), "no title is a range");
    assert_eq!(opened(&document).sheet_names().len(), 9);
    let mut workbook = opened(&document);
    let cells = workbook.worksheet_range("Summary 2").expect("the sheet");
    assert!(
        cells.rows().any(|row| row[0] == Data::String("=cmd|' /C calc'!A0".into())),
        "the words are kept"
    );
}

#[test]
fn drawings_have_titles_alternative_texts_and_only_numbers_of_the_report() {
    let document = example::large();
    let drawings = parts(&document, "drawings/drawing");
    assert!(drawings.matches("descr=\"More people in Leeds Shared Lives").count() >= 2, "{drawings}");
    let charts = parts(&document, "charts/chart");
    assert!(charts.contains("<c:symbol val=\"dash\"/>") && charts.contains("<c:symbol val=\"circle\"/>"));
    for kind in ["<c:barChart>", "<c:lineChart>", "percentStacked", "<c:hiLowLines>", "<a:pattFill"] {
        assert!(charts.contains(kind), "{kind}");
    }
    assert!(
        parts(&document, "docProps/core")
            .contains("<dcterms:created xsi:type=\"dcterms:W3CDTF\">2026-06-14T00:00:00Z")
    );
    assert!(parts(&document, "docProps/custom").contains("<vt:lpwstr>en</vt:lpwstr>"));
    let mut workbook = opened(&document);
    let cells = workbook.worksheet_range("Chart data").expect("the sheet");
    // Every series is named by a heading and drawn from the cells below it.
    for range in charts.split("<c:f>").skip(1).filter_map(|rest| rest.split("</c:f>").next()) {
        let (sheet, place) = range.split_once('!').expect("a sheet");
        assert_eq!(sheet, "'Chart data'");
        let row: usize = place.rsplit('$').next().and_then(|row| row.parse().ok()).expect("a row");
        let column = usize::from(place.trim_start_matches('$').as_bytes()[0] - b'A');
        let head = cells.rows().nth(row - 1).and_then(|cells| cells.get(column));
        let is_heading = |cell: &Data| matches!(cell, Data::String(text) if text != "Row");
        if !place.contains(':') {
            assert!(head.is_some_and(is_heading), "{range}: {head:?}");
        }
    }
    let first: Vec<&[Data]> = cells.rows().skip(2).take(3).collect();
    assert_eq!(
        first[1][..4],
        ["Row", "Share", "Interval from", "Interval to"].map(|t| Data::String(t.into()))
    );
    assert_eq!(first[2][1..4], [0.9, 0.786, 0.957].map(Data::Float));
}

#[test]
fn a_table_prints_on_a4_and_keeps_its_headings() {
    let sheets = parts(&example::large(), "worksheets/sheet");
    assert_eq!(sheets.matches("paperSize=\"9\"").count(), 10, "every sheet");
    assert!(
        sheets.contains("state=\"frozen\"")
            && sheets.contains("fitToWidth") | sheets.contains("fitToHeight=\"0\"")
    );
    assert!(parts(&example::large(), "workbook.xml").contains("_xlnm.Print_Titles"));
    assert!(
        parts(&example::large(), "tables/table").contains("headerRowCount")
            || parts(&example::large(), "tables/table").contains("<tableColumn ")
    );
}
