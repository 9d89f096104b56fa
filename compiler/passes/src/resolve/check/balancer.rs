//! Load balancer and gateways: what they need of each other, and pools that give away what is taken.

use super::Check;
use super::lookup::{address, meet, network, pool, within};
use ipnet::IpNet;
use std::net::IpAddr;
use syntax::{Node, OriginId};

/// A pool of addresses to give away.
#[derive(Clone, Copy)]
struct Pool {
    range: (IpAddr, IpAddr),
    origin: OriginId,
}

impl Check<'_> {
    pub(super) fn balancer(&mut self) {
        let Some(balancer) = self
            .at(&["network", "loadBalancer"])
            .filter(|node| !node.is_off())
        else {
            return self.gateways(&[], None);
        };
        let mode = balancer.str_at(&["mode"]);
        for key in ["mode", "pools"] {
            if balancer.get(key).is_none() {
                let example = if key == "mode" {
                    "mode: l2"
                } else {
                    "pools: [10.0.10.40-10.0.10.60]"
                };
                let message = format!("`network.loadBalancer` has no `{key}`");
                self.error(
                    "missing-key",
                    message,
                    self.first_key(balancer),
                    format!("`{key}` is missing"),
                    format!("add `{example}`, or what it is for you"),
                );
            }
        }
        self.bgp(balancer, mode);
        let pools: Vec<Pool> = balancer
            .get("pools")
            .map_or(&[][..], Node::items)
            .iter()
            .filter_map(|node| {
                Some(Pool {
                    range: pool(node)?,
                    origin: node.origin(),
                })
            })
            .collect();
        self.pools(&pools, mode);
        self.gateways(&pools, balancer.get("pools"));
    }

    /// The place of a map's first key.
    fn first_key(&self, map: &Node) -> OriginId {
        map.entries()
            .first()
            .map_or(map.origin(), |entry| entry.key_origin)
    }

    /// BGP wants all of its parts, and only in its mode.
    fn bgp(&mut self, balancer: &Node, mode: Option<&str>) {
        let bgp = balancer.get("bgp");
        match (mode, bgp) {
            (Some("bgp"), None) => {
                let mode = balancer.get("mode").map_or(balancer.origin(), Node::origin);
                let help = "add `bgp: { localAsn: 64513, peers: [{ name: router, address: 10.0.10.1, asn: 64512 }] }`";
                self.error(
                    "partial-bgp",
                    "mode `bgp` needs `network.loadBalancer.bgp`",
                    mode,
                    "tells routers, but which?",
                    help,
                );
            }
            (Some("bgp"), Some(bgp)) => {
                for (key, example) in [
                    ("localAsn", "localAsn: 64513"),
                    (
                        "peers",
                        "peers: [{ name: router, address: 10.0.10.1, asn: 64512 }]",
                    ),
                ] {
                    if bgp.get(key).is_none() {
                        let message = format!("`network.loadBalancer.bgp` has no `{key}`");
                        self.error(
                            "partial-bgp",
                            message,
                            self.first_key(bgp),
                            format!("`{key}` is missing"),
                            format!("add `{example}`, or what it is for you"),
                        );
                    }
                }
            }
            (Some(other), Some(bgp)) => {
                let mode = balancer.get("mode").map_or(balancer.origin(), Node::origin);
                let message = format!("`bgp` means nothing in mode `{other}`");
                let help = "write `mode: bgp`, or take `bgp` out";
                self.clash(
                    "partial-bgp",
                    message,
                    (self.first_key(bgp), "never read"),
                    (mode, "this mode"),
                    help,
                );
            }
            (None, _) | (Some(_), None) => {}
        }
    }

    fn pools(&mut self, pools: &[Pool], mode: Option<&str>) {
        for (index, a) in pools.iter().enumerate() {
            for b in pools
                .iter()
                .skip(index + 1)
                .filter(|b| meet(a.range, b.range))
            {
                self.clash(
                    "overlapping-pools",
                    "two pools have addresses in common",
                    (b.origin, "this pool"),
                    (a.origin, "and this"),
                    "take the common addresses out of one",
                );
            }
        }
        let owned = self.owned();
        let own: Vec<_> = owned
            .iter()
            .filter(|own| !own.who.ends_with("gateway"))
            .collect();
        let nodes = self
            .at(&["network", "nodes"])
            .and_then(|node| Some((network(node)?, node.origin())));
        for pool in pools {
            for own in own.iter().filter(|own| within(pool.range, own.address)) {
                let message = format!(
                    "the pool gives away {}, the address of {}",
                    own.address, own.who
                );
                let there = format!("{} has it", own.who);
                self.clash(
                    "pool-takes-address",
                    message,
                    (pool.origin, "this pool"),
                    (own.origin, &there),
                    "shorten the pool, or choose another address",
                );
            }
            if let Some((nodes, origin)) = nodes
                && mode == Some("l2")
                && !(nodes.contains(&pool.range.0) && nodes.contains(&pool.range.1))
            {
                let message = format!(
                    "the pool is not in the nodes' network {nodes}, and mode `l2` announces nothing else"
                );
                self.clash(
                    "pool-outside",
                    message,
                    (pool.origin, "outside"),
                    (origin, "the nodes' network"),
                    "choose addresses of that network, or `mode: bgp`",
                );
            }
            for what in ["pods", "services"] {
                for node in self.at(&["network", what]).map_or(&[][..], Node::items) {
                    // Where the nodes' network meets it too, that is the mistake.
                    let apart = |other: &IpNet| {
                        nodes.is_none_or(|(nodes, _)| {
                            !nodes.contains(other) && !other.contains(&nodes)
                        })
                    };
                    let other = network(node)
                        .filter(|other| meet(pool.range, (other.network(), other.broadcast())));
                    if let Some(other) = other.filter(apart) {
                        let message =
                            format!("the pool has addresses of the network of {what}, {other}");
                        let there = format!("the network of {what}");
                        self.clash(
                            "overlapping-pools",
                            message,
                            (pool.origin, "this pool"),
                            (node.origin(), &there),
                            "choose addresses that nobody else gives away",
                        );
                    }
                }
            }
        }
    }

    /// Gateways take their addresses from a pool.
    fn gateways(&mut self, pools: &[Pool], stated: Option<&Node>) {
        let Some(gateways) = self
            .at(&["network", "gateways"])
            .filter(|node| !node.is_off())
        else {
            return;
        };
        if let Some(gateway) = self
            .at(&["network", "gateway"])
            .filter(|node| node.is_off())
        {
            let message = "`network.gateways` has addresses, but nothing serves the Gateway API";
            let help = "choose what serves it, such as `gateway: cilium`, or take `gateways` out";
            return self.clash(
                "no-gateway",
                message,
                (self.first_key(gateways), "for nobody"),
                (gateway.origin(), "off"),
                help,
            );
        }
        let Some(stated) = stated else {
            if self.at(&["network", "loadBalancer"]).is_none() {
                let help = "add `loadBalancer: { mode: l2, pools: [10.0.10.40-10.0.10.60] }` with the gateways' addresses in it";
                self.error(
                    "no-load-balancer",
                    "`network.gateways` needs `network.loadBalancer`",
                    self.first_key(gateways),
                    "nobody would announce it",
                    help,
                );
            }
            return;
        };
        let owned = self.owned();
        let owned: Vec<_> = owned
            .iter()
            .filter(|own| !own.who.ends_with("gateway"))
            .collect();
        for entry in gateways.entries() {
            let Some(own) = address(&entry.value) else {
                continue;
            };
            // An address that somebody else has is told already.
            if owned.iter().any(|other| other.address == own) {
                continue;
            }
            if !pools.is_empty() && !pools.iter().any(|pool| within(pool.range, own)) {
                let message = format!(
                    "the address of the {} gateway, {own}, is in no pool",
                    entry.key
                );
                let pools = stated.items().first().map_or(stated.origin(), Node::origin);
                self.clash(
                    "outside-pool",
                    message,
                    (entry.value.origin(), "in no pool"),
                    (pools, "of these"),
                    "choose an address of a pool, or widen a pool",
                );
            }
        }
    }
}
