//! Questions answered in the person's own words.

use super::Answer;
use crate::domain::reader::Field;

/// The longest text that is kept, in characters.
pub(super) const LONGEST: usize = 4_000;

pub(super) fn check(field: Field<'_>) -> Option<Answer> {
    let words = field.words()?;
    if words.chars().count() > LONGEST {
        field.fault("too-long", format!("At most {LONGEST} characters."));
        return None;
    }
    Some(Answer::Words { words: words.to_owned() })
}
