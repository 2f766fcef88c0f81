//! `khi demo`
#[derive(clap::Args)]
pub(super) struct Arguments {}
pub(super) fn run(_: &Arguments) -> Result<(), String> { Err("not yet".into()) }
