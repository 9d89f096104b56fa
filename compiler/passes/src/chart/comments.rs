//! The values that a chart's `values.yaml` shows only in comments (examples, and what is off by default), and those that only
//! its templates ask for.

use std::collections::BTreeSet;

/// Paths with `.` between keys; those of list items stand below the list itself.
#[derive(Clone, Debug, Default)]
pub(super) struct Comments(BTreeSet<String>);

impl Comments {
    /// From a list of paths, one a line.
    pub(super) fn listed(paths: &str) -> Self {
        let paths = paths.lines().map(str::trim);
        Comments(
            paths
                .filter(|path| !path.is_empty())
                .map(str::to_owned)
                .collect(),
        )
    }

    /// From the text of a `values.yaml`: each comment that reads like `key:` counts as a key where it stands.
    pub(super) fn of(text: &str) -> Self {
        let mut paths = BTreeSet::new();
        let mut above: Vec<(usize, String)> = Vec::new();
        for line in text.lines() {
            let Some((indent, key, commented)) = key_of(line) else {
                continue;
            };
            while above.last().is_some_and(|(column, _)| *column >= indent) {
                above.pop();
            }
            above.push((indent, key));
            if commented {
                let keys: Vec<&str> = above.iter().map(|(_, key)| key.as_str()).collect();
                paths.insert(keys.join("."));
            }
        }
        Comments(paths)
    }

    /// With the values that a chart's templates ask for: `.Values.a.b` knows `a` and `a.b`.
    pub(super) fn and_templates(mut self, templates: &str) -> Self {
        let is_path = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.');
        for rest in templates.split(".Values.").skip(1) {
            let end = rest.find(|c| !is_path(c)).unwrap_or(rest.len());
            let path = rest.get(..end).unwrap_or_default().trim_end_matches('.');
            let ends = path.match_indices('.').map(|(at, _)| at);
            let paths = ends.chain([path.len()]).filter_map(|end| path.get(..end));
            self.0
                .extend(paths.filter(|path| !path.is_empty()).map(str::to_owned));
        }
        self
    }

    /// Whether a comment shows the key there. Comments are for people: where one shows it a level deeper than it belongs,
    /// below the same parent, it counts.
    pub(super) fn knows(&self, path: &[&str]) -> bool {
        let whole = path.join(".");
        if self.0.contains(&whole) {
            return true;
        }
        let Some((last, parent)) = path.split_last().filter(|(_, parent)| !parent.is_empty())
        else {
            return false;
        };
        let parent = parent.join(".") + ".";
        let end = format!(".{last}");
        let below = self.0.range(parent.clone()..);
        below
            .map_while(|path| path.strip_prefix(parent.as_str()))
            .filter_map(|below| below.strip_suffix(end.as_str()))
            .any(|between| !between.contains('.'))
    }

    /// The keys that comments show directly below a path.
    pub(super) fn below(&self, path: &[&str]) -> Vec<&str> {
        let parent = match path.is_empty() {
            true => String::new(),
            false => path.join(".") + ".",
        };
        let below = self.0.range(parent.clone()..);
        let mut keys: Vec<&str> = below
            .map_while(|path| path.strip_prefix(parent.as_str()))
            .filter_map(|rest| rest.split('.').next())
            .collect();
        keys.dedup();
        keys
    }
}

/// The column, key and kind (commented or not) of a line that states a value.
fn key_of(line: &str) -> Option<(usize, String, bool)> {
    let text = line.trim_start_matches(' ');
    let mut column = line.len() - text.len();
    let commented = text.starts_with('#');
    let mut text = text;
    if commented {
        let rest = text.trim_start_matches('#');
        text = rest.trim_start_matches(' ');
        // The one space after `#` is no indentation.
        column += (rest.len() - text.len()).saturating_sub(1);
    }
    while let Some(item) = text.strip_prefix("- ") {
        column += 2;
        text = item;
    }
    let (key, rest) = text.split_once(':')?;
    let key = key.trim_matches(['"', '\'']);
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '/');
    let plain = !key.is_empty() && key.chars().all(is_name);
    (plain && (rest.is_empty() || rest.starts_with(' ')))
        .then(|| (column, key.to_owned(), commented))
}
