//! `rules list`: every rule, by group.

use super::shelf::{Known, Shelf};
use crate::args::Color;
use crate::exit::Code;
use crate::project::{show, show_one};
use crate::table::aligned;
use serde_json::json;
use std::path::PathBuf;

/// Options of `rules list`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Only the rules of this group
    #[arg(long, env = "FORMWORK_GROUP", value_name = "GROUP")]
    group: Option<String>,

    /// The spec beside which a project's own rules lie [default: the `platform.yaml` in reach, if any]
    #[arg(long, env = "FORMWORK_SPEC", value_name = "SPEC", value_hint = clap::ValueHint::FilePath)]
    spec: Option<PathBuf>,

    /// How to print the list
    #[arg(
        long,
        short,
        value_enum,
        default_value = "human",
        value_name = "FORMAT"
    )]
    output: Output,
}

/// How the list is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Output {
    /// For people
    Human,
    /// One JSON document, for programs
    Json,
}

/// Runs it.
pub fn run(args: &Args, color: Color) -> Code {
    let shelf = match Shelf::open(args.spec.as_deref()) {
        Ok(shelf) => shelf,
        Err(problem) => {
            show_one(*problem, color);
            return Code::Failed;
        }
    };
    let wanted = |rule: &Known<'_>| {
        args.group
            .as_ref()
            .is_none_or(|group| rule.group() == group)
    };
    let rules: Vec<Known<'_>> = shelf.all().filter(wanted).collect();
    let text = match args.output {
        Output::Human => human(&rules),
        Output::Json => json(&rules),
    };
    anstream::print!("{text}");
    let failed = shelf.found.has_errors();
    show(shelf.found.clone(), &shelf.sources, color);
    if failed { Code::Failed } else { Code::Done }
}

fn human(rules: &[Known<'_>]) -> String {
    let head = ["GROUP", "ID", "LEVEL", "WANTS"].map(str::to_owned);
    let rows = rules.iter().map(|rule| {
        let about = rule.about().trim_end_matches('.');
        vec![
            rule.group().to_owned(),
            rule.id().to_owned(),
            rule.levels(),
            about.replace('\n', " "),
        ]
    });
    let rows: Vec<Vec<String>> = std::iter::once(head.to_vec()).chain(rows).collect();
    aligned(&rows)
}

fn json(rules: &[Known<'_>]) -> String {
    let rules = rules.iter().map(|rule| {
        json!({
            "id": rule.id(),
            "group": rule.group(),
            "level": rule.levels(),
            "about": rule.about(),
            "why": rule.part("why"),
            "fix": rule.part("fix"),
            "source": rule.part("source"),
        })
    });
    let document = json!({
        "apiVersion": "formwork.dev/v1alpha1",
        "kind": "RuleList",
        "rules": rules.collect::<Vec<_>>(),
    });
    format!("{document:#}\n")
}
