//! Manifests that nothing references, in folders that something does.

use super::Look;
use crate::lint::clusters::Cluster;
use crate::lint::file::File;
use crate::lint::tree::parent;
use std::collections::BTreeSet;
use syntax::{Diagnostic, FileId, Node, Span};

/// What goes into what, whether a cluster has it or not.
#[derive(Debug, Default)]
pub(in crate::lint) struct Referenced {
    /// YAML files.
    pub(in crate::lint) files: BTreeSet<usize>,
    /// Files of other kinds, by path.
    pub(in crate::lint) data: BTreeSet<String>,
}

/// Judges the files of a repository.
pub(super) fn check(look: &mut Look<'_>, clusters: &[Cluster], referenced: &Referenced) {
    let known = clusters.iter().filter(|cluster| cluster.is_known);
    let live: BTreeSet<usize> = known.flat_map(|cluster| &cluster.files).copied().collect();
    for (at, file) in look.repo.files.iter().enumerate() {
        let is_used = referenced.files.contains(&at) || referenced.data.contains(&file.path);
        if is_used || live.contains(&at) || file.is_kustomization() || !is_manifest(file) {
            continue;
        }
        let Some((kustomization, list)) = look.repo.kustomization(parent(&file.path)) else {
            continue;
        };
        let source = look.repo.sources.get(list.id);
        let text = source.map_or("", |source| source.text());
        // What is named in a comment was left out on purpose.
        if !live.contains(&kustomization) || text.contains(super::super::tree::name(&file.path)) {
            continue;
        }
        let message = format!("nothing references `{}`", file.path);
        let resources = list.node().and_then(|node| node.get("resources"));
        let problem = Diagnostic::warning("unreferenced-file", message)
            .at(
                first_line(file.id, source_text(look, file)),
                "never applied",
            )
            .at(
                resources.and_then(|it| look.repo.place(it.origin())),
                "not among these",
            );
        look.add(problem.help("add it to `resources`, or take the file out"));
    }
}

fn source_text<'l>(look: &'l Look<'_>, file: &File) -> &'l str {
    let source = look.repo.sources.get(file.id);
    source.map_or("", |source| source.text())
}

/// Whether a file holds objects that are called something.
fn is_manifest(file: &File) -> bool {
    let is_named = |node: &Node| node.at(&["metadata", "name"]).is_some();
    file.broken.is_empty() && !file.objects.is_empty() && file.objects.iter().all(is_named)
}

/// The first line of a text that is no comment and no mark of YAML's.
fn first_line(file: FileId, text: &str) -> Span {
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let said = line.trim();
        if !said.is_empty() && !said.starts_with('#') && said != "---" {
            let end = start + line.trim_end().len();
            return span(file, start, end);
        }
        start += line.len();
    }
    span(file, 0, 0)
}

fn span(file: FileId, start: usize, end: usize) -> Span {
    Span {
        file,
        start: u32::try_from(start).unwrap_or(u32::MAX),
        end: u32::try_from(end).unwrap_or(u32::MAX),
    }
}
