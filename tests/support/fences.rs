//! The fenced blocks of the documents, each with its page, line and what is written behind the fence.

use super::{files, root};

/// A fenced block.
pub(crate) struct Fence {
    /// The page, from the top of the repository.
    pub(crate) page: String,
    /// The line of its fence.
    pub(crate) line: usize,
    /// What is written behind the fence: a language, and what tests make of the block.
    pub(crate) info: String,
    /// What is in it.
    pub(crate) text: String,
}

impl Fence {
    /// Its place, for a finding.
    pub(crate) fn place(&self) -> String {
        format!("{}:{}", self.page, self.line)
    }
}

/// The blocks of the README and of every page below `docs/`.
pub(crate) fn all() -> Vec<Fence> {
    let pages = files(&root().join("docs"));
    let pages = pages.keys().filter(|page| page.ends_with(".md"));
    let pages = pages.map(|page| format!("docs/{page}"));
    std::iter::once("README.md".to_owned())
        .chain(pages)
        .flat_map(|page| of(&page))
        .collect()
}

/// The blocks of a page.
pub(crate) fn of(page: &str) -> Vec<Fence> {
    let text = std::fs::read_to_string(root().join(page)).expect(page);
    let mut fences = Vec::new();
    let mut open: Option<Fence> = None;
    for (index, line) in text.lines().enumerate() {
        match (&mut open, line.strip_prefix("```")) {
            (None, Some(info)) => {
                open = Some(Fence {
                    page: page.to_owned(),
                    line: index + 1,
                    info: info.trim().to_owned(),
                    text: String::new(),
                });
            }
            (Some(_), Some("")) => fences.extend(open.take()),
            (Some(fence), _) => {
                fence.text.push_str(line);
                fence.text.push('\n');
            }
            (None, None) => {}
        }
    }
    fences
}
