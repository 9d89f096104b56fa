//! Emitted files as cells again: what a folder holds of a platform, whoever built it.

use crate::emit::{Leaf, seal};
use model::object::Content;
use std::collections::{BTreeMap, BTreeSet};
use syntax::parse::parse;
use syntax::{Diagnostic, Diagnostics, OriginId, Origins, Sources};

/// A cell that was read back.
#[derive(Debug, Default)]
pub struct Emitted {
    /// Its files as trees.
    pub leaves: Vec<Leaf>,
    /// The places of its values in the files.
    pub origins: Origins,
    /// The texts of its files.
    pub sources: Sources,
}

/// The cell that a file belongs to, by its path below the folder; empty for what belongs to no cluster.
#[must_use]
pub fn cluster(path: &str) -> &str {
    super::subject::cluster(path)
}

/// Reads the files of one cell. What belongs to another platform, or to nobody, is left out.
pub fn read(platform: &str, files: &[(String, Vec<u8>)], found: &mut Diagnostics) -> Emitted {
    let mut emitted = Emitted::default();
    let listed = listed(platform, files);
    for (path, bytes) in files {
        let content = if listed.contains(path) {
            Content::Copied(bytes.clone())
        } else if seal::read(bytes, path).is_some_and(|owner| owner.platform == platform) {
            match content(&mut emitted, path, bytes, found) {
                Some(content) => content,
                None => continue,
            }
        } else {
            continue;
        };
        emitted.leaves.push(Leaf {
            path: path.clone(),
            content,
            because: OriginId::default(),
        });
    }
    emitted.leaves.sort_by(|a, b| a.path.cmp(&b.path));
    emitted
}

/// The files that take no comment and are listed beside them.
fn listed(platform: &str, files: &[(String, Vec<u8>)]) -> BTreeSet<String> {
    let listings = files
        .iter()
        .filter_map(|(path, bytes)| Some((path.strip_suffix(seal::LISTING)?, bytes)));
    let mut listed = BTreeSet::new();
    for (folder, bytes) in listings {
        let Some((owner, names)) = seal::read_listing(bytes) else {
            continue;
        };
        let names: BTreeMap<String, String> = names;
        if owner.platform == platform {
            listed.extend(names.into_keys().map(|name| format!("{folder}{name}")));
        }
    }
    listed
}

fn content(
    emitted: &mut Emitted,
    path: &str,
    bytes: &[u8],
    found: &mut Diagnostics,
) -> Option<Content> {
    if path.ends_with(seal::LISTING) {
        return None;
    }
    let body = seal::unsealed(bytes, path);
    let text = match String::from_utf8(body) {
        Ok(text) => text,
        Err(_) => {
            let message = format!("`{path}` is not UTF-8, and formwork wrote it so");
            found.add(Diagnostic::error("not-utf-8", message).help("build that folder again"));
            return None;
        }
    };
    if !path.ends_with(".yaml") {
        let reads = Vec::new();
        return Some(Content::Text { text, reads });
    }
    let file = emitted.sources.add(path, &text);
    let documents = parse(file, &text, &mut emitted.origins, found);
    let nodes = documents.into_iter().map(|document| document.node);
    Some(Content::Yaml(nodes.collect()))
}
