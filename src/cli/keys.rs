//! `khi keys`

use std::sync::Arc;

use super::open::open;
use crate::clock::SystemClock;
use crate::config::Settings;
use crate::secrets::Ids;
use crate::use_cases::rotate_token_keys;

#[derive(clap::Subcommand)]
pub(super) enum Command {
    /// Sign API tokens with a new key from now on; tokens that are out stay good until they end, an hour at most
    RotateTokens(Settings),
}

pub(super) fn run(command: &Command) -> Result<(), String> {
    let Command::RotateTokens(settings) = command;
    let app = open(settings, 2, Arc::new(SystemClock), Ids::Random)?;
    let generation = rotate_token_keys(&app).map_err(|e| e.to_string())?;
    println!("API tokens are signed with key {generation} from now on");
    Ok(())
}
