//! Extracts of responses: what is in them, for whom, and that nobody is hurt by somebody who reads them slowly or not to the end.

mod content;
mod files;
mod readers;

use std::collections::BTreeMap;
use std::pin::Pin;

use actix_web::body::{BodySize, BoxBody, MessageBody, to_bytes};
use actix_web::test::TestRequest;
use actix_web::web::Bytes;

use khi::storage::responses::{self, ResponseRow};

use super::support::{Client, World};

const CSV: &str = "/api/v1/exports/responses.csv?questionnaire=shared-lives";
const ZIP: &str = "/api/v1/exports/responses.zip?questionnaire=shared-lives";
const PARQUET: &str = "/api/v1/exports/responses.parquet?questionnaire=shared-lives";
const LEEDS: &str = "leeds-shared-lives";

/// An answer whose body was not read yet.
struct Begun {
    status: u16,
    headers: BTreeMap<String, String>,
    body: BoxBody,
}

impl Begun {
    async fn next(&mut self) -> Option<Bytes> {
        assert_eq!(self.body.size(), BodySize::Stream, "its length is not known");
        let piece = std::future::poll_fn(|context| Pin::new(&mut self.body).poll_next(context)).await;
        piece.map(|piece| piece.expect("a piece"))
    }

    /// The rest; none if it broke off.
    async fn rest(self) -> Option<Vec<u8>> {
        to_bytes(self.body).await.ok().map(|bytes| bytes.to_vec())
    }
}

/// Asks for an extract and reads nothing of it yet.
async fn begin(world: &World, client: &Client<'_>, path: &str) -> Begun {
    let header = ("Authorization", format!("Bearer {}", client.token()));
    let request = TestRequest::with_uri(path).insert_header(header);
    let response = (world.service().await)(request).await;
    let status = response.status().as_u16();
    let headers = response
        .headers()
        .iter()
        .map(|(name, value)| (name.to_string(), value.to_str().unwrap_or_default().to_owned()))
        .collect();
    Begun { status, headers, body: response.into_body() }
}

/// A whole extract.
async fn take(world: &World, client: &Client<'_>, path: &str) -> Vec<u8> {
    let begun = begin(world, client, path).await;
    assert_eq!(begun.status, 200, "{path}");
    begun.rest().await.expect("it comes whole")
}

/// The rows of a CSV extract, by the names of their columns.
fn rows(csv: &[u8]) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_reader(csv);
    let names: Vec<String> = reader.headers().expect("names").iter().map(str::to_owned).collect();
    let cells =
        |record: csv::StringRecord| names.iter().cloned().zip(record.iter().map(str::to_owned)).collect();
    reader.records().map(|record| cells(record.expect("a row"))).collect()
}

/// The rows of an extract.
async fn rows_of(world: &World, client: &Client<'_>, path: &str) -> Vec<BTreeMap<String, String>> {
    rows(&take(world, client, path).await)
}

/// Stores so many copies of the one response of a scheme that is there, each of somebody else.
async fn copy_response(world: &World, copies: usize) {
    let number = world.number(LEEDS);
    world
        .act(move |app| {
            app.store
                .write(|db| {
                    let people = responses::people(db, number)?;
                    let known = responses::of_people(db, number, &people)?;
                    let (first, _) = known.into_iter().next().expect("a response");
                    let new: Vec<ResponseRow> =
                        (0..copies).map(|_| ResponseRow { id: app.new_id(), ..first.clone() }).collect();
                    for some in new.chunks(500) {
                        responses::insert(db, &some.iter().collect::<Vec<_>>())?;
                    }
                    Ok(())
                })
                .expect("stored");
        })
        .await;
}
