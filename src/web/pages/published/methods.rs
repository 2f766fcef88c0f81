//! `/methods`: how figures come about, in plain English; and in detail. Every number on these pages is the one that the code works with.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::releases::policy_words;
use super::{Shell, answered};
use crate::app::App;
use crate::domain::comparison::LEAST_SCHEMES;
use crate::domain::disclosure::{AREA_BASE, Policy, SCHEME_BASE};
use crate::domain::over_time::{ENOUGH, LEAST, TREND};
use crate::domain::schedule::BURDEN_DAYS;
use crate::domain::statistics::{Z95, Z998};
use crate::web::problem::Problem;

#[derive(Template)]
#[template(path = "public/methods.html")]
struct PlainPage {
    demo: bool,
    shell: Shell,
    policy: Policy,
    weeks: u64,
}

#[derive(Template)]
#[template(path = "public/methods_detail.html")]
struct DetailPage {
    demo: bool,
    shell: Shell,
    z95: String,
    z998: String,
    policy: Vec<String>,
    least_mean: i64,
    /// Quarters from which there are limits, from which they are no longer trial limits, and how many make a trend.
    quarters: [usize; 3],
    least_schemes: usize,
    scheme_base: i64,
    area_base: i64,
    days: u64,
}

/// `GET /methods`
pub(in crate::web) async fn plain(app: web::Data<App>, http: HttpRequest) -> Result<HttpResponse, Problem> {
    let page = PlainPage {
        demo: app.demo,
        shell: Shell::new("How this is worked out", "/methods"),
        policy: Policy::default(),
        weeks: BURDEN_DAYS / 7,
    };
    Ok(answered(&http, &page))
}

/// `GET /methods/detail`
pub(in crate::web) async fn detail(app: web::Data<App>, http: HttpRequest) -> Result<HttpResponse, Problem> {
    let policy = Policy::default();
    let page = DetailPage {
        demo: app.demo,
        shell: Shell::new("Methods in detail", "/methods").below("/methods", "How this is worked out"),
        z95: format!("{Z95:.6}"),
        z998: format!("{Z998:.6}"),
        policy: policy_words(&policy),
        least_mean: policy.least_mean,
        quarters: [LEAST, ENOUGH, TREND],
        least_schemes: LEAST_SCHEMES,
        scheme_base: SCHEME_BASE,
        area_base: AREA_BASE,
        days: BURDEN_DAYS,
    };
    Ok(answered(&http, &page))
}
