//! A project's own rules: files in `rules/` beside the spec, CEL over objects in the shape of a ValidatingAdmissionPolicy.
//!
//! The same text judges at the desk and, by `security.admission`, in the cluster.

pub mod admission;
mod expression;
mod judge;
mod matching;
mod policies;
mod read;

use super::rule::Levels;
use expression::Expression;
use matching::Match;
pub(crate) use policies::FOLDER as POLICIES;
pub use policies::policies;
pub use read::read;
use syntax::{Node, Text};

/// A rule of a project's own.
#[derive(Debug)]
pub struct OwnRule {
    /// Its id: the file's name.
    pub id: Text,
    /// Its file.
    pub node: Node,
    /// How much it matters where the spec says nothing.
    pub levels: Levels,
    matches: Match,
    conditions: Vec<(Text, Expression)>,
    variables: Vec<(Text, Expression)>,
    validations: Vec<Validation>,
}

/// What must hold.
#[derive(Debug)]
struct Validation {
    holds: Expression,
    message: Option<Text>,
    message_expression: Option<Expression>,
    /// Where it is stated.
    node: Node,
}

/// What came of judging an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    /// What is said.
    pub message: String,
    /// Which of the validations does not hold, by its place in the list; `None` for a condition that can't be judged.
    pub at: Option<usize>,
}

impl OwnRule {
    /// What it wants, in a sentence.
    #[must_use]
    pub fn about(&self) -> &str {
        self.node.str_at(&["about"]).unwrap_or_default()
    }

    /// What to do about a finding.
    #[must_use]
    pub fn fix(&self) -> &str {
        self.node.str_at(&["fix"]).unwrap_or_default()
    }
}
