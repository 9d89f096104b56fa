//! The commands: one variant, one file.

mod build;

use crate::args::Args;
use crate::exit::Code;
use clap::Subcommand;

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Compile the spec and write the tree
    #[command(alias = "render")]
    Build(build::Args),
}

/// Runs a command.
#[must_use]
pub fn run(args: Args) -> Code {
    let color = args.color;
    match args.command {
        Command::Build(args) => build::run(&args, color),
    }
}
