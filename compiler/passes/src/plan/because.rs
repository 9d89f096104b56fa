//! Which line decides a value now: of all lines that it depends on, the one that was edited; else the nearest.

use similar::{DiffOp, TextDiff};
use std::collections::{BTreeMap, BTreeSet};
use syntax::{Node, Origin, OriginId, Origins, Sources, Span};

/// Origins that are looked at for one value: deeper ones say nothing to a person.
const LOOKED_AT: usize = 400;

/// Lines that are told of one value.
pub(super) const KEPT: usize = 3;

/// A line that decides something.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The file, as the project names it; `<formwork>/...` for what is built in.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// It is a line of the old side, which is no more.
    pub old: bool,
}

/// The lines of one side that the other doesn't have, by file: each with the line that took its place, where one did.
#[derive(Clone, Debug, Default)]
pub struct Touched {
    files: BTreeMap<String, BTreeMap<usize, Option<usize>>>,
    is_old: bool,
}

impl Touched {
    /// What two sets of texts don't share: of the old ones, and of the new ones.
    #[must_use]
    pub fn between(old: &Sources, new: &Sources) -> (Touched, Touched) {
        let mut gone = Touched {
            is_old: true,
            ..Touched::default()
        };
        let mut come = Touched::default();
        let texts = |sources: &Sources| -> BTreeMap<String, String> {
            let texts = sources
                .iter()
                .filter(|(_, source)| !is_built_in(source.name()));
            texts
                .map(|(_, source)| (source.name().to_owned(), source.text().to_owned()))
                .collect()
        };
        let (old, new) = (texts(old), texts(new));
        let none = String::new();
        for name in old.keys().chain(new.keys()) {
            let (before, after) = (
                old.get(name).unwrap_or(&none),
                new.get(name).unwrap_or(&none),
            );
            if before == after || come.files.contains_key(name) {
                continue;
            }
            let (mut out, mut into) = (BTreeMap::new(), BTreeMap::new());
            for op in TextDiff::from_lines(before.as_str(), after.as_str()).ops() {
                if matches!(op, DiffOp::Equal { .. }) {
                    continue;
                }
                let (olds, news) = (op.old_range(), op.new_range());
                for (at, line) in olds.clone().enumerate() {
                    out.insert(line + 1, news.clone().nth(at).map(|line| line + 1));
                }
                into.extend(news.map(|line| (line + 1, None)));
            }
            gone.files.insert(name.clone(), out);
            come.files.insert(name.clone(), into);
        }
        (gone, come)
    }

    fn find(&self, file: &str, line: usize) -> Option<Option<usize>> {
        self.files.get(file)?.get(&line).copied()
    }
}

/// Why values of one side are there.
#[derive(Clone, Debug)]
pub(super) struct Reasons<'a> {
    origins: &'a Origins,
    sources: &'a Sources,
    touched: &'a Touched,
    document: OriginId,
    around: Vec<OriginId>,
}

impl<'a> Reasons<'a> {
    pub(super) fn new(side: &super::Side<'a>, document: OriginId) -> Self {
        Reasons {
            origins: side.origins,
            sources: side.sources,
            touched: side.touched,
            document,
            around: Vec::new(),
        }
    }

    /// Goes down into a value.
    pub(super) fn enter(&mut self, origin: OriginId) {
        self.around.push(origin);
    }

    /// Comes up again.
    pub(super) fn leave(&mut self) {
        self.around.pop();
    }

    /// The lines that decide a value below what was entered: the one that was edited, or all that say something.
    pub(super) fn why(&self, node: &Node) -> BTreeSet<Place> {
        let mut all = vec![node.origin()];
        all.extend(node.leaves().take(LOOKED_AT).map(|(_, leaf)| leaf.origin()));
        all.extend(self.around.iter().rev());
        all.push(self.document);
        self.of(&all)
    }

    /// The lines that decide the document.
    pub(super) fn why_document(&self) -> BTreeSet<Place> {
        self.of(&[self.document])
    }

    fn of(&self, origins: &[OriginId]) -> BTreeSet<Place> {
        match self.edited(origins) {
            Some(place) => BTreeSet::from([place]),
            None => self.nearest(origins),
        }
    }

    fn edited(&self, origins: &[OriginId]) -> Option<Place> {
        origins.iter().find_map(|origin| {
            self.places(*origin).into_iter().find_map(|place| {
                let now = self.touched.find(&place.file, place.line)?;
                Some(match now {
                    Some(line) => Place {
                        line,
                        old: false,
                        ..place
                    },
                    None => place,
                })
            })
        })
    }

    fn nearest(&self, origins: &[OriginId]) -> BTreeSet<Place> {
        let mut all = origins.iter().map(|origin| self.places(*origin));
        let places = all.find(|places| !places.is_empty()).unwrap_or_default();
        let (built_in, own): (Vec<Place>, Vec<Place>) = places
            .into_iter()
            .partition(|place| is_built_in(&place.file));
        match own.is_empty() {
            true => built_in.into_iter().take(1).collect(),
            false => own.into_iter().take(KEPT).collect(),
        }
    }

    /// The lines that an origin depends on, the nearest first. What a level replaced decides nothing.
    fn places(&self, origin: OriginId) -> Vec<Place> {
        let mut queue = vec![origin];
        let mut places = Vec::new();
        let mut at = 0;
        while let Some(next) = queue.get(at).copied().filter(|_| at < LOOKED_AT) {
            at += 1;
            let reads: &[OriginId] = match self.origins.get(next) {
                Origin::Unknown => &[],
                Origin::Span(span) => {
                    places.extend(self.place(*span));
                    &[]
                }
                Origin::Expr { at, reads } => {
                    places.extend(self.place(*at));
                    reads
                }
                Origin::Rule { reads, .. } => reads,
                Origin::Merged { winner, .. } => std::slice::from_ref(winner),
            };
            for read in reads {
                if !queue.contains(read) {
                    queue.push(*read);
                }
            }
        }
        places
    }

    fn place(&self, span: Span) -> Option<Place> {
        let source = self.sources.get(span.file)?;
        Some(Place {
            file: source.name().to_owned(),
            line: source.place(span.start).line,
            old: self.touched.is_old,
        })
    }
}

fn is_built_in(name: &str) -> bool {
    name.starts_with('<')
}
