//! The tables, once for both engines; `migrations/` makes them.

diesel::table! {
    directory_version (id) { id -> SmallInt, version -> BigInt, }
}
diesel::table! {
    schemes (number) {
        number -> BigInt, id -> Text, name -> Text, model -> Text, cqc_location_id -> Nullable<Text>, created_at -> Timestamp,
        practice -> Bool,
    }
}
diesel::table! {
    scheme_areas (scheme_number, code, valid_from) { scheme_number -> BigInt, code -> Text, valid_from -> Date, valid_to -> Nullable<Date>, }
}
diesel::table! {
    units (scheme_number, id) { scheme_number -> BigInt, id -> Text, name -> Text, valid_from -> Date, valid_to -> Nullable<Date>, }
}
diesel::table! {
    scheme_contacts (scheme_number) { scheme_number -> BigInt, body -> Text, updated_at -> Timestamp, }
}
diesel::table! {
    accounts (id) {
        id -> Text, email -> Text, password_hash -> Text, role -> Text, scheme_number -> Nullable<BigInt>, area_code -> Nullable<Text>,
        session_epoch -> BigInt, disabled_at -> Nullable<Timestamp>, created_at -> Timestamp, shown_name -> Text, api_without_code -> Bool,
    }
}
diesel::table! {
    service_accounts (id) {
        id -> Text, scheme_number -> Nullable<BigInt>, name -> Text, scopes -> Text, session_epoch -> BigInt, ends_on -> Nullable<Date>,
        created_by -> Text, created_at -> Timestamp, revoked_at -> Nullable<Timestamp>,
    }
}
diesel::table! {
    service_keys (id) {
        id -> Text, account_id -> Text, key_hash -> Binary, created_at -> Timestamp, ends_at -> Nullable<Timestamp>,
        last_used_on -> Nullable<Date>,
    }
}
diesel::table! {
    unnumbered_changes (id) {
        id -> BigInt, scheme_number -> BigInt, kind -> Text, subject -> Text, guarded -> Bool, at -> Timestamp,
    }
}
diesel::table! {
    changes (scheme_number, number) {
        scheme_number -> BigInt, number -> BigInt, position -> Nullable<BigInt>, kind -> Text, subject -> Text, at -> Timestamp,
    }
}
diesel::table! {
    change_numbers (id) { id -> SmallInt, last -> BigInt, }
}
diesel::table! {
    webhooks (scheme_number) {
        scheme_number -> BigInt, url -> Text, events -> Text, generation -> BigInt, created_at -> Timestamp,
        rotated_at -> Nullable<Timestamp>, position -> BigInt, trying_to -> Nullable<BigInt>, next_try_at -> Timestamp, attempts -> BigInt,
        delivered_at -> Nullable<Timestamp>, failing_since -> Nullable<Timestamp>, last_error -> Nullable<Text>,
        disabled_at -> Nullable<Timestamp>,
    }
}
diesel::table! {
    data_keys (scheme_number, generation) {
        scheme_number -> BigInt, generation -> BigInt, wrapping_key -> Text, wrapped -> Nullable<Binary>, created_at -> Timestamp,
    }
}
diesel::table! {
    identities (scheme_number, reference) { scheme_number -> BigInt, reference -> Text, sealed -> Text, updated_at -> Timestamp, }
}
diesel::table! {
    published_files (path) { path -> Text, digest -> Text, recorded_at -> Timestamp, }
}
diesel::table! {
    settings (key) { key -> Text, value -> Text, }
}
diesel::table! {
    participants (scheme_number, reference) {
        scheme_number -> BigInt, reference -> Text, council -> Text, supported_from -> Date, supported_to -> Nullable<Date>,
        not_asked_from -> Nullable<Date>, not_asked_reason -> Nullable<Text>, about -> Text, earlier_councils -> Text, arrangements -> Text,
        worker -> Nullable<Text>, language -> Nullable<Text>, entered_on -> Date,
    }
}
diesel::table! {
    invitations (scheme_number, id) {
        scheme_number -> BigInt, id -> Text, person -> Text, questionnaire -> Text, due_on -> Date, council -> Text, created_at -> Timestamp,
        occasion -> Nullable<Text>, ends_on -> Date, answered_at -> Nullable<Timestamp>, unfinished -> Bool,
        asked_on -> Date,
    }
}
diesel::table! {
    responses (scheme_number, id) {
        scheme_number -> BigInt, id -> Text, person -> Text, questionnaire -> Text, completed_on -> Date, accepted_at -> Timestamp,
        revision -> BigInt, withdrawn_at -> Nullable<Timestamp>, receipt_hash -> Binary, body -> Text,
    }
}
diesel::table! {
    response_events (scheme_number, response_id, revision) {
        scheme_number -> BigInt, response_id -> Text, revision -> BigInt, kind -> Text, at -> Timestamp, account -> Nullable<Text>, old_body -> Text,
    }
}
diesel::table! {
    idempotency_keys (scheme_number, key_hash) { scheme_number -> BigInt, key_hash -> Binary, body_hash -> Binary, response_id -> Nullable<Text>, }
}
diesel::table! {
    unfolded (scheme_number, response_id) { scheme_number -> BigInt, response_id -> Text, person -> Text, }
}
diesel::table! {
    fold_locks (scheme_number) { scheme_number -> BigInt, }
}
diesel::table! {
    people (scheme_number, person) { scheme_number -> BigInt, person -> Text, changed_at -> Timestamp, }
}
diesel::table! {
    tallies (scheme_number, period, questionnaire, series, grp, council) {
        scheme_number -> BigInt, council -> Text, questionnaire -> Text, series -> Text, period -> Text, grp -> Text, value -> Binary,
    }
}
diesel::table! {
    snapshots (scheme_number) { scheme_number -> BigInt, taken_at -> Timestamp, }
}
diesel::table! {
    snapshot_tallies (scheme_number, period, questionnaire, series, grp, council) {
        scheme_number -> BigInt, council -> Text, questionnaire -> Text, series -> Text, period -> Text, grp -> Text, value -> Binary,
    }
}
diesel::table! {
    safeguarding_tasks (scheme_number, id) {
        scheme_number -> BigInt, id -> Text, response_id -> Nullable<Text>, person -> Nullable<Text>, items -> Nullable<Text>,
        supporter -> Bool, sent_by -> Nullable<Text>, raised_at -> Timestamp, due_at -> Timestamp, told -> Text, step -> BigInt,
        next_at -> Nullable<Timestamp>, acknowledged_at -> Nullable<Timestamp>, acknowledged_by -> Nullable<Text>,
    }
}
diesel::table! {
    outbox (id) {
        id -> Text, scheme_number -> Nullable<BigInt>, kind -> Text, task_id -> Nullable<Text>, step -> Nullable<BigInt>, to_name -> Text,
        to_address -> Text, subject -> Text, body -> Text, created_at -> Timestamp, next_try_at -> Nullable<Timestamp>, attempts -> BigInt,
        sent_at -> Nullable<Timestamp>, failed_at -> Nullable<Timestamp>, last_error -> Nullable<Text>, way -> Text,
        invitation_id -> Nullable<Text>, reminder -> Nullable<BigInt>, stopped_at -> Nullable<Timestamp>,
    }
}
diesel::table! {
    releases (id) {
        id -> Text, number -> BigInt, published_at -> Timestamp, period -> Text, supersedes -> Nullable<Text>,
        withdrawn_at -> Nullable<Timestamp>, withdrawn_why -> Nullable<Text>, head -> Text, kpi_cells -> Text, body -> Nullable<Text>,
    }
}
diesel::table! {
    release_parts (release_id, position) { release_id -> Text, position -> BigInt, level -> Text, model -> Text, cells -> Text, }
}
diesel::table! {
    release_claims (release_id, claim) { release_id -> Text, position -> BigInt, claim -> Text, passport -> Text, }
}
diesel::table! {
    release_ledgers (release_id) { release_id -> Text, body -> Text, }
}
diesel::table! {
    release_drafts (id) { id -> Text, period -> Text, made_at -> Timestamp, open_until -> Timestamp, state -> Text, body -> Text, }
}
diesel::table! {
    release_comments (release_draft, scheme_number) {
        release_draft -> Text, scheme_number -> BigInt, comment -> Text, at -> Timestamp, account -> Text,
    }
}

diesel::table! {
    participant_needs (scheme_number, reference) { scheme_number -> BigInt, reference -> Text, needs -> Text, updated_at -> Timestamp, }
}
diesel::table! {
    entry_codes (scheme_number, code_hash) {
        scheme_number -> BigInt, code_hash -> Binary, invitation_id -> Nullable<Text>, open_link_id -> Nullable<Text>,
        draft_id -> Nullable<Text>,
    }
}
diesel::table! {
    open_links (scheme_number, id) {
        scheme_number -> BigInt, id -> Text, questionnaire -> Text, council -> Text, unit -> Nullable<Text>, created_at -> Timestamp,
        closed_at -> Nullable<Timestamp>, sent -> BigInt, unfinished -> BigInt,
    }
}
diesel::table! {
    open_link_uses (scheme_number, open_link_id, day, address_hash) {
        scheme_number -> BigInt, open_link_id -> Text, day -> Date, address_hash -> Binary, uses -> BigInt,
    }
}
diesel::table! {
    drafts (scheme_number, id) {
        scheme_number -> BigInt, id -> Text, revision -> BigInt, body -> Text, response_id -> Nullable<Text>, updated_at -> Timestamp,
        ends_at -> Timestamp,
    }
}
diesel::table! {
    sittings (scheme_number, token_hash) { scheme_number -> BigInt, token_hash -> Binary, draft_id -> Text, number -> BigInt, }
}

diesel::table! {
    reminders (scheme_number, invitation_id, number) {
        scheme_number -> BigInt, invitation_id -> Text, number -> BigInt, reminded_on -> Date, marked_at -> Timestamp,
    }
}
diesel::table! {
    life_events (scheme_number, id) {
        scheme_number -> BigInt, id -> Text, person -> Text, kind -> Text, begins_on -> Date, recorded_at -> Timestamp, recorded_by -> Text,
        lifted_on -> Nullable<Date>, lifted_at -> Nullable<Timestamp>, lifted_by -> Nullable<Text>,
    }
}
diesel::table! {
    asking_notes (scheme_number, person, questionnaire, due_on, kind) {
        scheme_number -> BigInt, person -> Text, questionnaire -> Text, due_on -> Date, kind -> Text, reason -> Text, noted_on -> Date,
        recorded_at -> Timestamp, recorded_by -> Text,
    }
}
diesel::table! {
    visits (scheme_number, person) {
        scheme_number -> BigInt, person -> Text, visit_on -> Date, booked_at -> Timestamp, booked_by -> Text,
    }
}
diesel::table! {
    schedules (scheme_number, questionnaire) { scheme_number -> BigInt, questionnaire -> Text, body -> Text, updated_at -> Timestamp, }
}
diesel::table! {
    waves (scheme_number, id) {
        scheme_number -> BigInt, id -> Text, questionnaire -> Text, due_on -> Date, occasion -> Text, created_at -> Timestamp,
        created_by -> Text,
    }
}

diesel::table! {
    steady_figures (scheme_number, period, series, indicator) {
        scheme_number -> BigInt, period -> Text, series -> Text, indicator -> Text, body -> Text, shown_at -> Timestamp,
    }
}

diesel::table! {
    staff_sessions (token_hash) {
        token_hash -> Binary, id -> Text, account_id -> Text, epoch -> BigInt, needs -> Text, browser -> Text, began_at -> Timestamp,
        last_used_at -> Timestamp, proved_at -> Timestamp, ends_at -> Timestamp,
    }
}
diesel::table! {
    remembered_devices (token_hash) {
        token_hash -> Binary, id -> Text, account_id -> Text, epoch -> BigInt, browser -> Text, began_at -> Timestamp,
        last_used_at -> Timestamp, ends_at -> Timestamp,
    }
}
diesel::table! {
    second_factors (account_id) { account_id -> Text, sealed -> Binary, last_step -> BigInt, made_at -> Timestamp, }
}
diesel::table! {
    recovery_codes (account_id, number) { account_id -> Text, number -> BigInt, salt -> Binary, hash -> Binary, used_at -> Nullable<Timestamp>, }
}
diesel::table! {
    account_links (id) { id -> Text, account_id -> Text, purpose -> Text, ends_at -> Timestamp, used_at -> Nullable<Timestamp>, }
}

diesel::table! {
    audit_log (scheme_number, sequence) {
        scheme_number -> BigInt, sequence -> BigInt, at -> Timestamp, actor -> Text, act -> Text, target_kind -> Text, target_id -> Text,
        details -> Text, hash -> Binary,
    }
}
diesel::table! {
    audit_heads (scheme_number) { scheme_number -> BigInt, sequence -> BigInt, hash -> Binary, }
}

diesel::table! {
    retention_settings (scheme_number, class, valid_from) {
        scheme_number -> BigInt, class -> Text, valid_from -> Date, keep -> Nullable<BigInt>, reason -> Text, source -> Text,
        set_by -> Text, set_at -> Timestamp,
    }
}
diesel::table! {
    settled_tallies (scheme_number, period, questionnaire, series, grp, council) {
        scheme_number -> BigInt, council -> Text, questionnaire -> Text, series -> Text, period -> Text, grp -> Text, value -> Binary,
    }
}
diesel::table! {
    change_floors (scheme_number) { scheme_number -> BigInt, floor -> BigInt, }
}
diesel::table! {
    complaints (scheme_number, id) {
        scheme_number -> BigInt, id -> Text, reference -> Text, received_at -> Timestamp, acknowledge_by -> Date, said -> Text,
        acknowledged_at -> Nullable<Timestamp>, acknowledged_by -> Nullable<Text>, answered_at -> Nullable<Timestamp>,
        answered_by -> Nullable<Text>, answer -> Nullable<Text>,
    }
}
diesel::table! {
    returns (scheme_number, sender, period) {
        scheme_number -> BigInt, sender -> Text, period -> Text, revision -> BigInt, status -> Text, draft -> Nullable<Text>,
        query -> Nullable<Text>, updated_at -> Timestamp, updated_by -> Text, submitted_at -> Nullable<Timestamp>,
    }
}
diesel::table! {
    return_figures (scheme_number, sender, period, kpi, council) {
        scheme_number -> BigInt, sender -> Text, period -> Text, kpi -> Text, council -> Text, numerator -> BigInt,
        denominator -> Nullable<BigInt>,
    }
}
diesel::table! {
    return_events (scheme_number, sender, period, revision) {
        scheme_number -> BigInt, sender -> Text, period -> Text, revision -> BigInt, act -> Text, at -> Timestamp, by_whom -> Text,
        figures -> Text, said -> Nullable<Text>, published_in -> Nullable<Text>,
    }
}
diesel::table! {
    targets (place, kpi, period) {
        place -> Text, kpi -> Text, period -> Text, value -> BigInt, set_at -> Timestamp, set_by -> Text,
    }
}
diesel::table! {
    what_was_done (scheme_number, period) {
        scheme_number -> BigInt, period -> Text, body -> Text, said_at -> Timestamp, said_by -> Text,
    }
}
diesel::table! {
    return_links (scheme_number, id) {
        scheme_number -> BigInt, id -> Text, unit -> Text, period -> Text, code_hash -> Binary, session_hash -> Nullable<Binary>,
        made_at -> Timestamp, made_by -> Text, ends_at -> Timestamp, opened_at -> Nullable<Timestamp>, closed_at -> Nullable<Timestamp>,
    }
}
diesel::table! {
    comparator_files (id) {
        id -> BigInt, source -> Text, year -> Text, name -> Text, digest -> Text, file_rows -> BigInt, imported_at -> Timestamp,
        imported_by -> Text, superseded_at -> Nullable<Timestamp>,
    }
}
diesel::table! {
    comparators (file_id, area, measure, disaggregation) {
        file_id -> BigInt, area -> Text, measure -> Text, disaggregation -> Text, numerator -> Nullable<Double>,
        numerator_shorthand -> Nullable<Text>, denominator -> Nullable<Double>, denominator_shorthand -> Nullable<Text>,
        outcome -> Nullable<Double>, outcome_shorthand -> Nullable<Text>,
    }
}

diesel::joinable!(release_ledgers -> releases (release_id));
diesel::allow_tables_to_appear_in_same_query!(releases, release_ledgers);
diesel::allow_tables_to_appear_in_same_query!(responses, unfolded);
diesel::allow_tables_to_appear_in_same_query!(responses, response_events);
diesel::allow_tables_to_appear_in_same_query!(entry_codes, invitations, open_links);
diesel::allow_tables_to_appear_in_same_query!(drafts, sittings);
diesel::allow_tables_to_appear_in_same_query!(accounts, second_factors);
