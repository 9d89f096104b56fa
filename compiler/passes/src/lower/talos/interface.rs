//! One link as its document: physical, bond, bridge or VLAN, with addresses, routes and DHCP.

use super::address::with_prefix;
use super::disk::matches;
use super::make::Make;
use syntax::{Entry, Map, Node, OriginId};

/// A link that becomes a document.
pub struct Link {
    /// The kind of its document.
    pub kind: &'static str,
    /// Its name.
    pub name: Node,
    /// What only its kind has.
    pub own: Vec<(&'static str, Node)>,
    /// Its addresses.
    pub addresses: Vec<Node>,
    /// Its routes, as Talos writes them.
    pub routes: Vec<Node>,
    /// Its largest packet.
    pub mtu: Option<Node>,
    /// How it asks a DHCP server.
    pub dhcp: Option<Node>,
    /// Why it is there.
    pub because: OriginId,
}

impl Link {
    /// A link without anything.
    pub fn new(kind: &'static str, name: Node, because: OriginId) -> Self {
        Link {
            kind,
            name,
            own: Vec::new(),
            addresses: Vec::new(),
            routes: Vec::new(),
            mtu: None,
            dhcp: None,
            because,
        }
    }

    /// With what the spec says of every interface.
    pub fn with(mut self, said: &Node, nodes: Option<&Node>, make: &mut Make<'_>) -> Self {
        let addresses = said.get("addresses").map_or(&[][..], Node::items).iter();
        self.addresses = addresses
            .map(|address| with_prefix(address, nodes, make))
            .collect();
        self.routes = said
            .get("routes")
            .map_or(&[][..], Node::items)
            .iter()
            .map(route)
            .collect();
        self.mtu = said.get("mtu").cloned();
        self.dhcp = said.get("dhcp").filter(|dhcp| !dhcp.is_off()).cloned();
        self
    }
}

/// What only bridges have.
pub fn bridge(link: &mut Link, bridge: &Node) {
    for (key, into, inner) in [
        ("stp", "stp", "enabled"),
        ("vlanFiltering", "vlan", "filtering"),
    ] {
        if let Some(value) = bridge.get(key) {
            link.own.push((
                into,
                Node::from_entries([(inner, value.clone())], value.origin()),
            ));
        }
    }
}

/// A link as its document.
pub fn written(link: Link, make: &mut Make<'_>) -> Node {
    let Link {
        kind,
        name,
        own,
        addresses,
        routes,
        mtu,
        because,
        ..
    } = link;
    let mut document = make.document(kind, Some(name));
    for (key, value) in own {
        document.set(key, value.origin(), value);
    }
    if let Some(mtu) = mtu {
        document.set("mtu", mtu.origin(), mtu);
    }
    // The lists are there because of their items; the document itself says what decided that.
    let list = make.origins.rule("talos/document", &[]);
    if !addresses.is_empty() {
        let item = |address: Node| {
            let origin = address.origin();
            Node::from_entries([("address", address)], origin)
        };
        document.set(
            "addresses",
            list,
            Node::list(addresses.into_iter().map(item), list),
        );
    }
    if !routes.is_empty() {
        document.set("routes", list, Node::list(routes, list));
    }
    Node::map(document, because)
}

/// How a link asks a DHCP server.
pub fn dhcp_documents(link: &Node, how: &Node, make: &mut Make<'_>) -> Vec<Node> {
    let asks = |key: &str, default: bool| how.get(key).and_then(Node::as_bool).unwrap_or(default);
    let kinds = [
        ("DHCPv4Config", asks("ipv4", true)),
        ("DHCPv6Config", asks("ipv6", false)),
    ];
    let mut documents = Vec::new();
    for (kind, _) in kinds.into_iter().filter(|(_, asks)| *asks) {
        let mut document = make.document(kind, Some(link.clone()));
        if let Some(metric) = how.get("routeMetric") {
            document.set("routeMetric", metric.origin(), metric.clone());
        }
        documents.push(Node::map(document, how.origin()));
    }
    documents
}

/// A route as Talos writes it: the default route has no destination.
pub fn route(route: &Node) -> Node {
    let mut map = Map::default();
    for entry in route.entries() {
        let key = match entry.key.as_str() {
            "to" if entry.value.as_str().is_some_and(|to| to.ends_with("/0")) => continue,
            "to" => "destination",
            "via" => "gateway",
            other => other,
        };
        map.push(Entry {
            key: key.into(),
            ..entry.clone()
        });
    }
    Node::map(map, route.origin())
}

/// A physical link as Talos' expression (CEL) over `link`.
pub fn selector(selector: &Node, make: &mut Make<'_>) -> Node {
    if let (Some(only), 1) = (selector.get("match"), selector.entries().len()) {
        return only.clone();
    }
    let term = |entry: &Entry| {
        let text = entry.value.as_str()?;
        Some(match entry.key.as_str() {
            "mac" => matches("mac(link.permanent_addr)", text),
            "driver" => matches("link.driver", text),
            "busPath" => matches("link.bus_path", text),
            _ => format!("({text})"),
        })
    };
    let terms: Vec<String> = selector.entries().iter().filter_map(term).collect();
    let reads: Vec<OriginId> = selector
        .entries()
        .iter()
        .map(|entry| entry.value.origin())
        .collect();
    make.text("talos/link-selector", terms.join(" && "), &reads)
}

/// Whether a text is a MAC address.
#[must_use]
pub fn is_mac(text: &str) -> bool {
    text.split(':').count() == 6
        && text
            .split(':')
            .all(|part| part.len() == 2 && part.bytes().all(|b| b.is_ascii_hexdigit()))
}
