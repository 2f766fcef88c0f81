//! Everything that is stored about one person, for that person (UK GDPR Article 15): made by a lead of their scheme, and handed over.
//!
//! What the person answered is in it only where they chose that their worker may see it, and never what was asked in private: whoever
//! makes the export would read it. Their own copy of all answers is theirs to open, with the receipt (`own_answers.rs`).

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::list_tasks::Seen;
use super::own_answers::said;
use super::sealing::{open_response, place};
use super::{Refusal, event, scheme_for};
use crate::app::App;
use crate::clock::written;
use crate::directory::Directory;
use crate::domain::access::{Action, Actor};
use crate::domain::audit::{Act, Entry, Target, TargetKind};
use crate::domain::schedule::Reason;
use crate::domain::scheme::Scheme;
use crate::sealed::Unreadable;
use crate::secrets::public_id;
use crate::storage::audit::Recorded;
use crate::storage::responses::ResponseRow;
use crate::storage::sealed_columns::IDENTITY;
use crate::storage::{
    StorageError, asking, audit, changes, drafts, identities, invitations, life_events, outbox, participants,
    responses, tasks, visits,
};

/// Why answers are left out.
const NOT_SHARED: &str = "Not in this copy: the person did not choose that their worker may see these answers. They can open them with the receipt code, at /my-answers.";
const PRIVATE: &str = "Not in this copy: these were asked in private. The person can open them with the receipt code, at /my-answers.";

/// Everything that is stored about a participant of a scheme.
///
/// # Errors
///
/// [`Refusal::Unknown`], if there is nothing.
pub fn export_person(app: &App, actor: &Actor, scheme_id: &str, reference: &str) -> Result<Value, Refusal> {
    let directory = app.directory();
    let scheme = scheme_for(app, &directory, actor, scheme_id, "", Action::ExportPerson)?;
    let pseudonym = app.secrets.pseudonym(scheme.number, reference);
    let target = Target::of(TargetKind::Participant, pseudonym.clone());
    let exported = event(app, scheme.number, actor, Act::PersonExported, target);
    let export = Export { app, directory: &directory, actor, scheme, reference, pseudonym };
    let found = app.store.write(|db| audit::record_if(db, &exported, |db| export.gather(db)))?;
    found.ok_or(Refusal::Unknown(None))
}

struct Export<'a> {
    app: &'a App,
    directory: &'a Directory,
    actor: &'a Actor,
    scheme: &'a Scheme,
    reference: &'a str,
    pseudonym: String,
}

impl Export<'_> {
    fn gather(&self, db: &mut Recorded<'_>) -> Result<Option<Value>, StorageError> {
        let (number, persons) = (self.scheme.number, [self.reference.to_owned()]);
        let participant = participants::find_entered(db, number, &persons)?.pop();
        let invited = invitations::of_people(db, number, &persons)?;
        let answered = responses::all_of(db, number, self.reference)?;
        if participant.is_none() && invited.is_empty() && answered.is_empty() {
            return Ok(None);
        }
        let worker = participant.as_ref().and_then(|(_, enrolment, _)| enrolment.worker.clone());
        let enrolment = participant.map(|(_, enrolment, entered_on)| {
            let not_asked = enrolment.not_asked.map(|n| json!({"from": n.from, "reason": n.reason.words()}));
            json!({"council": enrolment.council, "earlier_councils": enrolment.earlier_councils,
                   "supported_from": enrolment.supported_from, "supported_to": enrolment.supported_to,
                   "not_asked": not_asked, "arrangements": enrolment.arrangements, "language": enrolment.language,
                   "about": enrolment.about, "entered_on": entered_on,
                   "worker": worker.as_deref().map(|id| self.who(&format!("account:{id}")))})
        });
        let mut ids: Vec<String> = invited.iter().map(|i| i.id.clone()).collect();
        ids.extend(answered.iter().map(|row| row.id.clone()));
        ids.push(self.reference.to_owned());
        let told: Vec<Value> = changes::about(db, number, &ids)?
            .into_iter()
            .map(|change| json!({"at": written(change.at), "kind": change.kind}))
            .collect();
        let tasks = self.tasks(db)?;
        let mut read_about: Vec<String> = answered.iter().map(|row| public_id(number, &row.id)).collect();
        read_about.extend(invited.iter().map(|i| i.id.clone()));
        read_about.extend(tasks.iter().filter_map(|task| task["id"].as_str().map(str::to_owned)));
        read_about.push(self.pseudonym.clone());
        let acts: Vec<Value> =
            audit::about(db, number, &read_about, &self.pseudonym)?.iter().map(|e| self.act(e)).collect();
        Ok(Some(json!({
            "scheme": {"id": self.scheme.about.id, "name": self.scheme.about.name},
            "reference": self.reference,
            "made_at": written(self.app.now()),
            "purpose": "A copy for the person of what is stored about them (UK GDPR Article 15).",
            "identity": self.identity(db)?,
            "participant": enrolment,
            "look": participants::needs(db, number, self.reference)?,
            "life_events": self.life_events(db)?,
            "notes": self.notes(db)?,
            "visits": visits::of_person(db, number, self.reference)?.map(|visit| json!({"on": visit.visit_on,
                "booked_at": written(visit.booked_at), "booked_by": self.who(&format!("account:{}", visit.booked_by))})),
            "invitations": self.invitations(db, invited)?,
            "responses": answered.iter().map(|row| self.response(db, row)).collect::<Result<Vec<_>, StorageError>>()?,
            "tasks": tasks,
            "acts": acts,
            "told": told,
        })))
    }

    fn identity(&self, db: &mut Recorded<'_>) -> Result<Value, StorageError> {
        let Some(sealed) = identities::find(db, self.scheme.number, self.reference)? else {
            return Ok(Value::Null);
        };
        match self.app.vault.open(&place(&IDENTITY, self.scheme.number, self.reference), &sealed) {
            Ok(text) => Ok(serde_json::from_str(&text)?),
            Err(StorageError::Sealed(_, Unreadable::Destroyed)) => Ok(Value::Null),
            Err(other) => Err(other),
        }
    }

    fn life_events(&self, db: &mut Recorded<'_>) -> Result<Vec<Value>, StorageError> {
        let rows = life_events::of_people(db, self.scheme.number, &[self.reference.to_owned()])?;
        let one = |row: life_events::LifeEventRow| {
            json!({"kind": row.kind, "from": row.begins_on, "recorded_at": written(row.recorded_at),
                   "recorded_by": self.who(&format!("account:{}", row.recorded_by)), "lifted_on": row.lifted_on,
                   "lifted_by": row.lifted_by.map(|by| self.who(&format!("account:{by}")))})
        };
        Ok(rows.into_iter().map(one).collect())
    }

    fn notes(&self, db: &mut Recorded<'_>) -> Result<Vec<Value>, StorageError> {
        let rows = asking::notes_of(db, self.scheme.number, &[self.reference.to_owned()])?;
        let one = |row: asking::NoteRow| {
            let words = Reason::parse(&row.reason).map(Reason::words);
            json!({"kind": row.kind, "questionnaire": row.questionnaire, "due_on": row.due_on, "reason": row.reason,
                   "words": words, "on": row.noted_on, "recorded_at": written(row.recorded_at),
                   "recorded_by": self.who(&format!("account:{}", row.recorded_by))})
        };
        Ok(rows.into_iter().map(one).collect())
    }

    fn invitations(
        &self,
        db: &mut Recorded<'_>,
        rows: Vec<invitations::InvitationRow>,
    ) -> Result<Vec<Value>, StorageError> {
        let number = self.scheme.number;
        let ids: Vec<&str> = rows.iter().map(|row| row.id.as_str()).collect();
        let mut reminded = asking::reminders_of(db, number, &ids)?;
        let ids: Vec<String> = rows.iter().map(|row| row.id.clone()).collect();
        let mails = outbox::of_invitations(db, number, &ids)?;
        let messages = |id: &str| -> Vec<Value> {
            let own = mails.iter().filter(|mail| mail.invitation_id.as_deref() == Some(id));
            own.map(|mail| {
                json!({"kind": mail.kind, "way": mail.way, "written_at": written(mail.created_at),
                                  "sent_at": mail.sent_at.map(written)})
            })
            .collect()
        };
        rows.into_iter()
            .map(|row| {
                let begun = drafts::find(db, number, &row.id)?.filter(|draft| draft.response_id.is_none());
                Ok(json!({"id": row.id, "questionnaire": row.questionnaire, "occasion": row.occasion, "due_on": row.due_on,
                          "asked_on": row.asked_on, "ends_on": row.ends_on, "council": row.council,
                          "answered_at": row.answered_at.map(written), "unfinished": row.unfinished,
                          "begun_and_saved_at": begun.map(|draft| written(draft.updated_at)),
                          "reminded_on": reminded.remove(&row.id).unwrap_or_default(), "messages": messages(&row.id)}))
            })
            .collect()
    }

    /// A response: who helped, what was agreed to, and the answers that the person chose to share.
    fn response(&self, db: &mut Recorded<'_>, row: &ResponseRow) -> Result<Value, StorageError> {
        let submission = open_response(self.app, row)?;
        let version = submission.version.parse().ok();
        let definition = version.and_then(|v| self.app.registry.version(&submission.questionnaire, v));
        let shared = submission.consent.share == "worker";
        let all = said(definition.map(|d| &**d), &submission);
        let private = all.iter().filter(|said| said.private).count();
        let shown: Vec<_> = all.into_iter().filter(|said| shared && !said.private).collect();
        let history: Vec<Value> = responses::events_of(db, row.scheme_number, &row.id)?
            .into_iter()
            .map(|event| {
                let by =
                    event.account.map_or("respondent".to_owned(), |id| self.who(&format!("account:{id}")));
                json!({"kind": event.kind, "at": written(event.at), "by": by})
            })
            .collect();
        let left_out = match (shared, private) {
            (false, _) => Some(NOT_SHARED),
            (true, 0) => None,
            (true, _) => Some(PRIVATE),
        };
        Ok(json!({
            "id": public_id(row.scheme_number, &row.id), "questionnaire": submission.questionnaire,
            "title": definition.map(|d| d.title.get(&submission.language)), "version": submission.version,
            "completed_on": submission.completed_on, "accepted_at": written(row.accepted_at), "revision": row.revision,
            "withdrawn_at": row.withdrawn_at.map(written), "occasion": submission.occasion, "due_on": submission.due_on,
            "council": submission.council, "unit": submission.unit, "mode": submission.mode,
            "rendition": submission.rendition, "language": submission.language, "completed_by": submission.completed_by,
            "helper": submission.helper, "consent": submission.consent, "about": submission.about,
            "answers": shown, "answers_left_out": left_out, "history": history,
        }))
    }

    /// Safeguarding tasks about the person that this account may see.
    fn tasks(&self, db: &mut Recorded<'_>) -> Result<Vec<Value>, StorageError> {
        let seen = Seen { app: self.app, directory: self.directory, actor: self.actor, scheme: self.scheme };
        let rows = tasks::of_person(db, self.scheme.number, self.reference)?;
        let rows = rows.into_iter().filter(|row| seen.may_see(row.supporter, row.sent_by.as_deref()));
        rows.map(|row| {
            Ok(json!({"id": row.id, "raised_at": written(row.raised_at), "due_at": written(row.due_at),
                      "acknowledged_at": row.acknowledged_at.map(written), "items": row.items()?}))
        })
        .collect()
    }

    /// An act in the audit log: when, what, and by whom.
    fn act(&self, entry: &Entry) -> Value {
        let words = Act::parse(&entry.act).map(Act::words);
        json!({"at": written(entry.at), "act": entry.act, "words": words, "by": self.who(&entry.actor)})
    }

    /// Who did something: the role of an account, not its holder's name; or the kind of whoever it was.
    fn who(&self, actor: &str) -> String {
        let Some(id) = actor.strip_prefix("account:") else { return actor.to_owned() };
        let role = self.directory.any_account(id).and_then(crate::storage::accounts::AccountRow::role);
        role.map_or_else(
            || "another system, or an account that is gone".to_owned(),
            |role| role.title().to_owned(),
        )
    }
}

/// The keys under which an export shows things, for the test that holds it to the schema.
pub const EXPORT_KEYS: [&str; 11] = [
    "identity",
    "participant",
    "look",
    "life_events",
    "notes",
    "visits",
    "invitations",
    "responses",
    "tasks",
    "acts",
    "told",
];

/// An export as lines that people read: (heading, [(what, how it is)]), in the order of the document.
pub fn in_lines(export: &Value) -> Vec<(String, Vec<(String, String)>)> {
    let heading = |key: &str| {
        let words: BTreeMap<&str, &str> = [
            ("identity", "Name, contact and needs"),
            ("participant", "Support"),
            ("look", "How the person likes to be asked"),
            ("life_events", "What happened"),
            ("visits", "Booked visit"),
            ("notes", "Why the person was not asked, or could not take part"),
            ("invitations", "Invitations"),
            ("responses", "Answers"),
            ("tasks", "Safeguarding tasks"),
            ("acts", "Who did what with these data"),
            ("told", "What other systems of the scheme were told"),
        ]
        .into();
        words.get(key).copied().unwrap_or(key).to_owned()
    };
    EXPORT_KEYS
        .iter()
        .map(|key| {
            let mut lines = Vec::new();
            flatten("", &export[*key], &mut lines);
            (heading(key), lines)
        })
        .collect()
}

/// `{"a": {"b": 1}}` as (“a, b”, “1”); what there is nothing of is left out.
fn flatten(place: &str, value: &Value, lines: &mut Vec<(String, String)>) {
    let below = |name: &str| {
        let name = name.replace('_', " ");
        if place.is_empty() { name } else { format!("{place}, {name}") }
    };
    match value {
        Value::Null => {}
        Value::Object(map) if map.contains_key("question") => {
            let answer = map.get("answer").and_then(Value::as_str).unwrap_or("no answer");
            let question = map.get("question").and_then(Value::as_str).unwrap_or_default();
            lines.push((format!("{place}: {question}"), answer.to_owned()));
        }
        Value::Object(map) => map.iter().for_each(|(name, value)| flatten(&below(name), value, lines)),
        Value::Array(items) if items.iter().all(|item| item.is_string() || item.is_number()) => {
            let all: Vec<String> = items
                .iter()
                .map(|item| item.as_str().map_or_else(|| item.to_string(), str::to_owned))
                .collect();
            if !all.is_empty() {
                lines.push((place.to_owned(), all.join(", ")));
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                flatten(&below(&(index + 1).to_string()), item, lines);
            }
        }
        Value::Bool(yes) => lines.push((place.to_owned(), if *yes { "yes" } else { "no" }.to_owned())),
        Value::String(text) => lines.push((place.to_owned(), text.clone())),
        Value::Number(number) => lines.push((place.to_owned(), number.to_string())),
    }
}
