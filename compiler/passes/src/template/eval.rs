//! A template and a scope become a tree.

use super::expression::{Expression, Outcome, Problem};
use super::scope::{Log, Scope};
use super::{Piece, Slot, Template, Tree};
use syntax::merge::{MergeRules, merge};
use syntax::{Diagnostic, Diagnostics, Entry, Kind, Map, Node, Origin, OriginId, Origins, Text};

/// Evaluates templates into the origins and findings of one cell.
pub struct Evaluator<'a> {
    /// The cell's origins.
    pub origins: &'a mut Origins,
    /// The cell's findings.
    pub found: &'a mut Diagnostics,
    log: Log,
}

/// What a tree gave: a value, or nothing, and why.
enum Result {
    Value(Node),
    Items(Vec<Node>, OriginId),
    Nothing(OriginId),
}

impl<'a> Evaluator<'a> {
    /// An evaluator for a cell.
    pub fn new(origins: &'a mut Origins, found: &'a mut Diagnostics) -> Self {
        Evaluator {
            origins,
            found,
            log: Log::default(),
        }
    }

    /// Evaluates a template; `None` where the whole of it is omitted.
    pub fn eval(&mut self, template: &Template, scope: &Scope) -> Option<Node> {
        match self.tree(&template.root, scope) {
            Result::Value(node) => Some(node),
            Result::Items(items, origin) => Some(Node::list(items, origin)),
            Result::Nothing(_) => None,
        }
    }

    fn tree(&mut self, tree: &Tree, scope: &Scope) -> Result {
        match tree {
            Tree::Literal(node) | Tree::Raw(node) => Result::Value(node.clone()),
            Tree::Value(expression) => self.value(expression, scope),
            Tree::Text(pieces, span) => {
                let mut text = Text::new();
                let mut reads = Vec::new();
                for piece in pieces {
                    if !self.piece(piece, scope, &mut text, &mut reads) {
                        return Result::Value(Node::null(OriginId::default()));
                    }
                }
                let origin = self.origins.add(Origin::Expr {
                    at: *span,
                    reads: reads.into(),
                });
                Result::Value(Node::string(text, origin))
            }
            Tree::List(items, origin) => self.list(items, *origin, scope),
            Tree::Map(slots, origin) => self.map(slots, *origin, scope),
            Tree::If {
                condition,
                then,
                otherwise,
            } => self.condition(condition, then.as_deref(), otherwise.as_deref(), scope),
            Tree::Each {
                over,
                each,
                key,
                at,
            } => self.each(over, each, key.as_deref(), *at, scope),
            Tree::Merge { parts, rest, at } => self.merge(parts, rest.as_deref(), *at, scope),
            Tree::Let { names, body } => {
                let mut inner = scope.clone();
                for (name, value) in names {
                    if let Result::Value(node) = self.tree(value, &inner) {
                        inner.bind(name.clone(), node);
                    }
                }
                self.tree(body, &inner)
            }
        }
    }

    fn value(&mut self, expression: &Expression, scope: &Scope) -> Result {
        match expression.eval(scope, &self.log, self.origins) {
            Ok(Outcome::Value(node)) => Result::Value(node),
            Ok(Outcome::Omit(reads)) => Result::Nothing(self.because(expression, reads)),
            Err(problem) => {
                self.report(expression, problem);
                Result::Value(Node::null(OriginId::default()))
            }
        }
    }

    fn piece(
        &mut self,
        piece: &Piece,
        scope: &Scope,
        text: &mut Text,
        reads: &mut Vec<OriginId>,
    ) -> bool {
        let expression = match piece {
            Piece::Literal(literal) => {
                text.push_str(literal);
                return true;
            }
            Piece::Value(expression) => expression,
        };
        let node = match self.value(expression, scope) {
            Result::Value(node) => node,
            Result::Items(..) | Result::Nothing(_) => return true,
        };
        reads.push(node.origin());
        match node.kind() {
            Kind::Null => node.origin() != OriginId::default(),
            Kind::List(_) | Kind::Map(_) => {
                self.report(
                    expression,
                    Problem::new(format!("{} can't stand inside a text", node.kind_name())),
                );
                false
            }
            Kind::Bool(_) | Kind::Number(_) | Kind::String(_) => {
                text.push_str(&node.scalar_text().unwrap_or_default());
                true
            }
        }
    }

    fn list(&mut self, trees: &[Tree], origin: OriginId, scope: &Scope) -> Result {
        let mut items = Vec::with_capacity(trees.len());
        let mut reads = Vec::new();
        for tree in trees {
            match self.tree(tree, scope) {
                Result::Value(node) => items.push(node),
                Result::Items(more, because) => {
                    reads.push(because);
                    items.extend(more);
                }
                Result::Nothing(because) => reads.push(because),
            }
        }
        Result::Value(Node::list(items, self.also(origin, &reads)))
    }

    fn map(&mut self, slots: &[Slot], origin: OriginId, scope: &Scope) -> Result {
        let mut map = Map::with_capacity(slots.len());
        for slot in slots {
            match self.tree(&slot.value, scope) {
                Result::Value(value) => {
                    map.push(Entry {
                        key: slot.key.clone(),
                        key_origin: slot.key_origin,
                        value,
                    });
                }
                Result::Items(items, at) => {
                    let value = Node::list(items, at);
                    map.push(Entry {
                        key: slot.key.clone(),
                        key_origin: slot.key_origin,
                        value,
                    });
                }
                Result::Nothing(because) => {
                    map.notes_mut().absent.push((slot.key.clone(), because))
                }
            }
        }
        Result::Value(Node::map(map, origin))
    }

    fn condition(
        &mut self,
        condition: &Expression,
        then: Option<&Tree>,
        otherwise: Option<&Tree>,
        scope: &Scope,
    ) -> Result {
        let (holds, reads) = match condition.test(scope, &self.log) {
            Ok(outcome) => outcome,
            Err(problem) => {
                self.report(condition, problem);
                return Result::Value(Node::null(OriginId::default()));
            }
        };
        let because = self.because(condition, reads);
        let Some(branch) = (if holds { then } else { otherwise }) else {
            return Result::Nothing(because);
        };
        match self.tree(branch, scope) {
            Result::Value(node) => {
                let origin = self.also(node.origin(), &[because]);
                Result::Value(node.with_origin(origin))
            }
            Result::Items(items, at) => {
                let origin = self.also(at, &[because]);
                Result::Items(items, origin)
            }
            Result::Nothing(inner) => Result::Nothing(self.also(inner, &[because])),
        }
    }

    fn each(
        &mut self,
        over: &Tree,
        each: &Tree,
        key: Option<&Tree>,
        at: OriginId,
        scope: &Scope,
    ) -> Result {
        let over = match self.tree(over, scope) {
            Result::Value(node) => node,
            Result::Items(items, origin) => Node::list(items, origin),
            Result::Nothing(because) => return Result::Nothing(because),
        };
        let origin = self.also(at, &[over.origin()]);
        let pairs = pairs(over);
        let mut items = Vec::with_capacity(pairs.len());
        let mut made = Map::default();
        let mut reads = vec![origin];
        for (name, item) in pairs {
            // In a map the key is what there is one for; in a list it is the item itself.
            let source = [name.origin()];
            let inner = scope.clone().with("key", name).with("item", item);
            let value = match self.tree(each, &inner) {
                // It is there because the item is.
                Result::Value(value) => {
                    let origin = self.also(value.origin(), &source);
                    value.with_origin(origin)
                }
                Result::Items(more, because) => {
                    reads.push(because);
                    items.extend(more);
                    continue;
                }
                Result::Nothing(because) => {
                    reads.push(because);
                    continue;
                }
            };
            match key.map(|key| self.tree(key, &inner)) {
                None => items.push(value),
                Some(Result::Value(key)) => {
                    made.set(key.scalar_text().unwrap_or_default(), key.origin(), value);
                }
                Some(Result::Items(..) | Result::Nothing(_)) => {}
            }
        }
        let origin = if reads.len() > 1 {
            self.also(at, &reads)
        } else {
            origin
        };
        if key.is_some() {
            Result::Value(Node::map(made, origin))
        } else {
            Result::Items(items, origin)
        }
    }

    fn merge(
        &mut self,
        parts: &[Tree],
        rest: Option<&Tree>,
        at: OriginId,
        scope: &Scope,
    ) -> Result {
        let mut whole: Option<Node> = None;
        let mut absent = Vec::new();
        for part in parts.iter().chain(rest) {
            match self.tree(part, scope) {
                Result::Value(node) if node.as_map().is_some() => {
                    let node = self.marked(node);
                    whole = Some(match whole {
                        Some(base) => {
                            merge(base, node, &MergeRules::none(), self.origins, self.found)
                        }
                        None => node,
                    });
                }
                Result::Nothing(because) => absent.push(("$merge".into(), because)),
                Result::Value(_) | Result::Items(..) => {}
            }
        }
        let mut whole = whole.unwrap_or_else(|| Node::map(Map::default(), at));
        if let Some(map) = whole.as_map_mut().filter(|_| !absent.is_empty()) {
            map.notes_mut().absent.extend(absent);
        }
        Result::Value(whole.with_origin(at))
    }

    /// A part of a merge whose entries carry why it is there: the whole has other parts, which don't depend on it.
    fn marked(&mut self, mut part: Node) -> Node {
        let because = part.origin();
        if !matches!(*self.origins.get(because), Origin::Expr { .. }) {
            return part;
        }
        for entry in part.as_map_mut().into_iter().flat_map(Map::entries_mut) {
            let value = std::mem::replace(&mut entry.value, Node::null(because));
            let origin = self.also(value.origin(), &[because]);
            entry.value = value.with_origin(origin);
        }
        part
    }

    /// An origin that was also decided by other reads.
    fn also(&mut self, origin: OriginId, reads: &[OriginId]) -> OriginId {
        let Some(at) = self.origins.place(origin).filter(|_| !reads.is_empty()) else {
            return origin;
        };
        let mut all = vec![origin];
        all.extend(reads.iter().copied().filter(|read| *read != origin));
        self.origins.add(Origin::Expr {
            at,
            reads: all.into(),
        })
    }

    fn because(&mut self, expression: &Expression, reads: Vec<OriginId>) -> OriginId {
        self.origins.add(Origin::Expr {
            at: expression.span,
            reads: reads.into(),
        })
    }

    fn report(&mut self, expression: &Expression, problem: Problem) {
        let _ = self.log.take();
        let mut diagnostic =
            Diagnostic::error("expression", problem.message).at(expression.span, "");
        if let Some(help) = problem.help {
            diagnostic = diagnostic.help(help);
        }
        self.found.add(diagnostic);
    }
}

/// What `$map` goes through: each item with its key, or its number in a list.
fn pairs(over: Node) -> Vec<(Node, Node)> {
    match over.into_kind() {
        Kind::List(items) => {
            let number = |(at, item): (usize, Node)| {
                let at = i64::try_from(at).unwrap_or(i64::MAX);
                (Node::integer(at, item.origin()), item)
            };
            items.into_iter().enumerate().map(number).collect()
        }
        Kind::Map(map) => {
            let pair = |entry: Entry| (Node::string(entry.key, entry.key_origin), entry.value);
            map.into_entries().into_iter().map(pair).collect()
        }
        Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) => Vec::new(),
    }
}
