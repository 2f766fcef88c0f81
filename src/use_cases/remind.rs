//! Which reminders go out: each is marked, and written into the outbox, in the transaction that finds it due, so that it goes once, whoever
//! asks. One that cannot be sent is marked all the same, and is for the scheme to do by hand.

use chrono::{Days, NaiveDate};

use super::due_list::Asking;
use super::event;
use super::manage_people::ways_of;
use super::sealing::identity_of;
use super::write_messages::{Way, lacking, message, put, recipient, written};
use crate::app::App;
use crate::domain::audit::{Act, By, Target, TargetKind};
use crate::domain::scheme::Scheme;
use crate::storage::invitations::InvitationRow;
use crate::storage::outbox::MailRow;
use crate::storage::{Db, StorageError, asking, audit, invitations, tallies};

/// A reminder that has become due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reminder {
    /// The scheme's number.
    pub scheme_number: i64,
    /// The scheme's id.
    pub scheme: String,
    /// The participant's reference.
    pub participant: String,
    /// The invitation.
    pub invitation: String,
    /// The questionnaire.
    pub questionnaire: String,
    /// 1 for the first.
    pub number: usize,
    /// The link.
    pub link: String,
    /// The code to be typed.
    pub code: String,
    /// The last day on which it can be answered.
    pub ends_on: NaiveDate,
    /// The language in which the person likes to be asked.
    pub language: Option<String>,
    /// How it goes; by hand: somebody in the scheme does it.
    pub way: Way,
}

/// The soonest reminder of any schedule comes so many days after the invitation.
const SOONEST: u64 = 3;

/// Every reminder that is due now, marked, and in the outbox where it can be sent; a second call, or another process, finds none of them
/// again.
pub fn due_reminders(app: &App) -> Result<Vec<Reminder>, StorageError> {
    let directory = app.directory();
    let mut due = Vec::new();
    for scheme in directory.schemes() {
        due.extend(of_scheme(app, scheme)?);
    }
    Ok(due)
}

fn of_scheme(app: &App, scheme: &Scheme) -> Result<Vec<Reminder>, StorageError> {
    let today = app.today();
    let asked_by = today.checked_sub_days(Days::new(SOONEST)).unwrap_or(today);
    let open = |db: &mut _| invitations::open_since(db, scheme.number, today, asked_by);
    if app.store.read(open)?.is_empty() {
        return Ok(Vec::new());
    }
    app.store.write(|db| {
        // Under the scheme's lock: a life event that is recorded at the same time stops this, or comes after it.
        tallies::lock(db, scheme.number)?;
        let rows: Vec<InvitationRow> = invitations::open_since(db, scheme.number, today, asked_by)?;
        let references: Vec<String> = rows.iter().map(|row| row.person.clone()).collect();
        let records = asking::records(db, scheme.number, &references)?;
        let schedules = Asking::load(app, db, scheme)?;
        let mut due = Vec::new();
        let mut messages = Vec::new();
        for row in rows {
            let Some(record) = records.get(&row.person) else { continue };
            let Some(asked) = record.asked.iter().find(|asked| asked.id == row.id) else { continue };
            let Some(number) = record.reminder_due(asked, &schedules.schedule(&row.questionnaire), today)
            else {
                continue;
            };
            if !asking::mark_reminder(db, scheme.number, &row.id, number, today, app.now())? {
                continue;
            }
            let language = record.enrolment.language.as_deref();
            let message = remind(app, db, scheme, &row, language, number)?;
            let way = message.as_ref().map_or(Way::ByHand, Way::of);
            messages.extend(message.map(|m| (written(app, By::System, &row, &m), m)));
            let ways = ways_of(app, &row);
            due.push(Reminder {
                scheme_number: scheme.number,
                scheme: scheme.about.id.clone(),
                participant: row.person,
                invitation: row.id,
                questionnaire: row.questionnaire,
                number,
                link: ways.link,
                code: ways.code,
                ends_on: row.ends_on,
                language: record.enrolment.language.clone(),
                way,
            });
        }
        put(db, &messages)?;
        Ok(due)
    })
}

/// What reminds somebody; none if nothing can be sent to them.
fn remind(
    app: &App,
    db: &mut Db,
    scheme: &Scheme,
    row: &InvitationRow,
    language: Option<&str>,
    number: usize,
) -> Result<Option<MailRow>, StorageError> {
    let pseudonym = app.secrets.pseudonym(scheme.number, &row.person);
    let target = Target::of(TargetKind::Participant, pseudonym);
    let read = event(app, scheme.number, By::System, Act::IdentityRead, target);
    let identity = audit::record_if(db, &read, |db| identity_of(app, db, scheme.number, &row.person))?;
    let Some(identity) = identity.filter(|identity| lacking(Some(identity)).is_none()) else {
        return Ok(None);
    };
    message(app, row, &recipient(scheme, row, &identity, language, Some(number)))
}
