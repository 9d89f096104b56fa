//! The commands: one variant, one file.

mod build;
mod explain;
mod init;

use crate::args::Args;
use crate::exit::Code;
use clap::Subcommand;

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Compile the spec and write the tree
    #[command(alias = "render")]
    Build(build::Args),
    /// Say where a value comes from, or what a line of the spec decides
    Explain(explain::Args),
    /// Write a starter platform, with recipes for hooks and CI; what is there is kept
    Init(init::Args),
}

/// Runs a command.
#[must_use]
pub fn run(args: Args) -> Code {
    let color = args.color;
    match args.command {
        Command::Build(args) => build::run(&args, color),
        Command::Explain(args) => explain::run(&args, color),
        Command::Init(args) => init::run(&args, color),
    }
}
