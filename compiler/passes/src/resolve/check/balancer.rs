//! The load balancer: its parts, complete and of one mode.

use super::Check;
use super::lookup::pool;
use super::pools::Pool;
use syntax::{Node, OriginId};

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
    pub(super) fn first_key(&self, map: &Node) -> OriginId {
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
}
