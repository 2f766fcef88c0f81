//! Who may do what. Every act asks here; nowhere else is a role compared.

use super::area::Areas;
use super::scheme::Scheme;
use super::service_account::{Scope, Service};

/// What an account is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Role {
    /// The national body: everything but names and free text.
    National,
    /// A council or region: figures of the schemes it commissions.
    Area(String),
    /// Leads one scheme.
    SchemeLead(i64),
    /// Works in one scheme.
    SchemeWorker(i64),
    /// May only send responses; for one scheme, or for all.
    Collector(Option<i64>),
    /// Reads pseudonymous responses and live figures.
    Analyst,
    /// Another system, for one scheme or for all, with what its scopes allow.
    Service(Service),
}

impl Role {
    /// Its name in the database and on the command line.
    pub fn code(&self) -> &'static str {
        match self {
            Self::National => "national",
            Self::Area(_) => "area",
            Self::SchemeLead(_) => "scheme-lead",
            Self::SchemeWorker(_) => "scheme-worker",
            Self::Collector(_) => "collector",
            Self::Analyst => "analyst",
            Self::Service(_) => "service",
        }
    }

    /// Whether somebody with this role can be the key worker of people of the scheme with this number.
    pub fn works_in(&self, scheme_number: i64) -> bool {
        matches!(self, Self::SchemeLead(number) | Self::SchemeWorker(number) if *number == scheme_number)
    }

    /// What people call it.
    pub fn title(&self) -> &'static str {
        match self {
            Self::National => "National team",
            Self::Area(_) => "Area",
            Self::SchemeLead(_) => "Scheme lead",
            Self::SchemeWorker(_) => "Scheme worker",
            Self::Collector(_) => "Collector",
            Self::Analyst => "Analyst",
            Self::Service(_) => "Another system",
        }
    }

    /// The scheme it is bound to.
    pub fn scheme(&self) -> Option<i64> {
        match self {
            Self::SchemeLead(number) | Self::SchemeWorker(number) => Some(*number),
            Self::Collector(number) => *number,
            Self::Service(service) => service.scheme,
            Self::National | Self::Area(_) | Self::Analyst => None,
        }
    }

    /// Whether a browser may be remembered, so that the second factor is not asked for each time. Not where one account opens all.
    pub fn may_remember_devices(&self) -> bool {
        *self != Self::National
    }
}

/// Someone who is signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// The account's id.
    pub account: String,
    /// Its role.
    pub role: Role,
}

impl Actor {
    /// Whether a person with this key worker exists for the actor: a worker sees their own people only. That the scheme is theirs
    /// is asked with [`may`].
    pub fn sees(&self, worker: Option<&str>) -> bool {
        self.only_own().is_none_or(|own| worker == Some(own))
    }

    /// The key worker to whose people the actor is kept; none = all of the scheme's.
    pub fn only_own(&self) -> Option<&str> {
        matches!(self.role, Role::SchemeWorker(_)).then_some(self.account.as_str())
    }
}

/// What someone wants to do.
#[derive(Debug, Clone, Copy)]
pub enum Action<'a> {
    /// Add a scheme, import schemes.
    ManageSchemes,
    /// See a scheme's entry.
    SeeScheme(&'a Scheme),
    /// Send a response for a scheme.
    SubmitResponse(&'a Scheme),
    /// Correct or withdraw a response of a scheme.
    ChangeResponse(&'a Scheme),
    /// Enter participants of a scheme, and set how they are asked.
    ManagePeople(&'a Scheme),
    /// Erase a participant of a scheme with everything that is stored of them.
    ErasePerson(&'a Scheme),
    /// Read a participant's name, contact details and needs.
    ReadIdentity(&'a Scheme),
    /// Enter them.
    PutIdentity(&'a Scheme),
    /// See participants, and what was entered of them. A worker sees their own people: [`Actor::sees`].
    ReadPeople(&'a Scheme),
    /// See who is due. A worker sees their own people.
    ReadDue(&'a Scheme),
    /// Invite people, and take invitations back. A worker does so for their own people.
    Invite(&'a Scheme),
    /// Give out open links.
    ManageOpenLinks(&'a Scheme),
    /// See schedules, and write down what happened to people. A worker does so for their own people.
    AskPeople(&'a Scheme),
    /// Read whom a scheme names for safety.
    ReadContacts(&'a Scheme),
    /// Name them.
    ManageContacts(&'a Scheme),
    /// See when a scheme's safeguarding tasks were raised and acknowledged.
    ReadTasks(&'a Scheme),
    /// See whom they are about, and what was said.
    ReadTaskPeople(&'a Scheme),
    /// Say that one was seen.
    AcknowledgeTask(&'a Scheme),
    /// Read a scheme's audit log.
    ReadAudit(&'a Scheme),
    /// See which participants it speaks of.
    NameParticipants(&'a Scheme),
    /// Read the audit log of what belongs to no scheme.
    ReadNationalAudit,
    /// Read pseudonymous responses.
    ReadResponses,
    /// Read those of a scheme whose people chose to share them with it.
    ReadSharedResponses(&'a Scheme),
    /// Read what happened, by id and kind: in one scheme, or everywhere.
    ReadChanges(Option<&'a Scheme>),
    /// Give other systems keys: for one scheme, or for all.
    ManageServiceAccounts(Option<&'a Scheme>),
    /// Say where a scheme is told of changes.
    ManageWebhook(&'a Scheme),
    /// Read figures from live tallies.
    ReadLiveFigures,
    /// Read figures of a scheme from its snapshot.
    ReadSnapshot(&'a Scheme),
    /// See a scheme's figures in a release before it is published.
    ReadPreview(&'a Scheme),
    /// Say something of them: the scheme's own word.
    CommentOnDraft(&'a Scheme),
    /// See every draft of a release, and what schemes say.
    ReadDrafts,
    /// Draft a release, attack it, publish it or throw the draft away.
    ManageReleases,
    /// See what a scheme or one of its units sent in for its KPIs.
    ReadReturns(&'a Scheme),
    /// Fill it in, send it in and correct it.
    SendReturn(&'a Scheme),
    /// Ask about it, and approve it.
    ReviewReturn(&'a Scheme),
    /// See what the area with this code (the UK's: the national body) sent in for its own KPIs.
    ReadAreaReturn(&'a str),
    /// Fill it in, send it in and correct it.
    SendAreaReturn(&'a str),
    /// Ask about it, and approve it.
    ReviewAreaReturn(&'a str),
    /// Import figures that others publish, and see which were.
    ImportComparators,
    /// Make a copy of everything that is stored about a participant, for them.
    ExportPerson(&'a Scheme),
    /// See for how long data are kept: nationally, or in a scheme.
    ReadRetention(Option<&'a Scheme>),
    /// Say it.
    ManageRetention(Option<&'a Scheme>),
    /// Read and answer complaints about data: those that the national team answers, or those that a scheme does.
    AnswerComplaints(Option<&'a Scheme>),
    /// See and change every account.
    ManageAccounts,
    /// See and change the accounts of a scheme's staff.
    ManageStaff(&'a Scheme),
}

/// The answer. What is outside one's scope is unknown: the same answer as for what does not exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// Yes.
    Allow,
    /// No: this role does not do that.
    Forbid,
    /// For this person it does not exist.
    Unknown,
}

/// Whether `role` may do `action`.
pub fn may(role: &Role, action: Action<'_>, areas: &Areas) -> Decision {
    use Decision::{Allow, Forbid, Unknown};
    let own = |number: &i64, scheme: &Scheme| if *number == scheme.number { Allow } else { Unknown };
    match (role, action) {
        (Role::Service(service), action) => service_may(service, action),
        // Whom a task is about, and that it was seen, is between the person and their scheme.
        (
            Role::National,
            Action::ReadTaskPeople(_) | Action::AcknowledgeTask(_) | Action::NameParticipants(_),
        ) => Forbid,
        // Nor does anybody outside the scheme see who people are.
        (
            Role::National,
            Action::ReadIdentity(_)
            | Action::PutIdentity(_)
            | Action::ExportPerson(_)
            | Action::AnswerComplaints(Some(_)),
        ) => Forbid,
        // What a scheme says of its figures is its own word.
        (Role::National, Action::CommentOnDraft(_)) => Forbid,
        (Role::National, _) => Allow,
        (
            Role::Analyst,
            Action::ReadResponses | Action::ReadLiveFigures | Action::SeeScheme(_) | Action::ReadSnapshot(_),
        ) => Allow,
        (Role::Area(own), Action::ReadAreaReturn(code)) => {
            if areas.lies_within(code, own) {
                Allow
            } else {
                Unknown
            }
        }
        (Role::Area(own), Action::SendAreaReturn(code)) => {
            if own == code {
                Allow
            } else {
                Unknown
            }
        }
        (
            Role::Area(code),
            Action::SeeScheme(scheme)
            | Action::ReadSnapshot(scheme)
            | Action::ReadReturns(scheme)
            | Action::ReviewReturn(scheme),
        ) => {
            if scheme.about.areas.iter().any(|a| areas.lies_within(&a.code, code)) {
                Allow
            } else {
                Unknown
            }
        }
        (
            Role::SchemeLead(number),
            Action::SeeScheme(scheme)
            | Action::SubmitResponse(scheme)
            | Action::ChangeResponse(scheme)
            | Action::ManagePeople(scheme)
            | Action::ErasePerson(scheme)
            | Action::ExportPerson(scheme)
            | Action::ReadRetention(Some(scheme))
            | Action::ManageRetention(Some(scheme))
            | Action::AnswerComplaints(Some(scheme))
            | Action::ReadIdentity(scheme)
            | Action::PutIdentity(scheme)
            | Action::ReadPeople(scheme)
            | Action::ReadDue(scheme)
            | Action::Invite(scheme)
            | Action::ManageOpenLinks(scheme)
            | Action::AskPeople(scheme)
            | Action::ReadChanges(Some(scheme))
            | Action::ManageServiceAccounts(Some(scheme))
            | Action::ManageWebhook(scheme)
            | Action::ReadContacts(scheme)
            | Action::ManageContacts(scheme)
            | Action::ReadTasks(scheme)
            | Action::ReadTaskPeople(scheme)
            | Action::AcknowledgeTask(scheme)
            | Action::ManageStaff(scheme)
            | Action::ReadAudit(scheme)
            | Action::NameParticipants(scheme)
            | Action::ReadReturns(scheme)
            | Action::SendReturn(scheme)
            | Action::ReadPreview(scheme)
            | Action::CommentOnDraft(scheme)
            | Action::ReadSnapshot(scheme),
        ) => own(number, scheme),
        (
            Role::SchemeWorker(number),
            Action::SeeScheme(scheme)
            | Action::SubmitResponse(scheme)
            | Action::ReadIdentity(scheme)
            | Action::PutIdentity(scheme)
            | Action::ReadPeople(scheme)
            | Action::ReadDue(scheme)
            | Action::Invite(scheme)
            | Action::AskPeople(scheme)
            | Action::ReadContacts(scheme)
            | Action::ReadReturns(scheme)
            | Action::ReadPreview(scheme)
            | Action::ReadSnapshot(scheme),
        ) => own(number, scheme),
        (
            Role::SchemeWorker(number),
            Action::ChangeResponse(scheme)
            | Action::ManagePeople(scheme)
            | Action::ErasePerson(scheme)
            | Action::ExportPerson(scheme)
            | Action::ReadRetention(Some(scheme))
            | Action::ManageRetention(Some(scheme))
            | Action::AnswerComplaints(Some(scheme))
            | Action::ManageOpenLinks(scheme)
            | Action::ManageContacts(scheme)
            | Action::ReadTasks(scheme)
            | Action::ReadTaskPeople(scheme)
            | Action::ManageStaff(scheme)
            | Action::SendReturn(scheme)
            | Action::CommentOnDraft(scheme)
            | Action::AcknowledgeTask(scheme)
            | Action::ReadAudit(scheme)
            | Action::NameParticipants(scheme),
        ) => {
            if *number == scheme.number {
                Forbid
            } else {
                Unknown
            }
        }
        (Role::Collector(Some(number)), Action::SubmitResponse(scheme) | Action::SeeScheme(scheme)) => {
            own(number, scheme)
        }
        (Role::Collector(None), Action::SubmitResponse(_) | Action::SeeScheme(_)) => Allow,
        _ => Forbid,
    }
}

/// Whether a service account may do `action`: its scopes say what, the scheme it is bound to says where.
fn service_may(service: &Service, action: Action<'_>) -> Decision {
    use Decision::{Allow, Forbid, Unknown};
    // A missing scope is told first, whatever scheme is named, so that schemes' ids cannot be tried out.
    let at = |scope: Option<Scope>, scheme: &Scheme| match service.scheme {
        _ if scope.is_some_and(|scope| !service.scopes.contains(&scope)) => Forbid,
        Some(own) if own != scheme.number => Unknown,
        _ => Allow,
    };
    let everywhere = |scope: Scope| {
        if service.scheme.is_none() && service.scopes.contains(&scope) { Allow } else { Forbid }
    };
    match action {
        Action::SeeScheme(scheme) => at(None, scheme),
        Action::ManagePeople(scheme) | Action::AskPeople(scheme) => at(Some(Scope::PeopleWrite), scheme),
        // Names and contact details come in, and do not go out: a key is one factor, and lasts.
        Action::PutIdentity(scheme) if service.scheme.is_some() => at(Some(Scope::PeopleWrite), scheme),
        Action::ReadPeople(scheme) => at(Some(Scope::PeopleRead), scheme),
        Action::ReadDue(scheme) => at(Some(Scope::DueRead), scheme),
        Action::Invite(scheme) | Action::ManageOpenLinks(scheme) => at(Some(Scope::InvitationsWrite), scheme),
        Action::SubmitResponse(scheme) | Action::ChangeResponse(scheme) => {
            at(Some(Scope::ResponsesWrite), scheme)
        }
        Action::ReadResponses => everywhere(Scope::ResponsesRead),
        Action::ReadSharedResponses(scheme) => at(Some(Scope::ResponsesRead), scheme),
        Action::ReadChanges(Some(scheme)) => at(Some(Scope::ChangesRead), scheme),
        Action::ReadChanges(None) => everywhere(Scope::ChangesRead),
        Action::ReadSnapshot(scheme) | Action::ReadReturns(scheme) => at(Some(Scope::FiguresRead), scheme),
        Action::ReadPreview(scheme) => at(Some(Scope::FiguresRead), scheme),
        Action::SendReturn(scheme) => at(Some(Scope::ReturnsWrite), scheme),
        Action::CommentOnDraft(scheme) if service.scheme.is_some() => at(Some(Scope::ReturnsWrite), scheme),
        Action::ReadLiveFigures => everywhere(Scope::FiguresRead),
        _ => Forbid,
    }
}

/// Whether somebody of the role `role` may invite, change or close an account of the role `other`: the national body all, a scheme's
/// lead those of the own scheme. An account elsewhere does not exist for a lead.
pub fn may_manage(role: &Role, other: &Role) -> Decision {
    match role {
        Role::National => Decision::Allow,
        Role::SchemeLead(number) if other.scheme() == Some(*number) => Decision::Allow,
        Role::SchemeLead(_) => Decision::Unknown,
        _ => Decision::Forbid,
    }
}
