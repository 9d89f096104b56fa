//! The block `sops`: for whom a file is sealed, and what holds it together.
//!
//! Source: `stores/stores.go`, `stores/metadata.go`.

use crate::error::Error;
use crate::text::{Stretch, at, stretch};
use crate::time;
use syntax::{Node, Origins};

/// The kinds of keys beside age.
const OTHERS: [&str; 6] = ["pgp", "kms", "gcp_kms", "hckms", "azure_kv", "hc_vault"];

/// What the block says.
#[derive(Clone)]
pub(crate) struct Meta {
    pub(crate) age: Vec<Wrapped>,
    /// The list that they stand in.
    pub(crate) age_at: Option<Stretch>,
    /// The kinds of other keys that it is sealed with too.
    pub(crate) others: Vec<String>,
    pub(crate) lastmodified: Field,
    /// What the MAC is bound to.
    pub(crate) bound: String,
    pub(crate) mac: Field,
    pub(crate) mac_only_encrypted: bool,
    pub(crate) version: String,
    /// How many columns each level is indented by.
    pub(crate) step: usize,
}

/// The data key, wrapped for one recipient.
#[derive(Clone)]
pub(crate) struct Wrapped {
    pub(crate) recipient: String,
    pub(crate) enc: String,
    /// `recipient` stands above `enc`, as older versions of sops write.
    pub(crate) recipient_first: bool,
}

/// A text and where it stands.
#[derive(Clone)]
pub(crate) struct Field {
    pub(crate) text: String,
    pub(crate) at: Stretch,
}

impl Meta {
    /// Reads the block.
    pub(crate) fn of(block: &Node, text: &str, origins: &Origins) -> Result<Self, Error> {
        if block.as_map().is_none() {
            return Err(Error::format("`sops`", "it is no map"));
        }
        let list = block.get("age");
        let others = OTHERS.iter().filter(|kind| filled(block.get(kind)));
        let others: Vec<String> = others.map(|kind| (*kind).to_owned()).collect();
        let groups = filled(block.get("key_groups"));
        if groups && others.is_empty() && !filled(list) {
            return Err(Error::unsupported("`sops.key_groups`, a data key in parts"));
        }
        let lastmodified = field(block, "lastmodified", origins)?;
        let bound = time::bound(&lastmodified.text)
            .ok_or_else(|| Error::format("`sops.lastmodified`", "it is no time of RFC 3339"))?;
        let items = list.map_or(&[][..], Node::items);
        Ok(Meta {
            age: items.iter().map(wrapped).collect::<Result<_, _>>()?,
            age_at: match list {
                Some(list) => Some(stretch(origins, list.origin())?),
                None => None,
            },
            others,
            lastmodified,
            bound,
            mac: field(block, "mac", origins)?,
            mac_only_encrypted: truth(block.get("mac_only_encrypted")),
            version: field(block, "version", origins)?.text,
            step: step(block, text, origins)?,
        })
    }
}

fn filled(node: Option<&Node>) -> bool {
    node.is_some_and(|node| !node.items().is_empty())
}

/// Sops takes words for truth values here.
fn truth(node: Option<&Node>) -> bool {
    let text = node.and_then(Node::scalar_text);
    text.is_some_and(|text| matches!(text.as_str(), "true" | "True" | "TRUE" | "t" | "T" | "1"))
}

fn field(block: &Node, name: &str, origins: &Origins) -> Result<Field, Error> {
    let node = block.get(name);
    let text = node
        .and_then(Node::scalar_text)
        .filter(|text| !text.is_empty());
    match (node, text) {
        (Some(node), Some(text)) => Ok(Field {
            text: text.to_string(),
            at: stretch(origins, node.origin())?,
        }),
        _ => Err(Error::format(format!("`sops.{name}`"), "it is missing")),
    }
}

fn wrapped(item: &Node) -> Result<Wrapped, Error> {
    let part = |name: &str| {
        let missing = || Error::format("`sops.age`", format!("`{name}` is missing"));
        item.str_at(&[name]).map(str::to_owned).ok_or_else(missing)
    };
    let first = item.entries().first();
    Ok(Wrapped {
        recipient: part("recipient")?.trim().to_owned(),
        enc: part("enc")?,
        recipient_first: first.is_some_and(|entry| entry.key == "recipient"),
    })
}

fn step(block: &Node, text: &str, origins: &Origins) -> Result<usize, Error> {
    let Some(first) = block.entries().first() else {
        return Ok(4);
    };
    let key = stretch(origins, first.key_origin)?;
    let before = at(text, crate::text::line_start(text, key.start)..key.start);
    let blank = before.bytes().all(|byte| byte == b' ');
    Ok(if blank { before.len().max(1) } else { 4 })
}
