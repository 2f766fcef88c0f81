//! `khi user`

use std::io::Read;
use std::sync::Arc;

use super::open::open;
use crate::clock::SystemClock;
use crate::config::Settings;
use crate::domain::access::Role;
use crate::secrets::Ids;
use crate::use_cases::{NewAccount, Refusal, add_account};

#[derive(clap::Subcommand)]
pub(super) enum Command {
    /// Add an account; its password is read from standard input
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
    /// Read the password from standard input (the only way)
    #[arg(long, required = true)]
    password_stdin: bool,
    #[command(flatten)]
    settings: Settings,
}

pub(super) fn run(command: &Command) -> Result<(), String> {
    let Command::Add(add) = command;
    let mut password = String::new();
    std::io::stdin().read_to_string(&mut password).map_err(|e| e.to_string())?;
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
    let new = NewAccount {
        email: add.email.clone(),
        password: password.trim_end_matches(['\r', '\n']).to_owned(),
        role,
    };
    match add_account(&app, &new) {
        Ok(_) => {
            println!("added {}", new.email);
            Ok(())
        }
        Err(Refusal::Invalid(faults)) => {
            Err(faults.iter().map(|f| f.detail.clone()).collect::<Vec<_>>().join(" "))
        }
        Err(Refusal::Exists(fault)) => Err(fault.detail),
        Err(other) => Err(other.to_string()),
    }
}
