//! `blocked-flow`: what is declared to be exchanged gets through.

use super::policies::{any_own, denies, is_users};
use crate::reach::policy::Policy;
use crate::reach::{Declared, Holds, Missing, Network, Side, Why, advice, missing_paths_among};
use crate::rules::{Finding, Group, Level, Levels, On, Rule, Told, View};
use syntax::{Node, OriginId};

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
        tell(view, network, &missing, told);
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

fn tell(view: &View<'_>, network: &Network, missing: &Missing, told: &mut Told) {
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
    ));
    let sides = [(&verdict.egress, false), (&verdict.ingress, true)];
    let own = sides
        .into_iter()
        .find_map(|(side, inbound)| own_policy(view, side, inbound));
    if let Some((policy, origin, label)) = own {
        finding = finding.object(&policy.id).at(origin, label);
    }
    finding = finding.at(missing.flow.origin, "declared here");
    if let Some(part) = network.parts.get(missing.flow.part) {
        finding = finding.component(&part.name).because(part.because);
    }
    for advice in advice(network, from, to, Some(missing.port), &verdict) {
        finding = finding.help(format!("to let it through: {advice}"));
    }
    told.add(finding);
}

/// The policy of the user's own that keeps a call from getting through at one end, and where it does.
fn own_policy<'n>(
    view: &View<'_>,
    side: &Side<'n>,
    inbound: bool,
) -> Option<(&'n Policy, OriginId, &'static str)> {
    if let Why::Denied(policy, rule) = &side.why {
        let origin = rule.node.origin();
        return is_users(view, origin).then_some((*policy, origin, "denied by this"));
    }
    let Why::Closed(policies) = &side.why else {
        return None;
    };
    let place = |policy: &'n Policy| (policy, policy.section(inbound).origin);
    let mut own = policies.iter().map(|policy| place(policy));
    let (policy, origin) = own.find(|(_, origin)| is_users(view, *origin))?;
    Some((policy, origin, "this lets nothing else through"))
}
