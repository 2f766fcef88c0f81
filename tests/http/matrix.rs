//! Every route, for every role: one file says what each is answered, and a route that is not in it fails here.
//!
//! Rows are made, not written: `UPDATE_MATRIX=1 cargo test --test http matrix` writes both files anew, and whoever reads the change sees
//! who may do what now. Requests go to the scheme in Leeds and come from its own people, from York's, and from everybody else; most
//! have an empty body, so that whoever may do it is told what is missing (422), and nothing changes.

mod callers;
mod fixture;
mod routes;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use actix_web::http::Method;

use callers::Caller;
use fixture::{Fixture, requests};
use routes::{METHODS, in_this_order};

pub(super) use callers::{account, browser, browser_of, key, token_for, token_of};
pub(super) use fixture::{LEEDS, YORK};
pub(super) use routes::{Route, all_routes};

use super::support::{Engine, World};

/// What is answered, by caller.
type Answers = BTreeMap<&'static str, u16>;

fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/http/matrix").join(name)
}

fn is_page(route: &Route) -> bool {
    !route.path.starts_with("/api/v1")
}

/// Asks every route of one kind as everybody on this engine.
fn asked(engine: Engine, pages: bool) -> Vec<(String, Answers)> {
    let world = World::on(engine);
    actix_web::rt::System::new().block_on(async move {
        let fixture = Fixture::make(&world).await;
        let mut callers = callers::all(&world, &fixture, pages).await;
        let mut table = Vec::new();
        for route in in_this_order(all_routes()).into_iter().filter(|r| is_page(r) == pages) {
            for request in requests(&route) {
                let mut answers = Answers::new();
                for caller in &mut callers {
                    let path = fixture.path(&world, &route).await;
                    let reply = caller.send(&route, &path, &request).await;
                    assert_ne!(reply, 500, "{route} as {}", caller.name);
                    answers.insert(caller.name, reply);
                }
                table.push((format!("{route}{}", request.variant), answers));
            }
        }
        table
    })
}

/// The table as it is kept: a row for each route, a column for each caller.
fn written(table: &[(String, Answers)], names: &[&str]) -> String {
    let mut text = format!("route\t{}\n", names.join("\t"));
    let mut rows: Vec<&(String, Answers)> = table.iter().collect();
    rows.sort_by_key(|(route, _)| {
        route.split_once(' ').map(|(method, path)| (path.to_owned(), method.to_owned()))
    });
    for (route, answers) in rows {
        let row: Vec<String> = names.iter().map(|name| answers[name].to_string()).collect();
        text.push_str(&format!("{route}\t{}\n", row.join("\t")));
    }
    text
}

fn holds(pages: bool, name: &str) {
    let names = callers::names(pages);
    let tables = [Engine::Sqlite, Engine::Postgres].map(|engine| written(&asked(engine, pages), &names));
    let lines = |text: &str| text.lines().map(str::to_owned).collect::<BTreeSet<_>>();
    let [sqlite, postgres] = &tables;
    let apart: Vec<String> = lines(sqlite).symmetric_difference(&lines(postgres)).cloned().collect();
    assert!(apart.is_empty(), "the databases part: {apart:#?}");
    if std::env::var("UPDATE_MATRIX").is_ok_and(|v| v == "1") {
        std::fs::write(file(name), sqlite).expect("written");
        return;
    }
    let kept = std::fs::read_to_string(file(name)).unwrap_or_default();
    let (kept, now) = (lines(&kept), lines(sqlite));
    let gone: Vec<&String> = kept.difference(&now).collect();
    let new: Vec<&String> = now.difference(&kept).collect();
    assert!(
        gone.is_empty() && new.is_empty(),
        "tests/http/matrix/{name} says {gone:#?}, and it is {new:#?} (callers: {names:?}). If that is meant, write it with \
         UPDATE_MATRIX=1 cargo test --test http matrix, and read the change"
    );
}

#[test]
fn every_route_of_the_api_answers_every_role_as_the_matrix_says() {
    holds(false, "api.tsv");
}

#[test]
fn every_page_answers_every_role_as_the_matrix_says() {
    holds(true, "pages.tsv");
}

#[test]
fn every_route_has_its_row() {
    let kept: String =
        ["api.tsv", "pages.tsv"].map(|f| std::fs::read_to_string(file(f)).unwrap_or_default()).concat();
    let rows: BTreeSet<&str> = kept
        .lines()
        .filter_map(|l| l.split(['\t', '#']).next())
        .filter(|r| *r != "route")
        .map(str::trim)
        .collect();
    let routes: Vec<String> = all_routes().iter().map(ToString::to_string).collect();
    let missing: Vec<&String> = routes.iter().filter(|r| !rows.contains(r.as_str())).collect();
    let left: Vec<&&str> = rows.iter().filter(|r| !routes.iter().any(|route| route == *r)).collect();
    assert!(
        missing.is_empty() && left.is_empty(),
        "without a row: {missing:?}; rows without a route: {left:?}. UPDATE_MATRIX=1 cargo test --test http matrix"
    );
    assert!(rows.len() > 100, "only {} routes were found", rows.len());
}

#[test]
fn no_address_takes_a_method_that_it_has_no_route_for() {
    let world = World::on(Engine::Sqlite);
    actix_web::rt::System::new().block_on(async move {
        let fixture = Fixture::make(&world).await;
        let mut taken: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for route in all_routes() {
            taken.entry(route.path.clone()).or_default().insert(route.method.clone());
        }
        for pages in [false, true] {
            let mut callers = callers::all(&world, &fixture, pages).await;
            let caller: &mut Caller =
                callers.iter_mut().find(|c| c.name == "national").expect("the national body");
            for (path, methods) in &taken {
                let others = METHODS.into_iter().chain(["OPTIONS", "TRACE", "CONNECT", "PROPFIND"]);
                for method in others.filter(|m| !methods.contains(*m)) {
                    let route = Route { method: method.to_owned(), path: path.clone() };
                    if is_page(&route) != pages {
                        continue;
                    }
                    let address = fixture.fixed(&route);
                    let request = requests(&route).remove(0);
                    let method = Method::from_bytes(method.to_uppercase().as_bytes()).expect("a method");
                    let reply = caller.send_as(method, &address, &request).await;
                    // `/survey/{step}` and the like take any path below them, so a longer address may have its methods too.
                    assert!([404, 405].contains(&reply), "{route}: {reply}");
                }
            }
        }
    });
}
