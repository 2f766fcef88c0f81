//! Pages of a PDF report: one sheet for the summary, nothing torn that should stay whole, the same bytes twice.

use khi::domain::report::{Block, Document, Section};
use khi::reports::pdf::{Extent, pdf, summary_fit};

use super::example;

fn pages(pdf: &[u8]) -> usize {
    String::from_utf8_lossy(pdf).matches("/MediaBox").count()
}

fn drawn(document: &Document, extent: Extent) -> Vec<u8> {
    pdf(document, extent).expect("sound by PDF/UA-1")
}

#[test]
fn the_summary_is_one_sheet_in_letters_that_can_be_read() {
    // What stands on the first page beside the usual; whether it fits.
    let cases = [(0, true), (3, true), (8, true), (60, false)];
    let mut before = 99.0;
    for (more, fits) in cases {
        let document = example::overfull(more);
        let fit = summary_fit(&document);
        assert_eq!(fit.fits, fits, "{more} more: {fit:?}");
        assert!(fit.text_size >= 9.449 && fit.text_size <= before, "{more} more: {fit:?}");
        before = fit.text_size;
        assert_eq!(pages(&drawn(&document, Extent::Summary)) == 1, fits, "{more} more");
    }
    for document in [example::small(), example::tiny()] {
        assert!(summary_fit(&document).fits && summary_fit(&document).text_size > 11.0, "room is used");
        assert_eq!(pages(&drawn(&document, Extent::Summary)), 1);
    }
}

#[test]
fn a_report_of_more_than_two_pages_has_contents_and_one_of_two_has_none() {
    let names = |pdf: &[u8]| String::from_utf8_lossy(pdf).into_owned();
    let (large, small) = (drawn(&example::large(), Extent::Whole), drawn(&example::small(), Extent::Whole));
    assert!(names(&large).contains("/TOCI") && pages(&large) > 8);
    assert_eq!((names(&small).contains("/TOCI"), pages(&small)), (false, 2));
    for kind in
        ["/Table", "/TH", "/TD", "/Figure", "/Caption", "/LBody", "/H1", "/H2", "/H3", "/Outlines", "/BBox"]
    {
        assert!(names(&large).contains(kind), "{kind}");
    }
}

#[test]
fn the_same_document_gives_the_same_bytes() {
    for document in [example::large(), example::small()] {
        assert!(drawn(&document, Extent::Whole) == drawn(&document, Extent::Whole), "{}", document.title);
    }
}

#[test]
fn words_of_any_kind_are_drawn() {
    let words = [
        "",
        " ",
        "\u{0}\u{7}\u{1b}[31m",
        "\u{feff}\u{200b}\u{202e}abc",
        "👩🏽\u{200d}🦽 Ж 漢字 שלום",
        "W\u{302}y\u{302}",
        "\u{301}",
        "\u{e000}\u{fffe}\u{ffff}\u{10ffff}",
        "(\\) <</Type>> %%EOF",
        &"long".repeat(150),
        &"many words ".repeat(150),
    ];
    for text in words {
        let text = text.to_owned();
        let mut table = example::table(
            &text,
            &[&text, &text],
            vec![(&text, vec![khi::domain::report::Value::text(&text)])],
        );
        table.rows[0].cells.clear();
        let mut chart = example::bars("bars");
        (chart.title, chart.description) = (text.clone(), text.clone());
        let blocks = vec![
            Block::Heading { text: text.clone() },
            Block::Lead { text: text.clone() },
            Block::Note { text: text.clone() },
            Block::List { items: vec![text.clone(), text.clone()] },
            example::key(&text, &text, &text),
            Block::Table(table),
            Block::Chart(chart),
        ];
        let document = Document {
            title: text.clone(),
            subtitle: text.clone(),
            language: "en".into(),
            facts: Vec::new(),
            summary: blocks.clone(),
            sections: vec![Section { id: "one".into(), title: text.clone(), blocks }],
        };
        let start: String = text.chars().take(20).collect();
        if let Err(error) = pdf(&document, Extent::Whole) {
            panic!("{start:?}: {error}");
        }
    }
}
