//! Encrypted comments: they are outside the MAC, but a new data key must not lose them.

use crate::cipher::{self, DataKey, Type};
use crate::error::Error;
use crate::sealed::Sealed;
use crate::text::{Edit, at};
use std::collections::BTreeSet;

/// Encrypts every comment that the old key opens with the new one.
///
/// A comment is bound to the map or list it stands in. Which one that is depends on a reader's taste, so all are tried:
/// the cipher tells. One that opens nowhere stays as it is; sops shows such a comment as it stands.
pub(crate) fn resealed(sealed: &Sealed, old: &DataKey, new: &DataKey) -> Result<Vec<Edit>, Error> {
    let mut edits = Vec::new();
    let mut places: Option<BTreeSet<String>> = None;
    for comment in &sealed.comments {
        let stretch = comment.span.start as usize + 1..comment.span.end as usize;
        let text = at(&sealed.text, stretch.clone());
        if !cipher::is_sealed(text) {
            continue;
        }
        let places = places.get_or_insert_with(|| all(sealed));
        let opened = places
            .iter()
            .find_map(|place| Some((place, old.open(text, place)?)));
        if let Some((place, plain)) = opened {
            edits.push((
                stretch,
                new.seal(plain.value.expose(), Type::Comment, place)?,
            ));
        }
    }
    Ok(edits)
}

/// Every place that a comment may be bound to.
fn all(sealed: &Sealed) -> BTreeSet<String> {
    let paths = sealed.leaves.iter().map(|leaf| &leaf.path);
    let prefixes = paths.flat_map(|path| (0..=path.len()).filter_map(|end| path.get(..end)));
    prefixes.map(cipher::place).collect()
}
