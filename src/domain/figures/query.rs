//! What is asked for: which places, periods, indicators and groups.

use chrono::NaiveDate;

use super::row::Place;
use crate::domain::area::{Area, Areas, Level};
use crate::domain::definition::{Model, Registry};
use crate::domain::fault::Fault;
use crate::domain::period::Period;
use crate::domain::reader::short;

/// What is asked for: each takes its own parameters besides those of all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asks {
    /// Key Human Indicators: `indicator`, `by`.
    Khi,
    /// KPIs: `kpi`.
    Kpi,
    /// Both side by side: `indicator`, `kpi`.
    Outcomes,
}

impl Asks {
    fn takes(self, name: &str) -> bool {
        match name {
            "indicator" => self != Self::Kpi,
            "kpi" => self != Self::Khi,
            "by" => self == Self::Khi,
            "period" | "level" | "within" | "area" | "scheme" | "model" | "boundaries" => true,
            _ => false,
        }
    }
}

/// How many areas can be taken together.
pub const MOST_TOGETHER: usize = 50;

/// A question for figures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FigureQuery {
    /// The periods, of one kind.
    pub periods: Vec<Period>,
    /// The level of the places.
    pub level: Level,
    /// Only places within this area (itself included).
    pub within: Option<String>,
    /// The areas taken together at [`Level::Together`], by code.
    pub areas: Vec<String>,
    /// Only this scheme.
    pub scheme: Option<String>,
    /// Only these indicators; empty = all.
    pub indicators: Vec<String>,
    /// Only these KPIs; empty = all.
    pub kpis: Vec<String>,
    /// Only this model.
    pub model: Option<Model>,
    /// By the groups of this breakdown.
    pub by: Option<String>,
    /// On the boundaries of this day, instead of those of each period.
    pub boundaries: Option<NaiveDate>,
}

impl FigureQuery {
    /// Everything there is at one level, in periods of one kind.
    pub fn of(periods: Vec<Period>, level: Level) -> Self {
        Self {
            periods,
            level,
            within: None,
            areas: Vec::new(),
            scheme: None,
            indicators: Vec::new(),
            kpis: Vec::new(),
            model: None,
            by: None,
            boundaries: None,
        }
    }

    /// Reads the parameters of a URL, collecting every fault; pointers name the parameter.
    pub fn parse(
        parameters: &[(String, String)],
        asks: Asks,
        registry: &Registry,
        today: NaiveDate,
    ) -> Result<Self, Vec<Fault>> {
        let mut faults = Vec::new();
        let mut fault = |name: &str, code: &'static str, detail: String| {
            faults.push(Fault { pointer: format!("/{name}"), code, detail })
        };
        let (mut periods, mut level) = (None, None);
        let (mut within, mut scheme, mut indicators, mut model, mut by) =
            (None, None, Vec::new(), None, None);
        let (mut kpis, mut boundaries, mut areas) = (Vec::new(), None, Vec::new());
        for (name, value) in parameters {
            match name.as_str() {
                name if !asks.takes(name) => {
                    fault(name, "unknown-parameter", format!("“{}” is not a parameter here.", short(name)));
                }
                "period" if periods.is_none() => {
                    periods = Period::parse_range(value);
                    if periods.is_none() {
                        fault(name, "bad-period", "A period is 2026-Q3, 2026-27, 12m-2026-Q3 or 3y-2026-27, or a range of one kind such as 2025-Q1..2026-Q3 (at most 120).".into());
                        periods = Some(Vec::new());
                    }
                }
                "level" if level.is_none() => {
                    level = Level::parse(value);
                    if level.is_none() {
                        fault(name, "unknown-code", format!("The level is one of: {}.", Level::CODES));
                        level = Some(Level::Uk);
                    }
                }
                "within" if within.is_none() => {
                    if registry.areas.get(value).is_none() {
                        fault(name, "unknown-area", format!("There is no area “{}”.", short(value)));
                    }
                    within = Some(value.clone());
                }
                "area" => {
                    if registry.areas.get(value).is_none() {
                        fault(name, "unknown-area", format!("There is no area “{}”.", short(value)));
                    } else if areas.contains(value) {
                        fault(name, "repeated", format!("“{}” stands here twice.", short(value)));
                    }
                    areas.push(value.clone());
                }
                "scheme" if scheme.is_none() => scheme = Some(value.clone()),
                "indicator" => {
                    if registry.indicator(value).is_none() {
                        fault(
                            name,
                            "unknown-indicator",
                            format!("There is no indicator “{}”.", short(value)),
                        );
                    }
                    indicators.push(value.clone());
                }
                "kpi" => {
                    if registry.kpi(value).is_none() {
                        fault(name, "unknown-kpi", format!("There is no KPI “{}”.", short(value)));
                    }
                    kpis.push(value.clone());
                }
                "boundaries" if boundaries.is_none() => {
                    boundaries = match value.as_str() {
                        "period" => Some(None),
                        "today" => Some(Some(today)),
                        _ => {
                            fault(name, "unknown-code", "The boundaries are one of: period, today.".into());
                            Some(None)
                        }
                    };
                }
                "model" if model.is_none() => {
                    model = Model::parse(value);
                    if model.is_none() {
                        fault(name, "unknown-code", format!("The model is one of: {}.", Model::CODES));
                    }
                }
                "by" if by.is_none() => {
                    if registry.breakdown(value).is_none() {
                        let ids: Vec<&str> = registry.breakdowns.iter().map(|b| b.id.as_str()).collect();
                        fault(name, "unknown-breakdown", format!("The breakdowns are: {}.", ids.join(", ")));
                    }
                    by = Some(value.clone());
                }
                _ => fault(name, "repeated", "This parameter can stand once.".into()),
            }
        }
        if periods.is_none() {
            fault("period", "required", "“period” is missing.".into());
        }
        if level.is_none() {
            fault("level", "required", "“level” is missing.".into());
        }
        if let (Some(by), Some(first)) = (&by, periods.as_ref().and_then(|p| p.first()))
            && let Some(breakdown) = registry.breakdown(by)
            && !breakdown.periods.contains(&first.kind())
        {
            let kinds: Vec<&str> = breakdown.periods.iter().map(|k| k.code()).collect();
            fault(
                "by",
                "not-kept",
                format!("Groups of “{by}” are counted for these kinds of period: {}.", kinds.join(", ")),
            );
        }
        if level == Some(Level::Together) && !(2..=MOST_TOGETHER).contains(&areas.len()) {
            let detail = format!("Name two to {MOST_TOGETHER} areas that are taken together: area=…&area=….");
            fault("area", "required", detail);
        } else if level.is_some_and(|level| level != Level::Together) && !areas.is_empty() {
            fault("area", "not-kept", "Areas are taken together at the level “together”.".into());
        }
        areas.sort_unstable();
        if by.is_some() && level == Some(Level::Unit) {
            fault("by", "not-kept", "Units are not broken down further.".into());
        }
        match (periods, level) {
            (Some(periods), Some(level)) if faults.is_empty() => {
                let boundaries = boundaries.flatten();
                Ok(Self { periods, level, within, areas, scheme, indicators, kpis, model, by, boundaries })
            }
            _ => Err(faults),
        }
    }

    /// How the groups asked for begin in a tally key: empty for everybody.
    pub fn group_prefix(&self) -> String {
        match (&self.by, self.level) {
            (Some(by), _) => format!("{by}="),
            (None, Level::Unit) => "unit=".into(),
            (None, _) => String::new(),
        }
    }

    /// The day whose areas the figures of `period` are of: its last one, or that of the boundaries asked for.
    pub fn areas_on(&self, period: Period) -> NaiveDate {
        self.boundaries.unwrap_or_else(|| period.last_day())
    }

    /// The place at which what belongs to `council` counts, at a level of areas.
    pub fn place_of(&self, council: &Area, areas: &Areas) -> Option<Place> {
        if self.level != Level::Together {
            let area = areas.at_level(&council.code, self.level)?;
            return Some(Place { level: self.level, code: area.code.clone(), name: area.name.clone() });
        }
        let is_one =
            |code: &String| areas.lies_within(&council.code, code) || areas.are_one(&council.code, code);
        let names = || self.areas.iter().filter_map(|code| areas.get(code)).map(|area| area.name.as_str());
        self.areas.iter().any(is_one).then(|| Place {
            level: Level::Together,
            code: self.areas.join("+"),
            name: listed(names().collect()),
        })
    }

    /// Whether `indicator` is asked for.
    pub fn wants(&self, indicator: &str) -> bool {
        self.indicators.is_empty() || self.indicators.iter().any(|i| i == indicator)
    }

    /// Whether the KPI `kpi` is asked for.
    pub fn wants_kpi(&self, kpi: &str) -> bool {
        self.kpis.is_empty() || self.kpis.iter().any(|k| k == kpi)
    }
}

/// Names in a row: “Bolton, Bury and Wigan”.
fn listed(mut names: Vec<&str>) -> String {
    names.sort_unstable();
    match names.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        Some((only, _)) => (*only).to_owned(),
        None => String::new(),
    }
}
