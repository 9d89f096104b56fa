//! What a document of the output is called, whatever file it lies in, and without its cluster.

use model::object::ObjectId;
use std::fmt::{self, Display, Formatter};
use syntax::{Node, Text};

/// The folder of the objects that reconcile units.
const FLUX: &str = "flux";

/// What a document is called within its cluster.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// A Kubernetes object.
    Object(ObjectId),
    /// A document of machine configs; several machines where they change alike.
    Machine {
        /// The machines.
        nodes: Vec<Text>,
        /// The document's kind; empty for the main one, which has none.
        kind: Text,
        /// The document's name; empty where it has none.
        name: Text,
    },
    /// The labels that all objects of these units get.
    Labels {
        /// The units.
        units: Vec<Text>,
    },
    /// Any other document, by its path without the cluster.
    File {
        /// The folder of the output: `kind`, `bootstrap` ...
        area: Text,
        /// What follows the cluster's name.
        rest: Text,
    },
}

/// The parts of a path: `AREA/CLUSTER/REST` or `AREA/CLUSTER.REST`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Path<'a> {
    area: &'a str,
    rest: &'a str,
}

impl<'a> Path<'a> {
    pub(super) fn of(path: &'a str) -> Self {
        let (area, below) = path.split_once('/').unwrap_or(("", path));
        let end = below.find(['/', '.']).unwrap_or(below.len());
        let rest = below.get(end..).unwrap_or_default();
        Path { area, rest }
    }

    /// The folder below the cluster's, and the file's name.
    fn folder(&self) -> (&'a str, &'a str) {
        let rest = self.rest.trim_start_matches('/');
        rest.split_once('/').unwrap_or(("", rest))
    }

    /// What one of a file's documents is called.
    pub(super) fn subject(&self, at: usize, of: usize, node: &Node) -> Subject {
        let (folder, name) = self.folder();
        let text = |key: &str| Text::from(node.str_at(&[key]).unwrap_or_default());
        match (self.area, folder, name) {
            ("machines", "", node) => Subject::Machine {
                nodes: vec![node.trim_end_matches(".yaml").into()],
                kind: text("kind"),
                name: text("name"),
            },
            ("clusters", unit, "kustomization.yaml") => Subject::Labels {
                units: vec![unit.into()],
            },
            ("clusters", ..) => match ObjectId::of(node) {
                Some(id) => Subject::Object(id),
                None => self.file((of > 1).then_some(at)),
            },
            _ => self.file((of > 1).then_some(at)),
        }
    }

    /// The file itself, or one of its documents by number.
    pub(super) fn file(&self, document: Option<usize>) -> Subject {
        let rest = match document {
            Some(at) => ecow::eco_format!("{}#{}", self.rest, at + 1),
            None => self.rest.into(),
        };
        Subject::File {
            area: self.area.into(),
            rest,
        }
    }

    /// What a document is reconciled with, or what kind of document it is.
    pub(super) fn unit(&self, subject: &Subject) -> &'a str {
        let (folder, name) = self.folder();
        match (self.area, subject) {
            // What reconciles a unit belongs to it.
            ("clusters", Subject::Object(_)) if folder == FLUX => {
                name.strip_suffix(".yaml").unwrap_or(name)
            }
            ("clusters", Subject::Labels { .. }) => "labels",
            ("clusters", _) => folder,
            (area, _) => area,
        }
    }
}

impl Subject {
    /// Whether it is something that a cluster or a machine is told, and not a file for people.
    #[must_use]
    pub fn is_object(&self) -> bool {
        matches!(self, Subject::Object(_) | Subject::Machine { .. })
    }

    /// Whether it repeats what objects say, for people and shells.
    #[must_use]
    pub fn is_derived(&self) -> bool {
        matches!(self, Subject::File { area, .. } if !["clusters", "kind", "machines"].contains(&area.as_str()))
    }

    /// The same with every text changed.
    #[must_use]
    pub(super) fn map(&self, f: &impl Fn(&str) -> Text) -> Subject {
        let all = |texts: &[Text]| texts.iter().map(|text| f(text)).collect();
        match self {
            Subject::Object(id) => Subject::Object(ObjectId {
                namespace: f(&id.namespace),
                name: f(&id.name),
                ..id.clone()
            }),
            Subject::Machine { nodes, kind, name } => Subject::Machine {
                nodes: all(nodes),
                kind: kind.clone(),
                name: f(name),
            },
            Subject::Labels { units } => Subject::Labels { units: all(units) },
            Subject::File { area, rest } => Subject::File {
                area: area.clone(),
                rest: f(rest),
            },
        }
    }
}

impl Display for Subject {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Subject::Object(id) => id.fmt(f),
            Subject::Machine { nodes, kind, name } => {
                let kind = if kind.is_empty() {
                    "machine config"
                } else {
                    kind
                };
                f.write_str(kind)?;
                if !name.is_empty() {
                    write!(f, "/{name}")?;
                }
                write!(f, " of {}", some(nodes))
            }
            Subject::Labels { units } => write!(f, "labels of all objects in {}", some(units)),
            Subject::File { area, rest } => match area.as_str() {
                "" => write!(f, "{}{rest}", super::CLUSTER),
                area => write!(f, "{area}/{}{rest}", super::CLUSTER),
            },
        }
    }
}

/// Names in a line: the first few.
fn some(names: &[Text]) -> String {
    const SHOWN: usize = 6;
    let shown: Vec<&str> = names.iter().take(SHOWN).map(Text::as_str).collect();
    match names.len().saturating_sub(SHOWN) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

/// The cluster that a path of the output belongs to; empty for what belongs to none.
#[must_use]
pub fn cluster(path: &str) -> &str {
    let below = path.split_once('/').map_or("", |(_, below)| below);
    below.split(['/', '.']).next().unwrap_or_default()
}
