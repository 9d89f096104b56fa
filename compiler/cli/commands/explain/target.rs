//! What `explain` is asked for: a file of the output and a place in it.

use super::Problem;
use passes::emit::{self, Leaf};
use passes::explain::back;
use passes::resolve::Platform;
use std::path::{Component, Path};
use syntax::{Diagnostic, Node, Pointer};

/// A file of the output and the place asked for in it.
pub struct Target<'a> {
    /// The file, below the output folder.
    pub path: String,
    /// The document asked for: `KIND` or `KIND/NAME`.
    pub document: Option<&'a str>,
    /// The place in it: a pointer or a line.
    pub place: &'a str,
}

/// Takes `FILE[#KIND[/NAME]]:PLACE` apart; `None` where it names no file.
pub fn split<'a>(out: &Path, target: &'a str) -> Option<Target<'a>> {
    let (file, place) = match target.find(":/") {
        Some(at) => (target.get(..at)?, target.get(at + 1..)?),
        None => target
            .rsplit_once(':')
            .filter(|(_, line)| line.parse::<usize>().is_ok())
            .unwrap_or((target, "")),
    };
    let (file, document) = match file.split_once('#') {
        Some((file, document)) => (file, Some(document)),
        None => (file, None),
    };
    if !file.contains('/')
        && !Path::new(file)
            .extension()
            .is_some_and(|ending| ending == "yaml" || ending == "sh" || ending == "md")
    {
        return None;
    }
    let path = below(Path::new(file), out).unwrap_or_else(|| file.to_owned());
    Some(Target {
        path,
        document,
        place,
    })
}

/// A path below a folder, with `/`, both taken from the current folder.
pub fn below(path: &Path, folder: &Path) -> Option<String> {
    let plain = |path: &Path| -> Vec<String> {
        let here = std::env::current_dir().unwrap_or_default();
        let mut parts: Vec<String> = Vec::new();
        for part in here.join(path).components() {
            match part {
                Component::ParentDir => drop(parts.pop()),
                Component::Normal(name) => parts.push(name.to_string_lossy().into_owned()),
                Component::CurDir | Component::RootDir | Component::Prefix(_) => {}
            }
        }
        parts
    };
    let (path, folder) = (plain(path), plain(folder));
    path.strip_prefix(folder.as_slice())
        .map(|rest| rest.join("/"))
}

/// Which document, and which place in it.
pub fn locate(
    leaf: &Leaf,
    target: &Target<'_>,
    platform: &Platform,
) -> Result<(usize, Pointer), Problem> {
    let documents: &[Node] = match &leaf.content {
        model::object::Content::Yaml(documents) => documents,
        model::object::Content::Text { .. } | model::object::Content::Copied(_) => {
            return Ok((0, Pointer::root()));
        }
    };
    if let Ok(line) = target.place.parse::<usize>() {
        let files = emit::emit(platform, vec![leaf.clone()]);
        let text = files
            .first()
            .map(|file| String::from_utf8_lossy(&file.bytes).into_owned())
            .unwrap_or_default();
        return back::at_line(&leaf.path, &text, line).ok_or_else(|| {
            Box::new(Diagnostic::error(
                "no-such-value",
                format!("no value stands on line {line} of `{}`", leaf.path),
            ))
        });
    }
    let pointer = Pointer::parse(target.place).map_err(|problem| {
        Box::new(Diagnostic::error(
            "bad-pointer",
            format!("`{}`: {problem}", target.place),
        ))
    })?;
    let Some(wanted) = target.document else {
        if documents.len() > 1 && !pointer.is_root() {
            let holds = documents
                .iter()
                .position(|document| document.find(&pointer).is_some());
            return Ok((holds.unwrap_or(0), pointer));
        }
        return Ok((0, pointer));
    };
    named(documents, wanted, &leaf.path).map(|at| (at, pointer))
}

/// The document of a kind, and of a name where one is asked for.
fn named(documents: &[Node], wanted: &str, path: &str) -> Result<usize, Problem> {
    let (kind, name) = wanted
        .split_once('/')
        .map_or((wanted, None), |(kind, name)| (kind, Some(name)));
    let is = |document: &Node| {
        let title = document
            .str_at(&["kind"])
            .unwrap_or_else(|| document.str_at(&["version"]).unwrap_or_default());
        let called = document
            .str_at(&["name"])
            .or(document.str_at(&["metadata", "name"]));
        title == kind && name.is_none_or(|name| called == Some(name))
    };
    documents.iter().position(is).ok_or_else(|| {
        let kinds: Vec<&str> = documents
            .iter()
            .filter_map(|d| d.str_at(&["kind"]).or(d.str_at(&["version"])))
            .collect();
        Box::new(
            Diagnostic::error(
                "no-such-document",
                format!("`{}` holds no document `{wanted}`", path),
            )
            .help(format!("it holds: {}", kinds.join(", "))),
        )
    })
}

/// The longest start of a pointer that exists.
pub fn nearest_pointer(leaf: &Leaf, document: usize, pointer: &Pointer) -> String {
    let model::object::Content::Yaml(documents) = &leaf.content else {
        return "/".to_owned();
    };
    let Some(root) = documents.get(document) else {
        return "/".to_owned();
    };
    let mut pointer = pointer.clone();
    while root.find(&pointer).is_none() && pointer.pop().is_some() {}
    let shown = pointer.to_string();
    if shown.is_empty() {
        "/".to_owned()
    } else {
        shown
    }
}
