//! `components list`: what there is, and where it is used.

use super::Output;
use super::library::{Library, used_in};
use crate::args::Color;
use crate::exit::Code;
use crate::project::show_one;
use crate::table::aligned;
use passes::component::Component;
use passes::world::Shelf;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::path::PathBuf;
use syntax::{Diagnostic, Node};

/// Options of `components list`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The spec whose clusters may use them [default: the `platform.yaml` in reach, if any]
    #[arg(value_name = "SPEC", env = "FORMWORK_SPEC", value_hint = clap::ValueHint::FilePath)]
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

/// Runs it.
pub fn run(args: &Args, color: Color) -> Code {
    match list(args) {
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

fn list(args: &Args) -> Result<String, Box<Diagnostic>> {
    let library = Library::open(args.spec.as_deref())?;
    let used = used_in(&library);
    Ok(match args.output {
        Output::Human => human(&library, used.as_ref()),
        Output::Json => json(&library, used.as_ref()),
    })
}

type Used = BTreeMap<String, Vec<String>>;

fn human(library: &Library, used: Option<&Used>) -> String {
    let mut head = vec!["NAME", "VERSION", "FROM", "PROVIDES"];
    head.extend(used.map(|_| "USED IN"));
    head.push("ABOUT");
    let mut rows = vec![head.into_iter().map(str::to_owned).collect::<Vec<_>>()];
    for component in library.components.values() {
        let dash = |text: String| {
            if text.is_empty() {
                "-".to_owned()
            } else {
                text
            }
        };
        let provides: Vec<String> = provides(component);
        let mut row = vec![
            component.name.to_string(),
            dash(version(component)),
            from(component).to_owned(),
            dash(provides.join(", ")),
        ];
        row.extend(used.map(|used| dash(clusters(used, component).join(", "))));
        row.push(about(component).to_owned());
        rows.push(row);
    }
    aligned(&rows)
}

fn json(library: &Library, used: Option<&Used>) -> String {
    let components = library.components.values().map(|component| {
        let provides: Map<String, Value> = component
            .provides
            .iter()
            .map(|p| (p.capability.to_string(), p.choice.as_str().into()))
            .collect();
        let mut object = json!({
            "name": component.name.as_str(),
            "title": component.node.str_at(&["title"]),
            "about": about(component),
            "version": Some(version(component)).filter(|version| !version.is_empty()),
            "from": from(component),
            "provides": provides,
        });
        if let (Some(map), Some(used)) = (object.as_object_mut(), used) {
            map.insert("usedIn".to_owned(), clusters(used, component).into());
        }
        object
    });
    let document = json!({
        "apiVersion": "formwork.dev/v1alpha1",
        "kind": "ComponentList",
        "components": components.collect::<Vec<_>>(),
    });
    format!("{document:#}\n")
}

fn clusters(used: &Used, component: &Component) -> Vec<String> {
    used.get(component.name.as_str())
        .cloned()
        .unwrap_or_default()
}

/// The version that the component's file states.
fn version(component: &Component) -> String {
    let stated = [["chart", "version"], ["git", "tag"]];
    let mut stated = stated.iter().filter_map(|path| component.node.at(path));
    let version = stated.next().and_then(Node::scalar_text);
    version.map_or_else(String::new, String::from)
}

fn about(component: &Component) -> &str {
    component.node.str_at(&["about"]).unwrap_or_default()
}

/// Its capabilities, each with the choice by which it is selected.
fn provides(component: &Component) -> Vec<String> {
    let provides = component.provides.iter();
    provides
        .map(|p| format!("{}: {}", p.capability, p.choice))
        .collect()
}

/// Where a component's file is.
pub fn from(component: &Component) -> &'static str {
    match component.shelf {
        Shelf::Project => "project",
        Shelf::Library => "library",
    }
}
