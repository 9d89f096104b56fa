//! What differs between two texts, for people: how many lines, and the first of them.

use super::mask;
use similar::{ChangeTag, TextDiff};

/// Lines of a diff that are kept.
const SHOWN: usize = 40;

/// A changed text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Prose {
    /// Lines that came.
    pub added: usize,
    /// Lines that went.
    pub removed: usize,
    /// The changed lines with `+` and `-` and a little around them, secrets masked; its first lines where it is long.
    pub diff: String,
    /// Lines of the diff that are left out.
    pub more: usize,
}

/// What differs between two texts; `None` where nothing does.
pub(super) fn differ(old: &str, new: &str) -> Option<Prose> {
    if old == new {
        return None;
    }
    let diff = TextDiff::from_lines(old, new);
    let count = |tag| {
        diff.iter_all_changes()
            .filter(|change| change.tag() == tag)
            .count()
    };
    let (added, removed) = (count(ChangeTag::Insert), count(ChangeTag::Delete));
    let unified = syntax::diff::text(old, new, "old", "new");
    let lines: Vec<&str> = unified.lines().skip(2).collect();
    let more = lines.len().saturating_sub(SHOWN);
    let head: Vec<&str> = lines.into_iter().take(SHOWN).collect();
    let whole = mask::block(old) || mask::block(new);
    let diff = match whole {
        true => super::MASKED.to_owned(),
        false => mask::text(&head.join("\n")).to_string(),
    };
    Some(Prose {
        added,
        removed,
        diff,
        more,
    })
}
