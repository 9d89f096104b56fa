//! Where the addresses of a cluster lie, as far as its spec states them.

use super::address::Block;
use crate::resolve::cluster::Cluster;
use syntax::Node;

/// Addresses of the cluster.
#[derive(Clone, Debug, Default)]
pub struct Places {
    /// The pods' networks.
    pub pods: Vec<Block>,
    /// The services' networks.
    pub services: Vec<Block>,
    /// The nodes: each, else their network, else everything that is no pod.
    pub nodes: Vec<Block>,
    /// The API server: the control planes, and the address that they share.
    pub api_server: Vec<Block>,
}

impl Places {
    /// Of a cluster, as its settings state them.
    #[must_use]
    pub fn of(cluster: &Cluster<'_>) -> Self {
        let list = |path: &[&str]| -> Vec<Block> {
            let items = cluster.at(path).map_or(&[][..], Node::items).iter();
            items
                .filter_map(|node| Block::read(node.as_str()?))
                .collect()
        };
        let pods = list(&["network", "pods"]);
        let of = |planes: bool| -> Option<Vec<Block>> {
            let nodes = cluster.at(&["nodes"]).map_or(&[][..], Node::entries).iter();
            let chosen = nodes
                .filter(|node| !planes || node.value.str_at(&["role"]) == Some("controlplane"));
            let each: Option<Vec<Vec<Block>>> = chosen.map(|node| addresses(&node.value)).collect();
            each.filter(|each| !each.is_empty())
                .map(|each| each.concat())
        };
        let stated = cluster.at(&["network", "nodes"]).and_then(Node::as_str);
        let elsewhere = || {
            let mut all = Block::read("0.0.0.0/0")?;
            all.except.extend(pods.iter().map(|block| block.network));
            Some(all)
        };
        let somewhere = || -> Vec<Block> {
            let network = stated.and_then(Block::read).or_else(elsewhere);
            network.into_iter().collect()
        };
        let shared = cluster.at(&["network", "apiServer"]).and_then(Node::as_str);
        let shared = shared.and_then(Block::read);
        let api_server = of(true).unwrap_or_else(somewhere);
        Places {
            services: list(&["network", "services"]),
            nodes: of(false).unwrap_or_else(somewhere),
            api_server: api_server.into_iter().chain(shared).collect(),
            pods,
        }
    }
}

/// The addresses that a node states, each as a block of one; `None` where it states none.
fn addresses(node: &Node) -> Option<Vec<Block>> {
    let one = node.get("address").into_iter();
    let stated = one.chain(node.get("addresses").map_or(&[][..], Node::items));
    let blocks = stated.filter_map(|address| Block::read(address.as_str()?.split('/').next()?));
    let blocks: Vec<Block> = blocks.collect();
    (!blocks.is_empty()).then_some(blocks)
}
