//! Tabs, and lines whose indentation fits nothing above them.

use super::{Context, Explained, indent, spaces};
use crate::diagnostic::Diagnostic;
use granit_parser::ErrorKind;

pub(super) fn explain(context: &Context<'_>, kind: &ErrorKind, at: usize) -> Option<Explained> {
    match kind {
        ErrorKind::TabInPlainScalar
        | ErrorKind::TabInIndentation
        | ErrorKind::TabInBlockIndentation
        | ErrorKind::TabNotAllowed
        | ErrorKind::TabAtBlockScalarStart => Some(tab(context, at)),
        ErrorKind::ExpectedBlockMappingKey => Some(key(context, at)),
        ErrorKind::ExpectedBlockSequenceEntry => Some(item(context, at)),
        ErrorKind::InvalidIndentation
        | ErrorKind::InvalidFlowScalarIndent
        | ErrorKind::InvalidBlockScalarIndent => Some(unfit(context, at)),
        _ => tabbed(context, at).then(|| tab(context, at)),
    }
}

/// Whether the line of a place begins with a tab: whatever else is said, this is the reason.
fn tabbed(context: &Context<'_>, at: usize) -> bool {
    let line = context.line(at);
    context.open.is_empty()
        && line
            .get(..indent(line))
            .is_some_and(|blank| blank.contains('\t'))
}

/// The tab to blame: the first one in an indentation from here on, else the first one at all.
fn tab(context: &Context<'_>, at: usize) -> Explained {
    let mut start = context.line_start(at);
    let mut found = None;
    for line in context.rest(start).split_inclusive('\n') {
        let blank = indent(line);
        if line.get(..blank).is_some_and(|blank| blank.contains('\t')) && !line.trim().is_empty() {
            found = Some((start, blank));
            break;
        }
        if start > at && !line.trim().is_empty() {
            break;
        }
        start += line.len();
    }
    let Some((start, blank)) = found else {
        let tab = context.rest(at).find('\t').map_or(at, |found| at + found);
        let finding = Diagnostic::error("syntax", "a tab can't stand here");
        let mut explained = context.blame(finding, tab, "a tab");
        explained.finding = explained.finding.help("use spaces");
        return explained;
    };
    let before = context.between(start, start + blank);
    let tab = start + before.find('\t').unwrap_or(0);
    let finding = Diagnostic::error("syntax", "tabs can't indent");
    let mut explained = context.blame(finding, tab, "a tab");
    explained.finding = explained.finding.help("indent with spaces").fix(
        context.span(start, start + blank),
        before.replace('\t', "  "),
    );
    explained
}

/// A line among the keys of a map that is none of them.
fn key(context: &Context<'_>, at: usize) -> Explained {
    let line = context.line(at);
    let start = context.line_start(at);
    let said = line.trim_start();
    if said.starts_with("- ") || said == "-" {
        let dash = start + indent(line);
        let finding =
            Diagnostic::error("syntax", "a list item can't stand among the keys of a map");
        let mut explained = context.blame(finding, dash, "this item");
        explained.finding = explained
            .finding
            .help("indent it below the key whose list it is, which must have no other value");
        return explained;
    }
    unfit(context, at)
}

/// A line among the items of a list that is none of them.
fn item(context: &Context<'_>, at: usize) -> Explained {
    let start = context.line_start(at);
    let said = start + indent(context.line(at));
    if !above(context, start, said - start).contains(&(said - start)) {
        return unfit(context, at);
    }
    let finding = Diagnostic::error("syntax", "a key can't stand among the items of a list")
        .at(context.word(said), "expected `- ` or less indentation");
    Explained {
        finding: finding.help(
            "begin it with `- ` to make it an item, or indent it like the key it belongs beside",
        ),
        culprit: said,
    }
}

/// An indentation that no line above has.
pub(super) fn unfit(context: &Context<'_>, at: usize) -> Explained {
    let start = context.line_start(at);
    let here = indent(context.line(at));
    let said = start + here;
    let above = above(context, start, here);
    if above.contains(&here) {
        let finding = Diagnostic::error("syntax", "this line is no `key: value`");
        let mut explained = context.blame(finding, at, "expected a key");
        explained.finding = explained.finding.help(
            "write `key: value`; to go on with the text above, indent the line more than its key",
        );
        return explained;
    }
    let finding = Diagnostic::error("syntax", "this line is indented like nothing above it");
    let finding = finding.at(context.word(said), format!("{} before it", spaces(here)));
    let wanted: Vec<String> = above.iter().map(usize::to_string).collect();
    let finding = match wanted.as_slice() {
        [] => finding,
        [one] => finding.help(format!(
            "indent it by {one} like the line it belongs beside"
        )),
        [most @ .., last] => finding.help(format!(
            "indent it by {} or {last}, like the line it belongs beside",
            most.join(", ")
        )),
    };
    Explained {
        finding,
        culprit: said,
    }
}

/// The indentations that are open above a line, the outermost first.
fn above(context: &Context<'_>, start: usize, here: usize) -> Vec<usize> {
    let mut open: Vec<usize> = Vec::new();
    let mut at = start;
    while let Some(line) = context.line_before(at) {
        let text = context.line(line);
        let blank = indent(text);
        // What stands behind a dash is indented by the dash, too.
        let behind = text.trim_start().strip_prefix("- ").map(str::trim_start);
        for column in behind
            .map(|said| text.len() - said.len())
            .into_iter()
            .chain([blank])
        {
            if open.last().is_none_or(|inner| column < *inner) {
                open.push(column);
            }
        }
        if blank <= context.column || (open.len() > 8 && blank < here) {
            break;
        }
        at = line;
    }
    open.reverse();
    open
}
