//! One cluster, everything decided: its settings merged, its identity derived, its components chosen and evaluated.

use super::choice::spelt_out;
use super::select::{Asked, Need, Selected, select};
use super::{
    ClusterSpec, Platform, backup, check, counts, derive, level_rules, managers, nodes, recovery,
};
use crate::apps;
use crate::component::Component;
use crate::evaluate::{Enabled, evaluate};
use crate::rules::own::admission;
use crate::template::Scope;
use syntax::merge::merge;
use syntax::{Diagnostics, Map, Node, OriginId, Origins, Text};

/// The keys of a cluster's entry that are no settings: templates see them below `cluster`.
const IDENTITY: [&str; 15] = [
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
    "managedBy",
    "infrastructure",
    "workers",
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
    pub facts: Node,
    /// What templates see.
    pub scope: Scope,
    /// Each capability and its choice.
    pub choices: Node,
    /// Its components in dependency order, and then its apps.
    pub components: Vec<Enabled<'p>>,
    /// Why the cluster is there.
    pub because: OriginId,
    /// Whether its settings are wrong: its components are then not evaluated, what templates would say only repeats it.
    pub wrong: bool,
}

impl Cluster<'_> {
    /// Its provider: `talos`, `kind` or `capi`.
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
    resolve_part(platform, spec, &|_| true, origins, found)
}

/// Decides a cluster, as far as some of its components are concerned: the others are chosen, and not evaluated.
pub fn resolve_part<'p>(
    platform: &'p Platform,
    spec: &ClusterSpec,
    wanted: &dyn Fn(&Component) -> bool,
    origins: &mut Origins,
    found: &mut Diagnostics,
) -> Cluster<'p> {
    let settings = decided(platform, spec, origins, found);
    let facts = facts(platform, spec, &settings, origins, found);
    let base = scope(platform, &settings, &facts);
    let provider: Text = settings.str_at(&["provider"]).unwrap_or_default().into();
    let placed = apps::of_cluster(platform, spec, &base, origins, found);
    let needs: Vec<Need> = placed.iter().flat_map(|app| app.needs.clone()).collect();
    let asked = Asked {
        provider: &provider,
        settings: &settings,
        needs: &needs,
    };
    let selection = select(platform, asked, &base, origins, found);
    let choices = Node::map(selection.choices, spec.name_origin);
    let scope = base.with_choices(choices.clone());
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
        let chosen = chosen.filter(|selected| wanted(selected.component));
        let components =
            chosen.map(|selected: Selected<'p>| evaluate(&cluster, selected, origins, found));
        let mut components = components.collect::<Vec<Enabled<'p>>>();
        let apps = placed.iter();
        components.extend(apps.filter_map(|app| apps::evaluate(&cluster, app, origins, found)));
        cluster.components = components;
        admission::extend(&mut cluster, origins);
        recovery::check(&cluster, origins, found);
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
    backup::complete(&mut settings, (&spec.name, spec.name_origin), origins);
    let manages = platform.managers.contains_key(&spec.name);
    check::check(spec, &settings, manages, origins, found);
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
    let own = spec.layers.iter().map(|layer| spelt_out(layer.clone()));
    let own = own.reduce(|base, over| merge(base, over, &rules, origins, found));
    let own = own.unwrap_or_else(|| Node::map(Map::default(), spec.name_origin));
    let level = platform.level(own.str_at(&["tier"]));
    let mut settings = merge(level.clone(), own, &rules, origins, found);
    settle(&mut settings);
    settings
}

/// Replaces each section that is off by `false`, except below `components`, where the entry itself is asked.
pub fn settle(node: &mut Node) {
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
    counts::counts(settings, &mut map, origins);
    let machines = nodes::nodes(settings, origins, found);
    map.set("nodes", machines.origin(), machines);
    endpoints(spec, settings, &mut map, origins);
    if let Some(manages) = managers::facts(platform, &spec.name, origins) {
        map.set("manages", manages.origin(), manages);
    }
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
        Some(managers::PROVIDER) => (made_endpoint(spec, settings, &mut reads), 6443),
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

/// Where the API server of a cluster that Cluster API makes is: the control planes' own address, or the container that
/// balances over them.
fn made_endpoint(spec: &ClusterSpec, settings: &Node, reads: &mut Vec<OriginId>) -> Text {
    let address = settings.at(&["network", "apiServer"]);
    match address.and_then(|node| Some((node.origin(), node.as_str()?))) {
        Some((origin, address)) => {
            reads.push(origin);
            address.into()
        }
        None => ecow::eco_format!("{}-lb", spec.name),
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
fn scope(platform: &Platform, settings: &Node, facts: &Node) -> Scope {
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
        .with("cluster", facts.clone())
        .with("platform", Node::map(about, name));
    for entry in settings
        .entries()
        .iter()
        .filter(|entry| !IDENTITY.contains(&entry.key.as_str()))
    {
        scope.bind(entry.key.clone(), entry.value.clone());
    }
    scope
}
