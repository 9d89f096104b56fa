//! The network: what levels may share, and what identifies one cluster.

use super::choice::{Cni, DnsEngine, Gateway};
use super::text::{Cidr, Domain, Host, HostAddress, Ip, Name, Pool, SecretName};
use schemars::JsonSchema;

/// The network, as far as clusters may share it.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
pub struct Network {
    /// What connects pods.
    pub cni: Option<Cni>,
    /// What serves the Gateway API, or `false` for nothing.
    pub gateway: Option<Gateway>,
    /// What writes DNS records for what the cluster serves, and where; `false` for nothing.
    pub dns: Option<Records>,
    /// Whether kube-proxy runs. Default: it does unless what connects pods replaces it.
    pub kube_proxy: Option<bool>,
    /// The largest packet on the nodes' network, in bytes. Default: what each link has.
    #[schemars(range(min = 576, max = 9216))]
    pub mtu: Option<u32>,
    /// The DNS servers that nodes ask.
    #[schemars(length(min = 1))]
    pub nameservers: Option<Vec<Ip>>,
    /// The time servers that nodes ask.
    #[schemars(length(min = 1), example = serde_json::json!(["time.cloudflare.com"]))]
    pub ntp: Option<Vec<Host>>,
    /// The networks that pods get addresses from: one, or one each of IPv4 and IPv6. Default: 10.244.0.0/16.
    #[schemars(length(min = 1, max = 2))]
    pub pods: Option<Vec<NetworkOrBlock>>,
    /// The networks that services get addresses from: one, or one each of IPv4 and IPv6. Default: 10.96.0.0/12.
    #[schemars(length(min = 1, max = 2))]
    pub services: Option<Vec<NetworkOrBlock>>,
}

/// What writes DNS records: a choice alone, or with what it needs to know.
#[derive(JsonSchema)]
#[schemars(untagged, inline)]
pub enum Records {
    /// A choice.
    Choice(DnsEngine),
    /// With what it needs to know.
    Section(DnsRecords),
}

/// DNS records for what a cluster serves.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
pub struct DnsRecords {
    /// What writes them. Default: the only component that does.
    pub engine: Option<DnsEngine>,
    /// Where the zones are.
    pub provider: Option<DnsProvider>,
    /// The Secret beside it that holds the credential.
    pub secret: Option<SecretName>,
    /// The zones. Default: the cluster's domain.
    #[schemars(length(min = 1))]
    pub zones: Option<Vec<Domain>>,
    /// Whether what is gone is removed (`sync`) or stays (`upsert-only`).
    #[schemars(extend("default" = "upsert-only"))]
    pub policy: Option<DnsPolicy>,
    /// The server that takes updates, for `rfc2136`.
    pub server: Option<DnsServer>,
}

/// Where DNS zones are.
#[derive(JsonSchema)]
#[schemars(rename_all = "lowercase", inline)]
pub enum DnsProvider {
    /// Cloudflare: `api-token` in the Secret.
    Cloudflare,
    /// A server that takes signed updates (RFC 2136): `tsig-secret` in the Secret.
    Rfc2136,
    /// Amazon Route 53: `access-key-id` and `secret-access-key` in the Secret.
    Route53,
}

/// What becomes of records whose cause is gone.
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case", inline)]
pub enum DnsPolicy {
    /// They are removed.
    Sync,
    /// They stay.
    UpsertOnly,
}

/// A DNS server that takes signed updates.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
pub struct DnsServer {
    /// Its address.
    pub address: Option<Ip>,
    /// Its port. Default: 53.
    #[schemars(range(min = 1, max = 65535))]
    pub port: Option<u32>,
    /// The name of the key that signs.
    #[schemars(length(min = 1))]
    pub key: Option<String>,
    /// How it signs. Default: `hmac-sha256`.
    pub algorithm: Option<TsigAlgorithm>,
}

/// How DNS updates are signed.
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case", inline)]
pub enum TsigAlgorithm {
    /// HMAC with SHA-256.
    HmacSha256,
    /// HMAC with SHA-512.
    HmacSha512,
}

/// The network of one cluster: the shared settings, and what identifies the cluster in its surroundings.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
pub struct ClusterNetwork {
    /// The network that the nodes are in.
    pub nodes: Option<NetworkOrBlock>,
    /// The router: the next hop of the nodes' default route.
    pub router: Option<NetworkAddress>,
    /// The VLAN that carries the nodes' addresses. Default: none.
    #[schemars(range(min = 1, max = 4094))]
    pub vlan: Option<u32>,
    /// Where the Kubernetes API is reached: a free address of the nodes' network, which the control planes then share (a VIP), or the
    /// name of a load balancer.
    pub api_server: Option<ApiServer>,
    /// Further names and addresses in the certificate of the Kubernetes API.
    pub sans: Option<Vec<Host>>,
    /// How services of type LoadBalancer get addresses.
    pub load_balancer: Option<LoadBalancer>,
    /// The addresses of the platform's own gateways.
    pub gateways: Option<Gateways>,
    /// What clusters may share.
    #[schemars(flatten)]
    pub shared: Network,
}

/// A network: itself, or the block of a pool that has the cluster's number.
#[derive(JsonSchema)]
#[schemars(untagged, inline)]
pub enum NetworkOrBlock {
    /// Itself.
    Stated(Cidr),
    /// A block of a pool.
    Block(Block),
}

/// Block number `id` of a pool of networks, counted from 0.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
pub struct Block {
    /// The pool.
    #[schemars(example = &"10.64.0.0/10")]
    pub pool: Cidr,
    /// The length of the block's prefix.
    #[schemars(range(min = 1, max = 128), example = 24)]
    pub prefix: u32,
}

/// An address: itself, or its number in the nodes' network.
#[derive(JsonSchema)]
#[schemars(untagged, inline)]
pub enum NetworkAddress {
    /// Itself.
    Stated(Ip),
    /// Its number.
    Numbered(HostNumber),
}

/// A machine's address: itself, or its number in the nodes' network.
#[derive(JsonSchema)]
#[schemars(untagged, inline)]
pub enum NodeAddress {
    /// Itself.
    Stated(HostAddress),
    /// Its number.
    Numbered(HostNumber),
}

/// Where the Kubernetes API is reached: an address or a name, or a number in the nodes' network.
#[derive(JsonSchema)]
#[schemars(untagged, inline)]
pub enum ApiServer {
    /// An address or a name.
    Stated(Host),
    /// The address's number.
    Numbered(HostNumber),
}

/// The address with this number in the nodes' network, so that a template serves many clusters.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
pub struct HostNumber {
    /// The number; 0 is the network's own address.
    #[schemars(range(min = 1), example = 11)]
    pub host: u32,
}

/// A stretch of the nodes' network by numbers.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
pub struct HostRange {
    /// The first number.
    #[schemars(range(min = 1), example = 40)]
    pub host: u32,
    /// The last number.
    #[schemars(range(min = 1), example = 60)]
    pub to: Option<u32>,
}

/// Addresses to give away: themselves, or by their numbers in the nodes' network.
#[derive(JsonSchema)]
#[schemars(untagged, inline)]
pub enum Addresses {
    /// Themselves.
    Stated(Pool),
    /// By number.
    Numbered(HostRange),
}

/// How services of type LoadBalancer get addresses.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
pub struct LoadBalancer {
    /// How the addresses are announced: `l2` answers ARP and NDP on the nodes' network, `bgp` tells routers.
    pub mode: Option<LoadBalancerMode>,
    /// The addresses. In mode `l2` they lie in the nodes' network.
    #[schemars(length(min = 1))]
    pub pools: Option<Vec<Addresses>>,
    /// The routers that are told, in mode `bgp`.
    pub bgp: Option<Bgp>,
}

/// How addresses are announced.
#[derive(JsonSchema)]
#[schemars(rename_all = "lowercase", inline)]
pub enum LoadBalancerMode {
    /// By ARP and NDP on the nodes' network.
    L2,
    /// To routers, by BGP.
    Bgp,
}

/// The cluster's side of BGP.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
pub struct Bgp {
    /// The number of the cluster's own autonomous system.
    #[schemars(range(min = 1, max = 4294967295u32), example = 64513)]
    pub local_asn: Option<u32>,
    /// The routers.
    #[schemars(length(min = 1))]
    pub peers: Option<Vec<BgpPeer>>,
}

/// A router that is told of addresses.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
pub struct BgpPeer {
    /// A name of your own.
    pub name: Name,
    /// Its address.
    pub address: Ip,
    /// The number of its autonomous system.
    #[schemars(range(min = 1, max = 4294967295u32), example = 64512)]
    pub asn: u32,
}

/// The addresses of the platform's own gateways.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
pub struct Gateways {
    /// The gateway for your own network.
    pub internal: Option<NetworkAddress>,
    /// The gateway for the world.
    pub external: Option<NetworkAddress>,
}
