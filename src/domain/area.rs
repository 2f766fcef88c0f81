//! Areas: the UK, its nations, England's regions, and the bodies with the social-care duty; by code, dated.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::fault::Fault;
use super::reader::parse_date;

/// The level of an area, or of a place in a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// The United Kingdom.
    Uk,
    /// England, Wales, Scotland, Northern Ireland.
    Nation,
    /// One of England's nine regions.
    Region,
    /// Several areas taken together, as a question names them: the councils of a city region, or of a board. No area has this level.
    Together,
    /// A council with the social-care duty, or a trust in Northern Ireland.
    LocalAuthority,
    /// A scheme.
    Scheme,
    /// A part of a scheme.
    Unit,
}

impl Level {
    /// The names of the levels, for messages.
    pub const CODES: &'static str = "uk, nation, region, together, local_authority, scheme, unit";

    /// The name of the level.
    pub fn code(self) -> &'static str {
        match self {
            Self::Uk => "uk",
            Self::Nation => "nation",
            Self::Region => "region",
            Self::Together => "together",
            Self::LocalAuthority => "local_authority",
            Self::Scheme => "scheme",
            Self::Unit => "unit",
        }
    }

    /// The level with this name.
    pub fn parse(code: &str) -> Option<Self> {
        match code {
            "uk" => Some(Self::Uk),
            "nation" => Some(Self::Nation),
            "region" => Some(Self::Region),
            "together" => Some(Self::Together),
            "local_authority" => Some(Self::LocalAuthority),
            "scheme" => Some(Self::Scheme),
            "unit" => Some(Self::Unit),
            _ => None,
        }
    }
}

/// One area.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Area {
    /// Its nine-character code (a placeholder for the trusts, see `docs/design.md`).
    pub code: String,
    /// Its English name.
    pub name: String,
    /// Its Welsh name, where it has one.
    pub name_cy: Option<String>,
    /// Its level.
    pub level: Level,
    /// What kind of body: `uk`, `nation`, `region`, `local_authority` or `hsc_trust`.
    pub kind: String,
    /// The area it lies in.
    pub parent: Option<String>,
    /// First day in force, where it is known.
    pub valid_from: Option<NaiveDate>,
    /// Last day in force; none = current.
    pub valid_to: Option<NaiveDate>,
    /// What came after it; two or more = split.
    pub successors: Vec<String>,
}

impl Area {
    /// Whether it is in force on `date`.
    pub fn in_force(&self, date: NaiveDate) -> bool {
        self.valid_from.is_none_or(|from| from <= date) && self.valid_to.is_none_or(|to| date <= to)
    }

    /// Whether schemes are commissioned by it.
    pub fn is_council(&self) -> bool {
        self.level == Level::LocalAuthority
    }
}

/// All areas by code.
#[derive(Debug, Clone, Default)]
pub struct Areas(BTreeMap<String, Area>);

impl Areas {
    /// Reads `areas.csv`. Pointers of faults are `/line/column`.
    pub fn parse(bytes: &[u8]) -> Result<Self, Vec<Fault>> {
        let mut faults = Vec::new();
        let mut areas: BTreeMap<String, Area> = BTreeMap::new();
        let mut reader = csv::Reader::from_reader(bytes);
        let headings: Vec<String> =
            reader.headers().map(|h| h.iter().map(str::to_owned).collect()).unwrap_or_default();
        if headings != ["code", "name", "name_cy", "level", "parent", "valid_from", "valid_to", "successor"] {
            return Err(vec![Fault {
                pointer: "/1".into(),
                code: "headings",
                detail: "The headings are code,name,name_cy,level,parent,valid_from,valid_to,successor."
                    .into(),
            }]);
        }
        for (index, record) in reader.records().enumerate() {
            let line = index + 2;
            let mut fault = |column: &str, code, detail: String| {
                faults.push(Fault { pointer: format!("/{line}/{column}"), code, detail })
            };
            let record = match record {
                Ok(record) => record,
                Err(e) => {
                    fault("", "syntax", format!("Not a CSV row: {e}."));
                    continue;
                }
            };
            let cell = |i: usize| record.get(i).map(str::trim).filter(|t| !t.is_empty());
            let kind = cell(3).unwrap_or_default();
            let level = if kind == "hsc_trust" {
                Some(Level::LocalAuthority)
            } else {
                Level::parse(kind).filter(|l| *l < Level::Scheme && *l != Level::Together)
            };
            let (Some(code), Some(name), Some(level)) = (cell(0), cell(1), level) else {
                fault("code", "required", "A row needs a code, a name and a level.".into());
                continue;
            };
            let mut date = |i: usize, column: &str| {
                let text = cell(i)?;
                let date = parse_date(text);
                if date.is_none() {
                    fault(column, "not-a-date", "A date looks like 2026-07-14.".into());
                }
                date
            };
            let area = Area {
                code: code.to_owned(),
                name: name.to_owned(),
                name_cy: cell(2).map(str::to_owned),
                level,
                kind: kind.to_owned(),
                parent: cell(4).map(str::to_owned),
                valid_from: date(5, "valid_from"),
                valid_to: date(6, "valid_to"),
                successors: cell(7).map(|t| t.split(';').map(str::to_owned).collect()).unwrap_or_default(),
            };
            if areas.insert(area.code.clone(), area).is_some() {
                faults.push(Fault {
                    pointer: format!("/{line}/code"),
                    code: "repeated",
                    detail: "This code stands here twice.".into(),
                });
            }
        }
        for area in areas.values() {
            for code in area.parent.iter().chain(&area.successors).filter(|c| !areas.contains_key(*c)) {
                faults.push(Fault {
                    pointer: format!("/{}", area.code),
                    code: "unknown-area",
                    detail: format!("There is no area {code}."),
                });
            }
            let parents = std::iter::successors(Some(area), |a| a.parent.as_ref().and_then(|p| areas.get(p)));
            if parents.take(areas.len() + 1).count() > areas.len() {
                faults.push(Fault {
                    pointer: format!("/{}", area.code),
                    code: "area-loop",
                    detail: "Going from this area to the one it lies in never ends.".into(),
                });
            }
        }
        if faults.is_empty() { Ok(Self(areas)) } else { Err(faults) }
    }

    /// The area with this code.
    pub fn get(&self, code: &str) -> Option<&Area> {
        self.0.get(code)
    }

    /// Every area, by code.
    pub fn all(&self) -> impl Iterator<Item = &Area> {
        self.0.values()
    }

    /// `code` and everything it lies in, from itself upwards.
    pub fn upwards<'a>(&'a self, code: &str) -> impl Iterator<Item = &'a Area> {
        std::iter::successors(self.get(code), |area| area.parent.as_ref().and_then(|p| self.get(p)))
    }

    /// The area at `level` that `code` is or lies in.
    pub fn at_level(&self, code: &str, level: Level) -> Option<&Area> {
        self.upwards(code).find(|a| a.level == level)
    }

    /// The area that `code` has become by `date`: it is followed where it ended and one area came after it. After a split nobody can say which
    /// part something belongs to, so there it stays what it was.
    pub fn become_by(&self, code: &str, date: NaiveDate) -> Option<&Area> {
        let mut area = self.get(code)?;
        // No chain of successors is longer than there are areas.
        for _ in 0..self.0.len() {
            let [next] = area.successors.as_slice() else { break };
            let ended = area.valid_to.is_some_and(|to| to < date);
            let Some(next) = self.get(next).filter(|_| ended) else { break };
            area = next;
        }
        Some(area)
    }

    /// Whether both are the same area, as far as one has become the other: Barnsley of 2024 and of 2026.
    pub fn are_one(&self, code: &str, other: &str) -> bool {
        let last = |code| self.become_by(code, NaiveDate::MAX).map(|area| &area.code);
        code == other || (last(code).is_some() && last(code) == last(other))
    }

    /// Whether `code` is `outer` or lies in it.
    pub fn lies_within(&self, code: &str, outer: &str) -> bool {
        self.upwards(code).any(|a| a.code == outer)
    }
}
