//! The commands: one variant, one file.

mod build;
mod check;
mod components;
mod explain;
mod init;
mod schema;

use crate::args::Args;
use crate::exit::Code;
use clap::Subcommand;

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Compile the spec and write the tree
    #[command(alias = "render")]
    Build(build::Args),
    /// Say everything that is wrong, and write nothing
    #[command(alias = "validate")]
    Check(check::Args),
    /// List, show, start and test components
    Components(components::Args),
    /// Say where a value comes from, or what a line of the spec decides
    Explain(explain::Args),
    /// Write a starter platform, with recipes for hooks and CI; what is there is kept
    Init(init::Args),
    /// Print a JSON Schema, as editors read it
    Schema(schema::Args),
}

/// Runs a command.
#[must_use]
pub fn run(args: Args) -> Code {
    let color = args.color;
    match args.command {
        Command::Build(args) => build::run(&args, color),
        Command::Check(args) => check::run(&args, color),
        Command::Components(args) => components::run(&args, color),
        Command::Explain(args) => explain::run(&args, color),
        Command::Init(args) => init::run(&args, color),
        Command::Schema(args) => schema::run(&args, color),
    }
}
