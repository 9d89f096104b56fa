//! What the compiler's own decisions are called by people. Sorted by name; a test holds it complete.

/// The name of each rule as origins carry it, and what it says in `explain`.
#[rustfmt::skip]
pub const RULES: &[(&str, &str)] = &[
    ("cluster/api-server", "the provider decides where the API server is reached from inside"),
    ("cluster/count", "nodes are counted from the cluster's nodes, or its size"),
    ("cluster/dns", "cluster DNS is the tenth address of the first service network"),
    ("cluster/domain", "a cluster made by a template gets its own name below the platform's domain"),
    ("cluster/endpoint", "the API server's address, as it is reached from outside"),
    ("cluster/path", "a cluster's Kustomizations stand below the output's path in the repository"),
    ("cluster/row", "a template's range makes this cluster"),
    ("cluster/schedulable", "nodes that take workloads are counted"),
    ("component/object", "an object of a component that was selected"),
    ("component/patched", "a patch changes the objects that its target names"),
    ("component/selected", "a setting, a switch or a requirement selects the component"),
    ("emit/kustomization", "each folder lists its files and the labels that all of its objects share"),
    ("emit/listed", "each file of a folder is listed in its kustomization.yaml"),
    ("flux/depends-on", "a unit waits for what its first apply would fail without"),
    ("flux/drift", "paths that others own are left alone"),
    ("flux/health", "a unit is healthy when what it installs is"),
    ("flux/install", "each component's chart or repository is installed by its first unit"),
    ("flux/keep-state", "what holds state is never pruned"),
    ("flux/path", "one folder is one unit"),
    ("flux/unit", "each unit is reconciled by one Kustomization"),
    ("network/host", "the address with this number in the cluster's nodes network"),
    ("network/pool", "the block of the pool with the cluster's id as its number"),
    ("source/path", "the output folder, as it stands in the repository"),
];

/// What a rule says; its name where nobody described it.
#[must_use]
pub fn words(name: &'static str) -> &'static str {
    RULES
        .binary_search_by(|(known, _)| (*known).cmp(name))
        .ok()
        .and_then(|at| RULES.get(at))
        .map_or(name, |(_, words)| words)
}
