//! What a made cluster can't install by itself: kinds, the network and Flux, installed from outside as its own tree then
//! finds them.
//!
//! All of it is made once. Two controllers that keep one Helm release would undo each other for ever, so the records of
//! these are kept apart and nothing is corrected: the cluster's own Flux takes over.

use super::{object, unit_name};
use crate::lower::bootstrap;
use crate::lower::flux;
use crate::lower::units::Unit;
use crate::lower::{Cx, kubernetes};
use crate::resolve::cluster::Cluster;
use model::object::Object;
use syntax::{Diagnostics, Map, Node, OriginId, Text};

/// The units that bring a made cluster to where it looks after itself, each waiting for the one before.
pub fn units(cluster: &Cluster<'_>, made: &Cluster<'_>, cx: &mut Cx<'_>) -> Vec<Unit> {
    let because = cx.origins.rule("capi/bootstrap", &[made.because]);
    let mut kinds = Unit::new(&unit_name(made, "kinds"), because);
    let mut releases = Unit::new(&unit_name(made, "releases"), because);
    let mut engine = Unit::new(&unit_name(made, "engine"), because);
    let remote = Remote {
        cluster,
        made,
        because,
    };
    kinds.objects.extend(remote.folder(
        "namespaces",
        &format!("clusters/{}/{}", made.name, kubernetes::NAMESPACES),
        cx,
    ));
    let mut before: Option<Text> = None;
    for at in bootstrap::order(made) {
        let Some(component) = made.components.get(at) else {
            continue;
        };
        let kinds_only = component.only_brings_kinds();
        let installed = remote.installed(at, cx);
        let unit = if kinds_only {
            &mut kinds
        } else {
            &mut releases
        };
        unit.objects.extend(remote.install(
            &installed,
            before.as_ref().filter(|_| !kinds_only),
            cx,
        ));
        let release = installed
            .iter()
            .find(|object| object.id.kind == "HelmRelease");
        if let Some(release) = release.filter(|_| !kinds_only) {
            before = Some(release.id.name.clone());
        }
    }
    if bootstrap::engine(made).is_some() {
        let path = bootstrap::engine_folder(&made.name);
        engine.objects.extend(remote.folder("engine", &path, cx));
    }
    let units = [kinds, releases, engine].into_iter();
    let mut before = unit_name(made, "");
    let mut chained = Vec::new();
    for mut unit in units.filter(|unit| !unit.objects.is_empty()) {
        unit.slow = true;
        unit.after.insert(before, because);
        before = unit.name.clone();
        chained.push(unit);
    }
    chained
}

/// A made cluster, seen from its maker.
struct Remote<'a> {
    cluster: &'a Cluster<'a>,
    made: &'a Cluster<'a>,
    because: OriginId,
}

impl Remote<'_> {
    /// What `made` means in the shapes.
    fn facts(&self, before: Option<&Text>) -> Node {
        let mut map = Map::default();
        let name = self.made.because;
        map.set("name", name, Node::string(self.made.name.clone(), name));
        if let Some(before) = before {
            map.set("before", name, Node::string(before.clone(), name));
        }
        Node::map(map, self.because)
    }

    /// A folder of the output, applied into the cluster.
    fn folder(&self, name: &str, path: &str, cx: &mut Cx<'_>) -> Option<Object> {
        let own = self.cluster.facts.get("path")?;
        let end = format!("clusters/{}/flux", self.cluster.name);
        let parent = own.as_str()?.strip_suffix(&end)?.to_owned();
        let reads = [own.origin(), self.made.because];
        let path = cx.text("flux/path", format!("./{parent}{path}"), &reads);
        let facts = [("name", Node::string(name, self.because)), ("path", path)];
        let seen = [
            ("made", self.facts(None)),
            ("folder", Node::from_entries(facts, self.because)),
        ];
        object(self.cluster, "capi/remote-folder", &seen, self.because, cx)
    }

    /// What installs a component in the cluster's own tree. What is to be said of it is said there.
    fn installed(&self, at: usize, cx: &mut Cx<'_>) -> Vec<Object> {
        let mut found = Diagnostics::default();
        let mut inner = Cx::new(cx.origins, &mut found, cx.templates);
        flux::installed(self.made, at, &mut inner)
    }

    /// The same, from outside.
    fn install(&self, installed: &[Object], before: Option<&Text>, cx: &mut Cx<'_>) -> Vec<Object> {
        let mut made = Vec::new();
        for own in installed {
            let shape = match own.id.kind.as_str() {
                "HelmRelease" => "capi/remote-release",
                "Kustomization" => "capi/remote-manifests",
                _ => "capi/remote-source",
            };
            let seen = [("made", self.facts(before)), ("object", own.node.clone())];
            made.extend(object(self.cluster, shape, &seen, own.because, cx));
        }
        made
    }
}
