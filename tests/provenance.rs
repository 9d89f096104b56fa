//! The proof of provenance: what a value of the spec decides is what changes when it does.
//!
//! Each leaf of the homelab spec gets other valid values. Every field of the output that differs then must be among
//! those that `explain --from` names for the leaf (recall), and most that it names must differ then, or when the leaf is
//! left out (precision). A leaf whose other value is accepted and changes nothing would be a field that no one reads.

use crate::support::none_of;
use crate::support::world::Memory;
use model::object::Content;
use passes::explain::forth::{Field, Places, decided};
use passes::{Cell, Front};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use syntax::{Diagnostics, Kind, Node, Pointer};

/// Of what `explain --from` names, at least this much must differ, in percent. What depends on how many there are (nodes
/// that take workloads) or on whether something is said at all is named rightly, and seldom differs when one value does.
const PRECISION: usize = 90;

/// How many other values with an effect are tried for each leaf.
const VARIANTS: usize = 2;

/// How a field differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shift {
    Gone,
    New,
    Other,
}

/// The fields that differ.
type Changes = BTreeMap<Place, Shift>;

/// The fields that are named, and whether something is named that is not there: a listing without an entry.
#[derive(Clone, Default)]
struct Named {
    fields: BTreeSet<Place>,
    absences: bool,
}

/// A field: its file, its document in it (by kind and name: a document more moves others), its place in the document.
type Place = (String, String, String);

/// A built platform and what its spec's leaves decide.
struct Built {
    front: Front,
    cells: Vec<Cell>,
}

/// What one leaf did.
#[derive(Default)]
struct Outcome {
    leaf: Pointer,
    /// How many fields differ, and how many of those were not named.
    changed: usize,
    missed: BTreeSet<Place>,
    /// How many other values had an effect.
    effective: usize,
    /// How many fields were named, and how many of those differ.
    named: usize,
    hit: usize,
}

impl Outcome {
    fn of(leaf: &Pointer) -> Self {
        Outcome {
            leaf: leaf.clone(),
            ..Outcome::default()
        }
    }
}

#[test]
fn what_changes_is_what_is_named() {
    judge(&Memory::example("homelab"), |_| true);
}

#[test]
fn what_changes_of_an_app_is_what_is_named() {
    // Another kind of an object is another file, whose place in the listings moves the others.
    judge(&Memory::golden("apps"), |at| {
        let first = at.tokens().first().is_some_and(|key| key == "apps");
        first && at.last().is_some_and(|key| key != "kind")
    });
}

/// Tries the leaves of a spec that are wanted.
fn judge(memory: &Memory, wanted: fn(&Pointer) -> bool) {
    let spec = spec(memory);
    let before =
        build(&with_spec(memory, &spec)).unwrap_or_else(|found| panic!("{:#?}", found.sorted()));
    let leaves: Vec<(Pointer, Node)> = spec
        .leaves()
        .filter(|(at, _)| !is_fixed(at) && wanted(at))
        .map(|(at, leaf)| (at, leaf.clone()))
        .collect();
    let outcomes: Vec<(Pointer, Option<Outcome>)> = leaves
        .par_iter()
        .map(|(at, leaf)| (at.clone(), perturb(memory, &spec, &before, at, leaf)))
        .collect();
    report(&outcomes);
}

fn report(outcomes: &[(Pointer, Option<Outcome>)]) {
    let mut findings = Vec::new();
    let (mut named, mut hit, mut tried) = (0, 0, 0);
    for (leaf, outcome) in outcomes {
        let Some(outcome) = outcome else {
            println!("{leaf}: no other value is valid");
            continue;
        };
        tried += 1;
        named += outcome.named;
        hit += outcome.hit;
        if outcome.changed == 0 {
            findings.push(format!(
                "{leaf}: another value is accepted and changes nothing"
            ));
        }
        if !outcome.missed.is_empty() {
            let shown: Vec<String> = outcome
                .missed
                .iter()
                .take(5)
                .map(|field| format!("  {field:?}"))
                .collect();
            findings.push(format!(
                "{leaf}: {} of {} fields that change are not named, such as\n{}",
                outcome.missed.len(),
                outcome.changed,
                shown.join("\n")
            ));
        }
        if outcome.hit * 100 < outcome.named * PRECISION {
            println!(
                "{}: {} of {} named fields differ",
                outcome.leaf, outcome.hit, outcome.named
            );
        }
    }
    let precision = hit * 100 / named.max(1);
    println!(
        "{tried} of {} leaves; precision {precision} % ({hit} of {named})",
        outcomes.len()
    );
    if precision < PRECISION {
        findings.push(format!(
            "precision is {precision} %, at least {PRECISION} % is wanted"
        ));
    }
    none_of(&findings);
}

/// What says which file this is, and which platform: another value is another platform.
fn is_fixed(at: &Pointer) -> bool {
    matches!(at.tokens(), [key] if matches!(key.as_str(), "apiVersion" | "kind" | "name"))
}

fn spec(memory: &Memory) -> Node {
    let bytes = memory
        .project
        .get("platform.yaml")
        .expect("the example's spec");
    let text = str::from_utf8(bytes).expect("YAML in UTF-8");
    crate::properties::parse(text)
}

fn with_spec(memory: &Memory, spec: &Node) -> Memory {
    let mut memory = memory.clone();
    memory.project.insert(
        "platform.yaml".to_owned(),
        syntax::print::print(spec).into_bytes(),
    );
    memory
}

fn build(memory: &Memory) -> Result<Built, Diagnostics> {
    let mut found = Diagnostics::default();
    let front = passes::front(memory, "platform.yaml", &mut found);
    let mut cells = Vec::new();
    for cluster in front
        .platform
        .iter()
        .flat_map(|platform| &platform.clusters)
    {
        let platform = front.platform.as_ref().expect("a platform with clusters");
        let mut cell = passes::cell(platform, cluster);
        found.append(std::mem::take(&mut cell.found));
        cells.push(cell);
    }
    if found.has_errors() {
        Err(found)
    } else {
        Ok(Built { front, cells })
    }
}

/// Sets a leaf to other valid values, and leaves it out, and compares; `None` where nothing else is valid.
fn perturb(
    memory: &Memory,
    spec: &Node,
    before: &Built,
    at: &Pointer,
    leaf: &Node,
) -> Option<Outcome> {
    let named_before = named(before, at);
    let mut outcome: Option<Outcome> = None;
    let mut all_changed = Changes::new();
    for other in others(leaf) {
        let mut variant = spec.clone();
        *variant.find_mut(at)? = other;
        let Ok(after) = build(&with_spec(memory, &variant)) else {
            continue;
        };
        let changed = differences(before, &after);
        let named_after = named(&after, at);
        let missed = changed
            .iter()
            .filter(|(place, shift)| !is_named(&named_before, &named_after, place, **shift))
            .map(|(place, _)| place);
        let outcome = outcome.get_or_insert_with(|| Outcome::of(at));
        outcome.missed.extend(missed.cloned());
        outcome.effective += usize::from(!changed.is_empty());
        all_changed.extend(changed);
        if outcome.effective == VARIANTS {
            break;
        }
    }
    let outcome = outcome?;
    let changed = all_changed.len();
    // Leaving it out may change more than it decides: what stands where nothing is said is not of its making.
    if let Some(Ok(after)) = without(spec, at).map(|spec| build(&with_spec(memory, &spec))) {
        all_changed.extend(differences(before, &after));
    }
    let own = named_by(before, at, false).fields;
    let hit = own.iter().filter(|field| touches(&all_changed, field));
    Some(Outcome {
        changed,
        named: own.len(),
        hit: hit.count(),
        ..outcome
    })
}

/// The spec without this leaf, and without what holds nothing else.
fn without(spec: &Node, at: &Pointer) -> Option<Node> {
    let mut spec = spec.clone();
    let above = at.parent()?;
    match spec.find_mut(&above)?.kind_mut() {
        Kind::Map(map) => drop(map.remove(at.last()?)),
        Kind::List(items) => drop(items.remove(at.last()?.parse().ok()?)),
        Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) => return None,
    }
    Some(spec)
}

/// Values that may be valid in the place of this one, the likeliest first.
fn others(leaf: &Node) -> Vec<Node> {
    let origin = leaf.origin();
    let text = |text: String| Node::string(text, origin);
    match leaf.kind() {
        Kind::Bool(value) => vec![Node::bool(!value, origin)],
        Kind::Number(number) => {
            let number: i64 = number.parse().unwrap_or(0);
            [1, -1, 100]
                .map(|more| Node::integer(number + more, origin))
                .into()
        }
        Kind::String(word) => {
            let words = FAMILIES
                .iter()
                .find(|family| family.contains(&word.as_str()));
            let siblings = words.into_iter().flat_map(|family| family.iter().copied());
            let is_hardware = word.split(':').count() == 6;
            let name = is_hardware.then(|| text("eno1".to_owned()));
            let mut others: Vec<Node> = name.into_iter().collect();
            others.extend(
                siblings
                    .filter(|sibling| sibling != word)
                    .map(|sibling| text(sibling.to_owned())),
            );
            others.extend(bumped(word).into_iter().map(text));
            others.push(text(format!("{word}x")));
            others.push(text(format!("x{word}")));
            others.push(Node::bool(false, origin));
            others
        }
        Kind::Null => vec![text("x".to_owned())],
        Kind::List(_) | Kind::Map(_) => Vec::new(),
    }
}

/// Words of which one may stand for another.
const FAMILIES: &[&[&str]] = &[
    &["small", "medium", "large"],
    &["privileged", "baseline", "restricted"],
    &["none", "metadata", "request"],
    &["open", "default-deny"],
    &["github", "gitlab", "generic-hmac"],
    &["homelab", "production", "development", "edge"],
    &["production", "development"],
    &["controlplane", "worker"],
    &["native", "tunnel"],
    &["ui", "none", "flows", "relay"],
    &["nodeID", "tpm"],
    &["layer3+4", "layer2"],
    &["fast", "slow"],
    &["nvme", "ssd"],
    &["802.3ad", "active-backup"],
    &["RollingUpdate", "Recreate"],
];

/// The text with one of its numbers changed: a little in each, from the last to the first, then more.
fn bumped(text: &str) -> Vec<String> {
    let mut found = [Vec::new(), Vec::new(), Vec::new()];
    let mut end = text.len();
    while let Some(last) = text
        .get(..end)
        .and_then(|head| head.rfind(|c: char| c.is_ascii_digit()))
    {
        let head = text.get(..=last).unwrap_or_default();
        let start = head
            .rfind(|c: char| !c.is_ascii_digit())
            .map_or(0, |at| at + 1);
        let (before, digits) = head.split_at(start);
        let after = text.get(last + 1..).unwrap_or_default();
        if let Ok(number) = digits.parse::<u64>() {
            let others = [number + 1, number.saturating_sub(1), number + 30];
            for (found, other) in found.iter_mut().zip(others) {
                found.push(format!(
                    "{before}{other:0width$}{after}",
                    width = digits.len()
                ));
            }
        }
        end = start;
    }
    found.concat()
}

/// The fields that `explain --from` names for a leaf of the spec.
///
/// For precision, a leaf that chooses a profile, a tier or a role decides only itself (what those say counts for their own
/// leaves), and what only stands inside of something that depends on the leaf, or is not there because of it, is left out.
fn named(built: &Built, at: &Pointer) -> Named {
    named_by(built, at, true)
}

fn named_by(built: &Built, at: &Pointer, with_all: bool) -> Named {
    let platform = built.front.platform.as_ref().expect("a platform");
    let file = platform
        .sources
        .find("platform.yaml")
        .expect("the spec's text");
    let (node, origins) = passes::explain::reread(platform, file).expect("the spec again");
    let place = |origin| origins.place(origin);
    let value = node.find(at).and_then(|leaf| place(leaf.origin()));
    // Its key says that it is there: another value leaves that as it is.
    let places = Places::on_line(&node, &origins, |span| Some(span) == value);
    let places = if with_all {
        places.with_levels(platform)
    } else {
        places
    };
    let mut named = Named::default();
    let contents = contents(built);
    for field in built.cells.iter().flat_map(|cell| decided(cell, &places)) {
        let Field {
            path,
            document,
            pointer,
            absent,
            around,
        } = field;
        if (around || absent) && !with_all {
            continue;
        }
        named.absences |= absent;
        let document = match contents.get(&path) {
            Some(Content::Yaml(documents)) => names(documents).swap_remove(document),
            _ => String::new(),
        };
        named.fields.insert((path, document, pointer));
    }
    named
}

/// Whether a difference was named: the field before or after; where a whole part came or went because a level that was not
/// chosen says something else about it, that level names only that a listing lacks it.
fn is_named(before: &Named, after: &Named, place: &Place, shift: Shift) -> bool {
    let excused = match shift {
        Shift::Gone => after.absences,
        Shift::New => before.absences,
        Shift::Other => false,
    };
    excused || covers(&before.fields, place) || covers(&after.fields, place)
}

/// Whether a field, or what it stands in, is among the named ones.
fn covers(named: &BTreeSet<Place>, (path, document, pointer): &Place) -> bool {
    let ends = pointer
        .match_indices('/')
        .map(|(at, _)| at)
        .chain([pointer.len()]);
    ends.filter_map(|end| pointer.get(..end))
        .any(|above| named.contains(&(path.clone(), document.clone(), above.to_owned())))
}

/// Whether a named field, or something in it, differs.
fn touches(changed: &Changes, (path, document, pointer): &Place) -> bool {
    let first = (path.clone(), document.clone(), pointer.clone());
    changed
        .range(first..)
        .map(|(place, _)| place)
        .take_while(|(p, d, _)| p == path && d == document)
        .any(|(_, _, at)| {
            at.strip_prefix(pointer.as_str())
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        })
}

/// Every field that differs between two builds.
fn differences(before: &Built, after: &Built) -> Changes {
    let (before, after) = (contents(before), contents(after));
    let paths: BTreeSet<&String> = before.keys().chain(after.keys()).copied().collect();
    let none = Content::Yaml(Vec::new());
    let mut changed = Changes::new();
    for path in paths {
        let old = before.get(path).copied().unwrap_or(&none);
        let new = after.get(path).copied().unwrap_or(&none);
        match (old, new) {
            (Content::Yaml(old), Content::Yaml(new)) => documents(path, old, new, &mut changed),
            (Content::Text { text: old, .. }, Content::Text { text: new, .. }) if old == new => {}
            (Content::Copied(old), Content::Copied(new)) if old == new => {}
            _ => {
                changed.insert((path.clone(), String::new(), String::new()), Shift::Other);
            }
        }
    }
    changed
}

fn documents(path: &str, old: &[Node], new: &[Node], changed: &mut Changes) {
    let (old_names, new_names) = (names(old), names(new));
    let nothing = Node::from_entries::<&str>([], syntax::OriginId(0));
    let all: BTreeSet<&String> = old_names.iter().chain(&new_names).collect();
    for name in all {
        let of = |nodes: &[Node], names: &[String]| {
            let at = names.iter().position(|other| other == name);
            at.and_then(|at| nodes.get(at)).unwrap_or(&nothing).clone()
        };
        let (old, new) = (of(old, &old_names), of(new, &new_names));
        for change in syntax::diff::nodes(&old, &new) {
            let shift = match (change.old, change.new) {
                (Some(_), None) => Shift::Gone,
                (None, Some(_)) => Shift::New,
                (Some(_), Some(_)) | (None, None) => Shift::Other,
            };
            changed.insert(
                (path.to_owned(), name.clone(), change.at.to_string()),
                shift,
            );
        }
    }
}

/// What each document of a file is called: its kind and name, numbered where those repeat.
fn names(documents: &[Node]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for document in documents {
        let of = |path: &[&str]| document.str_at(path).unwrap_or_default();
        let name = format!(
            "{} {}{}",
            of(&["kind"]),
            of(&["name"]),
            of(&["metadata", "name"])
        );
        let number = names
            .iter()
            .filter(|other| other.starts_with(&name))
            .count();
        names.push(format!("{name} {number}"));
    }
    names
}

fn contents(built: &Built) -> BTreeMap<&String, &Content> {
    let leaves = built.cells.iter().flat_map(|cell| &cell.leaves);
    leaves.map(|leaf| (&leaf.path, &leaf.content)).collect()
}

#[test]
fn every_rule_has_words() {
    let mut nameless = BTreeSet::new();
    let cases = ["homelab", "minimal"].map(Memory::example);
    let goldens = ["apps", "machines-1.12", "machines-1.13"].map(Memory::golden);
    for memory in cases.into_iter().chain(goldens) {
        let mut found = Diagnostics::default();
        let front = passes::front(&memory, "platform.yaml", &mut found);
        let platform = front.platform.expect("it resolves");
        for spec in &platform.clusters {
            let origins = passes::cell(&platform, spec).origins;
            for id in 0..origins.len() {
                if let syntax::Origin::Rule { name, .. } = &*origins.get(syntax::OriginId(id))
                    && passes::explain::rules::words(name) == *name
                {
                    nameless.insert(format!(
                        "say what `{name}` means in passes/src/explain/rules.rs"
                    ));
                }
            }
        }
    }
    none_of(&nameless.into_iter().collect::<Vec<_>>());
}
