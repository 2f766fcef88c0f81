//! `khi user`

use std::io::Read;
use std::sync::Arc;

use super::open::open;
use crate::clock::SystemClock;
use crate::config::Settings;
use crate::domain::access::Role;
use crate::secrets::Ids;
use crate::use_cases::{
    NewAccount, Refusal, add_account, add_account_to_set_up, allow_api_without_code, show_set_up_link,
};

#[derive(clap::Subcommand)]
pub(super) enum Command {
    /// Add an account, and print the link by which its holder sets it up
    Add(Add),
}

#[derive(clap::Args)]
pub(super) struct Add {
    /// The e-mail address
    email: String,
    /// national, area, scheme-lead, scheme-worker, collector or analyst
    #[arg(long)]
    role: String,
    /// The scheme, for scheme-lead and scheme-worker (and, if wanted, collector)
    #[arg(long)]
    scheme: Option<String>,
    /// The area's code, for area
    #[arg(long)]
    area: Option<String>,
    /// Read a password from standard input, instead of printing a link
    #[arg(long)]
    password_stdin: bool,
    /// Let the API take this password alone, without a second factor: for programs and tests
    #[arg(long, requires = "password_stdin")]
    api_without_code: bool,
    #[command(flatten)]
    settings: Settings,
}

pub(super) fn run(command: &Command) -> Result<(), String> {
    let Command::Add(add) = command;
    // Read first, so that a pipe that never ends holds no database open.
    let password = match add.password_stdin {
        true => Some(read_password()?),
        false => None,
    };
    let app = open(&add.settings, 2, Arc::new(SystemClock), Ids::Random)?;
    let directory = app.directory();
    let number = match &add.scheme {
        None => None,
        Some(id) => Some(directory.scheme(id).ok_or_else(|| format!("there is no scheme “{id}”"))?.number),
    };
    let role = match (add.role.as_str(), number, &add.area) {
        ("national", None, None) => Role::National,
        ("analyst", None, None) => Role::Analyst,
        ("area", None, Some(code)) => Role::Area(code.clone()),
        ("scheme" | "scheme-lead", Some(number), None) => Role::SchemeLead(number),
        ("scheme-worker", Some(number), None) => Role::SchemeWorker(number),
        ("collector", number, None) => Role::Collector(number),
        _ => return Err("roles are: national, analyst, area (with --area), scheme-lead and scheme-worker (with --scheme), collector".into()),
    };
    match password {
        Some(password) => {
            let new = NewAccount { email: add.email.clone(), password, role };
            let id = add_account(&app, &new).map_err(in_words)?;
            if add.api_without_code {
                allow_api_without_code(&app, &id).map_err(|e| e.to_string())?;
            }
            println!("added {}", add.email);
        }
        None => {
            let id = add_account_to_set_up(&app, &add.email, &role).map_err(in_words)?;
            let link = show_set_up_link(&app, &id).map_err(|e| e.to_string())?;
            println!(
                "added {}\nOpen this link within seven days to set the account up; it works once:\n  {link}",
                add.email
            );
        }
    }
    Ok(())
}

fn read_password() -> Result<String, String> {
    let mut password = String::new();
    std::io::stdin().read_to_string(&mut password).map_err(|e| e.to_string())?;
    Ok(password.trim_end_matches(['\r', '\n']).to_owned())
}

fn in_words(refusal: Refusal) -> String {
    match refusal {
        Refusal::Invalid(faults) => faults.iter().map(|f| f.detail.clone()).collect::<Vec<_>>().join(" "),
        Refusal::Exists(fault) => fault.detail,
        other => other.to_string(),
    }
}
