//! What fits what: one dated table of upstream's own statements, `versions.yaml`.

use std::collections::BTreeMap;
use std::sync::OnceLock;
use syntax::parse::parse_one;
use syntax::{Diagnostics, Node, Origins, Sources};

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
    let text = include_str!("versions.yaml");
    let file = Sources::default().add("<formwork>/versions.yaml", text);
    let table = parse_one(
        file,
        text,
        &mut Origins::default(),
        &mut Diagnostics::default(),
    );
    let minors = table.as_ref().and_then(|table| table.at(&[what, "minors"]));
    let rows = minors.map_or(&[][..], Node::entries).iter();
    let rows = rows.filter_map(|row| {
        let ranges = row.value.entries().iter();
        let ranges = ranges.filter_map(|entry| Some((entry.key.to_string(), range(&entry.value)?)));
        Some((minor(&row.key)?, ranges.collect()))
    });
    rows.collect()
}

fn range(node: &Node) -> Option<Range> {
    let ends = node.items();
    Some((
        minor(ends.first()?.as_str()?)?,
        minor(ends.last()?.as_str()?)?,
    ))
}

fn minor(text: &str) -> Option<Minor> {
    let (major, minor) = text.split_once('.')?;
    Some((major.parse().ok()?, minor.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::{kubernetes_of_cluster_api, kubernetes_of_talos, managers_of_cluster_api};

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
