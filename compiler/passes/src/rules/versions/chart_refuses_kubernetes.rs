//! `chart-refuses-kubernetes`: Helm installs a chart in the Kubernetes that the cluster has.

use super::facts::{charts, kubernetes};
use crate::rules::{Finding, Group, Level, Levels, On, Rule, Told, View};
use model::versions::{fit_of_chart, shown};

pub const RULE: Rule = Rule {
    id: "chart-refuses-kubernetes",
    group: Group::Versions,
    levels: Levels::all(Level::Error),
    page: include_str!("chart-refuses-kubernetes.md"),
    on: On::Cluster(check),
};

fn check(view: &View<'_>, told: &mut Told) {
    let Some((own, stated)) = kubernetes(view) else {
        return;
    };
    for chart in charts(view) {
        let oldest = fit_of_chart(chart.name, chart.version).and_then(|fit| fit.refuses_below);
        let Some(oldest) = oldest.filter(|oldest| own < *oldest) else {
            continue;
        };
        let (name, object) = (chart.name, chart.release.object);
        told.add(
            Finding::new(format!(
                "Helm refuses to install the chart `{name}` in Kubernetes {}",
                shown(own)
            ))
            .at(stated, format!("`{name}` wants {} or newer", shown(oldest)))
            .at(chart.origin, "of this version of the chart")
            .help("upgrade the cluster first, or take an older chart")
            .object(&object.id)
            .because(object.because),
        );
    }
}
