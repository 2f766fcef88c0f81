//! Every URL, grouped by who calls it. A test holds this file and the OpenAPI description to each other, both ways.

use actix_web::web::{self, ServiceConfig, scope};

use super::address::{delete, get, patch, path, post, put};
use super::api::{
    asking, audit, batch, catalogue, changes, contacts, docs, export, figures, health, identities, people,
    people_import, post as sending, releases, responses, retention, schemes, service_accounts, sessions,
    tasks, webhook,
};
use super::pages::staff::national::{
    area as area_home, catalogue as lists, coverage, home as national_home, retention as retention_page,
    scheme as scheme_page, schemes as scheme_pages,
};
use super::pages::staff::scheme::{
    asked, contacts as scheme_contacts, due, happened, import as people_file, links, people as own_people,
    person, person_form, schedule, settings, tasks as own_tasks, waves,
};
use super::pages::staff::{account, complaints, factor, people as staff_people, set_up, sign_in};
use super::pages::survey::{after, look, my_answers, privacy, start, steps, stop, withdraw};
use super::pages::{files, home, media, preview, task, visit};
use super::problem::no_such_page;

/// Pages for people who answer, and for those who visit them. They are not part of the API.
fn answering(config: &mut ServiceConfig) {
    config
        .service(path("/s").route(get().to(start::ask_code)).route(post().to(start::take_code)))
        .service(path("/s/{code}").route(get().to(start::show)).route(post().to(start::start)))
        .service(path("/s/{code}/look").route(get().to(look::before_start)))
        .service(path("/survey").route(get().to(steps::resume)))
        .service(path("/survey/hello").route(get().to(start::hello)))
        .service(path("/survey/look").route(get().to(look::show)).route(post().to(look::take)))
        .service(path("/survey/stop").route(get().to(stop::show)).route(post().to(stop::take)))
        .service(path("/survey/thrown-away").route(get().to(stop::thrown_away)))
        .service(path("/survey/sent").route(get().to(after::sent)))
        .service(path("/survey/{step:.+}").route(get().to(steps::show)).route(post().to(steps::take)))
        .service(path("/visit").route(get().to(visit::show)))
        .service(path("/visit/sign-out").route(post().to(visit::sign_out)))
        .service(path("/visit/hand-over").route(post().to(visit::give)))
        .service(path("/withdraw").route(get().to(withdraw::show)).route(post().to(withdraw::take)))
        .service(path("/my-answers").route(get().to(my_answers::show)).route(post().to(my_answers::take)))
        .service(path("/privacy").route(get().to(privacy::show)))
        .service(path("/complain").route(get().to(privacy::ask)).route(post().to(privacy::take)))
        // The questions, read aloud
        .service(path("/media/{file}").route(get().to(media::show)))
        // Authors
        .service(path("/preview").route(get().to(preview::list)))
        .service(path("/preview/{id}/{version}").route(get().to(preview::version)))
        // People who are told of a safeguarding task
        .service(path("/task/{token}").route(get().to(task::show)).route(post().to(task::acknowledge)));
}

/// Pages for staff. They are not part of the API.
fn staff(config: &mut ServiceConfig) {
    config
        .service(path("/sign-in").route(get().to(sign_in::show)).route(post().to(sign_in::take)))
        .service(
            path("/sign-in/code").route(get().to(sign_in::ask_code)).route(post().to(sign_in::take_code)),
        )
        .service(path("/sign-in/app").route(get().to(factor::show)).route(post().to(factor::take)))
        .service(path("/sign-out").route(post().to(sign_in::sign_out)))
        .service(path("/forgotten").route(get().to(set_up::ask)).route(post().to(set_up::mail)))
        .service(path("/set-up/{token}").route(get().to(set_up::show)).route(post().to(set_up::take)))
        .service(path("/account").route(get().to(account::show)))
        .service(
            path("/account/prove").route(get().to(account::ask_proof)).route(post().to(account::take_proof)),
        )
        .service(path("/account/end").route(post().to(account::end_one)))
        .service(path("/account/end-others").route(post().to(account::end_others)))
        .service(
            path("/account/password")
                .route(get().to(account::ask_password))
                .route(post().to(account::take_password)),
        )
        .service(path("/account/recovery-codes").route(post().to(factor::renew_codes)))
        .service(path("/national").route(get().to(national_home::show)))
        .service(path("/area").route(get().to(area_home::show)))
        .service(path("/national/schemes").route(get().to(scheme_pages::list)))
        .service(
            path("/national/schemes/add")
                .route(get().to(scheme_pages::ask))
                .route(post().to(scheme_pages::add)),
        )
        .service(
            path("/national/schemes/import")
                .route(get().to(scheme_pages::ask_import))
                .route(post().to(scheme_pages::import)),
        )
        .service(
            path("/national/schemes/{id}")
                .route(get().to(scheme_page::show))
                .route(post().to(scheme_page::change)),
        )
        .service(
            path("/national/schemes/{id}/contacts")
                .route(get().to(scheme_page::contacts))
                .route(post().to(scheme_page::change_contacts)),
        )
        .service(path("/national/areas").route(get().to(lists::areas)))
        .service(path("/national/questionnaires").route(get().to(lists::questionnaires)))
        .service(path("/national/coverage").route(get().to(coverage::show)))
        .service(
            path("/national/retention")
                .route(get().to(retention_page::show))
                .route(post().to(retention_page::change)),
        )
        .service(
            path("/national/complaints")
                .route(get().to(complaints::show))
                .route(post().to(complaints::change)),
        )
        .service(
            path("/scheme/complaints").route(get().to(complaints::show)).route(post().to(complaints::change)),
        )
        .service(
            path("/scheme/staff")
                .route(get().to(staff_people::of_scheme))
                .route(post().to(staff_people::change_in_scheme)),
        )
        .service(
            path("/national/staff")
                .route(get().to(staff_people::everybody))
                .route(post().to(staff_people::change_anybody)),
        );
}

/// The workspace of a scheme. It is not part of the API.
fn workspace(config: &mut ServiceConfig) {
    config
        .service(path("/scheme").route(get().to(due::show)))
        .service(path("/scheme/due").route(post().to(due::ask)))
        .service(
            path("/scheme/asked/{invitation}").route(get().to(asked::show)).route(post().to(asked::revoke)),
        )
        .service(path("/scheme/people").route(get().to(own_people::show)))
        .service(
            path("/scheme/people/add")
                .route(get().to(person_form::show_new))
                .route(post().to(person_form::add)),
        )
        .service(path("/scheme/people/{ref}").route(get().to(person::show)))
        .service(
            path("/scheme/people/{ref}/edit")
                .route(get().to(person_form::show))
                .route(post().to(person_form::take)),
        )
        .service(
            path("/scheme/people/{ref}/why")
                .route(get().to(happened::show_why))
                .route(post().to(happened::take_why)),
        )
        .service(
            path("/scheme/people/{ref}/event")
                .route(get().to(happened::show_event))
                .route(post().to(happened::take_event)),
        )
        .service(path("/scheme/people/{ref}/lift").route(post().to(happened::lift)))
        .service(
            path("/scheme/people/{ref}/leave")
                .route(get().to(happened::show_leave))
                .route(post().to(happened::take_leave)),
        )
        .service(
            path("/scheme/people/{ref}/visit")
                .route(get().to(happened::show_visit))
                .route(post().to(happened::take_visit)),
        )
        .service(
            path("/scheme/people/{ref}/erase")
                .route(get().to(happened::show_erase))
                .route(post().to(happened::take_erase)),
        )
        .service(
            path("/scheme/import").route(get().to(people_file::show)).route(post().to(people_file::take)),
        )
        .service(path("/scheme/waves").route(get().to(waves::show)).route(post().to(waves::make)))
        .service(path("/scheme/waves/{id}").route(get().to(waves::one)))
        .service(path("/scheme/tasks").route(get().to(own_tasks::show)))
        .service(
            path("/scheme/tasks/{id}")
                .route(get().to(own_tasks::one))
                .route(post().to(own_tasks::acknowledge)),
        )
        .service(path("/scheme/settings").route(get().to(settings::show)))
        .service(
            path("/scheme/settings/{questionnaire}")
                .route(get().to(schedule::show))
                .route(post().to(schedule::take)),
        )
        .service(
            path("/scheme/contacts")
                .route(get().to(scheme_contacts::show))
                .route(post().to(scheme_contacts::take)),
        )
        .service(path("/scheme/links").route(get().to(links::show)).route(post().to(links::change)))
        .service(path("/scheme/links/{id}").route(get().to(links::poster)));
}

/// Registers every route.
pub fn configure(config: &mut ServiceConfig) {
    answering(config);
    staff(config);
    workspace(config);
    config
        // Machines that watch the server
        .service(path("/healthz").route(get().to(health::alive)))
        .service(path("/readyz").route(get().to(health::ready)))
        .service(path("/metrics").route(get().to(health::metrics)))
        // Everybody
        .service(path("/").route(get().to(home::show)))
        .service(path("/static/{file}").route(get().to(files::show)))
        .service(path("/api/docs").route(get().to(docs::show)))
        .service(
            scope("/api/v1")
                .service(path("/openapi.json").route(get().to(docs::openapi)))
                .service(path("/questionnaires").route(get().to(catalogue::questionnaires)))
                .service(path("/questionnaires/{id}").route(get().to(catalogue::latest)))
                .service(path("/questionnaires/{id}/versions").route(get().to(catalogue::versions)))
                .service(path("/questionnaires/{id}/versions/{version}").route(get().to(catalogue::version)))
                .service(path("/instruments").route(get().to(catalogue::instruments)))
                .service(path("/areas").route(get().to(catalogue::areas)))
                .service(path("/indicators").route(get().to(catalogue::indicators)))
                .service(path("/breakdowns").route(get().to(catalogue::breakdowns)))
                .service(path("/nations").route(get().to(catalogue::nations)))
                .service(path("/kpis").route(get().to(catalogue::kpis)))
                .service(path("/releases").route(get().to(releases::list)))
                .service(path("/releases/latest").route(get().to(releases::latest)))
                .service(path("/releases/{id}").route(get().to(releases::one)))
                .service(path("/withdraw").route(post().to(responses::withdraw_by_receipt)))
                .service(path("/sessions").route(post().to(sessions::create)))
                // With a token
                .service(path("/schemes").route(get().to(schemes::list)).route(post().to(schemes::create)))
                .service(path("/schemes/import").route(post().to(schemes::import)))
                .service(
                    path("/schemes/{id}").route(get().to(schemes::one)).route(put().to(schemes::replace)),
                )
                .service(
                    path("/schemes/{id}/contacts")
                        .route(get().to(contacts::show))
                        .route(put().to(contacts::replace)),
                )
                .service(
                    path("/schemes/{id}/service-accounts")
                        .route(get().to(service_accounts::list))
                        .route(post().to(service_accounts::create)),
                )
                .service(
                    path("/schemes/{id}/service-accounts/{sid}").route(delete().to(service_accounts::revoke)),
                )
                .service(
                    path("/schemes/{id}/service-accounts/{sid}/rotate")
                        .route(post().to(service_accounts::rotate)),
                )
                .service(
                    path("/service-accounts")
                        .route(get().to(service_accounts::list))
                        .route(post().to(service_accounts::create)),
                )
                .service(path("/service-accounts/{sid}").route(delete().to(service_accounts::revoke)))
                .service(path("/service-accounts/{sid}/rotate").route(post().to(service_accounts::rotate)))
                .service(
                    path("/schemes/{id}/webhook")
                        .route(get().to(webhook::show))
                        .route(put().to(webhook::replace))
                        .route(delete().to(webhook::delete)),
                )
                .service(path("/schemes/{id}/webhook/rotate").route(post().to(webhook::rotate)))
                .service(
                    path("/retention")
                        .route(get().to(retention::national))
                        .route(put().to(retention::put_national)),
                )
                .service(
                    path("/schemes/{id}/retention")
                        .route(get().to(retention::of_scheme))
                        .route(put().to(retention::put_of_scheme)),
                )
                .service(path("/audit").route(get().to(audit::national)))
                .service(path("/schemes/{id}/audit").route(get().to(audit::of_scheme)))
                .service(path("/schemes/{id}/tasks").route(get().to(tasks::list)))
                .service(path("/schemes/{id}/tasks/{task}").route(get().to(tasks::one)))
                .service(
                    path("/schemes/{id}/tasks/{task}/acknowledgement").route(post().to(tasks::acknowledge)),
                )
                .service(
                    path("/schemes/{id}/participants/by-ref/{ref}")
                        .route(get().to(asking::person))
                        .route(put().to(people::replace_participant))
                        .route(delete().to(identities::erase)),
                )
                .service(
                    path("/schemes/{id}/participants/by-ref/{ref}/identity")
                        .route(get().to(identities::show))
                        .route(put().to(identities::replace)),
                )
                .service(
                    path("/schemes/{id}/participants/by-ref/{ref}/export").route(get().to(export::person)),
                )
                .service(
                    path("/schemes/{id}/participants/by-ref/{ref}/events")
                        .route(post().to(asking::record_event)),
                )
                .service(
                    path("/schemes/{id}/participants/by-ref/{ref}/events/{event}/lift")
                        .route(post().to(asking::lift_event)),
                )
                .service(
                    path("/schemes/{id}/participants/by-ref/{ref}/not-asked")
                        .route(post().to(asking::not_asked)),
                )
                .service(
                    path("/schemes/{id}/participants/by-ref/{ref}/could-not")
                        .route(post().to(asking::could_not)),
                )
                .service(
                    path("/schemes/{id}/participants/by-ref/{ref}/leave")
                        .route(post().to(asking::leave_scheme)),
                )
                .service(path("/schemes/{id}/participants").route(get().to(asking::people)))
                .service(path("/schemes/{id}/participants/import").route(post().to(people_import::import)))
                .service(
                    path("/schemes/{id}/participants/template.csv")
                        .route(get().to(people_import::template_text)),
                )
                .service(
                    path("/schemes/{id}/participants/template.xlsx")
                        .route(get().to(people_import::template_workbook)),
                )
                .service(path("/schemes/{id}/due").route(get().to(asking::due)))
                .service(path("/schemes/{id}/schedules").route(get().to(asking::schedules)))
                .service(
                    path("/schemes/{id}/schedules/{questionnaire}").route(put().to(asking::put_schedule)),
                )
                .service(
                    path("/schemes/{id}/waves")
                        .route(get().to(asking::waves))
                        .route(post().to(asking::add_wave)),
                )
                .service(path("/schemes/{id}/invitations").route(post().to(people::invite)))
                .service(path("/schemes/{id}/invitations/due").route(post().to(asking::invite)))
                .service(path("/schemes/{id}/invitations/send").route(post().to(sending::send)))
                .service(path("/schemes/{id}/invitations/{invitation}").route(delete().to(people::revoke)))
                .service(
                    path("/schemes/{id}/invitations/{invitation}/send")
                        .route(post().to(sending::send_one_again)),
                )
                .service(path("/schemes/{id}/invitations/{invitation}/text").route(get().to(sending::text)))
                .service(path("/schemes/{id}/letters").route(post().to(sending::make_letters)))
                .service(path("/schemes/{id}/deliveries").route(get().to(sending::deliveries)))
                .service(
                    path("/schemes/{id}/open-links")
                        .route(get().to(people::open_links))
                        .route(post().to(people::make_open_link)),
                )
                .service(path("/schemes/{id}/open-links/{link}").route(delete().to(people::close)))
                .service(path("/schemes/{id}/open-links/{link}/qr.svg").route(get().to(people::qr_code)))
                .service(
                    path("/responses").route(get().to(responses::list)).route(post().to(responses::create)),
                )
                .service(path("/responses/batch").route(post().to(batch::create)))
                .service(
                    path("/responses/{id}")
                        .route(patch().to(responses::correct))
                        .route(delete().to(responses::withdraw)),
                )
                .service(path("/changes").route(get().to(changes::list)))
                .service(path("/khi").route(get().to(figures::khi)))
                .default_service(web::to(no_such_page)),
        )
        .default_service(web::to(no_such_page));
}
