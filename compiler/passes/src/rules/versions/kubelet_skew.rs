//! `kubelet-skew`: a kubelet is never newer than its API server, and not much older.

use crate::rules::{Finding, Group, Level, Levels, On, Rule, Told, View};
use model::form::image_tag;
use model::object::Content;
use model::versions::{Minor, minor, shown};
use syntax::{Node, OriginId};

pub const RULE: Rule = Rule {
    id: "kubelet-skew",
    group: Group::Versions,
    levels: Levels::all(Level::Error),
    page: include_str!("kubelet-skew.md"),
    on: On::Cluster(check),
};

/// How many minor versions a kubelet may be behind.
const BEHIND: u64 = 3;

fn check(view: &View<'_>, told: &mut Told) {
    let machines = || {
        let yaml = view
            .documents
            .iter()
            .filter_map(|document| match &document.content {
                Content::Yaml(nodes) => Some(nodes.as_slice()),
                Content::Text { .. } | Content::Copied(_) => None,
            });
        yaml.flatten()
    };
    let servers =
        machines().filter_map(|machine| version(machine, &["cluster", "apiServer", "image"]));
    // The oldest decides: every kubelet may talk to any of them.
    let Some((server, at)) = servers.min_by_key(|(version, _)| *version) else {
        return;
    };
    for machine in machines() {
        let Some((kubelet, origin)) = version(machine, &["machine", "kubelet", "image"]) else {
            continue;
        };
        let label = if kubelet > server {
            "newer than the API server that it talks to"
        } else if kubelet.0 == server.0 && kubelet.1 + BEHIND < server.1 {
            "more than three minor versions behind"
        } else {
            continue;
        };
        told.add(
            Finding::new(format!(
                "a kubelet of {} talks to an API server of {}",
                shown(kubelet),
                shown(server)
            ))
            .at(origin, label)
            .at(at, "the API server")
            .help("upgrade the control planes first, and then the kubelets")
            .because(view.cluster.because),
        );
    }
}

/// The version of an image that a machine's configuration states.
fn version(machine: &Node, path: &[&str]) -> Option<(Minor, OriginId)> {
    let image = machine.at(path)?;
    Some((minor(image_tag(image.as_str()?)?)?, image.origin()))
}
