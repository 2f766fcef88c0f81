//! The URLs of pages for staff. They are not part of the API.

use actix_web::web::ServiceConfig;

use crate::web::address::{get, path, post};
use crate::web::pages::staff::national::{
    area as area_home, catalogue as lists, coverage, home as national_home, retention as retention_page,
    scheme as scheme_page, schemes as scheme_pages,
};
use crate::web::pages::staff::returns::{one as one_return, own as area_returns, places as returned};
use crate::web::pages::staff::{
    account, complaints, councils, dashboard, factor, outcomes, over_time, people as staff_people,
    report as report_pages, set_up, sign_in, targets as target_pages,
};

/// Registers them.
pub(super) fn register(config: &mut ServiceConfig) {
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
        .service(path("/outcomes").route(get().to(outcomes::show)))
        .service(path("/outcomes/over-time").route(get().to(over_time::show)))
        .service(path("/scheme/dashboard").route(get().to(dashboard::of_scheme)))
        .service(path("/area/dashboard").route(get().to(dashboard::of_area)))
        .service(path("/national/dashboard").route(get().to(dashboard::of_nation)))
        .service(path("/scheme/report").route(get().to(report_pages::of_scheme)))
        .service(path("/area/report").route(get().to(report_pages::of_area)))
        .service(path("/national/report").route(get().to(report_pages::of_nation)))
        .service(path("/outcomes/councils").route(get().to(councils::choose)))
        .service(path("/returns").route(get().to(returned::show)))
        .service(path("/targets").route(get().to(target_pages::show)).route(post().to(target_pages::take)))
        .service(
            path("/returns/schemes/{id}/{period}")
                .route(get().to(one_return::show))
                .route(post().to(one_return::take)),
        )
        .service(
            path("/returns/schemes/{id}/{period}/{unit}")
                .route(get().to(one_return::show))
                .route(post().to(one_return::take)),
        )
        .service(
            path("/returns/areas/{code}/{period}")
                .route(get().to(one_return::show))
                .route(post().to(one_return::take)),
        )
        .service(path("/area/returns").route(get().to(area_returns::list)))
        .service(
            path("/area/returns/{period}")
                .route(get().to(area_returns::show))
                .route(post().to(area_returns::take)),
        )
        .service(path("/national/returns").route(get().to(area_returns::list)))
        .service(
            path("/national/returns/{period}")
                .route(get().to(area_returns::show))
                .route(post().to(area_returns::take)),
        )
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
