//! `image-digest`: where a project asks for it, what runs is named by its content.

use crate::rules::{Finding, Group, Level, Levels, On, Rule, Told, Workload};
use syntax::Node;

pub const RULE: Rule = Rule {
    id: "image-digest",
    group: Group::Gitops,
    levels: Levels::all(Level::Off),
    page: include_str!("image-digest.md"),
    on: On::Workload(check),
};

fn check(workload: &Workload<'_>, told: &mut Told) {
    // What a chart renders may have a digest that its component does not state.
    if workload.pod.is_none() {
        return;
    }
    for container in workload.all_containers() {
        let Some(image) = container.get("image") else {
            continue;
        };
        let Some(name) = image.as_str().filter(|name| !name.contains("@sha256:")) else {
            continue;
        };
        let container = container.get("name").and_then(Node::as_str);
        told.add(
            Finding::new(format!(
                "the image `{name}` of `{}` in {} has no digest",
                container.unwrap_or_default(),
                workload.title()
            ))
            .at(image.origin(), "a tag can be moved to another content")
            .help("write the digest behind the tag: `NAME:TAG@sha256:...`; Renovate keeps both"),
        );
    }
}
