//! Pools of addresses: nobody has what they give away, and gateways take their addresses from them.

use super::Check;
use super::lookup::{address, meet, network, within};
use ipnet::IpNet;
use std::net::IpAddr;
use syntax::{Node, OriginId};

/// A pool of addresses to give away.
#[derive(Clone, Copy)]
pub(super) struct Pool {
    pub(super) range: (IpAddr, IpAddr),
    pub(super) origin: OriginId,
}

impl Check<'_> {
    pub(super) fn pools(&mut self, pools: &[Pool], mode: Option<&str>) {
        let nodes = self
            .at(&["network", "nodes"])
            .and_then(|node| Some((network(node)?, node.origin())));
        for (index, pool) in pools.iter().enumerate() {
            for other in pools
                .iter()
                .skip(index + 1)
                .filter(|other| meet(pool.range, other.range))
            {
                let (here, there) = ((other.origin, "this pool"), (pool.origin, "and this"));
                let help = "take the common addresses out of one";
                self.clash(
                    "overlapping-pools",
                    "two pools have addresses in common",
                    here,
                    there,
                    help,
                );
            }
            self.pool_takes(pool);
            if let Some(nodes) = nodes.filter(|_| mode == Some("l2")) {
                self.pool_outside(pool, nodes);
            }
            self.pool_meets(pool, nodes.map(|(nodes, _)| nodes));
        }
    }

    /// A pool must not give away what somebody has.
    fn pool_takes(&mut self, pool: &Pool) {
        for own in self
            .owned()
            .iter()
            .filter(|own| !own.is_gateway() && within(pool.range, own.address))
        {
            let message = format!(
                "the pool gives away {}, the address of {}",
                own.address, own.who
            );
            let there = format!("{} has it", own.who);
            let help = "shorten the pool, or choose another address";
            self.clash(
                "pool-takes-address",
                message,
                (pool.origin, "this pool"),
                (own.origin, &there),
                help,
            );
        }
    }

    /// What is announced by ARP must be in the network.
    fn pool_outside(&mut self, pool: &Pool, (nodes, origin): (IpNet, OriginId)) {
        if nodes.contains(&pool.range.0) && nodes.contains(&pool.range.1) {
            return;
        }
        let message = format!(
            "the pool is not in the nodes' network {nodes}, and mode `l2` announces nothing else"
        );
        let (here, there) = ((pool.origin, "outside"), (origin, "the nodes' network"));
        self.clash(
            "pool-outside",
            message,
            here,
            there,
            "choose addresses of that network, or `mode: bgp`",
        );
    }

    /// Pods and services have addresses of their own. Where the nodes' network meets theirs too, that is the mistake.
    fn pool_meets(&mut self, pool: &Pool, nodes: Option<IpNet>) {
        for what in ["pods", "services"] {
            for node in self.at(&["network", what]).map_or(&[][..], Node::items) {
                let apart = |other: &IpNet| {
                    nodes.is_none_or(|nodes| !nodes.contains(other) && !other.contains(&nodes))
                };
                let other = network(node)
                    .filter(|other| meet(pool.range, (other.network(), other.broadcast())));
                let Some(other) = other.filter(apart) else {
                    continue;
                };
                let message = format!("the pool has addresses of the network of {what}, {other}");
                let there = format!("the network of {what}");
                let help = "choose addresses that nobody else gives away";
                self.clash(
                    "overlapping-pools",
                    message,
                    (pool.origin, "this pool"),
                    (node.origin(), &there),
                    help,
                );
            }
        }
    }

    /// Gateways need somebody who serves them, and a pool to take their addresses from.
    pub(super) fn gateways(&mut self, pools: &[Pool], stated: Option<&Node>) {
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
            let help = "choose what serves it with `network.gateway`, or take `gateways` out";
            let here = (self.first_key(gateways), "for nobody");
            return self.clash("no-gateway", message, here, (gateway.origin(), "off"), help);
        }
        match stated {
            Some(stated) if !pools.is_empty() => self.in_pools(gateways, pools, stated),
            None if self.at(&["network", "loadBalancer"]).is_none() => {
                let help = "add `loadBalancer: { mode: l2, pools: [10.0.10.40-10.0.10.60] }` with the gateways' addresses in it";
                let message = "`network.gateways` needs `network.loadBalancer`";
                self.error(
                    "no-load-balancer",
                    message,
                    self.first_key(gateways),
                    "nobody would announce it",
                    help,
                );
            }
            Some(_) | None => {}
        }
    }

    fn in_pools(&mut self, gateways: &Node, pools: &[Pool], stated: &Node) {
        let owned = self.owned();
        for entry in gateways.entries() {
            let Some(own) = address(&entry.value) else {
                continue;
            };
            // An address that somebody else has is told already.
            let taken = owned
                .iter()
                .any(|other| !other.is_gateway() && other.address == own);
            if !taken && !pools.iter().any(|pool| within(pool.range, own)) {
                let message = format!(
                    "the address of the {} gateway, {own}, is in no pool",
                    entry.key
                );
                let there = (
                    stated.items().first().map_or(stated.origin(), Node::origin),
                    "of these",
                );
                let help = "choose an address of a pool, or widen a pool";
                self.clash(
                    "outside-pool",
                    message,
                    (entry.value.origin(), "in no pool"),
                    there,
                    help,
                );
            }
        }
    }
}
