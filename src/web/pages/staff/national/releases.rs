//! Releases on the national body's pages: drafting one, looking at the draft, attacking it, publishing it or throwing it away.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::{Instead, StaffShell, national};
use crate::app::App;
use crate::domain::answering::Form;
use crate::domain::disclosure::Attacker;
use crate::domain::disclosure::release::{Finding, NotPublished, Verdict};
use crate::domain::fault::Fault;
use crate::domain::period::{Period, Quarter, financial_year};
use crate::use_cases::{
    DraftSeen, OPEN_DAYS, Refusal, ReleaseRefused, ReleaseSeen, attack_draft_as, discard_draft_as,
    draft_release_as, list_drafts, list_releases, publish_draft_as,
};
use crate::web::pages::published::{day_of, period_words};
use crate::web::pages::staff::scheme::given;
use crate::web::pages::staff::{Staff, form, page, recently_proved};
use crate::web::pages::survey::go_to;
use crate::web::problem::{Kind, Problem};
use crate::web::request::blocking;

const DONE: [(&str, &str); 2] = [
    ("published", "The release is published. Everybody can read it now."),
    ("discarded", "The draft is thrown away. Nothing of it was published."),
];

/// How long schemes may look at a draft at most, in days.
const MOST_DAYS: u32 = 365;

#[derive(Template)]
#[template(path = "staff/national/releases.html")]
struct ReleasesPage {
    shell: StaffShell,
    open: Option<Listed>,
    /// The id of the draft in whose place a new one is put; empty for none.
    seen: String,
    periods: Vec<(String, String, bool)>,
    days: String,
    releases: Vec<ReleaseLine>,
    ended: Vec<Listed>,
}

/// A draft in a list.
struct Listed {
    id: String,
    period: String,
    made_on: String,
    open_until: String,
    state: &'static str,
    comments: usize,
}

struct ReleaseLine {
    id: String,
    number: i64,
    period: String,
    published_on: String,
    state: String,
}

#[derive(Template)]
#[template(path = "staff/national/release_verdict.html")]
struct VerdictPage {
    shell: StaffShell,
    id: String,
    period: String,
    /// That it was to be published, and was not.
    not_published: bool,
    figures: String,
    questions: String,
    solved: String,
    findings: Vec<FindingSeen>,
}

struct FindingSeen {
    cell: String,
    attacker: &'static str,
    narrow: String,
    because: Vec<String>,
}

#[derive(Template)]
#[template(path = "staff/told.html")]
struct NotDone {
    shell: StaffShell,
    paragraphs: Vec<String>,
    onward: Option<(&'static str, String)>,
}

/// `GET /national/releases`
pub(in crate::web) async fn list(app: web::Data<App>, http: HttpRequest) -> Result<HttpResponse, Instead> {
    let staff = national(&app, &http).await?;
    shown(&app, &http, &staff, &Form::default(), &[]).await
}

/// `POST /national/releases`: drafts a release.
pub(in crate::web) async fn draft(
    app: web::Data<App>,
    http: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Instead> {
    let sent = form(&http, payload).await?;
    let staff = national(&app, &http).await?;
    let fault = |field: &str, detail: &str| Fault {
        pointer: format!("/{field}"),
        code: "not-acceptable",
        detail: detail.to_owned(),
    };
    let mut faults = Vec::new();
    let period = given(&sent, "period").and_then(|text| text.parse::<Period>().ok());
    if period.is_none() {
        faults.push(fault("period", "Choose the period of the release."));
    }
    let days = given(&sent, "days").and_then(|text| text.parse::<u32>().ok()).filter(|d| *d <= MOST_DAYS);
    if days.is_none() {
        faults.push(fault("days", "Say in days how long schemes can look at the draft: 0 to 365."));
    }
    let (Some(period), Some(days)) = (period, days) else {
        return shown(&app, &http, &staff, &sent, &faults).await;
    };
    let (actor, seen) = (staff.actor.clone(), given(&sent, "seen").map(str::to_owned));
    let drafted =
        blocking(&app, move |app| Ok::<_, Problem>(draft_release_as(app, &actor, period, days, seen)))
            .await?;
    match drafted {
        Ok(id) => Ok(go_to(&format!("/national/releases/{id}?done=drafted"))),
        Err(ReleaseRefused::NotPublished(_) | ReleaseRefused::NoLedger(_)) => {
            let why = drafted.err().map(|refused| words_for(&refused)).unwrap_or_default();
            shown(&app, &http, &staff, &sent, &[fault("period", &why)]).await
        }
        Err(refused) => refusal(&app, &http, &staff, refused, "The draft was not made"),
    }
}

/// `POST /national/releases/{draft}/attack`: says what could be found out.
pub(in crate::web) async fn attack(
    app: web::Data<App>,
    http: HttpRequest,
    payload: web::Payload,
    id: web::Path<String>,
) -> Result<HttpResponse, Instead> {
    form(&http, payload).await?;
    let staff = national(&app, &http).await?;
    let draft = named(&app, &staff, &id).await?;
    let (actor, named) = (staff.actor.clone(), draft.id.clone());
    match blocking(&app, move |app| Ok::<_, Problem>(attack_draft_as(app, &actor, &named))).await? {
        Ok(verdict) => Ok(verdict_page(&app, &http, &staff, &draft, &verdict, false)),
        Err(refused) => refusal(&app, &http, &staff, refused, "The draft was not attacked"),
    }
}

/// `POST /national/releases/{draft}/publish`
pub(in crate::web) async fn publish(
    app: web::Data<App>,
    http: HttpRequest,
    payload: web::Payload,
    id: web::Path<String>,
) -> Result<HttpResponse, Instead> {
    form(&http, payload).await?;
    let staff = national(&app, &http).await?;
    let draft = named(&app, &staff, &id).await?;
    recently_proved(&app, &staff, &format!("/national/releases/{}/publish", draft.id))?;
    let (actor, named) = (staff.actor.clone(), draft.id.clone());
    match blocking(&app, move |app| Ok::<_, Problem>(publish_draft_as(app, &actor, &named))).await? {
        Ok(_) => Ok(go_to("/national/releases?done=published")),
        Err(ReleaseRefused::NotPublished(NotPublished::Found(verdict))) => {
            Ok(verdict_page(&app, &http, &staff, &draft, &verdict, true))
        }
        Err(refused) => refusal(&app, &http, &staff, refused, "The release was not published"),
    }
}

/// `POST /national/releases/{draft}/discard`
pub(in crate::web) async fn discard(
    app: web::Data<App>,
    http: HttpRequest,
    payload: web::Payload,
    id: web::Path<String>,
) -> Result<HttpResponse, Instead> {
    form(&http, payload).await?;
    let staff = national(&app, &http).await?;
    let draft = named(&app, &staff, &id).await?;
    let actor = staff.actor.clone();
    match blocking(&app, move |app| Ok::<_, Problem>(discard_draft_as(app, &actor, &draft.id))).await? {
        Ok(()) => Ok(go_to("/national/releases?done=discarded")),
        Err(refused) => refusal(&app, &http, &staff, refused, "The draft was not thrown away"),
    }
}

/// The draft that an address names.
pub(super) async fn named(app: &web::Data<App>, staff: &Staff, id: &str) -> Result<DraftSeen, Instead> {
    if !id.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return Err(Problem::of(Kind::Unknown).into()); // never asked of the database, which takes no U+0000
    }
    let (actor, id) = (staff.actor.clone(), id.to_owned());
    let found = blocking(app, move |app| {
        let all = list_drafts(app, &actor)?;
        all.into_iter().find(|draft| draft.id == id).ok_or(Refusal::Unknown(None))
    });
    Ok(found.await?)
}

/// What became of a draft, in words.
pub(super) fn state_words(state: &str) -> &'static str {
    match state {
        "open" => "open",
        "published" => "published",
        "discarded" => "thrown away",
        _ => "replaced by a later draft",
    }
}

async fn shown(
    app: &web::Data<App>,
    http: &HttpRequest,
    staff: &Staff,
    sent: &Form,
    faults: &[Fault],
) -> Result<HttpResponse, Instead> {
    let actor = staff.actor.clone();
    let (drafts, releases) =
        blocking(app, move |app| Ok::<_, Refusal>((list_drafts(app, &actor)?, list_releases(app)?))).await?;
    let (open, ended): (Vec<Listed>, Vec<Listed>) =
        drafts.iter().map(listed).partition(|draft| draft.state == "open");
    let open = open.into_iter().next();
    let chosen = given(sent, "period").unwrap_or_default();
    let shown = ReleasesPage {
        seen: open.as_ref().map(|draft| draft.id.clone()).unwrap_or_default(),
        periods: periods(app)
            .into_iter()
            .map(|period| (period.to_string(), choice(period), period.to_string() == chosen))
            .collect(),
        days: given(sent, "days").map_or_else(|| OPEN_DAYS.to_string(), str::to_owned),
        releases: releases.iter().map(|one| release_line(one, &releases)).collect(),
        open,
        ended,
        shell: StaffShell::of(app, http, staff, "Releases").done(http, &DONE).faulty(faults),
    };
    Ok(page(shown.shell.status(), &shown))
}

fn listed(draft: &DraftSeen) -> Listed {
    Listed {
        id: draft.id.clone(),
        period: period_words(&draft.period),
        made_on: day_of(&draft.made_at),
        open_until: day_of(&draft.open_until),
        state: state_words(&draft.state),
        comments: draft.comments.len(),
    }
}

fn release_line(one: &ReleaseSeen, all: &[ReleaseSeen]) -> ReleaseLine {
    let number =
        |id: &String| all.iter().find(|r| r.id == *id).map_or_else(String::new, |r| r.number.to_string());
    let state = match (&one.withdrawn, &one.superseded_by, &one.supersedes) {
        (Some(withdrawn), _, _) => format!("Withdrawn on {}: {}", day_of(&withdrawn.at), withdrawn.why),
        (None, Some(later), _) => format!("Superseded by release {}", number(later)),
        (None, None, Some(earlier)) => format!("Stands, in the place of release {}", number(earlier)),
        (None, None, None) => "Stands".to_owned(),
    };
    ReleaseLine {
        id: one.id.clone(),
        number: one.number,
        period: period_words(&one.period),
        published_on: day_of(&one.published_at),
        state,
    }
}

/// The periods that are offered: what is over, newest first.
fn periods(app: &App) -> Vec<Period> {
    let last = Quarter::of(app.today()).plus(-1);
    let year = financial_year(app.today()) - 1;
    let mut all: Vec<Period> = (0..4).map(|back| Period::TwelveMonths(last.plus(-back))).collect();
    all.extend((0..2).map(|back| Period::Year(year - back)));
    all.extend((0..4).map(|back| Period::Quarter(last.plus(-back))));
    all.push(Period::ThreeYears(year));
    all
}

fn choice(period: Period) -> String {
    let kind = match period {
        Period::Quarter(_) => "A quarter",
        Period::Year(_) => "A financial year",
        Period::TwelveMonths(_) => "Twelve months",
        Period::ThreeYears(_) => "Three financial years",
    };
    format!("{kind}: {}", period_words(&period.to_string()))
}

fn verdict_page(
    app: &App,
    http: &HttpRequest,
    staff: &Staff,
    draft: &DraftSeen,
    verdict: &Verdict,
    not_published: bool,
) -> HttpResponse {
    let title = match (verdict.passed(), not_published) {
        (true, _) => "Nothing can be found out",
        (false, true) => "The release was not published",
        (false, false) => "Something could be found out",
    };
    let number =
        |count: usize| i64::try_from(count).map(crate::web::pages::amounts::thousands).unwrap_or_default();
    let shown = VerdictPage {
        id: draft.id.clone(),
        period: period_words(&draft.period),
        not_published,
        figures: number(verdict.attacked),
        questions: number(verdict.questions),
        solved: number(verdict.solved),
        findings: verdict.findings.iter().map(finding).collect(),
        shell: StaffShell::of(app, http, staff, title),
    };
    page(if not_published { StatusCode::CONFLICT } else { StatusCode::OK }, &shown)
}

fn finding(finding: &Finding) -> FindingSeen {
    let Finding { cell, attacker, n, least, most, because } = finding;
    FindingSeen {
        cell: cell.clone(),
        attacker: match attacker {
            Attacker::Reader => "Anybody who reads the release",
            Attacker::Respondent => "Somebody who answered, with their own answer",
            Attacker::Coalition => "A few people of one scheme, with their answers",
            Attacker::Register => "Somebody who knows how many answered in each scheme",
            Attacker::Scheme => "Somebody who knows the figures of one scheme",
        },
        narrow: if least == most {
            format!("exactly {least} of {n} people answered so")
        } else {
            format!("{least} to {most} of {n} people answered so")
        },
        because: because.clone(),
    }
}

/// A page that says why an act was not done.
fn refusal(
    app: &App,
    http: &HttpRequest,
    staff: &Staff,
    refused: ReleaseRefused,
    title: &str,
) -> Result<HttpResponse, Instead> {
    let why = words_for(&refused);
    match refused {
        ReleaseRefused::Refused(refusal) => return Err(refusal.into()),
        ReleaseRefused::Storage(error) => return Err(Problem::from(error).into()),
        _ => {}
    }
    let shown = NotDone {
        shell: StaffShell::of(app, http, staff, title),
        paragraphs: vec![why, "Nothing was changed.".into()],
        onward: Some(("To the releases", "/national/releases".into())),
    };
    Ok(page(StatusCode::CONFLICT, &shown))
}

/// Why an act was not done, for people who work with pages.
pub(super) fn words_for(refused: &ReleaseRefused) -> String {
    match refused {
        ReleaseRefused::UnknownDraft(_) => "There is no such draft.".into(),
        ReleaseRefused::Ended { state, .. } => match state.as_str() {
            "published" => "This draft was published already.".into(),
            other => format!("This draft is no longer open: it was {}.", state_words(other)),
        },
        ReleaseRefused::StillOpen(until) => {
            format!("Schemes can look at this draft until {}. It can be published after that.", day_of(until))
        }
        ReleaseRefused::Overtaken => {
            "Another release was published while this one was attacked, so the attack did not know it. Try again.".into()
        }
        ReleaseRefused::Meanwhile => {
            "Another draft was made or ended since you opened this page. Look at what is there now.".into()
        }
        ReleaseRefused::Busy => {
            "A release is being worked on just now: you may have pressed twice, or a colleague is at it. Look again in a minute.".into()
        }
        ReleaseRefused::NotPublished(NotPublished::Overlaps(period)) => format!(
            "There is a release of {}, which overlaps with this period. The difference of the two would be figures of few people.",
            period_words(period)
        ),
        ReleaseRefused::NotPublished(NotPublished::Unequal(figure)) => format!(
            "{figure}: the people counted by scheme and council do not add up to this figure, so it cannot be protected. Whoever runs the server can find out with “khi tallies verify”."
        ),
        ReleaseRefused::NoLedger(period) => format!(
            "The release of {} is from an older version of this program, which did not keep what later releases must know. No period that overlaps with it can be published.",
            period_words(period)
        ),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finding_says_who_finds_out_what_and_from_which_figures() {
        let found = Finding {
            cell: "Kindness in Leeds".into(),
            attacker: Attacker::Coalition,
            n: 12,
            least: 3,
            most: 5,
            because: vec!["all of Yorkshire less York".into()],
        };
        let seen = finding(&found);
        assert_eq!(seen.narrow, "3 to 5 of 12 people answered so");
        assert!(seen.attacker.starts_with("A few people of one scheme"));
        assert_eq!(seen.because, found.because);
        assert_eq!(finding(&Finding { most: 3, ..found }).narrow, "exactly 3 of 12 people answered so");
    }

    #[test]
    fn why_a_release_was_refused_is_told_without_commands() {
        let refusals = [
            ReleaseRefused::UnknownDraft("x".into()),
            ReleaseRefused::Ended { draft: "x".into(), state: "replaced".into() },
            ReleaseRefused::StillOpen("2026-08-03T09:00:00.000000Z".into()),
            ReleaseRefused::Overtaken,
            ReleaseRefused::Meanwhile,
            ReleaseRefused::Busy,
            NotPublished::Overlaps("2026-27".into()).into(),
            ReleaseRefused::NoLedger("2026-27".into()),
        ];
        for refused in &refusals {
            let words = words_for(refused);
            assert!(words.ends_with('.') && !words.contains("khi ") && !words.contains("2026-"), "{words}");
        }
    }
}
