//! The audit log: what is written down of every act, chained so that nobody can change it afterwards unnoticed.
//!
//! An entry says when, who, what and upon what: ids and codes, never a name, an address, an answer or anybody's words. Each entry's hash
//! takes in the one before it ([`chain`]); the newest hash of every chain is signed and kept elsewhere ([`heads`]).

mod chain;
mod finding;
mod heads;

pub use chain::{Anchor, BEGINNING, Chain, Entry, Head, verify};
pub use finding::{Finding, Place};
pub use heads::{Line, NO_LINE, digest_of_line, read_lines, sign_line};

use std::collections::BTreeMap;

use chrono::NaiveDateTime;
use serde::Serialize;

use super::access::Actor;

/// The chain of what belongs to no scheme. Schemes are numbered from 1.
pub const NATIONAL: i64 = 0;

/// Makes an enum whose members each have a code that never changes and words that explain it.
macro_rules! coded {
    ($(#[$about:meta])* $name:ident { $($member:ident = $code:literal, $words:literal;)+ }) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum $name {
            $(#[doc = $words] $member,)+
        }

        impl $name {
            /// Every one.
            pub const ALL: &'static [Self] = &[$(Self::$member,)+];

            /// Its code in the database and the API. A code is never used again for something else.
            pub fn code(self) -> &'static str {
                match self { $(Self::$member => $code,)+ }
            }

            /// What it is, for people.
            pub fn words(self) -> &'static str {
                match self { $(Self::$member => $words,)+ }
            }

            /// The one with this code.
            pub fn parse(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.code() == code)
            }
        }
    };
}

coded! {
    /// What was done. `CONTRIBUTING.md` says how to add one.
    Act {
        SignedIn = "signed-in", "signed in";
        SignInRefused = "sign-in-refused", "was refused a sign-in";
        PasswordGiven = "password-given", "gave the right password, before the second factor";
        Proved = "proved", "gave the password or a code once more";
        AccountAdded = "account-added", "added an account";
        ServiceAccountAdded = "service-account-added", "gave another system a key";
        ServiceKeyChanged = "service-key-changed", "gave another system a newer key";
        ServiceAccountRevoked = "service-account-revoked", "ended another system's access";
        ServiceSignedIn = "service-signed-in", "signed in with a key";
        WebhookChanged = "webhook-changed", "said where a scheme's changes are sent";
        WebhookKeyChanged = "webhook-key-changed", "gave a webhook another secret";
        WebhookRemoved = "webhook-removed", "took a webhook away";
        AccountChanged = "account-changed", "changed an account";
        AccountsListed = "accounts-listed", "listed accounts";
        PasswordForgotten = "password-forgotten", "asked for a link for a forgotten password";
        TokenKeyChanged = "token-key-changed", "let a new key sign tokens";
        SchemeAdded = "scheme-added", "added a scheme";
        SchemeChanged = "scheme-changed", "changed a scheme's entry";
        ContactsChanged = "contacts-changed", "changed whom a scheme names for safety";
        ParticipantChanged = "participant-changed", "entered or changed a participant";
        PersonErased = "person-erased", "erased a person with everything that was stored of them";
        IdentityRead = "identity-read", "read who a participant is";
        IdentitiesListed = "identities-listed", "listed who participants are";
        IdentityChanged = "identity-changed", "entered or changed who a participant is";
        PeopleListed = "people-listed", "listed participants, or who is due";
        ParticipantRead = "participant-read", "read one participant";
        ParticipantsImported = "participants-imported", "read a file of participants, or tried it";
        LifeEventRecorded = "life-event-recorded", "recorded a life event of a participant";
        LifeEventLifted = "life-event-lifted", "lifted a life event of a participant";
        AskingNoted = "asking-noted", "wrote down why a participant was not asked or could not take part";
        VisitBooked = "visit-booked", "booked a visit to a participant";
        SupportEnded = "support-ended", "ended a participant's support";
        ScheduleChanged = "schedule-changed", "changed how a scheme asks";
        WaveMade = "wave-made", "made a wave";
        InvitationMade = "invitation-made", "invited a participant";
        MessageWritten = "message-written", "had a message written to a participant";
        LettersMade = "letters-made", "made letters to participants";
        InvitationShown = "invitation-shown", "saw the link and the code of an invitation again";
        InvitationRevoked = "invitation-revoked", "took an invitation back";
        OpenLinkMade = "open-link-made", "made an open link";
        OpenLinkClosed = "open-link-closed", "closed an open link";
        ResponsesListed = "responses-listed", "listed responses";
        ResponsesExtracted = "responses-extracted", "took an extract of responses";
        ResponseCorrected = "response-corrected", "corrected a response";
        ResponseWithdrawn = "response-withdrawn", "withdrew a response";
        ResponseErased = "response-erased", "erased a response";
        TasksListed = "tasks-listed", "listed safeguarding tasks";
        TaskRead = "task-read", "read a safeguarding task and what was said";
        TaskAcknowledged = "task-acknowledged", "acknowledged a safeguarding task";
        ReturnSaved = "return-saved", "saved a return that is not sent in yet";
        ReturnSent = "return-sent", "sent in a return, or corrected one";
        ReturnQueried = "return-queried", "asked about a return";
        ReturnApproved = "return-approved", "approved a return";
        TargetSet = "target-set", "set a target for a KPI";
        TargetRemoved = "target-removed", "took a target back";
        DoneSaid = "done-said", "wrote down what was done with what people said";
        ReturnLinkMade = "return-link-made", "made a link for the return of a unit";
        ReturnLinkOpened = "return-link-opened", "began to fill in the return of a unit through a link";
        ReturnLinkRevoked = "return-link-revoked", "took a link for the return of a unit back";
        ComparatorsImported = "comparators-imported", "imported figures that others publish";
        ReleaseDrafted = "release-drafted", "drafted a release";
        ReleaseCommented = "release-commented", "said something of a scheme’s figures in a draft of a release";
        ReleaseDiscarded = "release-discarded", "threw a draft of a release away";
        ReleasePublished = "release-published", "published a release";
        ReleaseWithdrawn = "release-withdrawn", "withdrew a release";
        KeysRotated = "keys-rotated", "made new keys and sealed everything with them";
        KeysDestroyed = "keys-destroyed", "destroyed keys, so that what they sealed can never be read again";
        PersonExported = "person-exported", "made a copy of everything stored about a participant";
        OwnAnswersRead = "own-answers-read", "opened their own answers with the receipt";
        RetentionChanged = "retention-changed", "said how long data are kept";
        RetentionApplied = "retention-applied", "deleted what was older than it is kept";
        ComplaintMade = "complaint-made", "complained about how data are handled";
        ComplaintsRead = "complaints-read", "read complaints about how data are handled";
        ComplaintAcknowledged = "complaint-acknowledged", "told somebody that their complaint is looked at";
        ComplaintAnswered = "complaint-answered", "answered a complaint";
        AuditRead = "audit-read", "read the audit log";
    }
}

coded! {
    /// What kind of thing an act is upon.
    TargetKind {
        Nothing = "nothing", "nothing that has an id";
        Scheme = "scheme", "a scheme, by its id";
        Area = "area", "an area, by its code";
        Account = "account", "an account, by its id";
        ServiceAccount = "service-account", "a service account, by its id";
        Participant = "participant", "a participant, by the keyed pseudonym of their reference";
        Response = "response", "a response, by its public id";
        Questionnaire = "questionnaire", "a questionnaire, by its id";
        Task = "task", "a safeguarding task, by its id";
        Invitation = "invitation", "an invitation, by its id";
        Complaint = "complaint", "a complaint, by its id";
        OpenLink = "open-link", "an open link, by its id";
        ReturnLink = "return-link", "a link for the return of a unit, by its id";
        Wave = "wave", "a wave, by its id";
        Release = "release", "a release, by its id";
        ReleaseDraft = "release-draft", "a draft of a release, by its id";
        Comparators = "comparators", "figures that others publish, by source and year";
    }
}

/// What an act is upon.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// What kind of thing.
    pub kind: TargetKind,
    /// Its id; empty for [`TargetKind::Nothing`]. Never a name, an address or a participant's reference.
    pub id: String,
}

impl Target {
    /// Nothing that has an id.
    pub fn nothing() -> Self {
        Self::of(TargetKind::Nothing, "")
    }

    /// The thing of this kind with this id.
    pub fn of(kind: TargetKind, id: impl Into<String>) -> Self {
        Self { kind, id: id.into() }
    }
}

/// Who did it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum By {
    /// An account, by its id.
    Account(String),
    /// Whoever answered a survey, by their link, code or receipt.
    Respondent,
    /// Whoever holds the link of a mail.
    MailLink,
    /// Whoever holds the link for the return of a unit.
    ReturnLink,
    /// Whoever may run `khi` on the server.
    CommandLine,
    /// The program by itself.
    System,
    /// Somebody who is not signed in.
    Stranger,
}

impl By {
    /// As it is stored: `account:ID`, or the kind alone.
    pub fn code(&self) -> String {
        match self {
            Self::Account(id) => format!("account:{id}"),
            Self::Respondent => "respondent".into(),
            Self::MailLink => "mail-link".into(),
            Self::ReturnLink => "return-link".into(),
            Self::CommandLine => "command-line".into(),
            Self::System => "system".into(),
            Self::Stranger => "stranger".into(),
        }
    }
}

impl From<&Actor> for By {
    fn from(actor: &Actor) -> Self {
        Self::Account(actor.account.clone())
    }
}

/// A number or a code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
enum Detail {
    Number(i64),
    Code(String),
}

/// The longest code kept as a detail.
const LONGEST_CODE: usize = 64;

/// An act to be written down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// The chain: a scheme's number, or [`NATIONAL`].
    pub scheme_number: i64,
    /// When, in UTC, to the microsecond.
    pub at: NaiveDateTime,
    /// Who.
    pub by: By,
    /// What.
    pub act: Act,
    /// Upon what.
    pub target: Target,
    details: BTreeMap<&'static str, Detail>,
}

impl Event {
    /// An act without details.
    pub fn new(scheme_number: i64, at: NaiveDateTime, by: impl Into<By>, act: Act, target: Target) -> Self {
        Self { scheme_number, at, by: by.into(), act, target, details: BTreeMap::new() }
    }

    /// With a number.
    #[must_use]
    pub fn number(mut self, name: &'static str, number: i64) -> Self {
        self.details.insert(name, Detail::Number(number));
        self
    }

    /// With a code: at most 64 letters, digits, dots, hyphens, underscores and colons. Anything else is kept as `?`, so that no words of
    /// anybody can get in here.
    #[must_use]
    pub fn code(mut self, name: &'static str, code: &str) -> Self {
        let sound = (1..=LONGEST_CODE).contains(&code.len())
            && code.bytes().all(|b| b.is_ascii_alphanumeric() || b".-_:".contains(&b));
        self.details.insert(name, Detail::Code(if sound { code } else { "?" }.to_owned()));
        self
    }

    /// The details as they are stored: a JSON object, its keys in order.
    fn details(&self) -> String {
        serde_json::to_string(&self.details).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_and_read_back() {
        for (index, act) in Act::ALL.iter().enumerate() {
            assert_eq!(Act::parse(act.code()), Some(*act));
            assert!(Act::ALL[..index].iter().all(|other| other.code() != act.code()), "{}", act.code());
        }
        for kind in TargetKind::ALL {
            assert_eq!(TargetKind::parse(kind.code()), Some(*kind));
        }
    }

    #[test]
    fn words_do_not_get_into_details() {
        let event = Event::new(1, NaiveDateTime::MIN, By::System, Act::AuditRead, Target::nothing());
        let event = event.number("items", 3).code("from", "2026-07-01").code("why", "She said no.");
        assert_eq!(event.details(), r#"{"from":"2026-07-01","items":3,"why":"?"}"#);
    }
}
