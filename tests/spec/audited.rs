//! Nothing that must be audited can be done unrecorded: the functions of storage that change or read it take `Recorded`, which is given
//! for an entry in the audit log and for nothing else. Every exception is listed here, with who may call it and why.

use std::collections::{BTreeMap, BTreeSet};

use crate::support::{files, read, repository};

/// Tables whose functions take `Recorded`.
const AUDITED: [&str; 43] = [
    "accounts",
    "asking_notes",
    "audit_log",
    "comparator_files",
    "comparators",
    "complaints",
    "data_keys",
    "drafts",
    "entry_codes",
    "identities",
    "invitations",
    "life_events",
    "open_links",
    "participant_needs",
    "participants",
    "recovery_codes",
    "release_claims",
    "release_comments",
    "release_drafts",
    "release_ledgers",
    "release_parts",
    "releases",
    "remembered_devices",
    "response_events",
    "responses",
    "retention_settings",
    "return_events",
    "return_figures",
    "return_links",
    "returns",
    "safeguarding_tasks",
    "schedules",
    "scheme_contacts",
    "schemes",
    "second_factors",
    "service_accounts",
    "service_keys",
    "staff_sessions",
    "targets",
    "what_was_done",
    "visits",
    "waves",
    "webhooks",
];

/// Other tables, each with the reason.
const NOT_AUDITED: [(&str, &str); 24] = [
    ("account_links", "ids and times: what opens them is not stored; written with acts that are recorded"),
    ("audit_heads", "the ends of the log itself"),
    ("change_floors", "numbers"),
    ("change_numbers", "a number"),
    ("changes", "ids and kinds, for other systems"),
    ("directory_version", "a number"),
    ("fold_locks", "locks"),
    ("idempotency_keys", "keyed hashes"),
    ("open_link_uses", "keyed hashes of addresses, deleted after a day"),
    (
        "outbox",
        "mails and messages that acts write in their own transaction, recorded there; read by what delivers them",
    ),
    ("people", "when a person's answers last moved figures; never shown"),
    ("published_files", "digests of definitions"),
    ("reminders", "which reminder of which invitation went out when: a record itself"),
    ("scheme_areas", "written by schemes only"),
    ("settings", "small facts about the database"),
    ("settled_tallies", "counts"),
    ("sittings", "keyed hashes of browsers"),
    ("snapshot_tallies", "counts"),
    ("snapshots", "times"),
    ("steady_figures", "counts that were shown, and ids of responses"),
    ("tallies", "counts"),
    ("unfolded", "marks, written with the response"),
    ("units", "written by schemes only"),
    ("unnumbered_changes", "ids and kinds, for other systems"),
];

/// Functions that need no `Recorded`: what they are, the files outside storage that call them (and `queue`), why.
const EXCEPTIONS: &[(&str, &[&str], &str)] = &[
    // The log itself
    (
        "audit::record_all",
        &[
            "use_cases/import_people",
            "use_cases/manage_people",
            "use_cases/manage_retention",
            "use_cases/manage_schemes",
            "use_cases/second_factor",
            "use_cases/send_invitations",
            "use_cases/write_letters",
            "use_cases/write_messages",
        ],
        "it is what makes it",
    ),
    ("backup::copy_sqlite", &[], "the whole database as it is; shown to nobody"),
    ("audit::chains", &["use_cases/verify_audit"], "scheme numbers"),
    ("audit::entries", &["use_cases/verify_audit"], "checked, and shown to nobody"),
    ("audit::hash_of", &["use_cases/sign_heads"], "a hash"),
    // Data protection
    ("complaints::states", &["use_cases/complain"], "numbers and days, never what was said"),
    ("complaints::open", &["use_cases/complain"], "numbers"),
    ("retention::settings_of", &["use_cases/manage_retention"], "settings, and nobody's"),
    ("outdated::words", &[], "by outdated::find"),
    ("outdated::history", &[], "by outdated::find"),
    ("outdated::withdrawn", &[], "by outdated::find"),
    ("outdated::ways_in", &[], "by outdated::find"),
    ("outdated::seen_tasks", &[], "by outdated::find"),
    ("outdated::answered_complaints", &[], "by outdated::find"),
    ("outdated::sessions", &[], "by outdated::find"),
    ("outdated::closed_accounts", &[], "by outdated::find"),
    ("outdated::last_answers", &["use_cases/apply_retention"], "days and numbers, as outdated::find"),
    // Kept in memory to decide who may do what
    (
        "accounts::all",
        &["cli/doctor/database", "directory"],
        "read into memory by every process, counted by the doctor; never listed",
    ),
    ("contacts::all", &["directory"], "read into memory with the schemes"),
    ("schemes::numbers", &["vault"], "numbers"),
    // Keys are kept in memory, like the schemes; they are shown to nobody
    (
        "data_keys::all",
        &["use_cases/rotate_keys", "vault"],
        "unwrapped by the vault, or listed without the keys",
    ),
    ("data_keys::find", &["vault"], "unwrapped"),
    (
        "data_keys::insert",
        &["use_cases/rotate_keys", "vault"],
        "a new scheme's first key; a rotation records itself",
    ),
    ("data_keys::rewrap", &["vault"], "the same key, wrapped otherwise"),
    (
        "data_keys::give_up",
        &["use_cases/restore_backup"],
        "their secret file is lost; nothing is open that could record",
    ),
    ("schemes::all", &["directory"], "read into memory by every process"),
    ("service_accounts::all", &["directory"], "read into memory by every process"),
    ("service_accounts::keys_of", &["use_cases/service_accounts"], "ids and days; never a key"),
    ("service_accounts::find_key", &["use_cases/service_accounts"], "tells who signs in, which is recorded"),
    ("webhooks::find", &["use_cases/manage_webhook"], "how it is doing"),
    ("webhooks::due", &["use_cases/deliver_webhooks"], "what delivers reads them"),
    ("webhooks::replace", &["use_cases/deliver_webhooks"], "what became of a delivery"),
    ("staff_sessions::find", &["use_cases/staff_sessions"], "tells who sends a request"),
    (
        "staff_sessions::delete",
        &["use_cases/second_factor", "use_cases/staff_sessions"],
        "signing out; and the old session, where one that is recorded takes its place",
    ),
    ("staff_sessions::touch", &["use_cases/staff_sessions"], "a time"),
    ("staff_sessions::of_account", &["use_cases/staff_sessions"], "one's own"),
    ("remembered_devices::find", &["use_cases/staff_sessions"], "tells who sends a request"),
    ("remembered_devices::touch", &["use_cases/staff_sessions"], "a time"),
    ("remembered_devices::of_account", &["use_cases/staff_sessions"], "one's own"),
    ("accounts::rehash", &["use_cases/sign_in"], "the same password, hashed anew while signing in"),
    ("second_factors::count_lacking", &["cli/doctor/database"], "a number"),
    ("second_factors::find", &["use_cases/second_factor"], "tells whether a code is right"),
    ("second_factors::take_step", &["use_cases/second_factor"], "a code is used up by what is recorded"),
    ("second_factors::unused_codes", &["use_cases/second_factor"], "hashes"),
    ("second_factors::take_code", &["use_cases/second_factor"], "a code is used up by what is recorded"),
    ("visits::list", &["use_cases/book_visit"], "days; shown beside people whose listing is recorded"),
    // Answering: what a person says is not an act of staff, and these are the busiest writes there are
    ("responses::insert", &["storage/queue"], "a response is its own record"),
    ("invitations::mark_answered", &["storage/queue"], "with the response"),
    ("ways_in::count_use", &["storage/queue"], "with the response; a number"),
    ("drafts::end", &["storage/queue"], "with the response"),
    ("drafts::save", &["storage/queue", "use_cases/answer_pages"], "the person's own page"),
    ("drafts::insert", &["use_cases/answer_pages"], "the person begins"),
    (
        "drafts::find",
        &["use_cases/answer_pages", "use_cases/export_person", "use_cases/find_way_in"],
        "the person goes on; or gets a copy",
    ),
    ("drafts::find_by_sitting", &["use_cases/answer_pages"], "the person goes on"),
    (
        "drafts::delete_unsent",
        &["use_cases/answer_pages", "use_cases/end_drafts"],
        "thrown away, or its time is over",
    ),
    (
        "drafts::delete",
        &[
            "use_cases/apply_retention",
            "use_cases/end_drafts",
            "use_cases/erase_person",
            "use_cases/manage_people",
        ],
        "its time is over, or its invitation is taken back, erased or as old as that",
    ),
    ("drafts::ended", &["use_cases/end_drafts"], "what ends drafts reads them"),
    ("invitations::mark_unfinished", &["use_cases/end_drafts"], "its time is over"),
    ("ways_in::count_unfinished", &["use_cases/end_drafts"], "a number"),
    ("ways_in::find_code", &["use_cases/find_way_in"], "a code leads to its survey"),
    (
        "ways_in::insert_codes",
        &["use_cases/answer_pages", "use_cases/manage_open_links", "use_cases/manage_people"],
        "keyed hashes, with what they lead to",
    ),
    (
        "participants::needs",
        &["use_cases/export_person", "use_cases/find_way_in"],
        "how the person's own pages look; or a copy for them",
    ),
    ("participants::set_needs", &["use_cases/answer_pages"], "the person's own choice"),
    // Open links hold no person
    ("ways_in::open_links_of", &["use_cases/manage_open_links"], "they are for anybody"),
    ("ways_in::some_open_links", &["use_cases/manage_open_links"], "the demo's"),
    (
        "ways_in::find_open_link",
        &["use_cases/find_way_in", "use_cases/manage_open_links"],
        "they are for anybody",
    ),
    // Found for an act that is recorded itself, and not shown
    ("responses::find", &["use_cases/correct_response", "use_cases/withdraw_response"], "to be changed"),
    ("responses::ids_of", &["use_cases/apply_retention", "use_cases/erase_person"], "to be erased"),
    (
        "responses::find_by_receipt",
        &["use_cases/own_answers", "use_cases/withdraw_response"],
        "to be withdrawn, or shown to whoever has the receipt",
    ),
    ("responses::withdrawn_among", &["use_cases/list_tasks"], "ids of those that are withdrawn"),
    (
        "invitations::find",
        &[
            "use_cases/deliver_mail",
            "use_cases/find_way_in",
            "use_cases/invite_due",
            "use_cases/manage_people",
            "use_cases/send_invitations",
            "use_cases/show_text",
            "use_cases/submit_response",
            "use_cases/write_letters",
        ],
        "to be answered, sent or revoked",
    ),
    (
        "participants::find",
        &[
            "use_cases/apply_retention",
            "use_cases/change_people",
            "use_cases/erase_person",
            "use_cases/find_way_in",
            "use_cases/import_people",
            "use_cases/manage_identities",
            "use_cases/manage_people",
            "use_cases/put_participant",
        ],
        "to be counted, asked, invited, named, imported or replaced, or erased",
    ),
    (
        "identities::of_people",
        &["use_cases/sealing"],
        "compared with what a file says; or listed: both are recorded",
    ),
    // Who is asked when: everything that is known of people is put together here, for acts that record what they show
    (
        "participants::find_entered",
        &["use_cases/export_person"],
        "put together by asking::records; or a copy for the person",
    ),
    (
        "asking::notes_of",
        &["use_cases/export_person"],
        "put together by asking::records; or a copy for the person",
    ),
    ("asking::answers_of", &[], "days only, put together by asking::records"),
    (
        "life_events::of_people",
        &["use_cases/apply_retention", "use_cases/change_people", "use_cases/export_person"],
        "counted, and put together by asking::records; or a copy for the person",
    ),
    (
        "participants::list",
        &[
            "use_cases/apply_retention",
            "use_cases/delivery_of",
            "use_cases/due_list",
            "use_cases/import_people",
            "use_cases/set_schedule",
        ],
        "references, in lists that are recorded; waves show numbers only",
    ),
    ("invitations::open_since", &["use_cases/remind"], "what reminds reads them"),
    ("schedules::of_scheme", &["use_cases/due_list", "use_cases/set_schedule"], "settings, and nobody's"),
    (
        "schedules::waves",
        &["use_cases/delivery_of", "use_cases/due_list", "use_cases/set_schedule"],
        "dates, and nobody's",
    ),
    (
        "participants::references",
        &["use_cases/read_audit", "use_cases/verify_tallies"],
        "to be counted; and to name people to leads who read the log",
    ),
    (
        "tasks::find",
        &["use_cases/acknowledge_task", "use_cases/list_tasks", "use_cases/open_task"],
        "to be acknowledged or told; shown by acts that are recorded",
    ),
    ("tasks::all_open", &["use_cases/list_tasks"], "counted, beside a list that is recorded"),
    (
        "extracts::page",
        &["use_cases/extract_responses"],
        "takes an `Extract`, which is handed out for an entry only: no transaction is held while somebody reads slowly",
    ),
    // Counting: it ends in numbers
    ("extracts::most_rows", &["use_cases/extract_responses"], "numbers"),
    ("responses::count_by_version", &["use_cases/count_versions"], "numbers"),
    ("responses::of_people", &["use_cases/change_people"], "counted"),
    ("responses::people", &["use_cases/read_figures", "use_cases/verify_tallies"], "counted"),
    (
        "invitations::of_people",
        &[
            "use_cases/apply_retention",
            "use_cases/change_people",
            "use_cases/erase_person",
            "use_cases/export_person",
            "use_cases/manage_identities",
        ],
        "counted, to be erased, or held back from an address that was wrong; or a copy for the person",
    ),
    // Telling people of tasks, by the program itself; what was told stands in the task
    ("tasks::open", &["storage/queue", "use_cases/correct_response"], "with the response that raises it"),
    ("tasks::waiting", &["use_cases/open_task"], "whom to tell next"),
    ("tasks::count_overdue", &["use_cases/watch"], "a number"),
    ("tasks::advance", &["use_cases/open_task"], "told"),
    ("tasks::hurry", &["use_cases/deliver_mail"], "the mail cannot arrive"),
    // What schemes and areas count of themselves: it is about nobody
    ("returns::find", &["use_cases/read_return", "use_cases/send_return"], "counts of an organisation"),
    ("returns::of_periods", &["use_cases/list_returns"], "which there are"),
    ("returns::of_period", &["use_cases/list_returns", "use_cases/list_senders"], "which there are"),
    ("returns::figure_counts", &["use_cases/list_senders"], "how many there are"),
    ("returns::figures_of", &["use_cases/read_return"], "counts of an organisation"),
    ("returns::figures", &["use_cases/read_performance"], "counts of organisations"),
    ("returns::history", &["use_cases/read_return"], "counts of an organisation"),
    ("what_was_done::find", &["use_cases/say_what_was_done"], "what an organisation did"),
    ("targets::of_place", &["use_cases/set_target"], "aims of an organisation"),
    ("targets::of_periods", &["use_cases/read_performance"], "aims of organisations"),
    ("return_links::of_scheme", &["use_cases/link_return"], "ids, units and times, without what opens them"),
    ("return_links::find", &["use_cases/link_return"], "counts of an organisation; looking changes nothing"),
    ("return_links::find_by_session", &["use_cases/link_return"], "counts of an organisation"),
    // What others publish
    ("comparators::files", &["use_cases/import_comparators"], "names of published files"),
    ("comparators::standing", &["use_cases/import_comparators"], "the name of a published file"),
    ("comparators::of_areas", &["use_cases/find_comparators"], "published figures of areas"),
    // Public
    ("releases::find", &["use_cases/publish_release", "use_cases/read_release"], "open to everybody"),
    ("releases::latest", &["use_cases/read_release"], "open to everybody"),
    ("releases::list", &["use_cases/read_release"], "open to everybody"),
    ("releases::newest_number", &["use_cases/publish_release"], "a number"),
    (
        "releases::text",
        &["published", "use_cases/package_release", "use_cases/read_published", "use_cases/read_release"],
        "open to everybody",
    ),
    (
        "releases::parts",
        &["published", "use_cases/package_release", "use_cases/read_release"],
        "open to everybody",
    ),
    ("releases::claims", &["published", "use_cases/read_release"], "open to everybody"),
    ("releases::passports", &["use_cases/read_release"], "open to everybody"),
    ("releases::claim", &["use_cases/read_release"], "open to everybody"),
    // What may become public
    (
        "releases::ledgers",
        &["use_cases/draft_release"],
        "counts; read to protect the next release, and shown to nobody",
    ),
    (
        "release_drafts::find",
        &["use_cases/draft_release", "use_cases/manage_releases"],
        "to be attacked, published or thrown away; schemes see their own figures",
    ),
    (
        "release_drafts::open",
        &[
            "use_cases/draft_release",
            "use_cases/manage_releases",
            "use_cases/preview_release",
            "use_cases/publish_release",
        ],
        "which draft it is, without what is in it",
    ),
    (
        "release_drafts::body",
        &["use_cases/draft_release"],
        "counts, protected as the public will see them; schemes see their own",
    ),
    ("release_drafts::list", &["use_cases/preview_release"], "which drafts there are"),
    ("release_drafts::comment", &["use_cases/preview_release"], "what the scheme itself says"),
    (
        "release_drafts::comments",
        &["use_cases/preview_release"],
        "what schemes say of figures, for the national body",
    ),
];

/// A function of storage: `module::name`, its head up to the body, its body.
struct Function {
    name: String,
    head: String,
    body: String,
}

/// The lines of a source file without what follows `//`.
fn without_comments(text: &str) -> String {
    text.lines().map(|line| format!("{}\n", line.split("//").next().unwrap_or_default())).collect()
}

/// The functions of a file of storage that stand by themselves.
fn functions(module: &str, text: &str) -> Vec<Function> {
    let code = without_comments(text);
    let mut found = Vec::new();
    for (at, _) in code.match_indices("fn ") {
        let line = code[..at].rfind('\n').map_or(0, |n| n + 1);
        // At the beginning of a line: not a method, not inside another function.
        if !matches!(&code[line..at], "" | "pub " | "pub(super) ") {
            continue;
        }
        let rest = &code[at + 3..];
        let rest = &rest[..rest.find("\n}").unwrap_or(rest.len())];
        let name: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
        let (head, body) = rest.split_once("{\n").unwrap_or((rest, ""));
        found.push(Function { name: format!("{module}::{name}"), head: head.into(), body: body.into() });
    }
    found
}

/// Every function of storage, with the tables that it names.
fn storage() -> Vec<(Function, BTreeSet<String>)> {
    let tables = tables();
    let mut found = Vec::new();
    for path in files(&repository("src/storage"), ".rs") {
        let module = path.file_stem().expect("a name").to_string_lossy().into_owned();
        let text = read(&path);
        // A table may go by another name: `use super::schema::safeguarding_tasks as tasks;`
        let alias = |table: &str| {
            let renamed = text.split(&format!("{table} as ")).nth(1)?;
            Some(renamed.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>())
        };
        let known: BTreeMap<String, &String> =
            tables.iter().map(|t| (alias(t).unwrap_or_else(|| t.clone()), t)).collect();
        let named_in = |code: &str| -> BTreeSet<String> {
            let named = known.iter().filter(|(name, table)| names(code, name, table));
            named.map(|(_, table)| (*table).clone()).collect()
        };
        // A statement that is written out is a type of its own; who makes one names its tables.
        let statements: Vec<(String, BTreeSet<String>)> = text
            .split("QueryFragment<")
            .skip(1)
            .filter_map(|rest| Some(rest.split_once("> for ")?.1))
            .map(|rest| {
                let name = rest.chars().take_while(|c| c.is_alphanumeric()).collect();
                (name, named_in(&rest[..rest.find("\n}").unwrap_or(rest.len())]))
            })
            .collect();
        for function in functions(&module, &text) {
            let mut named = named_in(&function.body);
            for (statement, tables) in &statements {
                let made = |how: &str| function.body.contains(&format!("{statement}{how}"));
                if made("(") || made("::") {
                    named.extend(tables.clone());
                }
            }
            found.push((function, named));
        }
    }
    found
}

/// Whether code names a table: by its name here, or in SQL.
fn names(body: &str, name: &str, table: &str) -> bool {
    body.contains(&format!("{name}::table"))
        || ["INTO", "FROM", "UPDATE", "JOIN"].iter().any(|word| {
            let named = format!("{word} {table}");
            body.match_indices(&named).any(|(at, _)| {
                !body[at + named.len()..].starts_with(|c: char| c.is_alphanumeric() || c == '_')
            })
        })
}

/// Every table of the schema.
fn tables() -> BTreeSet<String> {
    let text = read(repository("src/storage/schema.rs"));
    text.split("table! {").skip(1).map(|t| t.trim_start().split(' ').next().expect("a name").into()).collect()
}

/// The files that call `module::name`, without their ending.
fn callers(function: &str) -> BTreeSet<String> {
    fn visit(folder: &std::path::Path, found: &mut Vec<std::path::PathBuf>) {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() { visit(&path, found) } else { found.push(path) }
        }
    }
    let root = repository("src");
    let mut paths = Vec::new();
    visit(&root, &mut paths);
    let (module, own) = function.split_once("::").expect("module::name");
    // Imported by its name alone, it is called in that file.
    let imports = |text: &str| {
        text.split(&format!("{module}::{{")).skip(1).any(|rest| {
            let names = rest.split('}').next().unwrap_or_default();
            names.split(',').any(|n| n.trim() == own)
        })
    };
    let calls = |text: &str| {
        imports(text)
            || text.match_indices(function).any(|(at, _)| {
                let before = text[..at].chars().next_back();
                let after = text[at + function.len()..].chars().next();
                !before.is_some_and(|c| c.is_alphanumeric() || c == '_')
                    && !after.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':')
            })
    };
    let name = |path: &std::path::Path| {
        let below = path.strip_prefix(&root).expect("below").with_extension("");
        below.components().map(|c| c.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
    };
    let callers = paths
        .iter()
        .filter(|p| p.extension().is_some_and(|e| e == "rs") && calls(&without_comments(&read(p))));
    // The routes name handlers of the same name as a module of storage.
    let counts =
        |n: &String| !n.starts_with("web/routes") && (!n.starts_with("storage/") || n == "storage/queue");
    callers.map(|p| name(p)).filter(counts).collect()
}

#[test]
fn every_table_is_audited_or_there_is_a_reason() {
    let listed: BTreeSet<String> = AUDITED
        .into_iter()
        .chain(NOT_AUDITED.into_iter().map(|(table, _)| table))
        .map(str::to_owned)
        .collect();
    assert_eq!(listed, tables(), "list each table in this file: is it audited, and if not, why?");
}

#[test]
fn every_function_that_changes_or_reads_what_is_audited_takes_the_proof_that_it_is_recorded() {
    let excepted: BTreeSet<&str> = EXCEPTIONS.iter().map(|(name, ..)| *name).collect();
    let (mut lacking, mut needless) = (Vec::new(), excepted.clone());
    let mut guarded = 0;
    for (function, tables) in storage() {
        if !tables.iter().any(|table| AUDITED.contains(&table.as_str())) {
            continue;
        }
        let takes = function.head.contains("db: &mut Recorded<'_>");
        guarded += usize::from(takes);
        if !takes && !needless.remove(function.name.as_str()) {
            lacking.push(function.name.clone());
        }
        assert!(
            !takes || !excepted.contains(function.name.as_str()),
            "{}: no exception any more",
            function.name
        );
    }
    assert!(
        lacking.is_empty(),
        "take `db: &mut Recorded<'_>`, or be an exception with a reason: {lacking:?}"
    );
    assert!(needless.is_empty(), "these exceptions are of no function: {needless:?}");
    assert!(guarded > 20, "only {guarded} functions were found");
}

#[test]
fn exceptions_are_called_only_where_they_are_said_to_be() {
    let mut wrong = Vec::new();
    for (function, allowed, why) in EXCEPTIONS {
        assert!(!why.is_empty(), "{function}: why?");
        let allowed: BTreeSet<String> = allowed.iter().map(|&file| file.to_owned()).collect();
        let found = callers(function);
        if found != allowed {
            wrong.push(format!("{function}: listed {allowed:?}, found {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_proof_is_made_in_one_place() {
    let made = |text: &str| text.contains("Recorded(");
    let mut makers: Vec<String> = Vec::new();
    for (function, _) in storage() {
        if made(&function.body) {
            makers.push(function.name);
        }
    }
    assert_eq!(makers, ["audit::record_all"]);
}

#[test]
fn the_rules_can_fail() {
    let text = "/// One.\npub fn one(db: &mut Db) -> u8 {\n    accounts::table\n}\n\nimpl X {\n    fn two(&self) {}\n}\nfn three(\n    db: &mut Recorded<'_>,\n) {\n    // fn four\n}\n";
    let found = functions("a", text);
    let names: Vec<&str> = found.iter().map(|f| f.name.as_str()).collect();
    assert_eq!(names, ["a::one", "a::three"]);
    assert!(found[0].body.contains("accounts::table") && found[1].head.contains("Recorded<'_>"));
    assert!(callers("responses::find").contains("use_cases/withdraw_response"));
    assert!(callers("responses::find_nothing").is_empty());
}
