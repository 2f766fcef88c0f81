//! Which cells of a release are asked for.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Deserialize;

use crate::domain::area::Level;
use crate::domain::definition::{Model, Registry};
use crate::domain::fault::Fault;
use crate::domain::reader::short;

/// What a cell is of: the part of its JSON that questions look at.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct CellOf<'a> {
    /// The indicator.
    #[serde(borrow)]
    pub indicator: Cow<'a, str>,
    /// The model.
    #[serde(borrow)]
    pub model: Cow<'a, str>,
    /// The place.
    #[serde(borrow)]
    pub place: CellPlace<'a>,
    /// `{breakdown: value}`; none for everybody.
    #[serde(borrow)]
    pub group: Option<BTreeMap<Cow<'a, str>, Cow<'a, str>>>,
}

/// The place of a cell.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct CellPlace<'a> {
    /// Its level.
    #[serde(borrow)]
    pub level: Cow<'a, str>,
    /// Its code.
    #[serde(borrow)]
    pub code: Cow<'a, str>,
}

/// The group that is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Group {
    Everybody,
    /// A breakdown, and one of its values or all.
    Of(String, Option<String>),
}

/// A question for cells of a release. Every part may be missing: then all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CellQuery {
    /// The level of the places.
    pub level: Option<Level>,
    /// The model.
    pub model: Option<Model>,
    indicator: Option<String>,
    place: Option<String>,
    group: Option<Group>,
}

impl CellQuery {
    /// The levels whose places are in releases.
    pub const LEVELS: [Level; 5] =
        [Level::Uk, Level::Nation, Level::Region, Level::LocalAuthority, Level::Scheme];

    /// Reads the parameters of a URL, collecting every fault; pointers name the parameter.
    pub fn parse(parameters: &[(String, String)], registry: &Registry) -> Result<Self, Vec<Fault>> {
        let mut query = Self::default();
        let mut faults = Vec::new();
        let mut seen = Vec::new();
        for (name, value) in parameters {
            let mut fault = |code: &'static str, detail: String| {
                faults.push(Fault { pointer: format!("/{}", short(name)), code, detail });
            };
            if seen.contains(&name) {
                fault("repeated", "This parameter can stand once.".into());
                continue;
            }
            seen.push(name);
            match name.as_str() {
                "level" => {
                    query.level = Level::parse(value).filter(|level| Self::LEVELS.contains(level));
                    if query.level.is_none() {
                        let codes = Self::LEVELS.map(Level::code).join(", ");
                        fault("unknown-code", format!("The level is one of: {codes}."));
                    }
                }
                "model" => {
                    query.model = Model::parse(value);
                    if query.model.is_none() {
                        fault("unknown-code", format!("The model is one of: {}.", Model::CODES));
                    }
                }
                "indicator" => {
                    if registry.indicator(value).is_none() {
                        fault("unknown-indicator", format!("There is no indicator “{}”.", short(value)));
                    }
                    query.indicator = Some(value.clone());
                }
                // Whether a scheme takes part is said by the release and by nothing else.
                "place" => query.place = Some(value.clone()),
                "group" => match group(value, registry) {
                    Ok(group) => query.group = Some(group),
                    Err((code, detail)) => fault(code, detail),
                },
                _ => fault(
                    "unknown-parameter",
                    "The parameters are level, model, indicator, place, group, limit and cursor.".into(),
                ),
            }
        }
        if faults.is_empty() { Ok(query) } else { Err(faults) }
    }

    /// Whether a cell is asked for.
    pub fn wants(&self, cell: &CellOf<'_>) -> bool {
        self.level.is_none_or(|level| cell.place.level == level.code())
            && self.model.is_none_or(|model| cell.model == model.code())
            && self.indicator.as_ref().is_none_or(|indicator| cell.indicator == indicator.as_str())
            && self.place.as_ref().is_none_or(|place| cell.place.code == place.as_str())
            && self.group.as_ref().is_none_or(|group| group.wants(cell.group.as_ref()))
    }
}

impl Group {
    fn wants(&self, group: Option<&BTreeMap<Cow<'_, str>, Cow<'_, str>>>) -> bool {
        match (self, group) {
            (Self::Everybody, group) => group.is_none(),
            (Self::Of(_, _), None) => false,
            (Self::Of(by, value), Some(group)) => group
                .get(by.as_str())
                .is_some_and(|found| value.as_ref().is_none_or(|value| found == value.as_str())),
        }
    }
}

/// `everybody`, a breakdown, or a breakdown and a value: `arrangement:live-in`.
fn group(text: &str, registry: &Registry) -> Result<Group, (&'static str, String)> {
    if text == "everybody" {
        return Ok(Group::Everybody);
    }
    let (by, value) = text.split_once(':').map_or((text, None), |(by, value)| (by, Some(value)));
    let Some(breakdown) = registry.breakdown(by) else {
        let ids: Vec<&str> = registry.breakdowns.iter().map(|b| b.id.as_str()).collect();
        let detail = format!(
            "A group is “everybody”, a breakdown ({}), or one of its values: arrangement:live-in.",
            ids.join(", ")
        );
        return Err(("unknown-breakdown", detail));
    };
    if let Some(value) = value
        && !breakdown.values.iter().any(|v| v == value)
    {
        let codes: Vec<&str> = breakdown.values.iter().map(String::as_str).collect();
        return Err(("unknown-code", format!("The values of “{by}” are: {}.", codes.join(", "))));
    }
    Ok(Group::Of(by.to_owned(), value.map(str::to_owned)))
}
