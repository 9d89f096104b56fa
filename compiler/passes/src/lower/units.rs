//! Units: what is reconciled together, cut by who makes each kind, so that a fresh cluster comes up without a retry.

use super::Cx;
use super::makers::{self, Makers, is_built_in};
use crate::component::Component;
use crate::evaluate::Enabled;
use crate::resolve::cluster::Cluster;
use model::object::Object;
use std::collections::BTreeMap;
use syntax::suggest::nearest;
use syntax::{Diagnostic, Node, Origin, OriginId, Span, Text};

/// The names that components may not take: units of the compiler's own.
pub const RESERVED: [&str; 4] = ["flux", "namespaces", "network-policies", "secrets"];

/// What is reconciled together: one folder, one owner.
#[derive(Clone, Debug)]
pub struct Unit {
    /// Its name and its folder's.
    pub name: Text,
    /// What is in it.
    pub objects: Vec<Object>,
    /// Sealed files in it: name and bytes.
    pub sealed: Vec<(Text, Vec<u8>)>,
    /// The units that must be there first, each with why.
    pub after: BTreeMap<Text, OriginId>,
    /// What must be healthy: entries of a component's `health`.
    pub health: Vec<Node>,
    /// The component that it belongs to, by its place in the cluster's list.
    pub component: Option<usize>,
    /// How far down the line of who makes what: 0 for what a fresh API server takes.
    pub wave: usize,
    /// Whether it waits for machines that are made meanwhile: what its place in the line costs is then nothing.
    pub slow: bool,
    /// Why it is there.
    pub because: OriginId,
}

impl Unit {
    /// A unit without anything in it.
    #[must_use]
    pub fn new(name: &str, because: OriginId) -> Self {
        Unit {
            name: name.into(),
            objects: Vec::new(),
            sealed: Vec::new(),
            after: BTreeMap::new(),
            health: Vec::new(),
            component: None,
            wave: 0,
            slow: false,
            because,
        }
    }

    /// Whether the component's chart or repository is installed by it.
    #[must_use]
    pub fn installs(&self) -> bool {
        self.component.is_some() && self.wave == 0
    }
}

/// An object, the wave it belongs to, and the unit that must be there first, with why.
type Placed = (Object, usize, Option<(Text, OriginId)>);

/// Cuts the cluster's components into units; `watched` are the objects that watch each of them.
pub fn cut(cluster: &Cluster<'_>, watched: &[Vec<Node>], cx: &mut Cx<'_>) -> Vec<Unit> {
    let mut cutter = Cutter {
        cluster,
        watched,
        makers: makers::makers(cluster),
        cx,
    };
    let mut units = Vec::new();
    for at in 0..cluster.components.len() {
        cutter.component(at, &mut units);
    }
    units
}

struct Cutter<'a, 'b> {
    cluster: &'a Cluster<'a>,
    watched: &'a [Vec<Node>],
    makers: Makers,
    cx: &'a mut Cx<'b>,
}

impl Cutter<'_, '_> {
    fn component(&mut self, at: usize, units: &mut Vec<Unit>) {
        let Some(component) = self.cluster.components.get(at) else {
            return;
        };
        if component.app.is_none() {
            self.check_name(component);
        } else if self.is_taken(component, at) {
            return;
        }
        let mut waves: BTreeMap<usize, Unit> = BTreeMap::new();
        if !component.chart.is_null() || !component.git.is_null() {
            let mut unit = self.unit(component, at, 0);
            for (name, used, maker) in self.uses(component, at) {
                let why = self.edge(maker, used);
                unit.after.entry(name).or_insert(why);
            }
            waves.insert(0, unit);
        }
        let watched = self.watched.get(at).map_or(&[][..], Vec::as_slice);
        let own = component.objects.iter().map(|object| (object, false));
        for (object, watches) in own.chain(watched.iter().map(|object| (object, true))) {
            let Some((object, wave, edge)) = self.place(component, at, object, watches) else {
                continue;
            };
            let unit = waves
                .entry(wave)
                .or_insert_with(|| self.unit(component, at, wave));
            if let Some((name, origin)) = edge {
                unit.after.entry(name).or_insert(origin);
            }
            unit.objects.push(object);
        }
        let first = waves.keys().next().copied();
        let mut before: Option<Text> = None;
        for (number, (wave, mut unit)) in waves.into_iter().enumerate() {
            unit.because = self.why(component, &unit);
            unit.name = match number {
                0 => component.name.clone(),
                1 => ecow::eco_format!("{}-config", component.name),
                _ => ecow::eco_format!("{}-config-{number}", component.name),
            };
            unit.health = health_of(component, &unit, Some(wave) == first);
            unit.health.extend(makers::health(component, &unit.objects));
            if let Some(before) = before.replace(unit.name.clone()) {
                unit.after.insert(before, unit.because);
            }
            units.push(unit);
        }
    }

    /// Why a unit waits for another: what it uses of it, and that the other is there.
    fn edge(&mut self, maker: usize, used: OriginId) -> OriginId {
        let by = self.cluster.components.get(maker);
        let reads: Vec<OriginId> = by.map(|by| by.because).into_iter().chain([used]).collect();
        self.cx.origins.rule("flux/depends-on", &reads)
    }

    /// Why a unit is there: its component is, and if all of its objects depend on something, one of them.
    fn why(&mut self, component: &Enabled<'_>, unit: &Unit) -> OriginId {
        let depends = |object: &Object| object.because != component.because;
        if unit.installs() || !unit.objects.iter().all(depends) {
            return component.because;
        }
        let reads: Vec<OriginId> = unit.objects.iter().map(|object| object.because).collect();
        self.cx.origins.rule("flux/unit", &reads)
    }

    fn unit(&self, component: &Enabled<'_>, at: usize, wave: usize) -> Unit {
        Unit {
            component: Some(at),
            wave,
            ..Unit::new(&component.name, component.because)
        }
    }

    fn check_name(&mut self, component: &Enabled<'_>) {
        if RESERVED.contains(&component.name.as_str()) {
            let place = component
                .component
                .node
                .get("name")
                .and_then(|n| self.cx.origins.place(n.origin()));
            self.cx.found.add(
                Diagnostic::error(
                    "reserved-name",
                    format!("a component can't be called `{}`", component.name),
                )
                .at(place, "a folder of the compiler's own")
                .help(format!("choose another name than: {}", RESERVED.join(", "))),
            );
        }
    }

    /// Whether an app's name is one of the compiler's own or of what is there already, which is reported.
    fn is_taken(&mut self, app: &Enabled<'_>, at: usize) -> bool {
        let name = app.name.as_str();
        let before = self.cluster.components.iter().take(at);
        let taken = |other: &&Enabled<'_>| {
            let rest = name.strip_prefix(other.name.as_str());
            rest.is_some_and(|rest| rest.is_empty() || (rest == "-config" && other.app.is_none()))
        };
        let other = before.rev().find(taken);
        if other.is_none() && !RESERVED.contains(&name) {
            return false;
        }
        let label = match other {
            Some(other) if other.app.is_some() => "an app of this cluster has the name already",
            Some(_) => "a component of this cluster has the name already",
            None => "a folder of the compiler's own",
        };
        let mut problem = Diagnostic::error(
            "reserved-name",
            format!("an app can't be called `{name}` here"),
        )
        .at(self.cx.origins.place(app.because), label);
        if let Some(other) = other.filter(|other| other.app.is_some()) {
            problem = problem.at(self.cx.origins.place(other.because), "this one");
        }
        self.cx.found.add(problem.help("give the app another name"));
        true
    }

    /// The units whose kinds the component's chart uses.
    fn uses(&self, component: &Enabled<'_>, at: usize) -> Vec<(Text, OriginId, usize)> {
        let uses = component
            .declares
            .get("uses")
            .map_or(&[][..], Node::items)
            .iter();
        uses.filter_map(|used| {
            let key = (
                used.str_at(&["group"])?.into(),
                used.str_at(&["kind"])?.into(),
            );
            let maker = self
                .makers
                .get(&key)
                .filter(|maker| maker.component != at)?;
            let name = self.cluster.components.get(maker.component)?.name.clone();
            Some((name, used.origin(), maker.component))
        })
        .collect()
    }

    /// An object, the wave it belongs to, and the unit that must be there first.
    fn place(
        &mut self,
        component: &Enabled<'_>,
        at: usize,
        node: &Node,
        watches: bool,
    ) -> Option<Placed> {
        if node.is_null() {
            return None;
        }
        let mut node = node.clone();
        let optional = node.as_map_mut().and_then(|map| map.remove("optional"));
        let optional = optional.is_some_and(|entry| entry.value.as_bool() == Some(true));
        let because = self.because(component, &node);
        let Some(object) = Object::new(node.clone(), because) else {
            self.nameless(component, &node);
            return None;
        };
        if is_built_in(&object.id) {
            return Some((object, 0, None));
        }
        let Some(maker) = self
            .makers
            .get(&(object.id.group.clone(), object.id.kind.clone()))
            .cloned()
        else {
            if !optional {
                self.nobody(component, &object, &node);
            }
            return None;
        };
        // The machines serve it before anything is applied.
        if maker.by_host {
            return Some((object, 0, None));
        }
        let by = self.cluster.components.get(maker.component)?;
        if maker.component == at {
            return Some((object, if maker.by_object { 2 } else { 1 }, None));
        }
        let name = if maker.by_object {
            ecow::eco_format!("{}-config", by.name)
        } else {
            by.name.clone()
        };
        // A component's own controllers give such an object its meaning: it waits for them, and for the kind's maker. What
        // watches the component is there before it runs: that it never does is worth an alert.
        let runs = !watches && (!component.chart.is_null() || !component.git.is_null());
        // An app waits for its database, so both are applied at once: apart, the first would never be well.
        let apart = component.app.is_none() && (runs || !by.only_brings_kinds());
        let wave = usize::from(apart);
        let why = self.edge(maker.component, maker.origin);
        Some((object, wave, Some((name, why))))
    }

    /// Why an object is there: its component, and the condition it stands under.
    fn because(&mut self, component: &Enabled<'_>, node: &Node) -> OriginId {
        match &*self.cx.origins.get(node.origin()) {
            Origin::Expr { .. } => {
                let reads = [component.because, node.origin()];
                self.cx.origins.rule("component/object", &reads)
            }
            Origin::Span(_) | Origin::Merged { .. } => {
                let names = self.stated(node);
                if names.is_empty() {
                    return component.because;
                }
                let reads: Vec<OriginId> = [component.because].into_iter().chain(names).collect();
                self.cx.origins.rule("component/object", &reads)
            }
            Origin::Unknown | Origin::Rule { .. } => component.because,
        }
    }

    /// Where a spec itself states what an object is called.
    fn stated(&self, node: &Node) -> Vec<OriginId> {
        let paths: [&[&str]; 3] = [&["kind"], &["metadata", "name"], &["metadata", "namespace"]];
        let names = paths.iter().filter_map(|path| node.at(path));
        let of_spec = |origin: &OriginId| {
            let written = matches!(*self.cx.origins.get(*origin), Origin::Span(_));
            let span = self.cx.origins.place(*origin).filter(|_| written);
            let source = span.and_then(|span| self.cluster.platform.sources.get(span.file));
            source.is_some_and(|source| !source.name().contains("component"))
        };
        names.map(Node::origin).filter(of_spec).collect()
    }

    /// An object that can't be told from others.
    fn nameless(&mut self, component: &Enabled<'_>, node: &Node) {
        let message = "an object needs `apiVersion`, `kind` and `metadata.name`";
        let place = self.cx.origins.place(node.origin());
        let label = format!("in {}", component.title());
        self.cx
            .found
            .add(Diagnostic::error("no-identity", message).at(place, label));
    }

    /// A kind that no component brings: the nearest of its group, or how to bring it.
    fn misspelt(&self, problem: Diagnostic, object: &Object, place: Option<Span>) -> Diagnostic {
        let components = self.cluster.platform.components.values();
        let kinds = components
            .flat_map(Component::brings)
            .filter(|(group, _, _)| *group == object.id.group)
            .map(|(_, kind, _)| kind);
        match (nearest(&object.id.kind, kinds), place) {
            (Some(near), Some(place)) => problem
                .help(format!("did you mean `{near}`?"))
                .fix(place, near),
            _ => problem.help("add the component that brings its CRD (your own says so in `declares: { crds: ... }`); with `optional: true` the object is left out where nobody does"),
        }
    }

    /// Nobody makes the kind of an object: the component that would is named.
    fn nobody(&mut self, component: &Enabled<'_>, object: &Object, node: &Node) {
        let id = &object.id;
        let place = node
            .get("kind")
            .and_then(|kind| self.cx.origins.place(kind.origin()));
        let would = self.cluster.platform.components.values().find(|other| {
            other
                .brings()
                .any(|(group, kind, _)| group == id.group && kind == id.kind)
        });
        let message = format!(
            "nobody makes the kind `{}` of group `{}` in cluster `{}`",
            id.kind, id.group, self.cluster.name
        );
        let problem = Diagnostic::error("no-maker", message)
            .at(place, format!("an object of {}", component.title()))
            .at(self.cx.origins.place(component.because), "selected here");
        let making = makers::objects_that_make(self.cluster, &id.group);
        self.cx.found.add(match (would, making) {
            (_, Some((owner, kind))) => problem.help(format!(
                "a `{kind}` makes it: add one to the objects of component `{owner}`"
            )),
            (Some(would), None) => problem.help(format!(
                "component `{0}` would: write `components: {{ {0}: true }}`; or mark the object `optional: true`, which leaves it out where nobody does",
                would.name
            )),
            (None, None) => self.misspelt(problem, object, place),
        });
    }
}

/// The health entries of a unit: those of its own objects; the first unit takes what the chart makes.
fn health_of(component: &Enabled<'_>, unit: &Unit, first: bool) -> Vec<Node> {
    let entries = component.health.items().iter();
    entries
        .filter(|entry| {
            let kind = entry.str_at(&["kind"]).unwrap_or_default();
            let name = entry.str_at(&["name"]).unwrap_or_default();
            let is = |node: &Node| {
                node.str_at(&["kind"]) == Some(kind)
                    && node.str_at(&["metadata", "name"]) == Some(name)
            };
            let here = unit.objects.iter().any(|object| is(&object.node));
            here || (first && !component.objects.iter().any(is))
        })
        .cloned()
        .collect()
}
