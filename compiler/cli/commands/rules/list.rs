//! `rules list`: every rule, by group.

use crate::commands::table::aligned;
use crate::exit::Code;
use passes::rules::{Levels, Rule};
use serde_json::json;

/// Options of `rules list`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Only the rules of this group
    #[arg(long, value_name = "GROUP")]
    group: Option<String>,

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
pub fn run(args: &Args) -> Code {
    let rules = passes::rules::all().filter(|rule| {
        let wanted = args.group.as_deref();
        wanted.is_none_or(|group| rule.group.word() == group)
    });
    let text = match args.output {
        Output::Human => human(rules),
        Output::Json => json(rules),
    };
    anstream::print!("{text}");
    Code::Done
}

fn human(rules: impl Iterator<Item = &'static Rule>) -> String {
    let head = ["GROUP", "ID", "LEVEL", "WANTS"].map(str::to_owned);
    let rows = rules.map(|rule| {
        let page = rule.page();
        let about = page.about.trim_end_matches('.');
        vec![
            rule.group.word().to_owned(),
            rule.id.to_owned(),
            levels(rule.levels),
            about.replace('\n', " "),
        ]
    });
    let rows: Vec<Vec<String>> = std::iter::once(head.to_vec()).chain(rows).collect();
    aligned(&rows)
}

/// A rule's levels in short: in most clusters, and in those with objectives.
pub fn levels(levels: Levels) -> String {
    match (levels.usual.word(), levels.relied_on.word()) {
        (usual, relied_on) if usual == relied_on => usual.to_owned(),
        (usual, relied_on) => format!("{usual}, {relied_on} with objectives"),
    }
}

fn json(rules: impl Iterator<Item = &'static Rule>) -> String {
    let rules = rules.map(|rule| {
        let page = rule.page();
        json!({
            "id": rule.id,
            "group": rule.group.word(),
            "level": rule.levels.usual.word(),
            "levelWithObjectives": rule.levels.relied_on.word(),
            "about": page.about,
            "why": page.why,
            "fix": page.fix,
            "source": page.source,
        })
    });
    let document = json!({
        "apiVersion": "formwork.dev/v1alpha1",
        "kind": "RuleList",
        "rules": rules.collect::<Vec<_>>(),
    });
    format!("{document:#}\n")
}
