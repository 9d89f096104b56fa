//! What every format says in the same words: sums, clusters, values, places.

use super::base::Base;
use passes::plan::{CIPHERTEXT, CLUSTER, Change, Class, Counts, Field, MASKED, Place, Plan, Verb};
use std::collections::BTreeSet;
use syntax::{Kind, Node, Text};

/// Digits of a commit's number that are shown.
const SHORT: usize = 9;

/// `3 added, 1 changed, 2 files`; empty where there is nothing.
pub fn counts(counts: Counts) -> String {
    let mut said = objects(counts, "");
    if counts.files > 0 {
        said.push(plural(counts.files, "file"));
    }
    said.join(", ")
}

/// How many objects, by what happens to them, the first with a noun.
fn objects(counts: Counts, noun: &str) -> Vec<String> {
    let parts = [
        (counts.added, "added"),
        (counts.changed, "changed"),
        (counts.removed, "removed"),
        (counts.orphaned, "orphaned"),
    ];
    let parts = parts.into_iter().filter(|(count, _)| *count > 0);
    let one = |(at, (count, word)): (usize, (usize, &str))| match noun {
        noun if at == 0 && !noun.is_empty() => format!("{} {word}", plural(count, noun)),
        _ => format!("{count} {word}"),
    };
    parts.enumerate().map(one).collect()
}

/// The whole plan in a line: `3 objects added, 1 changed in 2 of 3 clusters`.
pub fn summary(plan: &Plan) -> String {
    if plan.is_empty() {
        return "no changes".to_owned();
    }
    let (touched, all) = (plan.touched, plan.clusters);
    let clusters = match (touched, all) {
        (1, 1) => "in the only cluster".to_owned(),
        (2, 2) => "in both clusters".to_owned(),
        (touched, all) if touched == all => format!("in all {all} clusters"),
        (touched, all) => format!("in {touched} of {all} clusters"),
    };
    let mut said = objects(plan.counts, "object");
    if plan.counts.files > 0 {
        said.push(plural(plan.counts.files, "other file"));
    }
    format!("{} {clusters}", said.join(", "))
}

/// `1 line`, `2 lines`.
pub fn plural(count: usize, word: &str) -> String {
    let s = if count == 1 { "" } else { "s" };
    format!("{count} {word}{s}")
}

/// What the plan is made against.
pub fn base(base: &Base) -> String {
    match base {
        Base::Commit(commit) => {
            let id: String = commit.id.chars().take(SHORT).collect();
            match commit.is_merge_base {
                true => format!("{id}, where HEAD left {}", commit.name),
                false if commit.id == commit.name => id,
                false => format!("{} ({id})", commit.name),
            }
        }
        Base::Folder { path, .. } => format!("the files in {}", path.display()),
        Base::Nothing { why } => format!("nothing: {why}, so all is new"),
    }
}

/// `in prod`, `in all 12 clusters`, `in 12 clusters: a, b, c and 9 more`.
pub fn clusters(names: &[Text], plan: &Plan, most: usize) -> String {
    match names {
        [] => "outside of the clusters".to_owned(),
        [name] if name.is_empty() => "outside of the clusters".to_owned(),
        [name] => format!("in {name}"),
        names if names.len() == plan.clusters && names.len() > most => {
            format!("in all {} clusters", names.len())
        }
        names => format!("in {} clusters: {}", names.len(), list(names, most)),
    }
}

/// `a, b, c and 9 more`.
pub fn list(names: &[Text], most: usize) -> String {
    let more = names.len().saturating_sub(most);
    let shown: Vec<&str> = names.iter().take(most).map(Text::as_str).collect();
    match more {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

/// What a change is about, with the name of its cluster where there is only one.
pub fn subject(change: &Change, clusters: &[Text]) -> String {
    let text = change.subject.to_string();
    match clusters {
        [cluster] => text.replace(CLUSTER, cluster),
        _ => text,
    }
}

/// The sign of a change.
pub fn sign(verb: Verb) -> char {
    match verb {
        Verb::Added => '+',
        Verb::Changed => '~',
        Verb::Removed => '-',
        Verb::Orphaned => '!',
    }
}

/// The places that decide: `platform.yaml:27, 31`; those of a base revision with its name before them.
pub fn because(places: &BTreeSet<Place>, base: &Base) -> String {
    let mut text = String::new();
    let mut last: Option<&Place> = None;
    for place in places {
        let same = last.is_some_and(|last| (&last.file, last.old) == (&place.file, place.old));
        match (last, same) {
            (Some(_), true) => text.push_str(&format!(", {}", place.line)),
            (Some(_), false) => text.push_str(&format!(", {}", self::place(place, base))),
            (None, _) => text.push_str(&self::place(place, base)),
        }
        last = Some(place);
    }
    text
}

/// One place, as `platform.yaml:27`.
pub fn place(place: &Place, base: &Base) -> String {
    let here = format!("{}:{}", place.file, place.line);
    match base {
        Base::Commit(commit) if place.old && !place.file.starts_with('<') => {
            format!("{}:{here}", commit.name)
        }
        Base::Commit(_) | Base::Folder { .. } | Base::Nothing { .. } => here,
    }
}

/// An effect on several things in the same clusters, in one line each.
#[derive(Debug)]
pub struct Line<'a> {
    /// What kind of effect it is.
    pub class: Class,
    /// What happens.
    pub text: &'static str,
    /// To what.
    pub subjects: Vec<Text>,
    /// Where.
    pub clusters: &'a [Text],
}

/// The effects of a plan, those of one kind in the same clusters in one line.
pub fn effects(plan: &Plan) -> Vec<Line<'_>> {
    let mut lines: Vec<Line<'_>> = Vec::new();
    for (effect, clusters) in &plan.effects {
        let known = lines.iter_mut().find(|line| {
            (line.class, line.text, line.clusters) == (effect.class, effect.text, clusters)
        });
        let subject = match clusters.as_slice() {
            [cluster] => effect.subject.replace(CLUSTER, cluster),
            _ => effect.subject.clone(),
        };
        match known {
            Some(line) => line.subjects.push(subject.into()),
            None => lines.push(Line {
                class: effect.class,
                text: effect.text,
                subjects: vec![subject.into()],
                clusters,
            }),
        }
    }
    lines
}

/// A remark behind the name of a change: what of it is no list of fields.
pub fn remarks(change: &Change) -> String {
    let mut remarks = Vec::new();
    if let Some(from) = &change.moved_from {
        remarks.push(format!("moves from {from} to {}", change.unit));
    }
    if change.verb == Verb::Orphaned {
        remarks.push("stays in the cluster".to_owned());
    }
    if change.resealed {
        remarks.push("its ciphertext changed".to_owned());
    }
    if let Some(prose) = &change.prose {
        let lines = plural(prose.added.max(prose.removed), "line");
        remarks.push(format!("{lines} changed"));
    }
    remarks.join(", ")
}

/// A field in one line, where its values are short: `path: old → new`.
pub fn line(field: &Field, widest: usize) -> Option<String> {
    let path = field.path();
    let fits = |text: &String| text.chars().count() <= widest;
    match (&field.old, &field.new) {
        (Some(old), Some(new)) => {
            let (old, new) = (flow(old)?, flow(new)?);
            let text = format!("{path}: {old} → {new}");
            // Of long values that begin alike, what follows is shown.
            let ends = || {
                let same = common(&old, &new)?;
                let (old, new) = (old.get(same..)?, new.get(same..)?);
                Some(format!("{path}: …{old} → …{new}"))
            };
            Some(text).filter(fits).or_else(|| ends().filter(fits))
        }
        (Some(value), None) | (None, Some(value)) => {
            Some(format!("{path}: {}", flow(value)?)).filter(fits)
        }
        (None, None) => None,
    }
}

/// Where two texts that begin alike part: at the last mark between words before it.
fn common(old: &str, new: &str) -> Option<usize> {
    let same = old
        .char_indices()
        .zip(new.chars())
        .take_while(|((_, a), b)| a == b);
    let end = same.map(|((at, c), _)| at + c.len_utf8()).last()?;
    let head = old.get(..end)?;
    head.rfind(['/', ':', ' ', ',', '@']).filter(|at| *at > 0)
}

/// A value in one line of YAML; `None` where it has several lines of text.
pub fn flow(node: &Node) -> Option<String> {
    Some(match node.kind() {
        Kind::String(text) if text.contains('\n') => return None,
        // What stands for a secret is no text of the document.
        Kind::String(text) if [MASKED, CIPHERTEXT].contains(&text.as_str()) => text.to_string(),
        Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) => {
            syntax::print::print(node).trim_end().to_owned()
        }
        Kind::List(items) => {
            let items: Vec<String> = items.iter().map(flow).collect::<Option<_>>()?;
            format!("[{}]", items.join(", "))
        }
        Kind::Map(map) => {
            let entry =
                |entry: &syntax::Entry| Some(format!("{}: {}", entry.key, flow(&entry.value)?));
            let entries: Vec<String> = map.entries().iter().map(entry).collect::<Option<_>>()?;
            format!("{{{}}}", entries.join(", "))
        }
    })
}

/// What differs between two texts of several lines, by line; `None` where a field is something else.
pub fn lines(field: &Field, most: usize) -> Option<Vec<String>> {
    let (old, new) = (field.old.as_ref()?.as_str()?, field.new.as_ref()?.as_str()?);
    if !old.contains('\n') && !new.contains('\n') {
        return None;
    }
    let diff = syntax::diff::text(old, new, "", "");
    let changed = diff.lines().skip(2).filter(|line| !line.starts_with("@@"));
    let changed: Vec<&str> = changed.collect();
    let mut lines: Vec<String> = changed
        .iter()
        .take(most)
        .map(|line| (*line).to_owned())
        .collect();
    match changed.len().saturating_sub(most) {
        0 => {}
        more => lines.push(format!("... and {}", plural(more, "more line"))),
    }
    if lines.is_empty() {
        lines.push(format!("~{MASKED}"));
    }
    Some(lines)
}

/// A value as lines of YAML, the first few.
pub fn block(node: &Node, most: usize) -> Vec<String> {
    let text = match node.kind() {
        Kind::String(text) => text.to_string(),
        Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::List(_) | Kind::Map(_) => {
            syntax::print::print(node)
        }
    };
    let all: Vec<&str> = text.lines().collect();
    let mut lines: Vec<String> = all
        .iter()
        .take(most)
        .map(|line| (*line).to_owned())
        .collect();
    let more = all.len().saturating_sub(most);
    if more > 0 {
        lines.push(format!("... and {}", plural(more, "more line")));
    }
    lines
}

/// A text cut to a width, in characters.
pub fn cut(text: &str, widest: usize) -> String {
    if text.chars().count() <= widest {
        return text.to_owned();
    }
    let kept: String = text.chars().take(widest.saturating_sub(1)).collect();
    format!("{kept}…")
}

/// A text in lines of a width, broken between words.
pub fn wrap(text: &str, widest: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ') {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= widest => {
                line.push(' ');
                line.push_str(word);
            }
            Some(_) | None => lines.push(word.to_owned()),
        }
    }
    lines
}
