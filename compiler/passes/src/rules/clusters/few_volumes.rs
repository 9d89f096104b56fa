//! `few-volumes`: what keeps several copies has as many machines to keep them on.

use crate::evaluate::Enabled;
use crate::lower::talos::raw_volumes;
use crate::rules::{Finding, Group, Level, Levels, On, Rule, Told, View};
use syntax::Node;

pub const RULE: Rule = Rule {
    id: "few-volumes",
    group: Group::Clusters,
    levels: Levels::all(Level::Warning),
    page: include_str!("few-volumes.md"),
    on: On::Cluster(check),
};

fn check(view: &View<'_>, told: &mut Told) {
    if view.cluster.provider() != "talos" {
        return;
    }
    for component in &view.cluster.components {
        let needs = component.needs.at(&["talos", "rawVolumes"]);
        for need in needs.map_or(&[][..], Node::items) {
            few(view, component, need, told);
        }
    }
}

/// Fewer than a component needs at all is an error of the compiler.
fn few(view: &View<'_>, component: &Enabled<'_>, need: &Node, told: &mut Told) {
    let advised = need.get("advised").and_then(Node::as_i64);
    let (Some(name), Some(advised)) = (need.str_at(&["name"]), advised) else {
        return;
    };
    let have = raw_volumes(view.cluster, name);
    if i64::try_from(have).is_ok_and(|have| have >= advised) {
        return;
    }
    let because = need.str_at(&["because"]).unwrap_or_default();
    let verb = if have == 1 { "has one" } else { "have one" };
    let message = format!(
        "`{}` should have a raw volume `{name}` on {advised} nodes, and {have} {verb}: {because}",
        component.name
    );
    told.add(
        Finding::new(message)
            .component(&component.name)
            .at(component.because, "selected here")
            .help(format!(
                "give more nodes a disk for it: `volumes: {{ {name}: {{ disk: /dev/nvme1n1, raw: true }} }}`"
            )),
    );
}
