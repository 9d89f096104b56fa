//! `components`: the library and a project's own, and whether they are what a component should be.

mod library;
mod list;
mod new;
mod show;
mod test;

use crate::args::Color;
use crate::exit::Code;
use clap::Subcommand;

/// Options of `components`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

/// What to do with components.
#[derive(Debug, Subcommand)]
enum Command {
    /// List what there is: the library's components and the project's own
    List(list::Args),
    /// Start a component of your own: a folder to fill in, beside the spec
    New(new::Args),
    /// Show what a component is, takes and makes
    Show(show::Args),
    /// Say what a component lacks, build its example alone and in company, and compare its values with its chart's
    Test(test::Args),
}

/// How a command's result is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Output {
    /// For people
    Human,
    /// One JSON document, for programs
    Json,
}

/// Runs it.
pub fn run(args: &Args, color: Color) -> Code {
    match &args.command {
        Command::List(args) => list::run(args, color),
        Command::New(args) => new::run(args, color),
        Command::Show(args) => show::run(args, color),
        Command::Test(args) => test::run(args, color),
    }
}
