//! The pages of a scheme's workspace: setting it up, bringing people in, asking them, what happens in their lives, and whose people they are.

use khi::use_cases::put_contacts;
use serde_json::json;

use super::*;

const FILE: &str = "Client ID\tFull name\tStart date\tKey worker\n\
                    P-1\tMair Example\t20/07/2026\t\n\
                    P-2\tTom Example\t01/07/2026\twill@leeds.example\n\
                    P-3\tAnn Example\t02/01/2026\t\n";

/// The lead of Leeds, on a July day of 2026, with nothing set up.
async fn lead(world: &World) -> Person {
    let (leeds, _) = two_schemes(world).await;
    person(world, "lea@leeds.example", Role::SchemeLead(leeds), 1).await
}

/// Names two safeguarding leads.
async fn name_leads(world: &World, lead: &Person) {
    let actor = lead.actor(world);
    let body = json!({"leads": [{"name": "Ann", "email": "ann@leeds.example"}, {"name": "Bob", "email": "bob@leeds.example"}]});
    world
        .act(move |app| put_contacts(app, &actor, "leeds-shared-lives", &body).map(drop).expect("named"))
        .await;
}

/// Brings the people of [`FILE`] in, with Will as a worker.
async fn bring_in(world: &World, lead: &mut Person) -> Person {
    let leeds = world.number("leeds-shared-lives");
    let will = person(world, "will@leeds.example", Role::SchemeWorker(leeds), 2).await;
    name_leads(world, lead).await;
    let page = lead.browser.post_parts("/scheme/import", &[("go", "import"), ("table", FILE)], None).await;
    assert_eq!(page.address, "/scheme/people", "{}", page.html);
    will
}

fn reads(page: &crate::support::Page) -> String {
    page.html.replace("&#39;", "'").replace("&#38;", "&")
}

#[test]
fn a_new_workspace_leads_through_four_steps_and_each_is_ticked_off() {
    on_both(|world| async move {
        let mut lea = lead(&world).await;
        let steps = |html: &str| html.matches("<li class=\"ready\">").count();
        let html = reads(lea.browser.open("/scheme").await);
        assert!(html.contains("Four steps to your first survey") && steps(&html) == 1, "{html}");

        let wrong = [
            ("lead-0-name", "Ann"),
            ("lead-0-email", "ann"),
            ("lead-2-name", "Bob"),
            ("lead-2-email", "bob@leeds.example"),
            ("help-name", "Office"),
        ];
        let page = lea.browser.post("/scheme/contacts", &wrong).await;
        assert_eq!(page.status, 422);
        for field in ["lead-0-email", "help-phone"] {
            assert!(page.html.contains(&format!("href=\"#{field}\"")), "{field}: {}", page.html);
        }
        assert!(page.html.contains("value=\"bob@leeds.example\""), "what was right stays");
        let mut right = wrong;
        (right[1].1, right[4].1) = ("ann@leeds.example", "");
        let page = lea.browser.post("/scheme/contacts", &right).await;
        assert_eq!((page.status, page.address.as_str()), (200, "/scheme/contacts"), "{}", page.html);
        assert_eq!(steps(&reads(lea.browser.open("/scheme").await)), 2);

        let page = lea.browser.post_parts("/scheme/import", &[("go", "import"), ("table", FILE)], None).await;
        assert_eq!(page.status, 200, "the key worker is not known, and nothing is brought in");
        assert!(page.html.contains("One thing is not right"), "{}", page.html);
        let all = FILE.replace("will@leeds.example", "");
        lea.browser.post_parts("/scheme/import", &[("go", "import"), ("table", &all)], None).await;
        let html = reads(lea.browser.open("/scheme").await);
        assert_eq!(steps(&html), 3, "{html}");

        let due: Vec<(&str, &str)> = ["P-1", "P-2", "P-3"]
            .iter()
            .map(|p| {
                (
                    "due",
                    if *p == "P-1" {
                        "P-1|shared-lives"
                    } else if *p == "P-2" {
                        "P-2|shared-lives"
                    } else {
                        "P-3|shared-lives"
                    },
                )
            })
            .collect();
        let form = [&[("go", "all")][..], &due].concat();
        let html = reads(lea.browser.post("/scheme/due", &form).await);
        assert!(html.contains("They are asked now.") && html.contains("Asked, no answer yet (3)"), "{html}");
        assert!(!html.contains("Four steps"), "{html}");

        let html = reads(lea.browser.post("/scheme/due", &form).await);
        assert_eq!(lea.browser.page.status, 422);
        assert!(
            html.contains("href=\"#p-P-1\"") && html.contains("P-1: The person cannot be invited now."),
            "{html}"
        );
    });
}

#[test]
fn a_file_is_tried_first_with_every_fault_by_its_row_whatever_ends_its_lines() {
    on_both(|world| async move {
        let mut lea = lead(&world).await;
        name_leads(&world, &lea).await;
        let table = "Client ID,Start date,Colour\r\nP-1,31/31/2026,x\r\n\r\nP 2,01/07/2026,y\r\n";
        for file in [None, Some(("people.csv", table))] {
            let form: &[(&str, &str)] =
                if file.is_none() { &[("go", "try"), ("table", table)] } else { &[("go", "try")] };
            let html = reads(lea.browser.post_parts("/scheme/import", form, file).await);
            assert!(html.contains("2 things are not right"), "{html}");
            let cells: Vec<&str> = html
                .split("<tr><td data-label=\"Row\">")
                .skip(1)
                .map(|r| r.split("</td>").next().unwrap_or(""))
                .collect();
            assert_eq!(cells[..2], ["2", "4"], "{html}");
            assert!(html.contains("not known: left out unless you choose"), "{html}");
        }
        let people = reads(lea.browser.open("/scheme/people").await);
        assert!(people.contains("Nobody is here yet"), "{people}");

        let right = "Our number\tStart date\nP-1\t01/07/2026\n";
        let chosen = [("go", "try"), ("table", right), ("heading", "Our number"), ("column", "reference")];
        let html = reads(lea.browser.post_parts("/scheme/import", &chosen, None).await);
        assert!(html.contains("Bring in 1 person") && html.contains("you chose it"), "{html}");
        assert!(reads(lea.browser.open("/scheme/people").await).contains("Nobody is here yet"), "only tried");

        let broken =
            reads(lea.browser.post_parts("/scheme/import", &[("go", "try")], Some(("x.xlsx", "no"))).await);
        assert!(broken.contains("This is not a workbook"), "{broken}");
        let nothing = lea.browser.post_parts("/scheme/import", &[("go", "try")], None).await;
        assert_eq!(nothing.status, 422);
    });
}

#[test]
fn a_worker_sees_their_own_people_and_sets_nothing_up() {
    on_both(|world| async move {
        let mut lea = lead(&world).await;
        let mut will = bring_in(&world, &mut lea).await;
        let put = |name: &'static str| {
            [("name", name), ("channel", "none"), ("supported_from", "2026-07-01"), ("council", "E08000035")]
        };
        lea.browser.post("/scheme/people/P-1/edit", &put("Mair Secret")).await;
        let mut own = put("Tom Own").to_vec();
        let id = will.id.clone();
        own.push(("worker", &id));
        let page = lea.browser.post("/scheme/people/P-2/edit", &own).await;
        assert_eq!(page.address, "/scheme/people/P-2", "{}", page.html);

        for path in ["/scheme", "/scheme/people"] {
            let html = reads(will.browser.open(path).await);
            assert!(
                html.contains("Tom Own") && !html.contains("Mair") && !html.contains("P-1"),
                "{path}: {html}"
            );
        }
        for path in [
            "/scheme/people/P-1",
            "/scheme/people/P-1/edit",
            "/scheme/people/P-1/event",
            "/scheme/people/P-9",
        ] {
            assert_eq!(will.browser.open(path).await.status, 404, "{path}");
        }
        for path in [
            "/scheme/import",
            "/scheme/contacts",
            "/scheme/tasks",
            "/scheme/links",
            "/scheme/people/add",
            "/scheme/settings/shared-lives",
        ] {
            assert_eq!(will.browser.open(path).await.status, 403, "{path}");
        }
        let html = reads(will.browser.post("/scheme/due", &[("one", "print:P-1|shared-lives")]).await);
        assert!(html.contains("The scheme has no such participant."), "{html}");
        let page = will.browser.post("/scheme/due", &[("one", "print:P-2|shared-lives")]).await;
        assert!(page.address.starts_with("/scheme/asked/"), "{}", page.html);
        let asked = page.address.clone();
        let page = will
            .browser
            .post("/scheme/people/P-2/edit", &[("name", "Tom Renamed"), ("channel", "none")])
            .await;
        assert!(reads(page).contains("Tom Renamed"), "{}", page.html);

        let york = world.number("york-shared-lives");
        let mut other = person(&world, "yves@york.example", Role::SchemeLead(york), 3).await;
        for path in [asked.as_str(), "/scheme/people/P-2", "/scheme/people/P-2/edit"] {
            assert_eq!(other.browser.open(path).await.status, 404, "{path}");
        }
        assert_eq!(other.browser.post(&asked, &[]).await.status, 404);
        assert_eq!(will.browser.open(&asked).await.status, 200, "it still stands");
        let mut national = person(&world, "nia@national.example", Role::National, 4).await;
        for path in ["/scheme", "/scheme/people", "/scheme/people/P-2", asked.as_str()] {
            assert_eq!(national.browser.open(path).await.status, 403, "{path}");
        }
    });
}

#[test]
fn a_person_is_entered_with_who_they_are_or_every_fault_is_told_and_nothing_kept() {
    on_both(|world| async move {
        let mut lea = lead(&world).await;
        name_leads(&world, &lea).await;
        let wrong = [
            ("reference", "P 1"),
            ("email", "x"),
            ("channel", "letter"),
            ("whose", "supporter"),
            ("supported_from", "2026-13-01"),
            ("council", "E08000035"),
        ];
        let page = lea.browser.post("/scheme/people/add", &wrong).await;
        assert_eq!(page.status, 422);
        for field in ["reference", "name", "email", "channel", "supporter"] {
            assert!(page.html.contains(&format!("href=\"#{field}\"")), "{field}: {}", page.html);
        }
        let right = [
            ("reference", "P-1"),
            ("name", "Mair Example"),
            ("address", "1 Example Street\r\nLeeds"),
            ("postcode", "ls14ap"),
            ("channel", "letter"),
            ("whose", "supporter"),
            ("supporter", "Gwen Example"),
            ("format", "large-print"),
            ("supported_from", "2026-07-20"),
            ("council", "E08000035"),
            ("language", "cy"),
            ("arrangement", "live-in"),
            ("about.several.need", "autism"),
            ("about.age_band", "25-34"),
        ];
        let html = reads(lea.browser.post("/scheme/people/add", &right).await);
        for words in [
            "Mair Example",
            "By letter, to Gwen Example, who supports them",
            "LS1 4AP",
            "Large print",
            "Welsh",
            "Live-in, from 20 July 2026",
            "Autism",
            "25 to 34",
        ] {
            assert!(html.contains(words), "{words}: {html}");
        }
        let again = lea.browser.post("/scheme/people/add", &right).await;
        assert_eq!(again.status, 422, "the reference is taken: {}", again.html);

        let form = reads(lea.browser.open("/scheme/people/P-1/edit").await);
        let tag = between(&form, "name=\"tag\" value=\"", "\"");
        let mut change = right[1..].to_vec();
        change.push(("tag", &tag));
        let at = change.iter().position(|(n, _)| *n == "arrangement").expect("there");
        change[at].1 = "short-breaks";
        change.push(("arrangement_from", "2026-07-22"));
        let html = reads(lea.browser.post("/scheme/people/P-1/edit", &change).await);
        assert!(html.contains("Live-in, from 20 July 2026 to 21 July 2026"), "{html}");
        assert!(html.contains("Short breaks, from 22 July 2026"), "{html}");
        let stale = lea.browser.post("/scheme/people/P-1/edit", &change).await;
        assert_eq!(stale.status, 422, "somebody else changed it since: {}", stale.html);
    });
}

#[test]
fn what_happens_in_a_life_stops_asking_at_once_and_can_be_over_again() {
    on_both(|world| async move {
        let mut lea = lead(&world).await;
        bring_in(&world, &mut lea).await;
        let html = reads(
            lea.browser
                .post("/scheme/people/P-1/event", &[("kind", "hospital"), ("from", "2026-07-20")])
                .await,
        );
        assert!(html.contains("In hospital") && html.contains("on hold"), "{html}");
        let html = reads(lea.browser.open("/scheme").await);
        assert!(html.contains("On hold (1)") && html.contains("To ask now (2)"), "{html}");
        let refused = reads(lea.browser.post("/scheme/due", &[("one", "send:P-1|shared-lives")]).await);
        assert!(refused.contains("Lift the life event first."), "{refused}");
        let event =
            between(&reads(lea.browser.open("/scheme/people/P-1").await), "name=\"event\" value=\"", "\"");
        for _ in 0..2 {
            let html = reads(lea.browser.post("/scheme/people/P-1/lift", &[("event", &event)]).await);
            assert!(html.contains("over on 20 July 2026"), "pressing twice is no fault: {html}");
        }
        let nothing = lea.browser.post("/scheme/people/P-1/event", &[]).await;
        assert_eq!(nothing.status, 422);

        let why = "/scheme/people/P-1/why?questionnaire=shared-lives&due_on=2026-07-20";
        let html = reads(lea.browser.open(why).await);
        assert!(
            html.contains("P-1 is not asked this time") || html.contains("is not asked this time"),
            "{html}"
        );
        let sent = [
            ("questionnaire", "shared-lives"),
            ("due_on", "2026-07-20"),
            ("kind", "not-asked"),
            ("reason", "declined"),
        ];
        let html = reads(lea.browser.post("/scheme/people/P-1/why", &sent).await);
        assert!(html.contains("the person said no"), "{html}");
        assert_eq!(lea.browser.open("/scheme/people/P-1/why?questionnaire=x&due_on=y").await.status, 404);

        let html = reads(lea.browser.post("/scheme/people/P-3/leave", &[("on", "2026-07-20")]).await);
        assert!(html.contains("On leaving") || html.contains("on leaving"), "{html}");
        let page = lea.browser.post("/scheme/people/P-2/erase", &[]).await;
        assert_eq!(page.status, 422, "not without the tick");
        let html = reads(lea.browser.post("/scheme/people/P-2/erase", &[("sure", "yes")]).await);
        assert!(html.contains("2 people") && !html.contains("P-2"), "{html}");
    });
}

#[test]
fn a_visit_is_booked_and_the_tablet_opens_with_the_persons_own_code() {
    on_both(|world| async move {
        let mut lea = lead(&world).await;
        bring_in(&world, &mut lea).await;
        let page = lea.browser.post("/scheme/due", &[("one", "book:P-1|shared-lives")]).await;
        assert_eq!(page.address, "/scheme/people/P-1/visit");
        let past = lea.browser.post("/scheme/people/P-1/visit", &[("on", "2026-07-19")]).await;
        assert_eq!(past.status, 422);
        lea.browser.post("/scheme/people/P-1/visit", &[("on", "2026-07-21")]).await;
        assert!(reads(lea.browser.open("/scheme").await).contains("Visit booked for 21 July 2026"));
        let html = reads(lea.browser.open("/visit").await);
        assert!(html.contains("21 July 2026") && html.contains("open:P-1|shared-lives"), "{html}");
        let page = lea.browser.post("/scheme/due", &[("one", "open:P-1|shared-lives")]).await;
        assert_eq!(page.address, "/visit");
        let code = between(&page.html, "name=\"code\" id=\"answer\" value=\"", "\"");
        assert!(code.len() > 8, "{}", page.html);
        let page = lea.browser.post("/visit/hand-over", &[("code", &code), ("support", "no")]).await;
        assert_eq!(page.address, "/survey/hello", "{}", page.html);
    });
}

#[test]
fn surveys_are_set_up_waves_begun_and_open_links_made_and_closed() {
    on_both(|world| async move {
        let mut lea = lead(&world).await;
        bring_in(&world, &mut lea).await;
        let path = "/scheme/settings/shared-lives";
        let wrong = [
            ("every_months", "x"),
            ("grace_days", "28"),
            ("answer_days", "92"),
            ("reminder_days", "7, 9"),
            ("baseline", "yes"),
        ];
        let page = lea.browser.post(path, &wrong).await;
        assert_eq!(page.status, 422);
        assert!(
            page.html.contains("href=\"#every_months\"") && page.html.contains("href=\"#reminder_days\""),
            "{}",
            page.html
        );
        let right = [
            ("every_months", "12"),
            ("grace_days", "14"),
            ("answer_days", "60"),
            ("reminder_days", "10"),
            ("baseline", "yes"),
            ("only.need", "autism"),
        ];
        let html = reads(lea.browser.post(path, &right).await);
        assert!(html.contains("every 12 months") && html.contains("Only for: Autism."), "{html}");
        let html = reads(lea.browser.open(path).await);
        assert!(html.contains("value=\"12\"") && html.contains("value=\"autism\" checked"), "{html}");
        lea.browser.post(path, &[("every_months", ""), ("reminder_days", "7")]).await;

        let page = lea
            .browser
            .post("/scheme/waves", &[("questionnaire", "shared-lives"), ("due_on", "2026-07-19")])
            .await;
        assert_eq!(page.status, 422);
        let page = lea
            .browser
            .post("/scheme/waves", &[("questionnaire", "shared-lives"), ("due_on", "2026-07-20")])
            .await;
        let html = reads(page);
        assert!(
            html.contains("Wave of 20 July 2026") && html.contains("<strong>3</strong> to ask now"),
            "{html}"
        );

        let page =
            lea.browser.post("/scheme/links", &[("go", "make"), ("questionnaire", "shared-lives")]).await;
        assert!(page.address.starts_with("/scheme/links/") && page.html.contains("<svg"), "{}", page.html);
        let link = page.address.rsplit('/').next().unwrap_or_default().to_owned();
        let way = between(&page.html, "id=\"link\" value=\"http://khi.test", "\"");
        assert_eq!(world.stranger().get(&way).await.status, 200);
        let html = reads(lea.browser.post("/scheme/links", &[("go", "close"), ("link", &link)]).await);
        assert!(html.contains("closed"), "{html}");
        assert_eq!(lea.browser.open(&format!("/scheme/links/{link}")).await.status, 404);
    });
}
