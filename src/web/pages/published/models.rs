//! `/models`: what each model is, what it asks people, and what is counted of it.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::figure::{Figure, figure, says_something, sort, title};
use super::kpis::{KpiSeen, kpis};
use super::{Shell, absent, answered, newest};
use crate::app::App;
use crate::domain::area::Level;
use crate::domain::definition::{Model, Status as Life};
use crate::domain::figures::Row;
use crate::published::Published;
use crate::web::problem::Problem;

#[derive(Template)]
#[template(path = "public/models.html")]
struct ListPage {
    demo: bool,
    shell: Shell,
    /// Address, name, what it is.
    models: Vec<(String, &'static str, &'static str)>,
}

#[derive(Template)]
#[template(path = "public/model.html")]
struct OnePage {
    demo: bool,
    shell: Shell,
    what: &'static str,
    /// Its questionnaires: title, and the address of a preview.
    questionnaires: Vec<(String, String)>,
    figures: Vec<Figure>,
    /// Indicators that are asked, and of which nothing is shown of the UK: title and address.
    hidden: Vec<(String, String)>,
    kpis: Vec<KpiSeen>,
    /// What is counted of it, whether published or not: title and what it is.
    counted: Vec<(String, String)>,
}

/// `GET /models`
pub(in crate::web) async fn list(app: web::Data<App>, http: HttpRequest) -> Result<HttpResponse, Problem> {
    let line = |model: Model| (format!("/models/{}", model.code()), model.title(), what(model));
    let page = ListPage {
        demo: app.demo,
        shell: Shell::new("Models of support", "/indicators"),
        models: Model::ALL.into_iter().map(line).collect(),
    };
    Ok(answered(&http, &page))
}

/// `GET /models/{model}`
pub(in crate::web) async fn one(
    app: web::Data<App>,
    http: HttpRequest,
    code: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let Some(model) = Model::parse(&code) else {
        return Ok(absent(
            &app,
            StatusCode::NOT_FOUND,
            Shell::new("There is no such model here", "/indicators").below("/models", "Models"),
            vec!["Eight models of support are asked about here.".into()],
            vec![("/models".into(), "All models".into())],
        ));
    };
    let release = newest(&app).await?;
    let (figures, hidden) = figures(&app, release.as_deref(), model);
    let of_model = |row: &serde_json::Value| row["model"] == model.code() && row["place"]["level"] == "uk";
    let mut questionnaires: Vec<(String, String)> = Vec::new();
    for definition in app.registry.definitions().filter(|d| d.model == model && d.status == Life::Published) {
        let address = format!(
            "/preview/{}/{}?rendition={}&language=en",
            definition.id,
            definition.version,
            definition.renditions.first().map_or("standard", String::as_str)
        );
        let name = definition.title.get("en").to_owned();
        questionnaires.retain(|(known, _)| *known != name);
        questionnaires.push((name, address));
    }
    let asked = app.registry.kpis.iter().filter(|kpi| kpi.models.contains(&model));
    let page = OnePage {
        demo: app.demo,
        what: what(model),
        questionnaires,
        figures,
        hidden,
        kpis: release.as_ref().map(|r| kpis(&app, r, of_model)).unwrap_or_default(),
        counted: asked
            .map(|kpi| (kpi.title.get("en").to_owned(), kpi.numerator.get("en").to_owned()))
            .collect(),
        shell: Shell::new(model.title(), "/indicators").below("/models", "Models").of(release.as_ref()),
    };
    Ok(answered(&http, &page))
}

/// Cards of what is shown of the UK, and the titles of what is not.
fn figures(app: &App, release: Option<&Published>, model: Model) -> (Vec<Figure>, Vec<(String, String)>) {
    let Some(release) = release else { return (Vec::new(), Vec::new()) };
    let of_uk = |row: &&Row| row.place.level == Level::Uk && row.group.is_none() && row.model == model.code();
    let mut rows: Vec<&Row> = release.rows.iter().filter(of_uk).collect();
    sort(app, &mut rows);
    let (shown, others): (Vec<&Row>, Vec<&Row>) = rows.into_iter().partition(|row| says_something(row));
    let mut hidden: Vec<(String, String)> = others
        .into_iter()
        .map(|row| (title(app, &row.indicator).to_owned(), format!("/indicators/{}", row.indicator)))
        .collect();
    hidden.dedup();
    (shown.into_iter().map(|row| figure(app, release, row, &[])).collect(), hidden)
}

/// What a model is, in a few sentences.
fn what(model: Model) -> &'static str {
    match model {
        Model::SharedLives => {
            "A person who needs support lives in, or regularly visits, the home of an approved carer, and becomes part of that household and its life."
        }
        Model::Homeshare => {
            "Somebody with a spare room shares their home with somebody who needs one. The householder gets company and some help, the homesharer a place to live, without rent."
        }
        Model::CommunityEnterprise => {
            "Local people set up very small enterprises that give care and support near where they live. A catalyst helps them to start and to do it well."
        }
        Model::LocalAreaCoordination => {
            "A coordinator who belongs to a neighbourhood walks alongside people there, starting from what a good life is to them, before they need services."
        }
        Model::CommunityCircles => {
            "A few people who know somebody meet around them, with a facilitator, to make happen what matters to that person."
        }
        Model::WellbeingTeams => {
            "Small teams that manage themselves support people at home, and plan their time with each person around what matters to that person."
        }
        Model::CommunityLedSupport => {
            "Councils change how people first meet social care: good conversations close to home and at once, and what the community has before formal services."
        }
        Model::SmallSupports => {
            "Small organisations support a few people each, in homes and with supporters that those people chose, often after long stays in hospital."
        }
    }
}
