//! Raw volumes: those that components need, held to those that machines have.

use crate::lower::Cx;
use crate::lower::needs::Needs;
use crate::resolve::cluster::Cluster;
use syntax::{Diagnostic, Node, Text};

/// Reports what components need and machines lack.
pub fn check(cell: &Cluster<'_>, needs: &Needs, cx: &mut Cx<'_>) {
    for need in needs.get("rawVolumes").map_or(&[][..], Node::items) {
        let Some(name) = need.str_at(&["name"]) else {
            continue;
        };
        let have = raw_volumes(cell, name);
        let wanted = need.get("nodes").and_then(Node::as_i64);
        if i64::try_from(have).is_ok_and(|have| have < wanted.unwrap_or_default()) {
            cx.found.add(missing(cell, needs, need, name, have, cx));
        }
    }
}

/// How many machines have a raw volume of a name.
#[must_use]
pub fn raw_volumes(cell: &Cluster<'_>, name: &str) -> usize {
    let nodes = cell.facts.get("nodes").map_or(&[][..], Node::items);
    nodes.iter().filter(|node| is_raw(node, name)).count()
}

/// Whether a machine has a raw volume of that name. One that Talos encrypts is not raw to others.
fn is_raw(node: &Node, name: &str) -> bool {
    node.at(&["volumes", name]).is_some_and(|volume| {
        volume.get("raw").and_then(Node::as_bool) == Some(true)
            && volume.get("encryption").is_none_or(Node::is_null)
    })
}

fn missing(
    cell: &Cluster<'_>,
    needs: &Needs,
    need: &Node,
    name: &str,
    have: usize,
    cx: &Cx<'_>,
) -> Diagnostic {
    let who = asker(cell, needs, name);
    let wanted = need.get("nodes").and_then(Node::scalar_text);
    let mut problem = Diagnostic::error(
        "host-needs",
        format!(
            "`{}` needs a raw volume `{name}` on at least {}, and {}",
            who.0,
            match wanted.as_deref() {
                None | Some("1") => "one node".to_owned(),
                Some(wanted) => format!("{wanted} nodes"),
            },
            match have {
                0 => "no node has one".to_owned(),
                1 => "only one has it".to_owned(),
                have => format!("only {have} have one"),
            },
        ),
    )
    .at(cx.origins.place(who.1), "selected here");
    // A volume of that name that is not raw, or not to others, is what was meant.
    let nodes = cell.facts.get("nodes").map_or(&[][..], Node::items);
    for node in nodes.iter().filter(|node| !is_raw(node, name)) {
        if let Some(volume) = node.at(&["volumes", name]) {
            let label = if volume.get("encryption").is_some_and(|how| !how.is_null()) {
                "encrypted by Talos: others don't see it raw"
            } else {
                "not `raw: true`"
            };
            problem = problem.at(cx.origins.place(volume.origin()), label);
        }
    }
    problem
        .at(cx.origins.place(need.origin()), "needed here")
        .help(format!(
            "give a node a disk for it: `volumes: {{ {name}: {{ disk: /dev/nvme1n1, raw: true }} }}`"
        ))
}

/// The component that asked for a volume, and what selected it.
fn asker(cell: &Cluster<'_>, needs: &Needs, name: &str) -> (Text, syntax::OriginId) {
    let who = needs.asker("rawVolumes", name).unwrap_or_default();
    let because = cell.components.iter().find(|c| c.name == who);
    (
        who.into(),
        because.map_or(cell.because, |component| component.because),
    )
}
