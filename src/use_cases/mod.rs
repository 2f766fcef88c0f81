//! What can be done here: one file per act, shared by the API, the pages and the commands. Acts open transactions; they know no HTTP.

mod acknowledge_task;
mod answer_pages;
mod api_tokens;
mod apply_retention;
mod book_visit;
mod change_people;
mod compare_scheme;
mod complain;
mod correct_response;
mod count_versions;
mod deliver_mail;
mod deliver_webhooks;
mod delivery_of;
mod draft_release;
mod due_list;
mod end_drafts;
mod erase_person;
mod export_person;
mod extract_responses;
mod find_comparators;
mod find_way_in;
mod fold_tallies;
mod hand_over;
mod import_comparators;
mod import_people;
mod import_returns;
mod invite_due;
mod link_return;
mod list_responses;
mod list_returns;
mod list_senders;
mod list_tasks;
mod make_report;
mod manage_accounts;
mod manage_contacts;
mod manage_identities;
mod manage_open_links;
mod manage_people;
mod manage_releases;
mod manage_retention;
mod manage_schemes;
mod manage_staff;
mod manage_webhook;
mod note_asking;
mod open_task;
mod own_answers;
mod package_release;
mod preview_release;
mod public_report;
mod publish_release;
mod put_participant;
mod read_audit;
mod read_changes;
mod read_figures;
mod read_over_time;
mod read_performance;
mod read_published;
mod read_release;
mod read_return;
mod recognise_key;
mod record_definitions;
mod record_life_event;
mod remind;
mod restore_backup;
mod return_of;
mod returns_report;
mod review_return;
mod rotate_keys;
mod say_what_was_done;
mod sealing;
mod second_factor;
mod sector_report;
mod send_answers;
mod send_invitations;
mod send_return;
mod service_accounts;
mod set_schedule;
mod set_target;
mod set_up_account;
mod show_text;
mod sign_heads;
mod sign_in;
mod staff_sessions;
mod submit_batch;
mod submit_response;
mod take_backup;
mod try_response;
mod verify_audit;
mod verify_tallies;
mod watch;
mod withdraw_response;
mod write_letters;
mod write_messages;

pub use acknowledge_task::{LinkedTask, acknowledge_by_link, acknowledge_task, find_linked_task};
pub use answer_pages::{
    Sitting, Started, find_sitting, held_sitting, keep_needs, save_sitting, start, throw_away, way_back,
};
pub use api_tokens::{SignedIn, authenticate, rotate_token_keys};
pub use apply_retention::{Aged, apply_retention, report_retention, retention_is_due, tidy_up};
pub use book_visit::{VisitAsks, VisitSeen, book_visit, list_visits, visit_days};
pub use compare_scheme::{InDraft, InRelease, SchemeComparison, compare_scheme};
pub use complain::{
    Complained, ComplaintSeen, ComplaintState, NewComplaint, acknowledge_complaint, answer_complaint,
    complain, list_complaint_states, list_complaints, open_complaints,
};
pub use correct_response::{Corrected, correct_response};
pub use count_versions::count_by_version;
pub use deliver_mail::{Round, deliver_mail, deliver_texts};
pub use deliver_webhooks::deliver_webhooks;
pub use delivery_of::{Delivery, DeliveryList, MessageCounts, MessageSeen, ReminderSeen, delivery_of};
pub use draft_release::{OPEN_DAYS, attack_draft, draft_release};
pub use due_list::{
    DueCounts, DueList, DuePerson, EventSeen, NotAskedSeen, OccasionSeen, PeoplePage, PersonSeen,
    QuarterSeen, due_list, list_people, show_person,
};
pub use end_drafts::end_drafts;
pub use erase_person::erase_person;
pub use export_person::{EXPORT_KEYS, export_person, in_lines};
pub use extract_responses::{
    BegunExtract, ExtractError, ExtractProgress, ExtractQuery, begin_extract, begin_extract_here,
    extract_responses, may_extract_responses, most_rows_of,
};
pub use find_comparators::{ComparatorSeen, ComparatorSource};
pub use find_way_in::{Entry, WayIn, find_way_in};
pub use fold_tallies::fold_tallies;
pub use hand_over::{HelpOnVisit, hand_over};
pub use import_comparators::{
    ASCOF, ComparatorFile, ComparatorsReport, ImportComparators, Progress, comparator_files,
    import_comparators, import_comparators_for, list_comparators, may_import_comparators,
};
pub use import_people::{
    IdentityCounts, ImportPeople, ImportedColumn, ImportedRow, PeopleReport, import_people,
    write_people_template,
};
pub use import_returns::{ImportReturns, ReturnsOf, import_returns, write_returns_template};
pub use invite_due::{Choice, invite_due, leave, show_invitation};
pub use link_return::{
    ReturnLink, ReturnWayIn, UnitReturn, doubts_of_linked_return, enter_return_link, find_return_link,
    list_return_links, make_return_link, put_linked_return, read_linked_return, revoke_return_link,
};
pub use list_responses::{ListedResponses, ResponseQuery, list_responses};
pub use list_returns::{Completeness, completeness, list_returns};
pub use list_senders::{ReturnSeen, SenderSeen, senders_at};
pub use list_tasks::{About, TaskPage, TaskSeen, ToldSeen, list_tasks, read_task};
pub use make_report::{ReportOf, make_report, report_schemes};
pub use manage_accounts::{NewAccount, add_account, add_account_to_set_up, allow_api_without_code};
pub use manage_contacts::{put_contacts, read_contacts};
pub use manage_identities::{list_identities, put_identity, read_identity};
pub use manage_open_links::{OpenLink, add_open_link, close_open_link, demo_surveys, list_open_links};
pub use manage_people::{Invited, add_invitations, enter_invitations, put_participants, revoke_invitation};
pub use manage_releases::{
    DraftContents, DraftShown, StatusCounts, attack_draft_as, discard_draft, discard_draft_as,
    draft_release_as, publish_draft_as, show_draft,
};
pub use manage_retention::{kept_for, put_retention, read_retention};
pub use manage_schemes::{ImportReport, add_scheme, import_schemes, update_scheme};
pub use manage_staff::{
    AccountAct, AccountSeen, StaffInvitation, change_account, invite_staff, list_accounts,
};
pub use manage_webhook::{SeenWebhook, delete_webhook, put_webhook, read_webhook, rotate_webhook};
pub use note_asking::{record_could_not, record_not_asked};
pub use open_task::escalate_tasks;
pub use own_answers::{OwnAnswers, Said, read_own_answers};
pub use package_release::{Package, Packages, package_of, package_release};
pub use preview_release::{
    CommentSeen, DraftSeen, Preview, all_drafts, comment_release, list_drafts, preview_release,
};
pub use public_report::public_report;
pub use publish_release::{ReleaseRefused, publish_draft, release_at_once, withdraw_release};
pub use put_participant::{Precondition, PutParticipant, check_participant, put_participant};
pub use read_audit::{
    AuditPage, AuditSeen, TargetSeen, read_audit_here, read_national_audit, read_scheme_audit,
};
pub use read_changes::{ChangePage, read_changes};
pub use read_figures::{Figures, read_figures};
pub use read_over_time::{may_read_over_time, read_over_time};
pub use read_performance::{Outcome, ShareTarget, read_kpis, read_outcomes};
pub use read_published::{ReleaseFacts, read_published, release_facts};
pub use read_release::{
    CellPage, Frozen, Newest, ReleaseSeen, Withdrawn, find_release, list_releases, newest_headlines,
    release_cells, release_claim, release_claims, release_passports, release_text,
};
pub use read_return::{doubts_of_return, read_return};
pub use recognise_key::{KeyFile, compare_key, key_check, load_key};
pub use record_definitions::{Agreement, compare_definitions, record_definitions};
pub use record_life_event::{lift_life_event, record_life_event};
pub use remind::{Reminder, due_reminders};
pub use restore_backup::{RestoreOrder, restore_backup};
pub use return_of::{DUE_AFTER_DAYS, ReturnOf, asked_of, due_on};
pub use returns_report::{
    FigureHeadingSeen, ImportDoubt, ImportedFigure, ImportedReturn, Numbers, ReturnsReport,
};
pub use review_return::{approve_return, query_return};
pub use rotate_keys::{
    KeyState, Rotated, destroy_keys, list_keys, rotate_keys, rotate_wrapping_key, seal_what_is_plain,
};
pub use say_what_was_done::{DoneSaid, say_what_was_done, what_was_done};
pub use sealing::{open_draft, open_mail, open_response};
pub(crate) use sealing::{seal_seen_by, told_of};
pub use second_factor::{
    FactorSet, has_factor, offered_secret, recovery_codes_left, renew_recovery_codes, set_up_factor,
};
pub use sector_report::{public_sector_report, sector_report};
pub use send_answers::send_answers;
pub use send_invitations::{SentInvitation, send_again, send_invitations};
pub use send_return::{SentReturn, put_return, send_return};
pub use service_accounts::{
    NewKey, add_service_account, list_service_accounts, revoke_service_account, rotate_service_account,
    sign_in_with_key,
};
pub use set_schedule::{ScheduleSeen, WaveSeen, list_schedules, list_waves, make_wave, set_schedule};
pub use set_target::{TargetListed, list_targets, set_target};
pub use set_up_account::{
    AccountLink, ask_for_reset, change_password, find_account_link, show_set_up_link, use_account_link,
};
pub use show_text::{TextToCopy, show_text};
pub use sign_heads::{HeadsError, sign_heads};
pub use sign_in::sign_in;
pub use staff_sessions::{
    Entered, Needs, StaffSession, end_other_sessions, end_session_or_device, end_staff_session, enter_code,
    is_proved, knows_device, list_sessions, prove, sign_in_staff, staff_of,
};
pub use submit_batch::{LARGEST_BATCH, is_key, prepare_batch, submit_batch};
pub use submit_response::{
    Accepted, Prepared, may_submit, prepare, prepare_from_open_link, prepare_or_replay, submit_prepared,
};
pub use take_backup::{BackupOrder, TakenBackup, backup_is_due, take_backup};
pub use try_response::try_response;
pub use verify_audit::{AuditVerified, verify_audit};
pub use verify_tallies::{Difference, rebuild_tallies, verify_tallies};
pub use watch::{Watched, watch};
pub use withdraw_response::{erase_response, withdraw_by_receipt, withdraw_response};
pub use write_letters::{LetterOrder, letters};
pub use write_messages::Way;

use set_up_account::tell_account;

use crate::app::App;
use crate::domain::access::{Action, Actor, Decision, may};
use crate::domain::audit::{Act, By, Event, Target, TargetKind};
use crate::domain::fault::Fault;
use crate::domain::scheme::Scheme;
use crate::storage::StorageError;

/// Why an act was not done. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// No, or no longer valid, sign-in.
    #[error("not signed in")]
    NotSignedIn,
    /// The password is right; a code of the second factor is needed besides.
    #[error("code needed")]
    CodeNeeded,
    /// The password is right, and the account has no second factor yet, without which it gets no token.
    #[error("second factor missing")]
    SecondFactorMissing,
    /// The role does not do this.
    #[error("forbidden")]
    Forbidden,
    /// It does not exist, or not for this person. The fault, if any, says which part of the request named it.
    #[error("unknown")]
    Unknown(Option<Fault>),
    /// The request could not be read.
    #[error("malformed request")]
    Malformed(Vec<Fault>),
    /// The request could be read, and is not acceptable.
    #[error("invalid request")]
    Invalid(Vec<Fault>),
    /// The idempotency key was used for another body.
    #[error("idempotency key reused")]
    KeyReused,
    /// It was there, and has been taken away.
    #[error("gone")]
    Gone,
    /// What follows this place is deleted because of its age: whoever reads begins anew.
    #[error("start anew")]
    StartAnew,
    /// It exists already.
    #[error("exists already")]
    Exists(Fault),
    /// Nobody is invited before the scheme has named its safeguarding leads.
    #[error("leads missing")]
    LeadsMissing(Fault),
    /// A correction must say which revision it corrects.
    #[error("revision missing")]
    RevisionMissing,
    /// The thing has changed since the caller saw it.
    #[error("precondition failed")]
    Changed,
    /// Storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl Refusal {
    /// An unknown scheme, named at `pointer`. The same for a scheme that does not exist and one that is somebody else's.
    fn unknown_scheme(pointer: &str) -> Self {
        Self::Unknown(Some(Fault {
            pointer: pointer.into(),
            code: "unknown-scheme",
            detail: "There is no scheme with this id.".into(),
        }))
    }
}

/// Lets the act go on if `actor` may do it.
fn allow(app: &App, actor: &Actor, action: Action<'_>) -> Result<(), Refusal> {
    match may(&actor.role, action, &app.registry.areas) {
        Decision::Allow => Ok(()),
        Decision::Forbid => Err(Refusal::Forbidden),
        Decision::Unknown => Err(Refusal::Unknown(None)),
    }
}

/// What is written down of an act done now. `chain` is a scheme's number, or `NATIONAL`.
fn event(app: &App, chain: i64, by: impl Into<By>, act: Act, target: Target) -> Event {
    Event::new(chain, app.now(), by, act, target)
}

/// A scheme, as the audit log names it.
fn scheme_target(scheme: &Scheme) -> Target {
    Target::of(TargetKind::Scheme, &scheme.about.id)
}

/// The scheme with this id, if `actor` may do `action` with it. `pointer` is where the request names it.
fn scheme_for<'a>(
    app: &App,
    directory: &'a crate::directory::Directory,
    actor: &Actor,
    id: &str,
    pointer: &str,
    action: impl Fn(&'a Scheme) -> Action<'a>,
) -> Result<&'a Scheme, Refusal> {
    let Some(scheme) = directory.scheme(id) else {
        // A role that never does this is told so, whether or not there is such a scheme: otherwise ids could be tried out.
        return match may(&actor.role, action(nobodys_scheme()), &app.registry.areas) {
            Decision::Forbid => Err(Refusal::Forbidden),
            Decision::Allow | Decision::Unknown => Err(Refusal::unknown_scheme(pointer)),
        };
    };
    match allow(app, actor, action(scheme)) {
        Err(Refusal::Unknown(_)) => Err(Refusal::unknown_scheme(pointer)),
        other => other.map(|()| scheme),
    }
}

/// A scheme that is nobody's own.
fn nobodys_scheme() -> &'static Scheme {
    static NOBODYS: std::sync::OnceLock<Scheme> = std::sync::OnceLock::new();
    NOBODYS.get_or_init(|| Scheme {
        number: -1,
        about: crate::domain::scheme::NewScheme {
            id: String::new(),
            name: String::new(),
            model: crate::domain::definition::Model::SharedLives,
            areas: Vec::new(),
            cqc_location_id: None,
            units: Vec::new(),
            practice: false,
        },
        contacts: crate::domain::contacts::Contacts::default(),
    })
}
