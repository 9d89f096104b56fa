//! The texts that were read, by number, with their lines.

pub use crate::decode::decode;
use std::borrow::Cow;
use std::sync::{Arc, OnceLock};

/// What the names of texts begin with that are built in.
pub const BUILT_IN: &str = "<formwork>/";

/// The number of a source text in [`Sources`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub u32);

/// A stretch of a source text, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The text it lies in.
    pub file: FileId,
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

/// One text that was read, and the name people know it by.
#[derive(Clone, Debug)]
pub struct Source {
    name: Arc<str>,
    text: Arc<Cow<'static, str>>,
    /// Where lines begin: most texts are never asked.
    lines: OnceLock<Vec<u32>>,
}

/// A place as editors count it: both from 1, columns in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
}

/// Every text of one run. Frozen once loading is done.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    files: Vec<Source>,
}

/// How the secret half of a key of age begins.
const SECRET_KEY: &str = "AGE-SECRET-KEY-";

/// A text in which no key can be read: texts are shown to people, in logs too. Places in it stay what they were.
fn without_keys(text: Cow<'static, str>) -> Cow<'static, str> {
    if !text.contains(SECRET_KEY) {
        return text;
    }
    let mut parts = text.split(SECRET_KEY);
    let mut masked = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let end = part.find(|c: char| !c.is_ascii_alphanumeric());
        let (key, rest) = part
            .split_at_checked(end.unwrap_or(part.len()))
            .unwrap_or((part, ""));
        masked.push_str(SECRET_KEY);
        masked.extend(key.chars().map(|_| '*'));
        masked.push_str(rest);
    }
    masked.into()
}

impl Source {
    /// A text with its name: the path relative to the project, with `/`, or `<name>` for what is built in.
    #[must_use]
    pub fn new(name: &str, text: impl Into<Cow<'static, str>>) -> Self {
        Source {
            name: name.into(),
            text: Arc::new(without_keys(text.into())),
            lines: OnceLock::new(),
        }
    }

    fn lines(&self) -> &[u32] {
        self.lines.get_or_init(|| {
            let breaks = self.text.bytes().enumerate().filter(|(_, b)| *b == b'\n');
            let starts = breaks.filter_map(|(at, _)| u32::try_from(at + 1).ok());
            std::iter::once(0).chain(starts).collect()
        })
    }

    /// The name people know it by.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The whole text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Line and column of a byte offset; past the end is the end, inside a character is its start.
    #[must_use]
    pub fn place(&self, offset: u32) -> Place {
        let offset = (offset as usize).min(self.text.len());
        let offset = self.text.floor_char_boundary(offset);
        let lines = self.lines();
        let line = lines
            .partition_point(|start| *start as usize <= offset)
            .max(1);
        let start = lines.get(line - 1).copied().unwrap_or(0) as usize;
        let before = self.text.get(start..offset).unwrap_or_default();
        Place {
            line,
            column: before.chars().count() + 1,
        }
    }

    /// The bytes of a line, counted from 1, without its line break.
    #[must_use]
    pub fn line(&self, number: usize) -> Option<(u32, &str)> {
        let start = *self.lines().get(number.checked_sub(1)?)?;
        let text = self.text.get(start as usize..)?;
        Some((
            start,
            text.split('\n')
                .next()
                .unwrap_or(text)
                .trim_end_matches('\r'),
        ))
    }
}

impl Sources {
    /// Adds a text; names need not be unique.
    pub fn add(&mut self, name: &str, text: &str) -> FileId {
        self.add_text(name, text.to_owned())
    }

    /// Adds a text that is owned already, or is part of the program.
    pub fn add_text(&mut self, name: &str, text: impl Into<Cow<'static, str>>) -> FileId {
        let id = FileId(u32::try_from(self.files.len()).unwrap_or(u32::MAX));
        self.files.push(Source::new(name, text));
        id
    }

    /// Whether a text is built in.
    #[must_use]
    pub fn is_built_in(&self, id: FileId) -> bool {
        self.get(id)
            .is_some_and(|source| source.name.starts_with(BUILT_IN))
    }

    /// The text of a number.
    #[must_use]
    pub fn get(&self, id: FileId) -> Option<&Source> {
        self.files.get(id.0 as usize)
    }

    /// The text with this name, the last one added winning.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<FileId> {
        let at = self
            .files
            .iter()
            .rposition(|source| source.name() == name)?;
        u32::try_from(at).ok().map(FileId)
    }

    /// All texts, in the order they were added.
    pub fn iter(&self) -> impl Iterator<Item = (FileId, &Source)> {
        self.files
            .iter()
            .enumerate()
            .map(|(i, source)| (FileId(u32::try_from(i).unwrap_or(u32::MAX)), source))
    }

    /// `name:line:column` of a span's start.
    #[must_use]
    pub fn locate(&self, span: Span) -> String {
        self.get(span.file).map_or_else(String::new, |source| {
            let place = source.place(span.start);
            format!("{}:{}:{}", source.name(), place.line, place.column)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Source;

    #[test]
    fn no_key_is_shown_and_places_stay() {
        let text = "a: AGE-SECRET-KEY-1QQQSY\nb: [AGE-SECRET-KEY-1X, é]\n";
        let source = Source::new("a.yaml", text);
        assert_eq!(
            source.text(),
            "a: AGE-SECRET-KEY-******\nb: [AGE-SECRET-KEY-**, é]\n"
        );
        assert_eq!(source.text().len(), text.len());
        assert_eq!(
            Source::new("b.yaml", "AGE-SECRET-KEY-").text(),
            "AGE-SECRET-KEY-"
        );
    }
}
