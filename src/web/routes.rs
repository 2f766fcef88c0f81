//! Every URL: here those of the API and of the server itself, in `routes/` those of pages, by who reads them. Tests hold them and the OpenAPI description
//! to each other, both ways.

use actix_web::web::{self, ServiceConfig, scope};

use super::address::{delete, get, patch, path, post, put};
use super::api::{
    asking, audit, batch, catalogue, changes, comparators, comparison, contacts, docs, done, export,
    extracts, figures, health, identities, people, people_import, post as sending, previews, releases,
    report, responses, retention, returns, returns_import, schemes, service_accounts, sessions, targets,
    tasks, webhook,
};
use super::pages::{files, home};
use super::problem::no_such_page;

mod answering;
mod published;
mod staff;
mod workspace;

/// Registers every route.
pub fn configure(config: &mut ServiceConfig) {
    published::register(config);
    answering::register(config);
    staff::register(config);
    workspace::register(config);
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
                .service(path("/releases/{id}/cells").route(get().to(releases::cells)))
                .service(path("/releases/{id}/claims").route(get().to(releases::claims)))
                .service(path("/releases/{id}/claims/{claim}").route(get().to(releases::claim)))
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
                .service(path("/release-drafts").route(get().to(previews::list)))
                .service(path("/schemes/{id}/release-preview").route(get().to(previews::show)))
                .service(path("/schemes/{id}/release-preview/comment").route(put().to(previews::comment)))
                .service(path("/schemes/{id}/comparison").route(get().to(comparison::show)))
                .service(path("/schemes/{id}/report").route(get().to(report::of_scheme)))
                .service(
                    path("/schemes/{id}/done/{period}")
                        .route(get().to(done::show))
                        .route(put().to(done::replace)),
                )
                .service(path("/areas/{code}/report").route(get().to(report::of_area)))
                .service(path("/comparators").route(get().to(comparators::list)))
                .service(path("/comparators/import").route(post().to(comparators::import)))
                .service(path("/returns").route(get().to(returns::complete)))
                .service(
                    path("/targets/{place}").route(get().to(targets::list)).route(put().to(targets::set)),
                )
                .service(path("/schemes/{id}/returns").route(get().to(returns::of_scheme)))
                .service(path("/schemes/{id}/returns/import").route(post().to(returns_import::import)))
                .service(path("/schemes/{id}/returns/template").route(get().to(returns_import::template)))
                .service(
                    path("/schemes/{id}/returns/{period}")
                        .route(get().to(returns::show))
                        .route(put().to(returns::replace)),
                )
                .service(path("/schemes/{id}/returns/{period}/query").route(post().to(returns::query)))
                .service(path("/schemes/{id}/returns/{period}/approve").route(post().to(returns::approve)))
                .service(
                    path("/schemes/{id}/units/{unit}/returns/{period}")
                        .route(get().to(returns::show))
                        .route(put().to(returns::replace)),
                )
                .service(
                    path("/schemes/{id}/units/{unit}/returns/{period}/query")
                        .route(post().to(returns::query)),
                )
                .service(
                    path("/schemes/{id}/units/{unit}/returns/{period}/approve")
                        .route(post().to(returns::approve)),
                )
                .service(path("/areas/{code}/returns/import").route(post().to(returns_import::import)))
                .service(path("/areas/{code}/returns/template").route(get().to(returns_import::template)))
                .service(
                    path("/areas/{code}/returns/{period}")
                        .route(get().to(returns::show))
                        .route(put().to(returns::replace)),
                )
                .service(path("/areas/{code}/returns/{period}/query").route(post().to(returns::query)))
                .service(path("/areas/{code}/returns/{period}/approve").route(post().to(returns::approve)))
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
                .service(path("/exports/responses.csv").route(get().to(extracts::csv)))
                .service(path("/exports/responses.parquet").route(get().to(extracts::parquet)))
                .service(path("/exports/responses.zip").route(get().to(extracts::zip)))
                // Without one; after those it would hide
                .service(path("/exports/{id}.zip").route(get().to(releases::package)))
                .service(path("/responses/batch").route(post().to(batch::create)))
                .service(
                    path("/responses/{id}")
                        .route(patch().to(responses::correct))
                        .route(delete().to(responses::withdraw)),
                )
                .service(path("/changes").route(get().to(changes::list)))
                .service(path("/khi").route(get().to(figures::khi)))
                .service(path("/kpi").route(get().to(figures::kpi)))
                .service(path("/outcomes").route(get().to(figures::outcomes)))
                .default_service(web::to(no_such_page)),
        )
        .default_service(web::to(no_such_page));
}
