//! PDFs that are made here: tagged, so that they can be read aloud (PDF/UA-1), in a typeface for readers with low vision.

pub(crate) mod fonts;
pub(crate) mod layout;
pub mod letter;
mod paper;
mod picture;
pub(crate) mod sheets;
pub(crate) mod tree;

pub use letter::{Letter, letters};

/// Millimetres in points, which everything is measured in.
pub(crate) fn mm(millimetres: f32) -> f32 {
    millimetres * 72.0 / 25.4
}

/// Why a PDF could not be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PdfError {
    /// The typeface has no such letter.
    #[error("there is no {0:?} in the typeface")]
    NoLetter(char),
    /// What was drawn is not what the standard asks for: a fault of the program.
    #[error("the PDF is not sound: {0}")]
    Unsound(String),
}
