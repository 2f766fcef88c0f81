//! Letters as a PDF, for a window envelope or to be handed over. Making them is an export: each is recorded.

use serde_json::Value;

use super::due_list::own_record;
use super::manage_people::{fault, upon_person, ways_of};
use super::sealing::identity_of;
use super::send_invitations::not_now;
use super::write_messages::recipient;
use super::{Refusal, event, scheme_for};
use crate::app::App;
use crate::domain::access::{Action, Actor};
use crate::domain::audit::{Act, Event, Target, TargetKind};
use crate::domain::fault::Fault;
use crate::domain::identity::Identity;
use crate::domain::reader::read_whole;
use crate::domain::schedule::Record;
use crate::domain::scheme::Scheme;
use crate::mail::invitation_letter::letter;
use crate::pdf::{self, Letter, PdfError};
use crate::storage::invitations::{self, InvitationRow};
use crate::storage::{StorageError, audit};

/// The most letters at once.
const MOST_AT_ONCE: usize = 500;

/// Which letters are to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LetterOrder {
    /// The invitations, in the order of the letters.
    pub invitations: Vec<String>,
    /// Whether those without a postal address are left out; else their letter has the name alone, to be handed over.
    pub with_address_only: bool,
}

impl LetterOrder {
    /// Reads `{"invitations": [...], "with_address_only": false}`.
    pub fn check(body: &Value) -> Result<Self, Vec<Fault>> {
        read_whole(body, |root| {
            let object = root.object()?;
            let invitations = object.required("invitations").and_then(|f| {
                let list = f.string_list(1)?;
                if list.len() > MOST_AT_ONCE {
                    f.fault("too-many", format!("At most {MOST_AT_ONCE} letters at once."));
                    return None;
                }
                Some(list)
            });
            let only = object.optional("with_address_only").map_or(Some(false), |f| f.boolean());
            object.close(false);
            Some(Self { invitations: invitations?, with_address_only: only? })
        })
    }
}

/// One letter's invitation and person, as they were found.
struct Found {
    row: InvitationRow,
    record: Record,
    identity: Identity,
}

/// Letters to these people: one PDF, each letter on a sheet of its own, in each person's language and size of print.
///
/// # Errors
///
/// [`Refusal::Invalid`] with every invitation that is not there, that is not to be sent now, or whose letter cannot be written, and why.
pub fn letters(app: &App, actor: &Actor, scheme_id: &str, order: &LetterOrder) -> Result<Vec<u8>, Refusal> {
    let directory = app.directory();
    let scheme = scheme_for(app, &directory, actor, scheme_id, "", Action::Invite)?;
    scheme_for(app, &directory, actor, scheme_id, "", Action::ReadIdentity)?;
    let found: Vec<Found> = app.store.write(|db| {
        let mut rows: Vec<(InvitationRow, Record)> = Vec::new();
        let mut faults = Vec::new();
        for (index, id) in order.invitations.iter().enumerate() {
            let place = format!("/invitations/{index}");
            let row = invitations::find(db, scheme.number, id)?;
            let record = match &row {
                Some(row) => own_record(db, actor, scheme, &row.person)?,
                None => None,
            };
            match (row, record) {
                (Some(row), Some(record)) => match not_now(app, &record, id) {
                    Some((code, why)) => faults.push(fault(&place, code, why)),
                    None => rows.push((row, record)),
                },
                _ => faults.push(fault(&place, "unknown-invitation", "The scheme has no such invitation.")),
            }
        }
        if rows.is_empty() && faults.is_empty() {
            faults.push(fault("/invitations", "empty", "At least one is needed."));
        }
        if !faults.is_empty() {
            return Ok(Err(Refusal::Invalid(faults)));
        }
        let made = rows.iter().flat_map(|(row, _)| {
            let target = Target::of(TargetKind::Invitation, &row.id);
            let letter = event(app, scheme.number, actor, Act::LettersMade, target);
            [upon_person(app, scheme, actor, Act::IdentityRead, &row.person), letter]
        });
        let made: Vec<Event> = made.collect();
        with_identities(app, &mut audit::record_all(db, &made)?, order, rows)
    })??;
    let mut made = Vec::with_capacity(found.len());
    let mut faults = Vec::new();
    for Found { row, record, identity } in &found {
        let letter = write(app, scheme, row, record, identity);
        if let Some(missing) = letter.first_missing() {
            let at = order.invitations.iter().position(|id| *id == row.id).unwrap_or(0);
            let detail = format!(
                "The letter's typeface has no “{missing}”. Write the name and address in Latin letters, or hand the code over."
            );
            faults.push(fault(&format!("/invitations/{at}"), "cannot-be-printed", detail));
        }
        made.push(letter);
    }
    if !faults.is_empty() {
        return Err(Refusal::Invalid(faults));
    }
    let language = made.first().map_or("en", |letter| letter.language);
    Ok(pdf::letters(&made, &scheme.shown_name(), language).map_err(unsound)?)
}

fn unsound(error: PdfError) -> StorageError {
    StorageError::Corrupt(format!("letters could not be made: {error}"))
}

/// Who they are to; those without an address are left out where that was asked for.
fn with_identities(
    app: &App,
    db: &mut audit::Recorded<'_>,
    order: &LetterOrder,
    rows: Vec<(InvitationRow, Record)>,
) -> Result<Result<Vec<Found>, Refusal>, StorageError> {
    let mut found = Vec::new();
    let mut faults = Vec::new();
    for (row, record) in rows {
        let at = order.invitations.iter().position(|id| *id == row.id).unwrap_or(0);
        match identity_of(app, db, row.scheme_number, &row.person)? {
            Some(identity) if order.with_address_only && identity.address.is_none() => {}
            Some(identity) => found.push(Found { row, record, identity }),
            None if order.with_address_only => {}
            None => {
                let detail = format!("{}: it is not known who this is. Enter their name first.", row.person);
                faults.push(fault(&format!("/invitations/{at}"), "contact-missing", detail));
            }
        }
    }
    if faults.is_empty() && found.is_empty() {
        faults.push(fault("/invitations", "address-missing", "None of these people has a postal address."));
    }
    Ok(if faults.is_empty() { Ok(found) } else { Err(Refusal::Invalid(faults)) })
}

fn write(app: &App, scheme: &Scheme, row: &InvitationRow, record: &Record, identity: &Identity) -> Letter {
    let asked = record.asked.iter().find(|asked| asked.id == row.id);
    let reminder = asked.map(|asked| asked.reminded.len()).filter(|reminded| *reminded > 0);
    let to = recipient(scheme, row, identity, record.enrolment.language.as_deref(), reminder);
    let ways = ways_of(app, row);
    let typed = app.link("/s");
    let typed = typed.split_once("://").map_or(typed.as_str(), |(_, rest)| rest);
    letter(&to, app.today(), &ways.link, &ways.code, typed)
}
