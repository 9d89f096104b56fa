//! `larger-than-any-node`: there is a machine on which a pod fits.

use crate::lower::kubernetes::quantity;
use crate::rules::workload::{amounts, pod, standard};
use crate::rules::{Finding, Group, Level, Levels, On, Rule, Told, View, Workload};
use syntax::{Node, Text};

pub const RULE: Rule = Rule {
    id: "larger-than-any-node",
    group: Group::Cost,
    levels: Levels::all(Level::Error),
    page: include_str!("larger-than-any-node.md"),
    on: On::Cluster(check),
};

/// A resource of machines, and how it is read as a whole number and shown again.
struct Resource {
    key: &'static str,
    title: &'static str,
    read: fn(&str) -> Option<u64>,
    show: fn(u64) -> String,
}

const RESOURCES: [Resource; 2] = [
    Resource {
        key: "cpu",
        title: "CPU",
        read: quantity::cpu,
        show: quantity::show_cpu,
    },
    Resource {
        key: "memory",
        title: "memory",
        read: quantity::memory,
        show: quantity::show_memory,
    },
];

fn check(view: &View<'_>, told: &mut Told) {
    for resource in &RESOURCES {
        let Some((stated, most, text)) = largest(view, resource) else {
            continue;
        };
        for workload in view.workloads() {
            let (sum, container) = wanted(workload, resource);
            let Some(container) = container.filter(|_| sum > most) else {
                continue;
            };
            let title = workload.title();
            let amount = (resource.show)(sum);
            let what = resource.title;
            let request = amounts::request(view, workload, container, resource.key);
            let finding = Finding::new(format!(
                "a pod of {title} fits on no node: it asks for {amount} of {what}"
            ))
            .at(
                request.unwrap_or(container).origin(),
                format!("more than any node has ({text})"),
            )
            .at(stated.origin(), "the largest nodes")
            .help("ask for less, or make the machines larger: `size`, `workers`");
            standard::tell(told, workload, finding);
        }
    }
}

/// What the largest machines have of a resource, where machines are made to a size.
fn largest<'v>(view: &'v View<'_>, resource: &Resource) -> Option<(&'v Node, u64, Text)> {
    let cluster = view.cluster;
    // Containers share their workstation, and what metal has nobody says.
    cluster.at(&["infrastructure", "proxmox"])?;
    let size = cluster.at(&["size"])?.as_str()?;
    let of_size = cluster.at(&["sizes", size, resource.key])?;
    let own = cluster.at(&["workers", resource.key]);
    let amount = |node: &'v Node| {
        let text = node.scalar_text()?;
        Some((node, (resource.read)(&text)?, text))
    };
    let of_size = amount(of_size)?;
    match own {
        None => Some(of_size),
        // Taints may keep it off the control planes; it is certain only where neither is enough.
        Some(own) => amount(own).map(|own| if own.1 > of_size.1 { own } else { of_size }),
    }
}

/// What one pod asks for, at least, and the container that asks for most of it.
fn wanted<'v>(workload: &'v Workload<'_>, resource: &Resource) -> (u64, Option<&'v Node>) {
    let (mut sum, mut most, mut asks) = (0_u64, 0, None);
    for container in &workload.containers {
        let own = amounts::of(workload, container);
        let own = own.and_then(|own| {
            let request = pod::stated(own, &["requests", resource.key]);
            request.or_else(|| pod::stated(own, &["limits", resource.key]))
        });
        let text = own.and_then(Node::scalar_text).unwrap_or_default();
        let amount = (resource.read)(&text).unwrap_or(0);
        sum = sum.saturating_add(amount);
        if amount > most {
            (most, asks) = (amount, Some(*container));
        }
    }
    (sum, asks)
}
