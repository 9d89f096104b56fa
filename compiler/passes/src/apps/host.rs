//! The names by which apps are published: a label below the cluster's domain or a whole name, each at one place only.

use super::place::Around;
use super::{Apps, Instance};
use crate::resolve::ClusterSpec;
use std::collections::BTreeMap;
use syntax::{Diagnostic, Diagnostics, Node, OriginId, Origins, Text};

/// The domain of a cluster before it is resolved, and where that stands: its own, else the platform's, below its name where
/// it is a row of a template.
pub fn domain(spec: &ClusterSpec, platform: Option<&Node>) -> Option<(Text, Vec<OriginId>)> {
    if let Some(own) = spec.stated("domain") {
        return Some((own.scalar_text()?, vec![own.origin()]));
    }
    let domain = platform?;
    let text = domain.as_str()?;
    Some(if spec.templated {
        let text = ecow::eco_format!("{}.{text}", spec.name);
        (text, vec![domain.origin(), spec.name_origin])
    } else {
        (text.into(), vec![domain.origin()])
    })
}

/// The label or name that an app states, or its own.
pub fn stated(instance: &Instance) -> (Text, OriginId) {
    let host = instance.said.get("host");
    match host.and_then(|host| Some((host.as_str()?, host.origin()))) {
        Some((text, origin)) => (text.into(), origin),
        None => (instance.app.clone(), instance.origin()),
    }
}

/// The whole name below a domain; `None` where a label has none to stand below.
pub fn full(host: &str, domain: Option<&str>) -> Option<Text> {
    if host.contains('.') {
        return Some(host.into());
    }
    Some(ecow::eco_format!("{host}.{}", domain?))
}

/// No host has two owners, in one cluster or in several; a label needs a domain.
pub fn check(apps: &Apps, around: &Around<'_>, origins: &Origins, found: &mut Diagnostics) {
    let mut owners: BTreeMap<Text, (&Text, &Instance)> = BTreeMap::new();
    let mut said: Vec<(OriginId, OriginId)> = Vec::new();
    for (cluster, instances) in apps.placed() {
        let spec = around.clusters.iter().find(|spec| spec.name == *cluster);
        let domain = spec.and_then(|spec| domain(spec, around.domain));
        let published = instances
            .into_iter()
            .filter(|instance| around.patterns.publishes(instance.pattern()));
        for instance in published {
            let (host, origin) = stated(instance);
            let Some(name) = full(&host, domain.as_ref().map(|(text, _)| text.as_str())) else {
                if !said.contains(&(origin, origin)) {
                    said.push((origin, origin));
                    found.add(homeless(instance, cluster, origin, origins));
                }
                continue;
            };
            let Some((first, other)) = owners.get(&name) else {
                owners.insert(name, (cluster, instance));
                continue;
            };
            let pair = (stated(other).1, origin);
            if !said.contains(&pair) {
                said.push(pair);
                let clash = Clash {
                    name: &name,
                    clusters: (first, cluster),
                    places: pair,
                };
                found.add(clash.report(origins));
            }
        }
    }
}

fn homeless(instance: &Instance, cluster: &str, host: OriginId, origins: &Origins) -> Diagnostic {
    let message = format!(
        "{} has no name to be published by: cluster `{cluster}` has no domain",
        instance.title()
    );
    Diagnostic::error("no-domain", message)
        .at(origins.place(host), "a label below the cluster's domain")
        .help("state `domain` at the top of the spec or at the cluster, or write the whole name in `host`")
}

/// Two that would be published by one name.
struct Clash<'a> {
    name: &'a str,
    clusters: (&'a Text, &'a Text),
    places: (OriginId, OriginId),
}

impl Clash<'_> {
    fn report(&self, origins: &Origins) -> Diagnostic {
        let name = self.name;
        let (one, other) = self.clusters;
        let (first, second) = self.places;
        let message = if one == other {
            format!("two apps of cluster `{one}` are published as `{name}`")
        } else {
            format!("clusters `{one}` and `{other}` would both publish `{name}`")
        };
        let problem = Diagnostic::error("duplicate-host", message);
        let problem = if first == second {
            problem.at(origins.place(second), "in both clusters")
        } else {
            problem
                .at(origins.place(second), "published here")
                .at(origins.place(first), "and here")
        };
        problem.help(if one == other {
            "give one of them another `host`"
        } else {
            "give the environments different `host`s, or the clusters a `domain` each"
        })
    }
}
