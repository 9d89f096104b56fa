//! `unpinned-chart`: a chart is of one version, which a commit changes.

use super::{flux, version};
use crate::rules::{Finding, Group, Level, Levels, On, Rule, Subject, Told};
use syntax::{Node, OriginId};

pub const RULE: Rule = Rule {
    id: "unpinned-chart",
    group: Group::Gitops,
    levels: Levels::of(Level::Warning, Level::Error),
    page: include_str!("unpinned-chart.md"),
    on: On::Object(&["Application", "HelmRelease"], check),
};

fn check(subject: &Subject<'_>, told: &mut Told) {
    if let Some(chart) = flux::release(subject).and_then(|spec| spec.at(&["chart", "spec"])) {
        // A chart in a Git repository or a bucket is of its source's revision.
        let source = chart.str_at(&["sourceRef", "kind"]);
        if source == Some("HelmRepository") {
            judge(subject, chart, "version", told);
        }
    }
    let Some(spec) = flux::spec_of(subject, "argoproj.io", "Application") else {
        return;
    };
    let several = spec.get("sources").map_or(&[][..], Node::items).iter();
    for source in spec.get("source").into_iter().chain(several) {
        if source.get("chart").is_some() {
            judge(subject, source, "targetRevision", told);
        }
    }
}

fn judge(subject: &Subject<'_>, chart: &Node, key: &str, told: &mut Told) {
    let stated = chart.get(key).filter(|node| !node.is_null());
    let Some(text) = stated.map_or_else(|| Some("".into()), Node::scalar_text) else {
        return;
    };
    let Some(open) = version::open(&text) else {
        return;
    };
    let name = chart.str_at(&["chart"]).unwrap_or_default();
    let place: OriginId = stated
        .or_else(|| chart.get("chart"))
        .unwrap_or(chart)
        .origin();
    told.add(
        Finding::new(format!(
            "{} takes {open} of the chart `{name}`",
            subject.object.id
        ))
        .at(place, "what it installs changes without a change here")
        .help(format!(
            "write the whole version that you tested as `{key}`"
        )),
    );
}
