//! What the selected components need of the hosts, brought together; where two disagree, both places are shown.

use super::Cx;
use crate::resolve::cluster::Cluster;
use std::collections::BTreeMap;
use syntax::{Diagnostic, Diagnostics, Entry, Kind, Map, Node, OriginId, Origins, Text};

/// The words of `needs.PROVIDER` whose values are settled by key: two components may agree on one, not differ.
const KEYED: [&str; 6] = [
    "sysctls",
    "kubeletArgs",
    "apiServerArgs",
    "controllerManagerArgs",
    "schedulerArgs",
    "etcdArgs",
];
/// Those whose items add up.
const ADDED: [&str; 6] = [
    "apiAccess",
    "extensions",
    "kernelArgs",
    "mounts",
    "ports",
    "rawVolumes",
];
/// Those of which there is one.
const SINGLE: [&str; 2] = ["cni", "kubeProxy"];

/// Everything that the components of a cluster need, by the words of `needs.PROVIDER`; each value keeps its origin.
#[derive(Clone, Debug, Default)]
pub struct Needs {
    together: Map,
    /// Who asked first, by `word/key`.
    asked: Vec<(Text, Text)>,
    /// Why each component is there.
    because: BTreeMap<Text, OriginId>,
}

impl Needs {
    /// Brings the needs of all components together.
    pub fn gather(cluster: &Cluster<'_>, provider: &str, cx: &mut Cx<'_>) -> Self {
        let mut all = Needs::default();
        for enabled in &cluster.components {
            all.because.insert(enabled.name.clone(), enabled.because);
            if let Some(need) = enabled.needs.get(provider) {
                all.component(&enabled.name, need, cx.origins, cx.found);
            }
        }
        all
    }

    /// Adds what one component needs.
    fn component(&mut self, name: &Text, need: &Node, origins: &Origins, found: &mut Diagnostics) {
        for entry in need.entries().iter().filter(|entry| !entry.value.is_null()) {
            self.add(name, entry, origins, found);
        }
    }

    /// What is needed under a word.
    #[must_use]
    pub fn get(&self, word: &str) -> Option<&Node> {
        self.together.get(word)
    }

    /// The component that asked for a key first.
    #[must_use]
    pub fn asker(&self, word: &str, key: &str) -> Option<&str> {
        let wanted = ecow::eco_format!("{word}/{key}");
        self.asked
            .iter()
            .find(|(path, _)| *path == wanted)
            .map(|(_, name)| name.as_str())
    }

    fn add(&mut self, component: &Text, entry: &Entry, origins: &Origins, found: &mut Diagnostics) {
        let word = entry.key.as_str();
        if SINGLE.contains(&word) {
            self.settle("", entry, component, origins, found);
        } else if word == "modules" {
            for module in entry.value.items() {
                self.module(entry, module, component, origins, found);
            }
        } else if KEYED.contains(&word) {
            for inner in entry.value.entries() {
                let text = text(&inner.value);
                self.settle(
                    word,
                    &Entry {
                        value: text,
                        ..inner.clone()
                    },
                    component,
                    origins,
                    found,
                );
            }
        } else if ADDED.contains(&word) {
            self.append(entry, component);
        }
    }

    /// Sets a key, or reports that another component wants another value.
    fn settle(
        &mut self,
        word: &str,
        entry: &Entry,
        who: &Text,
        origins: &Origins,
        found: &mut Diagnostics,
    ) {
        let path = if word.is_empty() {
            entry.key.clone()
        } else {
            ecow::eco_format!("{word}/{}", entry.key)
        };
        let Some(into) = section(&mut self.together, word, entry) else {
            return;
        };
        let Some(known) = into.entry(&entry.key) else {
            into.push(entry.clone());
            self.asked.push((path, who.clone()));
            return;
        };
        if known.value == entry.value {
            return;
        }
        let first = self
            .asked
            .iter()
            .find(|(asked, _)| *asked == path)
            .map_or("another", |(_, name)| name.as_str());
        let about = path.replace("/", ": ");
        let mut problem = Diagnostic::error(
            "needs-conflict",
            format!("`{first}` and `{who}` need different hosts: `{about}`"),
        )
        .at(
            origins.place(entry.value.origin()),
            format!("`{who}` needs {}", shown(&entry.value)),
        )
        .at(
            origins.place(known.value.origin()),
            format!("`{first}` needs {}", shown(&known.value)),
        );
        for name in [who.as_str(), first] {
            let because = self.because.get(name).copied();
            let place = because.and_then(|because| origins.place(because));
            problem = problem.at(place, format!("selects `{name}`"));
        }
        found.add(problem.help("one cluster can't have both: switch one of them off"));
    }

    /// A kernel module: by its name, its parameters agreed on.
    fn module(
        &mut self,
        entry: &Entry,
        module: &Node,
        who: &Text,
        origins: &Origins,
        found: &mut Diagnostics,
    ) {
        let Some((name, value)) = module_entry(module) else {
            return;
        };
        let entry = Entry {
            key: name,
            key_origin: entry.key_origin,
            value,
        };
        self.settle("modules", &entry, who, origins, found);
    }

    fn append(&mut self, entry: &Entry, who: &Text) {
        let mut items = self
            .together
            .get(&entry.key)
            .map_or(&[][..], Node::items)
            .to_vec();
        for item in entry.value.items() {
            if !items.contains(item) {
                let name = item.as_str().or_else(|| item.str_at(&["name"]));
                let name = name.unwrap_or_default();
                self.asked
                    .push((ecow::eco_format!("{}/{name}", entry.key), who.clone()));
                items.push(item.clone());
            }
        }
        self.together.set(
            entry.key.clone(),
            entry.key_origin,
            Node::list(items, entry.value.origin()),
        );
    }
}

/// The map under a word, made where there is none; the whole for no word.
fn section<'m>(map: &'m mut Map, word: &str, entry: &Entry) -> Option<&'m mut Map> {
    if word.is_empty() {
        return Some(map);
    }
    if map.get(word).and_then(Node::as_map).is_none() {
        map.set(
            word,
            entry.key_origin,
            Node::map(Map::default(), entry.value.origin()),
        );
    }
    map.get_mut(word)?.as_map_mut()
}

/// A module as its name and a map of the rest: `zfs`, or `{name: zfs, parameters: [...]}`.
#[must_use]
pub fn module_entry(module: &Node) -> Option<(Text, Node)> {
    if let Some(name) = module.as_str() {
        return Some((name.into(), Node::map(Map::default(), module.origin())));
    }
    let mut rest = Map::default();
    if let Some(entry) = module.as_map()?.entry("parameters") {
        rest.push(entry.clone());
    }
    Some((
        module.str_at(&["name"])?.into(),
        Node::map(rest, module.origin()),
    ))
}

/// A scalar as text: what Talos wants as text may be written as a number or a truth value.
#[must_use]
pub fn text(node: &Node) -> Node {
    match node.kind() {
        Kind::Number(_) | Kind::Bool(_) => {
            Node::string(node.scalar_text().unwrap_or_default(), node.origin())
        }
        Kind::Null | Kind::String(_) | Kind::List(_) | Kind::Map(_) => node.clone(),
    }
}

fn shown(node: &Node) -> String {
    node.scalar_text()
        .map_or_else(|| "this".to_owned(), |text| format!("`{text}`"))
}

#[cfg(test)]
mod tests {
    use super::Needs;
    use syntax::parse::parse_one;
    use syntax::{Diagnostics, Node, Origins, Sources};

    fn gathered(needs: &[&str]) -> (Needs, Vec<String>) {
        let (mut sources, mut origins, mut found) = (
            Sources::default(),
            Origins::default(),
            Diagnostics::default(),
        );
        let mut all = Needs::default();
        for (at, text) in needs.iter().enumerate() {
            let file = sources.add(&format!("{at}.yaml"), text);
            let node = parse_one(file, text, &mut origins, &mut found).unwrap();
            all.component(&ecow::eco_format!("c{at}"), &node, &origins, &mut found);
        }
        (
            all,
            found
                .iter()
                .map(|found| format!("{} {}", found.labels.len(), found.message))
                .collect(),
        )
    }

    #[test]
    fn needs_add_up_or_agree() {
        let (all, found) = gathered(&[
            "{cni: none, sysctls: {a: 1}, extensions: [x], modules: [{name: m}]}",
            "{cni: none, sysctls: {a: '1', b: 2}, extensions: [x, y], modules: [m]}",
        ]);
        assert!(found.is_empty(), "{found:?}");
        assert_eq!(
            all.get("extensions").map(Node::items).map(<[_]>::len),
            Some(2)
        );
        assert_eq!(all.get("sysctls").map(|map| map.entries().len()), Some(2));
        assert_eq!(all.asker("sysctls", "b"), Some("c1"));
    }

    #[test]
    fn needs_that_differ_show_both_places() {
        let (_, found) = gathered(&[
            "{cni: none, sysctls: {a: 1}}",
            "{cni: flat, sysctls: {a: 2}}",
        ]);
        assert_eq!(
            found,
            [
                "2 `c0` and `c1` need different hosts: `cni`",
                "2 `c0` and `c1` need different hosts: `sysctls: a`"
            ]
        );
    }
}
