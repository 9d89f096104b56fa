//! `restore-beyond-rto`: what must come back fits through a fast network in the time that is promised.

use super::data::claims;
use crate::resolve::backup::seconds;
use crate::resolve::recovery::shown;
use crate::rules::{Finding, Group, Level, Levels, On, Rule, Told, View};
use model::form::parse_quantity;
use syntax::Node;

pub const RULE: Rule = Rule {
    id: "restore-beyond-rto",
    group: Group::Backup,
    levels: Levels::all(Level::Note),
    page: include_str!("restore-beyond-rto.md"),
    on: On::Cluster(check),
};

/// Ten gigabits a second, without any loss: few buckets answer faster.
const BYTES_PER_SECOND: u64 = 1_250_000_000;

fn check(view: &View<'_>, told: &mut Told) {
    let Some(rto) = view.on(&["objectives", "rto"]) else {
        return;
    };
    let Some(bound) = seconds(rto) else { return };
    let (mut total, mut largest) = (0_u64, None);
    for claim in claims(view) {
        if view.on(&["backup", claim.copier]).is_none() {
            continue;
        }
        let plain = ["spec", "resources", "requests", "storage"];
        let stated = claim.node.get("size").or_else(|| claim.node.at(&plain));
        let Some(size) = stated.and_then(bytes) else {
            continue;
        };
        total = total.saturating_add(size);
        if largest.as_ref().is_none_or(|(most, _)| *most < size) {
            largest = Some((size, claim));
        }
    }
    let takes = total / BYTES_PER_SECOND;
    let Some((_, claim)) = largest.filter(|_| takes > bound) else {
        return;
    };
    let whole = takes.div_ceil(60) * 60;
    let message = format!(
        "volumes that are full take {} to read back at 10 Gbit/s, longer than the promised {}",
        shown(whole),
        shown(bound)
    );
    told.add(
        Finding::new(message)
            .at(rto.origin(), "promised within this time")
            .at(claim.origin(view), "most of it")
            .help("promise more, keep less in one cluster, or mark what need not come back first `data: derived`"),
    );
}

fn bytes(size: &Node) -> Option<u64> {
    let bytes = parse_quantity(&size.scalar_text()?)?;
    // Exact to a byte far beyond what any cluster stores.
    format!("{bytes:.0}").parse().ok()
}
