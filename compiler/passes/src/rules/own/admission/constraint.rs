//! For Gatekeeper: a constraint template for its CEL engine, and the constraint.

use super::Action;
use super::made::Made;
use crate::rules::own::matching::kinds;
use syntax::Node;

/// The kind that makes kinds of constraints.
pub(super) const TEMPLATE: &str = "ConstraintTemplate";

impl Made<'_> {
    pub(super) fn constraint(&self, group: &str) -> Vec<Node> {
        let domain = group.split_once('.').map_or(group, |(_, domain)| domain);
        let kind: String = self
            .id
            .split('-')
            .flat_map(|part| {
                let mut letters = part.chars();
                let first = letters.next().map(|c| c.to_ascii_uppercase());
                first.into_iter().chain(letters)
            })
            .collect();
        vec![
            self.template(group, domain, &kind),
            self.of_kind(domain, &kind),
        ]
    }

    /// What makes the kind of the constraint.
    fn template(&self, group: &str, domain: &str, kind: &str) -> Node {
        let name = kind.to_ascii_lowercase();
        let source = self.map(self.judgement("matchConditions"));
        let code = self.map([
            ("engine", Some(self.text("K8sNativeValidation"))),
            ("source", Some(source)),
        ]);
        let target = self.map([
            (
                "target",
                Some(self.text(format!("admission.k8s.{domain}").as_str())),
            ),
            ("code", Some(Node::list([code], self.origin))),
        ]);
        let names = self.map([("kind", Some(self.text(kind)))]);
        let crd = self.map([("spec", Some(self.map([("names", Some(names))])))]);
        self.map([
            (
                "apiVersion",
                Some(self.text(format!("{group}/v1").as_str())),
            ),
            ("kind", Some(self.text(TEMPLATE))),
            ("metadata", Some(self.metadata(&name))),
            (
                "spec",
                Some(self.map([
                    ("crd", Some(crd)),
                    ("targets", Some(Node::list([target], self.origin))),
                ])),
            ),
        ])
    }

    /// The constraint itself.
    fn of_kind(&self, domain: &str, kind: &str) -> Node {
        let action = match self.action {
            Action::Deny => "deny",
            Action::Warn => "warn",
            Action::Audit => "dryrun",
        };
        let spec = self.map([
            ("enforcementAction", Some(self.text(action))),
            ("match", Some(self.constrained())),
        ]);
        self.map([
            (
                "apiVersion",
                Some(self.text(format!("constraints.{domain}/v1beta1").as_str())),
            ),
            ("kind", Some(self.text(kind))),
            ("metadata", Some(self.metadata(self.id))),
            ("spec", Some(spec)),
        ])
    }

    /// What a constraint is about: Gatekeeper asks for kinds where the API server asks for resources.
    fn constrained(&self) -> Node {
        let rules = |key: &str| self.policy("matchConstraints").and_then(|it| it.get(key));
        let excluded = rules("excludeResourceRules").map_or(&[][..], Node::items);
        let matched = rules("resourceRules").map_or(&[][..], Node::items);
        let matched = matched.iter().map(|rule| {
            let list = |key: &str| rule.get(key).cloned();
            let kinds = kinds(rule, excluded).into_iter();
            let kinds = kinds.map(|kind| self.text(kind.as_str()));
            self.map([
                ("apiGroups", list("apiGroups")),
                ("kinds", Some(Node::list(kinds, self.origin))),
            ])
        });
        let exempt = self.exempt.iter().cloned();
        let exempt = (!self.exempt.is_empty()).then(|| Node::list(exempt, self.origin));
        self.map([
            ("kinds", Some(Node::list(matched, self.origin))),
            ("excludedNamespaces", exempt),
            ("namespaceSelector", rules("namespaceSelector").cloned()),
            ("labelSelector", rules("objectSelector").cloned()),
        ])
    }
}
