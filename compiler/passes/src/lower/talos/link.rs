//! Links, bonds, bridges, VLANs, addresses and routes of a machine, as documents.
//!
//! The *main link* carries the machine's own address. It may be a physical link, which gets the alias `net0` where it
//! is found by a property and not by name, or one of the bonds and bridges; with `vlan` the address lies on a VLAN.

use super::disk::matches;
use super::make::Make;
use std::net::IpAddr;
use syntax::{Entry, Kind, Map, Node, OriginId, Text};

/// What a machine's links are made from.
pub struct Wanted<'a> {
    /// The machine's facts, merged.
    pub facts: &'a Node,
    /// The cluster's `network` settings.
    pub network: &'a Node,
    /// The shared address of the control plane, on its machines.
    pub vip: Option<&'a Node>,
    /// Why the machine is there.
    pub because: OriginId,
}

/// The documents, and whether the machine has an address at all.
pub struct Links {
    /// The documents in reading order.
    pub documents: Vec<Node>,
    /// Whether some link has an address or asks a DHCP server.
    pub addressed: bool,
}

/// A link that becomes a document.
struct Link {
    kind: &'static str,
    name: Node,
    own: Vec<(&'static str, Node)>,
    addresses: Vec<Node>,
    routes: Vec<Node>,
    mtu: Option<Node>,
    dhcp: Option<Node>,
    because: OriginId,
}

/// The documents of a machine's links.
pub fn links(wanted: &Wanted<'_>, make: &mut Make<'_>) -> Links {
    let mut net = Net { wanted, make, aliases: Vec::new(), links: Vec::new() };
    let main = net.main();
    net.physical();
    net.grouped("bonds", "BondConfig");
    net.grouped("bridges", "BridgeConfig");
    net.vlans(&main);
    let carrier = net.carrier(&main);
    net.address(&carrier);
    let Net { aliases, links, .. } = net;
    let mut addressed = false;
    let mut documents = aliases;
    let mut dhcp = Vec::new();
    for link in links {
        addressed |= !link.addresses.is_empty();
        if let Some(how) = link.dhcp.clone() {
            dhcp.extend(dhcp_documents(&link.name, &how, make));
        }
        documents.push(written(link, make));
    }
    addressed |= !dhcp.is_empty();
    documents.extend(dhcp);
    if let Some(vip) = wanted.vip {
        let mut document = make.document("Layer2VIPConfig", Some(vip.clone()), vip.origin());
        document.set("link", carrier.origin(), carrier.clone());
        documents.push(Node::map(document, vip.origin()));
    }
    Links { documents, addressed }
}

struct Net<'a, 'm> {
    wanted: &'a Wanted<'a>,
    make: &'a mut Make<'m>,
    aliases: Vec<Node>,
    links: Vec<Link>,
}

impl Net<'_, '_> {
    /// The fact, else the cluster's setting of the same name.
    fn fact_or_network(&self, key: &str) -> Option<Node> {
        self.wanted.facts.get(key).or_else(|| self.wanted.network.get(key)).cloned()
    }

    /// The name of the main link; a physical one is made here.
    fn main(&mut self) -> Node {
        let facts = self.wanted.facts;
        let name = match facts.get("link") {
            Some(link) => {
                let known = |section: &str| facts.get(section).and_then(|all| all.get(link.as_str()?)).is_some();
                if known("bonds") || known("bridges") || known("links") {
                    return link.clone();
                }
                self.found_by(link, "net0")
            }
            None => {
                // Physical Ethernet: not a bond, a bridge or a tunnel.
                let only = "link.type == 1 && link.kind == \"\"";
                let only = self.make.text("talos/only-link", only, &[self.wanted.because]);
                let name = self.make.text("talos/main-link", "net0", &[self.wanted.because]);
                self.alias(name, only)
            }
        };
        self.links.push(Link::new("LinkConfig", name.clone(), self.wanted.because));
        name
    }

    /// The name of a link that is stated by name, MAC address or selector; the latter two get an alias.
    fn found_by(&mut self, link: &Node, alias: &str) -> Node {
        let term = match link.as_str() {
            Some(mac) if is_mac(mac) => Some(format!("mac(link.permanent_addr) == {mac:?}")),
            Some(_) => return link.clone(),
            None => None,
        };
        let expression = match term {
            Some(term) => self.make.text("talos/link-selector", term, &[link.origin()]),
            None => selector(link, self.make),
        };
        let name = self.make.text("talos/link-alias", alias, &[link.origin()]);
        self.alias(name, expression)
    }

    fn alias(&mut self, name: Node, expression: Node) -> Node {
        let because = expression.origin();
        let mut document = self.make.document("LinkAliasConfig", Some(name.clone()), because);
        document.set("selector", because, Node::from_entries([("match", expression)], because));
        self.aliases.push(Node::map(document, because));
        name
    }

    /// Further physical links.
    fn physical(&mut self) {
        let nodes = self.wanted.network.get("nodes");
        for entry in self.wanted.facts.get("links").map_or(&[][..], Node::entries) {
            let name = Node::string(entry.key.clone(), entry.key_origin);
            let found = entry.value.get("mac").or_else(|| entry.value.get("selector"));
            if let Some(found) = found {
                let expression = match found.as_str() {
                    Some(mac) => {
                        let term = format!("mac(link.permanent_addr) == {mac:?}");
                        self.make.text("talos/link-selector", term, &[found.origin()])
                    }
                    None => selector(found, self.make),
                };
                self.alias(name.clone(), expression);
            }
            self.links.push(Link::new("LinkConfig", name, entry.value.origin()).with(&entry.value, nodes, self.make));
        }
    }

    /// Bonds and bridges.
    fn grouped(&mut self, section: &str, kind: &'static str) {
        let nodes = self.wanted.network.get("nodes");
        for entry in self.wanted.facts.get(section).map_or(&[][..], Node::entries) {
            let name = Node::string(entry.key.clone(), entry.key_origin);
            let mut members = Vec::new();
            let listed = entry.value.get("links");
            for (at, member) in listed.map_or(&[][..], Node::items).iter().enumerate() {
                members.push(self.found_by(member, &format!("{}p{at}", entry.key)));
            }
            let mut link = Link::new(kind, name, entry.value.origin()).with(&entry.value, nodes, self.make);
            let origin = listed.map_or(entry.value.origin(), Node::origin);
            link.own.push(("links", Node::list(members, origin)));
            if kind == "BondConfig" {
                self.bond(&mut link, &entry.value);
            } else {
                bridge(&mut link, &entry.value);
            }
            self.links.push(link);
        }
    }

    fn bond(&mut self, link: &mut Link, bond: &Node) {
        let mode = bond.get("mode").cloned();
        let mode = mode.unwrap_or_else(|| self.make.text("talos/bond-mode", "active-backup", &[bond.origin()]));
        link.own.push(("bondMode", mode));
        match bond.get("miimon") {
            Some(miimon) => link.own.push(("miimon", miimon.clone())),
            None => {
                let origin = self.make.origins.rule("talos/bond-miimon", &[bond.origin()]);
                link.own.push(("miimon", Node::integer(100, origin)));
            }
        }
        for key in ["updelay", "downdelay", "lacpRate", "xmitHashPolicy"] {
            if let Some(value) = bond.get(key) {
                link.own.push((key, value.clone()));
            }
        }
    }

    fn vlans(&mut self, main: &Node) {
        let nodes = self.wanted.network.get("nodes");
        for entry in self.wanted.facts.get("vlans").map_or(&[][..], Node::entries) {
            let name = Node::string(entry.key.clone(), entry.key_origin);
            let mut link = Link::new("VLANConfig", name, entry.value.origin()).with(&entry.value, nodes, self.make);
            if let Some(id) = entry.value.get("id") {
                link.own.push(("vlanID", id.clone()));
            }
            link.own.push(("parent", entry.value.get("parent").unwrap_or(main).clone()));
            self.links.push(link);
        }
    }

    /// The link that carries the machine's address: the main link, or a VLAN of it.
    fn carrier(&mut self, main: &Node) -> Node {
        let Some(vlan) = self.fact_or_network("vlan") else { return main.clone() };
        let text = format!("{}.{}", main.as_str().unwrap_or_default(), vlan.scalar_text().unwrap_or_default());
        let name = self.make.text("talos/vlan", text, &[vlan.origin(), main.origin()]);
        let mut link = Link::new("VLANConfig", name.clone(), vlan.origin());
        link.own.push(("vlanID", vlan));
        link.own.push(("parent", main.clone()));
        let mtu = self.fact_or_network("mtu");
        if let Some(under) = self.link(main) {
            under.mtu = mtu.or(under.mtu.take());
        }
        self.links.push(link);
        name
    }

    /// The machine's own addresses, routes and DHCP, on the link that carries them.
    fn address(&mut self, carrier: &Node) {
        let facts = self.wanted.facts;
        let stated = facts.get("address");
        let dhcp = match facts.get("dhcp") {
            Some(dhcp) => Some(dhcp.clone()),
            None if stated.is_none() && facts.get("addresses").is_none() => {
                let origin = self.make.origins.rule("talos/dhcp", &[self.wanted.because]);
                let elsewhere = self.links.iter().any(|link| !link.addresses.is_empty() || link.dhcp.is_some());
                (!elsewhere).then(|| Node::bool(true, origin))
            }
            None => None,
        };
        let dynamic = dhcp.as_ref().is_some_and(|dhcp| !dhcp.is_off());
        let listed = facts.get("addresses").map_or(&[][..], Node::items);
        let mut addresses = Vec::new();
        for address in stated.filter(|_| !dynamic).into_iter().chain(listed) {
            addresses.push(with_prefix(address, self.wanted.network.get("nodes"), self.make));
        }
        let gateway = facts.get("router").cloned();
        let gateway = gateway.or_else(|| self.wanted.network.get("router").filter(|_| !dynamic).cloned());
        let mut routes = Vec::new();
        if let Some(gateway) = gateway.filter(|gateway| gateway.as_str().is_some()) {
            routes.push(Node::from_entries([("gateway", gateway.clone())], gateway.origin()));
        }
        routes.extend(facts.get("routes").map_or(&[][..], Node::items).iter().map(route));
        let mtu = self.fact_or_network("mtu");
        if let Some(link) = self.link(carrier) {
            link.addresses.splice(0..0, addresses);
            link.routes.splice(0..0, routes);
            link.mtu = mtu.or(link.mtu.take());
            link.dhcp = dhcp.filter(|_| dynamic).or(link.dhcp.take());
        }
    }

    fn link(&mut self, name: &Node) -> Option<&mut Link> {
        self.links.iter_mut().find(|link| link.name == *name)
    }
}

impl Link {
    fn new(kind: &'static str, name: Node, because: OriginId) -> Self {
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
    fn with(mut self, said: &Node, nodes: Option<&Node>, make: &mut Make<'_>) -> Self {
        let addresses = said.get("addresses").map_or(&[][..], Node::items).iter();
        self.addresses = addresses.map(|address| with_prefix(address, nodes, make)).collect();
        self.routes = said.get("routes").map_or(&[][..], Node::items).iter().map(route).collect();
        self.mtu = said.get("mtu").cloned();
        self.dhcp = said.get("dhcp").filter(|dhcp| !dhcp.is_off()).cloned();
        self
    }
}

fn bridge(link: &mut Link, bridge: &Node) {
    for (key, into, inner) in [("stp", "stp", "enabled"), ("vlanFiltering", "vlan", "filtering")] {
        if let Some(value) = bridge.get(key) {
            link.own.push((into, Node::from_entries([(inner, value.clone())], value.origin())));
        }
    }
}

/// A link as its document.
fn written(link: Link, make: &mut Make<'_>) -> Node {
    let Link { kind, name, own, addresses, routes, mtu, because, .. } = link;
    let mut document = make.document(kind, Some(name), because);
    for (key, value) in own {
        document.set(key, value.origin(), value);
    }
    if let Some(mtu) = mtu {
        document.set("mtu", mtu.origin(), mtu);
    }
    if !addresses.is_empty() {
        let item = |address: Node| {
            let origin = address.origin();
            Node::from_entries([("address", address)], origin)
        };
        document.set("addresses", because, Node::list(addresses.into_iter().map(item).collect(), because));
    }
    if !routes.is_empty() {
        document.set("routes", because, Node::list(routes, because));
    }
    Node::map(document, because)
}

/// How a link asks a DHCP server.
fn dhcp_documents(link: &Node, how: &Node, make: &mut Make<'_>) -> Vec<Node> {
    let asks = |key: &str, default: bool| how.get(key).and_then(Node::as_bool).unwrap_or(default);
    let kinds = [("DHCPv4Config", asks("ipv4", true)), ("DHCPv6Config", asks("ipv6", false))];
    let mut documents = Vec::new();
    for (kind, _) in kinds.into_iter().filter(|(_, asks)| *asks) {
        let mut document = make.document(kind, Some(link.clone()), how.origin());
        if let Some(metric) = how.get("routeMetric") {
            document.set("routeMetric", metric.origin(), metric.clone());
        }
        documents.push(Node::map(document, how.origin()));
    }
    documents
}

/// A route as Talos writes it: the default route has no destination.
fn route(route: &Node) -> Node {
    let mut map = Map::default();
    for entry in route.entries() {
        let key = match entry.key.as_str() {
            "to" if entry.value.as_str().is_some_and(|to| to.ends_with("/0")) => continue,
            "to" => "destination",
            "via" => "gateway",
            other => other,
        };
        map.push(Entry { key: key.into(), ..entry.clone() });
    }
    Node::map(map, route.origin())
}

/// An address with the length of its network: its own, else that of the nodes' network.
fn with_prefix(address: &Node, nodes: Option<&Node>, make: &mut Make<'_>) -> Node {
    let Some(text) = address.as_str().filter(|text| !text.contains('/')) else { return address.clone() };
    let six = text.contains(':');
    let network = nodes.filter(|nodes| nodes.as_str().is_some_and(|nodes| nodes.contains(':') == six));
    let length = network.and_then(Node::as_str).and_then(|nodes| nodes.split_once('/')).map(|(_, length)| length);
    let length = length.unwrap_or(if six { "64" } else { "32" });
    let reads: Vec<OriginId> = [address].into_iter().chain(network).map(Node::origin).collect();
    make.text("talos/address", format!("{text}/{length}"), &reads)
}

/// Whether an address lies in a network.
#[must_use]
pub fn contains(network: &str, address: IpAddr) -> bool {
    let Some((base, length)) = network.split_once('/') else { return false };
    let (Ok(base), Ok(length)) = (base.parse::<IpAddr>(), length.parse::<u32>()) else { return false };
    match (base, address) {
        (IpAddr::V4(base), IpAddr::V4(address)) => {
            let mask = u32::MAX.checked_shl(32_u32.saturating_sub(length)).unwrap_or(0);
            u32::from(base) & mask == u32::from(address) & mask
        }
        (IpAddr::V6(base), IpAddr::V6(address)) => {
            let mask = u128::MAX.checked_shl(128_u32.saturating_sub(length)).unwrap_or(0);
            u128::from(base) & mask == u128::from(address) & mask
        }
        (IpAddr::V4(_), IpAddr::V6(_)) | (IpAddr::V6(_), IpAddr::V4(_)) => false,
    }
}

/// A physical link as Talos' expression (CEL) over `link`.
fn selector(selector: &Node, make: &mut Make<'_>) -> Node {
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
    let reads: Vec<OriginId> = selector.entries().iter().map(|entry| entry.value.origin()).collect();
    make.text("talos/link-selector", terms.join(" && "), &reads)
}

fn is_mac(text: &str) -> bool {
    text.split(':').count() == 6
        && text.split(':').all(|part| part.len() == 2 && part.bytes().all(|b| b.is_ascii_hexdigit()))
}

/// The first address of a machine, without the length of its network; `None` where only DHCP knows it.
#[must_use]
pub fn own_address(facts: &Node) -> Option<(Text, OriginId)> {
    let listed = facts.get("addresses").and_then(|list| list.items().first());
    let address = facts.get("address").or(listed)?;
    match address.kind() {
        Kind::String(text) => Some((text.split('/').next().unwrap_or(text).into(), address.origin())),
        Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::List(_) | Kind::Map(_) => None,
    }
}
