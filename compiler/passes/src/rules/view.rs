//! What rules see of a lowered cluster: its objects by kind, what runs pods, and everything that was decided.

use crate::evaluate::Enabled;
use crate::lower::units::Unit;
use crate::reach::Network;
use crate::resolve::cluster::Cluster;
use model::object::{Document, Object, ObjectId};
use std::cell::OnceCell;
use std::collections::BTreeMap;
use syntax::{Node, Origin, OriginId, Origins, Text};

/// An object of the output.
#[derive(Clone, Debug)]
pub struct Subject<'a> {
    /// The folder that it goes to: its unit's name.
    pub folder: &'a str,
    /// The object.
    pub object: &'a Object,
    /// The component or app that it belongs to.
    pub component: Option<&'a Text>,
}

/// Something that runs pods.
#[derive(Clone, Debug)]
pub struct Workload<'a> {
    /// What it is called.
    pub id: ObjectId,
    /// The component or app that it belongs to.
    pub component: Option<&'a Text>,
    /// The labels of its pods; empty where a component does not say.
    pub labels: &'a [syntax::Entry],
    /// The spec of its pods; `None` where a chart makes it, of which only `declares` is known.
    pub pod: Option<&'a Node>,
    /// The object or the entry of `declares`.
    pub node: &'a Node,
    /// Its containers; those that come first are in `pod` alone.
    pub containers: Vec<&'a Node>,
    /// How many copies it has; `None` where each node has one, or nobody says.
    pub replicas: Option<&'a Node>,
    /// Why it is there.
    pub because: OriginId,
}

/// A lowered cluster.
#[derive(Debug)]
pub struct View<'a> {
    /// Everything decided.
    pub cluster: &'a Cluster<'a>,
    /// What is reconciled together.
    pub units: &'a [Unit],
    /// Every object, with its folder.
    pub objects: &'a [(String, Object)],
    /// Every other file.
    pub documents: &'a [Document],
    /// Where each value came from.
    pub origins: &'a Origins,
    subjects: Vec<Subject<'a>>,
    kinds: BTreeMap<&'a str, Vec<usize>>,
    workloads: Vec<Workload<'a>>,
    network: OnceCell<Network>,
}

impl<'a> View<'a> {
    /// Looks at a lowered cluster.
    #[must_use]
    pub fn new(
        cluster: &'a Cluster<'a>,
        units: &'a [Unit],
        objects: &'a [(String, Object)],
        documents: &'a [Document],
        origins: &'a Origins,
    ) -> View<'a> {
        let owners: BTreeMap<&str, &Text> = units
            .iter()
            .filter_map(|unit| {
                let component = cluster.components.get(unit.component?)?;
                Some((unit.name.as_str(), &component.name))
            })
            .collect();
        let subjects: Vec<Subject<'a>> = objects
            .iter()
            .map(|(folder, object)| {
                let unit = folder.rsplit('/').next().unwrap_or(folder);
                Subject {
                    folder,
                    object,
                    component: owners.get(unit).copied(),
                }
            })
            .collect();
        let mut kinds: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (at, (_, object)) in objects.iter().enumerate() {
            kinds.entry(&object.id.kind).or_default().push(at);
        }
        let mut workloads: Vec<Workload<'a>> = subjects.iter().filter_map(Workload::of).collect();
        workloads.extend(cluster.components.iter().flat_map(declared));
        View {
            cluster,
            units,
            objects,
            documents,
            origins,
            subjects,
            kinds,
            workloads,
            network: OnceCell::new(),
        }
    }

    /// The objects of these kinds; all where none is named.
    pub fn subjects<'v>(
        &'v self,
        kinds: &'v [&str],
    ) -> Box<dyn Iterator<Item = &'v Subject<'a>> + 'v> {
        if kinds.is_empty() {
            return Box::new(self.subjects.iter());
        }
        let of = kinds.iter().filter_map(|kind| self.kinds.get(kind));
        Box::new(of.flatten().filter_map(|at| self.subjects.get(*at)))
    }

    /// Everything that runs pods: plain objects, and what components say that their charts make.
    #[must_use]
    pub fn workloads(&self) -> &[Workload<'a>] {
        &self.workloads
    }

    /// Whether somebody relies on this cluster: it has objectives.
    #[must_use]
    pub fn is_relied_on(&self) -> bool {
        let objectives = self.cluster.at(&["objectives"]);
        objectives.is_some_and(|stated| !stated.is_off() && !stated.entries().is_empty())
    }

    /// A component or app by its name.
    #[must_use]
    pub fn component(&self, name: &str) -> Option<&'a Enabled<'a>> {
        let mut components = self.cluster.components.iter();
        components.find(|component| component.name == name)
    }

    /// Who reaches whom: read from the policies once, when the first rule asks.
    #[must_use]
    pub fn network(&self) -> &Network {
        self.network
            .get_or_init(|| Network::of_objects(self.cluster, self.objects))
    }

    /// Whether a value stands in a file that users edit.
    #[must_use]
    pub fn is_users(&self, origin: OriginId) -> bool {
        let place = self.origins.place(origin);
        place.is_some_and(|place| self.cluster.platform.is_editable(place))
    }

    /// The first line of the users' that a value came from, to point at; the value's own place where there is none.
    #[must_use]
    pub fn users_origin(&self, origin: OriginId) -> OriginId {
        let mut found = None;
        self.origins.walk(origin, |id, what| {
            if let Origin::Span(span) = what
                && self.cluster.platform.is_editable(*span)
            {
                found = found.or(Some(id));
            }
        });
        found.unwrap_or(origin)
    }

    /// A setting that is stated, and off at no level of its path.
    #[must_use]
    pub fn on(&self, path: &[&str]) -> Option<&'a Node> {
        let stated = path.iter().try_fold(&self.cluster.settings, |node, key| {
            node.get(key)
                .filter(|node| !node.is_null() && !node.is_off())
        });
        stated.filter(|_| !path.is_empty())
    }

    /// Where users switched a setting off, or a section that it is in.
    #[must_use]
    pub fn switched_off(&self, path: &[&str]) -> Option<&'a Node> {
        let mut node = &self.cluster.settings;
        for key in path {
            node = node.get(key)?;
            if node.is_off() {
                return Some(node).filter(|node| self.is_users(node.origin()));
            }
        }
        None
    }

    /// Whether something serves a capability here.
    #[must_use]
    pub fn serves(&self, capability: &str) -> bool {
        let choice = self.cluster.choices.get(capability);
        choice.is_some_and(|choice| choice.as_str().is_some())
    }
}

impl<'a> Workload<'a> {
    /// The workload that an object is, if it is one.
    #[must_use]
    pub fn of(subject: &Subject<'a>) -> Option<Workload<'a>> {
        let object = subject.object;
        let spec = object.node.get("spec")?;
        let template = match object.id.kind.as_str() {
            "Deployment" | "StatefulSet" | "DaemonSet" | "ReplicaSet" | "Job" => {
                spec.get("template")?
            }
            "CronJob" => spec.at(&["jobTemplate", "spec", "template"])?,
            "Pod" => &object.node,
            _ => return None,
        };
        let pod = template.get("spec")?;
        Some(Workload {
            id: object.id.clone(),
            component: subject.component,
            labels: template
                .at(&["metadata", "labels"])
                .map_or(&[][..], Node::entries),
            pod: Some(pod),
            node: &object.node,
            containers: pod
                .get("containers")
                .map_or(&[][..], Node::items)
                .iter()
                .collect(),
            replicas: spec.get("replicas"),
            because: object.because,
        })
    }

    /// The pod that it makes; `None` where nothing is known of it.
    #[must_use]
    pub fn as_pod(&self) -> Option<Node> {
        let spec = self.pod?;
        if self.id.kind == "Pod" {
            return None; // an object by itself
        }
        let origin = spec.origin();
        let text = |text: &str| Node::string(text, origin);
        let labels = self.labels.iter();
        let labels = labels.map(|entry| (entry.key.clone(), entry.value.clone()));
        let metadata = [
            ("name", text(&self.id.name)),
            ("namespace", text(&self.id.namespace)),
            ("labels", Node::from_entries(labels, origin)),
        ];
        Some(Node::from_entries(
            [
                ("apiVersion", text("v1")),
                ("kind", text("Pod")),
                ("metadata", Node::from_entries(metadata, origin)),
                ("spec", spec.clone()),
            ],
            origin,
        ))
    }

    /// Whether it ends by itself.
    #[must_use]
    pub fn ends(&self) -> bool {
        let hook = self.node.get("hook").and_then(Node::as_bool) == Some(true);
        hook || matches!(self.id.kind.as_str(), "Job" | "CronJob")
    }

    /// Whether each node has one.
    #[must_use]
    pub fn is_on_each_node(&self) -> bool {
        self.id.kind == "DaemonSet"
    }

    /// Its containers and those that run before them.
    pub fn all_containers(&self) -> impl Iterator<Item = &'a Node> {
        let first = self.pod.and_then(|pod| pod.get("initContainers"));
        let first = first.map_or(&[][..], Node::items).iter();
        self.containers.iter().copied().chain(first)
    }

    /// How messages call it: its kind and name.
    #[must_use]
    pub fn title(&self) -> String {
        format!("{} `{}`", self.id.kind, self.id.name)
    }
}

/// What a component says that its chart runs.
fn declared<'a>(component: &'a Enabled<'a>) -> impl Iterator<Item = Workload<'a>> {
    let home = component.namespace_name().unwrap_or_default();
    let workloads = component.declares.get("workloads");
    let workloads = workloads.map_or(&[][..], Node::items).iter();
    workloads.map(move |node| {
        let text = |key: &str| node.str_at(&[key]).unwrap_or_default();
        let group = match text("kind") {
            "Job" | "CronJob" => "batch",
            "Pod" => "",
            _ => "apps",
        };
        Workload {
            id: ObjectId {
                group: group.into(),
                kind: text("kind").into(),
                namespace: node.str_at(&["namespace"]).unwrap_or(home).into(),
                name: text("name").into(),
            },
            component: Some(&component.name),
            labels: node.get("pods").map_or(&[][..], Node::entries),
            pod: None,
            node,
            containers: node
                .get("containers")
                .map_or(&[][..], Node::items)
                .iter()
                .collect(),
            replicas: node.get("replicas"),
            because: component.because,
        }
    })
}
