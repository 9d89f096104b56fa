//! The one merge: what a more specific level says over what less specific levels said.
//!
//! Maps merge key by key; everything else replaces; `null` clears; a truth value over a map is a switch beside its
//! content, so that a tier may say `false` and one of its clusters may turn the section on again and find what the
//! platform and the profile said. A map states that its section is on.
//!
//! The merge is associative: levels may be brought together in any order of brackets, so that clusters which share
//! levels can share their result. For that a value must remember when it was stated over something that it hides
//! (`null`, a list, a text): else `{a: 1}`, `null`, `{b: 2}` would depend on which two are merged first.
//! [`Node::replaces`] is that memory.

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::node::{Entry, Kind, Map, Node, Text};
use crate::origin::{Origin, OriginId, Origins};

#[cfg(test)]
mod tests;

/// What is special in a merge: lists that are appended to, truth values that are switches.
#[derive(Clone, Debug, Default)]
pub struct MergeRules {
    append: Vec<Vec<Text>>,
    levels: bool,
}

impl MergeRules {
    /// Nothing is special: maps merge and everything else replaces, as templates want it.
    #[must_use]
    pub fn none() -> Self {
        MergeRules::default()
    }

    /// The rules for levels of a spec, which append to the lists at these paths: keys with `/` between them, `*` for
    /// any key.
    ///
    /// A path is matched whole, so `components/*/patches` says nothing about a `patches` inside of `values`.
    #[must_use]
    pub fn appending(paths: &[&str]) -> Self {
        MergeRules {
            append: paths
                .iter()
                .map(|path| path.split('/').map(Text::from).collect())
                .collect(),
            levels: true,
        }
    }

    fn appends(&self, path: &[Text]) -> bool {
        self.append.iter().any(|pattern| {
            pattern.len() == path.len()
                && pattern
                    .iter()
                    .zip(path)
                    .all(|(want, key)| want == "*" || want == key)
        })
    }
}

/// What `over`, the more specific level, makes of `base`.
///
/// A replaced value's origin is [`Origin::Merged`]. A map over a list or a single value, or the other way round, is
/// reported as `level-clash`: each may be allowed alone, but no one means to drop a whole section by it.
#[must_use]
pub fn merge(
    base: Node,
    over: Node,
    rules: &MergeRules,
    origins: &mut Origins,
    diagnostics: &mut Diagnostics,
) -> Node {
    Merger {
        rules,
        origins,
        diagnostics,
        path: Vec::new(),
    }
    .node(base, over)
}

struct Merger<'a> {
    rules: &'a MergeRules,
    origins: &'a mut Origins,
    diagnostics: &'a mut Diagnostics,
    path: Vec<Text>,
}

impl Merger<'_> {
    fn node(&mut self, base: Node, over: Node) -> Node {
        if over.is_null() && over.origin() == OriginId(0) {
            return over; // a part that could not be read silences what would be said of it
        }
        if over.replaces() {
            return self.replaced(base.origin(), over);
        }
        if self.rules.levels {
            self.report_clash(&base, &over);
        }
        let (base_origin, over_origin) = (base.origin(), over.origin());
        let hidden = base.replaces() || !can_be_under(base.kind(), over.kind());
        match (base.into_kind(), over.into_kind()) {
            (Kind::Map(mut map), Kind::Bool(on)) if self.rules.levels => {
                map.notes_mut().switch = Some((on, over_origin));
                // No value has this origin; the table tells by it what the switch holds over.
                self.merged(base_origin, over_origin);
                Node::map(map, base_origin).replacing(hidden)
            }
            (Kind::Map(base), Kind::Map(over)) => {
                let origin = self.merged(base_origin, over_origin);
                Node::map(self.map(base, over, over_origin), origin).replacing(hidden)
            }
            (Kind::List(mut items), Kind::List(more)) if self.rules.appends(&self.path) => {
                let origin = self.merged(base_origin, over_origin);
                items.extend(more);
                Node::list(items, origin).replacing(hidden)
            }
            (_, kind) => self.replaced(base_origin, Node::new(kind, over_origin).replacing(hidden)),
        }
    }

    fn map(&mut self, mut base: Map, over: Map, over_origin: OriginId) -> Map {
        let switch = over.switch();
        if switch.is_some() {
            base.notes_mut().switch = switch;
        } else if !base.is_on() {
            base.notes_mut().switch = Some((true, over_origin));
        }
        if let Some(notes) = over.notes()
            && !notes.absent.is_empty()
        {
            base.notes_mut().absent.extend(notes.absent.iter().cloned());
        }
        for entry in over.into_entries() {
            self.entry(&mut base, entry);
        }
        base
    }

    fn entry(&mut self, base: &mut Map, entry: Entry) {
        let Some(at) = base
            .entries_mut()
            .iter_mut()
            .find(|had| had.key == entry.key)
        else {
            base.push(entry);
            return;
        };
        self.path.push(entry.key);
        let had = std::mem::replace(&mut at.value, Node::null(OriginId(0)));
        at.value = self.node(had, entry.value);
        at.key_origin = entry.key_origin;
        self.path.pop();
    }

    fn replaced(&mut self, loser: OriginId, winner: Node) -> Node {
        let origin = self.merged(loser, winner.origin());
        winner.with_origin(origin)
    }

    /// The origin of what holds over what it replaced or merged with, flattened.
    fn merged(&mut self, base: OriginId, over: OriginId) -> OriginId {
        let mut losers = Vec::new();
        let winner = match &*self.origins.get(over) {
            Origin::Merged {
                winner,
                losers: more,
            } => {
                losers.extend_from_slice(more);
                *winner
            }
            Origin::Unknown | Origin::Span(_) | Origin::Rule { .. } | Origin::Expr { .. } => over,
        };
        match &*self.origins.get(base) {
            Origin::Merged {
                winner,
                losers: more,
            } => {
                losers.push(*winner);
                losers.extend_from_slice(more);
            }
            Origin::Unknown => {}
            Origin::Span(_) | Origin::Rule { .. } | Origin::Expr { .. } => losers.push(base),
        }
        if losers.is_empty() {
            return winner;
        }
        self.origins.add(Origin::Merged {
            winner,
            losers: losers.into(),
        })
    }

    fn report_clash(&mut self, base: &Node, over: &Node) {
        let clash = match (base.kind(), over.kind()) {
            (Kind::Map(_), Kind::List(_) | Kind::String(_) | Kind::Number(_))
            | (Kind::List(_) | Kind::String(_) | Kind::Number(_), Kind::Map(_)) => true,
            (Kind::Null | Kind::Bool(_), _)
            | (_, Kind::Null | Kind::Bool(_))
            | (Kind::Map(_), Kind::Map(_))
            | (
                Kind::List(_) | Kind::String(_) | Kind::Number(_),
                Kind::List(_) | Kind::String(_) | Kind::Number(_),
            ) => false,
        };
        if !clash {
            return;
        }
        let (now, before) = (over.kind_name(), base.kind_name());
        let path = self.path.join(".");
        self.diagnostics.add(
            Diagnostic::error(
                "level-clash",
                format!("`{path}` is {now} here and {before} at a less specific level"),
            )
            .at(self.origins.place(over.origin()), format!("{now} here"))
            .at(self.origins.place(base.origin()), format!("{before} here"))
            .help(format!(
                "say it in the same form at both levels: {now} would drop the whole of {before}"
            )),
        );
    }
}

/// Whether `over` leaves something of `base` to see: if not, the result hides all less specific levels.
///
/// A replacing scalar or list hides them by what it is, and needs no mark.
fn can_be_under(base: &Kind, over: &Kind) -> bool {
    match over {
        Kind::Map(_) | Kind::Bool(_) => matches!(base, Kind::Map(_) | Kind::Bool(_)),
        Kind::List(_) => matches!(base, Kind::List(_)),
        Kind::Null | Kind::Number(_) | Kind::String(_) => true,
    }
}
