//! The options that every command has.

use crate::commands::Command;
use clap::{Parser, ValueEnum};
use std::io::IsTerminal;

/// What a newcomer looks for first, and what a script asks.
const AFTER: &str = "Begin in an empty folder with `formwork init`, then `formwork build`. `formwork COMMAND --help` says more.

Exit codes: 0 done; 1 bad input, I/O or usage; 2 the tree is stale (build --check) or differs
(plan --exit-code); 3 a rule or a gate says no; 4 a hand edit would have to be overwritten";

/// A compiler for platforms: one typed `platform.yaml` in, a GitOps tree out.
#[derive(Debug, Parser)]
#[command(
    name = "formwork",
    version,
    about,
    max_term_width = 100,
    disable_help_subcommand = true,
    after_help = AFTER
)]
pub struct Args {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,

    /// When to colour the output; `NO_COLOR` is honoured.
    #[arg(
        long,
        global = true,
        value_enum,
        default_value = "auto",
        env = "FORMWORK_COLOR",
        value_name = "WHEN"
    )]
    pub color: Color,
}

/// When to colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

impl Color {
    /// Whether to colour what goes to stderr.
    #[must_use]
    pub fn on_stderr(self) -> bool {
        self.on(std::io::stderr().is_terminal())
    }

    /// Whether to colour what goes to stdout.
    #[must_use]
    pub fn on_stdout(self) -> bool {
        self.on(std::io::stdout().is_terminal())
    }

    fn on(self, terminal: bool) -> bool {
        let asked_not = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        match self {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => terminal && !asked_not,
        }
    }
}
