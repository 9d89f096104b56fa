//! Every file of a cell as trees: objects placed, folders listed.

use super::{Leaf, layout};
use crate::lower::Cx;
use crate::resolve::cluster::Cluster;
use model::object::{Content, Document, Object};
use std::collections::BTreeMap;
use syntax::{Diagnostic, Diagnostics, OriginId};

/// Every file of a cell as trees: objects placed, folders listed.
pub fn place(cluster: &Cluster<'_>, cx: Cx<'_>) -> Vec<Leaf> {
    let Cx {
        origins,
        found,
        objects,
        documents,
        ..
    } = cx;
    let mut folders: BTreeMap<String, Vec<Object>> = BTreeMap::new();
    for (folder, object) in objects {
        folders.entry(folder).or_default().push(object);
    }
    report_doubles(&folders, origins, found);
    let mut listed: BTreeMap<String, Vec<(String, OriginId)>> = BTreeMap::new();
    let mut leaves = Vec::new();
    for Document {
        path,
        content,
        because,
    } in documents
    {
        if let (Content::Copied(_), Some((folder, file))) = (&content, path.rsplit_once('/')) {
            let why = origins.rule("emit/listed", &[because]);
            let files = listed.entry(folder.to_owned()).or_default();
            files.push((file.to_owned(), why));
        }
        leaves.push(Leaf {
            path,
            content,
            because,
        });
    }
    for (folder, mut objects) in folders {
        objects.sort_by(|a, b| a.id.cmp(&b.id));
        let names = layout::file_names(&folder, &objects.iter().collect::<Vec<_>>());
        let files = listed.entry(folder.clone()).or_default();
        for (name, object) in names.into_iter().zip(objects) {
            let why = origins.rule("emit/listed", &[object.because]);
            files.push((name.clone(), why));
            let node = layout::ordered(&object.node);
            let content = Content::Yaml(vec![node]);
            leaves.push(Leaf {
                path: format!("{folder}/{name}"),
                content,
                because: object.because,
            });
        }
    }
    list_folders(cluster, listed, origins, &mut leaves);
    leaves.sort_by(|a, b| a.path.cmp(&b.path));
    leaves
}

/// Adds each folder's `kustomization.yaml`.
fn list_folders(
    cluster: &Cluster<'_>,
    listed: BTreeMap<String, Vec<(String, OriginId)>>,
    origins: &mut syntax::Origins,
    leaves: &mut Vec<Leaf>,
) {
    for (folder, mut files) in listed {
        files.sort_unstable();
        let (node, because) = layout::kustomization(cluster, &folder, &files, origins);
        let path = format!("{folder}/kustomization.yaml");
        leaves.push(Leaf {
            path,
            because,
            content: Content::Yaml(vec![node]),
        });
    }
}

/// Two objects of one identity in a cluster would overwrite each other for ever.
fn report_doubles(
    folders: &BTreeMap<String, Vec<Object>>,
    origins: &syntax::Origins,
    found: &mut Diagnostics,
) {
    let mut seen: BTreeMap<_, (&str, &Object)> = BTreeMap::new();
    let all = folders.iter().flat_map(|(folder, objects)| {
        let unit = folder.rsplit('/').next().unwrap_or(folder);
        objects.iter().map(move |object| (unit, object))
    });
    for (unit, object) in all {
        let Some((rival, other)) = seen.insert(&object.id, (unit, object)) else {
            continue;
        };
        let (problem, one, other_one) = match rival == unit {
            true => (
                format!("`{unit}` makes {} twice", object.id),
                "one is made here".to_owned(),
                "and one here".to_owned(),
            ),
            false => (
                format!("`{rival}` and `{unit}` both make {}", object.id),
                format!("`{unit}` makes it here"),
                format!("`{rival}` makes it here"),
            ),
        };
        found.add(
            Diagnostic::error("two-owners", problem)
                .at(origins.place(object.node.origin()), one)
                .at(origins.place(other.node.origin()), other_one)
                .help("each would undo the other: rename one, or leave the object to one of them"),
        );
    }
}
