//! Who judges what is written to a cluster, and so in which words a policy is said.

use super::made::Made;
use super::{constraint, validating_policy};
use crate::component::Component;
use syntax::Node;

/// Who judges, with the API group of its kinds.
#[derive(Clone, Copy, Debug)]
pub(super) enum Dialect<'a> {
    ApiServer,
    Constraints(&'a str),
    Policies(&'a str),
}

impl<'a> Dialect<'a> {
    /// By the kinds that a component brings.
    pub(super) fn of(component: &'a Component) -> Dialect<'a> {
        let group = |wanted: &str| {
            let mut kinds = component.brings();
            kinds.find_map(|(group, kind, _)| (kind == wanted).then_some(group))
        };
        match (
            group(constraint::TEMPLATE),
            group(validating_policy::POLICY),
        ) {
            (Some(group), _) => Dialect::Constraints(group),
            (None, Some(group)) => Dialect::Policies(group),
            (None, None) => Dialect::ApiServer,
        }
    }

    pub(super) fn objects(self, made: &Made<'_>) -> Vec<Node> {
        match self {
            Dialect::ApiServer => made.admission_policy(),
            Dialect::Constraints(group) => made.constraint(group),
            Dialect::Policies(group) => made.validating_policy(group),
        }
    }
}
