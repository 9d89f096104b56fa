//! `rules show`: a rule's page.

use super::list::levels;
use crate::args::Color;
use crate::exit::Code;
use crate::project::show_one;
use passes::rules::Rule;
use syntax::Diagnostic;

/// Options of `rules show`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The rule's id
    #[arg(value_name = "ID")]
    id: String,
}

/// Runs it.
pub fn run(args: &Args, color: Color) -> Code {
    match find(&args.id) {
        Ok(rule) => {
            anstream::print!("{}", page(rule));
            Code::Done
        }
        Err(problem) => {
            show_one(*problem, color);
            Code::Failed
        }
    }
}

/// A rule by its id.
///
/// # Errors
/// There is none; what was probably meant.
pub fn find(id: &str) -> Result<&'static Rule, Box<Diagnostic>> {
    passes::rules::find(id).ok_or_else(|| {
        let problem = Diagnostic::error("unknown-rule", format!("there is no rule `{id}`"));
        let known = passes::rules::all().map(|rule| rule.id);
        Box::new(match syntax::suggest::nearest(id, known) {
            Some(near) => problem.help(format!("did you mean `{near}`?")),
            None => problem.help("`formwork rules list` names those that there are"),
        })
    })
}

/// The page as people read it: its text, with where it belongs and how much it matters below the heading.
pub fn page(rule: &Rule) -> String {
    let (heading, rest) = rule.page.split_once('\n').unwrap_or((rule.page, ""));
    let (group, levels) = (rule.group.word(), levels(rule.levels));
    format!("{heading}\n\nGroup `{group}`; {levels}.\n{rest}")
}
