//! The versions of a cluster, and of the charts that are installed in it.

use crate::rules::{Subject, View};
use model::versions::{Minor, minor};
use std::collections::BTreeMap;
use syntax::{Node, OriginId};

/// The Kubernetes of a cluster, and where it is stated.
pub fn kubernetes(view: &View<'_>) -> Option<(Minor, OriginId)> {
    let stated = view.cluster.at(&["versions", "kubernetes"])?;
    Some((minor(stated.as_str()?)?, stated.origin()))
}

/// A chart that is installed in a cluster.
pub struct Chart<'v, 'a> {
    /// The release that installs it.
    pub release: &'v Subject<'a>,
    /// What it is called.
    pub name: &'v str,
    /// Its minor version.
    pub version: Minor,
    /// Where that is stated.
    pub origin: OriginId,
}

/// The charts that are installed in this cluster itself, as far as their versions are plain.
pub fn charts<'v, 'a>(view: &'v View<'a>) -> Vec<Chart<'v, 'a>> {
    let artifacts = view.subjects(&["OCIRepository"]).map(|it| {
        let id = &it.object.id;
        ((id.namespace.as_str(), id.name.as_str()), &it.object.node)
    });
    let artifacts: BTreeMap<(&str, &str), &Node> = artifacts.collect();
    let releases = view.subjects(&["HelmRelease"]);
    releases
        .filter_map(|release| chart(release, &artifacts))
        .collect()
}

fn chart<'v, 'a>(
    release: &'v Subject<'a>,
    artifacts: &BTreeMap<(&str, &str), &'v Node>,
) -> Option<Chart<'v, 'a>> {
    let spec = release.object.node.get("spec")?;
    if spec.get("kubeConfig").is_some() {
        return None;
    }
    let (name, version) = match spec.get("chartRef") {
        Some(of) => {
            let home = release.object.id.namespace.as_str();
            let namespace = of.str_at(&["namespace"]).unwrap_or(home);
            let artifact = artifacts.get(&(namespace, of.str_at(&["name"])?))?;
            let url = artifact.str_at(&["spec", "url"])?;
            (
                url.rsplit('/').next()?,
                artifact.at(&["spec", "ref", "tag"])?,
            )
        }
        None => {
            let chart = spec.at(&["chart", "spec"])?;
            (chart.str_at(&["chart"])?, chart.get("version")?)
        }
    };
    Some(Chart {
        release,
        name,
        version: minor(version.as_str()?)?,
        origin: version.origin(),
    })
}
