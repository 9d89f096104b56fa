//! `old-gateway-api`: who serves the Gateway API finds the kinds that it looks for.

use super::facts::charts;
use crate::rules::{Finding, Group, Level, Levels, On, Rule, Told, View};
use model::versions::{Minor, fit_of_chart, minor, shown};
use syntax::OriginId;

pub const RULE: Rule = Rule {
    id: "old-gateway-api",
    group: Group::Versions,
    levels: Levels::of(Level::Warning, Level::Error),
    page: include_str!("old-gateway-api.md"),
    on: On::Cluster(check),
};

/// Where the kinds of the Gateway API are published.
const REPOSITORY: &str = "kubernetes-sigs/gateway-api";

fn check(view: &View<'_>, told: &mut Told) {
    let Some((installed, origin)) = installed(view) else {
        return;
    };
    for chart in charts(view) {
        let wanted = fit_of_chart(chart.name, chart.version).and_then(|fit| fit.gateway);
        let Some(wanted) = wanted.filter(|wanted| installed < *wanted) else {
            continue;
        };
        let (name, object) = (chart.name, chart.release.object);
        let version = shown(chart.version);
        told.add(
            Finding::new(format!(
                "{name} {version} wants the Gateway API {}, and {} is installed",
                shown(wanted),
                shown(installed)
            ))
            .at(origin, "kinds or versions that it looks for are missing")
            .at(chart.origin, format!("wants {}", shown(wanted)))
            .help("take the newer Gateway API before what serves it")
            .object(&object.id)
            .because(object.because),
        );
    }
}

/// The Gateway API whose kinds are installed, and where its version is stated.
fn installed(view: &View<'_>) -> Option<(Minor, OriginId)> {
    let all = view.subjects(&["GitRepository"]);
    let mut all = all.map(|it| &it.object.node);
    all.find_map(|node| {
        let url = node.str_at(&["spec", "url"])?.trim_end_matches(".git");
        let tag = node
            .at(&["spec", "ref", "tag"])
            .filter(|_| url.ends_with(REPOSITORY))?;
        Some((minor(tag.as_str()?)?, tag.origin()))
    })
}
