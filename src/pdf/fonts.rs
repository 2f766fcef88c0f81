//! The typeface, and how wide words are in it.

use std::sync::LazyLock;

use krilla::surface::Surface;
use krilla::text::{Font, GlyphId, KrillaGlyph, TextDirection};
use ttf_parser::Face;

/// How strong letters are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Weight {
    Regular,
    Bold,
}

struct Typeface {
    font: Font,
    face: Face<'static>,
    /// Digits of one width, from 0 to 9, and that width: letters of their own in the typeface. Ordinary ones moved apart would be read as “1 3”.
    digits: Vec<ttf_parser::GlyphId>,
    digit: u16,
    /// How far each letter up to [`KNOWN`] takes the next one on, if there is such a letter: looked up once, since every line is measured many times.
    advances: Vec<Option<u16>>,
}

/// What the typeface calls its digits of one width.
const EVEN: [&str; 10] = [
    "zero.tf", "one.tf", "two.tf", "three.tf", "four.tf", "five.tf", "six.tf", "seven.tf", "eight.tf",
    "nine.tf",
];

/// Latin letters with their marks, and punctuation.
const KNOWN: u32 = 0x2200;

impl Typeface {
    #[expect(clippy::expect_used, reason = "the file is part of the program, and a test draws with it")]
    fn read(file: &'static [u8]) -> Self {
        let face = Face::parse(file, 0).expect("a font");
        let digits: Vec<_> = EVEN.iter().filter_map(|name| face.glyph_index_by_name(name)).collect();
        let digit =
            digits.iter().filter_map(|glyph| face.glyph_hor_advance(*glyph)).max().unwrap_or_default();
        let advances = (0..KNOWN).map(|code| looked_up(&face, char::from_u32(code)?)).collect();
        Self { font: Font::new(file.into(), 0).expect("a font"), face, digits, digit, advances }
    }

    /// How far a letter takes the next one on, in units of the typeface.
    fn advance(&self, c: char) -> u16 {
        self.known(c).unwrap_or(0)
    }

    fn known(&self, c: char) -> Option<u16> {
        match usize::try_from(u32::from(c)).ok().and_then(|code| self.advances.get(code)) {
            Some(advance) => *advance,
            None => looked_up(&self.face, c),
        }
    }

    /// The same where all digits are equally wide, so that numbers below each other are aligned.
    fn even_advance(&self, c: char) -> u16 {
        if c.is_ascii_digit() { self.digit } else { self.advance(c) }
    }
}

/// The width of a letter. Glyph 0 is the sign for one that is not there.
fn looked_up(face: &Face<'_>, c: char) -> Option<u16> {
    face.glyph_hor_advance(face.glyph_index(c).filter(|glyph| glyph.0 != 0)?)
}

static REGULAR: LazyLock<Typeface> = LazyLock::new(|| {
    Typeface::read(include_bytes!("../../assets/fonts/AtkinsonHyperlegibleNext-Regular.ttf"))
});
static BOLD: LazyLock<Typeface> =
    LazyLock::new(|| Typeface::read(include_bytes!("../../assets/fonts/AtkinsonHyperlegibleNext-Bold.ttf")));

impl Weight {
    fn typeface(self) -> &'static Typeface {
        match self {
            Self::Regular => &REGULAR,
            Self::Bold => &BOLD,
        }
    }

    /// The font to draw with.
    pub(super) fn font(self) -> Font {
        self.typeface().font.clone()
    }

    /// How wide `text` is at `size` points, without what pairs of letters move together: never less than it will be.
    pub(crate) fn width(self, text: &str, size: f32) -> f32 {
        self.sum(text, size, Typeface::advance)
    }

    /// How wide `text` is with digits of one width.
    pub(crate) fn even_width(self, text: &str, size: f32) -> f32 {
        self.sum(text, size, Typeface::even_advance)
    }

    fn sum(self, text: &str, size: f32, advance: impl Fn(&Typeface, char) -> u16) -> f32 {
        let typeface = self.typeface();
        let units: f32 = text.chars().map(|c| f32::from(advance(typeface, c))).sum();
        units * size / f32::from(typeface.face.units_per_em())
    }

    /// Draws `text` with its foot at a point.
    pub(super) fn draw(self, surface: &mut Surface<'_>, at: (f32, f32), text: &str, size: f32) {
        let at = krilla::geom::Point::from_xy(at.0, at.1);
        surface.draw_text(at, self.font(), size, text, false, TextDirection::LeftToRight);
    }

    /// Draws `text` with digits of one width.
    pub(super) fn draw_even(self, surface: &mut Surface<'_>, at: (f32, f32), text: &str, size: f32) {
        let typeface = self.typeface();
        let em = f32::from(typeface.face.units_per_em());
        let glyph = |(index, c): (usize, char)| {
            let digit = c.to_digit(10).and_then(|digit| usize::try_from(digit).ok());
            let even = digit.and_then(|digit| typeface.digits.get(digit).copied());
            let glyph = even.or_else(|| typeface.face.glyph_index(c)).unwrap_or_default();
            let advance = f32::from(typeface.even_advance(c)) / em;
            let range = index..index + c.len_utf8();
            KrillaGlyph::new(GlyphId::new(u32::from(glyph.0)), advance, 0.0, 0.0, 0.0, range, None)
        };
        let glyphs: Vec<KrillaGlyph> = text.char_indices().map(glyph).collect();
        let at = krilla::geom::Point::from_xy(at.0, at.1);
        surface.draw_glyphs(at, &glyphs, self.font(), text, size, false);
    }
}

fn has(c: char) -> bool {
    [&*REGULAR, &*BOLD].iter().all(|t| t.known(c).is_some())
}

/// The first letter of `text` that the typeface does not have.
pub(super) fn first_missing(text: &str) -> Option<char> {
    text.chars().find(|c| !has(*c))
}

/// What stands in place of a letter that the typeface does not have.
const REPLACEMENT: char = '¤';

/// `text` in letters that the typeface has: others are written in a usual other way, or as “¤”, which everybody sees. Marks that change nothing that
/// can be seen are left out.
pub(crate) fn visible(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\t' | '\r' | '\u{2028}' | '\u{2029}' => out.push(' '),
            // Joiners, directions, variants and skin tones of signs: they only change what is beside them.
            '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{fe00}'..='\u{fe0f}' => {}
            '\u{feff}' | '\u{ad}' | '\u{1f3fb}'..='\u{1f3ff}' | '\u{e0000}'..='\u{e007f}' => {}
            c if c.is_control() => {}
            '\u{300}'..='\u{36f}' => compose(&mut out, c),
            c if has(c) => out.push(c),
            '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}' => out.push('\u{a0}'),
            '\u{2010}' | '\u{2011}' => out.push('-'),
            '≥' => out.push_str(">="),
            '≤' => out.push_str("<="),
            '→' => out.push('–'),
            _ => out.push(REPLACEMENT),
        }
    }
    out
}

/// Letters with a mark, as one letter.
const COMPOSED: [(char, &str, &str); 5] = [
    ('\u{300}', "aeiouAEIOU", "àèìòùÀÈÌÒÙ"),
    ('\u{301}', "aeiouyAEIOUY", "áéíóúýÁÉÍÓÚÝ"),
    ('\u{302}', "aeiouwyAEIOUWY", "âêîôûŵŷÂÊÎÔÛŴŶ"),
    ('\u{303}', "anoANO", "ãñõÃÑÕ"),
    ('\u{308}', "aeiouyAEIOU", "äëïöüÿÄËÏÖÜ"),
];

/// Puts a mark onto the last letter. A mark that it never has in the languages written here is left out.
fn compose(out: &mut String, mark: char) {
    let found = COMPOSED.iter().find(|(m, ..)| *m == mark).and_then(|(_, plain, composed)| {
        let last = out.chars().next_back()?;
        composed.chars().nth(plain.chars().position(|c| c == last)?)
    });
    if let Some(composed) = found {
        out.pop();
        out.push(composed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_typeface_has_the_letters_of_welsh_and_of_the_neighbours() {
        assert_eq!(
            first_missing("ÂâÊêÎîÔôÛûŴŵŶŷáàéèíìóòúùýÿïëöüç ŁłŚśąężźŞşğıčšžőűøåæœß “”‘’–—…·•£€¤"),
            None
        );
        assert_eq!(first_missing("Ann Ж"), Some('Ж'));
        let (one, two) = (Weight::Regular.width("a word", 12.0), Weight::Regular.width("a word", 24.0));
        assert!(one > 20.0 && (two - 2.0 * one).abs() < 0.01 && Weight::Bold.width("a word", 12.0) > one);
        assert!(
            (Weight::Regular.even_width("111", 12.0) - Weight::Regular.even_width("888", 12.0)).abs() < 0.01
        );
    }

    #[test]
    fn the_typeface_has_digits_of_one_width() {
        for typeface in [&*REGULAR, &*BOLD] {
            let widths: Vec<_> =
                typeface.digits.iter().map(|glyph| typeface.face.glyph_hor_advance(*glyph)).collect();
            assert_eq!(widths, [Some(typeface.digit); 10], "or numbers would be read with spaces in them");
        }
    }

    #[test]
    fn what_the_typeface_lacks_is_replaced_so_that_it_is_seen() {
        let cases = [
            ("Llŷn a’r Tŵr", "Llŷn a’r Tŵr"),
            ("Lly\u{302}n a’r Tw\u{302}r", "Llŷn a’r Tŵr"),
            ("Анна", "¤¤¤¤"),
            ("👩\u{200d}🦽 and 👍🏽", "¤¤ and ¤"),
            ("a\u{0}b\u{feff}c\u{ad}d", "abcd"),
            ("one\ntwo\tthree", "one two three"),
            ("≥ 10, 5\u{202f}%, t\u{2011}test", ">= 10, 5\u{a0}%, t-test"),
            ("q\u{302}", "q"),
            ("שלום", "¤¤¤¤"),
            ("\u{e000}\u{ffff}\u{10ffff}", "¤¤¤"),
        ];
        for (given, wanted) in cases {
            assert_eq!(visible(given), wanted);
            assert_eq!(first_missing(&visible(given)), None);
        }
    }
}
