//! One cell of an output as the comparison sees it: its documents by what they are called.

use super::because::Touched;
use super::subject::{self, Subject};
use crate::emit::Leaf;
use model::object::{Content, ObjectId};
use std::collections::BTreeMap;
use syntax::{Node, OriginId, Origins, Sources, Text};

/// One cell of an output, and where its values came from.
#[derive(Clone, Copy, Debug)]
pub struct Side<'a> {
    /// Its files.
    pub leaves: &'a [Leaf],
    /// Where its values came from.
    pub origins: &'a Origins,
    /// The texts that they came from.
    pub sources: &'a Sources,
    /// The lines that are not in the other output's texts.
    pub touched: &'a Touched,
}

/// What a document holds.
#[derive(Clone, Copy, Debug)]
pub(super) enum Data<'a> {
    /// A tree.
    Node(&'a Node),
    /// Text for people or shells.
    Text(&'a str),
    /// Ciphertext, of which nothing is looked at.
    Sealed(&'a [u8]),
}

/// A document of a cell.
#[derive(Clone, Copy, Debug)]
pub(super) struct Item<'a> {
    /// The folder that is reconciled together, or the kind of document.
    pub(super) unit: &'a str,
    /// What it holds.
    pub(super) data: Data<'a>,
    /// Why it is there.
    pub(super) because: OriginId,
}

/// The documents of a side by what they are called.
pub(super) type Index<'a> = BTreeMap<Subject, Item<'a>>;

impl<'a> Side<'a> {
    /// Its documents by what they are called.
    pub(super) fn index(&self) -> Index<'a> {
        let mut index = Index::new();
        for leaf in self.leaves {
            let path = subject::Path::of(&leaf.path);
            match &leaf.content {
                Content::Yaml(documents) => {
                    for (at, node) in documents.iter().enumerate() {
                        let subject = path.subject(at, documents.len(), node);
                        let data = match &subject {
                            Subject::Labels { .. } => node.get("labels").unwrap_or(node),
                            Subject::Object(_) | Subject::Machine { .. } | Subject::File { .. } => {
                                node
                            }
                        };
                        let because = leaf.because;
                        add(&mut index, &path, subject, Data::Node(data), because);
                    }
                }
                Content::Text { text, .. } => {
                    let data = Data::Text(text);
                    add(&mut index, &path, path.file(None), data, leaf.because);
                }
                Content::Copied(bytes) => {
                    let data = Data::Sealed(bytes);
                    add(&mut index, &path, path.file(None), data, leaf.because);
                }
            }
        }
        index
    }
}

/// Of two documents with one name, which no output of ours has, the second goes by its path.
fn add<'a>(
    index: &mut Index<'a>,
    path: &subject::Path<'a>,
    subject: Subject,
    data: Data<'a>,
    because: OriginId,
) {
    let unit = path.unit(&subject);
    let item = Item {
        unit,
        data,
        because,
    };
    let subject = match index.contains_key(&subject) {
        true => path.file(None),
        false => subject,
    };
    index.entry(subject).or_insert(item);
}

impl Item<'_> {
    /// Its tree, where it is one.
    pub(super) fn node(&self) -> Option<&Node> {
        match self.data {
            Data::Node(node) => Some(node),
            Data::Text(_) | Data::Sealed(_) => None,
        }
    }
}

/// Whether an output has a namespace.
pub(super) fn has_namespace(index: &Index<'_>, name: &str) -> bool {
    let id = ObjectId {
        group: Text::new(),
        kind: "Namespace".into(),
        namespace: Text::new(),
        name: name.into(),
    };
    index.contains_key(&Subject::Object(id))
}
