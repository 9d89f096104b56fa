//! For Kyverno: its policy in CEL.

use super::made::Made;
use syntax::Node;

/// The kind of its policies in CEL.
pub(super) const POLICY: &str = "ValidatingPolicy";

impl Made<'_> {
    pub(super) fn validating_policy(&self, group: &str) -> Vec<Node> {
        let constraints = self.policy("matchConstraints");
        let part = |key: &str| constraints.and_then(|it| it.get(key)).cloned();
        let selector = constraints.and_then(|it| it.get("namespaceSelector"));
        let constraints = self.map([
            ("namespaceSelector", self.elsewhere(selector)),
            ("objectSelector", part("objectSelector")),
            ("resourceRules", part("resourceRules")),
            ("excludeResourceRules", part("excludeResourceRules")),
        ]);
        let action = self.text(self.action.word());
        // Kyverno would judge what makes pods as well, by expressions that it rewrites: exceptions would not hold there.
        let none = self.map([("controllers", Some(Node::list([], self.origin)))]);
        let head = [
            ("validationActions", Some(Node::list([action], self.origin))),
            ("failurePolicy", Some(self.text("Fail"))),
            ("autogen", Some(self.map([("podControllers", Some(none))]))),
            ("matchConstraints", Some(constraints)),
        ];
        let spec = self.map(head.into_iter().chain(self.judgement("matchConditions")));
        vec![self.map([
            (
                "apiVersion",
                Some(self.text(format!("{group}/v1").as_str())),
            ),
            ("kind", Some(self.text(POLICY))),
            ("metadata", Some(self.metadata(self.id))),
            ("spec", Some(spec)),
        ])]
    }
}
