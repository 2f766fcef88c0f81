//! Letters that invite: an address that shows in the window of a DL envelope, plain words, and two ways in. Each begins on a sheet of its own.

use super::fonts::{Weight, first_missing};
use super::layout::{Layout, Role};
use super::paper::{Meaning, Paper};
use super::{PdfError, mm};

/// A letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// `en` or `cy`.
    pub language: &'static str,
    /// Whether it is in large print (18 points; else 14, as easy read asks for).
    pub large: bool,
    /// Who it is from.
    pub sender: String,
    /// The day it was made, as it is written.
    pub date: String,
    /// Name and address, as they show in the window. Without an address the name alone: it is handed over.
    pub address: Vec<String>,
    /// Its title.
    pub title: String,
    /// What it says before the ways in.
    pub before: Vec<String>,
    /// What is said beside the square.
    pub with_phone: String,
    /// What is said before the address that is typed.
    pub with_computer: String,
    /// The address that is typed, without `https://`.
    pub typed_address: String,
    /// What is said before the code.
    pub then_code: String,
    /// The code that is typed.
    pub code: String,
    /// What it says after the ways in.
    pub after: Vec<String>,
    /// Where the square leads.
    pub link: String,
    /// What the square is, for those who cannot see it.
    pub square: String,
}

/// The window of a DL envelope (35 by 90 mm, 20 mm from the left and 18 mm from the foot) shows this much of a sheet folded in three, however it
/// slides in the envelope.
const WINDOW_TOP: f32 = 57.5;
const WINDOW_LINES: usize = 6;
const ADDRESS_SIZE: f32 = 10.5;
/// Where the title stands: below the window.
const BODY_TOP: f32 = 94.0;

impl Letter {
    /// The first letter of its words that the typeface does not have.
    pub fn first_missing(&self) -> Option<char> {
        let lines = self.address.iter().chain(&self.before).chain(&self.after);
        let own = [
            &self.sender,
            &self.date,
            &self.title,
            &self.with_phone,
            &self.with_computer,
            &self.typed_address,
        ];
        let own = own.into_iter().chain([&self.then_code, &self.code]);
        lines.chain(own).find_map(|text| first_missing(text))
    }

    fn lay_out(&self) -> super::layout::Pages {
        let size = if self.large { 18.0 } else { 14.0 };
        let gap = size * 0.4;
        let mut layout = Layout::from(mm(16.0));
        layout.text(&self.sender, size, Weight::Bold, Role::Paragraph, 2.0);
        layout.text(&self.date, 12.0, Weight::Regular, Role::Paragraph, 0.0);
        layout.go_to(mm(WINDOW_TOP));
        for line in in_window(&self.address) {
            layout.text(&line, ADDRESS_SIZE, Weight::Regular, Role::Paragraph, -3.4);
        }
        layout.go_to(mm(BODY_TOP));
        layout.text(&self.title, size * 1.25, Weight::Bold, Role::Title, gap);
        for paragraph in &self.before {
            layout.text(paragraph, size, Weight::Regular, Role::Paragraph, gap);
        }
        layout.square(mm(48.0));
        layout.text(&self.with_phone, size, Weight::Regular, Role::Paragraph, gap);
        layout.text(&self.with_computer, size, Weight::Regular, Role::Paragraph, gap / 2.0);
        layout.text(&self.typed_address, size, Weight::Bold, Role::Link, gap);
        layout.text(&self.then_code, size, Weight::Regular, Role::Paragraph, gap / 2.0);
        layout.below_the_square(gap / 2.0);
        layout.text(&spaced(&self.code), size * 1.5, Weight::Bold, Role::Paragraph, gap);
        for paragraph in &self.after {
            layout.text(paragraph, size, Weight::Regular, Role::Paragraph, gap);
        }
        layout.finish()
    }
}

/// A code letter by letter, so that it is easily typed.
fn spaced(code: &str) -> String {
    code.chars().map(String::from).collect::<Vec<_>>().join(" ")
}

/// An address in as many lines as the window shows: the last lines before the postcode are joined first.
fn in_window(address: &[String]) -> Vec<String> {
    let mut lines = address.to_vec();
    while lines.len() > WINDOW_LINES {
        let at = lines.len() - 3;
        let joined = format!("{}, {}", lines[at], lines[at + 1]);
        lines.splice(at..at + 2, [joined]);
    }
    let width = mm(78.0);
    for line in &mut lines {
        while Weight::Regular.width(line, ADDRESS_SIZE) > width {
            line.pop();
        }
    }
    lines
}

/// The letters as one PDF, each on a sheet of its own, the first at the front.
///
/// # Errors
///
/// [`PdfError::NoLetter`] if the typeface lacks one that is needed.
pub fn letters(letters: &[Letter], title: &str, language: &str) -> Result<Vec<u8>, PdfError> {
    let mut paper = Paper::new(title, language)?;
    for (number, letter) in (1..).zip(letters) {
        if let Some(missing) = letter.first_missing() {
            return Err(PdfError::NoLetter(missing));
        }
        let number: usize = number;
        let entry = match letter.address.first() {
            Some(name) => format!("{number}. {name}"),
            None => format!("{number}."),
        };
        let meaning = Meaning {
            over: letter.address.first().map_or("", String::as_str),
            title: &letter.title,
            entry,
            language: letter.language,
            link: &letter.link,
            square: &letter.square,
        };
        paper.draw(&letter.lay_out(), &meaning)?;
    }
    paper.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pdf::layout::{MARGIN, Piece, WIDTH};

    pub(super) fn letter(large: bool) -> Letter {
        let lines = |lines: &[&str]| lines.iter().map(|l| (*l).to_owned()).collect::<Vec<_>>();
        Letter {
            language: "cy",
            large,
            sender: "Bywydau Rhannu Sir Gâr".into(),
            date: "20 Gorffennaf 2026".into(),
            address: lines(&[
                "Mair Example",
                "Tŷ Gwyn",
                "Flat 2",
                "1 Example Street",
                "Example Village",
                "Nr Example",
                "LEEDS",
                "LS1 4AP",
            ]),
            title: "Rhai cwestiynau am eich bywyd".into(),
            before: lines(&["Helo Mair,", "Mae rhai cwestiynau i chi.", "Chi sy'n dewis."]),
            with_phone: "Gyda ffôn: daliwch y camera dros y sgwâr hwn.".into(),
            with_computer: "Gyda chyfrifiadur: ewch i'r cyfeiriad hwn.".into(),
            typed_address: "khi.example/s".into(),
            then_code: "Wedyn teipiwch y cod hwn.".into(),
            code: "1-ABCDE-FGHJK".into(),
            after: lines(&["Mae hwn yn gweithio tan 20 Hydref 2026."]),
            link: "https://khi.example/s/1-ABCDEFGHJKMNPQRSTVWXYZ0123".into(),
            square: "Cod sgwâr".into(),
        }
    }

    #[test]
    fn the_address_stands_in_the_window_however_the_sheet_slides() {
        for large in [false, true] {
            let pages = letter(large).lay_out();
            let lines: Vec<_> = pages.pages[0].iter().filter(|p| p.size == ADDRESS_SIZE).collect();
            assert_eq!(lines.len(), WINDOW_LINES);
            assert_eq!(lines[5].text, "LS1 4AP");
            for line in lines {
                let right = line.x + line.weight.width(&line.text, line.size);
                assert!(line.y - line.size >= mm(57.0) - 0.5 && line.y + 2.0 <= mm(81.0), "{line:?}");
                assert!(line.x >= mm(20.0) && right <= mm(100.0), "{line:?}");
            }
            let top = |p: &Piece| if p.role == Role::Square { p.y } else { p.y - p.size };
            let others = pages.pages[0].iter().filter(|p| p.size != ADDRESS_SIZE);
            let shows = |p: &&Piece| top(p) < mm(92.0) && p.y > mm(46.0);
            assert_eq!(others.filter(shows).count(), 0, "only the address shows: {pages:?}");
        }
    }

    #[test]
    fn a_pdf_is_tagged_and_each_letter_begins_on_a_page_of_its_own() {
        let all = [letter(false), letter(true), letter(false)];
        let pdf = letters(&all, "Letters", "en").expect("sound by PDF/UA-1");
        let text = String::from_utf8_lossy(&pdf);
        assert!(text.starts_with("%PDF-1.7") && text.contains("/MarkInfo") && text.contains("pdfuaid:part"));
        let pages: usize = all.iter().map(|l| l.lay_out().pages.len()).sum();
        assert_eq!(text.matches("/MediaBox").count(), pages);
        let wide = all.iter().flat_map(|l| l.lay_out().pages).flatten();
        let right = |p: Piece| p.x + p.weight.width(p.text.trim_end(), p.size);
        assert!(wide.map(right).all(|right| right <= WIDTH - MARGIN + 0.1));
    }

    #[test]
    fn a_name_that_cannot_be_written_is_told() {
        let strange = Letter { address: vec!["Анна".into()], ..letter(false) };
        assert_eq!(letters(&[strange], "Letters", "en"), Err(PdfError::NoLetter('А')));
    }
}
