//! Indicator entries: how a questionnaire version's answers become an indicator.

use crate::domain::question::Missing;
use crate::domain::reader::{Field, Object};

/// One entry of a questionnaire's `indicators`.
#[derive(Debug, Clone)]
pub struct IndicatorEntry {
    /// The indicator in the catalogue.
    pub indicator: String,
    /// How it is made.
    pub rule: Rule,
    /// Whether answers given for the person count.
    pub include_proxy: bool,
    /// Whether change since the person's baseline is counted.
    pub change: bool,
    /// The series named by the entry, if it names one.
    pub named_series: Option<String>,
    /// The series it belongs to; filled in when the file is loaded.
    pub series: String,
}

/// The five rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rule {
    /// Positive answers over the base.
    Share {
        /// The item.
        item: String,
        /// Codes that count as positive.
        positive: Vec<String>,
        /// Codes in the base.
        base: Vec<String>,
        /// Missing reasons that stay in the base as not positive.
        base_missing: Vec<Missing>,
    },
    /// The mean of each person's mean over the items.
    Mean {
        /// The items.
        items: Vec<String>,
        /// Items counted the other way round.
        reverse: Vec<String>,
        /// The fewest answers that make a person's mean.
        min_answered: Option<usize>,
    },
    /// The mean of each person's sum over the items, or with `cut` the share of people on one side of it.
    Sum {
        /// The items.
        items: Vec<String>,
        /// Items counted the other way round.
        reverse: Vec<String>,
        /// The fewest answers that make a person's sum.
        min_answered: Option<usize>,
        /// The side that counts as positive.
        cut: Option<Cut>,
    },
    /// How answers spread over options or bands; nothing is positive.
    Bands {
        /// The item.
        item: String,
    },
    /// The sum of one count over the sum of another.
    Ratio {
        /// What is counted.
        numerator: String,
        /// Out of what.
        denominator: String,
    },
}

/// Which sums are positive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    /// This sum or more.
    AtLeast(i64),
    /// This sum or less.
    AtMost(i64),
}

impl Cut {
    /// Whether a sum of `scaled / scale` is on the positive side.
    pub fn holds(self, scaled: i64, scale: i64) -> bool {
        match self {
            Self::AtLeast(limit) => scaled >= limit.saturating_mul(scale),
            Self::AtMost(limit) => scaled <= limit.saturating_mul(scale),
        }
    }
}

impl Rule {
    /// The name of each rule.
    pub const CODES: &'static str = "share, mean, sum, bands, ratio";

    /// Its name in files and rows.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Share { .. } => "share",
            Self::Mean { .. } => "mean",
            Self::Sum { .. } => "sum",
            Self::Bands { .. } => "bands",
            Self::Ratio { .. } => "ratio",
        }
    }

    /// The items it is made from, in order.
    pub fn items(&self) -> Vec<&str> {
        match self {
            Self::Share { item, .. } | Self::Bands { item } => vec![item],
            Self::Mean { items, .. } | Self::Sum { items, .. } => items.iter().map(String::as_str).collect(),
            Self::Ratio { numerator, denominator } => vec![numerator, denominator],
        }
    }

    /// Whether its rows carry a percentage of people.
    pub fn is_share(&self) -> bool {
        matches!(self, Self::Share { .. } | Self::Sum { cut: Some(_), .. })
    }
}

impl IndicatorEntry {
    /// Reads an entry.
    pub fn read(field: Field<'_>) -> Option<Self> {
        let entry = field.object()?;
        let indicator = entry.required("indicator").and_then(|f| f.words().map(str::to_owned));
        let code = entry.required("rule").and_then(|f| f.string().map(|t| (f, t)));
        let rule = code.and_then(|(f, code)| {
            let known = matches!(code, "share" | "mean" | "sum" | "bands" | "ratio");
            if !known {
                f.fault("unknown-code", format!("The rule must be one of: {}.", Rule::CODES));
            }
            known.then(|| read_rule(code, &entry)).flatten()
        });
        if rule.is_none() {
            // Without a known rule nobody can say which of these are wrong.
            for key in ["item", "items", "positive", "base", "base_missing", "reverse", "min_answered", "cut"]
            {
                entry.optional(key);
            }
        }
        let entry_read = Self {
            indicator: indicator.unwrap_or_default(),
            rule: rule.unwrap_or(Rule::Bands { item: String::new() }),
            include_proxy: entry.optional("proxy").and_then(|f| {
                f.one_of(
                    |t| match t {
                        "include" => Some(true),
                        "exclude" => Some(false),
                        _ => None,
                    },
                    "include, exclude",
                )
            }) == Some(true),
            change: entry.optional("change").and_then(|f| f.boolean()).unwrap_or(false),
            named_series: entry.optional("series").and_then(|f| read_series(f)),
            series: String::new(),
        };
        entry.close(true);
        Some(entry_read)
    }
}

fn read_series(field: Field<'_>) -> Option<String> {
    let text = field.string()?;
    let sound = text
        .split_once('/')
        .is_some_and(|(id, major)| crate::domain::reader::is_kebab(id, 60) && major.parse::<u16>().is_ok());
    if !sound {
        field.fault("bad-series", "A series looks like connections/1.");
    }
    sound.then(|| text.to_owned())
}

fn read_rule(code: &str, entry: &Object<'_>) -> Option<Rule> {
    let several = matches!(code, "mean" | "sum" | "ratio");
    if several {
        entry.refused("item", "This rule takes “items”, a list.");
    } else {
        entry.refused("items", "This rule takes “item”, one id.");
    }
    if code != "share" {
        for key in ["positive", "base", "base_missing"] {
            entry.refused(key, "Only the share rule has this.");
        }
    }
    if !matches!(code, "mean" | "sum") {
        for key in ["reverse", "min_answered"] {
            entry.refused(key, "Only the rules mean and sum have this.");
        }
    }
    if code != "sum" {
        entry.refused("cut", "Only the sum rule has a cut.");
    }
    let item = || entry.required("item").and_then(|f| f.words().map(str::to_owned)).unwrap_or_default();
    let items = || entry.required("items").and_then(|f| f.string_list(1)).unwrap_or_default();
    let reverse = || entry.optional("reverse").and_then(|f| f.string_list(0)).unwrap_or_default();
    let min_answered = || {
        entry.optional("min_answered").and_then(|f| match f.integer()? {
            n @ 1..=100 => usize::try_from(n).ok(),
            _ => {
                f.fault("out-of-range", "“min_answered” is at least 1 and at most the number of items.");
                None
            }
        })
    };
    Some(match code {
        "share" => Rule::Share {
            item: item(),
            positive: entry.required("positive").and_then(|f| f.string_list(1)).unwrap_or_default(),
            base: entry.required("base").and_then(|f| f.string_list(1)).unwrap_or_default(),
            base_missing: entry.optional("base_missing").map(read_missing).unwrap_or_default(),
        },
        "mean" => Rule::Mean { items: items(), reverse: reverse(), min_answered: min_answered() },
        "sum" => Rule::Sum {
            items: items(),
            reverse: reverse(),
            min_answered: min_answered(),
            cut: entry.optional("cut").and_then(read_cut),
        },
        "bands" => Rule::Bands { item: item() },
        _ => {
            let mut two = items().into_iter();
            match (two.next(), two.next(), two.next()) {
                (Some(numerator), Some(denominator), None) => Rule::Ratio { numerator, denominator },
                _ => {
                    entry.fault("ratio-items", "A ratio has exactly two items: numerator, denominator.");
                    return None;
                }
            }
        }
    })
}

fn read_missing(field: Field<'_>) -> Vec<Missing> {
    let mut reasons = Vec::new();
    if let Some(list) = field.list(0) {
        list.each(|f| {
            reasons.extend(
                f.one_of(Missing::parse, "skipped, dont-know, prefer-not-to-say, not-applicable, unreadable"),
            )
        });
    }
    if reasons.contains(&Missing::NotAsked) {
        field.fault("not-asked-in-base", "An item that was not asked cannot be in the base.");
    }
    reasons
}

fn read_cut(field: Field<'_>) -> Option<Cut> {
    let cut = field.object()?;
    let found = match (cut.optional("at_least"), cut.optional("at_most")) {
        (Some(limit), None) => limit.integer().map(Cut::AtLeast),
        (None, Some(limit)) => limit.integer().map(Cut::AtMost),
        _ => {
            cut.fault("bad-cut", "A cut has either “at_least” or “at_most”.");
            None
        }
    };
    cut.close(true);
    found
}
