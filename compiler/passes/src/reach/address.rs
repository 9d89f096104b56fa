//! Address blocks, and whether one takes all, nothing or a part of another.

use super::selector::Holds;
use ipnet::IpNet;
use std::net::IpAddr;
use syntax::Node;

/// Networks that nobody reaches from the internet.
const PRIVATE: [&str; 5] = [
    "10.0.0.0/8",
    "100.64.0.0/10",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.168.0.0/16",
];

/// A network without some of its parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// The network.
    pub network: IpNet,
    /// The parts that are not meant.
    pub except: Vec<IpNet>,
}

fn disjoint(a: &IpNet, b: &IpNet) -> bool {
    !a.contains(b) && !b.contains(a)
}

impl Block {
    /// Reads an address or a network.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let network = text.parse::<IpNet>();
        let network = network.or_else(|_| text.parse::<IpAddr>().map(IpNet::from));
        Some(Block {
            network: network.ok()?.trunc(),
            except: Vec::new(),
        })
    }

    /// Reads `{cidr, except}`.
    #[must_use]
    pub fn of(node: &Node) -> Option<Self> {
        let mut block = Block::read(node.str_at(&["cidr"])?)?;
        for part in node.get("except").map_or(&[][..], Node::items) {
            block.except.push(Block::read(part.as_str()?)?.network);
        }
        Some(block)
    }

    /// The public addresses of IPv4.
    #[must_use]
    pub fn internet() -> Option<Self> {
        let mut all = Block::read("0.0.0.0/0")?;
        let private = PRIVATE.iter().filter_map(|text| Block::read(text));
        all.except.extend(private.map(|block| block.network));
        Some(all)
    }

    /// Whether it takes all of another.
    #[must_use]
    pub fn takes(&self, other: &Block) -> Holds {
        let apart = disjoint(&self.network, &other.network)
            || self.except.iter().any(|part| part.contains(&other.network))
            || other.except.iter().any(|part| part.contains(&self.network));
        if apart {
            return Holds::No;
        }
        let left_out = |part: &IpNet| {
            disjoint(part, &other.network) || other.except.iter().any(|known| known.contains(part))
        };
        let all = self.network.contains(&other.network) && self.except.iter().all(left_out);
        if all { Holds::Yes } else { Holds::Unsure }
    }

    /// Whether it takes all of several; nothing is known where there are none.
    #[must_use]
    pub fn takes_all(&self, others: &[Block]) -> Holds {
        let mut each = others.iter().map(|other| self.takes(other));
        let Some(first) = each.next() else {
            return Holds::Unsure;
        };
        each.fold(
            first,
            |all, one| if one == all { all } else { Holds::Unsure },
        )
    }
}
