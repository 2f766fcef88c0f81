//! A place at a glance: who sees which, what stands on it, and that no number is on it that its report may not say.

use khi::domain::access::Role;

use super::comparison::six_schemes;
use super::matrix::browser_of;
use super::releases::publish;
use super::support::{Permitted, World, on_both, words_of_page};

/// The part of a page that is about the place: the rest is the same on every page.
fn board(page: &str) -> &str {
    let from = page.find("<div class=\"report board\"").expect("a board");
    &page[from..page.find("<p class=\"no-print\"><a").expect("the end of the board")]
}

/// The numbers of a board that the report of the same place and period may not say.
async fn strangers(world: &World, role: Role, report: &str, page: &str) -> Vec<String> {
    let report = world.signed_in(role).await.get(report).await.expect(200).json();
    Permitted::of_report(&report, &world.app.registry).strangers(&words_of_page(board(page)))
}

#[test]
fn each_role_sees_its_places_at_a_glance() {
    on_both(|world| async move {
        let national = world.national().await;
        six_schemes(&national).await;
        publish(&world, "2026-27").await;
        let leeds = world.number("leeds-shared-lives");
        let mut lead = browser_of(&world, Role::SchemeLead(leeds), 7).await;
        let page = lead.open("/scheme/dashboard").await.html.clone();
        for words in [
            "More than 4 in 10 people said",
            "27 of 60 people",
            "What is counted beside it",
            "every answer, United Kingdom",
            "Yorkshire and The Humber: lower",
            "How many people here gave which answer is not shown",
        ] {
            assert!(page.contains(words), "“{words}”");
        }
        let report = "/api/v1/schemes/leeds-shared-lives/report";
        assert_eq!(strangers(&world, Role::SchemeLead(leeds), report, &page).await, Vec::<String>::new());
        // Its own place only, whatever the address says; and no page of others.
        assert!(
            lead.open("/scheme/dashboard?place=york-shared-lives").await.html.contains("27 of 60 people")
        );
        assert_eq!(lead.open("/national/dashboard").await.status, 403);
        assert_eq!(lead.open("/area/dashboard").await.status, 403);

        let area = || Role::Area("E08000035".into());
        let mut council = browser_of(&world, area(), 8).await;
        let page = council.open("/area/dashboard?period=2026-27").await.html.clone();
        let report = "/api/v1/areas/E08000035/report?period=2026-27";
        assert_eq!(strangers(&world, area(), report, &page).await, Vec::<String>::new());

        let mut team = browser_of(&world, Role::National, 9).await;
        let page = team.open("/national/dashboard?period=2026-27").await.html.clone();
        for words in ["every answer, United Kingdom", "Who answered – Alone"] {
            assert!(page.contains(words), "“{words}”");
        }
        let report = "/api/v1/areas/K02000001/report?period=2026-27";
        assert_eq!(strangers(&world, Role::National, report, &page).await, Vec::<String>::new());
        let scheme = team.open("/national/dashboard?place=leeds-shared-lives").await.html.clone();
        assert!(scheme.contains("27 of 60 people") && !scheme.contains("Who answered – "));
    });
}

#[test]
fn what_cannot_be_chosen_is_said_and_the_choices_stay() {
    on_both(|world| async move {
        six_schemes(&world.national().await).await;
        let mut team = browser_of(&world, Role::National, 9).await;
        let page = team.open("/national/dashboard?place=nobody").await.html.clone();
        assert!(page.contains("There is no such place") && page.contains("<select name=\"place\""));
        let page = team.open("/national/dashboard?model=none&period=soon").await.html.clone();
        assert!(page.contains("There is no such model") && page.contains("A period is 2026-27"));
        // A model of which nothing is said here: what there is to say instead.
        let page = team.open("/national/dashboard?model=homeshare&period=2026-27").await.html.clone();
        assert!(page.contains("Shared Lives. 1 April 2026"), "{page}");
    });
}
