//! `rules show`: a rule's page.

use super::shelf::{Known, Shelf};
use crate::args::Color;
use crate::exit::Code;
use crate::project::show_one;
use std::path::PathBuf;
use syntax::{Diagnostic, print};

/// Options of `rules show`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The rule's id
    #[arg(value_name = "ID")]
    id: String,

    /// The spec beside which a project's own rules lie [default: the `platform.yaml` in reach, if any]
    #[arg(long, env = "FORMWORK_SPEC", value_name = "SPEC", value_hint = clap::ValueHint::FilePath)]
    spec: Option<PathBuf>,
}

/// Runs it.
pub fn run(args: &Args, color: Color) -> Code {
    match text(args) {
        Ok(text) => {
            anstream::print!("{text}");
            Code::Done
        }
        Err(problem) => {
            show_one(*problem, color);
            Code::Failed
        }
    }
}

fn text(args: &Args) -> Result<String, Box<Diagnostic>> {
    let shelf = Shelf::open(args.spec.as_deref())?;
    Ok(page(shelf.find(&args.id)?))
}

/// The page as people read it: where it belongs and how much it matters stand below the heading.
pub fn page(rule: Known<'_>) -> String {
    let (group, levels) = (rule.group(), rule.levels());
    match rule {
        Known::BuiltIn(rule) => {
            let (heading, rest) = rule.page.split_once('\n').unwrap_or((rule.page, ""));
            format!("{heading}\n\nGroup `{group}`; {levels}.\n{rest}")
        }
        Known::Policy(own) | Known::Own(own) => {
            let file = print::print(&own.node);
            let id = &own.id;
            format!("# {id}\n\nGroup `{group}`; {levels}.\n\n```yaml\n{file}```\n")
        }
    }
}
