//! Names, labels and annotations: what the API server wants of them beside their types.

use super::mistake::{Fault, Step};
use super::walk::Walk;
use syntax::{Map, Node};

/// The most that all annotations of an object may hold, in bytes.
const ANNOTATIONS: usize = 256 * 1024;

/// The groups whose names only must be fit for a path.
const PATH_NAMES: [&str; 1] = ["rbac.authorization.k8s.io"];

/// Checks labels and annotations of an object or of a template of one.
pub(super) fn syntax<'a>(walk: &mut Walk<'a>, map: &'a Map) {
    for (field, is_label) in [("labels", true), ("annotations", false)] {
        let Some(entries) = map.get(field).and_then(Node::as_map) else {
            continue;
        };
        walk.path.push(Step::Key(field));
        for entry in entries.entries() {
            walk.path.push(Step::Key(&entry.key));
            if !is_qualified(&entry.key) {
                walk.say(
                    Fault::Value,
                    entry.key_origin,
                    "is no key that Kubernetes takes",
                    "not in that form",
                );
                walk.help("a key is a name of up to 63 letters, digits, `-`, `_` and `.`, after a domain and `/` if there is one");
            } else if is_label
                && entry
                    .value
                    .as_str()
                    .is_some_and(|value| !is_label_value(value))
            {
                walk.say(
                    Fault::Value,
                    entry.value.origin(),
                    "must be a label's value",
                    "not in that form",
                );
                walk.help("up to 63 letters, digits, `-`, `_` and `.`, with a letter or digit at both ends");
            }
            walk.path.pop();
        }
        let size =
            |entry: &syntax::Entry| entry.key.len() + entry.value.as_str().map_or(0, str::len);
        if !is_label && entries.entries().iter().map(size).sum::<usize>() > ANNOTATIONS {
            let origin = map.get(field).map(Node::origin).unwrap_or_default();
            walk.say(
                Fault::Value,
                origin,
                "must be less than 256 KiB together",
                "too much",
            );
        }
        walk.path.pop();
    }
}

/// Checks an object's name and namespace.
pub(super) fn names<'a>(
    walk: &mut Walk<'a>,
    object: &'a Node,
    group: &str,
    kind: &str,
    namespaced: bool,
) {
    let Some(metadata) = object.get("metadata") else {
        return;
    };
    walk.path.push(Step::Key("metadata"));
    if let Some(name) = metadata.get("name")
        && let Some(text) = name.as_str()
        && let Err(help) = name_fits(text, group, kind)
    {
        walk.path.push(Step::Key("name"));
        walk.say(
            Fault::Value,
            name.origin(),
            "is no name that the kind takes",
            "not in that form",
        );
        walk.help(help);
        walk.path.pop();
    }
    let namespace = metadata
        .get("namespace")
        .filter(|namespace| !namespace.is_null());
    match namespace {
        None if namespaced => {
            walk.missing("namespace", metadata);
        }
        Some(namespace) if !namespaced => {
            walk.path.push(Step::Key("namespace"));
            walk.say(
                Fault::Unknown,
                namespace.origin(),
                "stands in no namespace",
                "a kind of the whole cluster",
            );
            walk.help("take it out");
            walk.path.pop();
        }
        Some(namespace) if namespace.as_str().is_some_and(|text| !is_dns_label(text)) => {
            walk.path.push(Step::Key("namespace"));
            walk.say(
                Fault::Value,
                namespace.origin(),
                "is no name of a namespace",
                "not in that form",
            );
            walk.help("up to 63 small letters, digits and `-`");
            walk.path.pop();
        }
        Some(_) | None => {}
    }
    walk.path.pop();
}

/// Whether a name is one that the kind takes; else what would be.
fn name_fits(name: &str, group: &str, kind: &str) -> Result<(), &'static str> {
    if PATH_NAMES.contains(&group) || matches!(kind, "ClusterTrustBundle" | "IPAddress") {
        let good = !name.is_empty() && name != "." && name != ".." && !name.contains(['/', '%']);
        return if good {
            Ok(())
        } else {
            Err("it can't have `/` or `%`")
        };
    }
    let label = group.is_empty() && matches!(kind, "Namespace" | "Service");
    if label && !is_dns_label(name) {
        return Err("up to 63 small letters, digits and `-`, with a letter or digit at both ends");
    }
    if !is_dns_subdomain(name) {
        return Err(
            "up to 253 small letters, digits, `-` and `.`, with a letter or digit at both ends",
        );
    }
    Ok(())
}

fn is_dns_label(text: &str) -> bool {
    let inner = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'-';
    (1..=63).contains(&text.len())
        && text.bytes().all(inner)
        && !text.starts_with('-')
        && !text.ends_with('-')
}

fn is_dns_subdomain(text: &str) -> bool {
    let label = |label: &str| {
        let inner = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'-';
        !label.is_empty()
            && label.bytes().all(inner)
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    text.len() <= 253 && text.split('.').all(label)
}

/// A name, after a domain and a slash if there is one.
fn is_qualified(key: &str) -> bool {
    let (prefix, name) = match key.split_once('/') {
        Some((prefix, name)) => (Some(prefix), name),
        None => (None, key),
    };
    let domain = prefix.is_none_or(|prefix| is_dns_subdomain(&prefix.to_ascii_lowercase()));
    domain && !name.is_empty() && is_label_value(name)
}

fn is_label_value(text: &str) -> bool {
    let outer = |c: Option<u8>| c.is_none_or(|c| c.is_ascii_alphanumeric());
    let inner = |c: u8| c.is_ascii_alphanumeric() || matches!(c, b'-' | b'_' | b'.');
    text.len() <= 63
        && text.bytes().all(inner)
        && outer(text.bytes().next())
        && outer(text.bytes().next_back())
}
