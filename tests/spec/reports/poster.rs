//! The poster for those who answered, and what a scheme may write on it.

use khi::domain::fault::Fault;
use khi::domain::report::compose::{Language, Material, compose_poster};
use khi::domain::report::{Block, Deed, Document, Pictured, check_done};
use khi::reports::pdf::{Extent, pdf, poster_fit};
use serde_json::{Value, json};

use super::composing::{large, text};
use crate::support::registry;

fn pictured(document: &Document) -> Vec<&Pictured> {
    let blocks = document.summary.iter();
    blocks.filter_map(|block| if let Block::Pictured(told) = block { Some(told) } else { None }).collect()
}

fn refused(body: Value) -> Vec<(String, &'static str)> {
    let faults: Vec<Fault> = check_done(&body).expect_err("faults");
    faults.into_iter().map(|fault| (fault.pointer, fault.code)).collect()
}

#[test]
fn it_says_what_people_said_in_words_and_what_was_done() {
    let registry = registry();
    let document = compose_poster(&large(registry), Language::English);
    assert_eq!(document.title, "You said. We did.");
    let told = pictured(&document);
    let said: Vec<_> = told.iter().filter(|one| !one.large.is_empty()).collect();
    assert_eq!(said.len(), 3);
    let (large, words) = ("9 in 10", "people said they see other people more because of their support.");
    assert_eq!((said[0].large.as_str(), said[0].words.as_str()), (large, words));
    // The picture is that of the question that people were asked; every sentence has one.
    assert_eq!(said[0].picture, "people-together");
    let plain = |block: &Block| matches!(block, Block::Pictured(_) | Block::Heading { .. });
    assert!(document.summary.iter().all(plain), "nothing stands there without a picture");
    let text = text(&document);
    assert!(text.contains("We started a Friday club."));
    assert!(!text.contains('%') && !text.contains("interval"), "nothing that has to be explained: {text}");
    assert!(document.sections.is_empty() && document.facts.is_empty());
}

#[test]
fn it_is_said_in_welsh_and_promises_where_nothing_was_done_yet() {
    let registry = registry();
    let deed = Deed { en: "We started a club.".into(), cy: Some("Dechreuom glwb.".into()) };
    let material = Material { done: vec![deed], ..large(registry) };
    let welsh = compose_poster(&material, Language::Welsh);
    assert!(text(&welsh).contains("Dechreuom glwb."));
    // The verb comes first, and is not lost where the share stands large.
    let first = pictured(&welsh).into_iter().find(|one| !one.large.is_empty()).expect("a share");
    assert_eq!(first.large, "Dywedodd 9 o bob 10");
    assert!(first.words.starts_with("o bobl"), "{}", first.words);
    assert!(text(&compose_poster(&material, Language::English)).contains("We started a club."));
    let nothing = Material { done: Vec::new(), ..large(registry) };
    assert!(text(&compose_poster(&nothing, Language::English)).contains("We will tell you what we do."));
}

#[test]
fn a_place_where_few_answered_has_one_too() {
    let registry = registry();
    let mut material = Material { rows: Vec::new(), over_time: Vec::new(), ..large(registry) };
    if let Some(beside) = &mut material.beside {
        beside.own.clear();
    }
    let document = compose_poster(&material, Language::English);
    let headings: Vec<&str> = document
        .summary
        .iter()
        .filter_map(|block| if let Block::Heading { text } = block { Some(text.as_str()) } else { None })
        .collect();
    assert_eq!(headings, ["What people said in Yorkshire and The Humber", "We did"]);
    material.beside = None;
    assert!(text(&compose_poster(&material, Language::English)).contains("Every answer counts."));
}

#[test]
fn what_was_done_is_short_and_easy_to_read() {
    let item = |en: &str| json!({"en": en});
    let good = check_done(
        &json!({"items": [item("We started a  Friday club. You chose the day."), {"en": "A", "cy": "B"}]}),
    );
    let good = good.expect("two things");
    assert_eq!(good[0].en, "We started a Friday club. You chose the day.");
    assert_eq!((good[1].say("cy"), good[1].say("en"), good[0].say("cy")), ("B", "A", good[0].en.as_str()));
    assert_eq!(check_done(&json!({"items": []})).expect("nothing"), []);
    let long = "word ".repeat(16);
    assert_eq!(refused(json!({"items": [item(&long)]})), [("/items/0/en".to_owned(), "long-sentence")]);
    assert!(check_done(&json!({"items": [item(&"word ".repeat(15))]})).is_ok());
    assert_eq!(
        refused(json!({"items": [item(&"A b. ".repeat(41))]})),
        [("/items/0/en".to_owned(), "too-long")]
    );
    assert_eq!(refused(json!({"items": vec![item("A"); 4]})), [("/items".to_owned(), "too-many")]);
    assert_eq!(refused(json!({"items": [{"cy": "B"}]})), [("/items/0/en".to_owned(), "required")]);
    assert_eq!(
        refused(json!({"items": [{"en": "A", "cy": &long}]})),
        [("/items/0/cy".to_owned(), "long-sentence")]
    );
    assert_eq!(
        refused(json!({"items": [{"en": "A", "fr": "C"}]})),
        [("/items/0/fr".to_owned(), "unknown-key")]
    );
}

#[test]
fn it_is_one_sheet_in_large_letters_and_its_pictures_are_not_read_aloud() {
    let registry = registry();
    let longest = "Words of easy read that fill the room of a poster are still few. ".repeat(3);
    let deed = |_| Deed { en: longest.clone(), cy: None };
    let full = Material { done: (0..3).map(deed).collect(), demo: true, ..large(registry) };
    for (material, least) in [(&full, 14.0), (&large(registry), 15.0)] {
        for language in [Language::English, Language::Welsh] {
            let document = compose_poster(material, language);
            let fit = poster_fit(&document);
            assert!(fit.fits && fit.text_size >= least, "{fit:?}");
            let drawn = pdf(&document, Extent::Poster).expect("sound by PDF/UA-1");
            let drawn = String::from_utf8_lossy(&drawn);
            assert_eq!(drawn.matches("/MediaBox").count(), 1);
            assert!(!drawn.contains("/Figure"), "pictures only decorate");
            let page = khi::reports::html::whole(&document).expect("a page");
            assert!(!page.contains("id=\"report-about\""), "no heading with nothing below it");
            let pictures = page.matches("<svg class=\"pic\"").count();
            assert_eq!(pictures, pictured(&document).len());
            assert_eq!(page.matches("aria-hidden=\"true\" focusable=\"false\">").count(), pictures);
        }
    }
}
