//! What holds data in a cluster: claims that components state, plain objects, and what is said of their content.

use crate::evaluate::Enabled;
use crate::rules::{Finding, Subject, View};
use model::object::ObjectId;
use syntax::{Node, OriginId, Text};

/// The label by which Velero leaves an object out.
const LEFT_OUT: &str = "velero.io/exclude-from-backup";
/// The annotation that says what is in a claim.
const CONTENT: &str = "formwork.dev/data";

/// A claim whose content nothing is known to make again.
pub struct Claim<'a> {
    /// Its name; of several alike what they have in common, and `*`.
    pub name: Text,
    /// Its namespace.
    pub namespace: &'a str,
    /// What states it.
    pub node: &'a Node,
    /// Which part of `backup` copies it: `volumes` or `databases`.
    pub copier: &'a str,
    /// Its storage class, where one is stated.
    pub class: Option<&'a Node>,
    /// Its annotations, where it is an object.
    pub annotations: Option<&'a Node>,
    owner: Option<&'a Enabled<'a>>,
    object: Option<&'a ObjectId>,
    because: OriginId,
    content: Content,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Content {
    /// Nothing makes it again.
    Primary,
    /// It can be done without, or copies leave it out.
    Dispensable,
    /// Nobody says.
    Unstated,
}

impl<'a> Claim<'a> {
    /// How messages call it.
    pub fn title(&self) -> String {
        match self.owner {
            Some(owner) => format!("claim `{}` of {}", self.name, owner.title()),
            None => format!("claim `{}` in `{}`", self.name, self.namespace),
        }
    }

    /// Where the one who wants it says so.
    pub fn origin(&self, view: &View<'_>) -> OriginId {
        view.users_origin(self.node.get("size").unwrap_or(self.node).origin())
    }

    /// A finding about it.
    pub fn about(&self, finding: Finding) -> Finding {
        let finding = finding.because(self.because);
        let finding = match self.owner {
            Some(owner) => finding.component(&owner.name),
            None => finding,
        };
        match self.object {
            Some(object) => finding.object(object),
            None => finding,
        }
    }

    fn declared(owner: &'a Enabled<'a>, node: &'a Node) -> Self {
        let content = match node.str_at(&["data"]) {
            Some("primary") => Content::Primary,
            Some(_) => Content::Dispensable,
            None => Content::Unstated,
        };
        Claim {
            name: node.str_at(&["name"]).unwrap_or_default().into(),
            namespace: owner.namespace_name().unwrap_or_default(),
            node,
            copier: node.str_at(&["copiedBy"]).unwrap_or("volumes"),
            class: node.get("class"),
            annotations: None,
            owner: Some(owner),
            object: None,
            because: owner.because,
            content,
        }
    }

    /// A claim that is an object, or that an object makes.
    fn plain(subject: &'a Subject<'a>, node: &'a Node, name: Text) -> Self {
        let object = subject.object;
        let annotations = node.at(&["metadata", "annotations"]);
        let said = annotations.and_then(|it| it.str_at(&[CONTENT]));
        let left_out = node.at(&["metadata", "labels", LEFT_OUT]);
        let content = match (said, left_out.and_then(Node::as_str)) {
            (Some("primary"), _) => Content::Primary,
            (Some(_), _) | (_, Some("true")) => Content::Dispensable,
            _ => Content::Unstated,
        };
        Claim {
            name,
            namespace: &object.id.namespace,
            node,
            copier: "volumes",
            class: node.at(&["spec", "storageClassName"]),
            annotations,
            owner: None,
            object: Some(&object.id),
            because: object.because,
            content,
        }
    }

    /// Whether this, which a component states, is that object.
    fn is(&self, plain: &Claim<'_>) -> bool {
        let same = match self.name.strip_suffix('*') {
            Some(start) => plain.name.starts_with(start),
            None => plain.name == self.name,
        };
        same && self.namespace == plain.namespace
    }
}

/// The claims of a cluster whose content nothing is known to make again.
pub fn claims<'a>(view: &'a View<'a>) -> Vec<Claim<'a>> {
    let mut declared: Vec<Claim<'a>> = Vec::new();
    for component in &view.cluster.components {
        let claims = component.declares.get("claims");
        let claims = claims.map_or(&[][..], Node::items).iter();
        declared.extend(claims.map(|claim| Claim::declared(component, claim)));
    }
    let mut plain: Vec<Claim<'a>> = Vec::new();
    let mut add = |claim: Claim<'a>| match declared.iter_mut().find(|known| known.is(&claim)) {
        Some(known) => {
            known.class = claim.class.or(known.class);
            known.annotations = claim.annotations;
            known.object = claim.object;
        }
        None => plain.push(claim),
    };
    for subject in view.subjects(&["PersistentVolumeClaim"]) {
        let name = subject.object.id.name.clone();
        add(Claim::plain(subject, &subject.object.node, name));
    }
    for subject in view.subjects(&["StatefulSet"]) {
        let templates = subject.object.node.at(&["spec", "volumeClaimTemplates"]);
        for template in templates.map_or(&[][..], Node::items) {
            let title = template.str_at(&["metadata", "name"]).unwrap_or_default();
            let name = ecow::eco_format!("{title}-{}-*", subject.object.id.name);
            add(Claim::plain(subject, template, name));
        }
    }
    // What a component does not say of its claims is not known; who writes an object could have said it.
    declared.retain(|claim| claim.content == Content::Primary);
    plain.retain(|claim| claim.content != Content::Dispensable);
    declared.append(&mut plain);
    declared
}

/// The schedules of Velero's.
pub fn schedules<'a>(view: &'a View<'a>) -> impl Iterator<Item = &'a Subject<'a>> {
    let schedules = view.subjects(&["Schedule"]);
    schedules.filter(|subject| subject.object.id.group == "velero.io")
}

/// The databases that CloudNativePG runs.
pub fn databases<'a>(view: &'a View<'a>) -> impl Iterator<Item = &'a Subject<'a>> {
    let clusters = view.subjects(&["Cluster"]);
    clusters.filter(|subject| subject.object.id.group == "postgresql.cnpg.io")
}

/// What archives a database's log: a plug-in or the operator itself.
pub fn archiver(database: &Node) -> Option<&Node> {
    let plugins = database.at(&["spec", "plugins"]);
    let mut plugins = plugins.map_or(&[][..], Node::items).iter();
    let archives = |plugin: &&Node| plugin.get("isWALArchiver").and_then(Node::as_bool);
    plugins
        .find(|plugin| archives(plugin) == Some(true))
        .or_else(|| database.at(&["spec", "backup", "barmanObjectStore"]))
}

/// Whether something makes base backups of a database: on a schedule, or once.
pub fn has_base_backup(view: &View<'_>, database: &ObjectId) -> bool {
    let mut backups = view.subjects(&["ScheduledBackup", "Backup"]);
    backups.any(|subject| {
        let id = &subject.object.id;
        let of = subject.object.node.str_at(&["spec", "cluster", "name"]);
        id.group == database.group
            && id.namespace == database.namespace
            && of == Some(database.name.as_str())
    })
}
