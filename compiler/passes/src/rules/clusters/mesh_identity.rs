//! `mesh-identity`: each cluster of a mesh has a number of its own.

use super::mesh::{Member, meshes};
use crate::resolve::Platform;
use crate::rules::{Finding, Group, Level, Levels, On, Rule, Told};
use std::collections::BTreeMap;
use syntax::{Node, OriginId, Text};

pub const RULE: Rule = Rule {
    id: "mesh-identity",
    group: Group::Clusters,
    levels: Levels::all(Level::Error),
    page: include_str!("mesh-identity.md"),
    on: On::Platform(check),
};

fn check(platform: &Platform, told: &mut Told) {
    for mesh in meshes(platform) {
        let mut taken: BTreeMap<i64, (&Text, OriginId)> = BTreeMap::new();
        for member in &mesh {
            match member.id.and_then(Node::as_i64).zip(member.id) {
                None => without(member, None, told),
                Some((0, stated)) => without(member, Some(stated), told),
                Some((id, stated)) if id > member.most => beyond(member, id, stated, told),
                Some((id, stated)) => {
                    let name = member.facts.name();
                    if let Some((other, origin)) = taken.insert(id, (name, stated.origin())) {
                        let message = format!("`{other}` and `{name}` are number {id} of one mesh");
                        told.add(
                            Finding::new(message)
                                .at(stated.origin(), "taken")
                                .at(origin, format!("by `{other}`"))
                                .help("give each cluster of a mesh a number of its own"),
                        );
                    }
                }
            }
        }
    }
}

/// Number 0 is that of a cluster which stands alone.
fn without(member: &Member<'_>, stated: Option<&Node>, told: &mut Told) {
    let name = member.facts.name();
    let finding = Finding::new(format!("`{name}` is in a mesh and has no number in it"));
    let finding = match stated {
        Some(stated) => finding
            .at(stated.origin(), "0 is for a cluster that stands alone")
            .at(member.at, "its mesh"),
        None => finding
            .at(member.facts.spec.name_origin, "no `id`")
            .at(member.at, "its mesh"),
    };
    told.add(finding.help(format!(
        "give the cluster an `id` from 1 to {} that no other has",
        member.most
    )));
}

fn beyond(member: &Member<'_>, id: i64, stated: &Node, told: &mut Told) {
    let (name, most) = (member.facts.name(), member.most);
    let message = format!("`{name}` is number {id} of a mesh that counts to {most}");
    let finding = Finding::new(message)
        .at(stated.origin(), "beyond the last")
        .at(member.at, "its mesh");
    let help = match most {
        255 => "choose a number from 1 to 255, or state `clustermesh.maxConnectedClusters: 511` in every cluster".to_owned(),
        most => format!("choose a number from 1 to {most}"),
    };
    told.add(finding.help(help));
}
