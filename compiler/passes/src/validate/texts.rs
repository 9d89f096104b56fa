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
    let annotations = object.node.at(&["metadata", "annotations"]);
    let entries = annotations.map_or(&[][..], Node::entries).iter();
    for entry in entries.filter(|entry| is_read_otherwise(&entry.key)) {
        found.push(Unfit {
            path: format!("metadata.annotations.{}", entry.key),
            why: "breaks kustomize: it writes annotations without quotes, and reads no text again"
                .to_owned(),
            help: "put a domain and `/` before it",
            origin: entry.key_origin,
        });
    }
    found
}

/// Whether go-yaml takes a key of an annotation for a boolean, null, number or date when it has no quotes. Exactly that:
/// the printer quotes whatever any reader might take so.
fn is_read_otherwise(key: &str) -> bool {
    const WORDS: [&str; 9] = [
        "true", "True", "TRUE", "false", "False", "FALSE", "null", "Null", "NULL",
    ];
    WORDS.contains(&key) || is_number(key) || is_date(key)
}

fn is_number(key: &str) -> bool {
    let plain = key.replace('_', "").to_ascii_lowercase();
    let based = [("0x", 16), ("0o", 8), ("0b", 2)];
    let based = based.iter().find_map(|(prefix, base)| {
        let digits = plain.strip_prefix(prefix)?;
        Some(u64::from_str_radix(digits, *base).is_ok())
    });
    let begins = plain.starts_with(|c: char| c.is_ascii_digit());
    based.unwrap_or_else(|| begins && plain.parse::<f64>().is_ok())
}

fn is_date(key: &str) -> bool {
    let parts: Vec<&str> = key.split('-').collect();
    let within = |part: &str, most| {
        part.len() <= 2 && part.parse::<u8>().is_ok_and(|it| (1..=most).contains(&it))
    };
    let [year, month, day] = parts.as_slice() else {
        return false;
    };
    let is_year = year.len() == 4 && year.bytes().all(|byte| byte.is_ascii_digit());
    is_year && within(month, 12) && within(day, 31)
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
    if text.bytes().all(|byte| byte < 0x7f) {
        return None; // nearly every text, and told many bytes at a time
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    /// As kustomize 5.8 took them, each as the one annotation of a ConfigMap.
    #[test]
    fn keys_that_kustomize_reads_otherwise() {
        for key in [
            "true",
            "Null",
            "1e3",
            "1",
            "0x1f",
            "2001-01-01",
            "0777",
            "1_000",
            "1.5",
            "0o17",
            "0b1",
        ] {
            assert!(is_read_otherwise(key), "{key}");
        }
        for key in [
            "no",
            "on",
            "y",
            "tRue",
            "a1",
            "1a",
            "0xg",
            "2001-13-01",
            "x.y/1",
        ] {
            assert!(!is_read_otherwise(key), "{key}");
        }
    }
}
