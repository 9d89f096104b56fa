//! Flux's objects by what they are called, and what of a cluster is not in its tree.

use crate::rules::{Subject, View};
use std::collections::BTreeMap;
use syntax::suggest::nearest;
use syntax::{Node, OriginId};

/// Flux's own namespace, and the name of the source that it follows; Flux itself makes that one.
pub const OWN: &str = "flux-system";

/// The kinds that refer to each other.
const KINDS: [&str; 7] = [
    "Bucket",
    "GitRepository",
    "HelmChart",
    "HelmRelease",
    "HelmRepository",
    "Kustomization",
    "OCIRepository",
];

/// What an object is called among Flux's: kind, namespace, name.
pub type Key<'a> = (&'a str, &'a str, &'a str);

/// Flux's objects of a cluster.
pub struct Index<'v, 'a> {
    objects: BTreeMap<Key<'v>, &'v Subject<'a>>,
    /// Whether others may make such objects too: nothing is then known of a name that is not here.
    open: bool,
}

impl<'v, 'a> Index<'v, 'a> {
    /// Of a cluster.
    pub fn of(view: &'v View<'a>) -> Index<'v, 'a> {
        let ours = view.subjects(&KINDS).filter(|it| is_flux(it));
        let mut objects = BTreeMap::new();
        let mut open = view
            .subjects(&["Application", "ApplicationSet", "ResourceSet"])
            .next()
            .is_some();
        for subject in ours {
            open |= brings_more(view, subject);
            objects.insert(key(subject), subject);
        }
        Index { objects, open }
    }

    /// Every object of a kind.
    pub fn each(&self, kind: &'static str) -> impl Iterator<Item = &'v Subject<'a>> {
        let objects = self.objects.iter();
        objects
            .filter(move |(key, _)| key.0 == kind)
            .map(|(_, subject)| *subject)
    }

    /// An object by its key.
    pub fn get(&self, key: Key<'_>) -> Option<&'v Subject<'a>> {
        self.objects.get(&key).copied()
    }

    /// What to say of a key that nothing has; `None` where it may be there all the same.
    pub fn missing(&self, (kind, namespace, name): Key<'_>) -> Option<String> {
        if self.get((kind, namespace, name)).is_some()
            || name.contains("${")
            || namespace.contains("${")
        {
            return None;
        }
        let named = |other: &&Key<'_>| other.2 == name;
        let same = |other: &&Key<'_>| other.0 == kind;
        if let Some((_, elsewhere, _)) = self.objects.keys().filter(same).find(named) {
            return Some(format!(
                "there is one in the namespace `{elsewhere}`: say so with `namespace`"
            ));
        }
        if let Some((other, ..)) = self
            .objects
            .keys()
            .find(|it| named(it) && it.1 == namespace)
        {
            return Some(format!("`{name}` is a {other}, and a {kind} is wanted"));
        }
        let names = self.objects.keys().filter(same).map(|other| other.2);
        match nearest(name, names).filter(|near| !self.open || is_slip(name, near)) {
            Some(near) => Some(format!("did you mean `{near}`?")),
            None if self.open => None,
            None => Some("take it out, or bring what it names".to_owned()),
        }
    }
}

/// Whether a name is more likely another one misspelt than one of its own: `app-2` is no slip of `app-1`.
fn is_slip(name: &str, near: &str) -> bool {
    let digits = |text: &str| text.bytes().filter(u8::is_ascii_digit).collect::<Vec<u8>>();
    name.len() > 5 && digits(name) == digits(near)
}

/// What an object is called among Flux's.
pub fn key<'s>(subject: &'s Subject<'_>) -> Key<'s> {
    let id = &subject.object.id;
    (&id.kind, &id.namespace, &id.name)
}

/// Whether it is one of Flux's: kustomize and Cluster API have kinds of the same names.
pub fn is_flux(subject: &Subject<'_>) -> bool {
    subject.object.id.group.ends_with(".toolkit.fluxcd.io")
}

/// The Kustomizations that the compiler makes for its units.
pub fn is_unit(subject: &Subject<'_>) -> bool {
    subject.folder.ends_with("/flux") && subject.object.id.kind == "Kustomization"
}

/// Whether a Kustomization follows the platform's own repository.
pub fn follows_own(subject: &Subject<'_>) -> bool {
    let source = |key: &str| subject.object.node.str_at(&["spec", "sourceRef", key]);
    let namespace = source("namespace").unwrap_or(&subject.object.id.namespace);
    source("name") == Some(OWN) && namespace == OWN
}

/// Whether an object brings others that are not in the tree, and may be Flux's too.
fn brings_more(view: &View<'_>, subject: &Subject<'_>) -> bool {
    if subject.object.id.kind != "Kustomization" || is_unit(subject) {
        return false;
    }
    // Manifests of a component are what it declares, and those of another cluster are not here.
    let of_component = subject.component.and_then(|name| view.component(name));
    let declared = of_component.is_some_and(|component| !component.git.is_null());
    !declared && subject.object.node.at(&["spec", "kubeConfig"]).is_none()
}

/// A name in a reference, where it stands, and the namespace that it means.
pub fn named<'n>(reference: &'n Node, home: &'n str) -> Option<(&'n str, &'n str, OriginId)> {
    let name = reference.get("name")?;
    let namespace = reference.str_at(&["namespace"]).unwrap_or(home);
    Some((namespace, name.as_str()?, name.origin()))
}
