//! The text of the script: parts that are the same everywhere, and between them what this cluster is.

use super::plan::{Credential, Plan, Source};
use crate::resolve::cluster::Cluster;
use crate::resolve::managers::PROVIDER;
use std::fmt::Write as _;
use syntax::{Node, OriginId};

const AGE: &str = include_str!("age.sh");
const COMMON: &str = include_str!("common.sh");
const HEAD: &str = include_str!("head.sh");
const KIND: &str = include_str!("kind.sh");
const KINDS: &str = include_str!("kinds.sh");
const MADE: &str = include_str!("made.sh");
const MAIN: &str = include_str!("main.sh");
const PLATFORM: &str = include_str!("platform.sh");
const RELEASE: &str = include_str!("release.sh");
const SEALED: &str = include_str!("sealed.sh");
const SECRETS: &str = include_str!("secrets.sh");
const STATED: &str = include_str!("stated.sh");
const TALOS: &str = include_str!("talos.sh");
const TRUSTS: &str = include_str!("trusts.sh");

/// How a cluster comes to be: what its script begins with.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Talos,
    Kind,
    /// Another cluster makes it and installs what it needs.
    Made,
}

/// A step: its name, and what it does in words.
type Step = (&'static str, &'static str);

/// The script of a cluster, and what it was made of.
pub fn write(cluster: &Cluster<'_>, plan: &Plan) -> (String, Vec<OriginId>) {
    let mut reads = plan.reads.clone();
    let way = match cluster.provider() {
        "talos" => Way::Talos,
        PROVIDER => Way::Made,
        _ => Way::Kind,
    };
    reads.extend(cluster.at(&["provider"]).map(Node::origin));
    let steps = steps(way, plan);
    let mut text = String::from(HEAD);
    facts(cluster, plan, &steps, way, &mut text, &mut reads);
    text.push_str(COMMON);
    text.push_str(match way {
        Way::Talos => TALOS,
        Way::Kind => KIND,
        Way::Made => MADE,
    });
    text.push_str(PLATFORM);
    if way != Way::Made {
        installs(plan, &mut text);
    }
    credentials(plan, &mut text);
    if way != Way::Made {
        engine(plan, &mut text);
    }
    text.push_str(MAIN);
    let ready = "access";
    let _ = writeln!(
        text,
        "[ -z \"$dry_run\" ] || say \"nothing is done, only shown\"\n"
    );
    for (name, what) in steps {
        if name == "namespaces" {
            let _ = writeln!(
                text,
                "[ -n \"$dry_run\" ] || [ -r \"$kubeconfig\" ] || fail \"there is no access to the cluster at $kubeconfig: begin at the step {ready}\""
            );
        }
        let _ = writeln!(text, "if step {name} '{what}'; then {name}; fi");
    }
    ending(plan, &mut text);
    reads.sort_unstable();
    reads.dedup();
    (text, reads)
}

fn steps(way: Way, plan: &Plan) -> Vec<Step> {
    let mut steps = vec![];
    match way {
        Way::Talos => {
            steps.push(("machines", "give each machine its configuration"));
            steps.push(("etcd", "begin the cluster on one of them"));
        }
        Way::Kind => steps.push(("machines", "make the containers that are its machines")),
        Way::Made => {}
    }
    steps.push(("access", "get access to the Kubernetes API"));
    steps.push(("namespaces", "make and label the namespaces"));
    if way != Way::Made && !plan.installs.is_empty() {
        steps.push(("install", "install what must run before Flux can"));
    }
    if plan.opens || plan.credential.is_some() {
        steps.push(("credentials", "give Flux what it needs to read and to open"));
    }
    if way != Way::Made && plan.engine.is_some() {
        steps.push(("flux", "start Flux"));
    }
    steps
}

/// What this cluster is, as variables.
fn facts(
    cluster: &Cluster<'_>,
    plan: &Plan,
    steps: &[Step],
    way: Way,
    text: &mut String,
    reads: &mut Vec<OriginId>,
) {
    let names: Vec<&str> = steps.iter().map(|(name, _)| *name).collect();
    let is_chart = |source: &Source| matches!(source, Source::Chart { .. });
    let installs = || plan.installs.iter().filter(|_| way != Way::Made);
    let mut tools = match way {
        Way::Talos => vec!["talosctl", "kubectl"],
        Way::Kind => vec!["kind", "kubectl"],
        Way::Made => vec!["kubectl"],
    };
    if installs().any(|install| is_chart(&install.source)) {
        tools.push("helm");
    }
    if installs().any(|install| !is_chart(&install.source)) {
        tools.push("git");
    }
    if matches!(plan.credential, Some((_, Credential::Sealed(_)))) {
        tools.push("sops");
    }
    let _ = writeln!(text, "platform={}", quoted(&cluster.platform.name));
    let _ = writeln!(text, "cluster={}", quoted(&cluster.name));
    let _ = writeln!(text, "tools=({})", tools.join(" "));
    let _ = writeln!(text, "steps=({})", names.join(" "));
    if way == Way::Made {
        let manager = cluster.at(&["managedBy"]);
        reads.extend(manager.map(Node::origin));
        let manager = manager.and_then(Node::as_str).unwrap_or_default();
        let _ = writeln!(text, "manager={}", quoted(manager));
    }
    if way == Way::Talos {
        machines(cluster, text, reads);
    }
    text.push('\n');
}

/// Each machine, as a line of a list.
fn machines(cluster: &Cluster<'_>, text: &mut String, reads: &mut Vec<OriginId>) {
    text.push_str(
        "# Each machine: its name, its role, and the address of its configuration.\nnodes=(\n",
    );
    for node in cluster.at(&["nodes"]).map_or(&[][..], Node::entries) {
        reads.push(node.key_origin);
        let role = node.value.get("role");
        let many = node
            .value
            .get("addresses")
            .and_then(|list| list.items().first());
        let address = node.value.get("address").or(many);
        reads.extend(role.into_iter().chain(address).map(Node::origin));
        let plain = |node: Option<&Node>| {
            let text = node.and_then(Node::as_str).unwrap_or_default().to_owned();
            text.split('/').next().unwrap_or_default().to_owned()
        };
        let role = role.and_then(Node::as_str).unwrap_or("worker");
        let line = format!("{} {role} {}", node.key, plain(address));
        let _ = writeln!(text, "  {}", quoted(line.trim_end()));
    }
    text.push_str(")\n");
}

fn installs(plan: &Plan, text: &mut String) {
    if plan.installs.is_empty() {
        return;
    }
    let is_chart = |source: &Source| matches!(source, Source::Chart { .. });
    if plan
        .installs
        .iter()
        .any(|install| !is_chart(&install.source))
    {
        text.push_str(KINDS);
    }
    if plan
        .installs
        .iter()
        .any(|install| is_chart(&install.source))
    {
        text.push_str(RELEASE);
    }
    text.push_str("install() {\n");
    for install in &plan.installs {
        let mut words = Vec::new();
        match &install.source {
            Source::Chart {
                release,
                namespace,
                timeout,
                chart,
                ..
            } => {
                text.push_str("  install_release");
                words
                    .extend([&install.unit, release, namespace, timeout].map(|word| word.as_str()));
                words.extend(chart.iter().map(|word| word.as_str()));
            }
            Source::Manifests(url) => {
                text.push_str("  install_kinds");
                words.extend([install.unit.as_str(), url]);
            }
        }
        for word in words {
            let _ = write!(text, " {}", quoted(word));
        }
        text.push('\n');
    }
    text.push_str("}\n\n");
}

fn credentials(plan: &Plan, text: &mut String) {
    if !plan.opens && plan.credential.is_none() {
        return;
    }
    text.push_str(SECRETS);
    let mut calls = String::new();
    if plan.opens {
        text.push_str(AGE);
        calls.push_str("  age_key\n");
    }
    match &plan.credential {
        Some((name, Credential::Sealed(file))) => {
            text.push_str(SEALED);
            let _ = writeln!(calls, "  sealed_secret {} {}", quoted(name), quoted(file));
        }
        Some((name, Credential::Missing(file))) => {
            text.push_str(STATED);
            let _ = writeln!(calls, "  stated_secret {} {}", quoted(name), quoted(file));
        }
        None => {}
    }
    if let Some((name, _)) = &plan.credential {
        if !plan.host_keys.is_empty() {
            text.push_str(TRUSTS);
        }
        for key in &plan.host_keys {
            let _ = writeln!(calls, "  trusts {} {}", quoted(name), quoted(key));
        }
    }
    let _ = writeln!(text, "credentials() {{\n{calls}}}\n");
}

/// The object from which Flux is made, as Flux then keeps it.
fn engine(plan: &Plan, text: &mut String) {
    let Some((path, name)) = &plan.engine else {
        return;
    };
    let unit = path.rsplit('/').nth(1).unwrap_or_default();
    let (unit, path) = (quoted(unit), quoted(path));
    let _ = writeln!(
        text,
        "flux() {{\n  kept {unit} || apply --filename \"$out/\"{path}\n  run kubectl --namespace {} wait fluxinstance/{name} --for=condition=Ready --timeout=10m\n}}\n",
        crate::lower::flux::NAMESPACE
    );
}

/// What comes after.
fn ending(plan: &Plan, text: &mut String) {
    text.push_str("\nsay \"\"\n");
    match &plan.follows {
        Some(url) => {
            let _ = writeln!(text, "say {}", quoted(&format!("Flux follows {url} from here on. To watch it:")));
        }
        None => text.push_str(
            "say 'Flux runs, and follows no repository: state source.git and build again. To look:'\n",
        ),
    }
    text.push_str("say \"  export KUBECONFIG=$kubeconfig\"\nsay \"  kubectl --namespace flux-system get kustomizations\"\n");
}

/// A word that a shell takes as it is.
fn quoted(word: &str) -> String {
    format!("'{}'", word.replace('\'', "'\\''"))
}
