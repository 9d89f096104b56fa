//! For the API server itself: a ValidatingAdmissionPolicy and its binding.

use super::made::Made;
use syntax::Node;

impl Made<'_> {
    pub(super) fn admission_policy(&self) -> Vec<Node> {
        let id = self.id;
        let version = || Some(self.text("admissionregistration.k8s.io/v1"));
        let constraints = self.policy("matchConstraints").cloned();
        let head = [
            ("failurePolicy", Some(self.text("Fail"))),
            ("matchConstraints", constraints),
        ];
        let spec = self.map(head.into_iter().chain(self.judgement("matchConditions")));
        let policy = self.map([
            ("apiVersion", version()),
            ("kind", Some(self.text("ValidatingAdmissionPolicy"))),
            ("metadata", Some(self.metadata(id))),
            ("spec", Some(spec)),
        ]);
        let action = self.text(self.action.word());
        let elsewhere = self
            .elsewhere(None)
            .map(|selector| self.map([("namespaceSelector", Some(selector))]));
        let bound = self.map([
            ("policyName", Some(self.text(id))),
            ("validationActions", Some(Node::list([action], self.origin))),
            ("matchResources", elsewhere),
        ]);
        let binding = self.map([
            ("apiVersion", version()),
            ("kind", Some(self.text("ValidatingAdmissionPolicyBinding"))),
            ("metadata", Some(self.metadata(id))),
            ("spec", Some(bound)),
        ]);
        vec![policy, binding]
    }
}
