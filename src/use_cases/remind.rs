//! Which reminders go out: each is marked in the transaction that finds it due, so that it goes once, whoever asks.

use chrono::{Days, NaiveDate};

use super::due_list::Asking;
use super::manage_people::ways_of;
use crate::app::App;
use crate::domain::scheme::Scheme;
use crate::storage::invitations::InvitationRow;
use crate::storage::{StorageError, asking, invitations, tallies};

/// A reminder that is to be sent now. By which channel is up to whoever sends it.
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
}

/// The soonest reminder of any schedule comes so many days after the invitation.
const SOONEST: u64 = 3;

/// Every reminder that is due now, marked as sent. Whoever calls sends them; a second call, or another process, finds none of them again.
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
            });
        }
        Ok(due)
    })
}
