//! `deprecated-api`: an object is of a version that stays.

use crate::rules::{Finding, Group, Level, Levels, On, Rule, Subject, Told};
use model::versions::{Deprecated, api, shown};
use syntax::Node;

pub const RULE: Rule = Rule {
    id: "deprecated-api",
    group: Group::Versions,
    levels: Levels::all(Level::Note),
    page: include_str!("deprecated-api.md"),
    on: On::Object(&[], check),
};

fn check(subject: &Subject<'_>, told: &mut Told) {
    let (id, node) = (&subject.object.id, &subject.object.node);
    let Some(stated) = node.get("apiVersion") else {
        return;
    };
    let text = stated.as_str().unwrap_or_default();
    let version = text.rsplit('/').next().unwrap_or(text);
    let Some(known) = api(&id.group, &id.kind, version) else {
        return;
    };
    let Some(since) = known.deprecated else {
        return;
    };
    let since = match since {
        Deprecated::Kubernetes(since) => format!("since Kubernetes {}", shown(since)),
        Deprecated::Definition => "by the project that brings it".to_owned(),
    };
    let label = match known.gone {
        Some(gone) => format!("no longer served from Kubernetes {} on", shown(gone)),
        None => "goes some day".to_owned(),
    };
    let help = match &known.instead {
        Some(instead) => format!("write `{instead}`"),
        None => "look for what its project says instead".to_owned(),
    };
    let place = if version == "v1" {
        node.get("kind")
    } else {
        Some(stated)
    };
    told.add(
        Finding::new(format!("{} `{text}` is deprecated {since}", id.kind))
            .at(place.map(Node::origin).unwrap_or_default(), label)
            .help(help),
    );
}
