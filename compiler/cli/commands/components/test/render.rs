//! What a chart really makes, by Helm, against what its component declares: kinds, names, containers, amounts, claims,
//! webhooks and Services. Only `--render` runs Helm: a build never does.

use super::charts::{Charts, Found};
use passes::evaluate::Enabled;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use syntax::parse::parse;
use syntax::{Diagnostic, Diagnostics, FileId, Node, Origins, print};

/// Kinds that run pods.
const WORKLOADS: [&str; 5] = ["CronJob", "DaemonSet", "Deployment", "Job", "StatefulSet"];

/// What became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rendered {
    /// It was not asked for, or there is no chart.
    Not(&'static str),
    /// Helm said no.
    Failed(String),
    /// It was compared.
    Compared,
}

/// What a chart makes, or a component says that it does: `KIND NAME`, with what is in it.
type Made = BTreeMap<String, Facts>;

/// The facts of an object that both sides state.
type Facts = BTreeMap<String, String>;

/// Renders and compares.
pub fn check(
    component: &Enabled<'_>,
    charts: &Charts,
    origins: &Origins,
    found: &mut Diagnostics,
) -> Rendered {
    let chart = match charts.find(&component.name, &component.chart) {
        Ok(Some(chart)) => chart,
        Ok(None) | Err(_) => return Rendered::Not("chart not at hand"),
    };
    if !chart.folder.join("templates").is_dir() {
        return Rendered::Not("the folder has no templates");
    }
    let Some(helm) = helm() else {
        return Rendered::Not("no helm on PATH");
    };
    let objects = match template(&helm, component, &chart) {
        Ok(objects) => objects,
        Err(problem) => return Rendered::Failed(problem),
    };
    compare(
        &made(&objects),
        &declared(component),
        component,
        origins,
        found,
    );
    Rendered::Compared
}

fn helm() -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|folder| folder.join("helm"))
        .find(|program| program.is_file())
}

/// The objects that Helm makes, hooks included.
fn template(helm: &Path, component: &Enabled<'_>, chart: &Found) -> Result<Vec<Node>, String> {
    let values = std::env::temp_dir().join(format!(
        "formwork-{}-{}.yaml",
        component.name,
        std::process::id()
    ));
    fs::write(&values, print::print(&component.values)).map_err(|error| error.to_string())?;
    let namespace = component.namespace_name().unwrap_or("default");
    let output = Command::new(helm)
        .arg("template")
        .arg(component.release.as_str().unwrap_or(&component.name))
        .arg(&chart.folder)
        .args(["--namespace", namespace, "--include-crds", "--values"])
        .arg(&values)
        .output();
    let _ = fs::remove_file(&values);
    let output = output.map_err(|error| error.to_string())?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        let last = said.lines().last().unwrap_or("it gives no reason");
        return Err(last.to_owned());
    }
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let mut problems = Diagnostics::default();
    let documents = parse(FileId(0), &text, &mut Origins::default(), &mut problems);
    Ok(documents
        .into_iter()
        .map(|document| document.node)
        .collect())
}

/// What was rendered, as far as `declares` has words for it.
fn made(objects: &[Node]) -> Made {
    let mut made = Made::new();
    for object in objects {
        let kind = object.str_at(&["kind"]).unwrap_or_default();
        let name = object.str_at(&["metadata", "name"]).unwrap_or_default();
        let id = format!("{kind} {name}");
        match kind {
            kind if WORKLOADS.contains(&kind) => {
                let pod: &[&str] = match kind {
                    "CronJob" => &[
                        "spec",
                        "jobTemplate",
                        "spec",
                        "template",
                        "spec",
                        "containers",
                    ],
                    _ => &["spec", "template", "spec", "containers"],
                };
                let containers = object.at(pod).map_or(&[][..], Node::items);
                made.insert(
                    id,
                    containers_of(containers, |c, part| c.at(&["resources", part])),
                );
                for claim in object
                    .at(&["spec", "volumeClaimTemplates"])
                    .map_or(&[][..], Node::items)
                {
                    let claim = claim.str_at(&["metadata", "name"]).unwrap_or_default();
                    made.insert(format!("claim {claim}-{name}-0"), Facts::new());
                }
            }
            "PersistentVolumeClaim" => {
                made.insert(format!("claim {name}"), Facts::new());
            }
            "Service" => {
                made.insert(id, Facts::new());
            }
            "ValidatingWebhookConfiguration" | "MutatingWebhookConfiguration" => {
                for hook in object.get("webhooks").map_or(&[][..], Node::items) {
                    let service = hook.str_at(&["clientConfig", "service", "name"]);
                    made.extend(
                        service.map(|service| (format!("webhook {service}"), Facts::new())),
                    );
                }
            }
            "CustomResourceDefinition" => {
                let kind = object
                    .str_at(&["spec", "names", "kind"])
                    .unwrap_or_default();
                made.insert(format!("CRD {kind}"), Facts::new());
            }
            _ => {}
        }
    }
    made
}

/// What the component says that its chart makes.
fn declared(component: &Enabled<'_>) -> Made {
    let list = |key: &str| component.declares.get(key).map_or(&[][..], Node::items);
    let name = |node: &Node, key: &str| node.str_at(&[key]).unwrap_or_default().to_owned();
    let mut made = Made::new();
    for workload in list("workloads") {
        let containers = workload.get("containers").map_or(&[][..], Node::items);
        made.insert(
            format!("{} {}", name(workload, "kind"), name(workload, "name")),
            containers_of(containers, |container, part| container.get(part)),
        );
    }
    let named = |noun: &str, key: &str, by: &str| -> Vec<(String, Facts)> {
        let nodes = list(key).iter();
        nodes
            .map(|node| (format!("{noun} {}", name(node, by)), Facts::new()))
            .collect()
    };
    made.extend(named("Service", "services", "name"));
    made.extend(named("webhook", "webhooks", "service"));
    made.extend(named("claim", "claims", "name"));
    for crd in list("crds")
        .iter()
        .filter(|crd| crd.str_at(&["madeBy"]) != Some("operator"))
    {
        let kinds = crd.get("kinds").map_or(&[][..], Node::entries);
        made.extend(
            kinds
                .iter()
                .map(|kind| (format!("CRD {}", kind.key), Facts::new())),
        );
    }
    made
}

/// Each container with its amounts.
fn containers_of<'n>(
    containers: &'n [Node],
    part: impl Fn(&'n Node, &str) -> Option<&'n Node>,
) -> Facts {
    let mut facts = Facts::new();
    for container in containers {
        let name = container.str_at(&["name"]).unwrap_or_default();
        facts.insert(format!("container {name}"), String::new());
        for which in ["requests", "limits"] {
            for amount in part(container, which).map_or(&[][..], Node::entries) {
                let value = amount.value.scalar_text().unwrap_or_default();
                facts.insert(
                    format!("container {name} {which}.{}", amount.key),
                    value.to_string(),
                );
            }
        }
    }
    facts
}

fn compare(
    made: &Made,
    declared: &Made,
    component: &Enabled<'_>,
    origins: &Origins,
    found: &mut Diagnostics,
) {
    let place = origins.place(component.declares.origin());
    // Findings at one place are told apart by what is said there.
    let mut say = |about: &str, message: String, help: &str| {
        let problem = Diagnostic::error("not-as-declared", message);
        found.add(problem.at(place, about).help(help));
    };
    // A claim may be declared by the beginning of its name.
    let is = |declared: &str, made: &str| match declared.strip_suffix('*') {
        Some(beginning) => made.starts_with(beginning),
        None => declared == made,
    };
    for (id, facts) in made {
        let Some((_, said)) = declared.iter().find(|(declared, _)| is(declared, id)) else {
            say(
                id,
                format!("the chart makes {id}, which is not declared"),
                "add it to `declares`",
            );
            continue;
        };
        let keys: BTreeSet<&String> = facts.keys().chain(said.keys()).collect();
        for key in keys {
            let (really, said) = (facts.get(key), said.get(key));
            if really != said {
                let show = |value: Option<&String>| match value.map(String::as_str) {
                    Some("") => "there".to_owned(),
                    Some(value) => format!("`{value}`"),
                    None => "not there".to_owned(),
                };
                say(
                    &format!("{id}, {key}"),
                    format!(
                        "{id}, {key}: declared {}, rendered {}",
                        show(said),
                        show(really)
                    ),
                    "mend `declares`, or the values",
                );
            }
        }
    }
    for id in declared
        .keys()
        .filter(|id| !made.keys().any(|made| is(id, made)))
    {
        say(
            id,
            format!("{id} is declared, and the chart does not make it"),
            "take it out of `declares`, or mend the values",
        );
    }
}
