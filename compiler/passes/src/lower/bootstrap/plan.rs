//! What has to be there before Flux, and in which order: read from the objects that Flux will find.

use crate::emit::layout;
use crate::lower::Cx;
use crate::lower::flux::NAMESPACE;
use crate::lower::kubernetes::sealed_name;
use crate::lower::units::Unit;
use crate::resolve::cluster::Cluster;
use crate::sealed::{FOLDER, Sealed};
use model::object::Object;
use std::collections::BTreeSet;
use syntax::{Diagnostic, Node, OriginId, Text};

/// Everything that the script does to a cluster whose API answers.
pub struct Plan {
    /// What is installed, in this order.
    pub installs: Vec<Install>,
    /// Whether Flux has sealed files to open.
    pub opens: bool,
    /// The credential of the repository: the Secret's name, and its sealed file or where that would be.
    pub credential: Option<(Text, Credential)>,
    /// The path of the object from which Flux is made, below the output folder, and its name.
    pub engine: Option<(String, Text)>,
    /// The keys by which the repository's host is known, where it is reached by SSH.
    pub host_keys: Vec<Text>,
    /// What the repository is, where Flux follows one.
    pub follows: Option<Text>,
    /// What all of it was read from.
    pub reads: Vec<OriginId>,
}

/// A thing that is installed.
pub struct Install {
    /// The unit that keeps it later.
    pub unit: Text,
    /// What it is.
    pub source: Source,
}

/// What is installed.
pub enum Source {
    /// A Helm release.
    Chart {
        /// The release's name.
        release: Text,
        /// Its namespace.
        namespace: Text,
        /// How long it may take.
        timeout: Text,
        /// The chart, as Helm's arguments.
        chart: Vec<Text>,
        /// Its values.
        values: Option<Node>,
    },
    /// Plain manifests of a repository.
    Manifests(String),
}

/// Where the credential of the repository is.
pub enum Credential {
    /// Sealed, in this file of the unit `secrets`.
    Sealed(Text),
    /// Nowhere yet; it would be in this file beside the spec.
    Missing(String),
}

impl Plan {
    /// Reads what was lowered.
    pub fn of(cluster: &Cluster<'_>, units: &[Unit], cx: &mut Cx<'_>) -> Self {
        let mut reads = vec![cluster.because];
        let mut installs = Vec::new();
        for at in order(cluster) {
            let Some(unit) = units
                .iter()
                .find(|unit| unit.component == Some(at) && unit.installs())
            else {
                continue;
            };
            let objects = folder(cluster, &unit.name, cx);
            match install(&unit.name, &objects, &mut reads) {
                Some(install) => installs.push(install),
                None => unreadable(cluster, unit, cx),
            }
        }
        let files = cluster
            .platform
            .sealed
            .get(&cluster.name)
            .map_or(&[][..], Vec::as_slice);
        let engine = cx
            .objects
            .iter()
            .find(|(_, object)| object.id.kind == "FluxInstance");
        let sync = engine.and_then(|(_, object)| object.node.at(&["spec", "sync"]));
        let mut of = |key: &str| {
            let node = sync?.get(key)?;
            reads.push(node.origin());
            Some(Text::from(node.as_str()?))
        };
        let follows = of("url");
        let credential = of("pullSecret").map(|name| {
            let place = credential(cluster, files, &name);
            (name, place)
        });
        reads.extend(engine.map(|(_, object)| object.because));
        let host_keys = host_keys(cluster, &mut reads);
        Plan {
            installs,
            opens: !files.is_empty(),
            credential,
            engine: engine
                .map(|(folder, object)| (path(folder, object, cx), object.id.name.clone())),
            follows,
            host_keys,
            reads,
        }
    }
}

/// The lines of `source.knownHosts`.
fn host_keys(cluster: &Cluster<'_>, reads: &mut Vec<OriginId>) -> Vec<Text> {
    let stated = cluster.at(&["source", "knownHosts"]);
    reads.extend(stated.map(Node::origin));
    let lines = stated.and_then(Node::as_str).unwrap_or_default().lines();
    let keys = lines.map(str::trim).filter(|line| !line.is_empty());
    keys.map(Text::from).collect()
}

/// Where the credential of the repository is, or would be.
fn credential(cluster: &Cluster<'_>, files: &[Sealed], name: &str) -> Credential {
    let holds = |file: &&Sealed| {
        file.namespace == NAMESPACE && file.secrets.iter().any(|secret| secret.name == name)
    };
    match files.iter().find(holds) {
        Some(file) => Credential::Sealed(sealed_name(file)),
        None => Credential::Missing(format!("{FOLDER}/{}/{NAMESPACE}/{name}.yaml", cluster.name)),
    }
}

/// The components that are installed before Flux: kinds first, then the network and what it needs, then the rest.
pub fn order(cluster: &Cluster<'_>) -> Vec<usize> {
    let components = &cluster.components;
    let network = components.iter().find(|c| {
        let choice = cluster.choices.get("network.cni").and_then(Node::as_str);
        c.component
            .provides("network.cni")
            .is_some_and(|p| Some(p.choice.as_str()) == choice)
    });
    let mut early: BTreeSet<&Text> = BTreeSet::new();
    let mut open: Vec<&Text> = network.map(|c| &c.name).into_iter().collect();
    while let Some(name) = open.pop() {
        if early.insert(name)
            && let Some(component) = components.iter().find(|c| c.name == *name)
        {
            open.extend(&component.after);
        }
    }
    let mut order: Vec<(u8, usize)> = Vec::new();
    for (at, component) in components.iter().enumerate() {
        if component.component.is_bootstrap() {
            let rank = match (
                component.only_brings_kinds(),
                early.contains(&component.name),
            ) {
                (true, _) => 0,
                (false, true) => 1,
                (false, false) => 2,
            };
            order.push((rank, at));
        }
    }
    order.sort_unstable();
    order.into_iter().map(|(_, at)| at).collect()
}

/// The lowered objects of a unit.
fn folder(cluster: &Cluster<'_>, unit: &str, cx: &Cx<'_>) -> Vec<Object> {
    let folder = format!("clusters/{}/{unit}", cluster.name);
    let own = cx.objects.iter().filter(|(at, _)| *at == folder);
    own.map(|(_, object)| object.clone()).collect()
}

/// What a unit installs, from its release and source.
fn install(unit: &Text, objects: &[Object], reads: &mut Vec<OriginId>) -> Option<Install> {
    let mut look = Look { objects, reads };
    let source = match look.of("HelmRelease", None) {
        Some(release) => look.chart(release)?,
        None => look.manifests()?,
    };
    Some(Install {
        unit: unit.clone(),
        source,
    })
}

/// A look at the objects of a unit.
struct Look<'a> {
    objects: &'a [Object],
    reads: &'a mut Vec<OriginId>,
}

impl<'a> Look<'a> {
    fn of(&self, kind: &str, name: Option<&str>) -> Option<&'a Node> {
        let same = |object: &&Object| {
            object.id.kind == kind && name.is_none_or(|name| object.id.name == name)
        };
        self.objects.iter().find(same).map(|object| &object.node)
    }

    fn text(&mut self, node: &Node, path: &[&str]) -> Option<Text> {
        let node = node.at(path)?;
        self.reads.push(node.origin());
        node.scalar_text()
    }

    fn chart(&mut self, release: &Node) -> Option<Source> {
        let chart = match release.at(&["spec", "chartRef", "name"]) {
            Some(name) => {
                let source = self.of("OCIRepository", name.as_str())?;
                let url = self.text(source, &["spec", "url"])?;
                let version = self.text(source, &["spec", "ref", "tag"])?;
                vec![url, "--version".into(), version]
            }
            None => {
                let chart = release.at(&["spec", "chart", "spec"])?;
                let source = self.of("HelmRepository", chart.str_at(&["sourceRef", "name"]))?;
                let (name, version) = (
                    self.text(chart, &["chart"])?,
                    self.text(chart, &["version"])?,
                );
                let url = self.text(source, &["spec", "url"])?;
                vec![name, "--repo".into(), url, "--version".into(), version]
            }
        };
        let name = self.text(release, &["metadata", "name"]);
        let home = self.text(release, &["metadata", "namespace"]);
        Some(Source::Chart {
            release: self.text(release, &["spec", "releaseName"]).or(name)?,
            namespace: self.text(release, &["spec", "targetNamespace"]).or(home)?,
            timeout: self
                .text(release, &["spec", "timeout"])
                .unwrap_or_else(|| "5m".into()),
            chart,
            values: release.at(&["spec", "values"]).cloned(),
        })
    }

    fn manifests(&mut self) -> Option<Source> {
        let manifests = self.of("Kustomization", None)?;
        let source = self.of(
            "GitRepository",
            manifests.str_at(&["spec", "sourceRef", "name"]),
        )?;
        let path = self.text(manifests, &["spec", "path"])?;
        let url = self.text(source, &["spec", "url"])?;
        let tag = self.text(source, &["spec", "ref", "tag"])?;
        let path = path.trim_start_matches("./").trim_matches('/');
        Some(Source::Manifests(format!("{url}//{path}?ref={tag}")))
    }
}

/// A patch of the user's took away what the script has to know.
fn unreadable(cluster: &Cluster<'_>, unit: &Unit, cx: &mut Cx<'_>) {
    let place = cx.origins.place(unit.because);
    cx.found.add(
        Diagnostic::warning(
            "no-bootstrap",
            format!(
                "the bootstrap of cluster `{}` leaves out `{}`",
                cluster.name, unit.name
            ),
        )
        .at(place, "installed before Flux is there")
        .help("its release must name a chart and version that Helm can be given: see its patches"),
    );
}

/// The path of an object's file below the output folder.
fn path(folder: &str, object: &Object, cx: &Cx<'_>) -> String {
    let mut objects: Vec<&Object> = cx
        .objects
        .iter()
        .filter(|(at, _)| at == folder)
        .map(|(_, o)| o)
        .collect();
    objects.sort_by(|a, b| a.id.cmp(&b.id));
    let names = layout::file_names(folder, &objects);
    let at = objects.iter().position(|other| other.id == object.id);
    let name = at
        .and_then(|at| names.into_iter().nth(at))
        .unwrap_or_default();
    format!("{folder}/{name}")
}
