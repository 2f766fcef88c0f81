//! Who is told of a task, in what order, and when.

use khi::domain::access::Role;
use khi::use_cases::{NewAccount, add_account, allow_api_without_code};
use serde_json::json;

use super::*;

#[test]
fn first_lead_then_second_then_outside_a_day_apart_until_somebody_has_seen_it() {
    on_both(|world| async move {
        let national = with_contacts(&world).await;
        national.submit("key-0123456789-a", &unsafe_response("P-1")).await.expect(201);
        assert_eq!(told(&world).await, ["ann"]);
        world.set_time("2026-07-21T08:59:59Z");
        assert_eq!(escalate(&world).await, 0, "not a second too early");
        for (day, all) in
            [(1, &["ann", "bola"][..]), (2, &["ann", "bola", "outside"]), (3, &["ann", "bola", "outside"])]
        {
            world.set_time(DAYS[day]);
            escalate(&world).await;
            assert_eq!(escalate(&world).await, 0, "each is told once");
            assert_eq!(told(&world).await, all, "day {day}");
        }
        let national = world.national().await;
        let seen = national.get(TASKS).await.expect(200).json();
        assert_eq!(
            (&seen["open"], &seen["overdue"]),
            (&json!(1), &json!(1)),
            "it stays open, and is counted"
        );

        let mut more = contacts("leeds");
        more["leads"]
            .as_array_mut()
            .expect("leads")
            .push(json!({"name": "Carys", "email": "carys@leeds.example"}));
        national.put(&format!("{SCHEME}/contacts"), &more).await.expect(200);
        assert_eq!(escalate(&world).await, 1, "a lead who is named later is told");
        assert_eq!(told(&world).await.last().map(String::as_str), Some("carys"));

        let lead = lead(&world).await;
        let id = lead.get(TASKS).await.items()[0]["id"].as_str().expect("id").to_owned();
        lead.post(&format!("{TASKS}/{id}/acknowledgement"), &json!({})).await.expect(200);
        world.set_time("2026-08-20T09:00:00Z");
        assert_eq!(escalate(&world).await, 0, "once it is seen, nobody else is told");
    });
}

#[test]
fn acknowledged_in_time_nobody_else_is_told() {
    on_both(|world| async move {
        let national = with_contacts(&world).await;
        national.submit("key-0123456789-a", &unsafe_response("P-1")).await.expect(201);
        let lead = lead(&world).await;
        let id = lead.get(TASKS).await.items()[0]["id"].as_str().expect("id").to_owned();
        lead.post(&format!("{TASKS}/{id}/acknowledgement"), &json!({})).await.expect(200);
        world.set_time(DAYS[4]);
        assert_eq!(escalate(&world).await, 0);
        assert_eq!(told(&world).await, ["ann"]);
    });
}

#[test]
fn when_a_supporter_helped_the_first_lead_is_neither_told_nor_shown() {
    on_both(|world| async move {
        let national = with_contacts(&world).await;
        let mut body = unsafe_response("P-1");
        body["completed_by"] = json!("helped");
        body["helper"] = json!({"role": "shared-lives-carer", "help": ["read"], "gives_support": true});
        national.submit("key-0123456789-a", &body).await.expect(201);
        assert_eq!(told(&world).await, ["bola"]);
        for day in &DAYS[1..] {
            world.set_time(day);
            escalate(&world).await;
        }
        assert_eq!(told(&world).await, ["bola", "outside"]);

        let (first, second) = (lead_as(&world, "ann").await, lead_as(&world, "bola").await);
        let seen = second.get(TASKS).await.expect(200).json();
        assert_eq!((&seen["open"], &seen["items"][0]["helped_by_supporter"]), (&json!(1), &json!(true)));
        let id = seen["items"][0]["id"].as_str().expect("id").to_owned();
        let hidden = first.get(TASKS).await.expect(200).json();
        assert_eq!(
            (&hidden["open"], &hidden["overdue"], &hidden["items"]),
            (&json!(0), &json!(0), &json!([]))
        );
        let path = format!("{TASKS}/{id}");
        let absent = first.get(&format!("{TASKS}/no-such-task")).await.expect(404);
        assert_eq!(first.get(&path).await.expect(404).text, absent.text, "hidden and absent look alike");
        first.post(&format!("{path}/acknowledgement"), &json!({})).await.expect(404);
        second.post(&format!("{path}/acknowledgement"), &json!({})).await.expect(200);
    });
}

#[test]
fn a_lead_whose_account_sent_the_response_is_passed_over() {
    on_both(|world| async move {
        with_contacts(&world).await;
        let first = lead_as(&world, "ann").await;
        first.submit("key-0123456789-a", &unsafe_response("P-1")).await.expect(201);
        assert_eq!(told(&world).await, ["bola"]);
        assert_eq!(first.get(TASKS).await.expect(200).json()["open"], 0);
        world.set_time(DAYS[1]);
        escalate(&world).await;
        assert_eq!(told(&world).await, ["bola", "outside"]);
        assert_eq!(world.national().await.get(TASKS).await.json()["open"], 1, "nationally it is counted");
    });
}

#[test]
fn whoever_is_left_is_told_rather_than_nobody() {
    on_both(|world| async move {
        let national = with_nobody(&world).await;
        let only = json!({"leads": [{"name": "Ann", "email": "ann@leeds.example"}]});
        national.put(&format!("{SCHEME}/contacts"), &only).await.expect(200);
        let mut body = unsafe_response("P-1");
        body["completed_by"] = json!("helped");
        body["helper"] = json!({"role": "shared-lives-carer", "help": ["read"], "gives_support": true});
        national.submit("key-0123456789-a", &body).await.expect(201);
        assert_eq!(told(&world).await, ["ann"]);
    });
}

#[test]
fn without_contacts_a_task_stays_open_and_is_told_as_soon_as_somebody_is_named() {
    on_both(|world| async move {
        let national = with_nobody(&world).await;
        national.submit("key-0123456789-a", &unsafe_response("P-1")).await.expect(201);
        assert_eq!(escalate(&world).await, 0);
        assert_eq!(told(&world).await, [""; 0]);
        let seen = lead(&world).await.get(TASKS).await.expect(200).json();
        assert_eq!((&seen["open"], &seen["items"][0]["told"]), (&json!(1), &json!([])));
        national.put(&format!("{SCHEME}/contacts"), &contacts("leeds")).await.expect(200);
        assert_eq!(escalate(&world).await, 1);
        assert_eq!(told(&world).await, ["ann"]);
    });
}

#[test]
fn a_correction_that_names_a_supporter_routes_round_from_then_on() {
    on_both(|world| async move {
        let national = with_contacts(&world).await;
        let sent = national.submit("key-0123456789-a", &unsafe_response("P-1")).await.expect(201).json();
        let path = format!("/api/v1/responses/{}", sent["id"].as_str().expect("id"));
        let helper = json!({"role": "shared-lives-carer", "help": ["read"], "gives_support": true});
        national.patch(&path, 1, &json!({"completed_by": "helped", "helper": helper})).await.expect(200);
        assert_eq!(lead_as(&world, "ann").await.get(TASKS).await.json()["open"], 0);
        national.patch(&path, 2, &json!({"completed_by": "self", "helper": null})).await.expect(200);
        assert_eq!(lead_as(&world, "ann").await.get(TASKS).await.json()["open"], 0, "and it stays so");
    });
}

#[test]
fn several_processes_tell_each_person_once() {
    on_both(|world| async move {
        let national = with_contacts(&world).await;
        for person in 0..12 {
            let body = unsafe_response(&format!("P-{person}"));
            national.submit(&format!("key-0123456789-{person}"), &body).await.expect(201);
        }
        world.set_time(DAYS[1]);
        let all = world
            .act(|app| {
                std::thread::scope(|scope| {
                    let threads: Vec<_> =
                        (0..4).map(|_| scope.spawn(|| escalate_tasks(app).expect("escalates"))).collect();
                    threads.into_iter().map(|t| t.join().expect("ends")).sum::<usize>()
                })
            })
            .await;
        assert_eq!(all, 12);
        let told = told(&world).await;
        assert_eq!(told.iter().filter(|name| *name == "bola").count(), 12, "{told:?}");
        assert_eq!(told.len(), 24);
    });
}

/// Somebody who leads the scheme with an account of this contact's address.
async fn lead_as<'w>(world: &'w World, name: &str) -> Client<'w> {
    let email = format!("{name}@leeds.example");
    let role = Role::SchemeLead(world.number("leeds-shared-lives"));
    let (new, known) = (email.clone(), email.clone());
    if world.app.directory().account_by_email(&known).is_none() {
        let account = NewAccount { email: new, password: "a long enough password".into(), role };
        world
            .act(move |app| {
                let id = add_account(app, &account).expect("the account is added");
                allow_api_without_code(app, &id).expect("a lead's program");
            })
            .await;
    }
    let signed = world.stranger();
    let body = json!({"email": email, "password": "a long enough password"});
    let reply = signed.post("/api/v1/sessions", &body).await.expect(201);
    world.with_token(reply.json()["token"].as_str().expect("a token"))
}
