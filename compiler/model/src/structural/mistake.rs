//! What is wrong with an object: which field, why, and what to write instead.

use syntax::OriginId;

/// One mistake in an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// What kind of mistake.
    pub fault: Fault,
    /// The field, such as `spec.ports[0].port`; empty for the object itself.
    pub path: String,
    /// The value or key that is wrong; where something is missing, what it is missing from.
    pub origin: OriginId,
    /// What is wrong, as words that go on after the field's name.
    pub message: String,
    /// What to say at its place.
    pub label: String,
    /// What to do.
    pub help: Option<String>,
    /// What stands there, and what should.
    pub instead: Option<(String, String)>,
}

/// The kinds of mistakes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// The kind has no such field.
    Unknown,
    /// The kind needs a field that is not there.
    Missing,
    /// Another type of value is wanted.
    Type,
    /// The value is not one that is allowed.
    Value,
    /// Two items of a list are one.
    Double,
}

impl Fault {
    /// The id of its findings.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Fault::Unknown => "unknown-field",
            Fault::Missing => "missing-field",
            Fault::Type => "field-type",
            Fault::Value => "field-value",
            Fault::Double => "field-twice",
        }
    }
}

/// One step of a path.
#[derive(Clone, Copy, Debug)]
pub(super) enum Step<'a> {
    Key(&'a str),
    Index(usize),
}

/// A path as people write it.
pub(super) fn path(steps: &[Step<'_>]) -> String {
    let mut out = String::new();
    for step in steps {
        match step {
            Step::Index(at) => out.push_str(&format!("[{at}]")),
            Step::Key(key) if key.contains(['.', '/', '[']) => {
                out.push_str(&format!("[{key}]"));
            }
            Step::Key(key) => {
                if !out.is_empty() {
                    out.push('.');
                }
                out.push_str(key);
            }
        }
    }
    out
}
