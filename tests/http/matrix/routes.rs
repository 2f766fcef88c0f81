//! The routes, read from the files that register them.

use std::fmt::Display;

pub(super) const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

/// A method at an address, such as `get /api/v1/schemes/{id}`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Route {
    pub(crate) method: String,
    pub(crate) path: String,
}

impl Display for Route {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.method, self.path)
    }
}

/// Every route of `src/web/routes.rs` and the files of `routes/`, however its lines are broken.
pub(crate) fn all_routes() -> Vec<Route> {
    let source = concat!(
        include_str!("../../../src/web/routes/answering.rs"),
        include_str!("../../../src/web/routes/published.rs"),
        include_str!("../../../src/web/routes/staff.rs"),
        include_str!("../../../src/web/routes/workspace.rs"),
        include_str!("../../../src/web/routes.rs")
    );
    let text: String = source.split_whitespace().collect();
    assert_eq!(text.matches("scope(\"").count(), 1, "a scope this test does not know");
    let (pages, rest) = text.split_once("scope(\"/api/v1\")").expect("the scope of the API");
    let (api, after) = rest.split_once(".default_service(").expect("the end of the scope");
    let mut found = Vec::new();
    for (prefix, part) in [("", pages), ("/api/v1", api), ("", after)] {
        for address in part.split("path(\"").skip(1) {
            let (path, routes) = address.split_once('"').expect("a path in quotes");
            let methods: Vec<&str> =
                METHODS.into_iter().filter(|m| routes.contains(&format!(".route({m}()"))).collect();
            assert_eq!(
                methods.len(),
                routes.matches(".route(").count(),
                "a route this test cannot read: {address}"
            );
            found.extend(
                methods.into_iter().map(|m| Route { method: m.to_owned(), path: format!("{prefix}{path}") }),
            );
        }
    }
    found
}

/// Routes that end sessions come last.
pub(super) fn in_this_order(mut routes: Vec<Route>) -> Vec<Route> {
    let ends = |route: &Route| route.path.ends_with("sign-out") || route.path.contains("/account/end");
    routes.sort_by_key(ends);
    routes
}
