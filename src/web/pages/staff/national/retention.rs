//! How long data are kept: nationally, and by a scheme of its own, which can only keep them for less long.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde_json::{Value, json};

use super::{Instead, StaffShell, national};
use crate::app::App;
use crate::domain::answering::Form;
use crate::domain::fault::Fault;
use crate::use_cases::{Refusal, put_retention, read_retention};
use crate::web::pages::staff::scheme::led_scheme;
use crate::web::pages::staff::{Staff, form, page, recently_proved, signed_in};
use crate::web::pages::survey::go_to;
use crate::web::problem::Problem;
use crate::web::request::blocking;

const DONE: [(&str, &str); 1] = [("kept", "So it is kept from now on, or from the day you said.")];

#[derive(Template)]
#[template(path = "staff/national/retention.html")]
struct RetentionPage {
    shell: StaffShell,
    classes: Vec<Line>,
    fixed: Vec<(String, String)>,
}

struct Line {
    code: String,
    title: String,
    what: String,
    since: String,
    unit: String,
    keep: i64,
    least: i64,
    most: i64,
    reason: String,
    source: String,
    coming: Vec<String>,
    /// Whether its form is open, because something is wrong in it.
    open: bool,
    faults: Vec<(String, String)>,
}

impl Line {
    fn fault(&self, field: &str) -> Option<&str> {
        self.faults.iter().find(|(name, _)| name == field).map(|(_, words)| words.as_str())
    }
}

/// `GET /national/retention`
pub(in crate::web) async fn show(app: web::Data<App>, http: HttpRequest) -> Result<HttpResponse, Instead> {
    let staff = national(&app, &http).await?;
    list(&app, &http, &staff, None, "", &[]).await
}

/// `POST /national/retention`
pub(in crate::web) async fn change(
    app: web::Data<App>,
    http: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Instead> {
    let sent = form(&http, payload).await?;
    let staff = national(&app, &http).await?;
    put(&app, &http, &staff, None, &sent).await
}

/// `GET /scheme/retention`
pub(in crate::web) async fn of_scheme(
    app: web::Data<App>,
    http: HttpRequest,
) -> Result<HttpResponse, Instead> {
    let staff = signed_in(&app, &http).await?;
    let scheme = led_scheme(&app, &staff)?.id;
    list(&app, &http, &staff, Some(scheme), "", &[]).await
}

/// `POST /scheme/retention`
pub(in crate::web) async fn change_of_scheme(
    app: web::Data<App>,
    http: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Instead> {
    let sent = form(&http, payload).await?;
    let staff = signed_in(&app, &http).await?;
    let scheme = led_scheme(&app, &staff)?.id;
    put(&app, &http, &staff, Some(scheme), &sent).await
}

async fn put(
    app: &web::Data<App>,
    http: &HttpRequest,
    staff: &Staff,
    scheme: Option<String>,
    sent: &Form,
) -> Result<HttpResponse, Instead> {
    let here = http.path().to_owned();
    recently_proved(app, staff, &here)?;
    let class = sent.get("class").unwrap_or_default().to_owned();
    let (actor, body, of) = (staff.actor.clone(), body_of(sent, &class), scheme.clone());
    let done = blocking(app, move |app| match put_retention(app, &actor, of.as_deref(), &body) {
        Err(Refusal::Invalid(faults)) => Ok(faults),
        other => other.map(|_| Vec::new()).map_err(Problem::from),
    });
    let faults = done.await?;
    if faults.is_empty() {
        return Ok(go_to(&format!("{here}?done=kept")));
    }
    list(app, http, staff, scheme, &class, &faults).await
}

/// The form as the API has it. What is no number stays text, so that it is told as such.
fn body_of(sent: &Form, class: &str) -> Value {
    let given = |name: &'static str| sent.get(name).map(str::trim).filter(|text| !text.is_empty());
    let keep = given("keep").map_or(json!(""), |text| text.parse::<i64>().map_or(json!(text), |n| json!(n)));
    let setting = json!({"keep": keep, "reason": given("reason"), "source": given("source")});
    json!({"from": given("from"), "classes": {class: setting}})
}

async fn list(
    app: &web::Data<App>,
    http: &HttpRequest,
    staff: &Staff,
    scheme: Option<String>,
    class: &str,
    faults: &[Fault],
) -> Result<HttpResponse, Instead> {
    let actor = staff.actor.clone();
    let kept = blocking(app, move |app| read_retention(app, &actor, scheme.as_deref())).await?;
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let number = |value: &Value| value.as_i64().unwrap_or(0);
    let of_field = |fault: &Fault| {
        let field = fault.pointer.rsplit('/').next().unwrap_or_default().to_owned();
        (field, fault.detail.clone())
    };
    let line = |c: &Value| {
        let code = text(&c["class"]);
        let coming = c["coming"].as_array().cloned().unwrap_or_default();
        Line {
            title: text(&c["title"]),
            what: text(&c["what"]),
            since: text(&c["since"]),
            unit: text(&c["unit"]),
            keep: number(&c["keep"]),
            least: number(&c["least"]),
            most: number(&c["most"]),
            reason: text(&c["reason"]),
            source: text(&c["source"]),
            coming: coming.iter().map(|s| format!("From {}: {}", text(&s["from"]), s["keep"])).collect(),
            open: code == class,
            faults: if code == class { faults.iter().map(of_field).collect() } else { Vec::new() },
            code,
        }
    };
    // A link to a fault leads to its field, which is named by the class as well.
    let at_field: Vec<Fault> = faults
        .iter()
        .map(|fault| Fault { pointer: format!("/{}-{class}", of_field(fault).0), ..fault.clone() })
        .collect();
    let shown = RetentionPage {
        classes: kept["classes"].as_array().map(|all| all.iter().map(line).collect()).unwrap_or_default(),
        fixed: kept["fixed"]
            .as_array()
            .map(|all| all.iter().map(|f| (text(&f["title"]), text(&f["kept"]))).collect())
            .unwrap_or_default(),
        shell: StaffShell::of(app, http, staff, "How long data are kept").done(http, &DONE).faulty(&at_field),
    };
    Ok(page(shown.shell.status(), &shown))
}
