//! A component in a cluster: its options filled, its templates evaluated, the user's overrides merged in.

use crate::chart::outline::{self, Override};
use crate::component::{Component, Parts};
use crate::resolve::cluster::Cluster;
use crate::resolve::select::Selected;
use crate::template::{Evaluator, Scope, Template};
use syntax::merge::{MergeRules, merge};
use syntax::{Diagnostic, Diagnostics, Map, Node, OriginId, Origins, Text};

/// A component as one cluster has it.
#[derive(Debug)]
pub struct Enabled<'p> {
    /// The component.
    pub component: &'p Component,
    /// Its name.
    pub name: Text,
    /// What selected it.
    pub because: OriginId,
    /// The components that must be there before it.
    pub after: Vec<Text>,
    /// Its namespace, `{name, podSecurity, because}`; null where it needs none.
    pub namespace: Node,
    /// Its chart, with the version that holds; null where it has none.
    pub chart: Node,
    /// Its manifests in a Git repository, with the tag that holds; null where it has none.
    pub git: Node,
    /// The name of its Helm release.
    pub release: Node,
    /// The version that holds; null where it has none.
    pub version: Node,
    /// Its Helm values.
    pub values: Node,
    /// What its chart makes.
    pub declares: Node,
    /// Its plain objects, the user's included.
    pub objects: Vec<Node>,
    /// Built-in policies that it enforces at admission.
    pub policies: Node,
    /// Secrets that must be sealed for it.
    pub secrets: Node,
    /// What must be healthy beside its release.
    pub health: Node,
    /// Paths that others own.
    pub drift: Node,
    /// The flows of its pods.
    pub network: Node,
    /// What it needs of the hosts.
    pub needs: Node,
    /// The user's patches over its objects.
    pub patches: Vec<Node>,
    /// What its templates see.
    pub scope: Scope,
    /// What is known of the app that it is; `None` for a component.
    pub app: Option<Node>,
}

impl Enabled<'_> {
    /// The name of its namespace.
    #[must_use]
    pub fn namespace_name(&self) -> Option<&str> {
        self.namespace.str_at(&["name"])
    }

    /// What people call it.
    #[must_use]
    pub fn title(&self) -> String {
        let kind = if self.app.is_some() {
            "app"
        } else {
            "component"
        };
        format!("{kind} `{}`", self.name)
    }

    /// Whether it only brings kinds: nothing of it runs.
    #[must_use]
    pub fn only_brings_kinds(&self) -> bool {
        let workloads = self.declares.get("workloads").map_or(&[][..], Node::items);
        workloads.is_empty() && self.objects.is_empty() && !self.declares.entries().is_empty()
    }
}

/// Evaluates a component for a cluster.
pub fn evaluate<'p>(
    cluster: &Cluster<'_>,
    selected: Selected<'p>,
    origins: &mut Origins,
    found: &mut Diagnostics,
) -> Enabled<'p> {
    let Selected {
        component,
        because,
        after,
    } = selected;
    let platform = cluster.platform;
    let parts = component.parts(&platform.sources, &platform.origins, found);
    let said = cluster
        .at(&["components", &component.name])
        .cloned()
        .unwrap_or_else(|| Node::null(because));
    let mut run = Run {
        because,
        origins,
        found,
    };
    let options = run.options(component, &said);
    let scope = cluster.scope.clone().with("options", options);
    let namespace = run.part(parts.namespace.as_ref(), &scope);
    let scope = scope.with("component", run.about(component, &namespace, &said));
    let (chart, git, version) = run.installed(parts, &scope, &said);
    let values = run.part(parts.values.as_ref(), &scope);
    let values = run.overridden(values, component, &chart, &said);
    let inner = scope.with("values", values.clone());
    let list = |key: &str| said.get(key).map_or(&[][..], Node::items);
    let mut objects = run.part(parts.objects.as_ref(), &inner).items().to_vec();
    objects.extend(list("objects").iter().cloned());
    Enabled {
        name: component.name.clone(),
        because,
        after,
        chart,
        git,
        release: run.release(component, &said),
        version,
        declares: run.part(parts.declares.as_ref(), &inner),
        objects,
        policies: run.part(parts.policies.as_ref(), &inner),
        secrets: run.part(parts.secrets.as_ref(), &inner),
        health: run.part(parts.health.as_ref(), &inner),
        drift: run.part(parts.drift.as_ref(), &inner),
        network: run.part(parts.network.as_ref(), &inner),
        needs: run.part(parts.needs.as_ref(), &inner),
        namespace: run.adopted(namespace, &said),
        values,
        patches: list("patches").to_vec(),
        scope: inner,
        app: None,
        component,
    }
}

struct Run<'a> {
    because: OriginId,
    origins: &'a mut Origins,
    found: &'a mut Diagnostics,
}

impl Run<'_> {
    fn part(&mut self, template: Option<&Template>, scope: &Scope) -> Node {
        let Some(template) = template else {
            return Node::null(self.because);
        };
        let node = Evaluator::new(self.origins, self.found).eval(template, scope);
        node.unwrap_or_else(|| Node::null(self.because))
    }

    /// What installs it, chart or repository, and the version that holds.
    fn installed(&mut self, parts: &Parts, scope: &Scope, said: &Node) -> (Node, Node, Node) {
        let chart = self.part(parts.chart.as_ref(), scope);
        let (chart, version) = self.versioned(chart, "version", said);
        let git = self.part(parts.git.as_ref(), scope);
        let (git, tag) = self.versioned(git, "tag", said);
        (chart, git, if version.is_null() { tag } else { version })
    }

    /// What the spec says, over the defaults that the component states.
    fn options(&mut self, component: &Component, said: &Node) -> Node {
        let mut options = Map::default();
        for option in component.node.get("options").map_or(&[][..], Node::entries) {
            if let Some(default) = option.value.get("default") {
                options.set(option.key.clone(), default.origin(), default.clone());
            }
        }
        let defaults = Node::map(options, self.because);
        match said.get("options") {
            Some(said) => merge(
                defaults,
                said.clone(),
                &MergeRules::none(),
                self.origins,
                self.found,
            ),
            None => defaults,
        }
    }

    /// What `component` means in its templates.
    fn about(&mut self, component: &Component, namespace: &Node, said: &Node) -> Node {
        let mut about = Map::default();
        about.set(
            "name",
            self.because,
            Node::string(component.name.clone(), self.because),
        );
        let adopted = said.at(&["adopt", "namespace"]).or(namespace.get("name"));
        if let Some(name) = adopted {
            about.set("namespace", name.origin(), name.clone());
        }
        let stated = component
            .node
            .at(&["chart", "version"])
            .or(component.node.at(&["git", "tag"]));
        if let Some(version) = said.get("version").or(stated) {
            about.set("version", version.origin(), version.clone());
        }
        let release = self.release(component, said);
        about.set("release", release.origin(), release);
        Node::map(about, self.because)
    }

    fn release(&mut self, component: &Component, said: &Node) -> Node {
        let stated = said
            .at(&["adopt", "release"])
            .or(component.node.get("release"));
        stated
            .cloned()
            .unwrap_or_else(|| Node::string(component.name.clone(), self.because))
    }

    /// A namespace that a running cluster already uses for it.
    fn adopted(&mut self, mut namespace: Node, said: &Node) -> Node {
        if let Some(name) = said.at(&["adopt", "namespace"])
            && let Some(map) = namespace.as_map_mut()
        {
            map.set("name", name.origin(), name.clone());
        }
        namespace
    }

    /// A chart or repository with the version that holds, and that version.
    fn versioned(&mut self, mut node: Node, key: &str, said: &Node) -> (Node, Node) {
        let Some(map) = node.as_map_mut() else {
            return (node, Node::null(self.because));
        };
        if let Some(version) = said.get("version") {
            map.set(key, version.origin(), version.clone());
        }
        let version = map
            .get(key)
            .cloned()
            .unwrap_or_else(|| Node::null(self.because));
        (node, version)
    }

    /// The computed values with the user's merged over them; an override that changes nothing, or names no value
    /// of the chart, is a warning.
    fn overridden(
        &mut self,
        values: Node,
        component: &Component,
        chart: &Node,
        said: &Node,
    ) -> Node {
        let Some(over) = said.get("values") else {
            return values;
        };
        if let Some(outline) = &component.outline {
            let over = Override {
                said: over,
                computed: &values,
                chart,
                name: &component.name,
            };
            outline::check(&over, outline, self.origins, self.found);
        }
        for (pointer, leaf) in over.leaves() {
            if values
                .find(&pointer)
                .is_some_and(|computed| computed == leaf)
            {
                self.found.add(
                    Diagnostic::warning(
                        "no-effect",
                        format!("`values` override `{pointer}` changes nothing"),
                    )
                    .at(self.origins.place(leaf.origin()), "is this value already")
                    .help("take it out: the component computes the same"),
                );
            }
        }
        if values.as_map().is_none() {
            return over.clone();
        }
        merge(
            values,
            over.clone(),
            &MergeRules::none(),
            self.origins,
            self.found,
        )
    }
}
