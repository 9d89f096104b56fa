//! What a chart takes, as a tree of keys: kept beside a component, so that a build tells an override that names no value
//! without the chart.

use super::Chart;
use super::known::{Place, Verdict};
use syntax::{Diagnostic, Entry, Map, Node, OriginId, Origins, Pointer};

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
    /// The values that the chart hands on as they are.
    pub passes: &'a [Pointer],
}

impl Override<'_> {
    /// Warns of each key that the outline of its chart does not have.
    #[must_use]
    pub fn unknown(&self, outline: &Node, chart: &str, origins: &Origins) -> Vec<Diagnostic> {
        let mut found = Vec::new();
        if let Some(values) = outline.get("values") {
            self.walk(
                self.said,
                values,
                &Pointer::root(),
                &mut |at, entry, keys| {
                    found.push(no_such(at, entry, keys, chart, origins));
                },
            );
        }
        found
    }

    fn walk<'a>(
        &self,
        said: &'a Node,
        known: &Node,
        at: &Pointer,
        tell: &mut impl FnMut(&Pointer, &'a Entry, Vec<&str>),
    ) {
        let Some(known) = known.as_map() else {
            return;
        };
        for entry in said.entries() {
            let at = at.join(entry.key.clone());
            if self.passes.contains(&at) {
                continue;
            }
            match known.get(&entry.key) {
                Some(below) => self.walk(&entry.value, below, &at, tell),
                None if self.is_taken(entry, known, &at) => {}
                None => tell(
                    &at,
                    entry,
                    known.entries().iter().map(|it| it.key.as_str()).collect(),
                ),
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
}

fn no_such(
    at: &Pointer,
    entry: &Entry,
    keys: Vec<&str>,
    chart: &str,
    origins: &Origins,
) -> Diagnostic {
    let place = origins.place(entry.key_origin);
    let message = format!("`values` override `{at}` names no value of the chart");
    let warning = Diagnostic::warning("no-such-value", message)
        .at(place, format!("{chart} does not know it"));
    super::compare::hinted(warning, place, &entry.key, &keys)
}
