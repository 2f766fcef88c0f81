//! The URLs of pages for people who answer, and for those who visit them. They are not part of the API.

use actix_web::web::ServiceConfig;

use crate::web::address::{get, path, post};
use crate::web::pages::survey::{after, look, my_answers, privacy, start, steps, stop, withdraw};
use crate::web::pages::{media, preview, task, unit_return, visit};

/// Registers them.
pub(super) fn register(config: &mut ServiceConfig) {
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
        // Units that send in their figures through a link
        .service(path("/r/{code}").route(get().to(unit_return::show)).route(post().to(unit_return::enter)))
        .service(path("/unit-return").route(get().to(unit_return::fill)).route(post().to(unit_return::take)))
        .service(path("/unit-return/sent").route(get().to(unit_return::sent)))
        // People who are told of a safeguarding task
        .service(path("/task/{token}").route(get().to(task::show)).route(post().to(task::acknowledge)));
}
