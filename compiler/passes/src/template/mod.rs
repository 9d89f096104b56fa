//! The template language of components and targets: trees with typed expressions in their leaves.
//!
//! A template is parsed YAML, compiled once and evaluated for each cell. A scalar that is one `${{ expression }}`
//! becomes the typed value; with text around it, a string. Control is by reserved keys (`$if`, `$map`, `$merge`,
//! `$let`, `$raw`), so a value can never break out of its place, and every leaf knows what it was computed from.

pub mod compile;
pub mod eval;
pub mod expression;
mod filters;
pub mod scope;
pub mod text;

pub use compile::compile;
pub use eval::Evaluator;
pub use scope::Scope;
pub use text::TextTemplate;

use expression::Expression;
use syntax::{Node, OriginId, Span, Text};

/// A compiled template.
#[derive(Debug)]
pub struct Template {
    root: Tree,
}

/// One node of a compiled template.
#[derive(Debug)]
enum Tree {
    /// Nothing to evaluate below: it is cloned. Where all that a node holds is this, so is the node.
    Literal(Node),
    /// What stood below `$raw`: it is cloned, but the node around it is not as it was written.
    Raw(Node),
    /// A scalar that is one expression.
    Value(Box<Expression>),
    /// A scalar with text around its expressions.
    Text(Vec<Piece>, Span),
    /// A list; items may splice or drop out.
    List(Vec<Tree>, OriginId),
    /// A map; entries may drop out.
    Map(Vec<Slot>, OriginId),
    /// `$if`, `$then`, `$else`.
    If {
        condition: Box<Expression>,
        then: Option<Box<Tree>>,
        otherwise: Option<Box<Tree>>,
    },
    /// `$map`, `$each`, `$key`.
    Each {
        over: Box<Tree>,
        each: Box<Tree>,
        key: Option<Box<Tree>>,
        at: OriginId,
    },
    /// `$merge`, with the keys beside it merged last.
    Merge {
        parts: Vec<Tree>,
        rest: Option<Box<Tree>>,
        at: OriginId,
    },
    /// `$let`, with the keys beside it as its body.
    Let {
        names: Vec<(Text, Tree)>,
        body: Box<Tree>,
    },
}

/// An entry of a map in a template.
#[derive(Debug)]
struct Slot {
    key: Text,
    key_origin: OriginId,
    value: Tree,
}

/// A part of a text scalar.
#[derive(Debug)]
enum Piece {
    Literal(Text),
    Value(Expression),
}
