//! What Git ignores, as far as `.gitignore` files say so.

use super::tree::join;
use crate::world::World;
use globset::{GlobBuilder, GlobMatcher};

/// What is ignored: the last line that fits decides.
#[derive(Debug, Default)]
pub(super) struct Ignore {
    lines: Vec<Line>,
}

#[derive(Debug)]
struct Line {
    /// The folder of its file.
    folder: String,
    glob: GlobMatcher,
    /// Whether it is asked of whole paths below its folder, and not of names.
    is_path: bool,
    only_folders: bool,
    ignores: bool,
}

impl Ignore {
    /// Reads the lines that a folder brings.
    pub(super) fn read(&mut self, world: &dyn World, folder: &str) {
        let Some(Ok((bytes, _))) = world.read(&join(folder, ".gitignore")) else {
            return;
        };
        let text = String::from_utf8_lossy(&bytes);
        self.lines
            .extend(text.lines().filter_map(|line| Line::of(folder, line)));
    }

    /// Whether a file or folder is ignored.
    pub(super) fn has(&self, path: &str, is_folder: bool) -> bool {
        let last = self.lines.iter().rev();
        let mut fitting = last.filter(|line| line.fits(path, is_folder));
        fitting.next().is_some_and(|line| line.ignores)
    }

    /// Whether a file is ignored, or a folder that it is in.
    pub(super) fn hides(&self, path: &str) -> bool {
        let mut ends = path.match_indices('/').map(|(at, _)| at);
        let inside = ends.any(|at| path.get(..at).is_some_and(|folder| self.has(folder, true)));
        inside || self.has(path, false)
    }
}

impl Line {
    fn of(folder: &str, line: &str) -> Option<Line> {
        let line = line.trim_end();
        if line.is_empty() || line.starts_with('#') {
            return None;
        }
        let (ignores, line) = match line.strip_prefix('!') {
            Some(rest) => (false, rest),
            None => (true, line),
        };
        let (only_folders, line) = match line.strip_suffix('/') {
            Some(rest) => (true, rest),
            None => (false, line),
        };
        let is_path = line.contains('/');
        let glob = GlobBuilder::new(line.trim_start_matches('/'))
            .literal_separator(true)
            .build();
        Some(Line {
            folder: folder.to_owned(),
            glob: glob.ok()?.compile_matcher(),
            is_path,
            only_folders,
            ignores,
        })
    }

    fn fits(&self, path: &str, is_folder: bool) -> bool {
        if self.only_folders && !is_folder {
            return false;
        }
        let below = match self.folder.as_str() {
            "" => Some(path),
            folder => path
                .strip_prefix(folder)
                .and_then(|it| it.strip_prefix('/')),
        };
        below.is_some_and(|below| match self.is_path {
            true => self.glob.is_match(below),
            false => self.glob.is_match(super::tree::name(below)),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_line_that_fits_decides() {
        let text = "# comment\n*.agekey\n/out\nbuild/\n!keep.agekey\nk/**/x.yaml\n";
        let ignore = Ignore {
            lines: text.lines().filter_map(|line| Line::of("", line)).collect(),
        };
        for (path, is_folder, ignored) in [
            ("a/age.agekey", false, true),
            ("a/keep.agekey", false, false),
            ("out", true, true),
            ("a/out", true, false),
            ("a/build", true, true),
            ("a/build", false, false),
            ("k/a/b/x.yaml", false, true),
        ] {
            assert_eq!(ignore.has(path, is_folder), ignored, "{path}");
        }
        assert!(ignore.hides("out/a.yaml") && !ignore.hides("in/a.yaml"));
    }
}
