//! `api-off-by-default`: what a cluster serves only when it is asked to is asked for.

use super::facts::kubernetes;
use crate::rules::{Finding, Group, Level, Levels, On, Rule, Told, View};
use model::object::Content;
use model::versions::api;
use syntax::Node;

pub const RULE: Rule = Rule {
    id: "api-off-by-default",
    group: Group::Versions,
    levels: Levels::all(Level::Warning),
    page: include_str!("api-off-by-default.md"),
    on: On::Cluster(check),
};

fn check(view: &View<'_>, told: &mut Told) {
    let own = kubernetes(view).map(|(own, _)| own);
    let mut is_asked = None;
    for subject in view.subjects(&[]) {
        let (id, node) = (&subject.object.id, &subject.object.node);
        let Some(version) = node.get("apiVersion") else {
            continue;
        };
        let text = version.as_str().unwrap_or_default();
        let known = api(&id.group, &id.kind, text.rsplit('/').next().unwrap_or(text));
        let Some(known) = known.filter(|known| known.asked) else {
            continue;
        };
        // What is not served at all is another rule's.
        let served = own.is_none_or(|own| {
            known.since.is_none_or(|since| own >= since) && known.gone.is_none_or(|gone| own < gone)
        });
        if !served || *is_asked.get_or_insert_with(|| asks(view)) {
            continue;
        }
        let help = match &known.instead {
            Some(instead) => {
                format!("write `{instead}`, or ask for it with `runtime-config` of the API server")
            }
            None => format!(
                "ask for it with `runtime-config: {text}=true` of the API server, or leave it out"
            ),
        };
        told.add(
            Finding::new(format!(
                "the API server serves {} `{text}` only where it is asked to",
                id.kind
            ))
            .at(version.origin(), "off by default")
            .help(help)
            .object(id)
            .because(subject.object.because),
        );
    }
}

/// Whether a patch of the machines asks for any version: which ones it asks for is then its affair.
fn asks(view: &View<'_>) -> bool {
    let documents = view
        .documents
        .iter()
        .any(|document| match &document.content {
            Content::Yaml(nodes) => nodes.iter().any(says),
            Content::Text { .. } | Content::Copied(_) => false,
        });
    // A cluster that another makes has its class in the other's tree.
    documents || view.cluster.provider() == "capi"
}

fn says(node: &Node) -> bool {
    let named = |text: &str| text == "runtime-config" || text == "runtimeConfig";
    let text = node.as_str();
    let entries = node.entries();
    text.is_some_and(|text| text.contains("runtime-config"))
        || entries
            .iter()
            .any(|entry| named(&entry.key) || says(&entry.value))
        || node.items().iter().any(says)
}
