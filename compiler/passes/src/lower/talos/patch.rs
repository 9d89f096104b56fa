//! Strategic merge patches over machine documents, with the verdicts of Talos' own patcher.

use syntax::{Entry, Kind, Map, Node, Origin, OriginId, Origins};

/// Paths whose value is replaced and not merged, as Talos has it.
const REPLACED: [(&str, &[&str]); 5] = [
    ("", &["cluster", "apiServer", "auditPolicy"]),
    ("", &["cluster", "network", "podSubnets"]),
    ("", &["cluster", "network", "serviceSubnets"]),
    ("NetworkRuleConfig", &["ingress"]),
    ("NetworkRuleConfig", &["portSelector", "ports"]),
];

/// Lists whose items are merged where they agree in a key; every other list is appended to.
const KEYED: [(&str, &[&str], &str); 3] = [
    ("", &["cluster", "apiServer", "admissionControl"], "name"),
    ("", &["machine", "network", "interfaces"], "interface"),
    ("ExtensionServiceConfig", &["configFiles"], "mountPath"),
];

/// Where Talos keeps secrets: none may stand in a file of the repository.
const SECRET: [(&str, &[&str]); 14] = [
    ("", &["machine", "token"]),
    ("", &["machine", "ca", "key"]),
    ("", &["cluster", "token"]),
    ("", &["cluster", "secret"]),
    ("", &["cluster", "ca", "key"]),
    ("", &["cluster", "aggregatorCA", "key"]),
    ("", &["cluster", "etcd", "ca", "key"]),
    ("", &["cluster", "serviceAccount", "key"]),
    ("", &["cluster", "aescbcEncryptionSecret"]),
    ("", &["cluster", "secretboxEncryptionSecret"]),
    ("RegistryAuthConfig", &["password"]),
    ("RegistryAuthConfig", &["identityToken"]),
    ("WireguardConfig", &["privateKey"]),
    ("HCloudVIPConfig", &["apiToken"]),
];

/// What a patch did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Effect {
    /// Something is different from before.
    pub changed: bool,
    /// It deletes something that isn't there.
    pub missed: bool,
}

/// Applies one patch document: deletions first, then the rest merged into the document of the same kind and name, or
/// added where there is none.
pub fn apply(documents: &mut Vec<Node>, patch: &Node, origins: &mut Origins) -> Effect {
    let mut effect = Effect::default();
    let at = documents.iter().position(|document| same(document, patch));
    if patch.str_at(&["$patch"]) == Some("delete") {
        match at {
            Some(at) => {
                documents.remove(at);
                effect.changed = true;
            }
            None => effect.missed = true,
        }
        return effect;
    }
    let mut found = at.and_then(|at| documents.get_mut(at));
    let Some(rest) = split_deletes(patch, found.as_deref_mut(), &mut effect) else {
        return effect;
    };
    let Some(document) = found else {
        documents.push(rest);
        effect.changed = true;
        return effect;
    };
    let kind = document.str_at(&["kind"]).unwrap_or("").to_owned();
    let before = document.clone();
    let mut path = Vec::new();
    let merger = Merger { kind: &kind };
    merger.merge(document, rest, &mut path, origins);
    effect.changed |= before != *document;
    effect
}

/// The places in a patch where a secret stands.
#[must_use]
pub fn secrets(patch: &Node) -> Vec<OriginId> {
    let kind = patch.str_at(&["kind"]).unwrap_or("");
    let places = SECRET.iter().filter(|(of, _)| *of == kind);
    places
        .filter_map(|(_, path)| patch.at(path))
        .map(Node::origin)
        .collect()
}

/// Whether two documents are of the same kind and name; the main document has neither.
fn same(document: &Node, patch: &Node) -> bool {
    ["kind", "name"]
        .iter()
        .all(|key| document.str_at(&[key]) == patch.str_at(&[key]))
}

/// Carries out the deletions in a patch and returns what is left of it.
fn split_deletes(patch: &Node, target: Option<&mut Node>, effect: &mut Effect) -> Option<Node> {
    let deletes = |node: &Node| node.str_at(&["$patch"]) == Some("delete");
    let mut target = target;
    match patch.kind() {
        Kind::Map(map) => {
            let mut rest = Map::default();
            for entry in map.entries() {
                if deletes(&entry.value) {
                    let gone = target
                        .as_deref_mut()
                        .and_then(Node::as_map_mut)
                        .and_then(|map| map.remove(&entry.key));
                    effect.changed |= gone.is_some();
                    effect.missed |= gone.is_none();
                    continue;
                }
                let inner = target
                    .as_deref_mut()
                    .and_then(Node::as_map_mut)
                    .and_then(|map| map.get_mut(&entry.key));
                if let Some(value) = split_deletes(&entry.value, inner, effect) {
                    rest.push(Entry {
                        value,
                        ..entry.clone()
                    });
                }
            }
            let emptied = rest.is_empty() && !map.is_empty();
            (!emptied).then(|| Node::map(rest, patch.origin()))
        }
        Kind::List(items) => {
            let mut rest = Vec::new();
            for item in items {
                if deletes(item) {
                    delete_item(item, target.as_deref_mut(), effect);
                } else {
                    rest.push(item.clone());
                }
            }
            let emptied = rest.is_empty() && !items.is_empty();
            (!emptied).then(|| Node::list(rest, patch.origin()))
        }
        Kind::Null => None,
        Kind::Bool(_) | Kind::Number(_) | Kind::String(_) => Some(patch.clone()),
    }
}

/// Deletes the items of a list that agree with the first key beside `$patch`.
fn delete_item(selector: &Node, target: Option<&mut Node>, effect: &mut Effect) {
    let key = selector
        .entries()
        .iter()
        .find(|entry| entry.key != "$patch");
    let (Some(key), Some(Kind::List(items))) = (key, target.map(Node::kind_mut)) else {
        effect.missed = true;
        return;
    };
    let before = items.len();
    items.retain(|item| item.get(&key.key) != Some(&key.value));
    effect.changed |= items.len() < before;
    effect.missed |= items.len() == before;
}

struct Merger<'a> {
    kind: &'a str,
}

impl Merger<'_> {
    fn merge(&self, base: &mut Node, over: Node, path: &mut Vec<String>, origins: &mut Origins) {
        let replaced = REPLACED
            .iter()
            .any(|(kind, at)| *kind == self.kind && is_at(path, at));
        let losers = base.origin();
        let origin = over.origin();
        match (base.kind_mut(), over.into_kind()) {
            (Kind::Map(into), Kind::Map(from)) if !replaced => {
                for entry in from.into_entries() {
                    path.push(entry.key.to_string());
                    match into.get_mut(&entry.key) {
                        Some(value) => self.merge(value, entry.value, path, origins),
                        None => into.push(entry),
                    }
                    path.pop();
                }
            }
            (Kind::List(into), Kind::List(from)) if !replaced => {
                let keyed = KEYED
                    .iter()
                    .find(|(kind, at, _)| *kind == self.kind && is_at(path, at));
                for item in from {
                    let same = keyed.and_then(|(_, _, key)| {
                        into.make_mut()
                            .iter_mut()
                            .find(|known| known.get(key).is_some_and(|k| item.get(key) == Some(k)))
                    });
                    match same {
                        Some(known) => self.merge(known, item, path, origins),
                        None => into.push(item),
                    }
                }
                let list = origins.rule("talos/patch", &[origin, losers]);
                let items = base.clone().with_origin(list);
                *base = items;
            }
            (_, over) => {
                let merged = origins.add(Origin::Merged {
                    winner: origin,
                    losers: [losers].into(),
                });
                *base = Node::new(over, merged);
            }
        }
    }
}

fn is_at(path: &[String], at: &[&str]) -> bool {
    path.len() == at.len() && path.iter().zip(at).all(|(a, b)| a == b)
}

#[cfg(test)]
mod tests {
    use super::{Effect, apply, secrets};
    use syntax::parse::parse;
    use syntax::print::print;
    use syntax::{Diagnostics, Node, Origins, Sources};

    fn read(text: &str) -> Vec<Node> {
        let file = Sources::default().add("x.yaml", text);
        let parsed = parse(
            file,
            text,
            &mut Origins::default(),
            &mut Diagnostics::default(),
        );
        parsed.into_iter().map(|document| document.node).collect()
    }

    fn patched(config: &str, patch: &str) -> (String, Effect) {
        let mut documents = read(config);
        let mut effect = Effect::default();
        for patch in read(patch) {
            effect = apply(&mut documents, &patch, &mut Origins::default());
        }
        let printed: Vec<String> = documents.iter().map(print).collect();
        (printed.join("---\n"), effect)
    }

    const CONFIG: &str = "machine: {sysctls: {a: '1'}, files: [{path: /x}]}\ncluster: {network: {podSubnets: [10.0.0.0/8]}}\n---\nkind: LinkConfig\nname: eth0\nmtu: 1500\n";

    #[test]
    fn maps_merge_and_lists_append_but_networks_replace() {
        let patch = "machine: {sysctls: {b: '2'}, files: [{path: /y}]}\ncluster: {network: {podSubnets: [10.1.0.0/16]}}";
        let (text, effect) = patched(CONFIG, patch);
        assert!(effect.changed && !effect.missed);
        assert!(text.contains("a: '1'") && text.contains("b: '2'"));
        assert!(text.contains("/x") && text.contains("/y"));
        assert!(text.contains("10.1.0.0/16") && !text.contains("10.0.0.0/8"));
    }

    #[test]
    fn documents_merge_by_kind_and_name_or_are_added() {
        let (text, _) = patched(CONFIG, "kind: LinkConfig\nname: eth0\nmtu: 9000");
        assert!(text.contains("mtu: 9000") && !text.contains("1500"));
        let (text, effect) = patched(CONFIG, "kind: LinkConfig\nname: eth1");
        assert!(effect.changed && text.contains("eth1") && text.contains("mtu: 1500"));
    }

    #[test]
    fn deletions_delete_documents_keys_and_items() {
        let (text, _) = patched(CONFIG, "kind: LinkConfig\nname: eth0\n$patch: delete");
        assert!(!text.contains("LinkConfig"));
        let (text, _) = patched(CONFIG, "machine: {sysctls: {$patch: delete}}");
        assert!(!text.contains("sysctls") && text.contains("/x"));
        let (text, _) = patched(CONFIG, "machine: {files: [{path: /x, $patch: delete}]}");
        assert!(!text.contains("/x"));
        let (_, effect) = patched(CONFIG, "machine: {env: {$patch: delete}}");
        assert_eq!(
            effect,
            Effect {
                changed: false,
                missed: true
            }
        );
    }

    #[test]
    fn what_changes_nothing_says_so() {
        let (_, effect) = patched(CONFIG, "machine: {sysctls: {a: '1'}}");
        assert_eq!(effect, Effect::default());
    }

    #[test]
    fn secrets_are_seen() {
        let seen = |text: &str| {
            read(text)
                .iter()
                .map(|patch| secrets(patch).len())
                .sum::<usize>()
        };
        assert_eq!(seen("machine: {token: a, ca: {crt: b, key: c}}"), 2);
        assert_eq!(seen("kind: RegistryAuthConfig\nname: x\npassword: y"), 1);
        assert_eq!(seen(CONFIG), 0);
    }
}
