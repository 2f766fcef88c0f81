//! `khi release`

use std::sync::Arc;

use indicatif::ProgressBar;

use super::open::open;
use super::{progress_bar, working};
use crate::app::App;
use crate::clock::SystemClock;
use crate::config::Settings;
use crate::domain::disclosure::Attacker;
use crate::domain::disclosure::release::{Finding, NotPublished, Verdict};
use crate::domain::period::Period;
use crate::secrets::Ids;
use crate::use_cases::{
    OPEN_DAYS, ReleaseRefused, all_drafts, attack_draft, discard_draft, draft_release, list_releases,
    publish_draft, withdraw_release,
};

#[derive(clap::Subcommand)]
pub(super) enum Command {
    /// Draft a release of a period: read all figures once, protect them, and let schemes look at their own
    Draft(Draft),
    /// Attack a draft with everything that was ever published, and say what could be found out
    Attack(Named),
    /// Attack a draft once more, and publish it as schemes saw it if nothing can be found out
    Publish(Named),
    /// Throw the open draft away: nothing takes its place
    Discard(Named),
    /// Withdraw a release: it stays listed with the reason, and its figures are no longer shown
    Withdraw(Withdraw),
    /// List releases and drafts
    List(Settings),
}

#[derive(clap::Args)]
pub(super) struct Draft {
    /// The period: 2026-Q3, 2026-27, 12m-2026-Q3 or 3y-2026-27
    period: String,
    /// For how many days schemes can look at their figures and comment on them before the draft can be published
    #[arg(long, default_value_t = OPEN_DAYS, value_parser = clap::value_parser!(u32).range(0..=365))]
    days: u32,
    #[command(flatten)]
    settings: Settings,
}

#[derive(clap::Args)]
pub(super) struct Named {
    /// The draft's id, as `khi release list` shows it
    draft: String,
    #[command(flatten)]
    settings: Settings,
}

#[derive(clap::Args)]
pub(super) struct Withdraw {
    /// The release's id, as `khi release list` shows it
    release: String,
    /// Why; everybody can read it
    #[arg(long)]
    why: String,
    #[command(flatten)]
    settings: Settings,
}

pub(super) fn run(command: &Command) -> Result<(), String> {
    let (Command::Draft(Draft { settings, .. })
    | Command::Attack(Named { settings, .. })
    | Command::Publish(Named { settings, .. })
    | Command::Discard(Named { settings, .. })
    | Command::Withdraw(Withdraw { settings, .. })
    | Command::List(settings)) = command;
    let app = open(settings, 2, Arc::new(SystemClock), Ids::Random)?;
    match command {
        Command::Draft(asked) => draft(&app, asked),
        Command::Attack(asked) => attack(&app, &asked.draft),
        Command::Publish(asked) => publish(&app, &asked.draft),
        Command::Discard(asked) => {
            discard_draft(&app, &asked.draft).map_err(|refused| refused.to_string())?;
            println!("draft {} is thrown away", asked.draft);
            Ok(())
        }
        Command::Withdraw(asked) => {
            withdraw_release(&app, &asked.release, &asked.why).map_err(|refused| refused.to_string())?;
            println!("release {} is withdrawn", asked.release);
            Ok(())
        }
        Command::List(_) => list(&app),
    }
}

fn draft(app: &App, asked: &Draft) -> Result<(), String> {
    let unknown = || format!("{} is no period: 2026-Q3, 2026-27, 12m-2026-Q3 or 3y-2026-27", asked.period);
    let period: Period = asked.period.parse().map_err(|()| unknown())?;
    let spinner = working("Reading and protecting figures");
    let made = draft_release(app, period, asked.days);
    spinner.finish_and_clear();
    let id = made.map_err(|refused| refused.to_string())?;
    println!("draft {id} of {period}");
    if asked.days == 0 {
        println!("it can be published now: khi release publish {id}");
    } else {
        let days = if asked.days == 1 { "one day".to_owned() } else { format!("{} days", asked.days) };
        println!("schemes can look at it for {days}; then: khi release publish {id}");
    }
    Ok(())
}

fn attack(app: &App, id: &str) -> Result<(), String> {
    let bar = progress_bar(0, "Attacking");
    let attacked = attack_draft(app, id, steps(&bar));
    bar.finish_and_clear();
    let verdict = attacked.map_err(|refused| refused.to_string())?;
    say_attacked(&verdict);
    if verdict.passed() {
        println!("nothing can be found out");
        return Ok(());
    }
    say_found(&verdict.findings);
    Err(format!("{} could be found out; this draft cannot be published", figures(verdict.findings.len())))
}

fn publish(app: &App, id: &str) -> Result<(), String> {
    let bar = progress_bar(0, "Attacking");
    let published = publish_draft(app, id, steps(&bar));
    bar.finish_and_clear();
    match published {
        Ok(release) => {
            println!("published: release {release}");
            Ok(())
        }
        Err(refused) => {
            if let ReleaseRefused::NotPublished(NotPublished::Found(verdict)) = &refused {
                say_attacked(verdict);
                say_found(&verdict.findings);
            }
            Err(refused.to_string())
        }
    }
}

fn steps(bar: &ProgressBar) -> impl FnMut(usize, usize) + '_ {
    |done, all| {
        bar.set_length(all as u64);
        bar.set_position(done as u64);
    }
}

fn say_attacked(verdict: &Verdict) {
    let Verdict { attacked, questions, solved, .. } = verdict;
    println!("{} attacked with {questions} questions, {solved} of them by the solver", figures(*attacked));
}

/// What could be found out: which figure, by whom, how narrow, out of which equations.
fn say_found(findings: &[Finding]) {
    for finding in findings {
        let Finding { cell, attacker, n, least, most, because } = finding;
        let narrow = if least == most {
            format!("that exactly {least} of {n} are positive")
        } else {
            format!("that {least} to {most} of {n} are positive")
        };
        println!("{cell}: {} finds out {narrow}", words(*attacker));
        for equation in because {
            println!("    {equation}");
        }
    }
}

fn words(attacker: Attacker) -> &'static str {
    match attacker {
        Attacker::Reader => "anybody who reads it",
        Attacker::Respondent => "somebody who answered, with their own answer,",
        Attacker::Coalition => "a few people of one scheme, with their answers,",
        Attacker::Register => "somebody who knows how many answered in each scheme",
        Attacker::Scheme => "somebody who knows the figures of one scheme",
    }
}

fn figures(number: usize) -> String {
    if number == 1 { "1 figure".to_owned() } else { format!("{number} figures") }
}

fn list(app: &App) -> Result<(), String> {
    for release in list_releases(app).map_err(|e| e.to_string())? {
        let state = match (&release.withdrawn, &release.superseded_by) {
            (Some(withdrawn), _) => format!("withdrawn at {}: {}", withdrawn.at, withdrawn.why),
            (None, Some(later)) => format!("superseded by {later}"),
            (None, None) => "stands".to_owned(),
        };
        println!(
            "release {} {}: {}, published {}, {state}",
            release.number, release.id, release.period, release.published_at
        );
    }
    for draft in all_drafts(app).map_err(|e| e.to_string())? {
        let comments = draft.comments.len();
        println!(
            "draft {}: {}, {}, made {}, for schemes to look at until {}, {comments} comments",
            draft.id, draft.period, draft.state, draft.made_at, draft.open_until
        );
        for comment in &draft.comments {
            println!("    {}: {}", comment.scheme, comment.comment);
        }
    }
    Ok(())
}
