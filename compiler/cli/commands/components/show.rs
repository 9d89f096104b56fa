//! `components show`: all that there is to know of a component.

use super::library::{Library, used_in};
use super::list::from;
use super::test::example;
use crate::args::Color;
use crate::exit::Code;
use crate::project::show_one;
use model::shape::to_value;
use passes::component::Component;
use serde_json::json;
use std::fmt::Write as _;
use std::path::PathBuf;
use syntax::{Diagnostic, Node, print};

/// Options of `components show`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The component
    #[arg(value_name = "NAME")]
    name: String,

    /// The spec whose folder holds the project's own components [default: the `platform.yaml` in reach, if any]
    #[arg(long, env = "FORMWORK_SPEC", value_name = "SPEC", value_hint = clap::ValueHint::FilePath)]
    spec: Option<PathBuf>,

    /// How to print it
    #[arg(
        long,
        short,
        value_enum,
        default_value = "human",
        value_name = "FORMAT"
    )]
    output: Output,
}

/// How a component is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Output {
    /// For people
    Human,
    /// One JSON document, for programs
    Json,
    /// The file itself
    Yaml,
}

/// Runs it.
pub fn run(args: &Args, color: Color) -> Code {
    match show(args) {
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

fn show(args: &Args) -> Result<String, Box<Diagnostic>> {
    let library = Library::open(args.spec.as_deref())?;
    let component = library.find(&args.name)?;
    let used = used_in(&library);
    let used = used.map(|used| used.get(&args.name).cloned().unwrap_or_default());
    Ok(match args.output {
        Output::Human => human(component, &library, used.as_deref()),
        Output::Json => {
            let document = json!({
                "apiVersion": "formwork.dev/v1alpha1",
                "kind": "ComponentDetails",
                "from": from(component),
                "usedIn": used,
                "component": to_value(&component.node),
            });
            format!("{document:#}\n")
        }
        Output::Yaml => match library.text(&args.name, "component.yaml") {
            Some((text, _)) => text,
            None => print::print(&component.node),
        },
    })
}

fn human(component: &Component, library: &Library, used: Option<&[String]>) -> String {
    let node = &component.node;
    let mut text = String::new();
    let title = node.str_at(&["title"]).unwrap_or(&component.name);
    let _ = writeln!(
        text,
        "{title} ({}, from the {})",
        component.name,
        from(component)
    );
    let _ = writeln!(text, "{}\n", node.str_at(&["about"]).unwrap_or_default());
    let mut line = |key: &str, value: Option<String>| {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            let _ = writeln!(text, "{key:<11}{value}");
        }
    };
    line("provides", node.get("provides").map(pairs));
    line("requires", node.get("requires").map(words));
    line("providers", node.get("providers").map(words));
    line(
        "bootstrap",
        component
            .is_bootstrap()
            .then(|| "yes: it is there before the engine".to_owned()),
    );
    line("chart", node.get("chart").map(source));
    line("git", node.get("git").map(source));
    line("namespace", node.get("namespace").map(namespace));
    line("used in", used.map(|used| used.join(", ")));
    options(node, &mut text);
    for key in [
        "declares",
        "secrets",
        "network",
        "needs",
        "policies",
        "health",
        "drift",
        "alerts",
        "dashboards",
        "runbook",
    ] {
        section(node, key, &mut text);
    }
    let readme = library.text(&component.name, "README.md");
    let specs = readme.map(|(readme, _)| example::specs(&readme));
    if let Some(spec) = specs.as_ref().and_then(|specs| specs.first()) {
        let _ = writeln!(
            text,
            "\nexample\n{}",
            indented(spec.trim_start_matches('\n'))
        );
    }
    text
}

/// What the spec may say of it below `options`.
fn options(node: &Node, text: &mut String) {
    let options = node.get("options").map_or(&[][..], Node::entries);
    if options.is_empty() {
        return;
    }
    let _ = writeln!(text, "\noptions");
    for option in options {
        let mut facts: Vec<String> = Vec::new();
        let listed = option.value.get("enum").map(|list| list.items().iter());
        match listed {
            Some(items) => facts.push(items.map(inline).collect::<Vec<_>>().join(" | ")),
            None => facts.extend(option.value.get("type").map(words)),
        }
        if let Some(default) = option.value.get("default") {
            facts.push(format!("default {}", inline(default)));
        }
        let _ = writeln!(text, "  {} ({})", option.key, facts.join(", "));
        if let Some(about) = option.value.str_at(&["description"]) {
            let _ = writeln!(text, "      {}", about.trim());
        }
    }
}

/// A part of the file as it stands there, templates and all.
fn section(node: &Node, key: &str, text: &mut String) {
    let Some(part) = node
        .get(key)
        .filter(|part| !part.is_leaf() || part.as_str().is_some())
    else {
        return;
    };
    let _ = writeln!(text, "\n{key}\n{}", indented(&print::print(part)));
}

fn indented(text: &str) -> String {
    let lines = text.trim_end().lines();
    lines
        .map(|line| format!("  {line}").trim_end().to_owned())
        .collect::<Vec<_>>()
        .join("\n")
}

fn pairs(node: &Node) -> String {
    let pairs = node
        .entries()
        .iter()
        .map(|entry| format!("{}: {}", entry.key, inline(&entry.value)));
    pairs.collect::<Vec<_>>().join(", ")
}

fn words(node: &Node) -> String {
    match node.items() {
        [] => inline(node),
        items => items.iter().map(inline).collect::<Vec<_>>().join(", "),
    }
}

/// Where it comes from, in one line.
fn source(node: &Node) -> String {
    let text = |key: &str| node.get(key).and_then(Node::scalar_text).map(String::from);
    let place = [
        text("oci"),
        text("repo"),
        text("url"),
        text("name"),
        text("path"),
    ];
    let place: Vec<String> = place.into_iter().flatten().collect();
    let version = text("version").or_else(|| text("tag")).unwrap_or_default();
    format!("{} {version}", place.join(" ")).trim().to_owned()
}

fn namespace(node: &Node) -> String {
    let text = |key: &str| node.get(key).map(inline).unwrap_or_default();
    format!(
        "{} ({}: {})",
        text("name"),
        text("podSecurity"),
        text("because")
    )
}

/// A value in one line: a scalar as it is, all else as JSON.
fn inline(node: &Node) -> String {
    match node.scalar_text() {
        Some(text) => text.to_string(),
        None => to_value(node).to_string(),
    }
}
