//! Complaints about how somebody's data are handled (Data Protection Act 2018, section 164A): making one without an account, and, for
//! whoever answers, seeing, acknowledging and answering them.

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};

use super::sealing::{place, seal_json, seal_mail};
use super::{Refusal, allow, event, scheme_for};
use crate::app::App;
use crate::directory::Directory;
use crate::domain::access::{Action, Actor, Role};
use crate::domain::audit::{Act, By, NATIONAL, Target, TargetKind};
use crate::domain::fault::Fault;
use crate::domain::scheme::Scheme;
use crate::mail::{Addressed, complaint_mail};
use crate::storage::complaints::{self, ComplaintRow};
use crate::storage::outbox::{self, MailRow};
use crate::storage::sealed_columns::{COMPLAINT_ANSWER, COMPLAINT_SAID};
use crate::storage::{StorageError, audit};

/// Within how many days a complaint is acknowledged.
const ACKNOWLEDGE_WITHIN: u64 = 30;
/// The longest complaint and answer, and the longest name and contact, in characters.
const LONGEST: usize = 4_000;
const LONGEST_LINE: usize = 200;
/// The most complaints that are listed.
const MOST: i64 = 200;

/// A complaint as somebody makes it.
#[derive(Debug, Clone, Default)]
pub struct NewComplaint {
    /// The scheme that is to answer; none: the national team.
    pub scheme: Option<String>,
    /// What is wrong.
    pub words: String,
    /// Who complains.
    pub name: String,
    /// How they are reached.
    pub contact: String,
}

/// What is told to whoever complained.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Complained {
    /// By what they name the complaint.
    pub reference: String,
    /// By when they hear that it is being looked at.
    pub acknowledge_by: NaiveDate,
    /// The scheme that answers; none: the national team.
    pub scheme: Option<String>,
}

/// What is sealed of a complaint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct SaidOf {
    words: String,
    name: String,
    contact: String,
}

/// Takes a complaint, and tells those who answer by mail that there is one.
pub fn complain(app: &App, new: &NewComplaint) -> Result<Complained, Refusal> {
    let directory = app.directory();
    let said = SaidOf {
        words: new.words.trim().to_owned(),
        name: new.name.trim().to_owned(),
        contact: new.contact.trim().to_owned(),
    };
    let mut faults = Vec::new();
    let mut wrong = |pointer: &str, code, detail: String| {
        faults.push(Fault { pointer: pointer.into(), code, detail });
    };
    for (pointer, text, longest) in [
        ("/words", &said.words, LONGEST),
        ("/name", &said.name, LONGEST_LINE),
        ("/contact", &said.contact, LONGEST_LINE),
    ] {
        if text.chars().count() > longest {
            wrong(pointer, "too-long", format!("At most {longest} characters."));
        }
        if text.contains('\0') {
            wrong(pointer, "null-character", "This must not hold the character U+0000.".into());
        }
    }
    if said.words.is_empty() {
        wrong("/words", "required", "Write what is wrong.".into());
    }
    let scheme = match &new.scheme {
        None => None,
        Some(id) => {
            let found = directory.scheme(id).filter(|scheme| !scheme.about.practice);
            if found.is_none() {
                wrong(
                    "/scheme",
                    "unknown-scheme",
                    "Choose a scheme of the list, or the national team.".into(),
                );
            }
            found
        }
    };
    if !faults.is_empty() {
        return Err(Refusal::Invalid(faults));
    }
    let (number, id, now) = (scheme.map_or(NATIONAL, |s| s.number), app.new_id(), app.now());
    let acknowledge_by =
        app.today().checked_add_days(Days::new(ACKNOWLEDGE_WITHIN)).unwrap_or(NaiveDate::MAX);
    let end = &id[id.len().saturating_sub(8)..];
    let reference = format!("C-{}-{}", &end[..4], &end[4..]);
    let row = ComplaintRow {
        scheme_number: number,
        reference: reference.clone(),
        received_at: now,
        acknowledge_by,
        said: seal_json(&app.vault, &place(&COMPLAINT_SAID, number, &id), &said)?,
        acknowledged_at: None,
        acknowledged_by: None,
        answered_at: None,
        answered_by: None,
        answer: None,
        id: id.clone(),
    };
    let mails = mails(app, &directory, scheme, &row)?;
    let made = event(app, number, By::Respondent, Act::ComplaintMade, Target::of(TargetKind::Complaint, id));
    app.store.write(|db| {
        complaints::insert(&mut audit::record(db, &made)?, &row)?;
        outbox::insert(db, &mails.iter().collect::<Vec<_>>())
    })?;
    Ok(Complained { reference, acknowledge_by, scheme: scheme.map(|s| s.about.name.clone()) })
}

/// The mails that tell of a complaint: to the accounts of those who answer; where a scheme has none, to its leads for safety.
fn mails(
    app: &App,
    directory: &Directory,
    scheme: Option<&Scheme>,
    row: &ComplaintRow,
) -> Result<Vec<MailRow>, StorageError> {
    let answers = |role: &Role| match scheme {
        None => *role == Role::National,
        Some(scheme) => *role == Role::SchemeLead(scheme.number),
    };
    let open = directory.accounts().filter(|account| account.disabled_at.is_none());
    let accounts = open.filter(|account| account.role().is_some_and(|role| answers(&role)));
    let mut people: Vec<(String, String)> =
        accounts.map(|account| (account.called().to_owned(), account.email.clone())).collect();
    if let Some(scheme) = scheme.filter(|_| people.is_empty()) {
        people.extend(scheme.contacts.leads.iter().map(|lead| (lead.name.clone(), lead.email.clone())));
    }
    let of = scheme.map(|scheme| scheme.number);
    let to_row = |(name, address): (String, String)| {
        let letter = complaint_mail::letter(
            &name,
            scheme.map(Scheme::shown_name).as_deref(),
            &row.reference,
            row.acknowledge_by,
        );
        let mail = Addressed::plainly(&name, &address, letter);
        Ok(MailRow {
            created_at: row.received_at,
            next_try_at: Some(row.received_at),
            ..seal_mail(app, of, complaint_mail::KIND, &mail)?
        })
    };
    people.into_iter().map(to_row).collect()
}

/// A complaint, for whoever answers it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ComplaintSeen {
    /// Its id.
    pub id: String,
    /// By what the person names it.
    pub reference: String,
    /// The day on which it came.
    pub received_on: NaiveDate,
    /// By when it is to be acknowledged.
    pub acknowledge_by: NaiveDate,
    /// What is wrong.
    pub words: String,
    /// Who complains; may be empty.
    pub name: String,
    /// How they are reached; may be empty.
    pub contact: String,
    /// When it was acknowledged.
    pub acknowledged_on: Option<NaiveDate>,
    /// When it was answered.
    pub answered_on: Option<NaiveDate>,
    /// What was answered.
    pub answer: Option<String>,
}

/// How a scheme's complaint is doing, for the national team: never what was said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ComplaintState {
    /// The scheme's name.
    pub scheme: String,
    /// By what the person names it.
    pub reference: String,
    /// The day on which it came.
    pub received_on: NaiveDate,
    /// By when it is to be acknowledged.
    pub acknowledge_by: NaiveDate,
    /// When it was acknowledged.
    pub acknowledged_on: Option<NaiveDate>,
    /// When it was answered.
    pub answered_on: Option<NaiveDate>,
}

/// Who answers: a scheme, for its leads; or the national team.
fn answering<'d>(
    app: &App,
    directory: &'d Directory,
    actor: &Actor,
    scheme: Option<&str>,
) -> Result<Option<&'d Scheme>, Refusal> {
    match scheme {
        Some(id) => {
            scheme_for(app, directory, actor, id, "", |s| Action::AnswerComplaints(Some(s))).map(Some)
        }
        None => allow(app, actor, Action::AnswerComplaints(None)).map(|()| None),
    }
}

/// The complaints that the scheme (none: the national team) answers, the newest first.
pub fn list_complaints(
    app: &App,
    actor: &Actor,
    scheme: Option<&str>,
) -> Result<Vec<ComplaintSeen>, Refusal> {
    let directory = app.directory();
    let number = answering(app, &directory, actor, scheme)?.map_or(NATIONAL, |s| s.number);
    let read = event(app, number, actor, Act::ComplaintsRead, Target::nothing());
    let rows = app.store.write(|db| complaints::list(&mut audit::record(db, &read)?, number, MOST))?;
    let day = crate::clock::day_of;
    let seen = rows.into_iter().map(|row| {
        let text = app.vault.open(&place(&COMPLAINT_SAID, number, &row.id), &row.said)?;
        let said: SaidOf = serde_json::from_str(&text)?;
        let answer = row.answer.as_ref();
        let answer =
            answer.map(|a| app.vault.open(&place(&COMPLAINT_ANSWER, number, &row.id), a)).transpose()?;
        Ok(ComplaintSeen {
            reference: row.reference,
            received_on: day(row.received_at),
            acknowledge_by: row.acknowledge_by,
            words: said.words,
            name: said.name,
            contact: said.contact,
            acknowledged_on: row.acknowledged_at.map(day),
            answered_on: row.answered_at.map(day),
            answer,
            id: row.id,
        })
    });
    Ok(seen.collect::<Result<_, StorageError>>()?)
}

/// How the complaints that schemes answer are doing, for the national team.
pub fn list_complaint_states(app: &App, actor: &Actor) -> Result<Vec<ComplaintState>, Refusal> {
    allow(app, actor, Action::AnswerComplaints(None))?;
    let directory = app.directory();
    let rows = app.store.read(|db| complaints::states(db, MOST))?;
    let day = crate::clock::day_of;
    let seen = rows.into_iter().filter_map(|row| {
        Some(ComplaintState {
            scheme: directory.scheme_by_number(row.scheme_number)?.about.name.clone(),
            reference: row.reference,
            received_on: day(row.received_at),
            acknowledge_by: row.acknowledge_by,
            acknowledged_on: row.acknowledged_at.map(day),
            answered_on: row.answered_at.map(day),
        })
    });
    Ok(seen.collect())
}

/// Notes that the person was told that their complaint is being looked at. Doing it again is no fault.
pub fn acknowledge_complaint(
    app: &App,
    actor: &Actor,
    scheme: Option<&str>,
    id: &str,
) -> Result<(), Refusal> {
    let directory = app.directory();
    let number = answering(app, &directory, actor, scheme)?.map_or(NATIONAL, |s| s.number);
    let done = event(app, number, actor, Act::ComplaintAcknowledged, Target::of(TargetKind::Complaint, id));
    app.store.write(|db| {
        audit::record_if(db, &done, |db| {
            Ok(complaints::acknowledge(db, number, id, &actor.account, app.now())?.then_some(()))
        })
    })?;
    Ok(())
}

/// Notes what was answered to the person. The first answer stands.
pub fn answer_complaint(
    app: &App,
    actor: &Actor,
    scheme: Option<&str>,
    id: &str,
    words: &str,
) -> Result<(), Refusal> {
    let directory = app.directory();
    let number = answering(app, &directory, actor, scheme)?.map_or(NATIONAL, |s| s.number);
    let words = words.trim();
    let faulty =
        |code, detail: String| Err(Refusal::Invalid(vec![Fault { pointer: "/answer".into(), code, detail }]));
    if words.is_empty() || words.contains('\0') {
        return faulty("required", "Write what you answered, so that it can be shown later.".into());
    }
    if words.chars().count() > LONGEST {
        return faulty("too-long", format!("At most {LONGEST} characters."));
    }
    let sealed = app.vault.seal(&place(&COMPLAINT_ANSWER, number, id), words)?;
    let done = event(app, number, actor, Act::ComplaintAnswered, Target::of(TargetKind::Complaint, id));
    app.store.write(|db| {
        audit::record_if(db, &done, |db| {
            Ok(complaints::answer(db, number, id, &actor.account, &sealed, app.now())?.then_some(()))
        })
    })?;
    Ok(())
}

/// How many complaints are not answered, and how many of them should have been acknowledged by now and were not.
pub fn open_complaints(app: &App, actor: &Actor, scheme: Option<&str>) -> Result<(i64, i64), Refusal> {
    let directory = app.directory();
    let number = answering(app, &directory, actor, scheme)?.map_or(NATIONAL, |s| s.number);
    Ok(app.store.read(|db| complaints::open(db, number, app.today()))?)
}
