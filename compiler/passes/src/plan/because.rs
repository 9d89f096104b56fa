//! Which line decides a value now: of all lines that it depends on, the one that was edited; else the only one that was
//! edited at all; else the nearest.

use similar::{DiffOp, TextDiff};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
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
    /// Stretches of lines that both sides have, by file: where they begin here and there, and how long they are.
    shared: BTreeMap<String, Vec<(usize, usize, usize)>>,
    /// The edited line, where there is one alone: whatever differs, differs for it.
    only: Option<Place>,
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
        let mut edits = Vec::new();
        for name in old.keys().chain(new.keys()) {
            let (before, after) = (
                old.get(name).unwrap_or(&none),
                new.get(name).unwrap_or(&none),
            );
            if before == after || come.files.contains_key(name) {
                continue;
            }
            let (mut out, mut into) = (BTreeMap::new(), BTreeMap::new());
            let mut shared = Vec::new();
            for op in TextDiff::from_lines(before.as_str(), after.as_str()).ops() {
                let (olds, news) = (op.old_range(), op.new_range());
                if matches!(op, DiffOp::Equal { .. }) {
                    shared.push((olds.start + 1, news.start + 1, olds.len()));
                    continue;
                }
                edits.extend(edited(
                    (name, before.as_str(), olds.clone()),
                    (after.as_str(), news.clone()),
                ));
                for (at, line) in olds.clone().enumerate() {
                    out.insert(line + 1, news.clone().nth(at).map(|line| line + 1));
                }
                into.extend(news.map(|line| (line + 1, None)));
            }
            gone.shared.insert(name.clone(), shared);
            gone.files.insert(name.clone(), out);
            come.files.insert(name.clone(), into);
        }
        if let [only] = edits.as_slice() {
            gone.only = Some(only.clone());
            come.only = Some(only.clone());
        }
        (gone, come)
    }

    /// The same where more was edited than the texts show.
    #[must_use]
    pub fn among_others(mut self) -> Self {
        self.only = None;
        self
    }

    /// The line of the other side that a line is, where both have it.
    fn there(&self, file: &str, line: usize) -> Option<usize> {
        let Some(shared) = self.shared.get(file) else {
            return Some(line);
        };
        let block = shared
            .iter()
            .find(|(here, _, length)| (*here..here + length).contains(&line))?;
        Some(block.1 + (line - block.0))
    }

    fn find(&self, file: &str, line: usize) -> Option<Option<usize>> {
        self.files.get(file)?.get(&line).copied()
    }
}

/// The lines of one stretch that say something and are not in the other text: the new ones, and old ones that none replaces.
fn edited(
    (name, old, olds): (&str, &str, Range<usize>),
    (new, news): (&str, Range<usize>),
) -> Vec<Place> {
    let says = |text: &str, lines: Range<usize>| -> Vec<usize> {
        let all = text.lines().enumerate().skip(lines.start).take(lines.len());
        all.filter(|(_, line)| !matches!(line.trim_start().chars().next(), None | Some('#')))
            .map(|(at, _)| at + 1)
            .collect()
    };
    let place = |old| {
        move |line| Place {
            file: name.to_owned(),
            line,
            old,
        }
    };
    let (olds, news) = (says(old, olds), says(new, news));
    let unreplaced = olds.into_iter().skip(news.len()).map(place(true));
    let all = news.iter().copied().map(place(false));
    all.chain(unreplaced).collect()
}

/// What edited lines of the new side hold over now: why something of the old side is no more, though its own lines are.
/// By file, the first and the last line of what is held over.
#[derive(Clone, Debug, Default)]
pub(super) struct Overruled(BTreeMap<String, Vec<(usize, usize, Place)>>);

impl Overruled {
    pub(super) fn by(side: &super::Side<'_>) -> Self {
        let mut overruled = Overruled::default();
        if side.touched.files.is_empty() {
            return overruled;
        }
        for id in 0..side.origins.len() {
            let origin = side.origins.get(OriginId(id));
            let Origin::Merged { winner, losers } = &*origin else {
                continue;
            };
            let Some(span) = side.origins.place(*winner) else {
                continue;
            };
            let winner = place(side.sources, span, false);
            let edited = |winner: &Place| side.touched.find(&winner.file, winner.line).is_some();
            if let Some(winner) = winner.filter(edited) {
                overruled.add(side, &winner, is_section(side.sources, span), losers);
            }
        }
        overruled
    }

    /// All lines of what loses: a section that is switched off goes with what is said in it.
    fn add(&mut self, side: &super::Side<'_>, winner: &Place, section: bool, losers: &[OriginId]) {
        for span in losers.iter().filter_map(|loser| side.origins.place(*loser)) {
            let Some(first) = place(side.sources, span, false) else {
                continue;
            };
            // A section over another replaces some of it only, and that is told by its own entry.
            let end = match section {
                true => span.start,
                false => span.end.saturating_sub(1).max(span.start),
            };
            let last = side.sources.get(span.file).map(|it| it.place(end).line);
            let range = (first.line, last.unwrap_or(first.line), winner.clone());
            self.0.entry(first.file).or_default().push(range);
        }
    }

    /// The edited line that holds over a line of the new side: over as little besides as possible.
    fn find(&self, file: &str, line: usize) -> Option<&Place> {
        let ranges = self.0.get(file)?.iter();
        let around = ranges.filter(|(first, last, _)| (first..=last).contains(&&line));
        let narrowest = around.min_by_key(|(first, last, _)| last - first);
        narrowest.map(|(_, _, winner)| winner)
    }
}

/// Whether a place holds a map, not a single value.
fn is_section(sources: &Sources, span: Span) -> bool {
    let text = sources.get(span.file).map(|source| source.text());
    let text = text.and_then(|text| text.get(span.start as usize..span.end as usize));
    text.is_some_and(|text| text.starts_with('{') || text.contains('\n'))
}

fn place(sources: &Sources, span: Span, old: bool) -> Option<Place> {
    let source = sources.get(span.file)?;
    Some(Place {
        file: source.name().to_owned(),
        line: source.place(span.start).line,
        old,
    })
}

/// Why values of one side are there.
#[derive(Clone, Debug)]
pub(super) struct Reasons<'a> {
    overruled: Option<&'a Overruled>,
    origins: &'a Origins,
    sources: &'a Sources,
    touched: &'a Touched,
    document: OriginId,
    around: Vec<OriginId>,
}

impl<'a> Reasons<'a> {
    pub(super) fn new(side: &super::Side<'a>, document: OriginId) -> Self {
        Reasons {
            overruled: None,
            origins: side.origins,
            sources: side.sources,
            touched: side.touched,
            document,
            around: Vec::new(),
        }
    }

    /// For the old side: what the new one holds over.
    pub(super) fn unless(mut self, overruled: &'a Overruled) -> Self {
        self.overruled = Some(overruled);
        self
    }

    /// Goes down into a value.
    pub(super) fn enter(&mut self, origin: OriginId) {
        self.around.push(origin);
    }

    /// Comes up again.
    pub(super) fn leave(&mut self) {
        self.around.pop();
    }

    /// The edited line that decides a value below what was entered.
    pub(super) fn edit(&self, node: &Node) -> Option<Place> {
        self.edit_of(&self.all(node))
    }

    /// The lines that decide a value below what was entered, where no edited one is known to: the nearest that say something.
    pub(super) fn rest(&self, node: &Node) -> BTreeSet<Place> {
        self.rest_of(&self.all(node))
    }

    /// The lines that decide the document.
    pub(super) fn why_document(&self) -> BTreeSet<Place> {
        let own = [self.document];
        match self.edit_of(&own) {
            Some(place) => BTreeSet::from([place]),
            None => self.rest_of(&own),
        }
    }

    fn all(&self, node: &Node) -> Vec<OriginId> {
        let mut all = vec![node.origin()];
        all.extend(node.leaves().take(LOOKED_AT).map(|(_, leaf)| leaf.origin()));
        all.extend(self.around.iter().rev());
        all.push(self.document);
        all
    }

    fn edit_of(&self, origins: &[OriginId]) -> Option<Place> {
        let edited = self.edited(origins);
        edited.or_else(|| self.overruled_by(origins))
    }

    fn rest_of(&self, origins: &[OriginId]) -> BTreeSet<Place> {
        match &self.touched.only {
            Some(place) => BTreeSet::from([place.clone()]),
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

    fn overruled_by(&self, origins: &[OriginId]) -> Option<Place> {
        let overruled = self.overruled?;
        origins.iter().find_map(|origin| {
            self.places(*origin).into_iter().find_map(|place| {
                let line = self.touched.there(&place.file, place.line)?;
                overruled.find(&place.file, line).cloned()
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
            let origin = self.origins.get(next);
            let reads: &[OriginId] = match &*origin {
                Origin::Unknown => &[],
                Origin::Span(span) => {
                    places.extend(place(self.sources, *span, self.touched.is_old));
                    &[]
                }
                Origin::Expr { at, reads } => {
                    places.extend(place(self.sources, *at, self.touched.is_old));
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
}

fn is_built_in(name: &str) -> bool {
    name.starts_with('<')
}
