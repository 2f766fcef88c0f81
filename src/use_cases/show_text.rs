//! The text message of an invitation, ready to be copied: for schemes without a gateway, and for those who send it from their own phone.

use super::due_list::own_record;
use super::manage_people::{fault, upon_person, ways_of};
use super::sealing::identity_of;
use super::send_invitations::not_now;
use super::write_messages::recipient;
use super::{Refusal, scheme_for};
use crate::app::App;
use crate::domain::access::{Action, Actor};
use crate::domain::audit::Act;
use crate::mail::invitation_text;
use crate::storage::{audit, invitations};

/// A text message to be copied.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct TextToCopy {
    /// Its words with the link.
    pub text: String,
    /// The language: `en` or `cy`.
    pub language: &'static str,
    /// How much room the words take, without the link: at most 160.
    pub length: usize,
    /// The number it is for, as it was entered.
    pub mobile: Option<String>,
    /// Whose number that is: `own`, `shared` or `supporter`.
    pub whose: &'static str,
}

/// The exact text message of an invitation that can still be answered.
///
/// # Errors
///
/// [`Refusal::Invalid`] if it is not known who the person is, or nothing is to be sent to them now.
pub fn show_text(app: &App, actor: &Actor, scheme_id: &str, id: &str) -> Result<TextToCopy, Refusal> {
    use crate::domain::identity::Whose;
    let directory = app.directory();
    let scheme = scheme_for(app, &directory, actor, scheme_id, "", Action::Invite)?;
    scheme_for(app, &directory, actor, scheme_id, "", Action::ReadIdentity)?;
    let refused = |code, detail: String| Ok(Err(Refusal::Invalid(vec![fault("", code, detail)])));
    app.store.write(|db| {
        let Some(row) = invitations::find(db, scheme.number, id)? else {
            return Ok(Err(Refusal::Unknown(None)));
        };
        let Some(record) = own_record(db, actor, scheme, &row.person)? else {
            return Ok(Err(Refusal::Unknown(None)));
        };
        if let Some((code, detail)) = not_now(app, &record, id) {
            return refused(code, detail);
        }
        let read = upon_person(app, scheme, actor, Act::IdentityRead, &row.person);
        let identity = audit::record_if(db, &read, |db| identity_of(app, db, scheme.number, &row.person))?;
        let Some(identity) = identity else {
            return refused(
                "contact-missing",
                "Enter the person's name and how they are asked first.".into(),
            );
        };
        let asked = record.asked.iter().find(|asked| asked.id == id);
        let reminder = asked.map(|asked| asked.reminded.len()).filter(|reminded| *reminded > 0);
        let to = recipient(scheme, &row, &identity, record.enrolment.language.as_deref(), reminder);
        let words = invitation_text::words(&to);
        Ok(Ok(TextToCopy {
            text: format!("{words} {}", ways_of(app, &row).link),
            language: to.speaks().code(),
            length: invitation_text::length(&words),
            mobile: identity.mobile.clone(),
            whose: match identity.contact {
                Whose::Own => "own",
                Whose::Shared => "shared",
                Whose::Supporter { .. } => "supporter",
            },
        }))
    })?
}
