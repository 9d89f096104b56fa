//! A component of the library: parsed, its parts compiled when a cell first needs them.

use crate::mixin::Mixin;
use crate::template::{Template, compile};
use crate::world::Shelf;
use std::sync::OnceLock;
use syntax::{Diagnostic, Diagnostics, Node, OriginId, Origins, Sources, Text};

/// A component as its file says it.
#[derive(Debug)]
pub struct Component {
    /// Its name: that of its folder.
    pub name: Text,
    /// Where its folder was found.
    pub shelf: Shelf,
    /// The whole file.
    pub node: Node,
    /// The capabilities that it provides, each by its choice.
    pub provides: Vec<Provides>,
    /// Its alerts, dashboards and runbook.
    pub mixin: Mixin,
    /// What its chart takes: read where the spec lays values over its own.
    pub outline: Option<Node>,
    parts: OnceLock<(Parts, Diagnostics)>,
}

/// A capability and the choice by which a setting selects its component.
#[derive(Clone, Debug)]
pub struct Provides {
    /// The capability, such as `network.cni`.
    pub capability: Text,
    /// The choice, such as `cilium`.
    pub choice: Text,
    /// Where the component says so.
    pub origin: OriginId,
}

/// The parts of a component that are templates.
#[derive(Debug, Default)]
pub struct Parts {
    /// What must be there for it.
    pub requires: Option<Template>,
    /// Its namespace, with the Pod Security level that it needs.
    pub namespace: Option<Template>,
    /// Its Helm chart.
    pub chart: Option<Template>,
    /// Its manifests in a Git repository.
    pub git: Option<Template>,
    /// The Helm values.
    pub values: Option<Template>,
    /// What the chart makes at these values.
    pub declares: Option<Template>,
    /// Plain objects.
    pub objects: Option<Template>,
    /// Built-in policies that it enforces.
    pub policies: Option<Template>,
    /// Secrets that must be sealed for it.
    pub secrets: Option<Template>,
    /// What must be healthy beside its release.
    pub health: Option<Template>,
    /// Paths that others own.
    pub drift: Option<Template>,
    /// The flows of its pods.
    pub network: Option<Template>,
    /// What it needs of the hosts.
    pub needs: Option<Template>,
}

impl Component {
    /// Reads a component's head; a file without a name is reported.
    pub fn read(
        folder: &str,
        node: Node,
        shelf: Shelf,
        origins: &Origins,
        found: &mut Diagnostics,
    ) -> Option<Self> {
        // Without a name, shape says so; with another, the folder's is taken, so that one mistake is one error.
        let stated = node.str_at(&["name"]);
        if let Some(name) = stated.filter(|name| *name != folder) {
            found.add(
                Diagnostic::error(
                    "component-name",
                    format!("component `{name}` lives in the folder `{folder}`"),
                )
                .at(
                    node.get("name").and_then(|n| origins.place(n.origin())),
                    "differs from the folder's name",
                )
                .help(format!(
                    "rename the folder to `{name}` or write `name: {folder}`"
                )),
            );
        }
        let name = folder;
        let mut provides = Vec::new();
        for entry in node.get("provides").map_or(&[][..], Node::entries) {
            if let Some(choice) = entry.value.as_str() {
                let choice = choice.into();
                provides.push(Provides {
                    capability: entry.key.clone(),
                    choice,
                    origin: entry.value.origin(),
                });
            }
        }
        Some(Component {
            name: name.into(),
            shelf,
            node,
            provides,
            mixin: Mixin::default(),
            outline: None,
            parts: OnceLock::new(),
        })
    }

    /// Whether it can be used with a provider.
    #[must_use]
    pub fn fits(&self, provider: &str) -> bool {
        self.node
            .get("providers")
            .is_none_or(|list| list.items().iter().any(|p| p.as_str() == Some(provider)))
    }

    /// The choice by which it provides a capability.
    #[must_use]
    pub fn provides(&self, capability: &str) -> Option<&Provides> {
        self.provides
            .iter()
            .find(|provides| provides.capability == capability)
    }

    /// Whether the bootstrap installs it before the engine runs.
    #[must_use]
    pub fn is_bootstrap(&self) -> bool {
        self.node
            .get("bootstrap")
            .and_then(Node::as_bool)
            .unwrap_or(false)
    }

    /// Whether it stays in the cluster where a spec takes it out.
    #[must_use]
    pub fn stays(&self) -> bool {
        let keep = self.node.get("keep").and_then(Node::as_bool);
        keep.unwrap_or(false) || self.is_bootstrap()
    }

    /// Its compiled parts; what can't be compiled is reported to each cell that uses it.
    pub fn parts(&self, sources: &Sources, origins: &Origins, found: &mut Diagnostics) -> &Parts {
        let (parts, problems) = self.compiled(sources, origins);
        if !problems.is_empty() {
            found.append(problems.clone());
        }
        parts
    }

    /// Compiles its parts ahead of the first question for them.
    pub fn prepare(&self, sources: &Sources, origins: &Origins) {
        self.compiled(sources, origins);
    }

    fn compiled(&self, sources: &Sources, origins: &Origins) -> &(Parts, Diagnostics) {
        self.parts.get_or_init(|| self.compile(sources, origins))
    }

    fn compile(&self, sources: &Sources, origins: &Origins) -> (Parts, Diagnostics) {
        let mut found = Diagnostics::default();
        let mut part = |key: &str| {
            self.node
                .get(key)
                .map(|node| compile(node, sources, origins, &mut found))
        };
        let parts = Parts {
            requires: part("requires"),
            namespace: part("namespace"),
            chart: part("chart"),
            git: part("git"),
            values: part("values"),
            declares: part("declares"),
            objects: part("objects"),
            policies: part("policies"),
            secrets: part("secrets"),
            health: part("health"),
            drift: part("drift"),
            network: part("network"),
            needs: part("needs"),
        };
        (parts, found)
    }

    /// The kinds that it brings, by group, with who makes them: what its `declares.crds` states without evaluation.
    pub fn brings<'c>(&'c self) -> impl Iterator<Item = (&'c str, &'c str, &'c str)> + 'c {
        let crds = self
            .node
            .at(&["declares", "crds"])
            .map_or(&[][..], Node::items);
        crds.iter().flat_map(|crd| {
            let group = crd.str_at(&["group"]).unwrap_or("");
            let maker = crd.str_at(&["madeBy"]).unwrap_or("chart");
            let kinds = crd.get("kinds").map_or(&[][..], Node::entries);
            kinds
                .iter()
                .map(move |kind| (group, kind.key.as_str(), maker))
        })
    }
}
