//! For the tests of targets: a spec and a library of one small network, compiled in memory.

use crate::world::{Bytes, Shelf, World};
use crate::{cell, front};
use model::object::Content;
use std::collections::BTreeMap;
use syntax::{Diagnostics, Node, Severity};

const NETWORK: &str = "apiVersion: formwork.dev/v1alpha1\nkind: Component\nname: flat\ntitle: Flat\nabout: A network.\n\
provides: { network.cni: flat }\nneeds:\n  talos: { cni: none, kubeProxy: false, sysctls: { net.flat: 1 }, extensions: [siderolabs/a] }\n  \
kind: { cni: none, kubeProxy: false, ports: [{ container: 80, host: 8080 }] }\n";

struct Files(BTreeMap<&'static str, String>);

impl World for Files {
    fn read(&self, path: &str) -> Option<Result<(Bytes, Shelf), String>> {
        let text = self.0.get(path)?;
        Some(Ok((text.clone().into_bytes().into(), Shelf::Project)))
    }

    fn list(&self, folder: &str) -> Vec<String> {
        match folder {
            "components" => vec!["flat/".into()],
            "profiles" => vec!["defaults.yaml".into()],
            _ => Vec::new(),
        }
    }

    fn repository_path(&self) -> Option<String> {
        None
    }
}

/// What a spec became.
pub struct Made {
    documents: BTreeMap<String, Vec<Node>>,
    texts: BTreeMap<String, String>,
    found: Vec<(Severity, String)>,
}

/// Compiles a spec with one cluster.
pub fn build(spec: &str) -> Made {
    let defaults =
        include_str!("../../../../profiles/defaults.yaml").replace("engine: flux", "engine: false");
    let files = [
        ("platform.yaml", spec.to_owned()),
        ("profiles/defaults.yaml", defaults),
        ("components/flat/component.yaml", NETWORK.to_owned()),
    ];
    let mut found = Diagnostics::default();
    let front = front(&Files(files.into()), "platform.yaml", &mut found);
    let mut made = Made {
        documents: BTreeMap::new(),
        texts: BTreeMap::new(),
        found: Vec::new(),
    };
    if let Some(platform) = front.platform {
        for spec in &platform.clusters {
            let cell = cell(&platform, spec);
            for leaf in cell.leaves {
                match leaf.content {
                    Content::Yaml(documents) => drop(made.documents.insert(leaf.path, documents)),
                    Content::Text { text, .. } => drop(made.texts.insert(leaf.path, text)),
                    Content::Copied(_) => {}
                }
            }
            found.append(cell.found);
        }
    }
    for problem in found.sorted() {
        made.found.push((
            problem.severity,
            format!("{}: {}", problem.id, problem.message),
        ));
    }
    made
}

impl Made {
    /// The documents of a file.
    pub fn documents(&self, path: &str) -> &[Node] {
        self.documents.get(path).map_or(&[], Vec::as_slice)
    }

    /// The text of a file.
    pub fn text(&self, path: &str) -> &str {
        self.texts.get(path).map_or("", String::as_str)
    }

    /// The paths of all files.
    pub fn paths(&self) -> Vec<String> {
        self.documents
            .keys()
            .chain(self.texts.keys())
            .cloned()
            .collect()
    }

    /// What is wrong.
    pub fn errors(&self) -> Vec<String> {
        self.of(Severity::Error)
    }

    /// What is probably wrong.
    pub fn warnings(&self) -> Vec<String> {
        self.of(Severity::Warning)
    }

    fn of(&self, severity: Severity) -> Vec<String> {
        self.found
            .iter()
            .filter(|(of, _)| *of == severity)
            .map(|(_, text)| text.clone())
            .collect()
    }
}
