//! The texts of a chart's folder become a chart.

use super::{Chart, Comments, Part};
use serde_json::Value;
use syntax::parse::parse_one;
use syntax::{Diagnostics, Kind, Map, Node, OriginId, Origins, Sources};

/// The files of a chart's folder that say what its values are.
#[derive(Clone, Debug, Default)]
pub struct Texts {
    /// `Chart.yaml`, or the same as JSON.
    pub about: Option<String>,
    /// `values.yaml`.
    pub values: Option<String>,
    /// `values.schema.json`.
    pub schema: Option<String>,
    /// `values.commented-keys.txt`: the paths that a `values.yaml` without its comments showed in them, one a line.
    pub comments: Option<String>,
    /// Its templates, one after the other.
    pub templates: String,
}

impl Chart {
    /// Reads a chart.
    ///
    /// # Errors
    /// What can't be read, in words.
    pub fn read(texts: &Texts) -> Result<Chart, String> {
        let about = match &texts.about {
            Some(text) => yaml("Chart.yaml", text)?,
            None => Node::null(OriginId::default()),
        };
        let stated = texts.values.as_deref().unwrap_or_default();
        let values = match is_empty(stated) {
            true => Node::map(Map::default(), OriginId::default()),
            false => yaml("values.yaml", stated)?,
        };
        let schema = match &texts.schema {
            Some(text) => Some(json("values.schema.json", text)?),
            None => None,
        };
        let text = |key: &str| about.get(key).and_then(Node::scalar_text);
        let parts = about.get("dependencies").map_or(&[][..], Node::items);
        Ok(Chart {
            name: text("name").map(String::from),
            version: text("version").map(String::from),
            comments: match &texts.comments {
                Some(paths) => Comments::listed(paths),
                None => Comments::of(stated),
            }
            .and_templates(&texts.templates),
            values,
            schema,
            parts: parts.iter().filter_map(part).collect(),
        })
    }
}

fn part(node: &Node) -> Option<Part> {
    let name = node.str_at(&["name"])?;
    let alias = node.str_at(&["alias"]).filter(|alias| !alias.is_empty());
    let repository = node.str_at(&["repository"]);
    Some(Part {
        name: name.to_owned(),
        key: alias.unwrap_or(name).to_owned(),
        is_published: repository.is_some_and(|it| !it.is_empty()),
        chart: None,
    })
}

pub(super) fn yaml(name: &str, text: &str) -> Result<Node, String> {
    let mut sources = Sources::default();
    let mut found = Diagnostics::default();
    let file = sources.add(name, text);
    let node = parse_one(file, text, &mut Origins::default(), &mut found);
    let problem = found
        .iter()
        .find(|problem| problem.severity == syntax::Severity::Error);
    match (node, problem) {
        (Some(node), None) => Ok(bare(node)),
        (_, Some(problem)) => {
            let place = problem
                .span()
                .map_or(String::new(), |span| format!(" ({})", sources.locate(span)));
            Err(format!(
                "its {name} can't be read: {}{place}",
                problem.message
            ))
        }
        (None, None) => Err(format!("its {name} holds nothing")),
    }
}

/// JSON is YAML, but not for every reader: a schema is read as what it is.
fn json(name: &str, text: &str) -> Result<Value, String> {
    let value: Value = serde_json::from_str(text)
        .map_err(|problem| format!("its {name} can't be read: {problem}"))?;
    Ok(value)
}

/// Whether nothing but comments stands in a text.
fn is_empty(text: &str) -> bool {
    text.lines()
        .all(|line| line.trim().is_empty() || line.trim_start().starts_with('#') || line == "---")
}

/// The same tree without origins.
fn bare(node: Node) -> Node {
    let none = OriginId::default();
    match node.into_kind() {
        Kind::Map(map) => {
            let mut fresh = Map::with_capacity(map.len());
            for entry in map.into_entries() {
                fresh.set(entry.key, none, bare(entry.value));
            }
            Node::map(fresh, none)
        }
        Kind::List(items) => Node::list(items.into_iter().map(bare), none),
        kind @ (Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::String(_)) => {
            Node::new(kind, none)
        }
    }
}
