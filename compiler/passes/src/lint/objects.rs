//! The rules that read objects and workloads, and secrets in plain text, over what a repository holds.

use super::clusters::Cluster;
use super::flux;
use super::kustomize::Item;
use super::repo::Repo;
use super::schema::{has_hole, title};
use super::tree::parent;
use crate::load::own_rules;
use crate::plaintext::{is_guess, leaks};
use crate::rules::{self, OwnRule, Subject};
use crate::world::World;
use model::object::Object;
use std::collections::BTreeSet;
use syntax::{Diagnostic, Diagnostics, Entry, FileId, Node, Pointer, Severity, Span};

/// The rule that speaks of secrets.
const PLAINTEXT: &str = "plaintext-secret";

/// The rules that a project brings itself. Others keep rules of their own kinds in folders of that name.
pub(super) fn own(world: &dyn World) -> Vec<OwnRule> {
    let is_ours = |name: &String| {
        let Some(Ok((bytes, _))) = world.read(&format!("rules/{name}")) else {
            return false;
        };
        let text = String::from_utf8_lossy(&bytes);
        text.contains("apiVersion: formwork.dev/") && text.contains("kind: Rule")
    };
    if !world.list("rules").iter().any(is_ours) {
        return Vec::new();
    }
    // What is wrong with them is for `check` to say.
    own_rules(world, &mut Diagnostics::default()).0
}

/// Judges every object.
pub(super) fn check(
    repo: &Repo<'_>,
    clusters: &[Cluster],
    rest: &[Item],
    own: &[OwnRule],
) -> Vec<Diagnostic> {
    let units = clusters.iter().flat_map(|cluster| &cluster.units);
    let items = units.flat_map(|unit| &unit.items).chain(rest);
    let objects: Vec<(&str, Object)> = items
        .filter(|item| !item.generated)
        .filter_map(|item| {
            let file = repo.files.get(item.file)?;
            let origin = item.node.origin();
            let object = Object::new(item.node.clone(), origin)?;
            file.broken
                .is_empty()
                .then_some((parent(&file.path), object))
        })
        .collect();
    let subjects: Vec<Subject<'_>> = objects
        .iter()
        .map(|(folder, object)| Subject {
            folder,
            object,
            component: None,
        })
        .collect();
    let is_open = |span: Span| {
        let source = repo.sources.get(span.file);
        let text = source.and_then(|it| it.text().get(span.start as usize..span.end as usize));
        text.is_some_and(has_hole)
    };
    rules::objects(&subjects, own, &repo.origins, &is_open)
}

/// Secrets that stand in the open: each file is read as it is, whether it is applied or not.
pub(super) fn plaintext(repo: &Repo<'_>) -> Vec<Diagnostic> {
    let level = rules::find(PLAINTEXT).map(|rule| rule.levels.usual.severity());
    let Some(Some(severity)) = level else {
        return Vec::new();
    };
    let mut seen: BTreeSet<Option<Span>> = BTreeSet::new();
    let mut all = Vec::new();
    for object in repo.files.iter().flat_map(|file| &file.objects) {
        for found in leaks(object) {
            let place = repo.place(found.origin);
            if is_name(object, &found.pointer) || !seen.insert(place) {
                continue;
            }
            let kind = found.leak.kind;
            let severity = match is_guess(kind) || is_identifier(object, &found.pointer) {
                true => severity.min(Severity::Warning),
                false => severity,
            };
            let message = format!(
                "{kind} in plain text at `{}` of {}",
                found.pointer,
                title(object)
            );
            all.push(
                Diagnostic::new(severity, PLAINTEXT, message)
                    .at(place, "whoever reads this file has it")
                    .help("seal it with SOPS, or name a Secret that is made elsewhere; it was seen by whoever saw this file, so make a new one"),
            );
        }
    }
    all
}

/// Whether a value only names where a secret is.
fn is_name(object: &Node, pointer: &Pointer) -> bool {
    let last = pointer.last().map_or("", |last| last.as_str());
    flux::group_of(object).ends_with("external-secrets.io")
        && ["key", "property", "remoteKey", "secretKey"].contains(&last)
}

/// Whether a value says who asks, beside a secret that is elsewhere.
fn is_identifier(object: &Node, pointer: &Pointer) -> bool {
    let last = pointer.last().map_or("", |last| last.as_str());
    let beside = pointer.parent().and_then(|above| object.find(&above));
    let is_sealed = |entry: &Entry| entry.key.ends_with("SecretRef");
    last.eq_ignore_ascii_case("accessKeyID")
        && beside.is_some_and(|map| map.entries().iter().any(is_sealed))
}

/// Where each object of a file is, and what it lets pass.
pub(super) fn annotated(repo: &Repo<'_>, file: FileId) -> Vec<(Span, Node)> {
    let files = repo.files.iter().filter(|it| it.id == file);
    let objects = files.flat_map(|file| &file.objects);
    objects
        .filter_map(|object| {
            let said = object.at(&["metadata", "annotations", super::allow::ANNOTATION])?;
            Some((repo.place(object.origin())?, said.clone()))
        })
        .collect()
}
