//! Reading a rule's file: its expressions are compiled at once, so that a mistake is told before anything is judged.

use super::matching::Match;
use super::policies::is_policy;
use super::{Expression, OwnRule, Validation};
use crate::rules::{Level, Levels, find};
use syntax::{Diagnostic, Diagnostics, Node, Origins, Text};

/// A rule from its file; `None` where it can't be used, which is reported.
pub fn read(
    stem: &str,
    node: &Node,
    origins: &Origins,
    found: &mut Diagnostics,
) -> Option<OwnRule> {
    let mut reader = Reader {
        origins,
        found,
        wrong: false,
    };
    reader.name(stem, node);
    reader.rule(stem, node)
}

/// A policy that is built in, from its file.
pub(super) fn read_policy(
    stem: &str,
    node: &Node,
    origins: &Origins,
    found: &mut Diagnostics,
) -> Option<OwnRule> {
    let wrong = false;
    let mut reader = Reader {
        origins,
        found,
        wrong,
    };
    reader.rule(stem, node)
}

struct Reader<'a> {
    origins: &'a Origins,
    found: &'a mut Diagnostics,
    wrong: bool,
}

impl Reader<'_> {
    /// The rule of a file; `None` where an expression of it can't be read.
    fn rule(&mut self, stem: &str, node: &Node) -> Option<OwnRule> {
        let policy = node.get("policy")?;
        let level = node.str_at(&["level"]).and_then(Level::of);
        let mut named = |key: &str| -> Vec<(Text, Expression)> {
            let list = policy.get(key).map_or(&[][..], Node::items).iter();
            let named = list.filter_map(|it| {
                let expression = self.expression(it.get("expression")?)?;
                Some((it.get("name")?.scalar_text()?, expression))
            });
            named.collect()
        };
        let (conditions, variables) = (named("matchConditions"), named("variables"));
        let validations = policy.get("validations").map_or(&[][..], Node::items);
        let validations = validations.iter().filter_map(|it| {
            Some(Validation {
                holds: self.expression(it.get("expression")?)?,
                message: it.get("message").and_then(Node::scalar_text),
                message_expression: it
                    .get("messageExpression")
                    .and_then(|message| self.expression(message)),
                node: it.clone(),
            })
        });
        let rule = OwnRule {
            id: stem.into(),
            node: node.clone(),
            levels: Levels::all(level.unwrap_or(Level::Warning)),
            matches: Match::new(policy.get("matchConstraints")?),
            conditions,
            variables,
            validations: validations.collect(),
        };
        (!self.wrong).then_some(rule)
    }

    fn error(&mut self, problem: Diagnostic) {
        self.wrong = true;
        self.found.add(problem);
    }

    /// A rule is called as its file is, and as no rule that is built in.
    fn name(&mut self, stem: &str, node: &Node) {
        let Some(stated) = node.get("name") else {
            return;
        };
        let place = self.origins.place(stated.origin());
        if stated.as_str() != Some(stem) {
            self.error(
                Diagnostic::error("rule-name", format!("`rules/{stem}.yaml` has another name"))
                    .at(place, format!("must be `{stem}`"))
                    .help("a rule is found by the name of its file"),
            );
        } else if let Some(group) = group_of(stem) {
            self.error(
                Diagnostic::error("rule-name", format!("there is a rule `{stem}` already"))
                    .at(place, format!("is built in, in the group `{group}`"))
                    .help("give it a name of its own"),
            );
        }
    }

    fn expression(&mut self, node: &Node) -> Option<Expression> {
        let text = node.as_str()?;
        match Expression::compile(text) {
            Ok(expression) => Some(expression),
            Err((line, column, why)) => {
                let first = why.lines().next().unwrap_or_default();
                let place = if text.contains('\n') {
                    format!("line {line}, column {column} of it")
                } else {
                    format!("at its column {column}")
                };
                self.error(
                    Diagnostic::error("expression-syntax", format!("CEL can't read this: {first}"))
                        .at(self.origins.place(node.origin()), place)
                        .help(
                            "https://kubernetes.io/docs/reference/using-api/cel/ has the language",
                        ),
                );
                None
            }
        }
    }
}

/// The word for the group of what is built in under a name.
fn group_of(id: &str) -> Option<&'static str> {
    let rule = find(id).map(|known| known.group.word());
    rule.or_else(|| is_policy(id).then_some("admission"))
}
