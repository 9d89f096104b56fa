//! What a build says of a cluster, in a line.

use crate::resolve::cluster::Cluster;
use syntax::{Node, Text};

/// A cluster in short.
#[derive(Clone, Debug, Default)]
pub struct Summary {
    /// Its name.
    pub name: Text,
    /// Its provider and versions.
    pub about: String,
    /// Its components with their versions.
    pub components: Vec<String>,
    /// Its apps with their environments.
    pub apps: Vec<String>,
    /// What a person should know, such as what a small cluster leaves out.
    pub notes: Vec<String>,
}

impl Summary {
    /// Sums a cluster up.
    #[must_use]
    pub fn of(cluster: &Cluster<'_>) -> Self {
        let text = |path: &[&str]| cluster.at(path).and_then(Node::scalar_text);
        let talos = text(&["versions", "talos"]).filter(|_| cluster.provider() == "talos");
        let mut about = vec![match talos {
            Some(talos) => format!("{} {talos}", cluster.provider()),
            None => cluster.provider().to_owned(),
        }];
        if let Some(kubernetes) = text(&["versions", "kubernetes"]) {
            about.push(format!("Kubernetes {kubernetes}"));
        }
        let count = |key: &str| cluster.facts.get(key).and_then(Node::as_i64).unwrap_or(0);
        about.push(format!(
            "{}+{} nodes",
            count("controlPlanes"),
            count("workers")
        ));
        let components = cluster.components.iter().filter(|c| c.app.is_none());
        let components = components.map(|component| match component.version.scalar_text() {
            Some(version) => format!("{} {version}", component.name),
            None => component.name.to_string(),
        });
        let apps = cluster.components.iter().filter_map(|c| c.app.as_ref());
        let apps = apps.map(|app| {
            let text = |key: &str| app.str_at(&[key]);
            match text("environment") {
                Some(environment) => {
                    format!("{} ({environment})", text("name").unwrap_or_default())
                }
                None => text("name").unwrap_or_default().to_owned(),
            }
        });
        Summary {
            name: cluster.name.clone(),
            about: about.join(", "),
            components: components.collect(),
            apps: apps.collect(),
            notes: Vec::new(),
        }
    }
}
