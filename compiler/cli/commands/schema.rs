//! `schema`: the JSON Schema of spec, profile, component and rule; and what it says of one field, for `explain`.

use crate::args::Color;
use crate::exit::Code;
use crate::project::{Project, Which, show_one};
use model::library::Library;
use model::schema::{component_schema, platform_schema, profile_schema, rule_schema};
use passes::resolve::Platform;
use passes::resolve::cluster::merged;
use serde_json::Value;
use std::fmt::Write as _;
use std::path::PathBuf;
use syntax::{Diagnostic, Diagnostics, Origins};

/// Options of `schema`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Which schema
    #[arg(value_enum, default_value = "platform")]
    name: Name,

    /// A spec whose own components the schema should know [default: the `platform.yaml` in reach, if any]
    #[arg(long, env = "FORMWORK_SPEC", value_name = "SPEC", value_hint = clap::ValueHint::FilePath)]
    spec: Option<PathBuf>,
}

/// A schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Name {
    /// Of `platform.yaml`
    Platform,
    /// Of `profiles/NAME.yaml`
    Profile,
    /// Of `components/NAME/component.yaml`
    Component,
    /// Of `rules/NAME.yaml`
    Rule,
}

impl Name {
    /// The schema's text, as it is written beside a spec.
    #[must_use]
    pub fn text(self, library: &Library) -> String {
        let schema = match self {
            Name::Platform => platform_schema(library),
            Name::Profile => profile_schema(library),
            Name::Component => component_schema(),
            Name::Rule => rule_schema(),
        };
        format!("{schema:#}\n")
    }
}

/// Runs it.
pub fn run(args: &Args, color: Color) -> Code {
    let which = Which {
        spec: args.spec.clone(),
    };
    let (world, explicit) = match Project::find(&which) {
        Ok(project) => (project.world, true),
        Err(problem) if args.spec.is_some() => {
            show_one(*problem, color);
            return Code::Failed;
        }
        // Without a spec in reach, the schema of the library alone.
        Err(_) => (crate::disk::Disk::new(PathBuf::from(".")), false),
    };
    let mut found = Diagnostics::default();
    let library = passes::library(&world, &mut found);
    if explicit && found.has_errors() {
        crate::project::show(found, &syntax::Sources::default(), color);
        return Code::Failed;
    }
    anstream::print!("{}", args.name.text(&library));
    Code::Done
}

/// What a field of the spec means, and what holds in each cluster.
///
/// # Errors
/// There is no such field.
pub fn field(platform: &Platform, path: &str) -> Result<String, Box<Diagnostic>> {
    let schema = platform_schema(&platform.library());
    let mut node = &schema;
    let mut seen: Vec<&str> = Vec::new();
    for key in path.split('.') {
        let Some(next) = step(&schema, node, key) else {
            let known = keys(&schema, node);
            let near = syntax::suggest::nearest(key, known.iter().map(String::as_str));
            let below = if seen.is_empty() {
                "the spec".to_owned()
            } else {
                format!("`{}`", seen.join("."))
            };
            let problem =
                Diagnostic::error("no-such-field", format!("{below} has no field `{key}`"));
            return Err(Box::new(match near {
                Some(near) => problem.help(format!("did you mean `{near}`?")),
                None if known.is_empty() => problem.help("it is a single value"),
                None => problem.help(format!("there are: {}", known.join(", "))),
            }));
        };
        node = next;
        seen.push(key);
    }
    let mut text = format!("{path}\n");
    describe(&schema, node, &mut text);
    values(platform, path, &mut text);
    Ok(text)
}

/// Follows references and picks the alternative that has more to say.
fn resolved<'s>(schema: &'s Value, node: &'s Value) -> Vec<&'s Value> {
    let mut open = vec![node];
    let mut nodes = Vec::new();
    while let Some(node) = open.pop() {
        nodes.push(node);
        if let Some(target) = node
            .get("$ref")
            .and_then(Value::as_str)
            .and_then(|path| path.strip_prefix('#'))
            && let Some(target) = schema.pointer(target)
        {
            open.push(target);
        }
        for key in ["anyOf", "oneOf", "allOf"] {
            open.extend(
                node.get(key)
                    .and_then(Value::as_array)
                    .into_iter()
                    .flatten(),
            );
        }
    }
    nodes
}

fn step<'s>(schema: &'s Value, node: &'s Value, key: &str) -> Option<&'s Value> {
    let nodes = resolved(schema, node);
    let stated = nodes
        .iter()
        .find_map(|node| node.get("properties")?.get(key));
    stated.or_else(|| {
        nodes.iter().find_map(|node| {
            node.get("additionalProperties")
                .filter(|more| more.is_object())
        })
    })
}

fn keys(schema: &Value, node: &Value) -> Vec<String> {
    let nodes = resolved(schema, node);
    let maps = nodes
        .iter()
        .filter_map(|node| node.get("properties")?.as_object());
    let mut keys: Vec<String> = maps.flat_map(|map| map.keys().cloned()).collect();
    keys.sort();
    keys.dedup();
    keys
}

fn describe(schema: &Value, node: &Value, text: &mut String) {
    let nodes = resolved(schema, node);
    if let Some(about) = nodes
        .iter()
        .find_map(|node| node.get("description")?.as_str())
    {
        let _ = writeln!(text, "\n  {}", about.trim().replace('\n', "\n  "));
    }
    let list = |key: &str| {
        let values = nodes
            .iter()
            .filter_map(|node| node.get(key)?.as_array())
            .flatten();
        values.map(Value::to_string).collect::<Vec<_>>().join(", ")
    };
    for (title, key) in [("one of", "enum"), ("for example", "examples")] {
        let values = list(key);
        if !values.is_empty() {
            let _ = writeln!(text, "  {title}: {values}");
        }
    }
    if let Some(default) = nodes.iter().find_map(|node| node.get("default")) {
        let _ = writeln!(text, "  default: {default}");
    }
    let keys = keys(schema, node);
    if !keys.is_empty() {
        let _ = writeln!(text, "  keys: {}", keys.join(", "));
    }
}

/// What holds in each cluster, and where it was said; clusters that agree share a line.
fn values(platform: &Platform, path: &str, text: &mut String) {
    let keys: Vec<&str> = path.split('.').collect();
    let mut lines: Vec<(String, Vec<&str>)> = Vec::new();
    for spec in &platform.clusters {
        let mut origins = Origins::extending(&platform.origins);
        let settings = merged(platform, spec, &mut origins, &mut Diagnostics::default());
        let line = match settings.at(&keys) {
            None => "not stated".to_owned(),
            Some(node) => {
                let place = origins
                    .place(node.origin())
                    .map(|span| platform.sources.locate(span));
                let value = syntax::print::print(node);
                let mut shown = value.lines();
                let first = shown.next().unwrap_or_default().to_owned();
                let more = if shown.next().is_some() { " ..." } else { "" };
                format!("{first}{more}   {}", place.unwrap_or_default())
            }
        };
        match lines.iter_mut().find(|(known, _)| *known == line) {
            Some((_, clusters)) => clusters.push(&spec.name),
            None => lines.push((line, vec![&spec.name])),
        }
    }
    if lines.iter().any(|(line, _)| line != "not stated") {
        let _ = writeln!(text);
        for (line, clusters) in lines {
            let _ = writeln!(text, "  {}: {line}", clusters.join(", "));
        }
    }
}
