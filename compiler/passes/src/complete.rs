//! What a component lacks that a reviewer would ask for: each thing at the line where it belongs, with what to write.

use crate::evaluate::Enabled;
use crate::unfinished;
use serde_json::Value;
use syntax::{Diagnostic, Diagnostics, Node, OriginId, Origins};

/// Amounts that every container states. No limit of CPU: it slows a container down that nobody is in need of.
const AMOUNTS: [(&str, &str); 3] = [
    ("requests", "cpu"),
    ("requests", "memory"),
    ("limits", "memory"),
];

/// Says what a component lacks, as it is in one cluster. `schema` is that of component files: what it has no key for is not
/// asked for.
pub fn check(component: &Enabled<'_>, schema: &Value, origins: &Origins, found: &mut Diagnostics) {
    let mut check = Check {
        component,
        origins,
        found,
    };
    check.replaced(&component.component.node);
    check.head();
    check.options();
    check.workloads();
    check.alerts(schema);
    check.claims(schema);
}

struct Check<'a> {
    component: &'a Enabled<'a>,
    origins: &'a Origins,
    found: &'a mut Diagnostics,
}

impl Check<'_> {
    fn lacks(&mut self, message: impl Into<String>, at: OriginId, label: &str, help: &str) {
        let place = self.origins.place(at).or(self.name_place());
        self.found.add(
            Diagnostic::error("incomplete", message)
                .at(place, label)
                .help(help),
        );
    }

    fn wants(&mut self, message: impl Into<String>, at: OriginId, label: &str, help: &str) {
        let place = self.origins.place(at).or(self.name_place());
        self.found.add(
            Diagnostic::warning("incomplete", message)
                .at(place, label)
                .help(help),
        );
    }

    fn name_place(&self) -> Option<syntax::Span> {
        let name = self.component.component.node.get("name")?;
        self.origins.place(name.origin())
    }

    /// The key of a part of the file, or the component's name where it has none.
    fn key(&self, key: &str) -> OriginId {
        let node = &self.component.component.node;
        let entry = |key: &str| node.as_map().and_then(|map| map.entry(key));
        let entry = entry(key).or(entry("name"));
        entry.map_or_else(OriginId::default, |entry| entry.key_origin)
    }

    fn has(&self, key: &str) -> bool {
        self.component.component.node.get(key).is_some()
    }

    /// What a starter left to people.
    fn replaced(&mut self, node: &Node) {
        for mark in unfinished::marks(node) {
            let problem = "this is still to be written";
            self.lacks(problem, mark.origin, "to replace", &mark.help);
        }
    }

    fn head(&mut self) {
        let installs = !self.component.chart.is_null() || !self.component.git.is_null();
        if installs && !self.has("declares") {
            let source = if self.has("chart") { "chart" } else { "git" };
            self.lacks(
                "nothing says what it makes",
                self.key(source),
                "no rule, quota or network policy can see what this makes",
                "add `declares` with its workloads, services, webhooks, crds and claims, as `helm template` shows them",
            );
        }
        if !self.component.chart.is_null() && !self.has("release") {
            self.wants(
                "the name of its Helm release is not stated",
                self.key("chart"),
                "a renamed copy of the component would get other names",
                "add `release: NAME`, as `declares` has it",
            );
        }
    }

    fn options(&mut self) {
        let options = self.component.component.node.get("options").cloned();
        for option in options.as_ref().map_or(&[][..], Node::entries) {
            let has = |key: &str| option.value.get(key).is_some();
            let is_typed = ["type", "enum", "anyOf", "oneOf", "const"]
                .into_iter()
                .any(has);
            for (good, what) in [(is_typed, "type"), (has("description"), "description")] {
                if !good {
                    let help = match what {
                        "type" => "add `type: string`, or what it is: an editor can then check it",
                        _ => "add `description: ...`: an editor shows it",
                    };
                    self.lacks(
                        format!("option `{}` has no {what}", option.key),
                        option.key_origin,
                        &format!("no {what}"),
                        help,
                    );
                }
            }
        }
    }

    fn workloads(&mut self) {
        let declares = self.component.declares.clone();
        let workloads = declares.get("workloads").map_or(&[][..], Node::items);
        for workload in workloads {
            let kind = workload.str_at(&["kind"]).unwrap_or("workload");
            let name = workload.str_at(&["name"]).unwrap_or_default();
            for container in workload.get("containers").map_or(&[][..], Node::items) {
                self.container(container, &format!("{kind} `{name}`"));
            }
        }
        if workloads.is_empty() {
            return;
        }
        if self.component.namespace.is_null() {
            self.lacks(
                "it runs pods and has no namespace",
                self.key("namespace"),
                "where do they run?",
                "add `namespace: { name: NAME, podSecurity: restricted, because: WHY }`",
            );
        }
        let on_hosts =
            |workload: &Node| workload.get("hostNetwork").and_then(Node::as_bool) == Some(true);
        if !self.has("network") && !workloads.iter().all(on_hosts) {
            self.lacks(
                "the flows of its pods are not stated",
                self.key("network"),
                "where a cluster denies by default they could not exchange anything",
                "add `network: { egress: [...], ingress: [...] }`; `network: { egress: [], ingress: [] }` where DNS is all they need",
            );
        }
    }

    fn container(&mut self, container: &Node, of: &str) {
        let missing: Vec<String> = AMOUNTS
            .iter()
            .filter(|(part, amount)| container.at(&[part, amount]).is_none())
            .map(|(part, amount)| format!("{part}.{amount}"))
            .collect();
        if missing.is_empty() {
            return;
        }
        let name = container.str_at(&["name"]).unwrap_or_default();
        self.lacks(
            format!("container `{name}` of {of} states no {}", missing.join(", no ")),
            container.origin(),
            "without them a quota can't hold, and the scheduler guesses",
            "set the chart's resources in `values`, and refer to them: `requests: \"${{ values.resources.requests }}\"`",
        );
    }

    /// Alerts for what runs, and what to do about them.
    fn alerts(&mut self, schema: &Value) {
        let knows = |key: &str| schema.pointer(&format!("/properties/{key}")).is_some();
        let workloads = self
            .component
            .declares
            .get("workloads")
            .map_or(&[][..], Node::items);
        let is_hook = |workload: &Node| workload.get("hook").and_then(Node::as_bool) == Some(true);
        let runs = workloads.iter().any(|workload| !is_hook(workload));
        if knows("alerts") && runs && !self.has("alerts") {
            self.wants(
                "nobody is told when it fails",
                self.key("name"),
                "it has no alerts",
                "add `alerts: alerts.yaml` and the file, with rule groups as Prometheus writes them",
            );
        }
        if knows("runbook") && self.has("alerts") && !self.has("runbook") {
            self.wants(
                "its alerts have no runbook",
                self.key("alerts"),
                "what is to be done about them?",
                "add `runbook: runbook.md` and the file, with a section `## AlertName` for each alert",
            );
        }
    }

    /// What is kept, and what its loss means.
    fn claims(&mut self, schema: &Value) {
        let declares = self.component.declares.clone();
        let workloads = declares.get("workloads").map_or(&[][..], Node::items);
        if !workloads.is_empty() && declares.get("claims").is_none() {
            self.wants(
                "nothing says what it keeps on volumes",
                self.key("declares"),
                "no claims are declared",
                "add `claims: []` to `declares` where it keeps nothing, else each with name, size and class",
            );
        }
        let stance = ["data", "backup"].into_iter().find(|key| {
            schema
                .pointer(&format!("/$defs/Claim/properties/{key}"))
                .is_some()
        });
        let claims = declares.get("claims").map_or(&[][..], Node::items);
        let silent = claims
            .iter()
            .filter(|claim| stance.is_some_and(|key| claim.get(key).is_none()));
        for claim in silent.cloned().collect::<Vec<_>>() {
            let name = claim.str_at(&["name"]).unwrap_or_default();
            self.wants(
                format!("claim `{name}` does not say what its loss means"),
                claim.origin(),
                "backups can't know",
                &format!(
                    "add `{}`, as docs/components.md has it",
                    stance.unwrap_or_default()
                ),
            );
        }
    }
}
