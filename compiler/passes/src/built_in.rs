//! The YAML that lies beside the code: the shapes of targets and the patterns of apps, as `build.rs` packed them.

use syntax::pack::unpack;
use syntax::parse::parse_many;
use syntax::source::BUILT_IN;
use syntax::{Diagnostics, FileId, Node, Origins, Sources};

/// Each file's path below `src` without its ending, its text, and its packed tree, sorted by path.
static FILES: &[(&str, &str, &[u8])] = &include!(concat!(env!("OUT_DIR"), "/built_in.rs"));

/// Each file's path below `src` without its ending.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    FILES.iter().map(|(path, _, _)| *path)
}

/// The files that `name` gives a name, as trees. Their texts join the sources, so that `explain` can show them.
pub(crate) fn built_in(
    name: impl Fn(&'static str) -> Option<&'static str>,
    sources: &mut Sources,
    origins: &mut Origins,
    found: &mut Diagnostics,
) -> Vec<(&'static str, Node)> {
    let wanted = FILES
        .iter()
        .filter_map(|(path, text, tree)| Some((name(path)?, path, *text, *tree)));
    let (names, files): (Vec<_>, Vec<_>) = wanted
        .map(|(name, path, text, tree)| {
            let file = sources.add_text(&format!("{BUILT_IN}{path}.yaml"), text);
            (name, (file, text, Some(tree)))
        })
        .unzip();
    let nodes = trees(&files, origins, found);
    let named = names.into_iter().zip(nodes);
    named
        .filter_map(|(name, node)| Some((name, node?)))
        .collect()
}

/// Texts as trees, each unpacked where it was packed, else parsed.
pub(crate) fn trees(
    files: &[(FileId, &str, Option<&'static [u8]>)],
    origins: &mut Origins,
    found: &mut Diagnostics,
) -> Vec<Option<Node>> {
    let packed = files
        .iter()
        .map(|(file, _, tree)| (*file, tree.unwrap_or_default()));
    let mut nodes = unpack(&packed.collect::<Vec<_>>(), origins);
    let unread = || nodes.iter().enumerate().filter(|(_, node)| node.is_none());
    let places: Vec<usize> = unread().map(|(at, _)| at).collect();
    let texts: Vec<(FileId, &str)> = places
        .iter()
        .filter_map(|at| files.get(*at).map(|(file, text, _)| (*file, *text)))
        .collect();
    for (at, node) in places.into_iter().zip(parse_many(&texts, origins, found)) {
        if let Some(place) = nodes.get_mut(at) {
            *place = node;
        }
    }
    nodes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::template::compile;
    use syntax::parse::parse_one;

    #[test]
    fn every_expression_compiles() {
        for (path, text, _) in FILES {
            // Under a name that is not a built-in one's, what is never asked is compiled too.
            let (mut sources, mut origins) = (Sources::default(), Origins::default());
            let mut found = Diagnostics::default();
            let file = sources.add(path, text);
            let node = parse_one(file, text, &mut origins, &mut found).expect("a tree");
            let _ = compile(&node, &sources, &origins, &mut found);
            assert!(found.is_empty(), "{path}: {found:?}");
        }
    }
}
