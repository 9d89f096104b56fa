//! The values of a document in their order, and what is known of them without a key.

use crate::cipher;
use crate::clear;
use crate::error::Error;
use crate::rule::Rule;
use crate::text::{Stretch, at, line_start, stretch};
use syntax::{Kind, Node, Origins};

/// The key of the block that isn't data.
pub(crate) const BLOCK: &str = "sops";

/// A value.
#[derive(Clone)]
pub(crate) struct Leaf {
    /// The keys that lead to it; places in lists are not among them.
    pub(crate) path: Vec<String>,
    /// Where it stands; empty where nothing is written.
    pub(crate) stretch: Stretch,
    pub(crate) what: What,
}

/// What a value is, without a key.
#[derive(Clone)]
pub(crate) enum What {
    /// Null: sops skips it, whatever the rule says.
    Null,
    /// Encrypted, as it is written.
    Sealed(String),
    /// The empty text where the rule selects it: sops leaves it as it is.
    Empty,
    /// Not selected: its bytes in the MAC.
    Clear(Vec<u8>),
}

/// The walk over one document.
pub(crate) struct Walk<'a> {
    pub(crate) text: &'a str,
    pub(crate) origins: &'a Origins,
    pub(crate) rule: &'a Rule,
}

impl Walk<'_> {
    /// Every value of a document but the `sops` block.
    pub(crate) fn leaves(&self, root: &Node) -> Result<Vec<Leaf>, Error> {
        let mut leaves = Vec::new();
        for entry in root.entries().iter().filter(|entry| entry.key != BLOCK) {
            self.walk(&entry.value, &mut vec![entry.key.to_string()], &mut leaves)?;
        }
        // Copies that aliases make stand where their anchor stands; sops has no anchors left when it writes.
        let starts = || leaves.iter().map(|leaf| leaf.stretch.start);
        if starts().zip(starts().skip(1)).any(|(a, b)| a >= b) {
            return Err(Error::unsupported("anchors and aliases in a sealed file"));
        }
        Ok(leaves)
    }

    fn walk(
        &self,
        node: &Node,
        path: &mut Vec<String>,
        leaves: &mut Vec<Leaf>,
    ) -> Result<(), Error> {
        match node.kind() {
            Kind::Map(map) => {
                for entry in map.entries() {
                    path.push(entry.key.to_string());
                    self.walk(&entry.value, path, leaves)?;
                    path.pop();
                }
            }
            Kind::List(items) => {
                for item in items {
                    self.walk(item, path, leaves)?;
                }
            }
            Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) => {
                let stretch = stretch(self.origins, node.origin())?;
                let what = if self.rule.selects(path) {
                    selected(node, path)?
                } else {
                    self.clear(node, path, stretch.clone())?
                };
                leaves.push(Leaf {
                    path: path.clone(),
                    stretch,
                    what,
                });
            }
        }
        Ok(())
    }

    /// A value that the rule leaves as it is.
    fn clear(&self, node: &Node, path: &[String], stretch: Stretch) -> Result<What, Error> {
        let written = at(self.text, stretch.clone());
        let quoted = written.starts_with(['"', '\'', '|', '>']);
        let reading = match node.kind() {
            Kind::String(text) if quoted || self.is_tagged(stretch.start) => {
                return Ok(What::Clear(text.as_bytes().to_vec()));
            }
            Kind::String(text) => (clear::read(text), text.as_str()),
            Kind::Null => return Ok(What::Null),
            Kind::Bool(_) | Kind::Number(_) | Kind::List(_) | Kind::Map(_) => {
                (clear::read(written), written)
            }
        };
        let (reading, source) = reading;
        match reading.bytes(source) {
            Some(bytes) => Ok(What::Clear(bytes)),
            None => Err(Error::format(
                format!("`{}`", shown(path)),
                "a number of this size has no type in sops",
            )),
        }
    }

    /// Whether a tag says that what follows is text.
    fn is_tagged(&self, place: usize) -> bool {
        let before = at(self.text, line_start(self.text, place)..place).trim_end();
        let word = before.rsplit([' ', '\t']).next().unwrap_or_default();
        matches!(word, "!" | "!!str" | "!<tag:yaml.org,2002:str>")
    }
}

/// A value that the rule encrypts.
fn selected(node: &Node, path: &[String]) -> Result<What, Error> {
    match node.kind() {
        Kind::Null => Ok(What::Null),
        Kind::String(text) if text.is_empty() => Ok(What::Empty),
        Kind::String(text) if cipher::is_sealed(text) => Ok(What::Sealed(text.to_string())),
        Kind::Bool(_) | Kind::Number(_) | Kind::String(_) | Kind::List(_) | Kind::Map(_) => {
            Err(Error::PlainText { path: shown(path) })
        }
    }
}

/// A path as messages show it.
pub(crate) fn shown<P: AsRef<str>>(path: &[P]) -> String {
    let keys: Vec<&str> = path.iter().map(AsRef::as_ref).collect();
    keys.join("/")
}
