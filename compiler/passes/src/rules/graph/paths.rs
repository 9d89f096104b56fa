//! The folders of a cluster, as Kustomizations name them.

use super::flux::{follows_own, is_flux, is_unit};
use crate::rules::{Subject, View};
use std::collections::BTreeMap;

/// The folders that the compiler's own Kustomizations apply, by their path in the repository.
pub struct Folders<'v, 'a> {
    /// By path, without `./` before and `/` behind.
    pub units: BTreeMap<&'v str, &'v Subject<'a>>,
    /// The path of the cluster's folder, with `/` behind.
    pub cluster: Option<&'v str>,
}

impl<'v, 'a> Folders<'v, 'a> {
    /// Of a cluster.
    pub fn of(view: &'v View<'a>) -> Folders<'v, 'a> {
        let mut units = BTreeMap::new();
        let mut cluster = None;
        for subject in view.subjects(&["Kustomization"]).filter(|it| is_unit(it)) {
            let Some(path) = path(subject) else {
                continue;
            };
            let parent = path.strip_suffix(subject.object.id.name.as_str());
            cluster = cluster.or(parent);
            units.insert(path, subject);
        }
        Folders { units, cluster }
    }
}

/// The Kustomizations that others than the compiler made, and that follow the platform's repository.
pub fn added<'v, 'a>(view: &'v View<'a>) -> impl Iterator<Item = &'v Subject<'a>> {
    let all = view.subjects(&["Kustomization"]).filter(|it| is_flux(it));
    all.filter(|subject| !is_unit(subject) && follows_own(subject) && is_here(subject))
}

/// Whether it applies to this cluster.
fn is_here(subject: &Subject<'_>) -> bool {
    subject.object.node.at(&["spec", "kubeConfig"]).is_none()
}

/// The path of a Kustomization, without `./` before and `/` behind.
pub fn path<'s>(subject: &'s Subject<'_>) -> Option<&'s str> {
    let path = subject.object.node.str_at(&["spec", "path"])?;
    let path = path.trim_start_matches("./").trim_matches('/');
    (!path.contains("..") && !path.contains("${")).then_some(path)
}
