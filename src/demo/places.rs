//! The demo's schemes: about 150 of Shared Lives across real councils, and some of Homeshare.

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
}

/// A council and the code it had before.
#[derive(Clone)]
pub(super) struct Council {
    pub(super) code: String,
    /// (earlier code, its last day).
    pub(super) before: Option<(String, chrono::NaiveDate)>,
    /// The first day of the scheme's work there.
    pub(super) begins: chrono::NaiveDate,
}

impl Council {
    /// Its code on `date`.
    pub(super) fn on(&self, date: chrono::NaiveDate) -> &str {
        match &self.before {
            Some((earlier, last)) if date <= *last => earlier,
            _ => &self.code,
        }
    }
}

const SHARED_LIVES: usize = 150;
const HOMESHARE: usize = 14;
const BEGINS: (i32, u32, u32) = (2020, 4, 1);

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
        let several = if index > 5 && index % 25 == 6 {
            3
        } else if index % 12 == 7 {
            2
        } else {
            1
        };
        let mut own = vec![current[index % current.len()]];
        // A scheme of several councils takes neighbours: councils of the same region.
        own.extend(
            current[index + 1..]
                .iter()
                .filter(|a| a.parent == own[0].parent)
                .take(several - 1)
                .copied()
                .collect::<Vec<_>>(),
        );
        places.push(place("shared-lives", "Shared Lives", &own, areas, size(index, SHARED_LIVES)));
    }
    for index in 0..HOMESHARE {
        let own = vec![current[(index * 11 + 3) % current.len()]];
        places.push(place("homeshare", "Homeshare", &own, areas, 4 + index));
    }
    places
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

fn place(model: &'static str, title: &str, own: &[&Area], areas: &Areas, size: usize) -> Place {
    let councils: Vec<Council> = own
        .iter()
        .map(|area| {
            let in_calendar = |to: chrono::NaiveDate| to >= super::day(super::FIRST_DAY);
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
    Place { id, model, body, councils, size }
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
