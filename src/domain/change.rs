//! Kinds of change that other systems are told of: by id, never by content.

/// What happened to something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ChangeKind {
    /// A response was stored.
    ResponseRecorded,
    /// A response was corrected.
    ResponseCorrected,
    /// A response was withdrawn.
    ResponseWithdrawn,
    /// A response was erased.
    ResponseErased,
    /// A participant was added or replaced.
    ParticipantChanged,
    /// A participant was erased.
    ParticipantErased,
    /// An invitation was answered.
    InvitationAnswered,
    /// An invitation ended without an answer: it was taken back, or what was begun ran out.
    InvitationEnded,
    /// A safeguarding task was opened.
    TaskOpened,
    /// Somebody said that they have seen it.
    TaskAcknowledged,
}

impl ChangeKind {
    /// Every kind, in the order of the documentation.
    pub const ALL: [ChangeKind; 10] = [
        Self::ResponseRecorded,
        Self::ResponseCorrected,
        Self::ResponseWithdrawn,
        Self::ResponseErased,
        Self::ParticipantChanged,
        Self::ParticipantErased,
        Self::InvitationAnswered,
        Self::InvitationEnded,
        Self::TaskOpened,
        Self::TaskAcknowledged,
    ];

    /// Its name in the API and in the database.
    pub fn code(self) -> &'static str {
        match self {
            Self::ResponseRecorded => "response-recorded",
            Self::ResponseCorrected => "response-corrected",
            Self::ResponseWithdrawn => "response-withdrawn",
            Self::ResponseErased => "response-erased",
            Self::ParticipantChanged => "participant-changed",
            Self::ParticipantErased => "participant-erased",
            Self::InvitationAnswered => "invitation-answered",
            Self::InvitationEnded => "invitation-ended",
            Self::TaskOpened => "task-opened",
            Self::TaskAcknowledged => "task-acknowledged",
        }
    }

    /// The kind with this name.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// Whether its subject is a response.
    pub fn is_of_response(self) -> bool {
        matches!(
            self,
            Self::ResponseRecorded | Self::ResponseCorrected | Self::ResponseWithdrawn | Self::ResponseErased
        )
    }
}
