//! Readers who are slow, who hang up, who come in numbers; responses that come and go meanwhile; and a row that cannot be read.

use std::process::Command;

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::Integer;
use serde_json::json;

use khi::domain::access::Role;
use khi::storage::responses;

use super::{Begun, CSV, LEEDS, PARQUET, ZIP, begin, copy_response, rows, rows_of};
use crate::support::{Client, World, on_both, postgres_programs, response};

/// Enough that an extract of them does not fit between writer and reader.
const MANY: usize = 3000;

async fn filled(world: &World) -> Client<'_> {
    let national = world.with_leeds().await;
    national.submit("key-0123456789-a", &response(LEEDS, "P-1", "2026-07-14", "better")).await.expect(201);
    copy_response(world, MANY).await;
    national
}

/// Asks until there is a place: a writer notices a little later that its reader is gone.
async fn begin_when_free(world: &World, client: &Client<'_>) -> Begun {
    for _ in 0..10_000 {
        let begun = begin(world, client, CSV).await;
        if begun.status == 200 {
            return begun;
        }
        actix_web::rt::task::yield_now().await;
    }
    panic!("no place comes free");
}

#[test]
fn a_slow_reader_hurts_nobody_and_gets_one_consistent_set() {
    on_both(|world| async move {
        let national = filled(&world).await;
        let mut slow = begin(&world, &national, CSV).await;
        let first = slow.next().await.expect("it begins");
        // What comes while they read is not in it; nor is it kept from coming.
        world.wait(chrono::TimeDelta::seconds(1));
        let new = response(LEEDS, "P-2", "2026-07-14", "worse");
        let new = national.submit("key-0123456789-b", &new).await.expect(201).json();
        let quick = rows_of(&world, &national, CSV).await;
        assert_eq!(quick.len(), MANY + 2, "somebody quick is not held up");
        // What is withdrawn before it is read is not in it.
        let last = &quick[MANY]["response"];
        assert_ne!(last.as_str(), new["id"].as_str().expect("an id"));
        national.delete(&format!("/api/v1/responses/{last}")).await.expect(204);
        let mut bytes = first.to_vec();
        bytes.extend(slow.rest().await.expect("it comes whole"));
        let slow = rows(&bytes);
        assert_eq!(slow.len(), MANY);
        assert!(slow.iter().zip(&quick).all(|(one, other)| one["response"] == other["response"]));
    });
}

#[test]
fn places_are_few_and_come_free_when_a_reader_hangs_up() {
    on_both(|world| async move {
        let national = filled(&world).await;
        let own = [begin(&world, &national, CSV).await, begin(&world, &national, PARQUET).await];
        let more = [begin(&world, &national, ZIP).await, begin(&world, &national, CSV).await];
        assert!(own.iter().chain(&more).all(|begun| begun.status == 200));
        let seventh = national.get(CSV).await.expect(429);
        assert_eq!(seventh.header("Retry-After"), Some("30"));
        assert_eq!(
            (seventh.json()["code"].as_str(), seventh.faults()[0].1.as_str()),
            (Some("too-many-extracts"), "own")
        );
        // Everybody else goes on, though their extracts wait.
        national.get("/api/v1/khi?period=2026-27&level=uk").await.expect(200);
        national.submit("key-0123456789-c", &response(LEEDS, "P-3", "2026-07-14", "same")).await.expect(201);
        let analyst = world.signed_in(Role::Analyst).await;
        assert_eq!(rows_of(&world, &analyst, CSV).await.len(), MANY + 2);
        drop(own);
        let again = begin_when_free(&world, &national).await;
        assert!(again.rest().await.is_some(), "and it comes whole");
    });
}

/// Whether nobody is in the middle of a transaction, as the database itself says.
fn nobody_reads(world: &World) -> bool {
    if let Some(path) = world.url().strip_prefix("sqlite://") {
        #[derive(QueryableByName)]
        struct Checkpoint {
            #[diesel(sql_type = Integer)]
            busy: i32,
        }
        let mut db = SqliteConnection::establish(path).expect("opens");
        // It gets through to its end only when nobody reads from what there was before.
        let done: Checkpoint =
            sql_query("PRAGMA wal_checkpoint(TRUNCATE)").get_result(&mut db).expect("a checkpoint");
        return done.busy == 0;
    }
    let held = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() \
                AND pid <> pg_backend_pid() AND xact_start IS NOT NULL";
    let psql =
        Command::new(postgres_programs().join("psql")).args(["-Atd", world.url(), "-c", held]).output();
    let said = psql.expect("psql runs");
    assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
    String::from_utf8_lossy(&said.stdout).trim() == "0"
}

#[test]
fn twenty_who_take_nothing_hold_no_transaction_and_keep_nobody_waiting() {
    on_both(|world| async move {
        let national = filled(&world).await;
        let mut stalled = Vec::new();
        for _ in 0..4 {
            let analyst = world.signed_in(Role::Analyst).await;
            for _ in 0..5 {
                let mut begun = begin(&world, &analyst, CSV).await;
                assert_eq!(begun.status, 200);
                // It has begun to read, and goes on until it waits.
                begun.next().await.expect("its first piece");
                stalled.push(begun);
            }
        }
        let quick = rows_of(&world, &national, CSV).await;
        assert_eq!(quick.len(), MANY + 1, "somebody quick gets all of it");
        for person in 0..20 {
            let body = response(LEEDS, &format!("Q-{person}"), "2026-07-14", "same");
            national.submit(&format!("key-0123456789-q-{person:02}"), &body).await.expect(201);
        }
        // Now and then somebody else is at work; those who wait for a reader never are.
        assert!((0..50).any(|_| nobody_reads(&world)), "a transaction is held");
        for begun in stalled {
            let rest = begun.rest().await.expect("it comes whole");
            assert!(rest.ends_with(b"\r\n"));
        }
    });
}

#[test]
fn an_extract_that_breaks_off_never_looks_whole() {
    on_both(|world| async move {
        let national = filled(&world).await;
        let number = world.number(LEEDS);
        world
            .act(move |app| {
                app.store
                    .write(|db| {
                        let people = responses::people(db, number)?;
                        let all = responses::of_people(db, number, &people)?;
                        let mut spoilt = all[0].0.clone();
                        (spoilt.id, spoilt.body) =
                            (app.new_id(), json!({"questionnaire": "shared-lives"}).to_string());
                        responses::insert(db, &[&spoilt])
                    })
                    .expect("stored");
            })
            .await;
        for path in [CSV, ZIP, PARQUET] {
            let begun = begin(&world, &national, path).await;
            assert_eq!(begun.status, 200, "the first rows can be read");
            assert!(begun.rest().await.is_none(), "{path}: the connection breaks");
        }
    });
}
