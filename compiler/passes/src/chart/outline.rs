//! What a chart takes, as a tree of keys: kept beside a component, so that a build tells an override that names no value
//! without the chart.

use super::compare::hinted;
use super::known::{Place, Verdict};
use super::{Chart, same_version};
use syntax::{Diagnostic, Diagnostics, Entry, Map, Node, OriginId, Origins, Pointer, Text};

/// The file of a component that holds it.
pub const FILE: &str = "chart.yaml";

/// A schema that refers to itself is followed down to here.
const DEPTH: usize = 12;
/// A key that no chart states: what it means somewhere, any new key does.
const NOBODYS: &str = "\u{1}";
const NONE: OriginId = OriginId(0);

/// The chart's version and the keys of its values. A map lists what is taken there; null takes whatever is given.
#[must_use]
pub fn outline(version: &str, chart: &Chart) -> Node {
    let values = below(&Place::top(chart), DEPTH);
    Node::from_entries(
        [("version", Node::string(version, NONE)), ("values", values)],
        NONE,
    )
}

fn below(place: &Place<'_>, depth: usize) -> Node {
    let nothing = Node::null(NONE);
    let Verdict::Unknown(mut keys) = place.step(NOBODYS, &nothing) else {
        return nothing;
    };
    keys.sort_unstable();
    keys.dedup();
    if keys.is_empty() || depth == 0 {
        return nothing;
    }
    let mut map = Map::with_capacity(keys.len());
    for key in keys {
        let value = match place.step(key, &nothing) {
            // What a chart states of Kubernetes' fields is not all that there may be.
            Verdict::Known(inner) if !place.is_handed_on() => below(&inner, depth - 1),
            Verdict::Known(_)
            | Verdict::Open
            | Verdict::Unlikely(_)
            | Verdict::PassedOn(_)
            | Verdict::Unknown(_) => nothing.clone(),
        };
        map.set(key, NONE, value);
    }
    Node::map(map, NONE)
}

/// What a user lays over a component's values.
#[derive(Clone, Copy, Debug)]
pub struct Override<'a> {
    /// What is said.
    pub said: &'a Node,
    /// The values that the component computes: whatever it states, its chart takes.
    pub computed: &'a Node,
    /// The component's chart, as it states it.
    pub chart: &'a Node,
    /// The component's name.
    pub name: &'a str,
}

/// Warns of each key of an override that the chart does not take. Nothing is said where the chart is of another version
/// than the outline: it may take other values.
pub fn check(over: &Override<'_>, outline: &Node, origins: &Origins, found: &mut Diagnostics) {
    let (Some(version), Some(outlined)) = (version(over.chart), version(outline)) else {
        return;
    };
    if let Some(values) = outline.get("values")
        && same_version(&version, &outlined)
    {
        let mut walk = Walk {
            computed: over.computed,
            passes: &Chart::passes(over.chart),
            chart: format!("{} {version}", over.name),
            origins,
            found,
        };
        walk.map(over.said, values, &Pointer::root());
    }
}

fn version(node: &Node) -> Option<Text> {
    node.get("version").and_then(Node::scalar_text)
}

struct Walk<'a> {
    computed: &'a Node,
    passes: &'a [Pointer],
    /// The chart's name and version, for people.
    chart: String,
    origins: &'a Origins,
    found: &'a mut Diagnostics,
}

impl Walk<'_> {
    fn map(&mut self, said: &Node, known: &Node, at: &Pointer) {
        let Some(known) = known.as_map() else {
            return;
        };
        for entry in said.entries() {
            let at = at.join(entry.key.clone());
            if self.passes.contains(&at) {
                continue;
            }
            match known.get(&entry.key) {
                Some(below) => self.map(&entry.value, below, &at),
                None if self.is_taken(entry, known, &at) => {}
                None => self.no_such(entry, known, &at),
            }
        }
    }

    /// Whether a key is right that the outline does not have.
    fn is_taken(&self, entry: &Entry, known: &Map, at: &Pointer) -> bool {
        // Some charts have the same for each container, by its name.
        let below = entry.value.entries();
        let of_container = !below.is_empty() && below.iter().all(|it| known.get(&it.key).is_some());
        let global = *at == Pointer::root().join("global");
        global || of_container || self.computed.find(at).is_some()
    }

    fn no_such(&mut self, entry: &Entry, known: &Map, at: &Pointer) {
        let place = self.origins.place(entry.key_origin);
        let message = format!("`values` override `{at}` names no value of the chart");
        let label = format!("{} does not know it", self.chart);
        let warning = Diagnostic::warning("no-such-value", message).at(place, label);
        let keys: Vec<&str> = known.entries().iter().map(|it| it.key.as_str()).collect();
        self.found.add(hinted(warning, place, &entry.key, &keys));
    }
}
