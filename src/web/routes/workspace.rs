//! The URLs of the workspace of a scheme. They are not part of the API.

use actix_web::web::ServiceConfig;

use crate::web::address::{get, path, post};
use crate::web::pages::staff::national::retention as retention_page;
use crate::web::pages::staff::scheme::{
    asked, compare, contacts as scheme_contacts, done, due, happened, import as people_file, links,
    people as own_people, person, person_form, return_links, returns as own_returns, returns_file, schedule,
    settings, tasks as own_tasks, waves,
};

/// Registers them.
pub(super) fn register(config: &mut ServiceConfig) {
    config
        .service(path("/scheme").route(get().to(due::show)))
        .service(path("/scheme/due").route(post().to(due::ask)))
        .service(
            path("/scheme/asked/{invitation}").route(get().to(asked::show)).route(post().to(asked::change)),
        )
        .service(path("/scheme/letters").route(post().to(asked::print)))
        .service(path("/scheme/people").route(get().to(own_people::show)))
        .service(
            path("/scheme/people/add")
                .route(get().to(person_form::show_new))
                .route(post().to(person_form::add)),
        )
        .service(path("/scheme/people/{ref}").route(get().to(person::show)))
        .service(path("/scheme/people/{ref}/export").route(get().to(person::export)))
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
        .service(path("/scheme/import/template.{kind}").route(get().to(people_file::template)))
        .service(
            path("/scheme/retention")
                .route(get().to(retention_page::of_scheme))
                .route(post().to(retention_page::change_of_scheme)),
        )
        .service(path("/scheme/waves").route(get().to(waves::show)).route(post().to(waves::make)))
        .service(path("/scheme/waves/{id}").route(get().to(waves::one)))
        .service(path("/scheme/compare").route(get().to(compare::show)).route(post().to(compare::take)))
        .service(path("/scheme/done").route(get().to(done::show)).route(post().to(done::take)))
        .service(path("/scheme/returns").route(get().to(own_returns::list)))
        .service(
            path("/scheme/return-links")
                .route(get().to(return_links::show))
                .route(post().to(return_links::change)),
        )
        .service(path("/scheme/return-links/{id}").route(get().to(return_links::one)))
        .service(
            path("/scheme/returns/import")
                .route(get().to(returns_file::show))
                .route(post().to(returns_file::take)),
        )
        .service(path("/scheme/returns/template").route(get().to(returns_file::template)))
        .service(
            path("/scheme/returns/{period}")
                .route(get().to(own_returns::show))
                .route(post().to(own_returns::take)),
        )
        .service(
            path("/scheme/returns/{period}/{unit}")
                .route(get().to(own_returns::show_unit))
                .route(post().to(own_returns::take_unit)),
        )
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
