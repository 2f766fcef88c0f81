//! The URLs of what is published, for everybody; and of publishing it, for the national body.

use actix_web::web::ServiceConfig;

use crate::web::address::{get, path, post};
use crate::web::pages::published::{
    about, indicators, methods, models, place, places, releases as release_pages,
};
use crate::web::pages::staff::national::{release_draft, releases as drafts};
use crate::web::pages::{claims, report};

/// Registers them.
pub(super) fn register(config: &mut ServiceConfig) {
    config
        .service(path("/places").route(get().to(places::show)))
        .service(path("/places/{place}").route(get().to(place::show)))
        .service(path("/indicators").route(get().to(indicators::list)))
        .service(path("/indicators/{indicator}").route(get().to(indicators::one)))
        .service(path("/models").route(get().to(models::list)))
        .service(path("/models/{model}").route(get().to(models::one)))
        .service(path("/releases").route(get().to(release_pages::list)))
        .service(path("/releases/{id}").route(get().to(release_pages::one)))
        .service(path("/claims").route(get().to(claims::list)))
        .service(path("/claims/{claim}").route(get().to(claims::newest)))
        .service(path("/releases/{id}/claims/{claim}").route(get().to(claims::one)))
        .service(path("/releases/{id}/report/{file}").route(get().to(report::show)))
        .service(path("/methods").route(get().to(methods::plain)))
        .service(path("/methods/detail").route(get().to(methods::detail)))
        .service(path("/accessibility").route(get().to(about::accessibility)))
        .service(path("/downloads").route(get().to(about::downloads)))
        .service(path("/national/releases").route(get().to(drafts::list)).route(post().to(drafts::draft)))
        .service(path("/national/releases/{draft}").route(get().to(release_draft::show)))
        .service(path("/national/releases/{draft}/attack").route(post().to(drafts::attack)))
        .service(
            path("/national/releases/{draft}/publish")
                .route(get().to(release_draft::confirm))
                .route(post().to(drafts::publish)),
        )
        .service(path("/national/releases/{draft}/discard").route(post().to(drafts::discard)));
}
