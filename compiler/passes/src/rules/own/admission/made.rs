//! A rule on its way to a cluster: what all dialects have in common.

use super::Action;
use super::literal::literal;
use syntax::{Map, Node, OriginId, Text};

/// A rule on its way to a cluster.
pub(super) struct Made<'a> {
    /// Its id.
    pub(super) id: &'a str,
    /// Its file.
    pub(super) file: &'a Node,
    /// What expressions see as `params`.
    pub(super) params: Option<Node>,
    /// What a violation means.
    pub(super) action: Action,
    /// Conditions of not being an exception.
    pub(super) excepted: Vec<String>,
    /// Namespaces that are not judged.
    pub(super) exempt: Vec<Node>,
    /// Why it is there.
    pub(super) origin: OriginId,
}

impl Made<'_> {
    pub(super) fn policy(&self, key: &str) -> Option<&Node> {
        self.file.at(&["policy", key])
    }

    pub(super) fn text(&self, text: impl Into<Text>) -> Node {
        Node::string(text, self.origin)
    }

    pub(super) fn map<'k>(
        &self,
        entries: impl IntoIterator<Item = (&'k str, Option<Node>)>,
    ) -> Node {
        let mut map = Map::default();
        for (key, value) in entries {
            if let Some(value) = value {
                map.set(key, self.origin, value);
            }
        }
        Node::map(map, self.origin)
    }

    pub(super) fn metadata(&self, name: &str) -> Node {
        let about = self.file.get("about").cloned();
        let about = self.map([("formwork.dev/about", about)]);
        self.map([
            ("name", Some(self.text(name))),
            ("annotations", Some(about)),
        ])
    }

    /// Conditions, variables and validations, as both know them.
    pub(super) fn judgement(&self, conditions: &'static str) -> [(&'static str, Option<Node>); 3] {
        let mut all = self.named("matchConditions");
        for (at, condition) in self.excepted.iter().enumerate() {
            let name = self.text(format!("exception-{}", at + 1).as_str());
            let condition = self.text(condition.as_str());
            all.push(self.map([("name", Some(name)), ("expression", Some(condition))]));
        }
        let list = |list: Vec<Node>| (!list.is_empty()).then(|| Node::list(list, self.origin));
        [
            (conditions, list(all)),
            ("variables", list(self.named("variables"))),
            ("validations", list(self.validations())),
        ]
    }

    fn named(&self, key: &str) -> Vec<Node> {
        let makes_value = key == "variables";
        let list = self.policy(key).map_or(&[][..], Node::items).iter();
        let list = list.map(|it| {
            let expression = it.get("expression");
            self.map([
                ("name", it.get("name").cloned()),
                (
                    "expression",
                    expression.map(|text| self.with_params(text, makes_value)),
                ),
            ])
        });
        list.collect()
    }

    fn validations(&self) -> Vec<Node> {
        let list = self.policy("validations").map_or(&[][..], Node::items);
        let list = list.iter().map(|it| {
            let expression = it.get("expression");
            let made = it.get("messageExpression");
            self.map([
                (
                    "expression",
                    expression.map(|text| self.with_params(text, false)),
                ),
                ("message", it.get("message").cloned()),
                (
                    "messageExpression",
                    made.map(|text| self.with_params(text, true)),
                ),
            ])
        });
        list.collect()
    }

    /// An expression with the rule's parameters in it: `params` stands for them inside.
    fn with_params(&self, expression: &Node, makes_value: bool) -> Node {
        let (Some(params), Some(text)) = (&self.params, expression.as_str()) else {
            return expression.clone();
        };
        if !text.contains("params") {
            return expression.clone();
        }
        let params = literal(params);
        let text = text.trim();
        let whole = if makes_value {
            format!("[{params}].map(params, {text})[0]")
        } else {
            format!("[{params}].all(params, {text})")
        };
        Node::string(whole.as_str(), expression.origin())
    }

    /// A selector of every namespace that is not exempt, beside what else is asked of it; `None` for every namespace.
    pub(super) fn elsewhere(&self, stated: Option<&Node>) -> Option<Node> {
        if self.exempt.is_empty() {
            return stated.cloned();
        }
        let term = self.map([
            ("key", Some(self.text("kubernetes.io/metadata.name"))),
            ("operator", Some(self.text("NotIn"))),
            (
                "values",
                Some(Node::list(self.exempt.iter().cloned(), self.origin)),
            ),
        ]);
        let terms = stated.and_then(|stated| stated.get("matchExpressions"));
        let terms = terms.map_or(&[][..], Node::items).iter().cloned();
        let terms = terms.chain([term]);
        Some(self.map([
            (
                "matchLabels",
                stated.and_then(|it| it.get("matchLabels")).cloned(),
            ),
            ("matchExpressions", Some(Node::list(terms, self.origin))),
        ]))
    }
}
