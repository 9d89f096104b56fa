//! What people read and run: a runbook for each component, and its scripts.

use super::link;
use crate::lower::Cx;
use crate::resolve::cluster::Cluster;
use model::object::{Content, Document};

/// The runbook of each component that has one, with this cluster's names in it.
pub fn runbooks(cluster: &Cluster<'_>, cx: &mut Cx<'_>) {
    for component in &cluster.components {
        let Some(runbook) = &component.component.mixin.runbook else {
            continue;
        };
        if let Some((text, reads)) = runbook.render(&component.scope, cx.origins, cx.found) {
            cx.documents.push(Document {
                path: link::page(&cluster.name, &component.name),
                content: Content::Text { text, reads },
                because: component.because,
            });
        }
    }
}

/// What people run for a component, beside the script that brings the cluster up.
pub fn scripts(cluster: &Cluster<'_>, cx: &mut Cx<'_>) {
    for component in &cluster.components {
        for (name, script) in &component.component.mixin.scripts {
            let Some((text, reads)) = script.render(&component.scope, cx.origins, cx.found) else {
                continue;
            };
            if !text.trim().is_empty() {
                cx.documents.push(Document {
                    path: format!("bootstrap/{}/{name}", cluster.name),
                    content: Content::Text { text, reads },
                    because: component.because,
                });
            }
        }
    }
}
