//! Which branch of an `anyOf` was meant: the one that fits best is the one whose mistakes are told.

use super::words;
use jsonschema::ValidationError;
use jsonschema::error::ValidationErrorKind;
use serde_json::Value;

/// What to tell of a value that fits no branch.
pub(super) enum Meant<'e> {
    /// The mistakes of the branch that was meant.
    Branch(&'e [ValidationError<'static>]),
    /// It is of no kind that any branch takes.
    NoKind,
}

/// Picks the branch that was meant.
pub(super) fn meant<'e>(
    root: &Value,
    anyof: &Value,
    at: &str,
    context: &'e [Vec<ValidationError<'static>>],
) -> Meant<'e> {
    let list = anyof.as_array().map_or(&[][..], Vec::as_slice);
    let written = |index: usize| {
        list.get(index)
            .is_none_or(|branch| words::resolve(root, branch).get(words::MADE).is_none())
    };
    let candidates = context
        .iter()
        .enumerate()
        .filter(|(index, _)| written(*index))
        .map(|(_, errors)| errors);
    let best = candidates
        .filter(|errors| !errors.iter().any(|error| mismatch(error, at)))
        .min_by_key(|errors| {
            let strange = errors.iter().filter(|error| is_strange(error)).count();
            (strange, errors.len())
        });
    best.map_or(Meant::NoKind, |errors| Meant::Branch(errors))
}

/// Whether the value itself is of another kind than the branch takes.
fn mismatch(error: &ValidationError<'_>, at: &str) -> bool {
    if error.instance_path().as_str() != at {
        return false;
    }
    let kind = words::kind_of(error.instance());
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "all other verdicts are about values of the right kind"
    )]
    match error.kind() {
        ValidationErrorKind::Type { .. } => true,
        ValidationErrorKind::Constant { expected_value } => words::kind_of(expected_value) != kind,
        ValidationErrorKind::Enum { options } => options
            .as_array()
            .is_none_or(|options| !options.iter().any(|option| words::kind_of(option) == kind)),
        ValidationErrorKind::AnyOf { context } | ValidationErrorKind::OneOfNotValid { context } => {
            context
                .iter()
                .all(|errors| errors.iter().any(|error| mismatch(error, at)))
        }
        _ => false,
    }
}

/// Whether it says that the map is meant for something else.
fn is_strange(error: &ValidationError<'_>) -> bool {
    matches!(
        error.kind(),
        ValidationErrorKind::AdditionalProperties { .. } | ValidationErrorKind::Required { .. }
    )
}
