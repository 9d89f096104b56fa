//! `autoscaler-bounds`: the fewest copies are no more than the most.

use super::{beside, pod};
use crate::rules::{Finding, Group, Level, Levels, On, Rule, Subject, Told};
use syntax::Node;

pub const RULE: Rule = Rule {
    id: "autoscaler-bounds",
    group: Group::Workload,
    levels: Levels::all(Level::Error),
    page: include_str!("autoscaler-bounds.md"),
    on: On::Object(&[beside::AUTOSCALER], check),
};

fn check(subject: &Subject<'_>, told: &mut Told) {
    let object = &subject.object;
    let number = |key| {
        let node = pod::stated(&object.node, &["spec", key])?;
        Some((node, Node::as_i64(node)?))
    };
    let (Some((fewest, least)), Some((most, greatest))) =
        (number("minReplicas"), number("maxReplicas"))
    else {
        return;
    };
    if least <= greatest {
        return;
    }
    let name = &object.id.name;
    let message =
        format!("autoscaler `{name}` wants at least {least} copies and at most {greatest}");
    let finding = Finding::new(message)
        .at(fewest.origin(), "the fewest")
        .at(most.origin(), "the most")
        .help("the API server refuses it: raise `maxReplicas` or lower `minReplicas`");
    told.add(finding);
}
