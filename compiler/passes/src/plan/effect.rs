//! What a change does to a cluster, as far as the objects alone make it certain: a small table.

use super::cell::{Change, Verb};
use super::differ::Field;
use super::side::{Index, has_namespace};
use super::subject::{Subject, some};
use model::object::ObjectId;
use std::collections::BTreeSet;
use syntax::{Kind, Node, Text};

/// What kind of effect it is, the gravest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// Data goes.
    Data,
    /// It stays in the cluster, and nobody looks after it.
    Orphan,
    /// Helm takes a release away.
    Uninstall,
    /// Traffic that flowed is denied, or the other way round.
    Network,
    /// Something is made anew to take the change.
    Recreate,
    /// A machine is told something else.
    Machine,
    /// A version moves.
    Version,
    /// Pods are replaced.
    Rollout,
    /// Pods come or go.
    Scale,
    /// Helm upgrades a release.
    Upgrade,
}

/// What a change does.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Effect {
    /// What kind of effect it is.
    pub class: Class,
    /// What happens, in a few words.
    pub text: String,
}

impl Class {
    /// Its word in every format.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Class::Data => "data",
            Class::Orphan => "orphan",
            Class::Uninstall => "uninstall",
            Class::Network => "network",
            Class::Recreate => "recreate",
            Class::Machine => "machine",
            Class::Version => "version",
            Class::Rollout => "rollout",
            Class::Scale => "scale",
            Class::Upgrade => "upgrade",
        }
    }
}

/// What the table looks at.
#[derive(Debug)]
pub(super) struct Seen<'a> {
    pub(super) subject: &'a Subject,
    pub(super) verb: Verb,
    pub(super) old: Option<&'a Node>,
    pub(super) new: Option<&'a Node>,
    pub(super) fields: &'a [Field],
    pub(super) before: &'a Index<'a>,
    pub(super) after: &'a Index<'a>,
}

/// The table: a class, and when it holds with what is said then.
const TABLE: &[(Class, fn(&Seen<'_>) -> Vec<String>)] = &[
    (Class::Data, data),
    (Class::Orphan, orphan),
    (Class::Uninstall, uninstall),
    (Class::Network, network),
    (Class::Recreate, recreate),
    (Class::Machine, machine),
    (Class::Version, version),
    (Class::Rollout, rollout),
    (Class::Scale, scale),
    (Class::Upgrade, upgrade),
];

/// What the changes of one cell do: all of its machines in one effect.
pub(super) fn of_cell(changes: &[Change]) -> BTreeSet<Effect> {
    let mut machines: BTreeSet<Text> = BTreeSet::new();
    let mut effects = BTreeSet::new();
    for change in changes {
        if let Subject::Machine { nodes, .. } = &change.subject {
            machines.extend(nodes.iter().cloned());
        }
        let others = change.effects.iter();
        effects.extend(
            others
                .filter(|effect| effect.class != Class::Machine)
                .cloned(),
        );
    }
    if !machines.is_empty() {
        let machines: Vec<Text> = machines.into_iter().collect();
        effects.insert(Effect {
            class: Class::Machine,
            text: configs(&machines),
        });
    }
    effects
}

/// Kinds whose removal takes data along.
const STATEFUL: [&str; 4] = [
    "CustomResourceDefinition",
    "Namespace",
    "PersistentVolumeClaim",
    "StatefulSet",
];

/// Kinds that replace their pods when the template of the pods changes.
const WORKLOADS: [&str; 3] = ["DaemonSet", "Deployment", "StatefulSet"];

/// All that is certain of a change.
pub(super) fn effects(seen: &Seen<'_>) -> Vec<Effect> {
    let row = |(class, says): &(Class, fn(&Seen<'_>) -> Vec<String>)| {
        let class = *class;
        says(seen)
            .into_iter()
            .map(move |text| Effect { class, text })
    };
    TABLE.iter().flat_map(row).collect()
}

impl Seen<'_> {
    fn object(&self) -> Option<&ObjectId> {
        match self.subject {
            Subject::Object(id) => Some(id),
            Subject::Machine { .. } | Subject::Labels { .. } | Subject::File { .. } => None,
        }
    }

    fn is(&self, kinds: &[&str]) -> bool {
        self.object()
            .is_some_and(|id| kinds.contains(&id.kind.as_str()))
    }

    fn says(&self, holds: bool, text: impl FnOnce() -> String) -> Vec<String> {
        holds.then(text).into_iter().collect()
    }
}

fn data(seen: &Seen<'_>) -> Vec<String> {
    let holds = seen.verb == Verb::Removed && seen.is(&STATEFUL);
    seen.says(holds, || {
        format!("{} is deleted with all that it holds", seen.subject)
    })
}

fn orphan(seen: &Seen<'_>) -> Vec<String> {
    seen.says(seen.verb == Verb::Orphaned, || {
        format!("{} stays in the cluster, unmanaged", seen.subject)
    })
}

fn uninstall(seen: &Seen<'_>) -> Vec<String> {
    let holds = seen.verb == Verb::Removed && seen.is(&["HelmRelease"]);
    seen.says(holds, || format!("Helm uninstalls {}", release(seen)))
}

fn upgrade(seen: &Seen<'_>) -> Vec<String> {
    let holds = seen.verb == Verb::Changed
        && seen.is(&["HelmRelease"])
        && seen
            .fields
            .iter()
            .any(|field| field.is_below(&["spec", "values"]) || field.is_below(&["spec", "chart"]));
    seen.says(holds, || format!("Helm upgrades {}", release(seen)))
}

fn release(seen: &Seen<'_>) -> String {
    let id = seen.object();
    id.map_or_else(String::new, |id| format!("{}/{}", id.namespace, id.name))
}

fn rollout(seen: &Seen<'_>) -> Vec<String> {
    let template = |field: &Field| field.is_below(&["spec", "template"]);
    let holds = seen.is(&WORKLOADS) && seen.fields.iter().any(template);
    seen.says(holds, || format!("{} replaces its pods", seen.subject))
}

fn scale(seen: &Seen<'_>) -> Vec<String> {
    let replicas = seen.fields.iter().filter(|_| seen.is(&WORKLOADS));
    let replicas = replicas.filter(|field| field.is_at(&["spec", "replicas"]));
    let text = |node: &Option<Node>| {
        let text = node.as_ref().and_then(Node::scalar_text);
        text.unwrap_or_else(|| "1".into())
    };
    replicas
        .map(|field| {
            let (old, new) = (text(&field.old), text(&field.new));
            format!("{}: {old} → {new} replicas", seen.subject)
        })
        .collect()
}

fn machine(seen: &Seen<'_>) -> Vec<String> {
    let Subject::Machine { nodes, .. } = seen.subject else {
        return Vec::new();
    };
    vec![configs(nodes)]
}

fn configs(nodes: &[Text]) -> String {
    format!("the config of {} changes", some(nodes))
}

fn recreate(seen: &Seen<'_>) -> Vec<String> {
    let is_config = |area: &str, rest: &str| area == "kind" && rest == ".yaml";
    let holds = seen.verb == Verb::Changed
        && matches!(seen.subject, Subject::File { area, rest } if is_config(area, rest));
    seen.says(holds, || {
        "a Kind cluster takes its config only when it is created".to_owned()
    })
}

/// A namespace whose pods could be reached and no longer can, or the other way round. A new one was never open.
fn network(seen: &Seen<'_>) -> Vec<String> {
    let Some(id) = seen
        .object()
        .filter(|id| id.kind.ends_with("NetworkPolicy"))
    else {
        return Vec::new();
    };
    let (was, is) = (seen.old.is_some_and(denies), seen.new.is_some_and(denies));
    let space = id.namespace.as_str();
    let stays = has_namespace(seen.before, space) && has_namespace(seen.after, space);
    match (was, is) {
        (false, true) if stays => vec![format!("{space} goes from open to deny by default")],
        (true, false) if stays => vec![format!("{space} goes from deny by default to open")],
        (true, _) | (_, true) | (false, false) => Vec::new(),
    }
}

/// Whether a policy selects every pod of its namespace and lets nothing in, in either dialect.
fn denies(policy: &Node) -> bool {
    let empty = |node: &Node| node.entries().is_empty() && matches!(node.kind(), Kind::Map(_));
    let selects_all = ["podSelector", "endpointSelector"]
        .iter()
        .any(|key| policy.at(&["spec", key]).is_some_and(empty));
    let ingress = policy.at(&["spec", "ingress"]);
    let by_address = || {
        let types = policy
            .at(&["spec", "policyTypes"])
            .map_or(&[][..], Node::items);
        types.iter().any(|kind| kind.as_str() == Some("Ingress"))
            && ingress.is_none_or(|rules| rules.items().is_empty())
    };
    let by_identity = || {
        let rules = ingress.map_or(&[][..], Node::items);
        policy.at(&["spec", "endpointSelector"]).is_some()
            && !rules.is_empty()
            && rules.iter().all(empty)
    };
    selects_all && (by_address() || by_identity())
}

fn version(seen: &Seen<'_>) -> Vec<String> {
    let text = |node: &Option<Node>| node.as_ref().and_then(Node::scalar_text);
    let moves = |field: &Field| {
        let (old, new) = (text(&field.old)?, text(&field.new)?);
        if field.key() == Some("image") {
            let (image, was) = split_image(&old)?;
            let (now_image, now) = split_image(&new)?;
            let short = image
                .rsplit('/')
                .find(|part| part.len() < 64)
                .unwrap_or(image);
            return (image == now_image).then(|| format!("{short} {was} → {now}"));
        }
        let places: [&[&str]; 3] = [
            &["spec", "ref", "tag"],
            &["spec", "ref", "semver"],
            &["spec", "chart", "spec", "version"],
        ];
        let id = seen.object()?;
        let is_version = places.iter().any(|place| field.is_at(place));
        is_version.then(|| format!("{} {old} → {new}", id.name))
    };
    let mut moved: Vec<String> = seen.fields.iter().filter_map(moves).collect();
    moved.dedup();
    moved
}

/// An image without its tag, and the tag.
fn split_image(image: &str) -> Option<(&str, &str)> {
    let image = image.split('@').next().unwrap_or(image);
    image.rsplit_once(':').filter(|(_, tag)| !tag.contains('/'))
}
