//! A scheme whose people answer in a browser: its participants, invitations and open links, and what is stored of them.

use std::collections::BTreeMap;

use actix_web::web;
use serde_json::{Value, json};

use khi::domain::answering::Draft;
use khi::domain::submission::Submission;
use khi::storage::drafts::{self, DraftRow};
use khi::storage::{StorageError, responses};
use khi::use_cases::{end_drafts, open_draft, open_response};

use super::bodies::{contacts, scheme};
use super::world::{Client, World};

const SCHEME: &str = "leeds-shared-lives";
const PARTICIPANTS: &str = "/api/v1/schemes/leeds-shared-lives/participants/by-ref";
pub(crate) const INVITATIONS: &str = "/api/v1/schemes/leeds-shared-lives/invitations";
pub(crate) const OPEN_LINKS: &str = "/api/v1/schemes/leeds-shared-lives/open-links";

/// An invitation, or an open link, as a person gets it.
#[derive(Debug, Clone)]
pub(crate) struct Ticket {
    pub(crate) id: String,
    /// The path of the link.
    pub(crate) link: String,
    pub(crate) code: String,
}

impl Ticket {
    fn of(json: &Value) -> Self {
        let text = |key: &str| json[key].as_str().expect(key).to_owned();
        let link = text("link").strip_prefix("http://khi.test").expect("our address").to_owned();
        Self { id: text("id"), link, code: text("code") }
    }
}

impl World {
    /// A national member of staff, with a scheme in Leeds that may invite people.
    pub(crate) async fn with_leeds(&self) -> Client<'_> {
        let national = self.national().await;
        national.post("/api/v1/schemes", &scheme(SCHEME, "E08000035")).await.expect(201);
        let path = format!("/api/v1/schemes/{SCHEME}/contacts");
        national.put(&path, &contacts("leeds")).await.expect(200);
        national
    }

    /// What is stored of the scheme's responses that are not withdrawn.
    pub(crate) async fn stored(&self) -> Vec<Submission> {
        let (app, number) = (self.app.clone(), self.number(SCHEME));
        let read = move || {
            let rows = app.store.read(|db| {
                let people = responses::people(db, number)?;
                responses::of_people(db, number, &people)
            })?;
            rows.iter().map(|(row, _)| open_response(&app, row)).collect::<Result<_, StorageError>>()
        };
        web::block(read).await.expect("runs").expect("read")
    }

    /// The one response there is.
    pub(crate) async fn only_stored(&self) -> Submission {
        let mut stored = self.stored().await;
        assert_eq!(stored.len(), 1, "{stored:?}");
        stored.remove(0)
    }

    /// A draft as it is stored.
    pub(crate) async fn draft(&self, id: &str) -> Option<DraftRow> {
        let (app, number, id) = (self.app.clone(), self.number(SCHEME), id.to_owned());
        web::block(move || app.store.read(|db| drafts::find(db, number, &id)))
            .await
            .expect("runs")
            .expect("read")
    }

    /// What a draft says.
    pub(crate) async fn said(&self, id: &str) -> Draft {
        let row = self.draft(id).await.expect("a draft");
        open_draft(&self.app, &row).expect("reads")
    }

    /// Ends the drafts whose time is over; says how many.
    pub(crate) async fn end_drafts(&self) -> usize {
        let app = self.app.clone();
        web::block(move || end_drafts(&app)).await.expect("runs").expect("ended")
    }
}

impl Client<'_> {
    /// Enters a participant and invites them to `shared-lives`.
    pub(crate) async fn invite(&self, person: &str) -> Ticket {
        self.invite_with(person, json!({}), json!({})).await
    }

    /// As [`Client::invite`], with facts about the person and more of the invitation.
    pub(crate) async fn invite_with(&self, person: &str, about: Value, more: Value) -> Ticket {
        let enrolment = json!({"council": "E08000035", "supported_from": "2024-01-01", "about": about});
        let put = self.put(&format!("{PARTICIPANTS}/{person}"), &enrolment).await;
        assert!([201, 204].contains(&put.status.as_u16()), "{}", put.text);
        let mut body =
            json!({"participant": person, "questionnaire": "shared-lives", "due_on": "2026-07-20"});
        body.as_object_mut().expect("an object").extend(more.as_object().cloned().unwrap_or_default());
        Ticket::of(&self.post(INVITATIONS, &body).await.expect(201).json())
    }

    /// Makes an open link to `shared-lives`.
    pub(crate) async fn open_link(&self) -> Ticket {
        Ticket::of(&self.post(OPEN_LINKS, &json!({"questionnaire": "shared-lives"})).await.expect(201).json())
    }
}

/// The stored answers as JSON, by item.
pub(crate) fn answers(stored: &Submission) -> BTreeMap<String, Value> {
    let json = |answer| serde_json::to_value(answer).expect("json");
    stored.answers.iter().map(|(id, answer)| (id.clone(), json(answer))).collect()
}
