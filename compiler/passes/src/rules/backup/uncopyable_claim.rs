//! `uncopyable-claim`: what must not be lost is in a volume that Velero can copy.

use super::data::{Claim, claims, schedules};
use crate::rules::{Finding, Group, Level, Levels, On, Rule, Subject, Told, View};
use syntax::Node;

pub const RULE: Rule = Rule {
    id: "uncopyable-claim",
    group: Group::Backup,
    levels: Levels::of(Level::Warning, Level::Error),
    page: include_str!("uncopyable-claim.md"),
    on: On::Cluster(check),
};

/// The provisioner whose volumes are folders of the node, and what it reads of a class and of a claim.
const PROVISIONER: &str = "rancher.io/local-path";
const OF_CLASS: &str = "defaultVolumeType";
const OF_CLAIM: &str = "volumeType";

fn check(view: &View<'_>, told: &mut Told) {
    let classes: Vec<&Subject<'_>> = view.subjects(&["StorageClass"]).filter(is_folder).collect();
    if classes.is_empty() || schedules(view).next().is_none() {
        return;
    }
    for claim in claims(view) {
        if claim.copier != "volumes" || !is_folder_claim(&claim) {
            continue;
        }
        let named = claim.class.and_then(Node::as_str);
        let Some(class) = classes
            .iter()
            .find(|class| Some(class.object.id.name.as_str()) == named)
        else {
            continue;
        };
        let message = format!(
            "Velero does not copy the {}: its volume is a folder of the node",
            claim.title()
        );
        let finding = Finding::new(message)
            .at(claim.origin(view), "is in no copy")
            .at(class.object.because, "makes such volumes")
            .help("take a class whose volumes have a driver, or let the provisioner make local volumes (annotation `defaultVolumeType: local` of the class)");
        told.add(claim.about(finding));
    }
}

/// Whether a class makes volumes of the type `hostPath`.
fn is_folder(class: &&Subject<'_>) -> bool {
    let node = &class.object.node;
    let stated = node.str_at(&["metadata", "annotations", OF_CLASS]);
    node.str_at(&["provisioner"]) == Some(PROVISIONER)
        && stated.is_none_or(|it| it.eq_ignore_ascii_case("hostPath"))
}

fn is_folder_claim(claim: &Claim<'_>) -> bool {
    let stated = claim.annotations.and_then(|it| it.str_at(&[OF_CLAIM]));
    stated.is_none_or(|it| it.eq_ignore_ascii_case("hostPath"))
}
