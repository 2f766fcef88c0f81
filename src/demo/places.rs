//! The demo's schemes: about 150 of Shared Lives across real councils, some of Homeshare, and a few of each other model.

use chrono::NaiveDate;
use serde_json::{Value, json};

use super::chance::Chance;
use crate::domain::area::{Area, Areas, Level};

/// A scheme of the demo.
pub(super) struct Place {
    pub(super) id: String,
    pub(super) model: &'static str,
    /// What is sent to add it.
    pub(super) body: Value,
    /// Councils in force at the end; a recoded council's earlier code goes with it.
    pub(super) councils: Vec<Council>,
    /// People at a time.
    pub(super) size: usize,
    /// The ids of its units; empty where the model has none.
    pub(super) units: Vec<String>,
}

impl Place {
    /// The first day of the unit at `index`: the last of several is younger.
    pub(super) fn unit_begins(&self, index: usize) -> NaiveDate {
        let younger = index > 0 && index + 1 == self.units.len();
        if younger { super::day(YOUNGER_UNITS) } else { self.begins() }
    }

    /// The first day on which it works in all its councils.
    pub(super) fn begins(&self) -> NaiveDate {
        self.councils.iter().map(|c| c.begins).max().unwrap_or_default()
    }

    /// The unit of the one with this number among its people, who begins on `start`; none where there are no units.
    pub(super) fn unit_of(&self, number: usize, start: NaiveDate) -> Option<&str> {
        let index = number % self.units.len().max(1);
        let index = if start < self.unit_begins(index) { 0 } else { index };
        self.units.get(index).map(String::as_str)
    }
}

/// A council and the code it had before.
#[derive(Clone)]
pub(super) struct Council {
    pub(super) code: String,
    /// (earlier code, its last day).
    pub(super) before: Option<(String, NaiveDate)>,
    /// The first day of the scheme's work there.
    pub(super) begins: NaiveDate,
}

impl Council {
    /// Its code on `date`.
    pub(super) fn on(&self, date: NaiveDate) -> &str {
        match &self.before {
            Some((earlier, last)) if date <= *last => earlier,
            _ => &self.code,
        }
    }
}

const SHARED_LIVES: usize = 150;
const HOMESHARE: usize = 14;
/// How many schemes each other model has: one in each of the places that are looked for first, and one that works for three councils.
const OTHERS: usize = 7;
const BEGINS: (i32, u32, u32) = (2020, 4, 1);
/// The first day of each scheme's youngest unit.
const YOUNGER_UNITS: (i32, u32, u32) = (2024, 10, 1);

/// The demo's schemes, always the same.
pub(super) fn schemes(areas: &Areas) -> Vec<Place> {
    let mut chance = Chance::new(150);
    let mut current: Vec<&Area> =
        areas.all().filter(|a| a.level == Level::LocalAuthority && a.valid_to.is_none()).collect();
    // A fixed shuffle, then places that later tests and pages look for first.
    for index in (1..current.len()).rev() {
        let other = usize::try_from(chance.between(0, i64::try_from(index).unwrap_or(0))).unwrap_or(0);
        current.swap(index, other);
    }
    let first = ["E08000035", "E08000038", "E06000063", "W06000015", "S12000036", "NIHSCT-belfast"];
    current.sort_by_key(|a| first.iter().position(|c| *c == a.code).unwrap_or(first.len()));
    let mut places = Vec::new();
    for index in 0..SHARED_LIVES {
        let own = neighbours(&current, index);
        let size = size(index, SHARED_LIVES);
        places.push(place(
            &Kind { model: "shared-lives", title: "Shared Lives", units: &[] },
            &own,
            areas,
            size,
        ));
    }
    for index in 0..HOMESHARE {
        let own = vec![current[(index * 11) % current.len()]];
        places.push(place(
            &Kind { model: "homeshare", title: "Homeshare", units: &[] },
            &own,
            areas,
            4 + index,
        ));
    }
    for (kind, size) in OTHER_KINDS {
        for index in 0..OTHERS {
            places.push(place(kind, &neighbours(&current, index), areas, size + index % 3));
        }
    }
    places
}

/// What the schemes of a model are called, and their units.
struct Kind {
    model: &'static str,
    title: &'static str,
    /// (id, name); the last one is younger than the others.
    units: &'static [(&'static str, &'static str)],
}

/// The models of which there are a few schemes, and about how many people each has at a time.
const OTHER_KINDS: &[(Kind, usize)] = &[
    (
        Kind {
            model: "community-enterprise",
            title: "Community Enterprises",
            units: &[
                ("garden", "Example Garden Days"),
                ("kitchen", "Example Kitchen"),
                ("home-help", "Example Home Help"),
                ("outings", "Example Outings"),
            ],
        },
        30,
    ),
    (
        Kind {
            model: "local-area-coordination",
            title: "Local Area Coordination",
            units: &[("north", "North patch"), ("harbour", "Harbour patch"), ("hill", "Hill patch")],
        },
        24,
    ),
    (Kind { model: "community-circles", title: "Community Circles", units: &[] }, 14),
    (
        Kind {
            model: "wellbeing-teams",
            title: "Wellbeing Teams",
            units: &[("oak", "Team Oak"), ("rowan", "Team Rowan")],
        },
        22,
    ),
    (Kind { model: "community-led-support", title: "Community Led Support", units: &[] }, 60),
    (Kind { model: "small-supports", title: "Small Supports", units: &[] }, 12),
];

/// The councils of the scheme at `index`: some schemes work for two or three of one region.
fn neighbours<'a>(current: &[&'a Area], index: usize) -> Vec<&'a Area> {
    let several = if index > 5 && index % 25 == 6 {
        3
    } else if index % 12 == 7 {
        2
    } else {
        1
    };
    let first = current[index % current.len()];
    let others = current[index + 1..].iter().filter(|a| a.parent == first.parent).take(several - 1);
    std::iter::once(first).chain(others.copied()).collect()
}

/// Sizes whose median is 38 and whose lower quarter is under 12, in an order that does not follow the map.
fn size(index: usize, of: usize) -> usize {
    let rank = (index * 59 + 130) % of;
    let share = (rank as f64 + 0.5) / of as f64;
    let points = [(0.0, 4.0), (0.26, 12.0), (0.5, 38.0), (0.75, 82.0), (0.95, 185.0), (1.0, 300.0)];
    let between = points.windows(2).find(|w| share <= w[1].0).unwrap_or(&points[4..6]);
    let ((a, low), (b, high)) = (between[0], between[1]);
    let size = low + (high - low) * (share - a) / (b - a);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 4 and 300")]
    let whole = size.round() as usize;
    whole
}

fn place(kind: &Kind, own: &[&Area], areas: &Areas, size: usize) -> Place {
    let Kind { model, title, units } = *kind;
    let councils: Vec<Council> = own
        .iter()
        .map(|area| {
            let in_calendar = |to: NaiveDate| to >= super::day(super::FIRST_DAY);
            let earlier = areas
                .all()
                .find(|old| old.successors == [area.code.clone()] && old.valid_to.is_some_and(in_calendar));
            let before = earlier.and_then(|old| Some((old.code.clone(), old.valid_to?)));
            let recorded = super::day(BEGINS);
            let begins = if before.is_some() {
                recorded
            } else {
                area.valid_from.map_or(recorded, |d| d.max(recorded))
            };
            Council { code: area.code.clone(), before, begins }
        })
        .collect();
    let name = plain_name(&own[0].name);
    let id = format!("{}-{model}", slug(&name));
    let mut dated = Vec::new();
    for council in &councils {
        match &council.before {
            Some((earlier, last)) => {
                dated.push(json!({"code": earlier, "from": council.begins, "to": last}));
                dated.push(json!({"code": council.code, "from": last.succ_opt(), "to": null}));
            }
            None => dated.push(json!({"code": council.code, "from": council.begins, "to": null})),
        }
    }
    let body = json!({"id": id, "name": format!("Example {title} {name}"), "model": model, "areas": dated, "cqc_location_id": null});
    let ids = units.iter().map(|(id, _)| (*id).to_owned()).collect();
    let mut place = Place { id, model, body, councils, size, units: ids };
    let unit = |(index, (id, name)): (usize, &(&str, &str))| json!({"id": id, "name": name, "from": place.unit_begins(index), "to": null});
    let units: Vec<Value> = units.iter().enumerate().map(unit).collect();
    place.body["units"] = units.into();
    place
}

/// “Bristol, City of” is “Bristol”.
fn plain_name(name: &str) -> String {
    name.split(',').next().unwrap_or(name).trim().to_owned()
}

fn slug(name: &str) -> String {
    let mut slug = String::new();
    for c in name.chars() {
        match c {
            'a'..='z' | '0'..='9' => slug.push(c),
            'A'..='Z' => slug.push(c.to_ascii_lowercase()),
            '\'' | '.' => {}
            'ô' => slug.push('o'),
            _ if slug.ends_with('-') => {}
            _ => slug.push('-'),
        }
    }
    slug.trim_matches('-').to_owned()
}
