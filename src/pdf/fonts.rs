//! The typeface, and how wide words are in it.

use std::sync::LazyLock;

use krilla::text::Font;
use ttf_parser::Face;

/// How strong letters are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Weight {
    Regular,
    Bold,
}

struct Typeface {
    font: Font,
    face: Face<'static>,
}

impl Typeface {
    #[expect(clippy::expect_used, reason = "the file is part of the program, and a test draws with it")]
    fn read(file: &'static [u8]) -> Self {
        Self { font: Font::new(file.into(), 0).expect("a font"), face: Face::parse(file, 0).expect("a font") }
    }
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
    pub(super) fn width(self, text: &str, size: f32) -> f32 {
        let face = &self.typeface().face;
        let advance = |c| face.glyph_index(c).and_then(|glyph| face.glyph_hor_advance(glyph)).unwrap_or(0);
        let units: f32 = text.chars().map(|c| f32::from(advance(c))).sum();
        units * size / f32::from(face.units_per_em())
    }
}

/// The first letter of `text` that the typeface does not have.
pub(super) fn first_missing(text: &str) -> Option<char> {
    text.chars().find(|c| [&*REGULAR, &*BOLD].iter().any(|t| t.face.glyph_index(*c).is_none()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_typeface_has_the_letters_of_welsh_and_of_the_neighbours() {
        assert_eq!(first_missing("ÂâÊêÎîÔôÛûŴŵŶŷáàéèíìóòúùýÿïëöüç ŁłŚśąężźŞşğıčšžőűøåæœß “”‘’–—…·•£€"), None);
        assert_eq!(first_missing("Ann Ж"), Some('Ж'));
        let (one, two) = (Weight::Regular.width("a word", 12.0), Weight::Regular.width("a word", 24.0));
        assert!(one > 20.0 && (two - 2.0 * one).abs() < 0.01 && Weight::Bold.width("a word", 12.0) > one);
    }
}
