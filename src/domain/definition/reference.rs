//! Published figures that stand beside live ones, each with its date, place and source, and never as one of them.

use crate::domain::reader::{Field, Object};

/// A published figure.
#[derive(Debug, Clone, PartialEq)]
pub struct ReferenceValue {
    /// The figure.
    pub value: f64,
    /// What it is in, if not in the entry's own unit.
    pub unit: Option<String>,
    /// Its date: a year, a month or a day, as well as its source allows.
    pub as_of: String,
    /// The place it is of.
    pub place: String,
    /// The publication.
    pub source: String,
    /// The founding document that is quoted, with its own words.
    pub quoted: Option<(String, String)>,
    /// The year of its prices, where it is in pounds and that is known.
    pub price_year: Option<String>,
    /// What it is compared with.
    pub comparator: Option<String>,
    /// Whether it was expected, aimed at or modelled, not observed.
    pub forecast: bool,
    /// What a reader should know.
    pub note: Option<String>,
}

impl ReferenceValue {
    /// The list `reference_values`, if there is one.
    pub(super) fn read_list(object: &Object<'_>) -> Vec<Self> {
        let mut values = Vec::new();
        if let Some(list) = object.optional("reference_values").and_then(|f| f.list(0)) {
            list.each(|field| values.extend(Self::read(field)));
        }
        values
    }

    fn read(field: Field<'_>) -> Option<Self> {
        let object = field.object()?;
        let words = |key| object.optional(key).and_then(|f| f.words()).map(str::to_owned);
        let needed = |key| object.required(key).and_then(|f| f.words()).unwrap_or_default().to_owned();
        let value = object.required("value").and_then(|f| f.number());
        let as_of = object.required("as_of").and_then(|f| {
            let text = f.string()?;
            if !is_partial_date(text) {
                f.fault("not-a-date", "This must be a year, a month (2016-05) or a day.");
            }
            Some(text.to_owned())
        });
        let (seed, sentence) = (words("seed"), words("sentence"));
        if seed.is_some() != sentence.is_some() {
            object.fault("required", "“seed” and “sentence” stand together.");
        }
        let read = Self {
            value: value?,
            unit: words("unit"),
            as_of: as_of?,
            place: needed("place"),
            source: needed("source"),
            quoted: seed.zip(sentence),
            price_year: object.optional("price_year").and_then(year_of_prices),
            comparator: words("comparator"),
            forecast: object.required("forecast").and_then(|f| f.boolean()).unwrap_or_default(),
            note: words("note"),
        };
        object.close(true);
        Some(read)
    }
}

/// A calendar year, or a financial year such as 2015-16.
pub(super) fn year_of_prices(field: Field<'_>) -> Option<String> {
    if let Some(year) = field.as_integer() {
        return Some(year.to_string());
    }
    let text = field.string()?;
    let shape = text.len() == 7
        && text.bytes().enumerate().all(|(i, b)| if i == 4 { b == b'-' } else { b.is_ascii_digit() });
    if !shape {
        field.fault("not-a-year", "This must be a year, or a financial year such as 2015-16.");
    }
    Some(text.to_owned())
}

fn is_partial_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let digits = |part: &str, count| part.len() == count && part.bytes().all(|b| b.is_ascii_digit());
    match parts.as_slice() {
        [year] => digits(year, 4),
        [year, month] => digits(year, 4) && digits(month, 2),
        [year, month, day] => digits(year, 4) && digits(month, 2) && digits(day, 2),
        _ => false,
    }
}
