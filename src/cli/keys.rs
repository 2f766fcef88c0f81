//! `khi keys`

use std::sync::Arc;
use std::time::Duration;

use super::open::open;
use crate::clock::{SystemClock, written};
use crate::config::Settings;
use crate::secrets::Ids;
use crate::use_cases::{
    Refusal, destroy_keys, list_keys, rotate_keys, rotate_token_keys, rotate_wrapping_key,
};

/// How long servers have to see a new key before everything is sealed with it; they look twice a second.
const NOTICE: Duration = Duration::from_secs(2);

#[derive(clap::Subcommand)]
pub(super) enum Command {
    /// Show every data key: of which scheme it is, when it was made, what wraps it
    List(Settings),
    /// Make new data keys and seal everything with them, while servers run
    Rotate(Rotate),
    /// Destroy a scheme's keys: names and words that they sealed can never be read again
    Destroy(Destroy),
    /// Sign API tokens with a new key from now on; tokens that are out stay good until they end, an hour at most
    RotateTokens(Settings),
}

#[derive(clap::Args)]
pub(super) struct Rotate {
    /// Only this scheme's
    #[arg(long)]
    scheme: Option<String>,
    /// Not the data keys, but what wraps them: adds a new wrapping key to the secret file and uses it
    #[arg(long, conflicts_with = "scheme")]
    wrapping: bool,
    /// With --wrapping: add no key, use the newest that the secret file has (it was added elsewhere and copied here)
    #[arg(long, requires = "wrapping")]
    use_newest: bool,
    #[command(flatten)]
    settings: Settings,
}

#[derive(clap::Args)]
pub(super) struct Destroy {
    /// The scheme
    #[arg(long)]
    scheme: String,
    /// Say that this cannot be undone
    #[arg(long, required = true)]
    for_ever: bool,
    #[command(flatten)]
    settings: Settings,
}

pub(super) fn run(command: &Command) -> Result<(), String> {
    let (Command::List(settings)
    | Command::RotateTokens(settings)
    | Command::Rotate(Rotate { settings, .. })
    | Command::Destroy(Destroy { settings, .. })) = command;
    let app = open(settings, 2, Arc::new(SystemClock), Ids::Random)?;
    match command {
        Command::RotateTokens(_) => {
            let generation = rotate_token_keys(&app).map_err(|e| e.to_string())?;
            println!("API tokens are signed with key {generation} from now on");
        }
        Command::List(_) => {
            println!("{:40} {:>10}  {:28} {:9} wrapped with", "scheme", "generation", "made", "state");
            for key in list_keys(&app).map_err(|e| e.to_string())? {
                let scheme = key.scheme.as_deref().unwrap_or("(national body)");
                let made = written(key.created_at);
                println!(
                    "{scheme:40} {:>10}  {made:28} {:9} {}",
                    key.generation, key.state, key.wrapping_key
                );
            }
        }
        Command::Rotate(rotate) if rotate.wrapping => {
            let count = rotate_wrapping_key(&app, !rotate.use_newest)?;
            println!(
                "{count} data keys are wrapped with the newest key of the secret file: make a copy of that file"
            );
        }
        Command::Rotate(rotate) => {
            let done = rotate_keys(&app, rotate.scheme.as_deref(), NOTICE).map_err(|r| say(&r))?;
            println!("{} values sealed with new keys; {} older keys destroyed", done.sealed, done.destroyed);
            if done.unreadable > 0 {
                return Err(format!(
                    "{} values cannot be opened: they were changed from outside, and stay as they are",
                    done.unreadable
                ));
            }
        }
        Command::Destroy(destroy) => {
            let count = destroy_keys(&app, &destroy.scheme).map_err(|r| say(&r))?;
            println!("{count} keys destroyed; backups that hold them must go, too");
        }
    }
    Ok(())
}

fn say(refusal: &Refusal) -> String {
    match refusal {
        Refusal::Unknown(Some(fault)) => fault.detail.clone(),
        Refusal::Storage(error) => error.to_string(),
        other => other.to_string(),
    }
}
