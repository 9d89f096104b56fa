//! A parsed YAML tree becomes a template: expressions are found and parsed, reserved keys are checked.

use super::expression::Expression;
use super::{Piece, Slot, Template, Tree};
use syntax::{
    Diagnostic, Diagnostics, Entry, Kind, Map, Node, OriginId, Origins, Sources, Span, Text,
};

/// The reserved keys; any other `$key` is literal, and `$$if` is the literal `$if`.
const RESERVED: [&str; 9] = [
    "$if", "$then", "$else", "$map", "$each", "$key", "$merge", "$let", "$raw",
];

/// Compiles a tree. What can't be compiled is reported and evaluates to an error node.
#[must_use]
pub fn compile(
    node: &Node,
    sources: &Sources,
    origins: &Origins,
    found: &mut Diagnostics,
) -> Template {
    let mut compiler = Compiler {
        sources,
        origins,
        found,
    };
    Template {
        root: compiler.tree(node),
    }
}

struct Compiler<'a> {
    sources: &'a Sources,
    origins: &'a Origins,
    found: &'a mut Diagnostics,
}

impl Compiler<'_> {
    fn tree(&mut self, node: &Node) -> Tree {
        match node.kind() {
            Kind::String(text) if text.contains("${{") => self.scalar(node, text),
            Kind::List(items) => self.list(node, items),
            Kind::Map(map) => self.map(node, map),
            Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) => {
                Tree::Literal(node.clone())
            }
        }
    }

    fn scalar(&mut self, node: &Node, text: &Text) -> Tree {
        let Some(whole) = self.origins.place(node.origin()) else {
            return Tree::Literal(node.clone());
        };
        let mut pieces = Vec::new();
        let mut rest = text.as_str();
        let mut at = Finder::new(self.sources, whole);
        while let Some((before, after)) = rest.split_once("${{") {
            let Some((inside, tail)) = split_expression(after) else {
                self.found.add(
                    Diagnostic::error("expression-syntax", "an expression is opened with `${{` and never closed")
                        .at(whole, "no `}}` follows")
                        .help("close it with `}}`; to write the characters themselves, put the value below `$raw:`"),
                );
                return error_node();
            };
            if !before.is_empty() {
                pieces.push(Piece::Literal(before.into()));
            }
            let span = at.next(inside);
            match self.parse(inside, span) {
                Ok(expression) => pieces.push(Piece::Value(expression)),
                Err(problem) => {
                    self.found.add(
                        Diagnostic::error("expression-syntax", problem)
                            .at(span, "in this expression"),
                    );
                    return error_node();
                }
            }
            rest = tail;
        }
        if !rest.is_empty() {
            pieces.push(Piece::Literal(rest.into()));
        }
        if pieces.len() == 1
            && matches!(pieces.first(), Some(Piece::Value(_)))
            && let Some(Piece::Value(expression)) = pieces.pop()
        {
            return Tree::Value(Box::new(expression));
        }
        Tree::Text(pieces, whole)
    }

    fn list(&mut self, node: &Node, items: &[Node]) -> Tree {
        let trees: Vec<Tree> = items.iter().map(|item| self.tree(item)).collect();
        if trees.iter().all(is_literal) {
            return Tree::Literal(node.clone());
        }
        Tree::List(trees, node.origin())
    }

    fn map(&mut self, node: &Node, map: &Map) -> Tree {
        for entry in map.entries() {
            if entry.key.starts_with('$') && RESERVED.contains(&entry.key.as_str()) {
                return self.control(node, map);
            }
        }
        self.plain_map(node, map.entries())
    }

    fn plain_map<'e>(&mut self, node: &Node, entries: impl IntoIterator<Item = &'e Entry>) -> Tree {
        let mut escaped = false;
        let mut slots = Vec::new();
        for entry in entries {
            let key = match entry.key.strip_prefix("$$") {
                Some(rest)
                    if RESERVED
                        .iter()
                        .any(|word| word.strip_prefix('$') == Some(rest)) =>
                {
                    escaped = true;
                    ecow::eco_format!("${rest}")
                }
                _ => entry.key.clone(),
            };
            slots.push(Slot {
                key,
                key_origin: entry.key_origin,
                value: self.tree(&entry.value),
            });
        }
        let whole = node.as_map().is_some_and(|map| map.len() == slots.len());
        if whole && !escaped && slots.iter().all(|slot| is_literal(&slot.value)) {
            return Tree::Literal(node.clone());
        }
        Tree::Map(slots, node.origin())
    }

    fn control(&mut self, node: &Node, map: &Map) -> Tree {
        if let Some(value) = map.get("$raw") {
            self.only(map, &["$raw"]);
            return Tree::Raw(value.clone());
        }
        if map.get("$let").is_some() {
            return self.bind(node, map);
        }
        if let Some(condition) = map.get("$if") {
            self.only(map, &["$if", "$then", "$else"]);
            return self.condition(condition, map);
        }
        if let Some(over) = map.get("$map") {
            self.only(map, &["$map", "$each", "$key"]);
            return self.each(node, over, map);
        }
        if let Some(parts) = map.get("$merge") {
            return self.merge(node, parts, map);
        }
        for entry in map.entries() {
            if RESERVED.contains(&entry.key.as_str()) {
                self.found.add(
                    Diagnostic::error(
                        "template-key",
                        format!("`{}` has no control key beside it", entry.key),
                    )
                    .at(
                        self.origins.place(entry.key_origin),
                        "belongs to `$if` or `$map`",
                    ),
                );
            }
        }
        error_node()
    }

    fn condition(&mut self, condition: &Node, map: &Map) -> Tree {
        let Some(condition) = self.expression(condition) else {
            return error_node();
        };
        let then = map.get("$then").map(|tree| Box::new(self.tree(tree)));
        let otherwise = map.get("$else").map(|tree| Box::new(self.tree(tree)));
        Tree::If {
            condition: Box::new(condition),
            then,
            otherwise,
        }
    }

    /// The expression of `$if`: with or without `${{ }}` around it.
    fn expression(&mut self, node: &Node) -> Option<Expression> {
        let span = self.origins.place(node.origin())?;
        let text = node.scalar_text()?;
        let inside = text.trim();
        let inside = inside
            .strip_prefix("${{")
            .and_then(|t| t.strip_suffix("}}"))
            .unwrap_or(inside);
        let at = Finder::new(self.sources, span).next(inside);
        match self.parse(inside, at) {
            Ok(expression) => Some(expression),
            Err(problem) => {
                self.found.add(
                    Diagnostic::error("expression-syntax", problem).at(at, "in this expression"),
                );
                None
            }
        }
    }

    /// What is built in was compiled by a test.
    fn parse(&self, text: &str, span: Span) -> Result<Expression, String> {
        if self.sources.is_built_in(span.file) {
            return Ok(Expression::known(text, span));
        }
        Expression::parse(text, span)
    }

    fn each(&mut self, node: &Node, over: &Node, map: &Map) -> Tree {
        let Some(each) = map.get("$each") else {
            self.found.add(
                Diagnostic::error(
                    "template-key",
                    "`$map` needs `$each`: what to make of each item",
                )
                .at(self.origins.place(node.origin()), "no `$each` here"),
            );
            return error_node();
        };
        Tree::Each {
            over: Box::new(self.tree(over)),
            each: Box::new(self.tree(each)),
            key: map.get("$key").map(|key| Box::new(self.tree(key))),
            at: node.origin(),
        }
    }

    fn merge(&mut self, node: &Node, parts: &Node, map: &Map) -> Tree {
        let rest: Vec<&Entry> = map
            .entries()
            .iter()
            .filter(|entry| entry.key != "$merge")
            .collect();
        let rest = (!rest.is_empty()).then(|| Box::new(self.plain_map(node, rest)));
        let parts = parts.items().iter().map(|part| self.tree(part)).collect();
        Tree::Merge {
            parts,
            rest,
            at: node.origin(),
        }
    }

    fn bind(&mut self, node: &Node, map: &Map) -> Tree {
        let names = map.get("$let").map_or(&[][..], Node::entries);
        let names = names
            .iter()
            .map(|entry| (entry.key.clone(), self.tree(&entry.value)))
            .collect();
        let mut rest = Map::default();
        for entry in map.entries().iter().filter(|entry| entry.key != "$let") {
            rest.push(entry.clone());
        }
        let body = self.tree(&Node::map(rest, node.origin()));
        Tree::Let {
            names,
            body: Box::new(body),
        }
    }

    /// Reports keys that can't stand beside a control key.
    fn only(&mut self, map: &Map, allowed: &[&str]) {
        for entry in map
            .entries()
            .iter()
            .filter(|entry| !allowed.contains(&entry.key.as_str()))
        {
            let control = allowed.first().copied().unwrap_or_default();
            self.found.add(
                Diagnostic::error(
                    "template-key",
                    format!("`{}` can't stand beside `{control}`", entry.key),
                )
                .at(
                    self.origins.place(entry.key_origin),
                    "not part of the construct",
                )
                .help(format!(
                    "beside `{control}` there may be: {}",
                    allowed.join(", ")
                )),
            );
        }
    }
}

/// A subtree that can't be evaluated; later stages skip it silently.
fn error_node() -> Tree {
    Tree::Literal(Node::null(OriginId::default()))
}

fn is_literal(tree: &Tree) -> bool {
    matches!(tree, Tree::Literal(_))
}

/// Splits `expr }} rest` at the closing braces, minding quotes.
fn split_expression(text: &str) -> Option<(&str, &str)> {
    let mut quote = None;
    for (at, c) in text.char_indices() {
        match quote {
            Some(open) if c == open => quote = None,
            Some(_) => {}
            None if c == '\'' || c == '"' => quote = Some(c),
            None if c == '}' => {
                if let Some(rest) = text.get(at..).and_then(|rest| rest.strip_prefix("}}")) {
                    return Some((text.get(..at)?, rest));
                }
            }
            None => {}
        }
    }
    None
}

/// Finds expressions again in the source, to point at them and not at the whole scalar.
struct Finder<'a> {
    text: &'a str,
    whole: Span,
    from: usize,
}

impl<'a> Finder<'a> {
    fn new(sources: &'a Sources, whole: Span) -> Self {
        let text = sources.get(whole.file).map_or("", |source| source.text());
        let text = text
            .get(whole.start as usize..whole.end as usize)
            .unwrap_or("");
        Finder {
            text,
            whole,
            from: 0,
        }
    }

    /// The span of the next expression; the whole scalar where quoting hides it.
    fn next(&mut self, inside: &str) -> Span {
        let inside = inside.trim();
        let Some(at) = self
            .text
            .get(self.from..)
            .and_then(|rest| rest.find(inside))
        else {
            return self.whole;
        };
        let start = self.from + at;
        self.from = start + inside.len();
        let offset = |n: usize| {
            self.whole
                .start
                .saturating_add(u32::try_from(n).unwrap_or(u32::MAX))
        };
        Span {
            file: self.whole.file,
            start: offset(start),
            end: offset(self.from),
        }
    }
}
