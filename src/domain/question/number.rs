//! Questions with a whole number as answer: how many (`count`), or a point between two ends (`scale`).

use super::{Answer, kebab};
use crate::domain::definition::Texts;
use crate::domain::fault::At;
use crate::domain::reader::{Field, Object};

/// The largest number an answer or a score may be; sums of squares of ten million people stay exact in 64 bits.
pub(super) const LARGEST: i64 = 10_000;

/// A whole-number question's range.
#[derive(Debug, Clone)]
pub struct Number {
    /// The least that can be answered.
    pub min: i64,
    /// The most that can be answered.
    pub max: i64,
    /// Named parts of the range, ascending, without gap or overlap; may be empty.
    pub bands: Vec<Band>,
    /// What stands at the two ends of a scale.
    pub ends: Option<(Texts, Texts)>,
}

/// A named part of a range, both ends included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Band {
    /// Its code in figures.
    pub code: String,
    /// From.
    pub min: i64,
    /// To.
    pub max: i64,
    /// Its words.
    pub text: Texts,
}

impl Number {
    /// The band that holds `value`.
    pub fn band(&self, value: i64) -> Option<&Band> {
        self.bands.iter().find(|b| b.min <= value && value <= b.max)
    }

    pub(super) fn check(&self, field: Field<'_>) -> Option<Answer> {
        let number = field.integer()?;
        if number < self.min || number > self.max {
            field.fault("out-of-range", format!("The answer lies between {} and {}.", self.min, self.max));
            return None;
        }
        Some(Answer::Number(number))
    }

    pub(super) fn read(item: &Object<'_>, scale: bool) -> Self {
        let min = item.required("min").and_then(bounded);
        let max = item.required("max").and_then(bounded);
        let (min, max) = (min.unwrap_or(0), max.unwrap_or(LARGEST));
        if min >= max {
            item.fault("empty-range", "“min” must be less than “max”.");
        }
        let ends = if scale { item.required("ends").and_then(read_ends) } else { None };
        let bands = item.optional("bands").map(|f| read_bands(f, min, max)).unwrap_or_default();
        Self { min, max, bands, ends }
    }

    /// Calls `visit` with the text of each band and end and its place below `item`.
    pub fn each_text(&self, item: &At<'_>, mut visit: impl FnMut(&Texts, &At<'_>)) {
        let list = item.key("bands");
        for (index, band) in self.bands.iter().enumerate() {
            let band_at = list.index(index);
            visit(&band.text, &band_at.key("text"));
        }
        if let Some((low, high)) = &self.ends {
            let ends = item.key("ends");
            visit(low, &ends.key("min"));
            visit(high, &ends.key("max"));
        }
    }
}

fn bounded(field: Field<'_>) -> Option<i64> {
    let number = field.integer()?;
    if !(-LARGEST..=LARGEST).contains(&number) {
        field.fault("out-of-range", format!("A bound lies between -{LARGEST} and {LARGEST}."));
        return None;
    }
    Some(number)
}

fn read_ends(field: Field<'_>) -> Option<(Texts, Texts)> {
    let object = field.object()?;
    let low = object.required("min").map(Texts::read);
    let high = object.required("max").map(Texts::read);
    object.close(true);
    Some((low?, high?))
}

/// Reads bands: the first may leave out `min`, the last `max`; together they must cover the range exactly.
fn read_bands(field: Field<'_>, min: i64, max: i64) -> Vec<Band> {
    let mut bands: Vec<Band> = Vec::new();
    let Some(list) = field.list(2) else { return bands };
    let mut next = min;
    list.each(|element| {
        let Some(object) = element.object() else { return };
        let code = object.required("code").and_then(|f| {
            let code = kebab(f, 40)?;
            if bands.iter().any(|b| b.code == code) {
                f.fault("repeated", format!("The band “{code}” stands here twice."));
            }
            Some(code)
        });
        let low = object.optional("min").and_then(bounded).unwrap_or(next);
        let high = object.optional("max").and_then(bounded).unwrap_or(max);
        if low != next {
            object.fault(
                "band-gap",
                format!("This band begins at {low}; the one before it ends so that {next} comes next."),
            );
        }
        if high < low {
            object.fault("band-empty", "“max” is less than “min”.");
        }
        next = high.max(low) + 1;
        bands.push(Band {
            code: code.unwrap_or_default(),
            min: low,
            max: high,
            text: object.required("text").map(Texts::read).unwrap_or_default(),
        });
        object.close(true);
    });
    if next != max + 1 {
        field.fault("band-gap", format!("The bands end at {}; the range ends at {max}.", next - 1));
    }
    bands
}
