//! `secrets`: the sealed files beside the spec.

mod check;
mod json;
mod needed;
mod set;
mod show;
mod store;

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
    /// Seal a value for every cluster and namespace that needs it
    Set(set::Args),
    /// Show where a secret lies and how old it is; with a key and `--reveal`, its values
    Show(show::Args),
}

/// Runs it.
pub fn run(args: &Args, color: Color) -> Code {
    match &args.command {
        Command::Check(args) => check::run(args, color),
        Command::Set(args) => set::run(args, color),
        Command::Show(args) => show::run(args, color),
    }
}
