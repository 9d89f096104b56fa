//! Edits of a sealed text: one value's own lines, and no other byte.

use crate::error::Error;
use crate::leaf::{BLOCK, shown};
use crate::print;
use crate::sealed::Sealed;
use crate::text::{Edit, Stretch, at, column, edited, line_break, line_end, line_start, stretch};
use syntax::{Entry, Kind, Node};

/// The text with `written` as the value at a path.
pub(crate) fn set(sealed: &Sealed, path: &[&str], written: &str) -> Result<String, Error> {
    let no_value = || Error::NoValue { path: shown(path) };
    let mut node = &sealed.root;
    // What is there of the path: the entry that leads to `node`.
    let mut parent: Option<&Entry> = None;
    let mut rest = path.iter();
    while let Some(key) = rest.as_slice().first() {
        if node.is_null() {
            break;
        }
        let map = node.as_map().ok_or_else(no_value)?;
        block_style(sealed, node)?;
        let Some(entry) = map.entry(key) else { break };
        (node, parent) = (&entry.value, Some(entry));
        rest.next();
    }
    let missing = rest.as_slice();
    let edit = match (missing, parent) {
        ([], _) => replace(sealed, node, written).ok_or_else(no_value)?,
        (missing, None) => first_level(sealed, missing, written)?,
        (missing, Some(parent)) => below(sealed, parent, missing, written)?,
    };
    edited(&sealed.text, vec![edit])
}

/// A value in the place of another.
fn replace(sealed: &Sealed, node: &Node, written: &str) -> Option<Edit> {
    let is_value = match node.kind() {
        Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) => true,
        Kind::List(_) | Kind::Map(_) => false,
    };
    let place = stretch(&sealed.origins, node.origin())
        .ok()
        .filter(|_| is_value)?;
    // Where nothing is written, the place is right behind the colon.
    let space = if place.is_empty() { " " } else { "" };
    Some((place, format!("{space}{written}")))
}

/// A new key of the document: before the `sops` block, which stays the last.
fn first_level(sealed: &Sealed, missing: &[&str], written: &str) -> Result<Edit, Error> {
    let block = sealed.root.as_map().and_then(|map| map.entry(BLOCK));
    let block = block.ok_or(Error::NotSealed)?;
    let place = line_start(
        &sealed.text,
        stretch(&sealed.origins, block.key_origin)?.start,
    );
    let lines = lines(sealed, missing, 0, written);
    let end = line_break(&sealed.text);
    Ok((place..place, format!("{lines}{end}")))
}

/// A new key below an entry that is there.
fn below(sealed: &Sealed, parent: &Entry, missing: &[&str], written: &str) -> Result<Edit, Error> {
    let (text, origins) = (sealed.text.as_str(), &sealed.origins);
    let end = line_break(text);
    if let Some(last) = parent.value.entries().last() {
        let first = parent.value.entries().first().unwrap_or(last);
        let indent = column(text, stretch(origins, first.key_origin)?.start);
        let place = line_end(text, stretch(origins, last.value.origin())?.end);
        let lines = lines(sealed, missing, indent, written);
        return Ok((place..place, format!("{end}{lines}")));
    }
    // An empty map, or nothing at all: the lines take its place behind the colon.
    let key = stretch(origins, parent.key_origin)?;
    let value = stretch(origins, parent.value.origin())?;
    let indent = column(text, key.start) + sealed.meta.step;
    let place = colon(text, &key)?..value.end;
    let lines = lines(sealed, missing, indent, written);
    Ok((place, format!("{end}{lines}")))
}

/// The lines of a value below keys that aren't there yet, without the last line break.
fn lines(sealed: &Sealed, keys: &[&str], indent: usize, written: &str) -> String {
    let end = line_break(&sealed.text);
    let line = |(depth, key): (usize, &&str)| {
        let blank = " ".repeat(indent + depth * sealed.meta.step);
        format!("{blank}{}:", print::key(key))
    };
    let lines: Vec<String> = keys.iter().enumerate().map(line).collect();
    format!("{} {written}", lines.join(end))
}

/// The text without the entry at a path; none where there is no such entry.
pub(crate) fn remove(sealed: &Sealed, path: &[&str]) -> Result<Option<String>, Error> {
    let (text, origins) = (sealed.text.as_str(), &sealed.origins);
    let Some((key, above)) = path.split_last() else {
        return Ok(None);
    };
    let Some(map) = sealed.root.at(above) else {
        return Ok(None);
    };
    let Some(entry) = map.as_map().and_then(|map| map.entry(key)) else {
        return Ok(None);
    };
    for depth in 0..path.len() {
        let map = path.get(..depth).and_then(|above| sealed.root.at(above));
        map.map_or(Ok(()), |map| block_style(sealed, map))?;
    }
    let start = line_start(text, stretch(origins, entry.key_origin)?.start);
    let end = line_end(text, stretch(origins, entry.value.origin())?.end);
    let behind = end + line_break_at(text, end);
    let alone = map.entries().len() == 1;
    let parent = above.split_last().filter(|_| alone);
    let edits = match parent.and_then(|(key, above)| sealed.root.at(above)?.as_map()?.entry(key)) {
        None => vec![(start..behind, String::new())],
        // The last one leaves an empty map behind, as sops does; comments in it go too.
        Some(parent) => {
            let colon = colon(text, &stretch(origins, parent.key_origin)?)?;
            let first = line_end(text, colon);
            let first = first + line_break_at(text, first);
            vec![
                (colon..colon, " {}".to_owned()),
                (first.min(start)..behind, String::new()),
            ]
        }
    };
    edited(text, edits).map(Some)
}

fn line_break_at(text: &str, place: usize) -> usize {
    let rest = at(text, place..text.len());
    if rest.starts_with("\r\n") {
        2
    } else {
        usize::from(rest.starts_with('\n'))
    }
}

/// The place behind the colon of a key.
fn colon(text: &str, key: &Stretch) -> Result<usize, Error> {
    let rest = at(text, key.end..text.len());
    let blank = rest.len() - rest.trim_start_matches([' ', '\t']).len();
    if at(rest, blank..blank + 1) == ":" {
        Ok(key.end + blank + 1)
    } else {
        Err(Error::unsupported("editing a key that is written with `?`"))
    }
}

/// Refuses what isn't written one key a line.
fn block_style(sealed: &Sealed, map: &Node) -> Result<(), Error> {
    let (text, origins) = (sealed.text.as_str(), &sealed.origins);
    let refusal = || Error::unsupported("editing what isn't written one key a line");
    for entry in map.entries() {
        let key = stretch(origins, entry.key_origin)?.start;
        let before = at(text, line_start(text, key)..key);
        if !before.bytes().all(|byte| byte == b' ') {
            return Err(refusal());
        }
    }
    let braces = at(text, stretch(origins, map.origin())?).starts_with('{');
    if braces && !map.entries().is_empty() {
        return Err(refusal());
    }
    Ok(())
}
