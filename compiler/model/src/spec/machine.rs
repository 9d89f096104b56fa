//! Facts about machines: what it takes to install, boot and join one.
//!
//! The same facts may be stated for all machines of a cluster (`machine`), for a role (`roles.controlplane`,
//! `roles.worker`) and for one node (`nodes.NAME`); the node wins over its role, the role over the cluster. The *main
//! link* is the interface that carries the node's own address: `link` names it. It may be a physical link, or a bond or
//! a bridge of `bonds` and `bridges`; `vlan` moves the address onto a VLAN of it.

use super::link::{Bond, Bridge, Dhcp, FurtherLink, MainLink, Route, Vlan};
use super::network::{NetworkAddress, NodeAddress};
use super::text::{
    Cidr, Domain, Extension, False, Host, Ip, Key, Keyed, LabelKey, LabelValue, LinkName, Path,
    Ports, SchematicId, Taint, Url, Variable, VolumeName,
};
use super::volume::{Disk, Volume};
use schemars::JsonSchema;
use serde_json::{Map, Value};

/// One machine of a Talos cluster, by its name. Whatever is not said here comes from `roles` and `machine`.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
pub struct Node {
    /// What the machine does: `controlplane` machines run etcd and the API, `worker` machines only workloads. Each node must have one.
    pub role: Option<Role>,
    /// The machine's own address, by which the others reach it. Without a prefix length that of `network.nodes` is taken.
    /// With `dhcp: true`, the address that the DHCP server always gives it.
    pub address: Option<NodeAddress>,
    /// Further addresses of the main link.
    #[schemars(length(min = 1))]
    pub addresses: Option<Vec<NodeAddress>>,
    /// The rest of what may be said of a machine.
    #[schemars(flatten)]
    pub facts: Machine,
}

/// What a machine does.
#[derive(JsonSchema)]
#[schemars(rename_all = "lowercase", inline)]
pub enum Role {
    /// Runs etcd and the Kubernetes API.
    Controlplane,
    /// Runs workloads.
    Worker,
}

/// Facts of machines, for all of a cluster, a role or one node.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
pub struct Machine {
    /// The disk that Talos is installed on: a path (`/dev/nvme0n1`), a serial number, or a selector.
    pub disk: Option<Disk>,
    /// Whether the installer wipes the whole disk first.
    #[schemars(extend("default" = false))]
    pub wipe: Option<bool>,
    /// Whether the machine boots with Secure Boot: the installer image is then the signed one.
    #[schemars(extend("default" = false))]
    pub secureboot: Option<bool>,
    /// The id of an Image Factory schematic made elsewhere. Or state `extensions`, `kernelArgs` and `overlay`, and the id is computed.
    pub schematic: Option<SchematicId>,
    /// System extensions of the machine's image, besides those that components need.
    pub extensions: Option<Vec<Extension>>,
    /// Arguments of the kernel's command line, besides those that components need.
    pub kernel_args: Option<Vec<String>>,
    /// The overlay of a single-board computer's image.
    pub overlay: Option<Overlay>,
    /// The installer image without its tag, where it does not come from the public Image Factory.
    #[schemars(example = &"factory.example.org/metal-installer/3765679")]
    pub image: Option<String>,
    /// The main link: its name, its MAC address, a selector, or the name of one of `bonds` and `bridges`.
    pub link: Option<MainLink>,
    /// Whether the main link asks a DHCP server.
    pub dhcp: Option<Dhcp>,
    /// The main link's largest packet, in bytes. Default: `network.mtu`, else what the link has.
    #[schemars(range(min = 576, max = 9216))]
    pub mtu: Option<u32>,
    /// The VLAN of the main link that carries the address. Default: `network.vlan`.
    #[schemars(range(min = 1, max = 4094))]
    pub vlan: Option<u32>,
    /// The router: the next hop of the default route. Default: `network.router`; `false` gives the machine no default route.
    pub router: Option<OrFalse<NetworkAddress>>,
    /// Further routes of the main link.
    pub routes: Option<Vec<Route>>,
    /// Further physical links, by name; with `mac` or `selector` the name is an alias that is given to the link found.
    pub links: Option<Keyed<LinkName, FurtherLink>>,
    /// Bonds by name.
    #[schemars(example = serde_json::json!({"bond0": {"links": ["enp1s0", "enp2s0"], "mode": "802.3ad"}}))]
    pub bonds: Option<Keyed<LinkName, Bond>>,
    /// Bridges by name.
    pub bridges: Option<Keyed<LinkName, Bridge>>,
    /// Further VLANs by name.
    #[schemars(example = serde_json::json!({"storage": {"id": 30, "addresses": ["10.0.30.11/24"]}}))]
    pub vlans: Option<Keyed<LinkName, Vlan>>,
    /// The DNS servers. Default: `network.nameservers`.
    pub nameservers: Option<Vec<Ip>>,
    /// Domains that are tried for short names; an empty list switches searching off.
    pub search_domains: Option<Vec<Domain>>,
    /// The time servers. Default: `network.ntp`.
    pub ntp: Option<Vec<Host>>,
    /// Names for addresses, as in `/etc/hosts`.
    #[schemars(example = serde_json::json!({"10.0.10.5": ["nas", "nas.home.example.org"]}))]
    pub hosts: Option<Keyed<Ip, Vec<Host>>>,
    /// Environment variables of Talos itself, such as `HTTPS_PROXY`.
    pub env: Option<Keyed<Variable, String>>,
    /// Volumes by name: `EPHEMERAL` and `STATE` are the system's, any other is one of your own.
    #[schemars(example = serde_json::json!({"EPHEMERAL": {"encryption": "tpm"}, "ceph": {"disk": "/dev/nvme1n1", "raw": true}}))]
    pub volumes: Option<Keyed<VolumeName, Volume>>,
    /// Kernel modules to load, besides those that components need.
    #[schemars(example = serde_json::json!(["nbd", {"name": "zfs", "parameters": ["zfs_arc_max=4294967296"]}]))]
    pub modules: Option<Vec<Module>>,
    /// Kernel parameters (`sysctl`), besides those that components need.
    #[schemars(example = serde_json::json!({"vm.nr_hugepages": "1024"}))]
    pub sysctls: Option<Keyed<Key, Scalar>>,
    /// Files of `/sys` and what is written to them; dots stand for slashes.
    pub sysfs: Option<Keyed<Key, Scalar>>,
    /// Labels of the Kubernetes Node.
    pub labels: Option<Keyed<LabelKey, LabelValue>>,
    /// Annotations of the Kubernetes Node.
    pub annotations: Option<Keyed<LabelKey, String>>,
    /// Taints of the Kubernetes Node: key, then value and effect.
    #[schemars(example = serde_json::json!({"nvidia.com/gpu": "present:NoSchedule"}))]
    pub taints: Option<Keyed<LabelKey, Taint>>,
    /// Further names and addresses of the machine in the certificate of its Talos API.
    #[schemars(rename = "certSANs")]
    pub cert_sans: Option<Vec<Host>>,
    /// Where container images come from.
    pub registries: Option<Registries>,
    /// Files that are written at boot.
    pub files: Option<Vec<File>>,
    /// What may reach the machine.
    pub firewall: Option<Firewall>,
    /// Settings of services that system extensions bring, by the service's name.
    pub extension_services: Option<Keyed<Key, ExtensionService>>,
    /// Patches of the machine's Talos configuration, in their order: documents as Talos writes them, merged strategically.
    #[schemars(example = serde_json::json!([{"machine": {"kubelet": {"extraArgs": {"max-pods": 200}}}}]))]
    pub patches: Option<Vec<Map<String, Value>>>,
}

/// A value, or `false` for none.
#[derive(JsonSchema)]
#[schemars(untagged, inline)]
pub enum OrFalse<T> {
    /// The value.
    Value(T),
    /// None.
    Off(False),
}

/// A string, a number or a boolean: what becomes text anyway.
#[derive(JsonSchema)]
#[schemars(untagged, inline)]
pub enum Scalar {
    /// Text.
    Text(String),
    /// A number.
    Number(serde_json::Number),
}

/// The overlay of a single-board computer's image.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
pub struct Overlay {
    /// The overlay's name.
    #[schemars(example = &"rpi_generic")]
    pub name: String,
    /// The overlay's image.
    #[schemars(example = &"siderolabs/sbc-raspberrypi")]
    pub image: String,
    /// Options of the overlay.
    pub options: Option<Map<String, Value>>,
}

/// A kernel module: its name, or its name and parameters.
#[derive(JsonSchema)]
#[schemars(untagged, inline)]
pub enum Module {
    /// The name.
    Name(String),
    /// The name and its parameters.
    Full(ModuleWithParameters),
}

/// A kernel module with parameters.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
pub struct ModuleWithParameters {
    /// The module's name.
    pub name: String,
    /// Its parameters, `NAME=VALUE` each.
    pub parameters: Option<Vec<String>>,
}

/// Where container images come from.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
pub struct Registries {
    /// Mirrors by the registry that they stand for; `*` for all.
    #[schemars(example = serde_json::json!({"docker.io": {"endpoints": ["https://mirror.gcr.io"]}}))]
    pub mirrors: Option<Keyed<Key, Mirror>>,
    /// TLS settings by the registry's host.
    pub tls: Option<Keyed<Key, RegistryTls>>,
}

/// The mirrors of a registry.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
pub struct Mirror {
    /// The mirrors' addresses, tried in this order.
    #[schemars(length(min = 1))]
    pub endpoints: Vec<Url>,
    /// Whether the addresses are complete, without `/v2` added to them.
    #[schemars(extend("default" = false))]
    pub override_path: Option<bool>,
    /// Whether the registry itself is never asked.
    #[schemars(extend("default" = false))]
    pub skip_fallback: Option<bool>,
}

/// How a registry is trusted.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
pub struct RegistryTls {
    /// The certificate of its authority, PEM.
    pub ca: Option<String>,
    /// Whether its certificate is not checked at all.
    #[schemars(extend("default" = false))]
    pub insecure_skip_verify: Option<bool>,
}

/// A file that is written at boot. Talos lets `create` write below `/var` only.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
pub struct File {
    /// Where.
    pub path: Path,
    /// What.
    pub content: String,
    /// The mode, in octal digits.
    #[schemars(regex(pattern = "^0?[0-7]{3}$"), extend("default" = "0644"), example = &"0644")]
    pub permissions: Option<String>,
    /// How.
    #[schemars(extend("default" = "create"))]
    pub op: Option<FileOp>,
}

/// How a file is written.
#[derive(JsonSchema)]
#[schemars(rename_all = "lowercase", inline)]
pub enum FileOp {
    /// It must be new.
    Create,
    /// The content is added at its end.
    Append,
    /// It is replaced.
    Overwrite,
}

/// What may reach a machine.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
pub struct Firewall {
    /// What happens to what no rule allows. Default: `block`.
    #[schemars(extend("default" = "block"))]
    pub default: Option<FirewallDefault>,
    /// What is let in, by a name of your own.
    #[schemars(example = serde_json::json!({"ssh": {"ports": [22], "protocol": "tcp", "from": ["10.0.10.0/24"]}}))]
    pub rules: Option<Keyed<Key, FirewallRule>>,
}

/// What happens to what no rule allows.
#[derive(JsonSchema)]
#[schemars(rename_all = "lowercase", inline)]
pub enum FirewallDefault {
    /// It is let in.
    Accept,
    /// It is dropped.
    Block,
}

/// Ports and who may reach them.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
pub struct FirewallRule {
    /// The ports, each a number or a range.
    #[schemars(length(min = 1))]
    pub ports: Vec<Port>,
    /// The protocol.
    #[schemars(extend("default" = "tcp"))]
    pub protocol: Option<Protocol>,
    /// The networks that may.
    #[schemars(length(min = 1))]
    pub from: Vec<Cidr>,
}

/// A port or a range of them.
#[derive(JsonSchema)]
#[schemars(untagged, inline)]
pub enum Port {
    /// One.
    One(#[schemars(range(min = 1, max = 65535))] u32),
    /// A range.
    Range(Ports),
}

/// A protocol that a firewall knows.
#[derive(JsonSchema)]
#[schemars(rename_all = "lowercase", inline)]
pub enum Protocol {
    /// TCP.
    Tcp,
    /// UDP.
    Udp,
    /// ICMP.
    Icmp,
    /// ICMP for IPv6.
    Icmpv6,
}

/// Settings of a service that a system extension brings.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
pub struct ExtensionService {
    /// Its files.
    pub files: Option<Vec<ExtensionFile>>,
    /// Its environment. No secret belongs here.
    pub env: Option<Keyed<Variable, String>>,
}

/// A file of a service that a system extension brings.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
pub struct ExtensionFile {
    /// Where the service sees it.
    pub path: Path,
    /// What it holds.
    pub content: String,
}
