//! The operations of RFC 6902 on one object. A path that no object has is a warning, as of any override without effect;
//! what is no operation, and a `test` that fails, are errors.

use syntax::suggest::nearest;
use syntax::{Diagnostic, Diagnostics, Kind, Node, Origins};

/// The operations that there are.
const OPERATIONS: [&str; 6] = ["add", "copy", "move", "remove", "replace", "test"];

/// Whether an operation found its path in any object, and what was missed where it did not.
#[derive(Clone, Debug, Default)]
pub struct Reached {
    done: bool,
    missed: Option<Missed>,
}

/// A pointer that leads nowhere, and a name near the one that is missing.
#[derive(Clone, Debug)]
pub struct Missed {
    pointer: String,
    near: Option<String>,
}

impl Reached {
    /// Adds what became of the operation in one more object.
    pub fn add(&mut self, outcome: Result<(), Missed>) {
        match outcome {
            Ok(()) => self.done = true,
            Err(missed) => self.missed = Some(missed),
        }
    }
}

/// One operation on an object.
///
/// # Errors
/// The path that the object does not have.
pub fn operate(
    object: &mut Node,
    operation: &Node,
    origins: &Origins,
    found: &mut Diagnostics,
) -> Result<(), Missed> {
    let op = operation.str_at(&["op"]).unwrap_or_default();
    let path = operation.str_at(&["path"]).unwrap_or_default();
    let from = operation.str_at(&["from"]).unwrap_or_default();
    let value = operation.get("value");
    if let Some((problem, help)) = malformed(op, operation) {
        let place = operation.get("op").unwrap_or(operation).origin();
        found.add(
            Diagnostic::error("patch-failed", problem)
                .at(origins.place(place), "in this operation")
                .help(help),
        );
        return Ok(());
    }
    let done = match (op, value) {
        ("add", Some(value)) => put(object, path, value.clone(), true),
        ("replace", Some(value)) => put(object, path, value.clone(), false),
        ("remove", _) => take(object, path).is_some(),
        ("copy", _) => {
            let value = object.pointer(from).cloned();
            return match value {
                None => Err(missed(object, from)),
                Some(value) => fits(put(object, path, value, true), object, path),
            };
        }
        ("move", _) => {
            return match take(object, from) {
                None => Err(missed(object, from)),
                Some(value) => fits(put(object, path, value, true), object, path),
            };
        }
        _ => {
            if object.pointer(path) != value {
                found.add(
                    Diagnostic::error("patch-failed", format!("`{path}` is another value than this `test` wants"))
                        .at(origins.place(operation.origin()), "this operation")
                        .help("what the test guards has changed: look at the object, then mend or remove the patch"),
                );
            }
            true
        }
    };
    fits(done, object, path)
}

fn fits(done: bool, object: &Node, pointer: &str) -> Result<(), Missed> {
    if done {
        return Ok(());
    }
    Err(missed(object, pointer))
}

/// What keeps an operation from being one.
fn malformed(op: &str, operation: &Node) -> Option<(String, String)> {
    if !OPERATIONS.contains(&op) {
        let help = match nearest(op, OPERATIONS) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("`op` is one of {}", OPERATIONS.join(", ")),
        };
        return Some((format!("`{op}` is no operation of a patch"), help));
    }
    let wants: &[&str] = match op {
        "remove" => &["path"],
        "copy" | "move" => &["path", "from"],
        _ => &["path", "value"],
    };
    let lacks = wants.iter().find(|key| operation.get(key).is_none())?;
    let help = match *lacks {
        "value" => "state it: `value: ...`",
        _ => "state it as a JSON pointer: `/spec/interval`, with `~1` for a `/` in a key",
    };
    Some((
        format!("the operation `{op}` has no `{lacks}`"),
        help.to_owned(),
    ))
}

/// Where a pointer leaves an object, and what stands there under a name like the missing one.
fn missed(object: &Node, pointer: &str) -> Missed {
    let mut node = object;
    let mut near = None;
    for step in pointer.split('/').skip(1).map(unescape) {
        let below = match node.kind() {
            Kind::List(items) => step.parse::<usize>().ok().and_then(|at| items.get(at)),
            Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) | Kind::Map(_) => {
                node.get(&step)
            }
        };
        let Some(below) = below else {
            let keys = node.entries().iter().map(|entry| entry.key.as_str());
            near = nearest(&step, keys).map(str::to_owned);
            break;
        };
        node = below;
    }
    Missed {
        pointer: pointer.to_owned(),
        near,
    }
}

/// Warns of operations whose path no object has; whether there is one.
pub fn report(
    operations: &[Node],
    reached: &[Reached],
    origins: &Origins,
    found: &mut Diagnostics,
) -> bool {
    let lost = operations
        .iter()
        .zip(reached)
        .filter_map(|(node, reached)| {
            let missed = reached.missed.as_ref().filter(|_| !reached.done)?;
            Some((node, missed))
        });
    let mut any = false;
    for (operation, missed) in lost {
        any = true;
        let problem = format!(
            "a patch names a path that is not there: `{}`",
            missed.pointer
        );
        let key = match operation.str_at(&["from"]) == Some(missed.pointer.as_str()) {
            true => "from",
            false => "path",
        };
        let place = operation.get(key).unwrap_or(operation).origin();
        let help = match &missed.near {
            Some(near) => format!("did you mean `{near}`? `add` makes a key that is not there yet"),
            None => "`add` makes a key below one that is there; all else wants a path that exists"
                .to_owned(),
        };
        found.add(
            Diagnostic::warning("no-effect", problem)
                .at(origins.place(place), "has no effect")
                .help(help),
        );
    }
    any
}

/// The place that holds the last step of a pointer, and that step.
fn parent<'n>(object: &'n mut Node, pointer: &str) -> Option<(&'n mut Node, String)> {
    let mut steps: Vec<String> = pointer
        .strip_prefix('/')?
        .split('/')
        .map(unescape)
        .collect();
    let last = steps.pop()?;
    let mut node = object;
    for step in &steps {
        node = match node.kind_mut() {
            Kind::Map(map) => map.get_mut(step)?,
            Kind::List(items) => items.make_mut().get_mut(step.parse::<usize>().ok()?)?,
            Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) => return None,
        };
    }
    Some((node, last))
}

fn unescape(step: &str) -> String {
    step.replace("~1", "/").replace("~0", "~")
}

fn put(object: &mut Node, pointer: &str, value: Node, add: bool) -> bool {
    let Some((node, last)) = parent(object, pointer) else {
        return false;
    };
    match node.kind_mut() {
        Kind::Map(map) => {
            let there = map.get(&last).is_some();
            if add || there {
                map.set(last, value.origin(), value);
            }
            add || there
        }
        Kind::List(items) if add => {
            let at = if last == "-" {
                items.len()
            } else {
                last.parse().unwrap_or(usize::MAX)
            };
            let fits = at <= items.len();
            if fits {
                items.insert(at, value);
            }
            fits
        }
        Kind::List(items) => last
            .parse::<usize>()
            .ok()
            .and_then(|at| items.make_mut().get_mut(at))
            .map(|item| *item = value)
            .is_some(),
        Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) => false,
    }
}

fn take(object: &mut Node, pointer: &str) -> Option<Node> {
    let (node, last) = parent(object, pointer)?;
    match node.kind_mut() {
        Kind::Map(map) => map.remove(&last).map(|entry| entry.value),
        Kind::List(items) => {
            let at = last.parse::<usize>().ok().filter(|at| *at < items.len())?;
            Some(items.remove(at))
        }
        Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) => None,
    }
}
