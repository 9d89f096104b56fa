//! `beyond-limit-range`: no container asks for more than its namespace gives to one.

use crate::lower::kubernetes::quantity;
use crate::rules::workload::beside::Beside;
use crate::rules::workload::{amounts, pod, standard};
use crate::rules::{Finding, Group, Level, Levels, On, Rule, Told, View, Workload};
use syntax::Node;

pub const RULE: Rule = Rule {
    id: "beyond-limit-range",
    group: Group::Cost,
    levels: Levels::all(Level::Error),
    page: include_str!("beyond-limit-range.md"),
    on: On::Cluster(check),
};

/// Reads an amount as a whole number.
type Read = fn(&str) -> Option<u64>;

fn check(view: &View<'_>, told: &mut Told) {
    let ranges = Beside::of(view, &["LimitRange"]);
    for workload in view.workloads() {
        for range in ranges.within(&workload.id.namespace) {
            let limits = range.object.node.at(&["spec", "limits"]);
            let limits = limits.map_or(&[][..], Node::items).iter();
            for limit in limits.filter(|it| it.str_at(&["type"]) == Some("Container")) {
                let containers = workload.all_containers();
                let beyond = containers.filter_map(|it| judge(workload, it, limit));
                for finding in beyond {
                    standard::tell(told, workload, finding);
                }
            }
        }
    }
}

fn judge(workload: &Workload<'_>, container: &Node, range: &Node) -> Option<Finding> {
    let readers: [(&str, Read); 2] = [("cpu", quantity::cpu), ("memory", quantity::memory)];
    let own = amounts::of(workload, container)?;
    readers.iter().find_map(|(resource, read)| {
        let amount = |node: &Node| read(&node.scalar_text()?);
        let most = pod::stated(range, &["max", resource]);
        let least = pod::stated(range, &["min", resource]);
        let said = |key| pod::stated(own, &[key, resource]);
        let beyond = |said: &Node, most: &Node| {
            let both = amount(said).zip(amount(most));
            both.is_some_and(|(said, most)| said > most)
        };
        let (bound, said, label) = match (most, said("limits").or_else(|| said("requests"))) {
            (Some(most), Some(said)) if beyond(said, most) => (most, said, "more"),
            _ => {
                let said = said("requests").or_else(|| said("limits"))?;
                (least.filter(|least| beyond(least, said))?, said, "less")
            }
        };
        let given = bound.scalar_text().unwrap_or_default();
        let title = pod::title(container, workload);
        let than = if label == "more" { "at most" } else { "at least" };
        let message = format!(
            "{title} is refused: its namespace gives a container {than} {given} of {resource}"
        );
        Some(
            Finding::new(message)
                .at(said.origin(), format!("{label} than that"))
                .at(bound.origin(), "the bound")
                .help("ask for what the LimitRange allows; one that `security.quotas` makes is counted from `resources` and `values`, never from patches"),
        )
    })
}
