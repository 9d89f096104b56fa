//! `untested-kubernetes`: a project has tried itself with the Kubernetes that it runs in.

use super::facts::{charts, kubernetes};
use crate::rules::{Finding, Group, Level, Levels, On, Rule, Subject, Told, View};
use model::versions::{Fit, Minor, fit_of_chart, fit_of_flux, minor, shown};
use syntax::OriginId;

pub const RULE: Rule = Rule {
    id: "untested-kubernetes",
    group: Group::Versions,
    levels: Levels::of(Level::Note, Level::Warning),
    page: include_str!("untested-kubernetes.md"),
    on: On::Cluster(check),
};

fn check(view: &View<'_>, told: &mut Told) {
    let Some(own) = kubernetes(view) else {
        return;
    };
    for chart in charts(view) {
        if let Some(fit) = fit_of_chart(chart.name, chart.version) {
            let name = format!("{} {}", chart.name, shown(chart.version));
            judge(own, fit, (&name, chart.origin), chart.release, told);
        }
    }
    for flux in view.subjects(&["FluxInstance"]) {
        let version = flux.object.node.at(&["spec", "distribution", "version"]);
        let read = version.and_then(|version| Some((minor(version.as_str()?)?, version.origin())));
        if let Some((version, origin)) = read
            && let Some(fit) = fit_of_flux(version)
        {
            let name = format!("Flux {}", shown(version));
            judge(own, fit, (&name, origin), flux, told);
        }
    }
}

fn judge(
    (own, stated): (Minor, OriginId),
    fit: Fit,
    (name, origin): (&str, OriginId),
    subject: &Subject<'_>,
    told: &mut Told,
) {
    let old = fit.oldest.is_some_and(|oldest| own < oldest);
    let new = fit.newest.is_some_and(|newest| own > newest);
    if !old && !new {
        return;
    }
    let with = match (fit.oldest, fit.newest) {
        (Some(oldest), Some(newest)) => format!("{} to {}", shown(oldest), shown(newest)),
        (Some(oldest), None) => format!("{} or newer", shown(oldest)),
        (None, _) => return,
    };
    let help = if old {
        "upgrade the cluster, or take an older version of it"
    } else {
        "take a newer version of it before the cluster's"
    };
    let mut finding = Finding::new(format!(
        "{name} is not tested with Kubernetes {}",
        shown(own)
    ))
    .at(stated, format!("{name} is tested with {with}"))
    .at(origin, "of this version")
    .help(help)
    .object(&subject.object.id)
    .because(subject.object.because);
    if let Some(component) = subject.component {
        finding = finding.component(component);
    }
    told.add(finding);
}
