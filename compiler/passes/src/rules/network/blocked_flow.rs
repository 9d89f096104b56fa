//! `blocked-flow`: what is declared to be exchanged gets through.

use super::policies::{any_own, denies, is_users};
use crate::reach::{Declared, Holds, Missing, Network, Why, advice, missing_paths_among};
use crate::rules::{Finding, Group, Level, Levels, On, Rule, Told, View};
use syntax::Node;

pub const RULE: Rule = Rule {
    id: "blocked-flow",
    group: Group::Network,
    levels: Levels::of(Level::Warning, Level::Error),
    page: include_str!("blocked-flow.md"),
    on: On::Cluster(check),
};

/// What stands before the name of a namespace that is one end of a flow.
const NAMESPACE: &str = "namespace:";

fn check(view: &View<'_>, told: &mut Told) {
    // What the compiler makes opens both ends of a flow, but for one to or from a namespace: that one speaks for itself.
    let own = any_own(view);
    if !own && !(denies(view) && names_a_namespace(view)) {
        return;
    }
    let network = view.network();
    let wanted = |flow: &Declared| own || flow.word.starts_with(NAMESPACE);
    for missing in missing_paths_among(network, wanted) {
        tell(network, &missing, told);
    }
}

/// Whether an app or a component of the project's own exchanges something with another namespace.
fn names_a_namespace(view: &View<'_>) -> bool {
    let components = view.cluster.components.iter();
    let own = components.filter(|it| it.app.is_some() || is_users(view, it.network.origin()));
    own.into_iter().any(|component| {
        let of = |key: &str| component.network.get(key).map_or(&[][..], Node::items);
        let home = component.namespace_name();
        of("ingress").iter().chain(of("egress")).any(|flow| {
            let end = flow.str_at(&["from"]).or(flow.str_at(&["to"]));
            let namespace = end.and_then(|end| end.strip_prefix(NAMESPACE));
            namespace.is_some() && namespace != home
        })
    })
}

fn tell(network: &Network, missing: &Missing, told: &mut Told) {
    let (from, to) = (&missing.from, &missing.to);
    let verdict = network.judge(from, to, missing.port);
    let side = match (verdict.egress.holds, verdict.ingress.holds) {
        (Holds::No, Holds::No) => "neither side lets it through",
        (Holds::No, _) => "nothing lets it out",
        (Holds::Yes | Holds::Unsure, _) => "nothing lets it in",
    };
    let mut finding = Finding::new(format!(
        "`{}` is declared to reach `{}` at port {}, and {side}",
        from.title, to.title, missing.port
    ))
    .at(missing.flow.origin, "declared here");
    if let Some(part) = network.parts.get(missing.flow.part) {
        finding = finding.component(&part.name).because(part.because);
    }
    for side in [&verdict.egress, &verdict.ingress] {
        if let Why::Denied(policy, rule) = &side.why {
            let label = format!("denied here, by `{}`", policy.id.name);
            finding = finding.at(rule.node.origin(), label);
        }
    }
    for advice in advice(network, from, to, Some(missing.port), &verdict) {
        finding = finding.help(format!("to let it through: {advice}"));
    }
    told.add(finding);
}
