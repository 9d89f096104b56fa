//! A component's values in every cluster of a trial, and for every choice that its options offer, against its chart.

use super::charts::{Charts, Found};
use passes::chart::{Chart, Emitted, compare, read_places, same_version};
use passes::evaluate::Enabled;
use passes::resolve::cluster::resolve_cluster;
use passes::resolve::{ClusterSpec, Platform};
use syntax::{Diagnostic, Diagnostics, Map, Node, OriginId, Origins};

/// What was compared.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Compared {
    /// Nothing has a chart.
    #[default]
    NoChart,
    /// There is one, and it is not at hand.
    NotAtHand,
    /// It was compared.
    With {
        /// The chart's version, where its folder says it.
        version: Option<String>,
    },
}

/// Compares in every cluster that has the component.
pub fn check(
    name: &str,
    platform: &Platform,
    charts: &Charts,
    found: &mut Diagnostics,
) -> Result<Compared, String> {
    let mut compared = Compared::default();
    for spec in &platform.clusters {
        let mut said = Diagnostics::default();
        let mut origins = Origins::extending(&platform.origins);
        let cluster = resolve_cluster(platform, spec, &mut origins, &mut said);
        let Some(component) = cluster.components.iter().find(|c| c.name == name) else {
            continue;
        };
        if component.chart.is_null() {
            continue;
        }
        let Some(chart) = charts.find(name, &component.chart)? else {
            compared = Compared::NotAtHand;
            continue;
        };
        one(component, &chart, platform, &origins, found);
        for layer in alternatives(component) {
            other(name, spec, layer, &chart, platform, found);
        }
        about(component, &chart, &origins, found);
        compared = Compared::With {
            version: chart.chart.version,
        };
    }
    Ok(compared)
}

fn one(
    component: &Enabled<'_>,
    chart: &Found,
    platform: &Platform,
    origins: &Origins,
    found: &mut Diagnostics,
) {
    let passes = Chart::passes(&component.chart);
    let emitted = Emitted {
        values: &component.values,
        passes: &passes,
        read: &read_places(component, origins),
    };
    compare(&emitted, &chart.chart, &platform.sources, origins, found);
}

/// The same cluster with another choice of an option; what does not go together there is no affair of the chart's.
fn other(
    name: &str,
    spec: &ClusterSpec,
    layer: Node,
    chart: &Found,
    platform: &Platform,
    found: &mut Diagnostics,
) {
    let mut spec = spec.clone();
    spec.layers.push(layer);
    let mut said = Diagnostics::default();
    let mut origins = Origins::extending(&platform.origins);
    let cluster = resolve_cluster(platform, &spec, &mut origins, &mut said);
    let component = cluster.components.iter().find(|c| c.name == name);
    if let Some(component) = component.filter(|_| !said.has_errors()) {
        one(component, chart, platform, &origins, found);
    }
}

/// For each option each value that it is known to take, as a layer over a cluster.
fn alternatives(component: &Enabled<'_>) -> Vec<Node> {
    let none = OriginId::default();
    let options = component.component.node.get("options");
    let mut layers = Vec::new();
    for option in options.map_or(&[][..], Node::entries) {
        let listed = option
            .value
            .get("enum")
            .map_or(&[][..], Node::items)
            .to_vec();
        let values = match option.value.str_at(&["type"]) {
            Some("boolean") => vec![Node::bool(true, none), Node::bool(false, none)],
            Some("integer") => {
                let least = option
                    .value
                    .get("minimum")
                    .and_then(Node::as_i64)
                    .unwrap_or(1);
                vec![
                    Node::integer(least, none),
                    Node::integer(least.max(1) + 2, none),
                ]
            }
            Some(_) | None => listed,
        };
        for value in values {
            let path = ["components", &component.name, "options", &option.key];
            let layer = path.iter().rev().fold(value, |below, key| {
                let mut map = Map::default();
                map.set(*key, none, below);
                Node::map(map, none)
            });
            layers.push(layer);
        }
    }
    layers
}

/// What to know of the comparison: another version, parts that are not at hand.
fn about(component: &Enabled<'_>, chart: &Found, origins: &Origins, found: &mut Diagnostics) {
    let stated = component.chart.get("version").and_then(Node::scalar_text);
    if let (Some(stated), Some(there)) = (&stated, &chart.chart.version)
        && !same_version(stated, there)
    {
        let place = component
            .chart
            .get("version")
            .and_then(|v| origins.place(v.origin()));
        found.add(
            Diagnostic::note(
                "chart-version",
                format!("compared with version {there} of the chart"),
            )
            .at(place, format!("the component says {stated}")),
        );
    }
    for part in chart.chart.unseen() {
        let Some(entry) = component
            .values
            .as_map()
            .and_then(|map| map.entry(&part.key))
        else {
            continue;
        };
        found.add(
            Diagnostic::note(
                "chart-part",
                format!("the chart `{}` within the chart is not at hand", part.name),
            )
            .at(origins.place(entry.key_origin), "not compared")
            .help(format!(
                "put it into `{}`, or beside the chart",
                chart.folder.join("charts").join(&part.name).display()
            )),
        );
    }
}
