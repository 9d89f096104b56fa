//! What a cluster that Cluster API makes is made of: its infrastructure, and workers that differ from its size.

use super::network::Addresses;
use super::text::{Name, Quantity, SecretName, Url};
use schemars::JsonSchema;

/// What the machines of a cluster of provider `capi` are made of: one of these.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
pub struct Infrastructure {
    /// Containers beside a manager in Kind: for development, and to try a platform out.
    pub docker: Option<Docker>,
    /// Virtual machines of Proxmox VE.
    pub proxmox: Option<Proxmox>,
}

/// Containers beside a manager in Kind. A size only says how many there are.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
pub struct Docker {
    /// The image of the nodes. Default: Kind's, of `versions.kubernetes`.
    #[schemars(example = &"kindest/node:v1.36.1")]
    pub image: Option<String>,
}

/// Virtual machines of Proxmox VE. Their network is said in `network`: `nodes`, `router`, `nameservers`, `apiServer` and `vlan`.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
pub struct Proxmox {
    /// The address of the Proxmox API, as it also stands in the Secret. The manager may reach its port.
    #[schemars(example = &"https://pve.example.org:8006")]
    pub endpoint: Option<Url>,
    /// The Secret in the manager's namespace `clusters` that holds the credentials: `url`, `token` and `secret`.
    #[schemars(example = &"proxmox")]
    pub secret: Option<SecretName>,
    /// The template that machines are cloned from, with kubeadm, kubelet and a container runtime in it.
    pub template: Option<ProxmoxTemplate>,
    /// The bridge that machines are connected to. Default: vmbr0.
    #[schemars(length(min = 1), example = &"vmbr0")]
    pub bridge: Option<String>,
    /// The addresses that machines get, one each, and one more for the machine that replaces another.
    pub pool: Option<Addresses>,
    /// The storage that disks are cloned to. Default: that of the template.
    #[schemars(length(min = 1), example = &"local-lvm")]
    pub storage: Option<String>,
    /// The disk of the template that grows to the size's `disk`. Default: scsi0.
    #[schemars(regex(pattern = r"^(ide[0-3]|scsi([0-9]|[12][0-9]|30)|sata[0-5]|virtio([0-9]|1[0-5]))$"), example = &"scsi0")]
    pub boot_disk: Option<String>,
    /// The Proxmox nodes that may run the machines. Default: the one that has the template.
    #[schemars(length(min = 1), example = serde_json::json!(["pve-1", "pve-2"]))]
    pub allowed_nodes: Option<Vec<Name>>,
}

/// A template: the tag that one template has, or its number.
#[derive(JsonSchema)]
#[schemars(untagged, inline)]
pub enum ProxmoxTemplate {
    /// The tag that exactly one template has.
    Tag(#[schemars(length(min = 1), example = &"ubuntu-2404-k8s")] String),
    /// Its number.
    Numbered(NumberedTemplate),
}

/// A template by its number.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
pub struct NumberedTemplate {
    /// Its number.
    #[schemars(range(min = 100, max = 999999999), example = 9000)]
    pub id: u32,
    /// The Proxmox node that has it.
    #[schemars(example = &"pve-1")]
    pub node: Name,
}

/// Workers that differ from what the cluster's size says.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
pub struct Workers {
    /// How many. Default: the size's.
    pub count: Option<u32>,
    /// CPUs of each. Default: the size's.
    #[schemars(range(min = 1))]
    pub cpu: Option<u32>,
    /// Memory of each. Default: the size's.
    pub memory: Option<Quantity>,
    /// Disk of each. Default: the size's.
    pub disk: Option<Quantity>,
}
