//! Clusters that another one makes: what they must say, and what they would never hear.

use super::Check;
use super::lookup::{address, list, network, pool, within};
use crate::lower::capi::contract::Contract;
use crate::lower::kubernetes::quantity;
use std::net::IpAddr;
use syntax::{Node, OriginId};

/// What machines of a person's own have.
const MACHINES: [&[&str]; 5] = [&["machine"], &["roles"], &["nodes"], &["talos"], &["kind"]];
/// What the network of containers has no room for.
const NETWORK: [&[&str]; 4] = [
    &["network", "nodes"],
    &["network", "router"],
    &["network", "vlan"],
    &["network", "apiServer"],
];
/// What only such clusters have.
const MADE: [&[&str]; 3] = [&["managedBy"], &["infrastructure"], &["workers"]];

/// The parts of the network that virtual machines need, with an example.
const NEEDED: [(&str, &str); 4] = [
    ("nodes", "nodes: 10.0.20.0/24"),
    ("router", "router: 10.0.20.1"),
    ("nameservers", "nameservers: [10.0.20.1]"),
    ("apiServer", "apiServer: 10.0.20.10"),
];
/// What virtual machines can't be made without, with an example.
const MACHINE: [(&str, &str); 4] = [
    ("endpoint", "endpoint: https://pve.example.org:8006"),
    ("secret", "secret: proxmox"),
    ("template", "template: ubuntu-2404-k8s"),
    ("pool", "pool: 10.0.20.100-10.0.20.120"),
];

impl Check<'_> {
    /// What a cluster that nobody makes would never hear.
    pub(super) fn made_by_others(&mut self, provider: &Node, what: &str) {
        self.means_nothing(&MADE, provider, what);
    }

    pub(super) fn capi(&mut self, provider: &Node) {
        let what = "cluster of Cluster API";
        self.means_nothing(&MACHINES, provider, what);
        if self.at(&["managedBy"]).is_none() {
            let message = format!("cluster `{}` has no `managedBy`", self.name);
            self.error(
                "missing-key",
                message,
                self.name_origin,
                "made by which cluster?",
                "add `managedBy: NAME`: the cluster that makes it and looks after its machines",
            );
        }
        if self.at(&["size"]).is_none() {
            let message = format!("cluster `{}` has no `size`", self.name);
            let help = "add `size: small`, or another of `sizes`";
            self.error("missing-key", message, self.name_origin, "how large?", help);
        }
        if self.at(&["network", "cni"]).is_none() {
            let message = format!("nothing connects the pods of cluster `{}`", self.name);
            let help = "state `network.cni`: kubeadm brings no network of its own";
            self.error(
                "no-cni",
                message,
                self.name_origin,
                "no `network.cni`",
                help,
            );
        }
        self.kubernetes();
        self.infrastructure(provider);
        self.even_planes();
    }

    /// Settings that another provider reads.
    pub(super) fn means_nothing(&mut self, paths: &[&[&str]], provider: &Node, what: &str) {
        for path in paths {
            let Some(stated) = self.at(path) else {
                continue;
            };
            let message = format!("`{}` means nothing to a {what}", path.join("."));
            let (here, there) = (
                (stated.origin(), "never read"),
                (provider.origin(), "this provider"),
            );
            self.clash("wrong-provider", message, here, there, "take it out");
        }
    }

    /// The version must be one that Cluster API makes.
    fn kubernetes(&mut self) {
        let Some(version) = self.at(&["versions", "kubernetes"]) else {
            let message = format!("cluster `{}` states no version of Kubernetes", self.name);
            let help = "state it in full under `versions`";
            return self.error(
                "no-version",
                message,
                self.name_origin,
                "this cluster",
                help,
            );
        };
        // A Cluster API that is not known is told where it is stated.
        let Ok(contract) = self.contract() else {
            return;
        };
        if let Err((message, help)) = contract.makes(version.as_str().unwrap_or_default()) {
            self.error(
                "version-mismatch",
                message,
                version.origin(),
                "not made",
                help,
            );
        }
    }

    /// What a manager runs.
    pub(super) fn manager(&mut self) {
        match self.contract() {
            Err((message, help)) => {
                let stated = self.at(&["versions", "clusterApi"]);
                let at = stated.map_or(self.name_origin, Node::origin);
                self.error("unsupported-version", message, at, "this version", help);
            }
            Ok(contract) => {
                let Some(version) = self.at(&["versions", "kubernetes"]) else {
                    return;
                };
                if let Err((message, help)) = contract.runs_in(version.as_str().unwrap_or_default())
                {
                    self.error(
                        "version-mismatch",
                        message,
                        version.origin(),
                        "a manager's",
                        help,
                    );
                }
            }
        }
    }

    fn contract(&self) -> Result<Contract, (String, String)> {
        Contract::stated(self.settings)
    }

    /// Exactly one kind of machines.
    fn infrastructure(&mut self, provider: &Node) {
        let stated = self.at(&["infrastructure"]).map_or(&[][..], Node::entries);
        match stated {
            [] => {
                let message = format!("cluster `{}` has no `infrastructure`", self.name);
                let help = "add `infrastructure: { docker: {} }` or `infrastructure: { proxmox: { ... } }`";
                self.error(
                    "missing-key",
                    message,
                    self.name_origin,
                    "made of what?",
                    help,
                );
            }
            [only] if only.key == "proxmox" => self.proxmox(&only.value),
            [_] => self.means_nothing(&NETWORK, provider, "cluster of containers"),
            [first, second, ..] => {
                let names = list(stated.iter().map(|entry| entry.key.as_str()));
                self.clash(
                    "two-infrastructures",
                    format!("`infrastructure` has several kinds of machines: {names}"),
                    (second.key_origin, "this"),
                    (first.key_origin, "and this"),
                    "keep the one that the machines are made of",
                );
            }
        }
    }

    fn proxmox(&mut self, proxmox: &Node) {
        let empty = self
            .settings
            .get("infrastructure")
            .map_or(proxmox.origin(), |infrastructure| {
                self.first_key(infrastructure)
            });
        if self.origins.place(empty).is_none() {
            // Made up in place of a misspelt key, which is told already.
            return;
        }
        for (key, example) in MACHINE {
            if proxmox.get(key).is_none() {
                let message = format!("`infrastructure.proxmox` has no `{key}`");
                let help = format!("add `{example}`, or what it is for you");
                self.error(
                    "missing-key",
                    message,
                    empty,
                    format!("`{key}` is missing"),
                    help,
                );
            }
        }
        for (key, example) in NEEDED {
            if self.at(&["network", key]).is_none() {
                let message = format!("machines of Proxmox need `network.{key}`");
                let help = format!("add `{example}` to `network`, or what it is for you");
                self.error(
                    "missing-key",
                    message,
                    empty,
                    format!("no `network.{key}`"),
                    help,
                );
            }
        }
        if let Some(api) = self
            .at(&["network", "apiServer"])
            .filter(|api| address(api).is_none())
        {
            let message = "control planes on Proxmox share an address, not a name";
            let help = "write a free address of `network.nodes`";
            self.error("bad-endpoint", message, api.origin(), "a name", help);
        }
        self.sizes();
        if let Some(stated) = proxmox.get("pool") {
            self.machine_pool(stated);
        }
    }

    /// The addresses of machines: in their network, nobody else's, and enough of them.
    fn machine_pool(&mut self, stated: &Node) {
        let Some(range) = pool(stated) else { return };
        if let Some(nodes) = self.at(&["network", "nodes"])
            && let Some(inside) = network(nodes)
            && !(inside.contains(&range.0) && inside.contains(&range.1))
        {
            self.clash(
                "pool-outside",
                format!("the pool of machines is not in the nodes' network {inside}"),
                (stated.origin(), "outside"),
                (nodes.origin(), "the nodes' network"),
                "choose addresses of that network",
            );
        }
        for own in self.owned().iter().filter(|own| within(range, own.address)) {
            let message = format!(
                "the pool of machines holds {}, the address of {}",
                own.address, own.who
            );
            let there = format!("{} has it", own.who);
            let help = "shorten the pool, or choose another address";
            self.clash(
                "pool-takes-address",
                message,
                (stated.origin(), "this pool"),
                (own.origin, &there),
                help,
            );
        }
        let (planes, workers, size) = self.counts();
        let needed = planes + workers + 1;
        if count(range) < needed {
            let message = format!(
                "the pool has {} addresses, and the cluster needs {needed}",
                count(range)
            );
            let help = format!(
                "widen it: {planes} control planes, {workers} workers, and one for the machine that replaces another"
            );
            self.clash(
                "pool-too-small",
                message,
                (stated.origin(), "too small"),
                (size, "this size"),
                &help,
            );
        }
    }

    /// How many control planes and workers there are, and what says so.
    fn counts(&self) -> (u128, u128, OriginId) {
        let size = self.at(&["size"]);
        let name = size.and_then(Node::as_str).unwrap_or_default();
        let of = |node: Option<&Node>| {
            node.and_then(Node::as_i64)
                .and_then(|n| u128::try_from(n).ok())
        };
        let planes = of(self.at(&["sizes", name, "controlPlanes"])).unwrap_or(1);
        let workers =
            of(self.at(&["workers", "count"])).or(of(self.at(&["sizes", name, "workers"])));
        (
            planes,
            workers.unwrap_or(0),
            size.map_or(self.name_origin, Node::origin),
        )
    }

    /// etcd needs a majority.
    fn even_planes(&mut self) {
        let (planes, _, size) = self.counts();
        if planes > 0 && planes.is_multiple_of(2) {
            let message = format!(
                "{planes} control planes survive no more than {} do",
                planes - 1
            );
            let help = "choose a size with an odd number of `controlPlanes`";
            self.error("no-majority", message, size, "an even number", help);
        }
    }

    /// What a machine is given: all of it stated, in whole units.
    fn sizes(&mut self) {
        let name = self
            .at(&["size"])
            .and_then(Node::as_str)
            .unwrap_or_default();
        if let Some(size) = self.at(&["sizes", name]) {
            for key in ["cpu", "memory", "disk"] {
                if size.get(key).is_none() {
                    let message = format!("the size `{name}` has no `{key}`");
                    let at = self.at(&["size"]).map_or(self.name_origin, Node::origin);
                    let help = format!(
                        "state it: machines of Proxmox have as much `{key}` as their size says"
                    );
                    self.error("missing-key", message, at, "this size", help);
                }
            }
        }
        for (key, unit, bytes) in [("memory", "Mi", 1_u64 << 20), ("disk", "Gi", 1 << 30)] {
            let stated = [self.at(&["sizes", name, key]), self.at(&["workers", key])];
            for node in stated.into_iter().flatten() {
                let amount = node.scalar_text().and_then(|text| quantity::memory(&text));
                if amount.is_some_and(|amount| amount < bytes || !amount.is_multiple_of(bytes)) {
                    let message = format!("`{key}` of a machine is counted in whole {unit}");
                    let help = format!("write a number and `{unit}`, as in `20{unit}`");
                    self.error("bad-size", message, node.origin(), "not whole", help);
                }
            }
        }
    }
}

/// How many addresses a pool has.
fn count((first, last): (IpAddr, IpAddr)) -> u128 {
    let number = |address| match address {
        IpAddr::V4(address) => u128::from(u32::from(address)),
        IpAddr::V6(address) => u128::from(address),
    };
    number(last).saturating_sub(number(first)).saturating_add(1)
}
