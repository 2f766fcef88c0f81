//! The home page of a scheme: who is to be asked in a month, who was, and who is on hold; with one press for each way of asking.

use std::collections::BTreeMap;

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use chrono::{Datelike, Months, NaiveDate};

use super::steps::{SetUpStep, set_up_steps};
use super::{Names, Own, day, messages, note_of, own_scheme, tried, wording};
use crate::app::App;
use crate::domain::answering::Form;
use crate::domain::fault::Fault;
use crate::domain::identity::{Channel, Identity};
use crate::domain::reader::parse_date;
use crate::use_cases::{
    Choice, DueList, DuePerson, Invited, MessageSeen, Refusal, delivery_of, due_list, invite_due,
    send_invitations, visit_days,
};
use crate::web::pages::staff::{Instead, Staff, StaffShell, form, page, parameter, signed_in};
use crate::web::pages::survey::go_to;
use crate::web::request::blocking;

const DONE: [(&str, &str); 5] = [
    (
        "asked",
        "They are asked now. They stand under “Asked, no answer yet”, with what became of each message.",
    ),
    ("noted", "That is written down."),
    ("revoked", "The invitation is taken back. Its link and its code lead nowhere now."),
    ("event", "That is written down. Nothing is sent to this person now."),
    ("booked", "The visit is booked."),
];

#[derive(Template)]
#[template(path = "staff/scheme/due.html")]
struct DuePage {
    shell: StaffShell,
    steps: Vec<SetUpStep>,
    month: String,
    before: String,
    after: String,
    is_now: bool,
    /// Words and count of each state that has anybody.
    counts: Vec<(&'static str, usize)>,
    /// People who can be asked today.
    now: Vec<Line>,
    /// Groups of the others: anchor, heading, what it means, lines.
    groups: Vec<(&'static str, &'static str, &'static str, Vec<Line>)>,
    /// Invitations that somebody is to print or hand over.
    letters: Vec<String>,
    /// The quarter's eligible, asked and answered, by questionnaire.
    quarters: Vec<(String, String, usize, usize, usize)>,
    nobody: bool,
}

/// What the page is made of.
struct Known {
    list: DueList,
    names: Names,
    visits: BTreeMap<String, NaiveDate>,
    /// What became of each invitation's message.
    messages: BTreeMap<String, MessageSeen>,
}

/// One person with one occasion.
struct Line {
    /// `reference|questionnaire`.
    value: String,
    reference: String,
    name: String,
    /// The name without the reference, where both are known.
    has_name: bool,
    what: String,
    due: String,
    overdue: bool,
    way: String,
    why: String,
    /// What became of the message that asks them.
    message: String,
    /// What its main button says, and what it does: `send` or `print`.
    main: Option<(&'static str, &'static str)>,
    invitation: Option<String>,
    may_show: bool,
    may_note: Option<(&'static str, String)>,
    may_lift: bool,
}

/// `GET /scheme`
pub(in crate::web) async fn show(app: web::Data<App>, http: HttpRequest) -> Result<HttpResponse, Instead> {
    let staff = signed_in(&app, &http).await?;
    list(&app, &http, &staff, parameter(&http, "month").as_deref(), &[]).await
}

/// `POST /scheme/due`: asks those who are ticked, or the one whose button was pressed.
pub(in crate::web) async fn ask(
    app: web::Data<App>,
    http: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Instead> {
    let sent = form(&http, payload).await?;
    let staff = signed_in(&app, &http).await?;
    let own = own_scheme(&app, &staff)?;
    let month = sent.get("month").map(str::to_owned);
    let (go, chosen) = match pressed(&sent) {
        Some((go, one)) => (go.to_owned(), vec![one.to_owned()]),
        None => {
            let whom = if sent.get("go") == Some("all") { "due" } else { "person" };
            ("send".to_owned(), sent.all(whom).map(str::to_owned).collect())
        }
    };
    if chosen.is_empty() {
        let fault = Fault {
            pointer: "/now".into(),
            code: "nobody",
            detail: "Tick at least one person first, or use the buttons beside a name.".into(),
        };
        return list(&app, &http, &staff, month.as_deref(), &[fault]).await;
    }
    if go == "book" {
        let reference = chosen[0].split('|').next().unwrap_or_default();
        return Ok(go_to(&format!("/scheme/people/{}/visit", path_part(reference))));
    }
    let choices: Vec<Choice> = chosen.iter().filter_map(|value| choice(value)).collect();
    let (actor, send) = (staff.actor.clone(), go == "send");
    let invited = tried(&app, move |app| match send {
        true => {
            let sent = send_invitations(app, &actor, &own.id, &choices)?;
            Ok(sent.into_iter().map(|one| one.invited).collect())
        }
        false => invite_due(app, &actor, &own.id, &choices),
    })
    .await?;
    match invited {
        Ok(invited) => Ok(go_to(&after_asking(&go, &invited, month.as_deref()))),
        Err(faults) => list(&app, &http, &staff, month.as_deref(), &named(&faults, &chosen)).await,
    }
}

/// The button beside a name: what it does, and for whom.
fn pressed(sent: &Form) -> Option<(&str, &str)> {
    sent.get("one").and_then(|value| value.split_once(':'))
}

fn choice(value: &str) -> Option<Choice> {
    let (reference, questionnaire) = value.split_once('|')?;
    Some(Choice { participant: reference.to_owned(), questionnaire: Some(questionnaire.to_owned()) })
}

/// A reference as part of an address; one that is not well formed leads nowhere.
fn path_part(reference: &str) -> String {
    reference.chars().filter(|c| c.is_ascii_alphanumeric() || "._-".contains(*c)).collect()
}

/// Where to go when people were asked: to the link of one, to the tablet, or back to the list.
fn after_asking(go: &str, invited: &[Invited], month: Option<&str>) -> String {
    match (go, invited) {
        ("open", [one]) => format!("/visit?for={}", one.id),
        ("print", [one]) => format!("/scheme/asked/{}?done=asked", one.id),
        _ => match month {
            Some(month) => format!("/scheme?done=asked&month={}", path_part(month)),
            None => "/scheme?done=asked".to_owned(),
        },
    }
}

/// Faults with the person each is about.
fn named(faults: &[Fault], chosen: &[String]) -> Vec<Fault> {
    let who = |fault: &Fault| {
        let index = fault.pointer.strip_prefix("/people/")?.split('/').next()?.parse::<usize>().ok()?;
        Some(chosen.get(index)?.split('|').next().unwrap_or_default().to_owned())
    };
    faults
        .iter()
        .map(|fault| match who(fault) {
            Some(reference) => Fault {
                pointer: format!("/p-{reference}"),
                code: fault.code,
                detail: format!("{reference}: {}", fault.detail),
            },
            None => Fault { pointer: "/now".into(), code: fault.code, detail: fault.detail.clone() },
        })
        .collect()
}

/// The page, with what is wrong with what was pressed on it.
async fn list(
    app: &web::Data<App>,
    http: &HttpRequest,
    staff: &Staff,
    month: Option<&str>,
    faults: &[Fault],
) -> Result<HttpResponse, Instead> {
    let own = own_scheme(app, staff)?;
    let first = month.and_then(|m| parse_date(&format!("{m}-01"))).unwrap_or_else(|| app.today());
    let (actor, scheme) = (staff.actor.clone(), own.clone());
    let read = move |app: &App| {
        let list = due_list(app, &actor, &scheme.id, Some(first))?;
        let names =
            Names::read(app, &actor, &scheme.id, list.items.iter().map(|item| item.participant.clone()))?;
        let people = list.quarters.iter().map(|q| q.supported).max().unwrap_or(0).max(list.items.len());
        let asked = list.quarters.iter().any(|q| q.asked > 0)
            || list.items.iter().any(|item| item.occasion.invitation.is_some());
        let steps = match scheme.leads {
            true => set_up_steps(app, &actor, &scheme, people, asked)?,
            false => Vec::new(),
        };
        let visits = visit_days(app, &actor, &scheme.id)?;
        let messages = messages(&delivery_of(app, &actor, &scheme.id, None)?);
        Ok::<_, Refusal>((Known { list, names, visits, messages }, steps))
    };
    let (known, steps) = blocking(app, read).await?;
    let shell = StaffShell::of(app, http, staff, &title(&own, first)).done(http, &DONE).faulty(faults);
    Ok(page(shell.status(), &due_page(app, shell, first, &known, steps)))
}

fn title(own: &Own, month: NaiveDate) -> String {
    format!("Who to ask in {} – {}", month.format("%B %Y"), own.name)
}

fn due_page(app: &App, shell: StaffShell, first: NaiveDate, known: &Known, steps: Vec<SetUpStep>) -> DuePage {
    let found = &known.list;
    let first = first.with_day(1).unwrap_or(first);
    let month = |day: Option<NaiveDate>| day.unwrap_or(first).format("%Y-%m").to_string();
    let in_state = |states: &[&str], can: Option<bool>| -> Vec<Line> {
        found
            .items
            .iter()
            .filter(|item| states.contains(&item.occasion.state))
            .filter(|item| can.is_none_or(|can| item.occasion.may.contains(&"invite") == can))
            .map(|item| line(app, item, known))
            .collect()
    };
    let today = app.today();
    let groups = vec![
        (
            "wait",
            "To ask later",
            "They are due, and cannot be asked yet.",
            in_state(&["due", "overdue"], Some(false)),
        ),
        (
            "asked",
            "Asked, no answer yet",
            "You see that they have not answered, and never what they say.",
            in_state(&["asked", "reminded"], None),
        ),
        (
            "held",
            "On hold",
            "Something has happened in their lives. Nothing is sent until you say that it is over.",
            in_state(&["held"], None),
        ),
        (
            "next",
            "Coming up",
            "Due later this month. Some can be asked now.",
            in_state(&["upcoming"], Some(false)),
        ),
        ("done", "Answered", "", in_state(&["done"], None)),
        ("not", "Not asked, or could not take part", "", in_state(&["not-asked", "could-not"], None)),
        (
            "missed",
            "Missed",
            "Their time is over. Where nobody was asked, please say why.",
            in_state(&["missed"], None),
        ),
    ];
    DuePage {
        nobody: found.items.is_empty(),
        is_now: (first.year(), first.month()) == (today.year(), today.month()),
        before: month(first.checked_sub_months(Months::new(1))),
        after: month(first.checked_add_months(Months::new(1))),
        month: month(Some(first)),
        counts: COUNTED
            .iter()
            .map(|state| (wording::state(state), found.counts.by_state.get(state).copied().unwrap_or(0)))
            .filter(|(_, count)| *count > 0)
            .collect(),
        now: in_state(&["due", "overdue", "upcoming"], Some(true)),
        groups: groups.into_iter().filter(|(.., lines)| !lines.is_empty()).collect(),
        quarters: found
            .quarters
            .iter()
            .map(|q| {
                (
                    wording::questionnaire(app, &q.questionnaire),
                    q.period.clone(),
                    q.eligible,
                    q.asked,
                    q.answered,
                )
            })
            .collect(),
        letters: by_hand(known),
        steps,
        shell,
    }
}

/// Invitations that no message carries, of people who have not answered and whose name is known: a letter can be made.
fn by_hand(known: &Known) -> Vec<String> {
    let open = known.list.items.iter().filter(|item| ["asked", "reminded"].contains(&item.occasion.state));
    let named = open.filter(|item| known.names.identity(&item.participant).is_some());
    let ids = named.filter_map(|item| item.occasion.invitation.clone());
    ids.filter(|id| known.messages.get(id).is_some_and(|message| message.state == "not-sent")).collect()
}

/// States in the order in which they are counted on the page.
const COUNTED: [&str; 10] =
    ["overdue", "due", "upcoming", "asked", "reminded", "held", "done", "could-not", "not-asked", "missed"];

fn line(app: &App, item: &DuePerson, known: &Known) -> Line {
    let names = &known.names;
    let occasion = &item.occasion;
    let may = |press: &str| occasion.may.contains(&press);
    let identity = names.identity(&item.participant);
    Line {
        value: format!("{}|{}", item.participant, occasion.questionnaire),
        name: names.of(&item.participant),
        has_name: identity.is_some(),
        what: format!(
            "{}: {}",
            wording::questionnaire(app, &occasion.questionnaire),
            wording::occasion(occasion.occasion).to_lowercase()
        ),
        due: day(occasion.due_on),
        overdue: occasion.state == "overdue",
        way: match known.visits.get(&item.participant) {
            Some(on) => format!("{}. Visit booked for {}", wording::way(identity), day(*on)),
            None => wording::way(identity),
        },
        why: occasion.first_possible.map_or_else(
            || occasion.why.clone(),
            |first| format!("{} They can be asked from {}.", occasion.why, day(first)),
        ),
        message: occasion
            .invitation
            .as_ref()
            .filter(|_| ["asked", "reminded"].contains(&occasion.state))
            .and_then(|id| known.messages.get(id))
            .map(wording::message)
            .unwrap_or_default(),
        main: main_button(identity),
        may_show: may("show-again"),
        may_note: note_of(&item.participant, occasion),
        may_lift: may("lift"),
        invitation: occasion.invitation.clone(),
        reference: item.participant.clone(),
    }
}

/// The button of the way in which the person is asked.
fn main_button(identity: Option<&Identity>) -> Option<(&'static str, &'static str)> {
    Some(match identity?.channel {
        Channel::Email => ("send", "Send the e-mail"),
        Channel::Text => ("send", "Send the text"),
        Channel::Letter | Channel::Visit | Channel::None => return None,
    })
}
