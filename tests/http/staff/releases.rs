//! Releases on the national body's pages: drafted, looked at, attacked, published and thrown away, each once and on record.

use actix_web::http::Method;
use serde_json::json;

use super::*;
use crate::releases::two_schemes as answered_schemes;

const RELEASES: &str = "/national/releases";

fn draft(days: &'static str, seen: &str) -> Vec<(&'static str, String)> {
    vec![("period", "2026-27".to_owned()), ("days", days.to_owned()), ("seen", seen.to_owned())]
}

async fn post<'a>(
    person: &'a mut Person,
    path: &str,
    form: &[(&'static str, String)],
) -> &'a crate::support::Page {
    let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
    person.browser.post(path, &form).await
}

#[test]
fn a_release_is_drafted_attacked_and_published_on_pages() {
    on_both(|world| async move {
        answered_schemes(&world.national().await).await;
        let mut nora = person(&world, "nora@national.example", Role::National, 21).await;
        let page = nora.browser.open(RELEASES).await;
        assert!(page.status == 200 && page.html.contains("No draft is open."), "{}", page.html);
        for (form, field) in [(vec![("days", "14".to_owned())], "period"), (draft("many", ""), "days")] {
            let page = post(&mut nora, RELEASES, &form).await;
            assert!(page.status == 422 && page.html.contains(&format!("href=\"#{field}\"")), "{}", page.html);
        }
        let page = post(&mut nora, RELEASES, &draft("14", "")).await;
        assert_eq!(page.status, 200, "{}", page.html);
        let address = page.address.clone();
        let id = address.rsplit('/').next().expect("an id").to_owned();
        for words in [
            "The draft is made.",
            "Not public.",
            "Councils and trusts",
            "until 3 August 2026",
            "No scheme has commented",
        ] {
            assert!(page.html.contains(words), "{words}: {}", page.html);
        }
        // What a scheme says is read here.
        let lead = world.signed_in(Role::SchemeLead(world.number("leeds-shared-lives"))).await;
        let comment = json!({"comment": "Two houses opened in March."});
        lead.put("/api/v1/schemes/leeds-shared-lives/release-preview/comment", &comment).await.expect(200);
        let page = nora.browser.open(&address).await;
        assert!(
            page.html.contains("Two houses opened in March.") && page.html.contains("Example leeds"),
            "{}",
            page.html
        );
        // Schemes still look at it.
        let page = post(&mut nora, &format!("{address}/publish"), &[]).await;
        assert!(page.status == 409 && page.html.contains("until 3 August 2026"), "{}", page.html);
        assert!(world.stranger().get("/api/v1/releases").await.items().is_empty());
        let page = post(&mut nora, &format!("{address}/attack"), &[]).await;
        assert!(page.status == 200 && page.html.contains("Nothing can be found out"), "{}", page.html);

        world.set_time("2026-08-03T09:00:00Z");
        let mut fresh = Browser::new(&world, 22).await;
        nora.enter(&world, &mut fresh, &[]).await;
        nora.browser = fresh;
        let page = nora.browser.open(&format!("{address}/publish")).await;
        for words in [
            "This becomes public",
            "claims, each with its passport",
            "Yes, publish this release",
            "Schemes have commented",
        ] {
            assert!(page.html.contains(words), "{words}: {}", page.html);
        }
        let page = post(&mut nora, &format!("{address}/publish"), &[]).await;
        assert!(
            page.address == RELEASES && page.html.contains("The release is published."),
            "{} {}",
            page.address,
            page.html
        );
        // Pressed twice, it is published once.
        let page = post(&mut nora, &format!("{address}/publish"), &[]).await;
        assert!(page.status == 409 && page.html.contains("published already"), "{}", page.html);
        let releases = world.stranger().get("/api/v1/releases").await.items();
        assert_eq!(releases.len(), 1);
        let shown = world.stranger().get("/places/E08000035").await.expect(200).text;
        assert!(shown.contains("60.0%") && !shown.contains("Two houses"), "{shown}");
        // It is on record, by whom.
        let log = world.national().await.get("/api/v1/audit?limit=500").await.expect(200).text;
        for act in ["release-drafted", "release-published"] {
            assert!(log.contains(act), "{act}: {log}");
        }
        let entries = world.national().await.get("/api/v1/audit?limit=500").await.items();
        let by =
            |act: &str| entries.iter().find(|e| e["act"] == act).map(|e| e.to_string()).unwrap_or_default();
        assert!(by("release-published").contains(&nora.id) && by("release-drafted").contains(&nora.id));
        assert_eq!(nora.browser.open(&format!("{RELEASES}/{id}")).await.status, 200);
    });
}

#[test]
fn a_draft_is_thrown_away_or_replaced_only_as_it_was_seen() {
    on_both(|world| async move {
        answered_schemes(&world.national().await).await;
        let mut nora = person(&world, "nora@national.example", Role::National, 21).await;
        let first = post(&mut nora, RELEASES, &draft("0", "")).await.address.clone();
        let id = first.rsplit('/').next().expect("an id").to_owned();
        // The same form again, by a second press or the way back.
        let page = post(&mut nora, RELEASES, &draft("0", "")).await;
        assert!(page.status == 409 && page.html.contains("since you opened this page"), "{}", page.html);
        world.set_time("2026-07-20T09:05:00Z");
        let second = post(&mut nora, RELEASES, &draft("0", &id)).await.address.clone();
        assert_ne!(first, second);
        let page = nora.browser.open(&first).await;
        assert!(
            page.html.contains("replaced by a later draft") && !page.html.contains("Attack this draft"),
            "{}",
            page.html
        );
        let page = post(&mut nora, &format!("{first}/attack"), &[]).await;
        assert!(page.status == 409 && page.html.contains("no longer open"), "{}", page.html);
        let page = post(&mut nora, &format!("{second}/discard"), &[]).await;
        assert!(
            page.html.contains("The draft is thrown away.") && page.html.contains("No draft is open."),
            "{}",
            page.html
        );
        let page = post(&mut nora, &format!("{second}/discard"), &[]).await;
        assert_eq!(page.status, 409, "{}", page.html);
        let page = post(&mut nora, &format!("{second}/publish"), &[]).await;
        assert!(page.status == 409 && page.html.contains("thrown away"), "{}", page.html);
        assert!(world.stranger().get("/api/v1/releases").await.items().is_empty());
        // A period that overlaps with what is published is told at its field.
        crate::releases::publish(&world, "2026-27").await;
        let overlapping =
            [("period", "2026-Q2".to_owned()), ("days", "0".to_owned()), ("seen", String::new())];
        let page = post(&mut nora, RELEASES, &overlapping).await;
        assert!(page.status == 422 && page.html.contains("overlaps with this period"), "{}", page.html);
    });
}

#[test]
fn releases_are_the_national_bodys_alone_and_no_other_sites() {
    on_both(|world| async move {
        answered_schemes(&world.national().await).await;
        let mut nora = person(&world, "nora@national.example", Role::National, 21).await;
        let leeds = world.number("leeds-shared-lives");
        let mut lead = person(&world, "lena@scheme.example", Role::SchemeLead(leeds), 22).await;
        let mut area = person(&world, "arif@council.example", Role::Area("E08000035".into()), 23).await;
        let own = post(&mut nora, RELEASES, &draft("0", "")).await.address.clone();
        for other in [&mut lead, &mut area] {
            for path in [RELEASES, &own, &format!("{own}/publish")] {
                assert_eq!(other.browser.open(path).await.status, 403, "{path}");
            }
            for path in [
                RELEASES.to_owned(),
                format!("{own}/attack"),
                format!("{own}/publish"),
                format!("{own}/discard"),
            ] {
                assert_eq!(post(other, &path, &draft("0", "")).await.status, 403, "{path}");
            }
        }
        for path in ["attack", "publish", "discard"] {
            let headers = [("Sec-Fetch-Site", "cross-site")];
            let reply = nora.browser.send(Method::POST, &format!("{own}/{path}"), &headers, Some(&[])).await;
            assert_eq!(reply.status, 403, "{path}");
        }
        assert_eq!(nora.browser.open(&format!("{RELEASES}/absent")).await.status, 404);
        let page = nora.browser.open(&own).await;
        assert!(page.html.contains("Attack this draft"), "nothing was changed: {}", page.html);
    });
}
