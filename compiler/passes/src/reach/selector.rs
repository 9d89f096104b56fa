//! Whether a selector takes a peer: yes, no, or not to tell where not every label of the peer is known.

use std::collections::{BTreeMap, BTreeSet};
use syntax::{Node, Text};

/// The label by which a selector names a pod's namespace.
pub const NAMESPACE: &str = "io.kubernetes.pod.namespace";
/// What stands before a label of a pod's namespace.
pub const NAMESPACE_LABELS: &str = ".k8s.namespace.labels.";
/// What is in labels of a pod that say its cluster and service account.
const POLICY_LABELS: &str = ".k8s.policy.";
/// The label of a namespace that the API server sets to its name.
pub const NAME: &str = "kubernetes.io/metadata.name";

/// Labels that controllers add to pods: no template says them.
const ADDED: [&str; 7] = [
    "apps.kubernetes.io/pod-index",
    "batch.kubernetes.io/controller-uid",
    "batch.kubernetes.io/job-name",
    "controller-revision-hash",
    "job-name",
    "pod-template-hash",
    "statefulset.kubernetes.io/pod-name",
];

/// Whether something holds, from the weakest to the strongest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Holds {
    /// It does not.
    No,
    /// It can't be told.
    Unsure,
    /// It does.
    Yes,
}

impl Holds {
    /// Of what is certain.
    #[must_use]
    pub fn certain(yes: bool) -> Self {
        if yes { Holds::Yes } else { Holds::No }
    }

    /// Whether both hold.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        self.min(other)
    }

    /// Whether one of them holds.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        self.max(other)
    }

    fn not(self) -> Self {
        match self {
            Holds::No => Holds::Yes,
            Holds::Unsure => Holds::Unsure,
            Holds::Yes => Holds::No,
        }
    }
}

/// What is known of a peer by labels.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Labels {
    /// A pod's own.
    pub own: BTreeMap<Text, Text>,
    /// Whether these are all of its own.
    pub complete: bool,
    /// A pod's namespace.
    pub namespace: Option<Namespace>,
    /// What a peer is that is no pod: `host`, `world` ...
    pub reserved: BTreeSet<&'static str>,
}

/// A namespace and its labels.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Namespace {
    /// Its name.
    pub name: Text,
    /// Its labels.
    pub labels: BTreeMap<Text, Text>,
    /// Whether these are all of them.
    pub complete: bool,
}

/// The value of a label.
enum Value<'a> {
    Known(Option<&'a str>),
    Unknown,
}

impl Labels {
    /// Of an entity.
    #[must_use]
    pub fn reserved(names: &[&'static str]) -> Self {
        Labels {
            complete: true,
            reserved: names.iter().copied().collect(),
            ..Labels::default()
        }
    }

    fn value(&self, key: &Key) -> Value<'_> {
        let name = key.name.as_str();
        match key.source.as_deref() {
            Some("reserved") => {
                let there = self.reserved.iter().any(|known| *known == name);
                return Value::Known(there.then_some(""));
            }
            Some("k8s" | "any") | None => {}
            Some(_) => return Value::Unknown,
        }
        let Some(namespace) = &self.namespace else {
            return Value::Known(None);
        };
        if name == NAMESPACE {
            return Value::Known(Some(&namespace.name));
        }
        if let Some((_, label)) = name.split_once(NAMESPACE_LABELS) {
            return match namespace.labels.get(label) {
                None if label == NAME => Value::Known(Some(&namespace.name)),
                None if !namespace.complete => Value::Unknown,
                value => Value::Known(value.map(Text::as_str)),
            };
        }
        if name.contains(POLICY_LABELS) {
            return Value::Unknown;
        }
        match self.own.get(name) {
            None if !self.complete || ADDED.contains(&name) => Value::Unknown,
            value => Value::Known(value.map(Text::as_str)),
        }
    }
}

/// A label's key, with its source where one is stated: `k8s`, `any`, `reserved`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    source: Option<Text>,
    name: Text,
}

impl Key {
    /// Reads `source:name` as Cilium writes it.
    #[must_use]
    pub fn read(text: &str) -> Self {
        match text.split_once(':') {
            Some((source, name)) => Key {
                source: Some(source.into()),
                name: name.into(),
            },
            None => Key {
                source: None,
                name: text.into(),
            },
        }
    }

    /// A label of a pod, or of its namespace where it has the prefix.
    fn plain(prefix: &str, name: &str) -> Self {
        Key {
            source: None,
            name: ecow::eco_format!("{prefix}{name}"),
        }
    }
}

/// What a selector asks of one label.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Ask {
    In(Vec<Text>),
    NotIn(Vec<Text>),
    There,
    Absent,
}

/// A selector of pods and entities; without any demand it takes everyone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selector {
    asks: Vec<(Key, Ask)>,
}

impl Selector {
    /// Whether it takes a peer.
    #[must_use]
    pub fn takes(&self, labels: &Labels) -> Holds {
        let one = |(key, ask): &(Key, Ask)| {
            let value = match labels.value(key) {
                Value::Unknown => return Holds::Unsure,
                Value::Known(value) => value,
            };
            let among =
                |list: &[Text]| Holds::certain(value.is_some_and(|v| list.iter().any(|l| l == v)));
            match ask {
                Ask::In(list) => among(list),
                Ask::NotIn(list) => among(list).not(),
                Ask::There => Holds::certain(value.is_some()),
                Ask::Absent => Holds::certain(value.is_none()),
            }
        };
        self.asks.iter().map(one).fold(Holds::Yes, Holds::and)
    }

    /// The same, for pods of one namespace.
    #[must_use]
    pub fn within(mut self, namespace: &str) -> Self {
        let key = Key::plain("", NAMESPACE);
        self.asks.push((key, Ask::In(vec![namespace.into()])));
        self
    }

    /// The same, for pods alone.
    #[must_use]
    pub fn pods(mut self) -> Self {
        self.asks.push((Key::plain("", NAMESPACE), Ask::There));
        self
    }

    /// What is known as an entity.
    #[must_use]
    pub fn entity(name: &str) -> Self {
        Selector {
            asks: vec![(Key::read(&format!("reserved:{name}")), Ask::There)],
        }
    }

    /// What can't be read: it may take anyone.
    #[must_use]
    pub fn unknown() -> Self {
        Selector {
            asks: vec![(Key::read("unknown:selector"), Ask::There)],
        }
    }

    /// Both together.
    #[must_use]
    pub fn and(mut self, other: Selector) -> Self {
        self.asks.extend(other.asks);
        self
    }

    /// Whether a demand is about this label.
    #[must_use]
    pub fn names(&self, name: &str) -> bool {
        self.asks.iter().any(|(key, _)| key.name == name)
    }

    /// Whether a demand is about a label of the namespace.
    #[must_use]
    pub fn names_namespaces(&self) -> bool {
        let mut asks = self.asks.iter();
        asks.any(|(key, _)| key.name.contains(NAMESPACE_LABELS))
    }

    /// Whether a demand is about entities.
    #[must_use]
    pub fn is_reserved(&self) -> bool {
        let mut sources = self.asks.iter().map(|(key, _)| key.source.as_deref());
        sources.any(|source| source == Some("reserved"))
    }

    /// Reads a label selector of Cilium's, whose keys may state a source.
    ///
    /// # Errors
    /// What of it is not understood.
    pub fn of_identity(node: &Node) -> Result<Self, String> {
        Selector::read(node, Key::read)
    }

    /// Reads a label selector of Kubernetes', for pods or (with the prefix) for their namespaces.
    ///
    /// # Errors
    /// What of it is not understood.
    pub fn of_labels(node: &Node, prefix: &str) -> Result<Self, String> {
        Selector::read(node, |name| Key::plain(prefix, name))
    }

    fn read(node: &Node, key: impl Fn(&str) -> Key) -> Result<Self, String> {
        let mut asks = Vec::new();
        for entry in node.entries() {
            match entry.key.as_str() {
                "matchLabels" => {
                    for label in entry.value.entries() {
                        let value = label.value.scalar_text().unwrap_or_default();
                        asks.push((key(&label.key), Ask::In(vec![value])));
                    }
                }
                "matchExpressions" => {
                    for expression in entry.value.items() {
                        asks.push(expressed(expression, &key)?);
                    }
                }
                other => return Err(format!("`{other}` in a selector")),
            }
        }
        Ok(Selector { asks })
    }
}

fn expressed(node: &Node, key: &impl Fn(&str) -> Key) -> Result<(Key, Ask), String> {
    let name = node.str_at(&["key"]).unwrap_or_default();
    let values = node.get("values").map_or(&[][..], Node::items).iter();
    let values: Vec<Text> = values.filter_map(Node::scalar_text).collect();
    let ask = match node.str_at(&["operator"]) {
        Some("In") => Ask::In(values),
        Some("NotIn") => Ask::NotIn(values),
        Some("Exists") => Ask::There,
        Some("DoesNotExist") => Ask::Absent,
        other => {
            let operator = other.unwrap_or_default();
            return Err(format!("the operator `{operator}`"));
        }
    };
    Ok((key(name), ask))
}
