//! Who is asked when, through HTTP: two years of a scheme, life events, the burden budget, reminders, waves, and whose people they are.

mod calendar;
mod roles;

use chrono::{NaiveDate, TimeDelta};
use serde_json::{Value, json};

use khi::domain::access::Role;
use khi::use_cases::due_reminders;

use super::support::{Client, World, contacts, on_both, response, scheme};

const SCHEME: &str = "leeds-shared-lives";
const BASE: &str = "/api/v1/schemes/leeds-shared-lives";

fn path(rest: &str) -> String {
    format!("{BASE}/{rest}")
}

fn by_ref(person: &str) -> String {
    path(&format!("participants/by-ref/{person}"))
}

async fn lead<'w>(world: &'w World) -> Client<'w> {
    world.signed_in(Role::SchemeLead(world.number(SCHEME))).await
}

/// Sets the clock to nine o'clock of a day.
fn go_to(world: &World, day: &str) {
    world.set_time(&format!("{day}T09:00:00Z"));
}

fn today(world: &World) -> NaiveDate {
    world.app.today()
}

async fn enter(client: &Client<'_>, person: &str, from: &str) {
    client.put(&by_ref(person), &json!({"council": "E08000035", "supported_from": from})).await.expect(201);
}

/// (occasion, due_on, state) of every occasion of a person.
async fn occasions(client: &Client<'_>, person: &str) -> Vec<(String, String, String)> {
    let seen = client.get(&by_ref(person)).await.expect(200).json();
    let text = |o: &Value, key: &str| o[key].as_str().unwrap_or_default().to_owned();
    let all = seen["occasions"].as_array().expect("occasions");
    all.iter().map(|o| (text(o, "occasion"), text(o, "due_on"), text(o, "state"))).collect()
}

async fn invite(client: &Client<'_>, person: &str) -> Value {
    let body = json!({"people": [{"participant": person}]});
    client.post(&path("invitations/due"), &body).await.expect(201).items().remove(0)
}

#[test]
fn a_person_is_invited_for_what_they_are_due_and_not_again_within_eight_weeks() {
    on_both(|world| async move {
        let national = world.with_leeds().await;
        enter(&national, "P-1", "2026-07-20").await;
        let listed = national.get(&path("due")).await.expect(200).json();
        assert_eq!((&listed["month"], &listed["counts"]["due"]), (&json!("2026-07"), &json!(1)));
        assert_eq!(listed["items"][0]["may"], json!(["invite", "not-asked"]));
        let invited = invite(&national, "P-1").await;
        assert_eq!((&invited["due_on"], &invited["ends_on"]), (&json!("2026-07-20"), &json!("2026-10-20")));
        let link = invited["link"].as_str().expect("a link").strip_prefix("http://khi.test").expect("ours");
        world.stranger().get(link).await.expect(200);

        let again = json!({"people": [{"participant": "P-1"}, {"participant": "P-2"}]});
        let refused = national.post(&path("invitations/due"), &again).await.expect(422);
        let expected =
            [("/people/0/participant", "not-due"), ("/people/1/participant", "unknown-participant")];
        assert_eq!(refused.faults(), expected.map(|(p, c)| (p.to_owned(), c.to_owned())));
        // By the day itself it is refused as well, and it is said from when.
        let one = json!({"participant": "P-1", "questionnaire": "shared-lives", "due_on": "2026-09-01"});
        let refused = national.post(&path("invitations"), &one).await.expect(422);
        assert_eq!(refused.faults(), [("/participant".to_owned(), "asked-too-soon".to_owned())]);
        assert!(refused.text.contains("14 September 2026"), "{}", refused.text);
        let exit = json!({"participant": "P-1", "questionnaire": "shared-lives", "due_on": "2026-09-01", "occasion": "exit"});
        national.post(&path("invitations"), &exit).await.expect(201);
        go_to(&world, "2026-10-26");
        let national = world.national().await;
        national.post(&path("invitations"), &one).await.expect(201);
    });
}

#[test]
fn a_hold_stops_everything_until_it_is_lifted_and_gives_the_days_back() {
    on_both(|world| async move {
        let national = world.with_leeds().await;
        enter(&national, "P-1", "2026-07-20").await;
        let invited = invite(&national, "P-1").await;
        go_to(&world, "2026-07-24");
        let national = world.national().await;
        let event = national.post(&format!("{}/events", by_ref("P-1")), &json!({"kind": "hospital"})).await;
        let event = event.expect(201).json();
        assert_eq!((&event["from"], &event["effect"]), (&json!("2026-07-24"), &json!("hold")));
        let again = national.post(&format!("{}/events", by_ref("P-1")), &json!({"kind": "hospital"})).await;
        assert_eq!(again.expect(409).json()["code"], "exists");
        go_to(&world, "2026-07-30");
        assert!(
            world.act(|app| due_reminders(app).expect("reads")).await.is_empty(),
            "no reminder in hospital"
        );
        let national = world.national().await;
        assert_eq!(occasions(&national, "P-1").await[0].2, "held");
        let lift = format!("{}/events/{}/lift", by_ref("P-1"), event["id"].as_str().expect("id"));
        national.post(&lift, &json!({"on": "2026-07-01"})).await.expect(422);
        national.post(&lift, &json!({"on": "2026-07-29"})).await.expect(200);
        national.post(&lift, &json!({})).await.expect(409);
        let seen = national.get(&by_ref("P-1")).await.expect(200).json();
        assert_eq!((&seen["occasions"][0]["state"], &seen["status"]), (&json!("asked"), &json!("supported")));
        assert_eq!(seen["occasions"][0]["ends_on"], json!("2026-10-25"), "five days more than {invited}");
        let reminded = world.act(|app| due_reminders(app).expect("reads")).await;
        assert_eq!(
            reminded.iter().map(|r| (r.participant.as_str(), r.number)).collect::<Vec<_>>(),
            [("P-1", 1)]
        );
    });
}

#[test]
fn a_stop_closes_links_and_ends_eligibility_and_lifting_it_opens_both_again() {
    on_both(|world| async move {
        let national = world.with_leeds().await;
        enter(&national, "P-1", "2026-07-20").await;
        enter(&national, "P-2", "2026-07-20").await;
        let invited = invite(&national, "P-1").await;
        let link = invited["link"].as_str().expect("a link").strip_prefix("http://khi.test").expect("ours");
        let body = response(SCHEME, "P-2", "2026-07-20", "better");
        national.submit("key-0123456789-a", &body).await.expect(201);
        let eligible = |period: &'static str| {
            let national = &national;
            async move {
                let url = format!("/api/v1/khi?period={period}&level=uk&indicator=social-connection");
                let row = national.get(&url).await.expect(200).items().remove(0);
                (row["supported"].as_i64(), row["eligible"].as_i64(), row["invited"].as_i64())
            }
        };
        assert_eq!(eligible("2026-Q3").await, (Some(2), Some(2), Some(1)));
        let events = format!("{}/events", by_ref("P-1"));
        let stopped = national.post(&events, &json!({"kind": "no-contact"})).await.expect(201).json();
        assert_eq!(
            eligible("2026-Q3").await,
            (Some(2), Some(1), Some(1)),
            "asked once, and not eligible any more"
        );
        world.stranger().get(link).await.expect(404);
        assert_eq!(
            occasions(&national, "P-1").await,
            [("baseline".into(), "2026-07-20".into(), "could-not".into())]
        );
        let one = json!({"participant": "P-1", "questionnaire": "shared-lives", "due_on": "2026-07-20"});
        let refused = national.post(&path("invitations"), &one).await.expect(422);
        assert_eq!(refused.faults(), [("/participant".to_owned(), "not-to-be-asked".to_owned())]);
        let lift = format!("{events}/{}/lift", stopped["id"].as_str().expect("id"));
        national.post(&lift, &json!({})).await.expect(200);
        assert_eq!(eligible("2026-Q3").await, (Some(2), Some(2), Some(1)));
        world.stranger().get(link).await.expect(200);
        let died = national.post(&events, &json!({"kind": "death"})).await.expect(201).json();
        assert_eq!(died["effect"], "end");
        assert_eq!(national.get(&by_ref("P-1")).await.expect(200).json()["status"], "left");
        let differences =
            world.act(|app| khi::use_cases::verify_tallies(app, |_, _| ()).expect("reads")).await;
        assert!(differences.is_empty(), "{differences:?}");
    });
}

#[test]
fn not_asking_and_not_being_able_to_each_need_a_reason_that_fits() {
    on_both(|world| async move {
        let national = world.with_leeds().await;
        enter(&national, "P-1", "2026-07-20").await;
        let note =
            |reason: &str| json!({"questionnaire": "shared-lives", "due_on": "2026-07-20", "reason": reason});
        let (not_asked, could_not) =
            (format!("{}/not-asked", by_ref("P-1")), format!("{}/could-not", by_ref("P-1")));
        let codes = |reply: &super::support::Reply| {
            reply.faults().into_iter().map(|(_, code)| code).collect::<Vec<_>>()
        };
        assert_eq!(codes(&national.post(&could_not, &note("unwell")).await.expect(422)), ["not-asked-yet"]);
        assert_eq!(
            codes(&national.post(&not_asked, &note("asked-recently")).await.expect(422)),
            ["unknown-code"]
        );
        let elsewhen = json!({"questionnaire": "shared-lives", "due_on": "2026-07-21", "reason": "unwell"});
        assert_eq!(codes(&national.post(&not_asked, &elsewhen).await.expect(422)), ["unknown-occasion"]);
        national.post(&not_asked, &note("bereaved")).await.expect(204);
        national.post(&not_asked, &note("unwell")).await.expect(204);
        let list = national.get(&path("due?month=2026-07")).await.expect(200).json();
        assert_eq!(
            (&list["counts"]["not-asked"], &list["counts"]["reasons"]),
            (&json!(1), &json!({"unwell": 1}))
        );
        // They may be asked all the same while there is time.
        invite(&national, "P-1").await;
        assert_eq!(codes(&national.post(&not_asked, &note("unwell")).await.expect(422)), ["already-asked"]);
        national.post(&could_not, &note("no-suitable-way")).await.expect(204);
        let list = national.get(&path("due")).await.expect(200).json();
        assert_eq!(
            (&list["counts"]["could-not"], &list["counts"]["reasons"]),
            (&json!(1), &json!({"no-suitable-way": 1}))
        );
        go_to(&world, "2026-07-28");
        assert!(world.act(|app| due_reminders(app).expect("reads")).await.is_empty());
    });
}

#[test]
fn reminders_go_once_each_and_stop_with_an_answer() {
    on_both(|world| async move {
        let national = world.with_leeds().await;
        for person in ["P-1", "P-2"] {
            enter(&national, person, "2026-07-20").await;
        }
        let first = invite(&national, "P-1").await;
        invite(&national, "P-2").await;
        let due = || async { world.act(|app| due_reminders(app).expect("reads")).await };
        let who = |due: &[khi::use_cases::Reminder]| -> Vec<(String, usize)> {
            due.iter().map(|r| (r.participant.clone(), r.number)).collect()
        };
        go_to(&world, "2026-07-26");
        assert!(due().await.is_empty());
        go_to(&world, "2026-07-27");
        let sent = due().await;
        assert_eq!(who(&sent), [("P-1".to_owned(), 1), ("P-2".to_owned(), 1)]);
        assert_eq!(json!(sent[0].link), first["link"]);
        assert!(due().await.is_empty(), "each goes once");
        let mut body = response(SCHEME, "P-1", "2026-07-28", "better");
        body["invitation"] = first["id"].clone();
        go_to(&world, "2026-07-28");
        world.national().await.submit("key-0123456789-a", &body).await.expect(201);
        go_to(&world, "2026-08-10");
        assert_eq!(who(&due().await), [("P-2".to_owned(), 2)]);
        go_to(&world, "2026-09-10");
        assert!(due().await.is_empty(), "two at most");
        let seen = world.national().await.get(&by_ref("P-2")).await.expect(200).json();
        assert_eq!(seen["occasions"][0]["reminded_on"], json!(["2026-07-27", "2026-08-10"]));
        assert_eq!(seen["occasions"][0]["state"], "reminded");
    });
}

#[test]
fn a_wave_asks_everybody_on_one_day_and_a_schedule_changes_when() {
    on_both(|world| async move {
        let national = world.with_leeds().await;
        enter(&national, "P-1", "2025-03-01").await;
        enter(&national, "P-2", "2026-09-25").await;
        let usual = national.get(&path("schedules")).await.expect(200).items();
        assert_eq!((&usual[0]["set"], &usual[0]["every_months"]), (&json!(false), &json!(6)));
        let put = |body: Value| {
            let national = &national;
            async move { national.put(&path("schedules/shared-lives"), &body).await }
        };
        let set = put(json!({"every_months": 12, "grace_days": 14})).await.expect(200).json();
        assert_eq!((&set["every_months"], &set["reminder_days"]), (&json!(12), &json!([7, 21])));
        let wrong = json!({"every_months": 0, "grace_days": 500, "reminder_days": [7, 9], "colour": 1});
        let faults: Vec<String> = put(wrong).await.expect(422).faults().into_iter().map(|(p, _)| p).collect();
        assert_eq!(faults, ["/colour", "/every_months", "/grace_days", "/reminder_days/1"]);
        put(json!({"only": {"need": ["dementia"]}})).await.expect(200);
        assert!(occasions(&national, "P-1").await.is_empty());
        put(json!({"every_months": null, "exit": false})).await.expect(200);
        national.put(&path("schedules/homeshare-householder"), &json!({})).await.expect(404);

        let wave = json!({"questionnaire": "shared-lives", "due_on": "2026-10-05"});
        let made = national.post(&path("waves"), &wave).await.expect(201).json();
        // P-1 is due; P-2's support began ten days before, and their baseline stands.
        assert_eq!((&made["people"], &made["states"]), (&json!(1), &json!({"upcoming": 1})));
        national.post(&path("waves"), &wave).await.expect(409);
        let past = json!({"questionnaire": "shared-lives", "due_on": "2026-07-19", "occasion": "exit"});
        let faults: Vec<String> = national
            .post(&path("waves"), &past)
            .await
            .expect(422)
            .faults()
            .into_iter()
            .map(|(p, _)| p)
            .collect();
        assert_eq!(faults, ["/due_on", "/occasion"]);
        let expected = [("baseline", "2026-07-20", "due"), ("review", "2026-10-05", "upcoming")];
        assert_eq!(
            occasions(&national, "P-1").await,
            expected.map(|(a, b, c)| (a.into(), b.into(), c.into()))
        );
        assert_eq!(national.get(&path("waves")).await.expect(200).items().len(), 1);
    });
}

#[test]
fn leaving_ends_support_and_arrangements_and_makes_the_exit() {
    on_both(|world| async move {
        let national = world.with_leeds().await;
        let body = json!({"council": "E08000035", "supported_from": "2026-01-10",
            "arrangements": [{"kind": "live-in", "from": "2026-01-10"}, {"kind": "day-support", "from": "2026-01-10", "to": "2026-03-01"}]});
        national.put(&by_ref("P-1"), &body).await.expect(201);
        let leave = format!("{}/leave", by_ref("P-1"));
        national.post(&leave, &json!({"on": "2026-01-09"})).await.expect(422);
        let seen = national.post(&leave, &json!({"on": "2026-08-31"})).await.expect(200).json();
        let ends: Vec<&Value> =
            seen["arrangements"].as_array().expect("a list").iter().map(|a| &a["to"]).collect();
        assert_eq!(ends, [&json!("2026-03-01"), &json!("2026-08-31")]);
        let expected = [("baseline", "2026-07-20", "due"), ("exit", "2026-08-31", "upcoming")];
        assert_eq!(
            occasions(&national, "P-1").await,
            expected.map(|(a, b, c)| (a.into(), b.into(), c.into()))
        );
        invite(&national, "P-1").await;
        go_to(&world, "2026-08-31");
        let invited = invite(&world.national().await, "P-1").await;
        assert_eq!(invited["due_on"], "2026-08-31");
    });
}

/// The day `days` after `day`.
fn after(day: NaiveDate, days: i64) -> NaiveDate {
    day + TimeDelta::days(days)
}

#[test]
fn nobody_is_invited_by_name_to_what_people_answer_through_an_open_link() {
    on_both(|world| async move {
        let national = world.national().await;
        for (model, questionnaire, why) in [
            ("community-led-support", "community-led-support", "without giving a name"),
            ("wellbeing-teams", "wellbeing-teams-worker", "not in the scheme's list of people"),
        ] {
            let mut new = scheme(model, "E08000035");
            new["model"] = json!(model);
            national.post("/api/v1/schemes", &new).await.expect(201);
            let at = |rest: &str| format!("/api/v1/schemes/{model}/{rest}");
            national.put(&at("contacts"), &contacts("leeds")).await.expect(200);
            let enrolment = json!({"council": "E08000035", "supported_from": "2026-01-12"});
            national.put(&at("participants/by-ref/P-1"), &enrolment).await.expect(201);
            let by_name =
                json!({"participant": "P-1", "questionnaire": questionnaire, "due_on": "2026-07-20"});
            let wave = json!({"questionnaire": questionnaire, "due_on": "2026-07-20"});
            for refused in
                [national.post(&at("invitations"), &by_name).await, national.post(&at("waves"), &wave).await]
            {
                let refused = refused.expect(422);
                assert_eq!(refused.faults(), [("/questionnaire".to_owned(), "asked-openly".to_owned())]);
                let detail = refused.json()["errors"][0]["detail"].as_str().expect("a detail").to_owned();
                assert!(detail.contains(why) && detail.contains("open link"), "{detail}");
            }
            let every = json!({"every_months": 12, "baseline": true, "exit": true});
            let refused = national.put(&at(&format!("schedules/{questionnaire}")), &every).await.expect(422);
            assert_eq!(refused.faults(), [(String::new(), "asked-openly".to_owned())]);
            let link = national.post(&at("open-links"), &json!({"questionnaire": questionnaire})).await;
            link.expect(201);
        }
        let due = national.get("/api/v1/schemes/community-led-support/due").await.expect(200).json();
        assert_eq!(due["items"], json!([]), "nobody is due where nobody is asked by name");
    });
}

#[test]
fn somebody_who_is_named_twice_in_one_act_counts_once() {
    on_both(|world| async move {
        let national = world.national().await;
        national.post("/api/v1/schemes", &scheme("leeds-shared-lives", "E08000035")).await.expect(201);
        let person = json!({"council": "E08000035", "supported_from": "2024-01-01"});
        let base = "/api/v1/schemes/leeds-shared-lives/participants/by-ref";
        national.put(&format!("{base}/P-1"), &person).await.expect(201);
        world
            .act(|app| {
                let national = khi::domain::access::Actor { account: "A-1".into(), role: Role::National };
                let of =
                    |due_on| json!({"participant": "P-1", "questionnaire": "shared-lives", "due_on": due_on});
                let invitations = ["2025-05-01", "2025-11-01", "2026-05-01"].map(of);
                khi::use_cases::enter_invitations(app, &national, "leeds-shared-lives", &invitations)
                    .expect("entered");
                let differences = khi::use_cases::verify_tallies(app, |_, _| ()).expect("reads");
                assert!(differences.is_empty(), "{} tallies differ from a recount", differences.len());
            })
            .await;
    });
}
