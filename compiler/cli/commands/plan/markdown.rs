//! For a comment on a pull request: effects first, each group folded, and always below what such a comment may have.

use super::{Shown, words};
use passes::plan::{Change, Counts, Field, Group, Plan, Verb};
use std::fmt::Write;
use syntax::Text;

/// Bytes that a plan stays below. GitHub refuses comments of more than 65,536 characters, and people add to them.
const CAP: usize = 60_000;
/// Bytes for what is said at the end of a plan that is cut.
const TAIL: usize = 400;
/// Bytes for the effects.
const EFFECTS: usize = 16_000;
/// Bytes for clusters that come or go.
const WHOLE: usize = 6_000;
/// Lines of one value.
const BLOCK: usize = 30;
/// Characters of one line.
const WIDEST: usize = 300;
/// Names of clusters in one line.
const NAMES: usize = 10;
/// Things that one effect is told of.
const SUBJECTS: usize = 12;

/// A plan as a comment.
pub fn render(shown: &Shown<'_>) -> String {
    let plan = shown.plan;
    let summary = words::summary(plan);
    let mut page = format!(
        "### Plan of {}: {}\n\n",
        code(shown.platform),
        escape(&summary)
    );
    let base = words::cut(&words::base(shown.base), WIDEST);
    let _ = writeln!(page, "Compared with {}.", escape(&base));
    if plan.is_empty() {
        return page;
    }
    page.push_str(&effects(plan));
    page.push_str(&whole(plan));
    let mut left = Counts::default();
    let mut groups = 0;
    for group in &plan.groups {
        let room = CAP.saturating_sub(page.len() + TAIL);
        let fits = |text: &String| text.len() <= room;
        let full = Some(self::group(shown, group, true)).filter(fits);
        // Without its values, if that helps.
        let short = || Some(self::group(shown, group, false)).filter(fits);
        match full.or_else(short) {
            Some(text) => page.push_str(&text),
            None => {
                groups += 1;
                left.add(Counts::of(&group.changes));
            }
        }
    }
    if groups > 0 {
        let (groups, changes) = (words::plural(groups, "group"), left.objects() + left.files);
        let changes = words::plural(changes, "more change");
        let _ = writeln!(
            page,
            "\nand {changes} in {groups}: `formwork plan` shows them all."
        );
    }
    page
}

/// What the changes do, as a table.
fn effects(plan: &Plan) -> String {
    let mut rows = String::new();
    let mut left = 0;
    for line in words::effects(plan) {
        let subjects = words::list(&line.subjects, SUBJECTS);
        let (text, class) = (line.text, line.class.word());
        let text = escape(&words::cut(&format!("{text}: {subjects}"), WIDEST));
        let clusters = match line.clusters.len() {
            count if count == plan.clusters && count > NAMES => format!("all {count}"),
            _ => escape(&words::list(line.clusters, NAMES)),
        };
        let row = format!("| {class} | {text} | {clusters} |\n");
        if rows.len() + row.len() > EFFECTS {
            left += 1;
        } else {
            rows.push_str(&row);
        }
    }
    if rows.is_empty() {
        return rows;
    }
    let more = match left {
        0 => String::new(),
        left => format!("\nand {}\n", words::plural(left, "more effect")),
    };
    format!("\n| effect | what happens | clusters |\n|---|---|---|\n{rows}{more}")
}

/// Clusters that come or go as a whole.
fn whole(plan: &Plan) -> String {
    let mut text = String::new();
    for (list, verb) in [
        (&plan.added, "is new"),
        (&plan.removed, "is no longer described"),
    ] {
        let mut left = 0;
        if !list.is_empty() {
            text.push('\n');
        }
        for (name, counts) in list {
            let objects = words::plural(counts.objects(), "object");
            let line = format!("- cluster {} {verb}: {objects}\n", code(name));
            match text.len() + line.len() > WHOLE {
                true => left += 1,
                false => text.push_str(&line),
            }
        }
        if left > 0 {
            let _ = writeln!(text, "- and {}", words::plural(left, "more cluster"));
        }
    }
    text
}

/// The changes that the same clusters have, folded.
fn group(shown: &Shown<'_>, group: &Group, with_values: bool) -> String {
    let counts = words::counts(Counts::of(&group.changes));
    let clusters = words::clusters(&group.clusters, shown.plan, NAMES);
    let title = html(&format!("{clusters}: {counts}"));
    let mut text = format!("\n<details><summary>{title}</summary>\n");
    let (derived, own): (Vec<&Change>, Vec<&Change>) = group
        .changes
        .iter()
        .partition(|change| change.subject.is_derived());
    for unit in own.chunk_by(|a, b| a.unit == b.unit) {
        let name = unit.first().map_or("", |change| change.unit.as_str());
        let counts = words::counts(Counts::of(unit.iter().copied()));
        let _ = writeln!(text, "\n**{}**: {counts}\n", escape(name));
        let mut lines = String::new();
        for change in unit {
            self::change(&mut lines, shown, change, &group.clusters, with_values);
        }
        let fence = fence(&lines);
        let _ = write!(text, "{fence}diff\n{lines}{fence}\n");
    }
    if !derived.is_empty() {
        let names = derived
            .iter()
            .map(|change| words::subject(change, &group.clusters).into());
        let names = words::list(&names.collect::<Vec<Text>>(), NAMES);
        let _ = writeln!(
            text,
            "\nAlso rewritten: {}",
            escape(&words::cut(&names, WIDEST))
        );
    }
    text.push_str("\n</details>\n");
    text
}

fn change(
    lines: &mut String,
    shown: &Shown<'_>,
    change: &Change,
    clusters: &[Text],
    with_values: bool,
) {
    // What changed or stays has the sign that GitHub colours neither red nor green.
    let sign = match change.verb {
        Verb::Added => '+',
        Verb::Removed => '-',
        Verb::Changed | Verb::Orphaned => '!',
    };
    let mut line = format!("{sign} {}", words::subject(change, clusters));
    let remarks = words::remarks(change);
    if !remarks.is_empty() {
        let _ = write!(line, ": {remarks}");
    }
    put(lines, &line, &words::because(&change.because, shown.base));
    if !with_values {
        return;
    }
    for field in &change.fields {
        let because = words::because(&field.because, shown.base);
        self::field(lines, field, &because);
    }
    for line in change.prose.iter().flat_map(|prose| prose.diff.lines()) {
        put(lines, line, "");
    }
}

/// A field as lines that went and lines that came.
fn field(lines: &mut String, field: &Field, because: &str) {
    let path = field.path();
    if let Some(changed) = words::lines(field, BLOCK) {
        put(lines, &format!("!   {path}:"), because);
        for line in changed {
            put(lines, &line, "");
        }
        return;
    }
    for (value, sign, last) in [
        (&field.old, '-', field.new.is_none()),
        (&field.new, '+', true),
    ] {
        let Some(value) = value else { continue };
        let because = if last { because } else { "" };
        match words::flow(value).filter(|text| text.len() <= WIDEST) {
            Some(text) => put(lines, &format!("{sign}   {path}: {text}"), because),
            None => {
                put(lines, &format!("{sign}   {path}:"), because);
                for line in words::block(value, BLOCK) {
                    put(lines, &format!("{sign}     {line}"), "");
                }
            }
        }
    }
}

fn put(lines: &mut String, line: &str, because: &str) {
    lines.push_str(&words::cut(line, WIDEST));
    if !because.is_empty() {
        let _ = write!(lines, "  # {}", because);
    }
    lines.push('\n');
}

/// A fence that no line of a text can close.
fn fence(text: &str) -> String {
    let runs = text.split(|c| c != '`').map(str::len);
    "`".repeat(runs.max().unwrap_or(0).max(2) + 1)
}

/// Text that Markdown takes literally, in a table too.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\r' => escaped.push(' '),
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '\\' | '`' | '|' | '*' | '_' | '[' | ']' | '~' | '#' => {
                escaped.push('\\');
                escaped.push(c);
            }
            c => escaped.push(c),
        }
    }
    escaped
}

/// A short text as code.
fn code(text: &str) -> String {
    match text.contains(['`', '|', '\n']) {
        true => escape(text),
        false => format!("`{text}`"),
    }
}

fn html(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace(['\n', '\r'], " ")
}

#[cfg(test)]
mod tests {
    use super::super::base::Base;
    use super::*;
    use model::object::Content;
    use passes::emit::Leaf;
    use passes::plan::{Collapse, Side, Touched, compare};
    use syntax::{Node, OriginId, Origins, Sources};

    /// A cluster with one file that says this.
    fn leaf(text: &str) -> Leaf {
        let text = Node::string(text, OriginId::default());
        let node = Node::from_entries([("says", text)], OriginId::default());
        Leaf {
            path: "kind/x/file.yaml".to_owned(),
            content: Content::Yaml(vec![node]),
            because: OriginId::default(),
        }
    }

    fn page(cells: &[(String, String, String)]) -> String {
        let (origins, sources, touched) =
            (Origins::default(), Sources::default(), Touched::default());
        let mut collapse = Collapse::default();
        for (cluster, old, new) in cells {
            let (old, new) = ([leaf(old)], [leaf(new)]);
            let side = |leaves| Side {
                leaves,
                origins: &origins,
                sources: &sources,
                touched: &touched,
            };
            collapse.cell(cluster, compare(&side(&old), &side(&new)));
        }
        render(&Shown {
            plan: &collapse.finish(),
            platform: "p",
            base: &Base::Nothing {
                why: "a test".to_owned(),
            },
        })
    }

    fn whole(page: &str) {
        assert!(page.len() < CAP, "{} bytes", page.len());
        let mut open: Option<&str> = None;
        for line in page.lines() {
            let fence = line.trim_end_matches("diff");
            let is_fence = fence.len() > 2 && fence.chars().all(|c| c == '`');
            match open {
                Some(opened) if is_fence && fence.len() >= opened.len() => open = None,
                None if is_fence => open = Some(fence),
                Some(_) | None => {}
            }
        }
        assert_eq!(open, None, "a fence is open at the end");
        let count = |text| page.matches(text).count();
        assert_eq!(count("<details>"), count("</details>"));
    }

    #[test]
    fn three_hundred_clusters_of_their_own_stay_below_the_cap() {
        let cell = |at: usize| {
            let lines = format!("line {at}\n").repeat(20);
            (
                format!("store-{at:03}"),
                lines.clone(),
                lines.replace("line", "other"),
            )
        };
        let page = page(&(0..300).map(cell).collect::<Vec<_>>());
        whole(&page);
        assert!(
            page.len() > CAP / 2,
            "{} bytes: nothing was cut",
            page.len()
        );
        assert!(
            page.contains("300 other files in all 300 clusters"),
            "{page}"
        );
        let last = page.lines().last().unwrap_or_default();
        assert!(
            last.starts_with("and ") && last.ends_with("`formwork plan` shows them all."),
            "{last}"
        );
    }

    #[test]
    fn a_group_that_is_too_large_keeps_its_names() {
        let cells = |cluster: &str, size: usize| {
            let text = "x".repeat(200) + "\n";
            (
                cluster.to_owned(),
                text.repeat(size),
                text.replace('x', "y").repeat(size),
            )
        };
        let mut all = vec![cells("one", 20)];
        all.extend((0..40).map(|at| cells(&format!("c{at}"), 25 + at)));
        let page = page(&all);
        whole(&page);
        assert!(page.contains("! kind/c39/file.yaml\n```"), "{page}");
    }

    #[test]
    fn what_markdown_would_read_is_taken_literally() {
        let odd = "```\n<i> | `x` <b> **y**".to_owned();
        let page = page(&[("a".to_owned(), "z".to_owned(), odd)]);
        whole(&page);
        assert!(page.contains("````diff\n"), "{page}");
        assert_eq!(escape("a|b`c`<d>\n*e*"), "a\\|b\\`c\\`&lt;d&gt; \\*e\\*");
    }
}
