//! The public site: read from the newest release and from nothing else.

use actix_web::http::Method;
use khi::domain::access::Role;
use khi::use_cases::{draft_release, withdraw_release};
use serde_json::json;

use super::releases::{publish, two_schemes};
use super::support::{World, foreign_numbers, on_both, response, said_numbers};

/// Pages whose figures come from the newest release.
const PAGES: [&str; 13] = [
    "/",
    "/places",
    "/places?q=leeds",
    "/places/K02000001",
    "/places/E92000001",
    "/places/E12000003",
    "/places/E08000035",
    "/places/leeds-shared-lives",
    "/indicators",
    "/indicators/social-connection",
    "/models/shared-lives",
    "/releases",
    "/downloads",
];

async fn text(world: &World, path: &str) -> String {
    world.stranger().get(path).await.expect(200).text
}

async fn all(world: &World) -> Vec<String> {
    let mut pages = Vec::new();
    for path in PAGES {
        pages.push(text(world, path).await);
    }
    pages
}

#[test]
fn every_number_of_every_public_page_stands_in_the_release() {
    on_both(|world| async move {
        two_schemes(&world.national().await).await;
        let id = publish(&world, "2026-27").await;
        let release = world.stranger().get("/api/v1/releases/latest").await.expect(200).json();
        let registry = &world.app.registry;
        let own = format!("/releases/{id}");
        for path in PAGES.iter().copied().chain([own.as_str(), "/claims"]) {
            let page = text(&world, path).await;
            let foreign = foreign_numbers(&page, &release, registry);
            assert!(foreign.is_empty(), "{path} says {foreign:?}, which the release does not: {page}");
        }
        // The pages do say something, and the comparison finds what is foreign.
        let leeds = text(&world, "/places/E08000035").await;
        let said = said_numbers(&leeds, registry);
        for number in ["60.0%", "60"] {
            assert!(said.iter().any(|word| word == number), "{number} of {said:?}: {leeds}");
        }
        let planted = leeds.replace("60.0%", "61.7%");
        assert_eq!(foreign_numbers(&planted, &release, registry).first().map(String::as_str), Some("61.7%"));
        let hidden_in_label = leeds.replace("<main", "<main aria-label=\"about 7,777 people\"");
        assert_eq!(foreign_numbers(&hidden_in_label, &release, registry), ["7,777"]);
    });
}

#[test]
fn nothing_of_live_figures_and_of_an_open_draft_is_on_any_page() {
    on_both(|world| async move {
        let national = world.national().await;
        two_schemes(&national).await;
        publish(&world, "2026-27").await;
        let before = all(&world).await;
        world.set_time("2026-07-20T09:30:00Z");
        for person in 0..30 {
            let late = response("leeds-shared-lives", &format!("P-{person}"), "2026-05-11", "worse");
            national.submit(&format!("key-0123456789-late-{person}"), &late).await.expect(201);
        }
        let period = "2026-27".parse().expect("a period");
        let draft = world.act(move |app| draft_release(app, period, 14)).await.expect("drafted");
        let lead = world.signed_in(Role::SchemeLead(world.number("leeds-shared-lives"))).await;
        let comment = json!({"comment": "CANARY of the scheme"});
        lead.put("/api/v1/schemes/leeds-shared-lives/release-preview/comment", &comment).await.expect(200);
        for (path, (old, new)) in PAGES.iter().zip(before.iter().zip(all(&world).await)) {
            assert_eq!(*old, new, "{path}");
            assert!(!new.contains(&draft) && !new.contains("CANARY"), "{path}");
        }
        world.stranger().get(&format!("/releases/{draft}")).await.expect(404);
    });
}

#[test]
fn before_the_first_release_pages_say_so_and_a_draft_is_not_one() {
    on_both(|world| async move {
        two_schemes(&world.national().await).await;
        let period = "2026-27".parse().expect("a period");
        world.act(move |app| draft_release(app, period, 0)).await.expect("drafted");
        for path in PAGES.into_iter().filter(|path| *path != "/places/leeds-shared-lives") {
            let page = text(&world, path).await;
            assert!(!page.contains("60 people") && !page.contains("leeds-shared-lives"), "{path}: {page}");
        }
        let leeds = text(&world, "/places/E08000035").await;
        assert!(leeds.contains("Nothing has been published here yet."), "{leeds}");
        // Whether a scheme takes part is said by a release and by nothing else.
        world.stranger().get("/places/leeds-shared-lives").await.expect(404);
    });
}

#[test]
fn a_place_says_its_figures_in_words_with_what_belongs_to_them() {
    on_both(|world| async move {
        two_schemes(&world.national().await).await;
        let id = publish(&world, "2026-27").await;
        let leeds = text(&world, "/places/E08000035").await;
        for words in [
            "<h1>Leeds</h1>",
            "Council, Yorkshire and The Humber, England",
            "6 in 10",
            "</span> people said they see other people more because of their support",
            "<strong>60.0%</strong> of 60 people",
            "95% interval",
            "href=\"/places/E12000003\"",
            "href=\"/places/leeds-shared-lives\"",
            "href=\"/indicators/social-connection\"",
            &format!("href=\"/releases/{id}\""),
        ] {
            assert!(leeds.contains(words), "{words}: {leeds}");
        }
        let scheme = text(&world, "/places/leeds-shared-lives").await;
        assert!(scheme.contains("href=\"/places/E08000035\"") && scheme.contains("60.0%"), "{scheme}");
        // The distribution stands where the release has it: of the UK.
        let uk = text(&world, "/places/K02000001").await;
        for words in ["Every answer", "<dt>", "href=\"/claims/social-connection", "Nations and regions"] {
            assert!(uk.contains(words), "{words}: {uk}");
        }
        let indicator = text(&world, "/indicators/social-connection").await;
        for words in ["(marked)", "version 1.0.0", "what people say the support did", "60.0%", "Leeds"] {
            assert!(indicator.contains(words), "{words}: {indicator}");
        }
        let model = text(&world, "/models/shared-lives").await;
        assert!(
            model.contains("approved carer") && model.contains("href=\"/preview/shared-lives/"),
            "{model}"
        );
    });
}

#[test]
fn a_place_is_found_by_a_part_of_its_name() {
    on_both(|world| async move {
        let found = text(&world, "/places?q=+LEEDS+").await;
        assert!(found.contains("href=\"/places/E08000035\"") && !found.contains("No place has this name"));
        let welsh = text(&world, "/places?q=abertawe").await;
        assert!(welsh.contains("href=\"/places/W06000011\""), "{welsh}");
        let comma = text(&world, "/places?q=kingston+upon+hull+city+of").await;
        assert!(comma.contains("href=\"/places/E06000010\""), "{comma}");
        let nothing = text(&world, "/places?q=%3Cscript%3Enowhere").await;
        assert!(
            nothing.contains("No place has this name") && !nothing.contains("<script>nowhere"),
            "{nothing}"
        );
        let bare = text(&world, "/places").await;
        assert!(bare.contains("href=\"/places/E12000003\"") && bare.contains("href=\"/places/W92000004\""));
    });
}

#[test]
fn what_is_not_there_is_told_with_a_way_on() {
    on_both(|world| async move {
        two_schemes(&world.national().await).await;
        let id = publish(&world, "2026-27").await;
        for (path, way) in [
            ("/places/nowhere", "action=\"/places\""),
            ("/places/%00", "action=\"/places\""),
            // Barnsley before its code changed.
            ("/places/E08000016", "href=\"/places/E08000038\""),
            ("/indicators/joy", "href=\"/indicators\""),
            ("/models/joy", "href=\"/models\""),
            ("/releases/absent", "href=\"/releases\""),
            ("/releases/a%00b", "href=\"/releases\""),
        ] {
            let page = world.stranger().get(path).await.expect(404).text;
            assert!(page.contains(way) && page.contains("<h1>"), "{path}: {page}");
        }
        let withdrawn = id.clone();
        world
            .act(move |app| withdraw_release(app, &withdrawn, "A scheme sent them twice."))
            .await
            .expect("withdrawn");
        let page = world.stranger().get(&format!("/releases/{id}")).await.expect(410).text;
        assert!(page.contains("A scheme sent them twice."), "{page}");
        let listed = text(&world, "/releases").await;
        assert!(listed.contains("Withdrawn on 20 July 2026. Why: A scheme sent them twice."), "{listed}");
        let leeds = text(&world, "/places/E08000035").await;
        assert!(
            leeds.contains("Nothing has been published here yet.") && !leeds.contains("60.0%"),
            "{leeds}"
        );
    });
}

#[test]
fn who_has_a_page_is_not_sent_it_again_and_a_later_release_is() {
    on_both(|world| async move {
        let national = world.national().await;
        two_schemes(&national).await;
        publish(&world, "2026-27").await;
        let path = "/places/E08000035";
        let first = world.stranger().get(path).await.expect(200);
        let tag = first.header("etag").expect("a tag").to_owned();
        assert_eq!(first.header("cache-control"), Some("public, max-age=60"));
        let known = [("If-None-Match", tag.as_str())];
        let again = world.stranger().send(Method::GET, path, &known, None).await.expect(304);
        assert_eq!(again.text, "");
        world.set_time("2026-07-20T09:30:00Z");
        let later = publish(&world, "2026-27").await;
        let after = world.stranger().send(Method::GET, path, &known, None).await.expect(200);
        assert!(after.text.contains(&later));
        let listed = text(&world, "/releases").await;
        for words in ["Release 2 of the same period has taken its place", "took the place of release 1"] {
            assert!(listed.contains(words), "{words}: {listed}");
        }
    });
}

#[test]
fn pages_about_the_site_say_what_the_code_does() {
    on_both(|world| async move {
        let methods = text(&world, "/methods").await;
        let detail = text(&world, "/methods/detail").await;
        let policy = khi::domain::disclosure::Policy::default();
        assert!(methods.contains(&format!("at least {} people", policy.least_n)), "{methods}");
        assert!(
            detail.contains("1.959964") && detail.contains(&format!("at least {} people", policy.least_mean))
        );
        let statement = text(&world, "/accessibility").await;
        for words in ["http://khi.test", "Enforcement procedure", "partially compliant", "href=\"/complain\""]
        {
            assert!(statement.contains(words), "{words}");
        }
        // What can be taken away is there.
        two_schemes(&world.national().await).await;
        publish(&world, "2026-27").await;
        let downloads = text(&world, "/downloads").await;
        let links: Vec<&str> =
            downloads.split("href=\"/api/v1/").skip(1).filter_map(|l| l.split('"').next()).collect();
        assert!(links.len() > 12, "{downloads}");
        for link in links {
            world.stranger().get(&format!("/api/v1/{}", link.replace("&#38;", "&"))).await.expect(200);
        }
        let links = downloads.split("href=\"/releases/").skip(1).filter_map(|l| l.split('"').next());
        let reports: Vec<&str> = links.filter(|link| link.contains("/report/")).collect();
        assert_eq!(reports.len(), 2, "{downloads}");
        for report in reports {
            world.stranger().get(&format!("/releases/{report}")).await.expect(200);
        }
    });
}
