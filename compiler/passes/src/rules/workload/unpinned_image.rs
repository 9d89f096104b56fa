//! `unpinned-image`: what runs must not change by itself.

use crate::rules::{Finding, Group, Level, Levels, On, Rule, Told, Workload};
use model::form::{image_tag, is_pinned_image};
use syntax::Node;

pub const RULE: Rule = Rule {
    id: "unpinned-image",
    group: Group::Workload,
    levels: Levels::of(Level::Warning, Level::Error),
    page: include_str!("unpinned-image.md"),
    on: On::Workload(check),
};

fn check(workload: &Workload<'_>, told: &mut Told) {
    for container in workload.all_containers() {
        let Some(image) = container.get("image") else {
            continue;
        };
        // A component that states no tag leaves it to its chart or operator: nothing is known of it.
        let pinned = |name: &str| match workload.pod {
            Some(_) => is_pinned_image(name),
            None => image_tag(name) != Some("latest"),
        };
        let Some(name) = image.as_str().filter(|name| !pinned(name)) else {
            continue;
        };
        let container = container
            .get("name")
            .and_then(Node::as_str)
            .unwrap_or_default();
        told.add(
            Finding::new(format!(
                "the image `{name}` of `{container}` in {} has no version of its own",
                workload.title()
            ))
            .at(image.origin(), "what it is changes without a change here")
            .help("name a version: a tag other than `latest`, or a digest"),
        );
    }
}
