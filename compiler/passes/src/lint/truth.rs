//! What is found beside the rules: the truths of the graph, each with its page.

use crate::rules::{self, Group, Page};

/// Something that is found.
#[derive(Debug)]
pub struct Truth {
    /// Its id in words.
    pub id: &'static str,
    /// Its manual page, in Markdown.
    pub page: &'static str,
}

impl Truth {
    /// Its page, read.
    #[must_use]
    pub fn page(&self) -> Page<'static> {
        Page::read(self.page)
    }
}

macro_rules! truths {
    ($($id:literal)*) => {
        &[$(Truth { id: $id, page: include_str!(concat!("pages/", $id, ".md")) }),*]
    };
}

/// Every truth, by id.
pub const TRUTHS: &[Truth] = truths! {
    "custom-resource-before-its-definition"
    "dangling-dependency"
    "dependency-cycle"
    "duplicate-route"
    "no-such-path"
    "two-owners"
    "undefined-substitution"
    "unreferenced-file"
    "wrong-source"
};

/// What is found of schemas.
const SCHEMA: [&str; 7] = [
    "field-twice",
    "field-type",
    "field-value",
    "missing-field",
    "unknown-field",
    "unknown-kind",
    "unknown-version",
];

/// A truth by its id.
#[must_use]
pub fn find(id: &str) -> Option<&'static Truth> {
    TRUTHS.iter().find(|truth| truth.id == id)
}

/// The word for the group of a finding that no rule makes.
#[must_use]
pub fn group(id: &str) -> Option<&'static str> {
    match id {
        _ if rules::find(id).is_some() => None,
        _ if find(id).is_some() => Some(Group::Graph.word()),
        "exception-without-reason" => Some(Group::Rules.word()),
        _ => SCHEMA.contains(&id).then_some("schema"),
    }
}
