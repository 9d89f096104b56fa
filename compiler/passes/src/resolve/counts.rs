//! How many nodes a cluster has, and how many of them take workloads.

use syntax::{Map, Node, OriginId, Origins};

/// How many nodes there are, and how many take workloads.
pub fn counts(settings: &Node, map: &mut Map, origins: &mut Origins) {
    let (planes, workers, how_many, roles) = match settings.get("nodes") {
        Some(nodes) => {
            let entries = nodes.entries();
            let roles: Vec<&Node> = entries.iter().filter_map(|e| e.value.get("role")).collect();
            let planes = roles
                .iter()
                .filter(|r| r.as_str() == Some("controlplane"))
                .count();
            let reads = roles.iter().map(|role| role.origin()).collect();
            (planes, entries.len() - planes, vec![nodes.origin()], reads)
        }
        None => of_size(settings),
    };
    let allow = settings.get("allowSchedulingOnControlPlanes");
    let shared = allow.and_then(Node::as_bool).unwrap_or(false);
    let all = origins.rule("cluster/count", &how_many);
    let by_role = [how_many, roles].concat();
    let origin = origins.rule("cluster/count", &by_role);
    // Where control planes take workloads too, roles decide nothing.
    let mut reads = if shared { vec![all] } else { by_role };
    reads.extend(allow.map(Node::origin));
    let schedulable = if shared || workers == 0 {
        planes + workers
    } else {
        workers
    };
    let shared = origins.rule("cluster/schedulable", &reads);
    let mut set = |key: &str, value: usize, origin: OriginId| {
        let value = i64::try_from(value).unwrap_or(i64::MAX);
        map.set(key, origin, Node::integer(value, origin));
    };
    set("controlPlanes", planes, origin);
    set("workers", workers, origin);
    set("nodeCount", planes + workers, all);
    set("schedulable", schedulable, shared);
}

/// The control planes and workers that a size means, and what says so.
fn of_size(settings: &Node) -> (usize, usize, Vec<OriginId>, Vec<OriginId>) {
    let size = settings.get("size");
    let name = size.and_then(Node::as_str).unwrap_or_default();
    let mut reads: Vec<OriginId> = size.map(Node::origin).into_iter().collect();
    let mut count = |key: &str| {
        let node = settings.at(&["sizes", name, key])?;
        reads.push(node.origin());
        usize::try_from(node.as_i64()?).ok()
    };
    let planes = count("controlPlanes").unwrap_or(1);
    let workers = count("workers").unwrap_or(0);
    let stated = settings.at(&["workers", "count"]);
    let workers = match stated.and_then(|own| Some((own.origin(), own.as_i64()?))) {
        Some((origin, own)) => {
            reads.push(origin);
            usize::try_from(own).unwrap_or(workers)
        }
        None => workers,
    };
    (planes, workers, reads, Vec::new())
}
