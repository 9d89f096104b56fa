//! Links, bonds, bridges, VLANs and routes of machines.

use super::network::NodeAddress;
use super::text::{Cidr, Ip, LinkText, Mac};
use schemars::JsonSchema;

/// How the main link is found: by name, by MAC address, or by a selector.
#[derive(JsonSchema)]
#[schemars(untagged, inline)]
pub enum MainLink {
    /// A link's name (`enp1s0`), its MAC address, or the name of a bond or bridge.
    Name(LinkText),
    /// What the link must match.
    Selector(LinkSelector),
}

/// What a physical link must match; all that is stated must hold.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields, extend("minProperties" = 1))]
pub struct LinkSelector {
    /// Its MAC address.
    pub mac: Option<Mac>,
    /// Its driver.
    #[schemars(example = &"virtio_net")]
    pub driver: Option<String>,
    /// Its place on the bus; a `*` matches any text.
    #[schemars(example = &"0000:02:00.*")]
    pub bus_path: Option<String>,
    /// An expression of Talos's own (CEL) over `link`, for what the keys above can't say.
    #[schemars(example = &"link.type == 1 && glob('bc:24:*', mac(link.permanent_addr))")]
    pub r#match: Option<String>,
}

/// Whether a link asks a DHCP server: yes or no, or how.
#[derive(JsonSchema)]
#[schemars(untagged, inline)]
pub enum Dhcp {
    /// `true` asks for IPv4.
    On(bool),
    /// How.
    How(DhcpHow),
}

/// How a link asks a DHCP server.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
pub struct DhcpHow {
    /// Whether it asks for an IPv4 address.
    #[schemars(extend("default" = true))]
    pub ipv4: Option<bool>,
    /// Whether it asks for an IPv6 address.
    #[schemars(extend("default" = false))]
    pub ipv6: Option<bool>,
    /// The metric of the routes that it is given; the lowest wins.
    #[schemars(range(min = 0, max = 4294967295u32))]
    pub route_metric: Option<u32>,
}

/// A route.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
pub struct Route {
    /// The network it leads to.
    #[schemars(example = &"192.168.0.0/16")]
    pub to: Cidr,
    /// The next hop. Without one the network is on the link.
    pub via: Option<Ip>,
    /// Which route is preferred; the lowest wins.
    #[schemars(range(min = 0, max = 4294967295u32))]
    pub metric: Option<u32>,
    /// The source address of what leaves by it.
    pub source: Option<Ip>,
    /// Its largest packet, in bytes.
    #[schemars(range(min = 576, max = 9216))]
    pub mtu: Option<u32>,
}

/// What every interface beside the main link may have.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
pub struct Interface {
    /// Its addresses.
    pub addresses: Option<Vec<NodeAddress>>,
    /// Whether it asks a DHCP server.
    pub dhcp: Option<Dhcp>,
    /// Its largest packet, in bytes.
    #[schemars(range(min = 576, max = 9216))]
    pub mtu: Option<u32>,
    /// Its routes.
    pub routes: Option<Vec<Route>>,
}

/// A further physical link.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
pub struct FurtherLink {
    /// The MAC address that it is found by.
    pub mac: Option<Mac>,
    /// What it is found by.
    pub selector: Option<LinkSelector>,
    /// Addresses and routes.
    #[schemars(flatten)]
    pub interface: Interface,
}

/// Links that work as one. Times are in milliseconds.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
pub struct Bond {
    /// The links: names, MAC addresses or selectors.
    #[schemars(length(min = 1))]
    pub links: Vec<MainLink>,
    /// How they share the work.
    #[schemars(extend("default" = "active-backup"))]
    pub mode: Option<BondMode>,
    /// How often a link's state is looked at, in milliseconds.
    #[schemars(extend("default" = 100))]
    pub miimon: Option<u32>,
    /// How long a link must be up before it is used, in milliseconds.
    pub updelay: Option<u32>,
    /// How long a link must be down before it is given up, in milliseconds.
    pub downdelay: Option<u32>,
    /// How often LACP packets are asked for (mode `802.3ad`).
    pub lacp_rate: Option<LacpRate>,
    /// What decides which link a packet takes.
    pub xmit_hash_policy: Option<HashPolicy>,
    /// Addresses and routes, where it is not the main link.
    #[schemars(flatten)]
    pub interface: Interface,
}

/// How a bond's links share the work.
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case", inline)]
pub enum BondMode {
    /// In turn.
    BalanceRr,
    /// One works, the others wait.
    ActiveBackup,
    /// By a hash of the packet.
    BalanceXor,
    /// All send everything.
    Broadcast,
    /// LACP.
    #[schemars(rename = "802.3ad")]
    Lacp,
    /// By load, sending only.
    BalanceTlb,
    /// By load, both ways.
    BalanceAlb,
}

/// How often LACP packets are asked for.
#[derive(JsonSchema)]
#[schemars(rename_all = "lowercase", inline)]
pub enum LacpRate {
    /// Every 30 seconds.
    Slow,
    /// Every second.
    Fast,
}

/// What decides which link of a bond a packet takes.
#[derive(JsonSchema)]
#[schemars(inline)]
pub enum HashPolicy {
    /// MAC addresses.
    #[schemars(rename = "layer2")]
    Layer2,
    /// Addresses and ports.
    #[schemars(rename = "layer3+4")]
    Layer34,
    /// MAC and IP addresses.
    #[schemars(rename = "layer2+3")]
    Layer23,
    /// As `layer2+3`, inside tunnels.
    #[schemars(rename = "encap2+3")]
    Encap23,
    /// As `layer3+4`, inside tunnels.
    #[schemars(rename = "encap3+4")]
    Encap34,
}

/// A bridge of links.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
pub struct Bridge {
    /// The links: names, MAC addresses or selectors.
    pub links: Vec<MainLink>,
    /// Whether the spanning tree protocol runs.
    #[schemars(extend("default" = false))]
    pub stp: Option<bool>,
    /// Whether it filters by VLAN.
    #[schemars(extend("default" = false))]
    pub vlan_filtering: Option<bool>,
    /// Addresses and routes, where it is not the main link.
    #[schemars(flatten)]
    pub interface: Interface,
}

/// A VLAN on a link.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
pub struct Vlan {
    /// Its tag.
    #[schemars(range(min = 1, max = 4094))]
    pub id: u32,
    /// The link, bond or bridge it lies on. Default: the main link.
    pub parent: Option<String>,
    /// Addresses and routes.
    #[schemars(flatten)]
    pub interface: Interface,
}
