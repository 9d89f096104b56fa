//! `request-above-limit`: nobody gets more than the most.

use super::{amounts, pod};
use crate::lower::kubernetes::quantity;
use crate::rules::{Finding, Group, Level, Levels, On, Rule, Told, Workload};

pub const RULE: Rule = Rule {
    id: "request-above-limit",
    group: Group::Workload,
    levels: Levels::all(Level::Error),
    page: include_str!("request-above-limit.md"),
    on: On::Workload(check),
};

/// Reads an amount as a whole number.
type Read = fn(&str) -> Option<u64>;

fn check(workload: &Workload<'_>, told: &mut Told) {
    let readers: [(&str, Read); 2] = [("cpu", quantity::cpu), ("memory", quantity::memory)];
    for container in workload.all_containers() {
        let Some(own) = amounts::of(workload, container) else {
            continue;
        };
        for (resource, read) in readers {
            let amount = |key| {
                let node = pod::stated(own, &[key, resource])?;
                let text = node.scalar_text()?;
                Some((node, read(&text)?, text))
            };
            let (Some((request, asked, wanted)), Some((limit, most, given))) =
                (amount("requests"), amount("limits"))
            else {
                continue;
            };
            if asked <= most {
                continue;
            }
            let title = pod::title(container, workload);
            told.add(
                Finding::new(format!(
                    "{title} requests {wanted} of {resource} and may take at most {given}"
                ))
                .at(request.origin(), "what it asks for")
                .at(limit.origin(), "the most")
                .help("the API server refuses it: ask for no more than the limit"),
            );
        }
    }
}
