//! What fits what: one dated table of upstream's own statements, `versions.yaml`.

mod apis;
mod charts;

pub use apis::{Api, Deprecated, api, support_ends};
pub use charts::{Fit, fit_of_chart, fit_of_flux};

use std::collections::BTreeMap;
use std::sync::OnceLock;
use syntax::parse::parse_one;
use syntax::{Diagnostics, Node, OriginId, Origins, Sources};

/// A minor version: major and minor.
pub type Minor = (u64, u64);

/// The oldest and the newest minor version, both included.
pub type Range = (Minor, Minor);

/// What Kubernetes versions a version of something runs, by what they are for.
type Table = BTreeMap<Minor, BTreeMap<String, Range>>;

/// The Kubernetes that a Talos version runs; `None` where upstream has not said.
#[must_use]
pub fn kubernetes_of_talos(talos: Minor) -> Option<Range> {
    static TABLE: OnceLock<Table> = OnceLock::new();
    of(TABLE.get_or_init(|| read("talos")), talos, "kubernetes")
}

/// The Kubernetes of the clusters that a Cluster API version makes; `None` where upstream has not said.
#[must_use]
pub fn kubernetes_of_cluster_api(version: Minor) -> Option<Range> {
    of(cluster_api(), version, "kubernetes")
}

/// The Kubernetes that a Cluster API version runs in; `None` where upstream has not said.
#[must_use]
pub fn managers_of_cluster_api(version: Minor) -> Option<Range> {
    of(cluster_api(), version, "manager")
}

fn cluster_api() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| read("clusterApi"))
}

fn of(table: &Table, version: Minor, what: &str) -> Option<Range> {
    table.get(&version)?.get(what).copied()
}

fn read(what: &str) -> Table {
    let minors = data().at(&[what, "minors"]);
    let rows = minors.map_or(&[][..], Node::entries).iter();
    let rows = rows.filter_map(|row| {
        let ranges = row.value.entries().iter();
        let ranges = ranges.filter_map(|entry| Some((entry.key.to_string(), range(&entry.value)?)));
        Some((minor(&row.key)?, ranges.collect()))
    });
    rows.collect()
}

/// The file, read once.
fn data() -> &'static Node {
    static DATA: OnceLock<Node> = OnceLock::new();
    DATA.get_or_init(|| {
        let text = include_str!("versions.yaml");
        let file = Sources::default().add("<formwork>/versions.yaml", text);
        let mut origins = Origins::default();
        let data = parse_one(file, text, &mut origins, &mut Diagnostics::default());
        data.unwrap_or_else(|| Node::null(OriginId::default()))
    })
}

fn range(node: &Node) -> Option<Range> {
    let ends = node.items();
    Some((
        minor(ends.first()?.as_str()?)?,
        minor(ends.last()?.as_str()?)?,
    ))
}

/// The minor version that a text begins with, as in `v1.36.4`, `1.36` or `2.9.x`.
#[must_use]
pub fn minor(text: &str) -> Option<Minor> {
    let mut parts = text.trim_start_matches('v').split('.');
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

/// A minor version as people write it.
#[must_use]
pub fn shown((major, minor): Minor) -> String {
    format!("{major}.{minor}")
}

#[cfg(test)]
mod tests {
    use super::{kubernetes_of_cluster_api, kubernetes_of_talos, managers_of_cluster_api, minor};

    #[test]
    fn a_minor_version_is_what_a_version_begins_with() {
        for (text, read) in [
            ("v1.36.4", Some((1, 36))),
            ("1.36", Some((1, 36))),
            ("2.9.x", Some((2, 9))),
            ("2.x", None),
            ("latest", None),
        ] {
            assert_eq!(minor(text), read, "{text}");
        }
    }

    #[test]
    fn the_table_is_read() {
        assert_eq!(kubernetes_of_talos((1, 13)), Some(((1, 31), (1, 36))));
        assert_eq!(kubernetes_of_talos((1, 12)), Some(((1, 30), (1, 35))));
        assert_eq!(kubernetes_of_talos((1, 99)), None);
        assert_eq!(kubernetes_of_cluster_api((1, 14)), Some(((1, 31), (1, 37))));
        assert_eq!(managers_of_cluster_api((1, 14)), Some(((1, 33), (1, 37))));
        assert_eq!(managers_of_cluster_api((1, 99)), None);
    }
}
