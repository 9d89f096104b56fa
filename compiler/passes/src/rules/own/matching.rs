//! Which objects a policy is about, as the API server decides it.

use syntax::{Map, Node, OriginId};

/// The objects that a policy is about.
#[derive(Debug)]
pub(super) struct Match {
    node: Node,
}

/// The label that every namespace has.
const NAME: &str = "kubernetes.io/metadata.name";

impl Match {
    pub(super) fn new(constraints: &Node) -> Match {
        Match {
            node: constraints.clone(),
        }
    }

    /// Whether an object of the output is among them when it is made.
    pub(super) fn takes(&self, object: &Node, namespace: Option<&Node>) -> bool {
        self.names(object)
            && self.selects("objectSelector", Some(object))
            && (namespace.is_none() || self.selects("namespaceSelector", namespace))
    }

    /// Whether an object is of the resources that it is about.
    pub(super) fn names(&self, object: &Node) -> bool {
        let any = |key: &str| self.list(key).iter().any(|rule| names(rule, object));
        any("resourceRules") && !any("excludeResourceRules")
    }

    /// Whether pods are among them.
    pub(super) fn takes_pods(&self) -> bool {
        let rules = self.node.get("resourceRules").map_or(&[][..], Node::items);
        rules
            .iter()
            .any(|rule| has(rule, "apiGroups", "") && has(rule, "resources", "pods"))
    }

    /// One of its lists.
    pub(super) fn list(&self, key: &str) -> &[Node] {
        self.node.get(key).map_or(&[][..], Node::items)
    }

    fn selects(&self, key: &str, object: Option<&Node>) -> bool {
        let Some(selector) = self.node.get(key) else {
            return true;
        };
        let labels = object.and_then(|object| object.at(&["metadata", "labels"]));
        selected(selector, labels)
    }
}

/// Whether a list of a resource rule has a word, or all of them.
fn has(rule: &Node, key: &str, word: &str) -> bool {
    let words = rule.get(key).map_or(&[][..], Node::items).iter();
    words
        .filter_map(Node::as_str)
        .any(|it| it == "*" || it == word)
}

fn names(rule: &Node, object: &Node) -> bool {
    let version = object.str_at(&["apiVersion"]).unwrap_or_default();
    let (group, version) = version.split_once('/').unwrap_or(("", version));
    let kind = object.str_at(&["kind"]).unwrap_or_default();
    let name = object.str_at(&["metadata", "name"]).unwrap_or_default();
    has(rule, "apiGroups", group)
        && has(rule, "apiVersions", version)
        && has(rule, "operations", "CREATE")
        && has(rule, "resources", &plural(kind))
        && (rule.get("resourceNames").is_none() || has(rule, "resourceNames", name))
}

/// The known kinds that a resource rule is about, but for those of others; `*` where it is about every kind.
pub(super) fn kinds(rule: &Node, excluded: &[Node]) -> Vec<String> {
    let all = rule.get("resources").map_or(&[][..], Node::items);
    if excluded.is_empty() && all.iter().any(|it| it.as_str() == Some("*")) {
        return vec!["*".to_owned()];
    }
    let about = |rule: &Node, group: &str, kind: &str| {
        has(rule, "apiGroups", group) && has(rule, "resources", &plural(kind))
    };
    let wanted = |(group, kind): &(&str, &str)| {
        about(rule, group, kind) && !excluded.iter().any(|other| about(other, group, kind))
    };
    let kinds = model::structural::kinds().filter(wanted);
    let mut kinds: Vec<String> = kinds.map(|(_, kind)| kind.to_owned()).collect();
    kinds.sort();
    kinds.dedup();
    kinds
}

/// How the API server calls the objects of a kind.
pub(super) fn plural(kind: &str) -> String {
    let word = kind.to_ascii_lowercase();
    let before = |ending: &str| word.strip_suffix(ending);
    if word == "endpoints" {
        word
    } else if let Some(stem) = before("y").filter(|stem| !stem.ends_with(['a', 'e', 'o', 'u'])) {
        format!("{stem}ies")
    } else if ["s", "x", "z", "ch", "sh"]
        .iter()
        .any(|end| word.ends_with(end))
    {
        format!("{word}es")
    } else {
        format!("{word}s")
    }
}

/// Whether a label selector takes these labels.
fn selected(selector: &Node, labels: Option<&Node>) -> bool {
    let label = |key: &str| labels.and_then(|labels| labels.get(key)?.scalar_text());
    let exact = selector.get("matchLabels").map_or(&[][..], Node::entries);
    let exact = exact
        .iter()
        .all(|entry| label(&entry.key) == entry.value.scalar_text());
    let terms = selector.get("matchExpressions");
    exact
        && terms.map_or(&[][..], Node::items).iter().all(|term| {
            let held = label(term.str_at(&["key"]).unwrap_or_default());
            let values = term.get("values").map_or(&[][..], Node::items);
            let among = held.as_ref().is_some_and(|held| {
                values
                    .iter()
                    .any(|it| it.scalar_text().as_ref() == Some(held))
            });
            match term.str_at(&["operator"]) {
                Some("In") => among,
                Some("NotIn") => !among,
                Some("Exists") => held.is_some(),
                Some("DoesNotExist") => held.is_none(),
                Some(_) | None => false,
            }
        })
}

/// A namespace with its name among its labels.
pub(super) fn named_namespace(name: &str, stated: Option<&Node>) -> Node {
    let none = OriginId::default();
    let origin = stated.map_or(none, Node::origin);
    let label = || Node::string(name, origin);
    let mut metadata = stated
        .and_then(|node| node.get("metadata")?.as_map().cloned())
        .unwrap_or_else(|| {
            let mut map = Map::default();
            map.set("name", origin, label());
            map
        });
    let mut labels = metadata
        .get("labels")
        .and_then(|labels| labels.as_map().cloned())
        .unwrap_or_default();
    labels.set(NAME, origin, label());
    metadata.set("labels", origin, Node::map(labels, origin));
    let fixed = |text: &'static str| Node::string(text, origin);
    Node::from_entries(
        [
            ("apiVersion", fixed("v1")),
            ("kind", fixed("Namespace")),
            ("metadata", Node::map(metadata, origin)),
        ],
        origin,
    )
}

#[cfg(test)]
mod tests {
    use super::plural;

    #[test]
    fn kinds_have_plurals() {
        for (kind, resource) in [
            ("Deployment", "deployments"),
            ("NetworkPolicy", "networkpolicies"),
            ("Ingress", "ingresses"),
            ("Gateway", "gateways"),
            ("HTTPRoute", "httproutes"),
            ("Endpoints", "endpoints"),
            ("StorageClass", "storageclasses"),
        ] {
            assert_eq!(plural(kind), resource);
        }
    }
}
