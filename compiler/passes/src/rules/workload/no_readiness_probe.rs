//! `no-readiness-probe`: requests reach a pod when it can answer them.

use super::beside::Beside;
use super::{pod, selector, standard};
use crate::rules::{Finding, Group, Level, Levels, On, Rule, Subject, Told, View, Workload};
use syntax::Node;

pub const RULE: Rule = Rule {
    id: "no-readiness-probe",
    group: Group::Workload,
    levels: Levels::of(Level::Note, Level::Warning),
    page: include_str!("no-readiness-probe.md"),
    on: On::Cluster(check),
};

fn check(view: &View<'_>, told: &mut Told) {
    let services = Beside::of(view, &["Service"]);
    for (workload, spec) in standard::pods(view) {
        if workload.ends() || pod::stated(spec, &["readinessGates"]).is_some() {
            continue;
        }
        let beside = services.within(&workload.id.namespace).iter();
        for service in beside.filter(|service| leads_to(service, workload)) {
            let ports = service.object.node.at(&["spec", "ports"]);
            let ports = ports.map_or(&[][..], Node::items).iter();
            let mut answering = ports.filter_map(|port| answers(port, workload));
            if let Some(container) = answering.find(|it| !is_asked(it)) {
                standard::tell(told, workload, finding(container, workload, service));
                break;
            }
        }
    }
}

fn finding(container: &Node, workload: &Workload<'_>, service: &Subject<'_>) -> Finding {
    let title = pod::title(container, workload);
    let name = &service.object.id.name;
    let left_out = pod::left_out(container, "readinessProbe");
    Finding::new(format!("{title} is not asked whether it is ready"))
        .at(
            left_out.unwrap_or_else(|| container.origin()),
            format!("Service `{name}` sends it requests as soon as it runs"),
        )
        .help("add a `readinessProbe` that answers once it can serve, of an app `probes: { path: /ready }`")
}

/// Whether a Service sends what it gets to the pods of a workload, once they are ready.
fn leads_to(service: &Subject<'_>, workload: &Workload<'_>) -> bool {
    let Some(spec) = service.object.node.get("spec") else {
        return false;
    };
    let wanted = spec.get("selector").map_or(&[][..], Node::entries);
    !wanted.is_empty()
        && !pod::is_true(spec.get("publishNotReadyAddresses"))
        && wanted
            .iter()
            .all(|it| selector::has(workload.labels, &it.key, it.value.as_str()))
}

/// The container that listens where a port of a Service leads.
fn answers<'a>(port: &Node, workload: &Workload<'a>) -> Option<&'a Node> {
    let target = pod::stated(port, &["targetPort"]).or_else(|| port.get("port"))?;
    let listens = |container: &&&Node| {
        let ports = container.get("ports").map_or(&[][..], Node::items);
        ports.iter().any(|own| match target.as_str() {
            Some(name) => own.str_at(&["name"]) == Some(name),
            None => own.get("containerPort").and_then(Node::as_i64) == target.as_i64(),
        })
    };
    let found = workload.containers.iter().find(listens).copied();
    // Ports need not be stated: then a single container is the one.
    found.or(match workload.containers.as_slice() {
        [only] => Some(only),
        _ => None,
    })
}

/// Whether something says when a container can serve; one that starts in its own time is asked at least then.
fn is_asked(container: &Node) -> bool {
    let mut probes = ["readinessProbe", "startupProbe"].iter();
    probes.any(|probe| pod::stated(container, &[probe]).is_some())
}
