//! A rule's page as formats carry it.

use passes::rules::Rule;
use std::fmt::Write;

/// The page in Markdown, without its examples.
pub(super) fn markdown(rule: &Rule) -> String {
    let page = rule.page();
    let mut text = page.about.to_owned();
    for (heading, part) in [
        ("Why", page.why),
        ("Fix", page.fix),
        ("Source", page.source),
    ] {
        let _ = write!(text, "\n\n## {heading}\n\n{part}");
    }
    text
}

/// The page in words.
pub(super) fn plain(rule: &Rule) -> String {
    let page = rule.page();
    format!(
        "{}\n\nWhy: {}\n\nFix: {}\n\nSource: {}",
        page.about, page.why, page.fix, page.source
    )
}

/// Where the page is published: in the repository, as it was when this version was made.
pub(super) fn address(rule: &Rule) -> String {
    format!(
        "{}/blob/v{}/compiler/passes/src/rules/{}/{}.md",
        env!("CARGO_PKG_REPOSITORY"),
        env!("CARGO_PKG_VERSION"),
        rule.group.word(),
        rule.id
    )
}
