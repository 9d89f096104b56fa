//! A component's mixin: its alerts, dashboards, runbook and scripts, files beside its own, and what each of them must have.

mod alerts;
mod dashboards;

pub use alerts::{headings, twice};

use crate::component::Component;
use crate::template::TextTemplate;
use std::collections::BTreeMap;
use syntax::{Diagnostics, FileId, Node, Origins, Sources, Text};

/// The alerts, dashboards and runbook of a component.
#[derive(Debug, Default)]
pub struct Mixin {
    /// Rule groups as Prometheus writes them.
    pub alerts: Option<Node>,
    /// Grafana's dashboards.
    pub dashboards: Vec<Dashboard>,
    /// What to do about each alert.
    pub runbook: Option<TextTemplate>,
    /// What people run, each by its file's name.
    pub scripts: Vec<(Text, TextTemplate)>,
    /// Whether one of them is the project's own file.
    pub own: bool,
}

/// A dashboard.
#[derive(Debug)]
pub struct Dashboard {
    /// The name of its file, without the ending.
    pub name: Text,
    /// Its file.
    pub file: FileId,
    /// The file's text.
    pub text: Node,
}

impl Mixin {
    /// The alerts of its groups: each rule that has a name, with it.
    pub fn alerts(&self) -> impl Iterator<Item = (&Node, &Node)> {
        let groups = self.alerts.as_ref().and_then(|alerts| alerts.get("groups"));
        let rules = groups
            .map_or(&[][..], Node::items)
            .iter()
            .flat_map(|group| group.get("rules").map_or(&[][..], Node::items));
        rules.filter_map(|rule| Some((rule.get("alert")?, rule)))
    }
}

/// Checks every component's mixin. What is the library's own has been tested: of it only the cheap is asked again.
pub fn check(
    components: &BTreeMap<Text, Component>,
    sources: &Sources,
    origins: &Origins,
    found: &mut Diagnostics,
) {
    for component in components.values() {
        alerts::check(component, origins, found);
        if component.mixin.own {
            if let Some(runbook) = &component.mixin.runbook {
                runbook.check(found);
            }
            for (_, script) in &component.mixin.scripts {
                script.check(found);
            }
            dashboards::check(component, sources, found);
        }
    }
}
