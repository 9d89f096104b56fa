//! What must not be overwritten, and what to say about it.

use similar::TextDiff;
use syntax::Diagnostic;

/// Lines of a difference that are shown.
const SHOWN_LINES: usize = 40;

/// Why a path is refused.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// Somebody edited a file that would be written.
    Edited,
    /// Somebody edited a file that would be removed.
    EditedLeftover,
    /// Another platform's file is where one would be written.
    Other(String),
    /// A file that formwork did not write is where one would be written.
    Foreign,
    /// A folder with other files in it is where a file would be written.
    Folder,
    /// A link is in the path.
    Link,
}

/// A path that must not be overwritten.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Refusal {
    /// The path as the user knows it.
    pub path: String,
    /// Why.
    pub reason: Reason,
    /// For an edit: the difference from what would be written to what is there.
    pub diff: Option<String>,
}

impl Refusal {
    /// Whether this alone means exit code 4 (a link means 1: the place is wrong, not the file).
    #[must_use]
    pub fn is_overwrite(&self) -> bool {
        self.reason != Reason::Link
    }

    /// What to say.
    #[must_use]
    pub fn diagnostic(&self) -> Diagnostic {
        let path = &self.path;
        match &self.reason {
            Reason::Edited => Diagnostic::error(
                "hand-edit",
                format!("`{path}` was edited by hand"),
            )
            .help("say it in platform.yaml (`components.NAME.values` or `patches` reach every field)")
            .help("to drop the edit, delete the file and build again"),
            Reason::EditedLeftover => Diagnostic::error(
                "hand-edit",
                format!("`{path}` was edited by hand, and platform.yaml no longer asks for it"),
            )
            .help("delete it, or keep it by removing its first comment, which says that formwork owns it"),
            Reason::Other(platform) => Diagnostic::error(
                "foreign-file",
                format!("`{path}` belongs to the platform `{platform}`"),
            )
            .help("give each platform a folder of its own with `--out`"),
            Reason::Foreign => Diagnostic::error(
                "foreign-file",
                format!("`{path}` is in the way and was not written by formwork"),
            )
            .help("move it elsewhere, or write to another folder with `--out`"),
            Reason::Folder => Diagnostic::error(
                "foreign-file",
                format!("the folder `{path}` is where a file must go, and holds files of others"),
            )
            .help("move it elsewhere, or write to another folder with `--out`"),
            Reason::Link => Diagnostic::error(
                "output-link",
                format!("`{path}` is a link: files are only written below real folders"),
            )
            .help("replace the link by a folder, or write to where it leads with `--out`"),
        }
    }
}

/// The difference from what would be written to what is there, as a person reads it.
#[must_use]
pub fn diff(path: &str, generated: &[u8], found: &[u8]) -> String {
    let (Ok(generated), Ok(found)) = (str::from_utf8(generated), str::from_utf8(found)) else {
        return "(not text)\n".to_owned();
    };
    let text = TextDiff::from_lines(generated, found)
        .unified_diff()
        .context_radius(2)
        .header(&format!("{path} (generated)"), &format!("{path} (found)"))
        .to_string();
    let lines = text.lines().count();
    let mut shown: String = text.split_inclusive('\n').take(SHOWN_LINES).collect();
    if lines > SHOWN_LINES {
        shown.push_str(&format!("... {} more lines\n", lines - SHOWN_LINES));
    }
    shown
}
