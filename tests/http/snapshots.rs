//! Scheme and area users see snapshots: figures that cannot be watched moving one person at a time.

use serde_json::{Value, json};

use khi::domain::access::Role;

use super::support::{Client, World, on_both, response, scheme};

/// Adds the scheme that every test here is about; gives its number.
async fn add_scheme(world: &World) -> i64 {
    let body = scheme("leeds-shared-lives", "E08000035");
    world.national().await.post("/api/v1/schemes", &body).await.expect(201);
    world.number("leeds-shared-lives")
}

async fn send(world: &World, people: std::ops::Range<usize>) {
    send_to(world, "leeds-shared-lives", people).await;
}

async fn send_to(world: &World, scheme: &str, people: std::ops::Range<usize>) {
    let collector = world.signed_in(Role::Collector(None)).await;
    for person in people {
        let body = response(
            scheme,
            &format!("P-{person}"),
            "2026-07-10",
            if person % 2 == 0 { "same" } else { "better" },
        );
        collector.submit(&format!("key-0123456789-{scheme}-{person}"), &body).await.expect(201);
    }
}

async fn own(client: &Client<'_>) -> Option<Value> {
    let items = client
        .get("/api/v1/khi?period=2026-27&level=scheme&indicator=social-connection")
        .await
        .expect(200)
        .items();
    items.into_iter().next()
}

#[test]
fn a_schemes_figures_move_only_when_five_people_have_and_a_week_has_passed() {
    on_both(|world| async move {
        let number = add_scheme(&world).await;
        let lead = world.signed_in(Role::SchemeLead(number)).await;
        send(&world, 0..4).await;
        assert_eq!(own(&lead).await, None, "four people: nothing yet");
        send(&world, 4..6).await;
        assert_eq!(own(&lead).await.expect("a row")["n"], 6);
        world.set_time("2026-07-20T09:05:00Z");
        send(&world, 6..16).await;
        assert_eq!(own(&lead).await.expect("a row")["n"], 6, "ten more people, but no week");
        world.set_time("2026-07-27T09:00:01Z");
        let lead = world.signed_in(Role::SchemeLead(number)).await;
        assert_eq!(own(&lead).await.expect("a row")["n"], 16);
        world.set_time("2026-07-27T09:05:00Z");
        send(&world, 16..20).await;
        world.set_time("2026-08-27T09:00:01Z");
        let lead = world.signed_in(Role::SchemeLead(number)).await;
        assert_eq!(own(&lead).await.expect("a row")["n"], 16, "a month, but only four people");
    });
}

#[test]
fn small_figures_are_hidden_from_schemes_and_more_of_them_from_areas() {
    on_both(|world| async move {
        let number = add_scheme(&world).await;
        send(&world, 0..8).await;
        let lead = world.signed_in(Role::SchemeLead(number)).await;
        let seen = own(&lead).await.expect("a row");
        assert_eq!((&seen["status"], &seen["n"]), (&json!("shown"), &json!(8)));
        let area = world.signed_in(Role::Area("E08000035".into())).await;
        let hidden = own(&area).await.expect("a row");
        assert_eq!(
            (&hidden["status"], &hidden["n"], &hidden["percent"], &hidden["distribution"]),
            (&json!("suppressed"), &Value::Null, &Value::Null, &Value::Null)
        );
        world.set_time("2026-07-20T09:05:00Z");
        send(&world, 8..14).await;
        world.set_time("2026-07-28T09:00:00Z");
        let area = world.signed_in(Role::Area("E12000003".into())).await;
        let region = "/api/v1/khi?period=2026-27&level=region&indicator=social-connection";
        let alone = area.get(region).await.expect(200).items();
        assert_eq!(
            (&alone[0]["n"], &alone[0]["distribution"]),
            (&json!(14), &Value::Null),
            "one scheme alone"
        );
        let body = scheme("york-shared-lives", "E06000014");
        world.national().await.post("/api/v1/schemes", &body).await.expect(201);
        send_to(&world, "york-shared-lives", 0..6).await;
        assert_eq!(area.get(region).await.expect(200).items()[0]["n"], 20);
        area.get("/api/v1/khi?period=2026-27&level=nation").await.expect(403);
        area.get("/api/v1/khi?period=2026-27&level=scheme&within=E12000002").await.expect(404);
    });
}
