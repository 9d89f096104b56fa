//! What a component's pods reach, and what it needs of the hosts.

use super::machine::{ModuleWithParameters, Scalar};
use super::platform::KindProtocol;
use super::template::{Made, MadeMap};
use super::text::Path;
use schemars::JsonSchema;

/// The flows of a component's pods.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
pub struct Flows {
    /// What they reach.
    pub egress: Option<Made<Vec<Made<Egress>>>>,
    /// What reaches them.
    pub ingress: Option<Made<Vec<Made<Ingress>>>>,
}

/// Where pods go.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
pub struct Egress {
    /// Where: `kube-apiserver`, `internet`, `outside` (of the cluster, neighbours included), `nodes`, `cluster` (pods of
    /// any namespace), `pods` (of its own), `capability:NAME`, `namespace:NAME`, `network:CIDR`.
    pub to: String,
    /// With `pods`, which of its own namespace, by labels.
    pub labels: Option<Made<MadeMap<Scalar>>>,
    /// To which ports. Default: all.
    pub ports: Option<Made<Vec<Made<u32>>>>,
    /// Which pods, by labels. Default: all of the component's namespace.
    pub pods: Option<Made<MadeMap<Scalar>>>,
}

/// Where what reaches pods comes from.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
pub struct Ingress {
    /// Where: `kube-apiserver`, `metrics`, `gateway`, `nodes`, `pods`, `capability:NAME`, `namespace:NAME`.
    pub from: String,
    /// With `pods`, which of its own namespace, by labels.
    pub labels: Option<Made<MadeMap<Scalar>>>,
    /// At which ports. Default: all.
    pub ports: Option<Made<Vec<Made<u32>>>>,
    /// Which pods, by labels. Default: all of the component's namespace.
    pub pods: Option<Made<MadeMap<Scalar>>>,
}

/// What a component needs of the hosts.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
pub struct Needs {
    /// Of Talos.
    pub talos: Option<Made<TalosNeeds>>,
    /// Of Kind.
    pub kind: Option<Made<KindNeeds>>,
    /// Of Cluster API.
    pub capi: Option<Made<CapiNeeds>>,
}

/// What a component needs of the machines that Cluster API makes.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
pub struct CapiNeeds {
    /// Whether kube-proxy runs.
    pub kube_proxy: Option<Made<bool>>,
}

/// What a component needs of Talos.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
pub struct TalosNeeds {
    /// The network that Talos installs: `flannel`, or `none` where the component is one.
    pub cni: Option<String>,
    /// Whether kube-proxy runs.
    pub kube_proxy: Option<Made<bool>>,
    /// Kernel parameters.
    pub sysctls: Option<Made<MadeMap<Scalar>>>,
    /// Kernel modules.
    pub modules: Option<Made<Vec<Made<ModuleWithParameters>>>>,
    /// System extensions.
    pub extensions: Option<Made<Vec<Made<String>>>>,
    /// Raw volumes.
    pub raw_volumes: Option<Made<Vec<Made<RawVolume>>>>,
    /// Arguments of the kernel's command line.
    pub kernel_args: Option<Made<Vec<Made<String>>>>,
    /// Arguments of the kubelet.
    pub kubelet_args: Option<Made<MadeMap<Scalar>>>,
    /// Arguments of the API server.
    pub api_server_args: Option<Made<MadeMap<Scalar>>>,
    /// Arguments of the controller manager.
    pub controller_manager_args: Option<Made<MadeMap<Scalar>>>,
    /// Arguments of the scheduler.
    pub scheduler_args: Option<Made<MadeMap<Scalar>>>,
    /// Arguments of etcd.
    pub etcd_args: Option<Made<MadeMap<Scalar>>>,
    /// Folders of the host that the kubelet sees.
    pub mounts: Option<Made<Vec<Made<TalosMount>>>>,
    /// Namespaces whose pods may call Talos itself, and as what.
    pub api_access: Option<Made<Vec<Made<TalosApiAccess>>>>,
}

/// A namespace whose pods may call Talos itself.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
pub struct TalosApiAccess {
    /// The namespace.
    pub namespace: String,
    /// The roles that its pods may take.
    #[schemars(example = serde_json::json!(["os:etcd:backup"]))]
    pub roles: Made<Vec<Made<String>>>,
}

/// Raw volumes of one name, on several nodes.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
pub struct RawVolume {
    /// Its name below a node's `volumes`.
    pub name: String,
    /// On how many nodes there must be one.
    pub nodes: Made<u32>,
    /// On how many there should be one: with fewer, there is a warning.
    pub advised: Option<Made<u32>>,
    /// Why that many.
    pub because: Option<String>,
}

/// A folder of the host that the kubelet sees.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
pub struct TalosMount {
    /// The host's folder.
    pub source: Path,
    /// Where the kubelet sees it. Default: the same.
    pub destination: Option<Path>,
    /// Mount options.
    pub options: Option<Vec<String>>,
}

/// What a component needs of Kind.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
pub struct KindNeeds {
    /// The network that Kind installs: `kindnet`, or `none` where the component is one.
    pub cni: Option<String>,
    /// Whether kube-proxy runs.
    pub kube_proxy: Option<Made<bool>>,
    /// Ports of the workstation that lead into the first control plane.
    pub ports: Option<Made<Vec<Made<NeededPort>>>>,
    /// Folders of the workstation that every node sees.
    pub mounts: Option<Made<Vec<Made<NeededMount>>>>,
}

/// A port of the workstation that leads into a node.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
pub struct NeededPort {
    /// The node's port.
    pub container: Made<u32>,
    /// The workstation's port.
    pub host: Made<u32>,
    /// The protocol. Default: TCP.
    pub protocol: Option<Made<KindProtocol>>,
}

/// A folder of the workstation that nodes see.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
pub struct NeededMount {
    /// The workstation's folder.
    pub host: String,
    /// Where nodes see it.
    pub container: String,
}
