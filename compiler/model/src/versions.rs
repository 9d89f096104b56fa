//! What fits what: one dated table of upstream's own statements, `versions.yaml`.

use std::collections::BTreeMap;
use std::sync::OnceLock;
use syntax::parse::parse_one;
use syntax::{Diagnostics, Node, Origins, Sources};

/// A minor version: major and minor.
pub type Minor = (u64, u64);

/// The oldest and the newest Kubernetes that a Talos version runs; `None` where upstream has not said.
#[must_use]
pub fn kubernetes_of_talos(talos: Minor) -> Option<(Minor, Minor)> {
    static TABLE: OnceLock<BTreeMap<Minor, (Minor, Minor)>> = OnceLock::new();
    TABLE
        .get_or_init(|| read(include_str!("versions.yaml")))
        .get(&talos)
        .copied()
}

fn read(text: &str) -> BTreeMap<Minor, (Minor, Minor)> {
    let file = Sources::default().add("<formwork>/versions.yaml", text);
    let table = parse_one(
        file,
        text,
        &mut Origins::default(),
        &mut Diagnostics::default(),
    );
    let minors = table
        .as_ref()
        .and_then(|table| table.at(&["talos", "minors"]));
    let rows = minors
        .map_or(&[][..], Node::entries)
        .iter()
        .filter_map(|row| {
            let range = row.value.get("kubernetes")?.items();
            Some((
                minor(&row.key)?,
                (
                    minor(range.first()?.as_str()?)?,
                    minor(range.last()?.as_str()?)?,
                ),
            ))
        });
    rows.collect()
}

fn minor(text: &str) -> Option<Minor> {
    let (major, minor) = text.split_once('.')?;
    Some((major.parse().ok()?, minor.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::kubernetes_of_talos;

    #[test]
    fn the_table_is_read() {
        assert_eq!(kubernetes_of_talos((1, 13)), Some(((1, 31), (1, 36))));
        assert_eq!(kubernetes_of_talos((1, 12)), Some(((1, 30), (1, 35))));
        assert_eq!(kubernetes_of_talos((1, 99)), None);
    }
}
