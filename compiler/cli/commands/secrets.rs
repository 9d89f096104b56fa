//! `secrets`: the sealed files beside the spec.

mod check;
mod json;

use crate::args::Color;
use crate::exit::Code;
use clap::Subcommand;

/// Options of `secrets`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

/// What to do with secrets.
#[derive(Debug, Subcommand)]
enum Command {
    /// Say which secrets are needed, and which of them are missing or too old; needs no key
    Check(check::Args),
}

/// Runs it.
pub fn run(args: &Args, color: Color) -> Code {
    match &args.command {
        Command::Check(args) => check::run(args, color),
    }
}
