//! In which kind of policy to speak: decided by what the cluster's components make and enforce, never by their names.

use crate::lower::Cx;
use crate::resolve::cluster::Cluster;
use std::net::IpAddr;
use syntax::{Diagnostic, Map, Node, OriginId};

/// The kind of policy that knows its peers by what they are.
const BY_IDENTITY: &str = "CiliumNetworkPolicy";
/// The capability of enforcing Kubernetes' own NetworkPolicy.
const ENFORCED: &str = "network.policies";

/// A kind of policy.
#[derive(Debug)]
pub struct Dialect {
    /// The component that makes the kind; `None` where the API server has it.
    pub maker: Option<usize>,
    /// What decided it.
    pub because: OriginId,
    /// The address blocks of nodes and of the API server, where they are needed.
    nodes: Vec<Node>,
    planes: Vec<Node>,
    outside: Vec<Node>,
}

/// The dialect of the cluster; `None` where nobody would enforce any, which is reported.
pub fn choose(cluster: &Cluster<'_>, setting: &Node, cx: &mut Cx<'_>) -> Option<Dialect> {
    for (at, component) in cluster.components.iter().enumerate() {
        for crd in component.declares.get("crds").map_or(&[][..], Node::items) {
            let kinds = crd.get("kinds").and_then(Node::as_map);
            if let Some(entry) = kinds.and_then(|kinds| kinds.entry(BY_IDENTITY)) {
                return Some(Dialect {
                    maker: Some(at),
                    because: entry.key_origin,
                    nodes: Vec::new(),
                    planes: Vec::new(),
                    outside: Vec::new(),
                });
            }
        }
    }
    let enforcer = cluster
        .components
        .iter()
        .find_map(|c| c.component.provides(ENFORCED));
    let Some(enforcer) = enforcer else {
        // Without components nothing is known: why there are none was said.
        if !cluster.components.is_empty() {
            unenforced(cluster, setting, cx);
        }
        return None;
    };
    Some(Dialect {
        maker: None,
        because: enforcer.origin,
        nodes: nodes(cluster, cx),
        planes: planes(cluster, cx),
        outside: not_pods(cluster, cx),
    })
}

impl Dialect {
    /// The shape of a policy that allows.
    #[must_use]
    pub fn shape(&self) -> &'static str {
        match self.maker {
            Some(_) => "kubernetes/network/by-identity",
            None => "kubernetes/network/by-address",
        }
    }

    /// The shape of the policy that denies.
    #[must_use]
    pub fn shape_of_deny(&self) -> &'static str {
        match self.maker {
            Some(_) => "kubernetes/network/by-identity-deny",
            None => "kubernetes/network/by-address-deny",
        }
    }

    /// The blocks of a peer that is no pod. The API server calls from its node, and a proxy on any other may carry it.
    #[must_use]
    pub fn blocks(&self, who: &str, inbound: bool) -> &[Node] {
        match who {
            "nodes" => &self.nodes,
            "kube-apiserver" if inbound => &self.nodes,
            "kube-apiserver" => &self.planes,
            "outside" => &self.outside,
            _ => &[],
        }
    }
}

/// The blocks of all nodes: their network where it is stated, else everything that is no pod.
fn nodes(cluster: &Cluster<'_>, cx: &mut Cx<'_>) -> Vec<Node> {
    if let Some(network) = cluster
        .at(&["network", "nodes"])
        .filter(|n| n.as_str().is_some())
    {
        return vec![block(network.clone(), &[])];
    }
    not_pods(cluster, cx)
}

/// Every address that is no pod's.
fn not_pods(cluster: &Cluster<'_>, cx: &mut Cx<'_>) -> Vec<Node> {
    let pods = cluster
        .at(&["network", "pods"])
        .map_or(&[][..], Node::items);
    let version =
        |six: bool| move |node: &&Node| node.as_str().is_some_and(|text| text.contains(':') == six);
    let reads: Vec<OriginId> = pods.iter().map(Node::origin).collect();
    let mut blocks = Vec::new();
    for (all, six) in [("0.0.0.0/0", false), ("::/0", true)] {
        let except: Vec<Node> = pods.iter().filter(version(six)).cloned().collect();
        if !except.is_empty() {
            blocks.push(block(
                cx.text("network-policies/not-pods", all, &reads),
                &except,
            ));
        }
    }
    blocks
}

/// The blocks of the control planes: their addresses and the one they share, where all of them are stated.
fn planes(cluster: &Cluster<'_>, cx: &mut Cx<'_>) -> Vec<Node> {
    let entries = cluster.at(&["nodes"]).map_or(&[][..], Node::entries);
    let planes = entries
        .iter()
        .filter(|entry| entry.value.str_at(&["role"]) == Some("controlplane"));
    let planes: Vec<&Node> = planes.map(|entry| &entry.value).collect();
    let mut addresses: Vec<&Node> = Vec::new();
    for plane in &planes {
        let one = plane.get("address").into_iter();
        let many = plane.get("addresses").map_or(&[][..], Node::items);
        addresses.extend(one.chain(many));
    }
    if planes.is_empty() || addresses.len() < planes.len() {
        return nodes(cluster, cx);
    }
    addresses.extend(cluster.at(&["network", "apiServer"]));
    let hosts = addresses
        .into_iter()
        .filter_map(|node| Some((node, host(node.as_str()?)?)));
    let hosts: Vec<(OriginId, String)> = hosts.map(|(node, host)| (node.origin(), host)).collect();
    hosts
        .into_iter()
        .map(|(origin, host)| {
            block(
                cx.text("network-policies/control-plane", host, &[origin]),
                &[],
            )
        })
        .collect()
}

/// An address as a block of one.
fn host(address: &str) -> Option<String> {
    let address = address.split('/').next().unwrap_or(address);
    match address.parse().ok()? {
        IpAddr::V4(address) => Some(format!("{address}/32")),
        IpAddr::V6(address) => Some(format!("{address}/128")),
    }
}

fn block(cidr: Node, except: &[Node]) -> Node {
    let origin = cidr.origin();
    let mut map = Map::default();
    map.set("cidr", origin, cidr);
    if !except.is_empty() {
        map.set("except", origin, Node::list(except.to_vec(), origin));
    }
    Node::map(map, origin)
}

/// A deny that nobody holds is worse than none: it looks safe.
fn unenforced(cluster: &Cluster<'_>, setting: &Node, cx: &mut Cx<'_>) {
    let cni = cluster.at(&["network", "cni"]);
    let chosen = cni.and_then(Node::as_str);
    let what = chosen.map_or_else(
        || "no network is chosen that".to_owned(),
        |cni| format!("`network.cni: {cni}`"),
    );
    let verb = if chosen.is_some() {
        "enforces no network policy"
    } else {
        "enforces network policies"
    };
    let able: Vec<&str> = cluster
        .platform
        .components
        .values()
        .filter(|c| c.fits(cluster.provider()) && c.provides(ENFORCED).is_some())
        .filter_map(|c| Some(c.provides("network.cni")?.choice.as_str()))
        .collect();
    let problem = Diagnostic::error(
        "unenforced-policy",
        format!(
            "`default-deny` can't hold in cluster `{}`: {what} {verb}",
            cluster.name
        ),
    )
    .at(cx.origins.place(setting.origin()), "asked for here")
    .at(
        cni.and_then(|cni| cx.origins.place(cni.origin())),
        "chosen here",
    );
    let problem = match able.as_slice() {
        [] => problem,
        _ => problem.help(format!(
            "choose a network that does: `network.cni: {}`",
            able.join("` or `")
        )),
    };
    cx.found
        .add(problem.help("or say openly that nothing is denied: `security: { network: open }`"));
}
