//! Links, bonds, bridges, VLANs, addresses and routes of a machine, as documents.
//!
//! The *main link* carries the machine's own address. It may be a physical link, which gets the alias `net0` where it
//! is found by a property and not by name, or one of the bonds and bridges; with `vlan` the address lies on a VLAN.

use super::address::{with_prefix, without_prefix};
use super::interface::{Link, bridge, dhcp_documents, is_mac, route, selector, written};
use super::make::Make;
use syntax::{Node, OriginId};

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

/// The documents of a machine's links.
pub fn links(wanted: &Wanted<'_>, make: &mut Make<'_>) -> Links {
    let mut net = Net {
        wanted,
        make,
        aliases: Vec::new(),
        links: Vec::new(),
    };
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
        let nodes = wanted.network.get("nodes");
        let reads: Vec<OriginId> = [Some(vip), nodes]
            .into_iter()
            .flatten()
            .map(Node::origin)
            .collect();
        let because = make.origins.rule("talos/vip", &reads);
        let mut document = make.document("Layer2VIPConfig", Some(vip.clone()));
        document.set("link", carrier.origin(), carrier.clone());
        documents.push(Node::map(document, because));
    }
    Links {
        documents,
        addressed,
    }
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
        self.wanted
            .facts
            .get(key)
            .or_else(|| self.wanted.network.get(key))
            .cloned()
    }

    /// The name of the main link; a physical one is made here.
    fn main(&mut self) -> Node {
        let facts = self.wanted.facts;
        let name = match facts.get("link") {
            Some(link) => {
                let known = |section: &str| {
                    facts
                        .get(section)
                        .and_then(|all| all.get(link.as_str()?))
                        .is_some()
                };
                if ["bonds", "bridges", "links", "vlans"]
                    .into_iter()
                    .any(known)
                {
                    return link.clone();
                }
                self.found_by(link, "net0")
            }
            None => {
                // Physical Ethernet: not a bond, a bridge or a tunnel.
                let only = "link.type == 1 && link.kind == \"\"";
                let only = self
                    .make
                    .text("talos/only-link", only, &[self.wanted.because]);
                let name = self
                    .make
                    .text("talos/main-link", "net0", &[self.wanted.because]);
                self.alias(name, only)
            }
        };
        self.links
            .push(Link::new("LinkConfig", name.clone(), self.wanted.because));
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
            Some(term) => self
                .make
                .text("talos/link-selector", term, &[link.origin()]),
            None => selector(link, self.make),
        };
        let name = self.make.text("talos/link-alias", alias, &[link.origin()]);
        self.alias(name, expression)
    }

    fn alias(&mut self, name: Node, expression: Node) -> Node {
        let because = expression.origin();
        let mut document = self.make.document("LinkAliasConfig", Some(name.clone()));
        document.set(
            "selector",
            because,
            Node::from_entries([("match", expression)], because),
        );
        self.aliases.push(Node::map(document, because));
        name
    }

    /// Further physical links.
    fn physical(&mut self) {
        let nodes = self.wanted.network.get("nodes");
        for entry in self
            .wanted
            .facts
            .get("links")
            .map_or(&[][..], Node::entries)
        {
            let name = Node::string(entry.key.clone(), entry.key_origin);
            let selected = entry.value.get("selector").and_then(Node::as_map);
            let mut properties = selected.cloned().unwrap_or_default();
            if let Some(mac) = entry.value.as_map().and_then(|link| link.entry("mac")) {
                properties.set("mac", mac.key_origin, mac.value.clone());
            }
            if !properties.is_empty() {
                let found = Node::map(properties, entry.value.origin());
                let expression = selector(&found, self.make);
                self.alias(name.clone(), expression);
            }
            self.links
                .push(Link::new("LinkConfig", name, entry.value.origin()).with(
                    &entry.value,
                    nodes,
                    self.make,
                ));
        }
    }

    /// Bonds and bridges.
    fn grouped(&mut self, section: &str, kind: &'static str) {
        let nodes = self.wanted.network.get("nodes");
        for entry in self
            .wanted
            .facts
            .get(section)
            .map_or(&[][..], Node::entries)
        {
            let name = Node::string(entry.key.clone(), entry.key_origin);
            let mut members = Vec::new();
            let listed = entry.value.get("links");
            for (at, member) in listed.map_or(&[][..], Node::items).iter().enumerate() {
                members.push(self.found_by(member, &format!("{}p{at}", entry.key)));
            }
            let mut link =
                Link::new(kind, name, entry.value.origin()).with(&entry.value, nodes, self.make);
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
        let mode = mode.unwrap_or_else(|| {
            self.make
                .text("talos/bond-mode", "active-backup", &[bond.origin()])
        });
        let lacp = mode.as_str() == Some("802.3ad");
        let read = mode.origin();
        link.own.push(("bondMode", mode));
        // Without miimon a dead link goes unnoticed; with LACP a partner needs a moment to agree.
        for (key, default) in [
            ("miimon", Some(100)),
            ("updelay", lacp.then_some(200)),
            ("downdelay", lacp.then_some(200)),
        ] {
            if let Some(value) = bond.get(key) {
                link.own.push((key, value.clone()));
            } else if let Some(default) = default {
                let origin = self.make.origins.rule("talos/bond-times", &[read]);
                link.own.push((key, Node::integer(default, origin)));
            }
        }
        for key in ["lacpRate", "xmitHashPolicy"] {
            if let Some(value) = bond.get(key) {
                link.own.push((key, value.clone()));
            }
        }
    }

    fn vlans(&mut self, main: &Node) {
        let nodes = self.wanted.network.get("nodes");
        for entry in self
            .wanted
            .facts
            .get("vlans")
            .map_or(&[][..], Node::entries)
        {
            let name = Node::string(entry.key.clone(), entry.key_origin);
            let mut link = Link::new("VLANConfig", name, entry.value.origin()).with(
                &entry.value,
                nodes,
                self.make,
            );
            if let Some(id) = entry.value.get("id") {
                link.own.push(("vlanID", id.clone()));
            }
            link.own
                .push(("parent", entry.value.get("parent").unwrap_or(main).clone()));
            self.links.push(link);
        }
    }

    /// The link that carries the machine's address: the main link, or a VLAN of it.
    fn carrier(&mut self, main: &Node) -> Node {
        let Some(vlan) = self.fact_or_network("vlan") else {
            return main.clone();
        };
        let text = format!(
            "{}.{}",
            main.as_str().unwrap_or_default(),
            vlan.scalar_text().unwrap_or_default()
        );
        let name = self
            .make
            .text("talos/vlan", text, &[vlan.origin(), main.origin()]);
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
        let dhcp = self.dhcp();
        let dynamic = dhcp.as_ref().is_some_and(|dhcp| !dhcp.is_off());
        let addresses = self.addresses(dynamic);
        let routes = self.routes(dynamic);
        let mtu = self.fact_or_network("mtu");
        let decided = ["link", "dhcp", "vlan", "router"].map(|key| self.fact_or_network(key));
        let mut reads: Vec<OriginId> = decided.iter().flatten().map(Node::origin).collect();
        reads.push(self.wanted.because);
        let because = self.make.origins.rule("talos/main-link", &reads);
        if let Some(link) = self.link(carrier) {
            link.because = because;
            link.addresses.splice(0..0, addresses);
            link.routes.splice(0..0, routes);
            link.mtu = mtu.or(link.mtu.take());
            link.dhcp = dhcp.filter(|_| dynamic).or(link.dhcp.take());
        }
    }

    /// Whether the main link asks a DHCP server: as stated, else where no link has an address.
    fn dhcp(&mut self) -> Option<Node> {
        let facts = self.wanted.facts;
        if let Some(dhcp) = facts.get("dhcp") {
            return Some(dhcp.clone());
        }
        let stated = facts.get("address").or_else(|| facts.get("addresses"));
        let elsewhere = |link: &Link| !link.addresses.is_empty() || link.dhcp.is_some();
        if stated.is_some() || self.links.iter().any(elsewhere) {
            return None;
        }
        let origin = self.make.origins.rule("talos/dhcp", &[self.wanted.because]);
        Some(Node::bool(true, origin))
    }

    /// The machine's addresses; with DHCP its own one is the server's to give.
    fn addresses(&mut self, dynamic: bool) -> Vec<Node> {
        let facts = self.wanted.facts;
        let nodes = self.wanted.network.get("nodes");
        let own = facts.get("address").filter(|_| !dynamic);
        let listed = facts.get("addresses").map_or(&[][..], Node::items);
        let all = own.into_iter().chain(listed);
        all.map(|address| with_prefix(address, nodes, self.make))
            .collect()
    }

    /// The default route, unless DHCP brings it, then the stated ones.
    fn routes(&mut self, dynamic: bool) -> Vec<Node> {
        let facts = self.wanted.facts;
        let router = self.wanted.network.get("router").filter(|_| !dynamic);
        let router = facts.get("router").or(router);
        let mut routes = Vec::new();
        if let Some(router) = router.filter(|router| router.as_str().is_some()) {
            let router = without_prefix(router.clone(), self.make);
            let origin = router.origin();
            routes.push(Node::from_entries([("gateway", router)], origin));
        }
        let stated = facts.get("routes").map_or(&[][..], Node::items);
        routes.extend(stated.iter().map(route));
        routes
    }

    fn link(&mut self, name: &Node) -> Option<&mut Link> {
        self.links.iter_mut().find(|link| link.name == *name)
    }
}
