//! What is one machine's alone: its disk, image, names, hostname and links.

use super::host::Source;
use super::make::Make;
use super::{cluster, image, link};
use crate::lower::Cx;
use syntax::{Diagnostic, Entry, Map, Node, OriginId};

/// What is the machine's alone: disk, image and names in the main document, then its hostname and links.
pub fn documents(
    source: &Source<'_>,
    node: &Entry,
    facts: &Node,
    images: &mut image::Images<'_>,
    documents: &mut Vec<Node>,
    cx: &mut Cx<'_>,
) {
    let settings = &source.cell.settings;
    let empty = Node::map(Map::default(), OriginId::default());
    let network = settings.get("network").unwrap_or(&empty);
    let mut make = Make {
        origins: cx.origins,
        found: cx.found,
    };
    let size = size_disk(settings, &mut make);
    let install = image::install(source, node, facts, size.as_ref(), images, &mut make);
    let names = source.cluster.get("names").map_or(&[][..], Node::items);
    if let Some(machine) = documents
        .first_mut()
        .and_then(Node::as_map_mut)
        .and_then(|main| main.get_mut("machine"))
    {
        image::set_own(machine, install, names, facts);
        if let (Some(map), Some(role)) = (machine.as_map_mut(), node.value.get("role")) {
            map.set("type", role.origin(), role.clone());
        }
    }
    let mut hostname = make.document("HostnameConfig", None);
    hostname.set(
        "hostname",
        node.key_origin,
        Node::string(node.key.clone(), node.key_origin),
    );
    documents.push(Node::map(hostname, node.key_origin));
    let vip = cluster::vip(source.cell, facts);
    let wanted = link::Wanted {
        facts,
        network,
        vip,
        because: node.key_origin,
    };
    let links = link::links(&wanted, &mut make);
    if !links.addressed {
        let problem = format!("node `{}` has no address", node.key);
        let place = cx.origins.place(node.key_origin);
        let help = "state its `address`, or let it ask a DHCP server: `dhcp: true`";
        cx.found.add(
            Diagnostic::error("no-address", problem)
                .at(place, "neither address nor DHCP")
                .help(help),
        );
    }
    documents.extend(links.documents);
}

/// The disk of the cluster's size.
fn size_disk(settings: &Node, make: &mut Make<'_>) -> Option<Node> {
    let size = settings.get("size")?;
    let disk = settings.at(&["sizes", size.as_str()?, "disk"])?;
    let reads = [size.origin(), disk.origin()];
    Some(make.text("talos/size", disk.scalar_text()?, &reads))
}

/// Marks what a machine's role decided: the main document, the shared address and the firewall's rules.
pub fn depends_on_role(node: &Entry, documents: &mut [Node], cx: &mut Cx<'_>) {
    let Some(role) = node.value.get("role") else {
        return;
    };
    for (at, document) in documents.iter_mut().enumerate() {
        let by_role = matches!(
            document.str_at(&["kind"]),
            Some("Layer2VIPConfig" | "NetworkRuleConfig")
        );
        if at == 0 || by_role {
            let origin = cx
                .origins
                .rule("talos/role", &[document.origin(), role.origin()]);
            *document = std::mem::replace(document, Node::null(origin)).with_origin(origin);
        }
    }
}
