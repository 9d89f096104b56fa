//! Every secret of a tree: its scalars with the names that lead to them, Secrets that nobody sealed, and the manifests in its texts.

use super::{Leak, base64, field, leak, value};
use ecow::EcoString;
use syntax::{Diagnostics, FileId, Kind, Map, Node, OriginId, Origins, Pointer};

/// What a value of a Secret is called that shows nothing else.
pub(super) const IN_SECRET: &str = "a value of a Secret that is not sealed";

/// Shorter texts hold no Secret.
const SHORTEST_MANIFEST: usize = 40;

/// Fields of Secrets that say what they are for.
const FOR: [&str; 16] = [
    "bucket",
    "clientid",
    "email",
    "enableoci",
    "endpoint",
    "host",
    "name",
    "namespace",
    "port",
    "project",
    "region",
    "server",
    "type",
    "url",
    "user",
    "username",
];

/// A secret in a tree.
#[derive(Clone, Debug)]
pub struct Found {
    /// What it is, and where in the value's text.
    pub leak: Leak,
    /// Where the value came from.
    pub origin: OriginId,
    /// Where the value stands in the tree.
    pub pointer: Pointer,
}

/// Every secret of a tree, in its order. Names and numbers cost nothing but a look; nothing is copied until something is found.
#[must_use]
pub fn leaks(node: &Node) -> Vec<Found> {
    let mut walk = Walk::default();
    walk.node(node);
    walk.found
}

#[derive(Clone, Copy)]
enum Step<'a> {
    Key(&'a str),
    Index(usize),
}

#[derive(Default)]
struct Walk<'a> {
    /// The names that lead here; an entry of a list that has a name has it here too.
    names: Vec<&'a str>,
    steps: Vec<Step<'a>>,
    found: Vec<Found>,
}

impl<'a> Walk<'a> {
    fn node(&mut self, node: &'a Node) {
        match node.kind() {
            Kind::Null | Kind::Bool(_) => {}
            Kind::String(text) => self.text(node, text),
            Kind::Number(text) => {
                let field = self.names.last().and_then(|name| field::of_name(name));
                if field.is_some_and(|field| field.takes_words) {
                    self.text(node, text);
                }
            }
            Kind::List(items) => self.items(items),
            Kind::Map(map) => self.map(node, map),
        }
    }

    /// The items of a list; `--password` names the item behind it.
    fn items(&mut self, items: &'a [Node]) {
        let mut flag = None;
        for (index, item) in items.iter().enumerate() {
            self.steps.push(Step::Index(index));
            self.names.extend(flag);
            self.node(item);
            if flag.is_some() {
                self.names.pop();
            }
            self.steps.pop();
            let is_flag = |text: &&str| text.starts_with('-') && !text.contains(['=', ' ']);
            flag = item.as_str().filter(is_flag);
        }
    }

    fn map(&mut self, node: &'a Node, map: &'a Map) {
        for entry in map.entries() {
            let key = entry.key.as_str();
            // What SOPS says of a sealed file.
            if key == "sops" && entry.value.get("mac").is_some() {
                continue;
            }
            let is_data = ["data", "stringData"].contains(&key);
            let is_secret = is_data && node.str_at(&["kind"]) == Some("Secret");
            let named = ["value", "default"].contains(&key);
            let named = named.then(|| node.str_at(&["name"]).or_else(|| node.str_at(&["key"])));
            self.steps.push(Step::Key(key));
            self.names.push(named.flatten().unwrap_or(key));
            match is_secret {
                true => self.secret(&entry.value, key == "data"),
                false => self.node(&entry.value),
            }
            self.names.pop();
            self.steps.pop();
        }
    }

    /// The values of a Secret: all that don't just say what it is for.
    fn secret(&mut self, values: &'a Node, is_encoded: bool) {
        for entry in values.entries() {
            let Some(text) = entry.value.as_str() else {
                continue;
            };
            let decoded = is_encoded.then(|| base64::text(text.trim())).flatten();
            let plain = decoded.as_deref().unwrap_or(text).trim();
            self.steps.push(Step::Key(&entry.key));
            self.names.push(&entry.key);
            match leak(&self.names, plain) {
                Some(leak) if decoded.is_none() => self.add(&entry.value, leak),
                Some(leak) => self.whole(&entry.value, leak.kind, text),
                None if gives_away(&entry.key, plain) => {
                    self.whole(&entry.value, IN_SECRET, text);
                }
                None => {}
            }
            self.names.pop();
            self.steps.pop();
        }
    }

    fn text(&mut self, node: &Node, text: &str) {
        if let Some(leak) = leak(&self.names, text) {
            self.add(node, leak);
        } else if text.len() >= SHORTEST_MANIFEST && text.contains("kind: Secret\n") {
            self.manifests(node, text);
        }
    }

    /// The Secrets among the manifests that a text holds.
    fn manifests(&mut self, node: &Node, text: &str) {
        let mut origins = Origins::default();
        let file = FileId(0);
        let documents = syntax::parse::parse(file, text, &mut origins, &mut Diagnostics::default());
        let secrets = documents
            .iter()
            .filter(|document| document.node.str_at(&["kind"]) == Some("Secret"));
        for found in secrets.flat_map(|document| leaks(&document.node)) {
            let Some(span) = origins.place(found.origin) else {
                continue;
            };
            let range = span.start as usize..span.end as usize;
            let kind = found.leak.kind;
            self.add(node, Leak { kind, range });
        }
    }

    fn whole(&mut self, node: &Node, kind: &'static str, text: &str) {
        let range = 0..text.len();
        self.add(node, Leak { kind, range });
    }

    fn add(&mut self, node: &Node, leak: Leak) {
        let pointer = Pointer::of(self.steps.iter().map(|step| match step {
            Step::Key(key) => EcoString::from(*key),
            Step::Index(index) => ecow::eco_format!("{index}"),
        }));
        let origin = node.origin();
        self.found.push(Found {
            leak,
            origin,
            pointer,
        });
    }
}

/// Whether a value of a Secret is worth being sealed.
fn gives_away(key: &str, plain: &str) -> bool {
    let last = field::words(key).last().unwrap_or(key);
    let says_for = FOR
        .iter()
        .any(|word| word.eq_ignore_ascii_case(last) || word.eq_ignore_ascii_case(key));
    let is_switch = ["true", "false"].contains(&plain);
    let is_public = plain.starts_with("-----BEGIN CERT") || plain.starts_with("ssh-");
    !plain.is_empty()
        && !says_for
        && !is_switch
        && !is_public
        && !value::is_reference(plain)
        && !value::is_placeholder(plain)
}
