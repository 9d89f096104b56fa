//! Texts that never reach the API server as they are: kustomize, by which Flux reads every unit, refuses or changes them.

use model::object::Object;
use syntax::{Node, OriginId};

/// A text that does not come through.
#[derive(Debug)]
pub(super) struct Unfit {
    /// The keys above it.
    pub path: String,
    /// What becomes of it.
    pub why: String,
    /// What to do instead.
    pub help: &'static str,
    /// Where it is from.
    pub origin: OriginId,
}

/// The keys and values of an object that kustomize does not hand on.
pub(super) fn unfit(object: &Object) -> Vec<Unfit> {
    let mut found = Vec::new();
    walk(&object.node, &mut Vec::new(), &mut found);
    found
}

fn walk<'n>(node: &'n Node, path: &mut Vec<&'n str>, found: &mut Vec<Unfit>) {
    if let Some(lost) = node.as_str().and_then(lost) {
        found.push(character(path, lost, false, node.origin()));
    }
    for entry in node.entries() {
        path.push(&entry.key);
        if let Some(lost) = lost(&entry.key) {
            found.push(character(path, lost, true, entry.key_origin));
        } else if entry.key == "<<" {
            found.push(Unfit {
                path: shown(path),
                why: "is dropped by kustomize: to it, `<<` merges maps".to_owned(),
                help: "call it otherwise",
                origin: entry.key_origin,
            });
        }
        walk(&entry.value, path, found);
        path.pop();
    }
    for item in node.items() {
        walk(item, path, found);
    }
}

/// The first character that is lost, if any.
fn lost(text: &str) -> Option<char> {
    let is_lost = |c: &char| matches!(c, '\u{7f}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}');
    text.chars().find(is_lost)
}

fn character(path: &[&str], lost: char, in_key: bool, origin: OriginId) -> Unfit {
    let fate = match lost {
        '\u{85}' if !in_key => "kustomize makes a space of it",
        _ => "kustomize builds no unit with such a character",
    };
    Unfit {
        path: shown(path),
        why: format!("has U+{:04X}: {fate}", u32::from(lost)),
        help: "leave the character out; what is no text goes into `binaryData`, in base64",
        origin,
    }
}

fn shown(path: &[&str]) -> String {
    path.join(".").escape_debug().to_string()
}
