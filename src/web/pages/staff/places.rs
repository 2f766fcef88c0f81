//! The places that somebody may look at, as a list to choose from: grouped by level, and councils by what they lie in.

use crate::app::App;
use crate::domain::access::{Action, Decision, Role, may};
use crate::domain::area::{Area, Level};
use crate::domain::performance::UK;

/// Places of one kind.
pub(super) struct PlaceGroup {
    pub(super) title: String,
    /// (code, name, whether it is chosen).
    pub(super) places: Vec<(String, String, bool)>,
}

/// Every place of today that `role` may look at: areas within their own, and schemes that they see.
pub(super) fn place_groups(app: &App, role: &Role, chosen: &str) -> Vec<PlaceGroup> {
    let areas = &app.registry.areas;
    let own = match role {
        Role::Area(code) => code.as_str(),
        _ => UK,
    };
    let today = app.today();
    // A place that is no more is in the list only where somebody looks at it.
    let seen = |a: &&Area| (a.in_force(today) || a.code == chosen) && areas.lies_within(&a.code, own);
    let option = |a: &Area| (a.code.clone(), a.name.clone(), a.code == chosen);
    let of_level = |level: Level| areas.all().filter(seen).filter(move |a| a.level == level);
    let mut groups = Vec::new();
    let mut add = |title: String, mut places: Vec<(String, String, bool)>| {
        places.sort_by(|a, b| a.1.cmp(&b.1));
        if !places.is_empty() {
            groups.push(PlaceGroup { title, places });
        }
    };
    add("United Kingdom".into(), of_level(Level::Uk).map(option).collect());
    add("Nations".into(), of_level(Level::Nation).map(option).collect());
    add("Regions of England".into(), of_level(Level::Region).map(option).collect());
    let mut outer: Vec<&str> = of_level(Level::LocalAuthority).filter_map(|a| a.parent.as_deref()).collect();
    outer.sort_by_key(|code| areas.get(code).map(|a| (a.level == Level::Region, a.name.as_str())));
    outer.dedup();
    for code in outer {
        let inside = of_level(Level::LocalAuthority).filter(|a| a.parent.as_deref() == Some(code));
        let name = areas.get(code).map_or(code, |a| a.name.as_str());
        add(format!("Councils and trusts: {name}"), inside.map(option).collect());
    }
    let directory = app.directory();
    let schemes = directory
        .schemes()
        .filter(|s| may(role, Action::SeeScheme(s), areas) == Decision::Allow)
        .map(|s| (s.about.id.clone(), s.shown_name(), s.about.id == chosen));
    add("Schemes".into(), schemes.collect());
    groups
}
