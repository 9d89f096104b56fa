//! Back: from a value of the output to everything that decided it.

use super::way;
use crate::Cell;
use crate::emit::Leaf;
use model::object::{Content, ObjectId};
use syntax::{Node, Origin, OriginId, Pointer, Span, Text};

/// A value of the output and what decided it.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The file, below the output folder.
    pub path: String,
    /// The object or document in it, where it has a name.
    pub object: Option<ObjectId>,
    /// The value's place in its document.
    pub pointer: String,
    /// The value, printed; `None` for a text file.
    pub value: Option<String>,
    /// What made the value itself.
    pub made: Vec<Reason>,
    /// Why the value is there at all: conditions around it, the nearest first, then the file's.
    pub there: Vec<Reason>,
    /// Keys that a condition left out of it, each with why.
    pub absent: Vec<(Text, Vec<Reason>)>,
}

/// One step of an explanation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// How deep it stands below the value: 0 decided it directly.
    pub depth: usize,
    /// What kind of step it is.
    pub step: Step,
}

/// What a step of an explanation is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// It was said in a text.
    Said(Span),
    /// An expression of a template computed it.
    Computed(Span),
    /// A rule of the compiler decided it.
    Decided(&'static str),
    /// It replaced what a less specific level said.
    Replaced(Span),
}

/// Explains a value of a lowered cell's file; `document` chooses among several by index.
#[must_use]
pub fn explain(cell: &Cell, leaf: &Leaf, document: usize, pointer: &Pointer) -> Option<Answer> {
    let mut answer = Answer {
        path: leaf.path.clone(),
        object: None,
        pointer: pointer.to_string(),
        value: None,
        made: Vec::new(),
        there: Vec::new(),
        absent: Vec::new(),
    };
    match &leaf.content {
        Content::Yaml(documents) => {
            let root = documents.get(document)?;
            answer.object = ObjectId::of(root);
            explain_node(cell, root, pointer, &mut answer)?;
        }
        Content::Text { reads, .. } => {
            for read in reads {
                chain(cell, *read, 0, &mut answer.made);
            }
        }
        Content::Copied(_) => {}
    }
    chain(cell, leaf.because, 0, &mut answer.there);
    Some(answer)
}

fn explain_node(cell: &Cell, root: &Node, pointer: &Pointer, answer: &mut Answer) -> Option<()> {
    let mut nodes = way(root, pointer.tokens())?;
    let node = nodes.pop()?;
    answer.value = Some(syntax::print::print(node));
    chain(cell, node.origin(), 0, &mut answer.made);
    for around in nodes.iter().rev() {
        if matches!(*cell.origins.get(around.origin()), Origin::Expr { .. }) {
            chain(cell, around.origin(), 0, &mut answer.there);
        }
    }
    let notes = node.as_map().and_then(syntax::Map::notes);
    for (key, because) in notes.map_or(&[][..], |notes| &notes.absent) {
        let mut reasons = Vec::new();
        chain(cell, *because, 0, &mut reasons);
        answer.absent.push((key.clone(), reasons));
    }
    Some(())
}

/// The steps below an origin, each place once.
fn chain(cell: &Cell, origin: OriginId, depth: usize, steps: &mut Vec<Reason>) {
    /// Deeper chains say nothing new to a person.
    const DEEPEST: usize = 12;
    let mut push = |step: Step| {
        let new = !steps.iter().any(|reason| reason.step == step);
        if new {
            steps.push(Reason { depth, step });
        }
        new
    };
    if depth > DEEPEST {
        return;
    }
    match &*cell.origins.get(origin) {
        Origin::Unknown => {}
        Origin::Span(span) => {
            push(Step::Said(*span));
        }
        Origin::Expr { at, reads } => {
            push(Step::Computed(*at));
            for read in reads {
                chain(cell, *read, depth + 1, steps);
            }
        }
        Origin::Rule { name, reads } => {
            push(Step::Decided(name));
            for read in reads {
                chain(cell, *read, depth + 1, steps);
            }
        }
        Origin::Merged { winner, losers } => {
            chain(cell, *winner, depth, steps);
            for span in losers.iter().filter_map(|loser| cell.origins.place(*loser)) {
                let step = Step::Replaced(span);
                if !steps.iter().any(|reason| reason.step == step) {
                    steps.push(Reason {
                        depth: depth + 1,
                        step,
                    });
                }
            }
        }
    }
}

/// The document and pointer of a line of a printed file: the deepest value that stands on it.
#[must_use]
pub fn at_line(name: &str, text: &str, line: usize) -> Option<(usize, Pointer)> {
    let mut sources = syntax::Sources::default();
    let mut origins = syntax::Origins::default();
    let mut found = syntax::Diagnostics::default();
    let file = sources.add(name, text);
    let documents = syntax::parse::parse(file, text, &mut origins, &mut found);
    let source = sources.get(file)?;
    let on_line = |origin: OriginId| {
        origins
            .place(origin)
            .is_some_and(|span| source.place(span.start).line == line)
    };
    let mut best = None;
    for (at, document) in documents.iter().enumerate() {
        let mut stack = vec![(Pointer::root(), &document.node)];
        while let Some((pointer, node)) = stack.pop() {
            if on_line(node.origin()) && !pointer.is_root() {
                best = Some((at, pointer.clone()));
            }
            for entry in node.entries() {
                let pointer = pointer.join(entry.key.clone());
                if on_line(entry.key_origin) && !on_line(entry.value.origin()) {
                    best = Some((at, pointer.clone()));
                }
                stack.push((pointer, &entry.value));
            }
            for (at, item) in node.items().iter().enumerate() {
                stack.push((pointer.join(ecow::eco_format!("{at}")), item));
            }
        }
    }
    best
}
