//! The values that a component emits against its chart: keys that it does not know, kinds that it can't mean, and what says
//! only what the chart says by itself.

use super::known::{Place, Verdict};
use super::{Chart, schema};
use std::collections::BTreeSet;
use syntax::{Diagnostic, Diagnostics, Entry, Kind, Node, Origin, Origins, Pointer, Sources, Span};

/// What is compared.
#[derive(Clone, Copy, Debug)]
pub struct Emitted<'a> {
    /// The values.
    pub values: &'a Node,
    /// The values that the chart hands on as they are, or takes without listing them.
    pub passes: &'a [Pointer],
    /// The places that something else in the component reads: there it is right to say what the chart says too.
    pub read: &'a BTreeSet<Span>,
}

/// Compares. Each finding is at the component's line.
pub fn compare(
    emitted: &Emitted<'_>,
    chart: &Chart,
    sources: &Sources,
    origins: &Origins,
    found: &mut Diagnostics,
) {
    let mut walk = Walk {
        emitted,
        origins,
        found,
    };
    walk.map(emitted.values, &Place::top(chart), &Pointer::root());
    schema::check(chart, emitted.values, sources, origins, found);
}

struct Walk<'a> {
    emitted: &'a Emitted<'a>,
    origins: &'a Origins,
    found: &'a mut Diagnostics,
}

impl<'a> Walk<'a> {
    fn map(&mut self, node: &'a Node, place: &Place<'a>, at: &Pointer) {
        for entry in node.entries() {
            let at = at.join(entry.key.clone());
            if self.emitted.passes.contains(&at) {
                continue;
            }
            match place.step(&entry.key, &entry.value) {
                Verdict::Known(below) => self.value(entry, &below, &at),
                Verdict::Open => {}
                Verdict::Unlikely(near) => self.unlikely(entry, near, &at),
                Verdict::PassedOn(keys) => self.passed_on(entry, &keys, &at),
                Verdict::Unknown(keys) => self.unknown(entry, &keys, &at),
            }
        }
    }

    fn value(&mut self, entry: &'a Entry, place: &Place<'a>, at: &Pointer) {
        let Some(stated) = place.stated() else {
            return self.below(&entry.value, place, at);
        };
        if self.says_the_same(&entry.value, stated) {
            return self.same(entry, at);
        }
        if let Some(wanted) = clash(&entry.value, stated) {
            let message = format!(
                "`values.{}` is {}, where the chart has {wanted}",
                at.in_words(self.emitted.values),
                entry.value.kind_name()
            );
            self.found.add(
                Diagnostic::warning("value-kind", message)
                    .at(self.origins.place(entry.value.origin()), "of another kind")
                    .help("look how the chart's templates use it"),
            );
            return;
        }
        self.below(&entry.value, place, at);
    }

    fn below(&mut self, node: &'a Node, place: &Place<'a>, at: &Pointer) {
        for (index, item) in node.items().iter().enumerate() {
            let at = at.join(index.to_string());
            for entry in item.entries() {
                let at = at.join(entry.key.clone());
                match place.item(&entry.key) {
                    Verdict::Known(_) | Verdict::Open => {}
                    Verdict::Unlikely(near) => self.unlikely(entry, near, &at),
                    Verdict::PassedOn(keys) | Verdict::Unknown(keys) => {
                        self.unknown(entry, &keys, &at);
                    }
                }
            }
        }
        self.map(node, place, at);
    }

    /// Whether a value says what the chart says by itself, and nothing in the component needs it to.
    fn says_the_same(&self, value: &Node, stated: &Node) -> bool {
        value.is_leaf() && value == stated
    }

    fn same(&mut self, entry: &Entry, at: &Pointer) {
        // What an expression made may be another in the next cluster.
        let Origin::Span(span) = *self.origins.get(entry.value.origin()) else {
            return;
        };
        if self.emitted.read.contains(&span) {
            return;
        }
        let message = format!(
            "`values.{}` is the chart's default",
            at.in_words(self.emitted.values)
        );
        self.found.add(
            Diagnostic::note("default-value", message)
                .at(span, "changes nothing")
                .help("leave it out, unless it must stay when the chart's default changes"),
        );
    }

    fn unknown(&mut self, entry: &Entry, keys: &[&str], at: &Pointer) {
        let problem = Diagnostic::error("not-in-chart", self.no_such(at));
        self.suggest(problem, entry, keys, "the chart does not know it");
    }

    fn unlikely(&mut self, entry: &Entry, near: &str, at: &Pointer) {
        let problem = Diagnostic::warning("unlikely-value", self.no_such(at));
        self.suggest(problem, entry, &[near], "the chart shows another");
    }

    fn passed_on(&mut self, entry: &Entry, keys: &[&str], at: &Pointer) {
        let problem = Diagnostic::warning("unlisted-value", self.no_such(at));
        let parent = at.parent().unwrap_or_default();
        let problem = problem.help(format!(
            "where the chart hands all of `{0}` on as it is, say so: `chart: {{ passes: [{0}] }}`",
            parent
        ));
        self.suggest(problem, entry, keys, "the chart does not list it");
    }

    fn no_such(&self, at: &Pointer) -> String {
        format!(
            "the chart has no value `{}`",
            at.in_words(self.emitted.values)
        )
    }

    fn suggest(&mut self, problem: Diagnostic, entry: &Entry, keys: &[&str], label: &str) {
        let place = self
            .origins
            .place(entry.key_origin)
            .or(self.origins.place(entry.value.origin()));
        let problem = problem.at(place, label);
        self.found.add(hinted(problem, place, &entry.key, keys));
    }
}

/// With the key that was probably meant, or those that there are.
pub(super) fn hinted(
    problem: Diagnostic,
    place: Option<Span>,
    key: &str,
    keys: &[&str],
) -> Diagnostic {
    let near = syntax::suggest::nearest(key, keys.iter().copied());
    match (near, place) {
        (Some(near), Some(span)) => problem
            .help(format!("did you mean `{near}`?"))
            .fix(span, near),
        (Some(near), None) => problem.help(format!("did you mean `{near}`?")),
        (None, _) => problem.help(there_are(keys)),
    }
}

/// The first of the keys that there are.
fn there_are(keys: &[&str]) -> String {
    const SHOWN: usize = 12;
    let mut keys = keys.to_vec();
    keys.sort_unstable();
    keys.dedup();
    let more = keys.len().saturating_sub(SHOWN);
    keys.truncate(SHOWN);
    match (keys.is_empty(), more) {
        (true, _) => "it has none there".to_owned(),
        (false, 0) => format!("there are: {}", keys.join(", ")),
        (false, more) => format!("there are: {} and {more} more", keys.join(", ")),
    }
}

/// What the chart has where a value of this kind can't be meant; `null`, empty and templated texts tell nothing.
fn clash(value: &Node, stated: &Node) -> Option<&'static str> {
    let kind = |node: &Node| match node.kind() {
        Kind::Map(_) => Some(0),
        Kind::List(_) => Some(1),
        Kind::Bool(_) | Kind::Number(_) => Some(2),
        Kind::Null | Kind::String(_) => None,
    };
    let (given, wanted) = (kind(value)?, kind(stated)?);
    (given != wanted).then(|| stated.kind_name())
}
