//! Countries with just these people in them, and rows printed that should not be.

use khi::domain::disclosure::Policy;
use khi::domain::disclosure::release::{Draft, Ledger, Material};
use serde_json::{Value, json};

use super::world::{Council, Event, World, year};
use crate::support::registry;

/// A scheme's people: all in one council.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Home {
    pub(crate) council: &'static str,
    pub(crate) region: Option<&'static str>,
    pub(crate) size: usize,
    pub(crate) positive: usize,
}

/// A scheme whose people live in one council, of no region.
pub(crate) fn home(council: &'static str, size: usize, positive: usize) -> Home {
    Home { council, region: None, size, positive }
}

/// A release of `material`, drafted with what was published `earlier` in mind.
pub(crate) fn make(material: Material, earlier: &[Ledger]) -> Draft {
    Draft::make(material, Policy::default(), registry(), earlier).expect("a draft")
}

/// A country of England with these schemes, `s000` and so on, in 2024-25 and nothing else.
pub(crate) fn country_of(homes: &[Home]) -> World {
    let mut world = World {
        councils: Vec::new(),
        schemes: vec![0; homes.len()],
        events: Vec::new(),
        periods: [year(3), year(4)],
        breakdown: None,
        empty_units: false,
    };
    for (scheme, home) in homes.iter().enumerate() {
        let found = world.councils.iter().position(|council| council.code == home.council);
        let council = found.unwrap_or_else(|| {
            world.councils.push(Council {
                code: home.council.to_owned(),
                region: home.region.map(str::to_owned),
                nation: "E92000001".to_owned(),
            });
            world.councils.len() - 1
        });
        add(&mut world, scheme, council, home.size, home.positive, 12, 0);
    }
    world
}

/// Adds people of a scheme in a council, with one answer each in `quarter`, known from a release on.
pub(crate) fn add(
    world: &mut World,
    scheme: usize,
    council: usize,
    size: usize,
    positive: usize,
    quarter: usize,
    from: usize,
) {
    for number in 0..size {
        let person = world.events.len();
        world.events.push(Event {
            person,
            scheme,
            council,
            quarter,
            positive: number < positive,
            groups: 0,
            from,
            until: usize::MAX,
        });
    }
}

/// Prints a hidden row of everybody with its numbers.
pub(crate) fn print_again(draft: &mut Draft, level: &str, code: &str, n: i64, positive: i64) {
    for part in &mut draft.parts {
        let mut rows: Vec<Value> = serde_json::from_str(&part.cells).expect("rows");
        for row in &mut rows {
            if row["place"]["level"] == level && row["place"]["code"] == code && row["group"].is_null() {
                row["status"] = json!("shown");
                row["n"] = json!(n);
                row["positive"] = json!(positive);
                row["band"] = Value::Null;
                row["merged_into"] = Value::Null;
                row["periods"] = Value::Null;
            }
        }
        part.cells = serde_json::to_string(&rows).expect("rows");
    }
}
