//! `rules`: what judges a platform, and whether each rule does what its page says.

mod list;
mod new;
mod shelf;
mod show;
pub mod test;

use crate::args::Color;
use crate::exit::Code;
use clap::Subcommand;

pub use shelf::Known;
pub use show::page;

/// Options of `rules`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

/// What to do with rules.
#[derive(Debug, Subcommand)]
enum Command {
    /// List what there is, by group, with the level that each has
    List(list::Args),
    /// Start a rule of your own: a file to fill in, beside the spec
    New(new::Args),
    /// Show a rule's page: what it wants, why, and how to mend what it finds
    Show(show::Args),
    /// Try rules on the examples of their pages
    Test(test::Args),
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
