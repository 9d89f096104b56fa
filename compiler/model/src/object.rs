//! What a cell lowers to: Kubernetes objects, documents for machines, and texts.

use syntax::{Kind, Node, OriginId, Text};

/// What an object is called, without its version: what decides whether two are the same.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectId {
    /// The API group; empty for the core.
    pub group: Text,
    /// The kind.
    pub kind: Text,
    /// The namespace; empty for what has none.
    pub namespace: Text,
    /// The name.
    pub name: Text,
}

/// A Kubernetes object on its way out.
#[derive(Clone, Debug)]
pub struct Object {
    /// What it is called.
    pub id: ObjectId,
    /// Its data.
    pub node: Node,
    /// Why it is there.
    pub because: OriginId,
}

/// A file of the output that is no single Kubernetes object.
#[derive(Clone, Debug)]
pub struct Document {
    /// Its path below the output folder, with `/`.
    pub path: String,
    /// What is in it.
    pub content: Content,
    /// Why it is there.
    pub because: OriginId,
}

/// What a file holds.
#[derive(Clone, Debug)]
pub enum Content {
    /// YAML documents.
    Yaml(Vec<Node>),
    /// Text, and what it was made of.
    Text {
        /// The text, with `\n` line ends.
        text: String,
        /// What it was made of.
        reads: Vec<OriginId>,
    },
    /// Bytes that are copied as they are: sealed files, which nobody reads on the way.
    Copied(Vec<u8>),
}

impl ObjectId {
    /// Reads the identity of an object; `None` where it has no kind or no name.
    #[must_use]
    pub fn of(node: &Node) -> Option<Self> {
        let version = node.get("apiVersion")?.as_str()?;
        let group = version.split_once('/').map_or("", |(group, _)| group);
        let kind = node.get("kind")?.as_str()?;
        let name = node.at(&["metadata", "name"])?.scalar_text()?;
        let namespace = node.str_at(&["metadata", "namespace"]).unwrap_or("");
        Some(ObjectId {
            group: group.into(),
            kind: kind.into(),
            namespace: namespace.into(),
            name,
        })
    }
}

impl Object {
    /// An object from its data; `None` where it has no identity.
    #[must_use]
    pub fn new(node: Node, because: OriginId) -> Option<Self> {
        let id = ObjectId::of(&node)?;
        matches!(node.kind(), Kind::Map(_)).then_some(Object { id, node, because })
    }
}

impl std::fmt::Display for ObjectId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/", self.kind)?;
        if !self.namespace.is_empty() {
            write!(f, "{}/", self.namespace)?;
        }
        f.write_str(&self.name)
    }
}
