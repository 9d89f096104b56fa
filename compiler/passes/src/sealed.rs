//! Sealed files: `secrets/CLUSTER/NAMESPACE/FILE.yaml`, copied as they are. Only names and keys of them are looked at, and
//! whether every value is ciphertext; nothing of what they hold is ever shown.

use crate::world::World;
use std::collections::{BTreeMap, BTreeSet};
use syntax::parse::parse;
use syntax::{Diagnostic, Diagnostics, Entry, FileId, Kind, Node, Origins, Sources, Span, Text};

/// The folder of sealed files beside the spec.
pub const FOLDER: &str = "secrets";

/// The file that tells SOPS for whom it seals.
pub const SOPS: &str = ".sops.yaml";

/// A sealed file beside the spec.
#[derive(Clone, Debug)]
pub struct Sealed {
    /// The namespace that its Secrets belong to.
    pub namespace: Text,
    /// Its name.
    pub file: Text,
    /// Its ciphertext.
    pub bytes: Vec<u8>,
    /// The Secrets in it.
    pub secrets: Vec<Secret>,
    /// Who can open it: keys of age; empty where it is sealed by other means alone.
    pub recipients: BTreeSet<Text>,
    /// The day on which something in it was last changed.
    pub changed: Option<Text>,
}

impl Sealed {
    /// Where it lies beside the spec.
    #[must_use]
    pub fn path(&self, cluster: &str) -> String {
        format!("{FOLDER}/{cluster}/{}/{}", self.namespace, self.file)
    }
}

/// A Secret by what may be known of it.
#[derive(Clone, Debug)]
pub struct Secret {
    /// Its name.
    pub name: Text,
    /// The keys of its data.
    pub keys: Vec<Text>,
    /// The days on which keys got their values, where that is noted.
    pub dates: BTreeMap<Text, Text>,
}

/// The annotation that notes when keys got their values: `KEY=DAY`, with spaces between.
pub const DATES: &str = "formwork.dev/set";

/// What may be known of a file.
#[derive(Default)]
struct Known {
    secrets: Vec<Secret>,
    recipients: BTreeSet<Text>,
    changed: Option<Text>,
}

/// Reads every sealed file, by cluster. One that holds plain text is an error.
pub fn load(
    world: &dyn World,
    sources: &mut Sources,
    found: &mut Diagnostics,
) -> BTreeMap<Text, Vec<Sealed>> {
    let mut all: BTreeMap<Text, Vec<Sealed>> = BTreeMap::new();
    for cluster in folders(world, FOLDER) {
        for namespace in folders(world, &format!("{FOLDER}/{cluster}")) {
            let folder = format!("{FOLDER}/{cluster}/{namespace}");
            let files = world.list(&folder).into_iter();
            for file in files.filter(|file| file.ends_with(".yaml")) {
                let path = format!("{folder}/{file}");
                match world.read(&path) {
                    Some(Ok((bytes, _))) => {
                        let known = inspect(&path, &namespace, &bytes, sources, found);
                        let (namespace, file) = (namespace.as_str().into(), file.into());
                        let sealed = Sealed {
                            namespace,
                            file,
                            bytes: bytes.into_owned(),
                            secrets: known.secrets,
                            recipients: known.recipients,
                            changed: known.changed,
                        };
                        all.entry(cluster.as_str().into()).or_default().push(sealed);
                    }
                    Some(Err(problem)) => {
                        let problem = format!("`{path}` can't be read: {problem}");
                        found.add(Diagnostic::error("unreadable", problem));
                    }
                    None => {}
                }
            }
        }
    }
    all
}

/// Warns of files for clusters that don't exist.
pub fn check_clusters(
    sealed: &BTreeMap<Text, Vec<Sealed>>,
    known: &[&str],
    found: &mut Diagnostics,
) {
    for cluster in sealed
        .keys()
        .filter(|cluster| !known.contains(&cluster.as_str()))
    {
        let message = format!(
            "`{FOLDER}/{cluster}/` holds sealed files, and there is no cluster `{cluster}`"
        );
        let problem = Diagnostic::warning("unknown-cluster", message);
        found.add(
            match syntax::suggest::nearest(cluster, known.iter().copied()) {
                Some(near) => problem.help(format!("did you mean `{FOLDER}/{near}/`?")),
                None => problem.help("remove the folder, or name it like a cluster"),
            },
        );
    }
}

fn folders(world: &dyn World, folder: &str) -> Vec<String> {
    let names = world.list(folder);
    names
        .iter()
        .filter_map(|name| Some(name.strip_suffix('/')?.to_owned()))
        .collect()
}

/// What may be known of a file; what is not sealed in it is reported, at its place and without its text.
fn inspect(
    path: &str,
    namespace: &str,
    bytes: &[u8],
    sources: &mut Sources,
    found: &mut Diagnostics,
) -> Known {
    let Ok(text) = std::str::from_utf8(bytes) else {
        found.add(not_yaml(path, None));
        return Known::default();
    };
    // The text that findings quote is masked; the places in it are those of the file.
    let file = FileId(u32::try_from(sources.iter().count()).unwrap_or(u32::MAX));
    let mut origins = Origins::default();
    let mut own = Diagnostics::default();
    let documents = parse(file, text, &mut origins, &mut own);
    let mut look = Look {
        path,
        namespace,
        origins: &origins,
        shown: Vec::new(),
        found: Diagnostics::default(),
    };
    if own.has_errors() || documents.is_empty() {
        let at = own.iter().find_map(Diagnostic::span);
        look.found.add(not_yaml(path, at));
    }
    let readable = if look.found.is_empty() {
        documents
    } else {
        Vec::new()
    };
    let recipients = readable
        .iter()
        .flat_map(|document| recipients(&document.node));
    let recipients = recipients.collect();
    let days = readable.iter().filter_map(|it| {
        let time = it.node.at(&["sops", "lastmodified"])?.scalar_text()?;
        time.get(..10).map(Text::from)
    });
    let changed = days.max();
    let secrets = readable
        .iter()
        .filter_map(|document| look.document(&document.node))
        .collect();
    let Look {
        shown,
        found: problems,
        ..
    } = look;
    if !problems.is_empty() {
        sources.add(path, &masked(text, file, &shown));
        found.append(problems);
    }
    Known {
        secrets,
        recipients,
        changed,
    }
}

/// When keys got their values, by the annotation that notes it.
fn dates(document: &Node) -> BTreeMap<Text, Text> {
    let noted = document.str_at(&["metadata", "annotations", DATES]);
    let noted = noted.unwrap_or_default().split_whitespace();
    let noted = noted.filter_map(|it| it.rsplit_once('='));
    noted.map(|(key, day)| (key.into(), day.into())).collect()
}

/// The keys of age that a document is sealed to.
fn recipients(document: &Node) -> impl Iterator<Item = Text> + '_ {
    let keys = document.at(&["sops", "age"]).map_or(&[][..], Node::items);
    keys.iter()
        .filter_map(|key| key.get("recipient")?.scalar_text())
}

fn not_yaml(path: &str, at: Option<Span>) -> Diagnostic {
    Diagnostic::error(
        "bad-secret-file",
        format!("`{path}` is not readable as YAML"),
    )
    .at(at, "reading stops here")
    .help("seal it again: sops --encrypt --in-place FILE")
}

/// One look at one file.
struct Look<'a> {
    path: &'a str,
    namespace: &'a str,
    origins: &'a Origins,
    /// What of the text may be shown.
    shown: Vec<Span>,
    found: Diagnostics,
}

impl Look<'_> {
    fn document(&mut self, node: &Node) -> Option<Secret> {
        if node.is_null() {
            return None;
        }
        let metadata = node.get("metadata").map_or(&[][..], Node::entries);
        for entry in node.entries().iter().chain(metadata) {
            self.show(entry);
        }
        let parts = ["data", "stringData"]
            .iter()
            .filter_map(|key| node.get(key));
        let entries: Vec<&Entry> = parts.flat_map(Node::entries).collect();
        let plain = entries
            .iter()
            .find_map(|entry| Some((*entry, plaintext(&entry.value)?)));
        let marked = node.at(&["sops", "mac"]).is_some();
        if plain.is_some() || !marked {
            self.plain(node, plain.map(|(entry, _)| entry), marked);
            return None;
        }
        let name = node.str_at(&["metadata", "name"]);
        let stated = node.at(&["metadata", "namespace"]);
        let Some(name) = name.filter(|_| stated.and_then(Node::as_str) == Some(self.namespace))
        else {
            let at = stated.or(node.get("metadata")).unwrap_or(node).origin();
            self.found.add(
                Diagnostic::error(
                    "secret-elsewhere",
                    format!("`{}` must name its Secret and the namespace `{}`", self.path, self.namespace),
                )
                .at(self.origins.place(at), "not what its folder says")
                .help(format!(
                    "write `metadata.name` and `metadata.namespace: {}`, or move the file to the folder of its namespace",
                    self.namespace
                )),
            );
            return None;
        };
        let keys = entries.iter().map(|entry| entry.key.clone()).collect();
        (node.str_at(&["kind"]) == Some("Secret")).then(|| Secret {
            name: name.into(),
            keys,
            dates: dates(node),
        })
    }

    /// A Secret that anybody could read.
    fn plain(&mut self, node: &Node, entry: Option<&Entry>, marked: bool) {
        if let Some(entry) = entry {
            self.show(entry);
        }
        let at = entry.map_or(node.origin(), |entry| entry.key_origin);
        let (message, label) = match (entry, marked) {
            (Some(_), _) => ("holds plain text", "this value is not encrypted"),
            (None, _) => ("is not sealed", "no `sops` block"),
        };
        self.found.add(
            Diagnostic::error("plaintext-secret", format!("`{}` {message}", self.path))
                .at(self.origins.place(at), label)
                .help("seal it: sops --encrypt --in-place FILE; if it was ever committed, change the secret too")
                .help("`.sops.yaml` beside the spec says for whom, and `encrypted_regex: ^(data|stringData)$`"),
        );
    }

    /// Lets a key be shown, and a name's value.
    fn show(&mut self, entry: &Entry) {
        self.shown.extend(self.origins.place(entry.key_origin));
        if matches!(
            entry.key.as_str(),
            "apiVersion" | "kind" | "name" | "namespace"
        ) {
            self.shown.extend(self.origins.place(entry.value.origin()));
        }
    }
}

/// The first value below that is not ciphertext. What is empty stays empty when it is sealed.
fn plaintext(node: &Node) -> Option<&Node> {
    match node.kind() {
        Kind::Null => None,
        Kind::String(text) if text.is_empty() => None,
        Kind::String(text) if text.starts_with("ENC[") && text.trim_end().ends_with(']') => None,
        Kind::List(items) => items.iter().find_map(plaintext),
        Kind::Map(map) => map
            .entries()
            .iter()
            .find_map(|entry| plaintext(&entry.value)),
        Kind::Bool(_) | Kind::Number(_) | Kind::String(_) => Some(node),
    }
}

/// The text with every letter but those that may be shown replaced.
fn masked(text: &str, file: FileId, shown: &[Span]) -> String {
    let may = |at: usize| {
        let inside = |span: &Span| {
            span.file == file && (span.start as usize..span.end as usize).contains(&at)
        };
        shown.iter().any(inside)
    };
    let mask = |(at, byte): (usize, u8)| match byte {
        b'\n' | b'\r' | b' ' | b':' | b'-' => char::from(byte),
        byte if byte.is_ascii() && may(at) => char::from(byte),
        _ => '*',
    };
    text.bytes().enumerate().map(mask).collect()
}

#[cfg(test)]
mod tests;
