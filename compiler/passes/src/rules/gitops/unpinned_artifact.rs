//! `unpinned-artifact`: what comes from a registry is of one version, which a commit changes.

use super::{flux, version};
use crate::rules::{Finding, Group, Level, Levels, On, Rule, Subject, Told};
use syntax::{Node, OriginId};

pub const RULE: Rule = Rule {
    id: "unpinned-artifact",
    group: Group::Gitops,
    levels: Levels::all(Level::Warning),
    page: include_str!("unpinned-artifact.md"),
    on: On::Object(&["OCIRepository"], check),
};

fn check(subject: &Subject<'_>, told: &mut Told) {
    let Some(spec) = flux::spec_of(subject, "source.toolkit.fluxcd.io", "OCIRepository") else {
        return;
    };
    let Some((place, takes)) = moving(spec) else {
        return;
    };
    let url = spec.str_at(&["url"]).unwrap_or_default();
    told.add(
        Finding::new(format!("{} takes {takes} of `{url}`", subject.object.id))
            .at(
                place.unwrap_or_else(|| flux::name(subject)),
                "what it brings changes without a change here",
            )
            .help("name one version in `ref`: a `tag` that is not moved, or a `digest`"),
    );
}

/// What a source follows, where that moves, and where it says so.
fn moving(spec: &Node) -> Option<(Option<OriginId>, String)> {
    let Some(of) = spec.get("ref").filter(|of| !of.entries().is_empty()) else {
        return Some((None, "whatever is tagged `latest`".to_owned()));
    };
    if of.get("digest").is_some() {
        return None;
    }
    // A range wins over a tag.
    if let Some(range) = of.get("semver") {
        let text = range.scalar_text()?;
        let takes = version::open(&text)?;
        return Some((Some(range.origin()), format!("{takes} (`{text}`)")));
    }
    let tag = of.get("tag")?;
    (tag.as_str() == Some("latest"))
        .then(|| (Some(tag.origin()), "whatever is tagged `latest`".to_owned()))
}
