//! The commands: one variant, one file.

mod build;
mod check;
mod completions;
mod components;
mod explain;
mod graph;
mod init;
mod lint;
mod man;
mod plan;
mod reach;
mod rules;
mod schema;
mod secrets;
mod selftest;

use crate::args::Args;
use crate::exit::Code;
use clap::Subcommand;

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Write a starter platform, with recipes for hooks and CI; what is there is kept
    Init(init::Args),
    /// Say everything that is wrong, and write nothing
    #[command(alias = "validate")]
    Check(check::Args),
    /// Compile the spec and write the tree
    #[command(alias = "render")]
    Build(build::Args),
    /// Show what an edit of the spec changes in every cluster, and what that does
    #[command(alias = "diff")]
    Plan(plan::Args),
    /// Say where a value comes from, or what a line of the spec decides
    Explain(explain::Args),
    /// Draw what waits for what in each cluster, and who manages whom
    Graph(graph::Args),
    /// Say whether one end reaches another in the network, and the rule that decides
    Reach(reach::Args),
    /// Judge Kubernetes manifests that were written by hand, such as a Flux repository
    Lint(lint::Args),
    /// List, show, start and test components
    Components(components::Args),
    /// List, show and test the rules that judge a platform
    #[command(alias = "policies")]
    Rules(rules::Args),
    /// Show that each rule can fire, and stays silent where nothing is wrong
    Selftest(selftest::Args),
    /// Seal secrets, show them, and say which are missing or too old
    Secrets(secrets::Args),
    /// Print a JSON Schema, as editors read it
    Schema(schema::Args),
    /// Print the completions of a shell
    Completions(completions::Args),
    /// Print the manual page, or write all of them
    Man(man::Args),
}

/// Runs a command.
#[must_use]
pub fn run(args: Args) -> Code {
    let color = args.color;
    match args.command {
        Command::Build(args) => build::run(&args, color),
        Command::Check(args) => check::run(&args, color),
        Command::Completions(args) => completions::run(&args),
        Command::Components(args) => components::run(&args, color),
        Command::Explain(args) => explain::run(&args, color),
        Command::Graph(args) => graph::run(&args, color),
        Command::Init(args) => init::run(&args, color),
        Command::Lint(args) => lint::run(&args, color),
        Command::Man(args) => man::run(&args, color),
        Command::Plan(args) => plan::run(&args, color),
        Command::Reach(args) => reach::run(&args, color),
        Command::Rules(args) => rules::run(&args, color),
        Command::Selftest(args) => selftest::run(&args, color),
        Command::Schema(args) => schema::run(&args, color),
        Command::Secrets(args) => secrets::run(&args, color),
    }
}
