//! One cluster, everything decided: its settings merged, its identity derived, its components chosen and evaluated.

use super::select::{Selected, select};
use super::{ClusterSpec, Platform, check, derive, level_rules, nodes};
use crate::evaluate::{Enabled, evaluate};
use crate::template::Scope;
use std::sync::Arc;
use syntax::merge::merge;
use syntax::{Diagnostics, Map, Node, OriginId, Origins, Text};

/// The keys of a cluster's entry that are no settings: templates see them below `cluster`.
const IDENTITY: [&str; 12] = [
    "tier",
    "provider",
    "size",
    "versions",
    "id",
    "domain",
    "machine",
    "roles",
    "nodes",
    "kind",
    "from",
    "allowSchedulingOnControlPlanes",
];

/// A cluster with everything decided, and the origins and findings of its cell.
#[derive(Debug)]
pub struct Cluster<'p> {
    /// The platform it belongs to.
    pub platform: &'p Platform,
    /// Its name.
    pub name: Text,
    /// Its settings and its own facts, merged.
    pub settings: Node,
    /// What `cluster` means in templates.
    pub facts: Arc<Node>,
    /// What templates see.
    pub scope: Scope,
    /// Each capability and its choice.
    pub choices: Arc<Node>,
    /// Its components in dependency order.
    pub components: Vec<Enabled<'p>>,
    /// Why the cluster is there.
    pub because: OriginId,
    /// Whether its settings are wrong: its components are then not evaluated, what templates would say only repeats it.
    pub wrong: bool,
}

impl Cluster<'_> {
    /// Its provider: `talos` or `kind`.
    #[must_use]
    pub fn provider(&self) -> &str {
        self.settings.str_at(&["provider"]).unwrap_or_default()
    }

    /// A setting or fact by its path.
    #[must_use]
    pub fn at(&self, path: &[&str]) -> Option<&Node> {
        self.settings.at(path)
    }
}

/// Decides a cluster.
pub fn resolve_cluster<'p>(
    platform: &'p Platform,
    spec: &ClusterSpec,
    origins: &mut Origins,
    found: &mut Diagnostics,
) -> Cluster<'p> {
    let settings = decided(platform, spec, origins, found);
    let facts = Arc::new(facts(platform, spec, &settings, origins, found));
    let base = scope(platform, &settings, &facts);
    let provider: Text = settings.str_at(&["provider"]).unwrap_or_default().into();
    let selection = select(platform, &provider, &settings, &base, origins, found);
    let choices = Arc::new(Node::map(selection.choices, spec.name_origin));
    let scope = base.with_choices(Arc::clone(&choices));
    let mut cluster = Cluster {
        platform,
        name: spec.name.clone(),
        settings,
        facts,
        scope,
        choices,
        components: Vec::new(),
        because: spec.name_origin,
        wrong: found.has_errors(),
    };
    if !cluster.wrong {
        let chosen = selection.components.into_iter();
        let components =
            chosen.map(|selected: Selected<'p>| evaluate(&cluster, selected, origins, found));
        cluster.components = components.collect::<Vec<Enabled<'p>>>();
    }
    cluster
}

/// The settings of a cluster: merged, derived and checked.
pub fn decided(
    platform: &Platform,
    spec: &ClusterSpec,
    origins: &mut Origins,
    found: &mut Diagnostics,
) -> Node {
    let mut settings = merged(platform, spec, origins, found);
    derive::derive(&mut settings, origins, found);
    check::check(spec, &settings, origins, found);
    settings
}

/// The levels of a cluster, merged; sections that are off read as `false`.
pub fn merged(
    platform: &Platform,
    spec: &ClusterSpec,
    origins: &mut Origins,
    found: &mut Diagnostics,
) -> Node {
    let rules = level_rules();
    let own = spec.layers.iter().map(|layer| (**layer).clone());
    let own = own.reduce(|base, over| merge(base, over, &rules, origins, found));
    let own = own.unwrap_or_else(|| Node::map(Map::default(), spec.name_origin));
    let level = platform.level(own.str_at(&["tier"]));
    let mut settings = merge((**level).clone(), own, &rules, origins, found);
    settle(&mut settings);
    settings
}

/// Replaces each section that is off by `false`, except below `components`, where the entry itself is asked.
fn settle(node: &mut Node) {
    if let Some(map) = node.as_map_mut() {
        for entry in map.entries_mut() {
            if entry.key == "components" {
                continue;
            }
            let switch = entry.value.as_map().and_then(Map::switch);
            if let Some((false, origin)) = switch {
                entry.value = Node::bool(false, origin);
            } else {
                settle(&mut entry.value);
            }
        }
    }
}

/// What `cluster` means in templates.
fn facts(
    platform: &Platform,
    spec: &ClusterSpec,
    settings: &Node,
    origins: &mut Origins,
    found: &mut Diagnostics,
) -> Node {
    let mut map = Map::default();
    let name = spec.name_origin;
    map.set("name", name, Node::string(spec.name.clone(), name));
    for key in ["tier", "provider", "size", "id", "versions"] {
        if let Some(value) = settings.get(key) {
            map.set(key, key_of(settings, key), value.clone());
        }
    }
    if let Some(domain) = domain(platform, spec, settings, origins) {
        map.set("domain", key_of(settings, "domain"), domain);
    }
    for key in ["pods", "services"] {
        if let Some(value) = settings.at(&["network", key]) {
            map.set(key, value.origin(), value.clone());
        }
    }
    if let Some(services) = settings
        .at(&["network", "services"])
        .and_then(|list| list.items().first())
        && let Some(dns) = services.as_str().and_then(tenth)
    {
        let origin = origins.rule("cluster/dns", &[services.origin()]);
        map.set("dns", origin, Node::string(dns, origin));
    }
    counts(settings, &mut map, origins);
    let machines = nodes::nodes(settings, origins, found);
    map.set("nodes", machines.origin(), machines);
    endpoints(spec, settings, &mut map, origins);
    let path = crate::emit::layout::repository_path(platform, settings, origins);
    let flux = origins.rule("cluster/path", &[path.origin(), name]);
    let text = ecow::eco_format!(
        "{}/clusters/{}/flux",
        path.as_str().unwrap_or_default(),
        spec.name
    );
    map.set(
        "path",
        flux,
        Node::string(text.trim_start_matches('/'), flux),
    );
    Node::map(map, name)
}

/// The cluster's domain: its own, else the platform's, below its name where it is a row of a template.
fn domain(
    platform: &Platform,
    spec: &ClusterSpec,
    settings: &Node,
    origins: &mut Origins,
) -> Option<Node> {
    let domain = settings.get("domain")?;
    let stated = spec
        .layers
        .iter()
        .any(|layer| layer.get("domain").is_some());
    if stated || !spec.templated || platform.settings().get("domain").is_none() {
        return Some(domain.clone());
    }
    let origin = origins.rule("cluster/domain", &[spec.name_origin, domain.origin()]);
    Some(Node::string(
        ecow::eco_format!("{}.{}", spec.name, domain.as_str()?),
        origin,
    ))
}

/// Where a fact is stated: what `is defined` reads.
fn key_of(settings: &Node, key: &str) -> OriginId {
    let entry = settings.as_map().and_then(|map| map.entry(key));
    entry.map_or_else(OriginId::default, |entry| entry.key_origin)
}

/// How many nodes there are, and how many take workloads.
fn counts(settings: &Node, map: &mut Map, origins: &mut Origins) {
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
    (planes, workers, reads, Vec::new())
}

/// Where the API server is, from inside and from outside.
fn endpoints(spec: &ClusterSpec, settings: &Node, map: &mut Map, origins: &mut Origins) {
    let provider = settings.get("provider");
    let mut reads = vec![spec.name_origin];
    reads.extend(provider.map(Node::origin));
    let (host, port) = match provider.and_then(Node::as_str) {
        Some("kind") => {
            let planes = map.get("controlPlanes");
            reads.extend(planes.map(Node::origin));
            let planes = planes.and_then(Node::as_i64).unwrap_or(1);
            let role = if planes > 1 {
                "external-load-balancer"
            } else {
                "control-plane"
            };
            (ecow::eco_format!("{}-{role}", spec.name), 6443)
        }
        // KubePrism: each Talos node balances over all control planes itself.
        _ => (Text::from("localhost"), 7445),
    };
    let origin = origins.rule("cluster/api-server", &reads);
    let inside = Node::from_entries(
        [
            ("host", Node::string(host, origin)),
            ("port", Node::integer(port, origin)),
        ],
        origin,
    );
    map.set("apiServer", origin, inside);
    if let Some(address) = settings.at(&["network", "apiServer"])
        && let Some(text) = address.as_str()
    {
        let origin = origins.rule("cluster/endpoint", &[address.origin()]);
        let host = if text.contains(':') {
            ecow::eco_format!("[{text}]")
        } else {
            text.into()
        };
        map.set(
            "endpoint",
            origin,
            Node::string(ecow::eco_format!("https://{host}:6443"), origin),
        );
    }
}

/// The tenth address of a network: where cluster DNS listens.
fn tenth(cidr: &str) -> Option<Text> {
    let (base, _) = cidr.split_once('/')?;
    Some(match base.parse().ok()? {
        std::net::IpAddr::V4(base) => {
            ecow::eco_format!(
                "{}",
                std::net::Ipv4Addr::from(u32::from(base).checked_add(10)?)
            )
        }
        std::net::IpAddr::V6(base) => {
            ecow::eco_format!(
                "{}",
                std::net::Ipv6Addr::from(u128::from(base).checked_add(10)?)
            )
        }
    })
}

/// What templates see: `cluster`, `platform` and each section of settings by its name.
fn scope(platform: &Platform, settings: &Node, facts: &Arc<Node>) -> Scope {
    let mut about = Map::default();
    let name = platform
        .spec
        .get("name")
        .map_or(OriginId::default(), Node::origin);
    about.set("name", name, Node::string(platform.name.clone(), name));
    if let Some(domain) = platform.settings().get("domain") {
        about.set("domain", domain.origin(), domain.clone());
    }
    let mut scope = Scope::default()
        .with("cluster", Arc::clone(facts))
        .with("platform", Arc::new(Node::map(about, name)));
    for entry in settings
        .entries()
        .iter()
        .filter(|entry| !IDENTITY.contains(&entry.key.as_str()))
    {
        scope.bind(entry.key.clone(), Arc::new(entry.value.clone()));
    }
    scope
}
