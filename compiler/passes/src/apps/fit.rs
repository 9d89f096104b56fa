//! Whether an app fits its cluster: what stores its data, which gateway publishes it, and by which certificate.

use super::Placed;
use crate::resolve::cluster::Cluster;
use syntax::{Diagnostic, Diagnostics, Node, OriginId, Origins};

/// What of an app its cluster can't serve.
pub fn check(
    cluster: &Cluster<'_>,
    placed: &Placed<'_>,
    origins: &Origins,
    found: &mut Diagnostics,
) {
    storage(cluster, placed, origins, found);
    if cluster
        .platform
        .patterns
        .publishes(placed.instance.pattern())
    {
        gateway(cluster, placed, origins, found);
        certificate(cluster, placed, origins, found);
    }
}

/// Claims without a class, where nothing of the platform's stores them.
fn storage(cluster: &Cluster<'_>, placed: &Placed<'_>, origins: &Origins, found: &mut Diagnostics) {
    let served = cluster.choices.get("storage.block").and_then(Node::as_str);
    if served.is_some() {
        return;
    }
    let said = &placed.instance.said;
    let volumes = said.get("storage").map_or(&[][..], Node::entries).iter();
    let volumes = volumes.map(|entry| &entry.value);
    let stores = volumes.chain(said.at(&["uses", "postgres"]));
    for store in stores.filter(|store| store.get("class").is_none()) {
        let message = format!(
            "nothing stores what {} keeps in cluster `{}`",
            placed.instance.title(),
            cluster.name
        );
        found.add(
            Diagnostic::warning("no-storage", message)
                .at(origins.place(store.origin()), "a claim without a class")
                .help("choose what provides `storage.block`, or name a storage class of your own: `class: NAME`"),
        );
    }
}

/// An app that is published at a gateway which the cluster doesn't have.
fn gateway(cluster: &Cluster<'_>, placed: &Placed<'_>, origins: &Origins, found: &mut Diagnostics) {
    let said = &placed.instance.said;
    // In Kind one gateway stands for both.
    let one = cluster.provider() == "kind" && cluster.at(&["network", "loadBalancer"]).is_none();
    if one {
        return;
    }
    let stated = said.get("gateway");
    let name = stated.and_then(Node::as_str).unwrap_or("internal");
    let gateways = cluster.at(&["network", "gateways"]);
    if gateways.is_some_and(|gateways| gateways.get(name).is_some()) {
        return;
    }
    let message = format!(
        "cluster `{}` has no gateway `{name}` to publish {} at",
        cluster.name,
        placed.instance.title()
    );
    let at = stated.map_or(placed.instance.origin(), Node::origin);
    found.add(
        Diagnostic::error("no-gateway", message)
            .at(origins.place(at), "published here")
            .help(format!("give it an address at the cluster: `network: {{ gateways: {{ {name}: ADDRESS }} }}`")),
    );
}

/// A whole name that the gateway's certificate does not hold: it is for one label below the cluster's domain.
fn certificate(
    cluster: &Cluster<'_>,
    placed: &Placed<'_>,
    origins: &Origins,
    found: &mut Diagnostics,
) {
    let on = |path: &[&str]| cluster.at(path).is_some_and(|node| !node.is_off());
    let domain = cluster.facts.str_at(&["domain"]);
    let secured = cluster
        .choices
        .get("security.certificates")
        .is_some_and(|choice| choice.as_str().is_some())
        && on(&["security", "issuer"]);
    let (Some(domain), Some(host), true) = (domain, placed.facts.get("hostname"), secured) else {
        return;
    };
    let Some(name) = host.as_str() else { return };
    let label = name
        .strip_suffix(domain)
        .and_then(|rest| rest.strip_suffix('.'));
    if label.is_some_and(|label| !label.contains('.')) {
        return;
    }
    let at: OriginId = placed
        .instance
        .said
        .get("host")
        .map_or(placed.instance.origin(), Node::origin);
    let message = format!(
        "no certificate of cluster `{}` is for `{name}`",
        cluster.name
    );
    found.add(
        Diagnostic::warning("no-certificate", message)
            .at(origins.place(at), format!("the gateways have one for `*.{domain}`"))
            .help("write a label alone, or add a Certificate and a listener by `objects` and `patches`"),
    );
}
