//! What a change does to a cluster, as far as the objects alone make it certain: a small table.

use super::cell::Verb;
use super::differ::Field;
use super::side::{Index, has_namespace};
use super::subject::Subject;
use model::object::ObjectId;
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
    pub text: &'static str,
    /// What it happens to.
    pub subject: String,
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

/// What a row says it happens to; nothing where it doesn't.
type Says = fn(&Seen<'_>) -> Vec<String>;

/// The table: a class, what happens, and to what.
const TABLE: &[(Class, &str, Says)] = &[
    (Class::Data, "deleted with all that is in it", data),
    (Class::Orphan, "stays in the cluster, unmanaged", orphan),
    (Class::Uninstall, "Helm uninstalls", uninstall),
    (Class::Network, "goes from open to deny by default", closes),
    (Class::Network, "goes from deny by default to open", opens),
    (
        Class::Recreate,
        "is taken only when the cluster is created",
        recreate,
    ),
    (Class::Machine, "machine config changes", machine),
    (Class::Version, "another version", version),
    (Class::Rollout, "pods are replaced", rollout),
    (Class::Scale, "replicas", scale),
    (Class::Upgrade, "Helm upgrades", upgrade),
];

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
    let row = |(class, text, says): &(Class, &'static str, Says)| {
        let (class, text) = (*class, *text);
        says(seen).into_iter().map(move |subject| Effect {
            class,
            text,
            subject,
        })
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
    seen.says(holds, || seen.subject.to_string())
}

fn orphan(seen: &Seen<'_>) -> Vec<String> {
    seen.says(seen.verb == Verb::Orphaned, || seen.subject.to_string())
}

fn uninstall(seen: &Seen<'_>) -> Vec<String> {
    let holds = seen.verb == Verb::Removed && seen.is(&["HelmRelease"]);
    seen.says(holds, || release(seen))
}

fn upgrade(seen: &Seen<'_>) -> Vec<String> {
    let changes =
        |field: &Field| field.is_below(&["spec", "values"]) || field.is_below(&["spec", "chart"]);
    let holds = seen.verb == Verb::Changed && seen.is(&["HelmRelease"]);
    seen.says(holds && seen.fields.iter().any(changes), || release(seen))
}

fn release(seen: &Seen<'_>) -> String {
    let id = seen.object();
    id.map_or_else(String::new, |id| format!("{}/{}", id.namespace, id.name))
}

fn rollout(seen: &Seen<'_>) -> Vec<String> {
    let template = |field: &Field| field.is_below(&["spec", "template"]);
    let holds = seen.is(&WORKLOADS) && seen.fields.iter().any(template);
    seen.says(holds, || seen.subject.to_string())
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
            format!("{} {old} → {new}", seen.subject)
        })
        .collect()
}

fn machine(seen: &Seen<'_>) -> Vec<String> {
    let Subject::Machine { nodes, .. } = seen.subject else {
        return Vec::new();
    };
    nodes.iter().map(Text::to_string).collect()
}

fn recreate(seen: &Seen<'_>) -> Vec<String> {
    let is_config = |area: &str, rest: &str| area == "kind" && rest == ".yaml";
    let holds = seen.verb == Verb::Changed
        && matches!(seen.subject, Subject::File { area, rest } if is_config(area, rest));
    seen.says(holds, || seen.subject.to_string())
}

fn closes(seen: &Seen<'_>) -> Vec<String> {
    let (was, is) = denials(seen);
    seen.says(!was && is, || namespace(seen))
}

fn opens(seen: &Seen<'_>) -> Vec<String> {
    let (was, is) = denials(seen);
    seen.says(was && !is, || namespace(seen))
}

fn namespace(seen: &Seen<'_>) -> String {
    let id = seen.object();
    id.map_or_else(String::new, |id| id.namespace.to_string())
}

/// Whether a policy denied and denies all of a namespace that both sides have: a new one was never open.
fn denials(seen: &Seen<'_>) -> (bool, bool) {
    let policy = seen
        .object()
        .filter(|id| id.kind.ends_with("NetworkPolicy"));
    let stays = |id: &&ObjectId| {
        let has = |index| has_namespace(index, &id.namespace);
        has(seen.before) && has(seen.after)
    };
    match policy.filter(stays) {
        Some(_) => (seen.old.is_some_and(denies), seen.new.is_some_and(denies)),
        None => (false, false),
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
