//! The catalogue of Key Performance Indicators: what schemes, units, areas and the national body send in, and what is worked out from it.

use super::catalogue::{Direction, read_list, read_models};
use super::questionnaire::Model;
use super::reference::ReferenceValue;
use super::texts::Title;
use crate::domain::fault::{At, Faults};
use crate::domain::question::kebab;
use crate::domain::reader::{Field, Object};

/// One Key Performance Indicator.
#[derive(Debug, Clone)]
pub struct Kpi {
    /// Its id.
    pub id: String,
    /// Its name.
    pub title: Title,
    /// What to count and what not, for whoever fills in the form.
    pub help: Title,
    /// Models it is for; empty = an area's own figure, whatever the model.
    pub models: Vec<Model>,
    /// How its value comes about.
    pub kind: Kind,
    /// What the value is counted in: the id of a [`Unit`].
    pub unit: String,
    /// Which way is better.
    pub direction: Direction,
    /// What is counted.
    pub numerator: Title,
    /// What it is counted out of, or divided by.
    pub denominator: Option<Title>,
    /// How often it is returned.
    pub period: Rhythm,
    /// Who sends it in; of what is worked out: who sends what it is made from.
    pub by: Sender,
    /// Codes of the nations to which it applies; empty = all.
    pub nations: Vec<String>,
    /// The year of the prices, where it is fixed.
    pub price_year: Option<String>,
    /// Where its definition is from.
    pub source: String,
    /// Published figures, shown beside live ones and never as them.
    pub reference_values: Vec<ReferenceValue>,
}

/// How a KPI's value comes about.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    /// It is sent in as one count, or as numerator and denominator.
    Sent(Sent),
    /// The change, in percent, from one year to the next of another KPI.
    Growth {
        /// That KPI.
        of: String,
    },
    /// Worked out from other KPIs, in the order that the method needs.
    Derived {
        /// How.
        method: Method,
        /// From these.
        of: Vec<String>,
    },
}

/// What is sent in.
#[derive(Debug, Clone, PartialEq)]
pub struct Sent {
    /// What the numbers are to each other.
    pub shape: Shape,
    /// What the quotient is multiplied by: 100 for percent, 365 for a year where the denominator is in days.
    pub per: i64,
    /// Whether quarters add up.
    pub over_time: OverTime,
    /// Plausible values, at least and at most.
    pub range: (f64, f64),
    /// How many times larger or smaller than last time before the form asks.
    pub jump: f64,
}

/// What the numbers of a return are to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// The numerator is a part of the denominator; shown as percent.
    Share,
    /// Numerator over denominator.
    Rate,
    /// A total over how many it is of.
    Mean,
    /// One number.
    Count,
    /// Pounds; with a denominator, for each of what it counts.
    Money,
}

/// Whether the figures of quarters add up to that of the year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OverTime {
    /// It happened in the period: they do.
    Flow,
    /// It is so on the last day: the year takes its last quarter.
    Stock,
}

/// How often figures are returned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rhythm {
    /// For each calendar quarter.
    Quarter,
    /// For each financial year.
    Year,
}

/// Who sends figures in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sender {
    /// A scheme.
    Scheme,
    /// A unit of a scheme.
    Unit,
    /// A council or trust.
    Area,
    /// The national body.
    National,
}

/// How a derived KPI is worked out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// The first less the second, of the same place and year.
    Saving,
    /// People there would be if all areas had the best area's rate.
    Reach,
    /// What those people would save.
    ReachSaving,
    /// Not worked out here: reference values only.
    Published,
}

/// What figures are counted in.
#[derive(Debug, Clone)]
pub struct Unit {
    /// Its id.
    pub id: String,
    /// The words after a number.
    pub title: Title,
}

impl Kpi {
    /// Reads `kpis.json`: its units, and its entries.
    pub(super) fn read_file(root: Field<'_>) -> (Vec<Unit>, Vec<Self>) {
        let mut units = Vec::new();
        let kpis = read_list(
            root,
            "kpis",
            Self::read,
            |k| &k.id,
            |file| {
                if let Some(list) = file.optional("units").and_then(|f| f.list(0)) {
                    list.each(|field| units.extend(Unit::read(field)));
                }
            },
        );
        (units, kpis)
    }

    /// What it asks for, if it is sent in.
    pub fn sent(&self) -> Option<&Sent> {
        match &self.kind {
            Kind::Sent(sent) => Some(sent),
            Kind::Growth { .. } | Kind::Derived { .. } => None,
        }
    }

    /// What it is worked out from.
    pub fn made_from(&self) -> &[String] {
        match &self.kind {
            Kind::Sent(_) => &[],
            Kind::Growth { of } => std::slice::from_ref(of),
            Kind::Derived { of, .. } => of,
        }
    }

    /// Whether it applies in the nation of this code.
    pub fn applies_in(&self, nation: &str) -> bool {
        self.nations.is_empty() || self.nations.iter().any(|n| n == nation)
    }

    fn read(field: Field<'_>) -> Option<Self> {
        let object = field.object()?;
        let denominator = object.optional("denominator");
        let kind = read_kind(&object, denominator.is_some());
        let kpi = Self {
            id: object.required("id").and_then(|f| kebab(f, 60))?,
            title: object.required("title").map(Title::read).unwrap_or_default(),
            help: object.required("help").map(Title::read).unwrap_or_default(),
            models: object.required("models").map(read_models).unwrap_or_default(),
            kind: kind?,
            unit: object.required("unit").and_then(|f| kebab(f, 60)).unwrap_or_default(),
            direction: object.required("direction").and_then(Direction::read).unwrap_or(Direction::Context),
            numerator: object.required("numerator").map(Title::read).unwrap_or_default(),
            denominator: denominator.map(Title::read),
            period: object
                .required("period")
                .and_then(|f| f.one_of(Rhythm::parse, "quarter, year"))
                .unwrap_or(Rhythm::Year),
            by: object
                .required("by")
                .and_then(|f| f.one_of(Sender::parse, "scheme, unit, area, national"))
                .unwrap_or(Sender::Scheme),
            nations: object.required("nations").and_then(|f| f.string_list(0)).unwrap_or_default(),
            price_year: object.optional("price_year").and_then(super::reference::year_of_prices),
            source: object.required("source").and_then(|f| f.words()).unwrap_or_default().to_owned(),
            reference_values: ReferenceValue::read_list(&object),
        };
        object.close(true);
        Some(kpi)
    }
}

/// What an entry says of others: its unit, and what it is worked out from. Checks those of one file, which begin at `first`.
pub(super) fn check(all: &[Kpi], first: usize, units: &[Unit], faults: &Faults) {
    let list = At::ROOT.key("kpis");
    for (index, kpi) in all[first..].iter().enumerate() {
        let at = list.index(index);
        if !units.iter().any(|unit| unit.id == kpi.unit) {
            faults.add(&at.key("unit"), "unknown-unit", format!("There is no unit “{}”.", kpi.unit));
        }
        for id in kpi.made_from().iter().filter(|id| !all.iter().any(|k| k.id == **id)) {
            faults.add(&at.key("of"), "unknown-kpi", format!("There is no KPI “{id}”."));
        }
    }
}

/// The keys that belong to the kind, and none of another.
fn read_kind(object: &Object<'_>, has_denominator: bool) -> Option<Kind> {
    let field = object.required("kind")?;
    let code = field.string()?;
    let shape = match code {
        "share" => Shape::Share,
        "rate" => Shape::Rate,
        "mean" => Shape::Mean,
        "count" => Shape::Count,
        "money" => Shape::Money,
        "growth" | "derived" => {
            for key in ["over_time", "range", "jump", "per"] {
                object.refused(key, "Only what is sent in has this.");
            }
            return if code == "growth" { read_growth(object) } else { read_derived(object) };
        }
        _ => {
            let detail = "This is not one of: share, rate, mean, count, money, growth, derived.";
            field.fault("unknown-code", detail);
            return None;
        }
    };
    for key in ["of", "method"] {
        object.refused(key, "Only what is worked out has this.");
    }
    match shape {
        Shape::Share | Shape::Rate | Shape::Mean if !has_denominator => {
            field.fault("denominator-missing", format!("A {code} needs a denominator."));
        }
        Shape::Count if has_denominator => {
            field.fault("denominator-not-allowed", "A count has no denominator.");
        }
        _ => {}
    }
    let says_per = object.optional("per");
    let per = says_per.and_then(|f| {
        let per = f.integer().filter(|per| *per >= 1);
        if per.is_none() {
            f.fault("out-of-range", "This must be 1 or more.");
        }
        per
    });
    if shape == Shape::Rate && says_per.is_none() {
        field.fault("required", "A rate says what it is multiplied by (“per”).");
    }
    if matches!(shape, Shape::Share | Shape::Mean | Shape::Count) && per.is_some() {
        field.fault("not-allowed-here", "Only rates and money are multiplied (“per”).");
    }
    let range = object.required("range").and_then(|f| {
        let bounds = f.object()?;
        let least = bounds.required("min").and_then(|f| f.number());
        let most = bounds.required("max").and_then(|f| f.number());
        bounds.close(true);
        let (least, most) = (least?, most?);
        if least > most {
            f.fault("bad-range", "“min” is above “max”.");
        }
        Some((least, most))
    });
    let jump = object.required("jump").and_then(|f| {
        let jump = f.number()?;
        if jump <= 1.0 {
            f.fault("out-of-range", "This must be above 1.");
        }
        Some(jump)
    });
    let over_time = object.required("over_time").and_then(|f| f.one_of(OverTime::parse, "flow, stock"));
    let per = if shape == Shape::Share { 100 } else { per.unwrap_or(1) };
    Some(Kind::Sent(Sent { shape, per, over_time: over_time?, range: range?, jump: jump? }))
}

fn read_growth(object: &Object<'_>) -> Option<Kind> {
    object.refused("method", "Only a derived KPI has a method.");
    Some(Kind::Growth { of: object.required("of").and_then(|f| kebab(f, 60))? })
}

fn read_derived(object: &Object<'_>) -> Option<Kind> {
    let method = object
        .required("method")
        .and_then(|f| f.one_of(Method::parse, "saving, reach, reach-saving, published"))?;
    if method == Method::Published {
        object.refused("of", "Nothing is worked out for published figures.");
        return Some(Kind::Derived { method, of: Vec::new() });
    }
    let field = object.required("of")?;
    let of = field.string_list(1)?;
    let needed = match method {
        Method::Saving => of.len() == 2,
        Method::Reach => of.len() == 1,
        Method::ReachSaving | Method::Published => of.len() >= 2,
    };
    if !needed {
        field.fault(
            "wrong-number",
            "A saving needs two entries, reach one, and its saving the rate and then each saving.",
        );
    }
    Some(Kind::Derived { method, of })
}

impl Unit {
    fn read(field: Field<'_>) -> Option<Self> {
        let object = field.object()?;
        let unit = Self {
            id: object.required("id").and_then(|f| kebab(f, 60))?,
            title: object.required("title").map(Title::read).unwrap_or_default(),
        };
        object.close(true);
        Some(unit)
    }
}

impl OverTime {
    fn parse(code: &str) -> Option<Self> {
        match code {
            "flow" => Some(Self::Flow),
            "stock" => Some(Self::Stock),
            _ => None,
        }
    }
}

impl Rhythm {
    fn parse(code: &str) -> Option<Self> {
        match code {
            "quarter" => Some(Self::Quarter),
            "year" => Some(Self::Year),
            _ => None,
        }
    }
}

impl Sender {
    /// Its code in the catalogue.
    pub fn code(self) -> &'static str {
        match self {
            Self::Scheme => "scheme",
            Self::Unit => "unit",
            Self::Area => "area",
            Self::National => "national",
        }
    }

    fn parse(code: &str) -> Option<Self> {
        match code {
            "scheme" => Some(Self::Scheme),
            "unit" => Some(Self::Unit),
            "area" => Some(Self::Area),
            "national" => Some(Self::National),
            _ => None,
        }
    }
}

impl Method {
    fn parse(code: &str) -> Option<Self> {
        match code {
            "saving" => Some(Self::Saving),
            "reach" => Some(Self::Reach),
            "reach-saving" => Some(Self::ReachSaving),
            "published" => Some(Self::Published),
            _ => None,
        }
    }
}
