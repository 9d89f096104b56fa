//! The ownership line: the first comment of each file says which platform it belongs to and carries a digest of the rest.
//!
//! It names no version, date, input or line, so that a file changes only when its content does. Files that take no
//! comment (JSON, ciphertext copied byte for byte) are listed with their digests in their folder's [`LISTING`].

use super::OutFile;
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// The name of the file that lists a folder's files which take no comment.
pub const LISTING: &str = ".formwork";

/// How a format writes a comment of one line: what opens it and what closes it.
type Comment = (&'static str, &'static str);

const HASH: Comment = ("# ", "");
const MARKUP: Comment = ("<!-- ", " -->");

/// The one table of formats, by the end of the file's name. What is not in it is listed.
const FORMATS: &[(&str, Comment)] = &[
    (".yaml", HASH),
    (".yml", HASH),
    (".sh", HASH),
    (".toml", HASH),
    (".conf", HASH),
    (".env", HASH),
    (".py", HASH),
    (".rego", HASH),
    (LISTING, HASH),
    ("justfile", HASH),
    (".md", MARKUP),
    (".html", MARKUP),
    (".svg", MARKUP),
    (".xml", MARKUP),
    (".mmd", ("%% ", "")),
    (".dot", ("// ", "")),
];

/// What stands between the comment's opening and the platform's name.
const BEGIN: &str = "formwork ";
/// What stands between the platform's name and the digest.
const HASHED: &str = " sha256:";
/// What stands after the digest.
const END: &str = " (generated; edit platform.yaml)";
/// Digits of a digest: 128 bits of SHA-256.
const DIGITS: usize = 32;
/// How many lines from the top are searched, so that a line put above ours reads as an edit, not as a foreign file.
const SEARCHED: usize = 5;

/// A file before it is sealed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// Where it goes: relative to the output folder, with `/`.
    pub path: String,
    /// Its content.
    pub body: Vec<u8>,
    /// It must stay byte for byte what it is (ciphertext), whatever its format allows.
    pub verbatim: bool,
}

/// What a file's ownership line says, and whether the rest still is what was sealed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ownership {
    /// The platform whose file it is.
    pub platform: String,
    /// The digest that the line carries.
    pub digest: String,
    /// Whether the rest of the file has that digest.
    pub intact: bool,
}

/// The digest of a body: SHA-256 over its text with LF line ends, cut to 128 bits, in hexadecimal.
#[must_use]
pub fn digest(body: &[u8]) -> String {
    hex(&Sha256::digest(normalised(body)))
}

/// The file for a body: with its ownership line where the format allows one, else as it is.
#[must_use]
pub fn seal(platform: &str, path: &str, body: &[u8]) -> Vec<u8> {
    let Some((open, close)) = comment(path) else {
        return body.to_vec();
    };
    let (head, rest) = body.split_at(head_length(body));
    let mut bytes = Vec::with_capacity(body.len() + platform.len() + 96);
    bytes.extend_from_slice(head);
    let digest = digest(body);
    for part in [open, BEGIN, platform, HASHED, &digest, END, close, "\n"] {
        bytes.extend_from_slice(part.as_bytes());
    }
    bytes.extend_from_slice(rest);
    bytes
}

/// Whether a file of this name carries its own ownership line.
#[must_use]
pub fn takes_comment(path: &str) -> bool {
    comment(path).is_some()
}

impl Draft {
    /// The file for it; with the digest that its folder's listing states, where it takes no comment.
    #[must_use]
    pub fn seal(self, platform: &str) -> (OutFile, Option<String>) {
        let Draft {
            path,
            body,
            verbatim,
        } = self;
        if takes_comment(&path) && !verbatim {
            let bytes = seal(platform, &path, &body);
            return (OutFile { path, bytes }, None);
        }
        let digest = digest(&body);
        (OutFile { path, bytes: body }, Some(digest))
    }
}

/// A cell's files, sorted by path: those that take no comment are listed in their folder.
#[must_use]
pub fn list(platform: &str, sealed: Vec<(OutFile, Option<String>)>) -> Vec<OutFile> {
    let mut listings: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
    let mut files = Vec::with_capacity(sealed.len() + 1);
    for (file, digest) in sealed {
        if let Some(digest) = digest {
            let (folder, name) = split(&file.path);
            listings
                .entry(folder.to_owned())
                .or_default()
                .push((name.to_owned(), digest));
        }
        files.push(file);
    }
    for (folder, entries) in listings {
        let path = format!("{folder}{LISTING}");
        let bytes = listing(platform, entries);
        files.push(OutFile { path, bytes });
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files
}

/// The sealed listing of a folder: its files that take no comment, with their digests.
#[must_use]
pub fn listing(platform: &str, mut entries: Vec<(String, String)>) -> Vec<u8> {
    entries.sort();
    let mut body = String::new();
    for (name, digest) in entries {
        body.push_str(&digest);
        body.push_str("  ");
        body.push_str(&name);
        body.push('\n');
    }
    seal(platform, LISTING, body.as_bytes())
}

/// Reads a listing: whose it is, and the names and digests in it. `None` where it is none of ours.
#[must_use]
pub fn read_listing(bytes: &[u8]) -> Option<(Ownership, BTreeMap<String, String>)> {
    let ownership = read(bytes, LISTING)?;
    let entries = String::from_utf8_lossy(bytes)
        .lines()
        .filter_map(|line| line.split_once("  "))
        .filter(|(digest, _)| is_digest(digest))
        .map(|(digest, name)| (name.to_owned(), digest.to_owned()))
        .collect();
    Some((ownership, entries))
}

/// Reads the ownership line of a file; `None` where it carries none.
#[must_use]
pub fn read(bytes: &[u8], path: &str) -> Option<Ownership> {
    let (open, close) = comment(path)?;
    let mut start = 0;
    for line in bytes.split_inclusive(|byte| *byte == b'\n').take(SEARCHED) {
        let end = start + line.len();
        if let Some((platform, stated)) = parse(line, open, close) {
            let mut hash = Sha256::new();
            hash.update(normalised(bytes.get(..start).unwrap_or_default()));
            hash.update(normalised(bytes.get(end..).unwrap_or_default()));
            return Some(Ownership {
                platform: platform.to_owned(),
                digest: stated.to_owned(),
                intact: hex(&hash.finalize()) == stated,
            });
        }
        start = end;
    }
    None
}

/// A file's body without its ownership line, with LF line ends.
#[must_use]
pub fn unsealed(bytes: &[u8], path: &str) -> Vec<u8> {
    let Some((open, close)) = comment(path) else {
        return bytes.to_vec();
    };
    let bytes = normalised(bytes);
    let lines = bytes.split_inclusive(|byte| *byte == b'\n').enumerate();
    let body = lines.filter(|(at, line)| *at >= SEARCHED || parse(line, open, close).is_none());
    body.flat_map(|(_, line)| line.iter().copied()).collect()
}

/// The platform and the digest of an ownership line.
fn parse<'a>(line: &'a [u8], open: &str, close: &str) -> Option<(&'a str, &'a str)> {
    let line = str::from_utf8(line).ok()?.trim_end();
    let said = line.strip_prefix(open)?.strip_prefix(BEGIN)?;
    let (platform, rest) = said.strip_suffix(close)?.split_once(HASHED)?;
    let digest = rest.strip_suffix(END)?;
    is_digest(digest).then_some((platform, digest))
}

fn is_digest(text: &str) -> bool {
    text.len() == DIGITS && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// How a file of this name takes a comment.
fn comment(path: &str) -> Option<Comment> {
    FORMATS
        .iter()
        .find(|(end, _)| path.ends_with(end))
        .map(|(_, comment)| *comment)
}

/// What must stay the first line, before any comment.
fn head_length(body: &[u8]) -> usize {
    if !body.starts_with(b"#!") && !body.starts_with(b"<?xml") {
        return 0;
    }
    body.iter()
        .position(|byte| *byte == b'\n')
        .map_or(0, |at| at + 1)
}

/// The folder with its `/`, and the name.
fn split(path: &str) -> (&str, &str) {
    match path.rfind('/') {
        Some(at) => path.split_at(at + 1),
        None => ("", path),
    }
}

/// The bytes with CR LF read as LF.
fn normalised(bytes: &[u8]) -> Cow<'_, [u8]> {
    if !bytes.contains(&b'\r') {
        return Cow::Borrowed(bytes);
    }
    let mut text = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some(at) = rest.iter().position(|byte| *byte == b'\r') {
        let (before, after) = rest.split_at(at);
        text.extend_from_slice(before);
        rest = after.get(1..).unwrap_or_default();
        if rest.first() != Some(&b'\n') {
            text.push(b'\r');
        }
    }
    text.extend_from_slice(rest);
    Cow::Owned(text)
}

/// The first 128 bits, in hexadecimal.
fn hex(hash: &[u8]) -> String {
    const DIGIT: &[u8; 16] = b"0123456789abcdef";
    let digit = |nibble: u8| char::from(DIGIT.get(usize::from(nibble)).copied().unwrap_or(b'0'));
    hash.iter()
        .take(DIGITS / 2)
        .flat_map(|byte| [digit(byte >> 4), digit(byte & 15)])
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn owned(bytes: &[u8], path: &str) -> Ownership {
        read(bytes, path).expect("an ownership line")
    }

    #[test]
    fn the_line_is_the_first_comment_that_the_format_allows() {
        let yaml = seal("home", "a/b.yaml", b"a: 1\n");
        let text = String::from_utf8(yaml).unwrap();
        assert_eq!(
            text,
            "# formwork home sha256:37b128c59f1f5097f73f82691cb519f1 (generated; edit platform.yaml)\na: 1\n"
        );
        let script = seal("home", "run.sh", b"#!/bin/sh\necho\n");
        assert!(script.starts_with(b"#!/bin/sh\n# formwork home sha256:"));
        let page = seal("home", "x.md", b"# Title\n");
        assert!(page.starts_with(b"<!-- formwork home sha256:"));
        let json = seal("home", "x.json", b"{}\n");
        assert_eq!(json, b"{}\n");
    }

    #[test]
    fn what_is_sealed_reads_as_intact() {
        let bodies: [&[u8]; 5] = [b"", b"a", b"a: 1\n", b"#!/bin/sh\n\n", b"<?xml?>\n<a/>"];
        for path in ["x.yaml", "x.sh", "x.md", "x.mmd", "x.svg", ".formwork"] {
            for body in bodies {
                let sealed = seal("my-platform", path, body);
                let ownership = owned(&sealed, path);
                assert!(ownership.intact, "{path} {body:?}");
                assert_eq!(ownership.platform, "my-platform");
            }
        }
    }

    #[test]
    fn any_edit_shows_and_line_ends_do_not() {
        let sealed = seal("home", "x.yaml", b"a: 1\nb: 2\n");
        let text = String::from_utf8(sealed).unwrap();
        let crlf = text.replace('\n', "\r\n");
        assert!(owned(crlf.as_bytes(), "x.yaml").intact);
        for edited in [
            text.replace("a: 1", "a: 2"),
            format!("{text}c: 3\n"),
            format!("# mine\n{text}"),
            text.replace("\nb", "\rb"),
            text.trim_end().to_owned(),
        ] {
            assert!(!owned(edited.as_bytes(), "x.yaml").intact, "{edited}");
        }
        assert_eq!(read(b"a: 1\n", "x.yaml"), None);
        assert_eq!(read(b"\xff\xfe# formwork", "x.yaml"), None);
    }

    #[test]
    fn files_without_comments_are_listed_in_their_folder() {
        let draft = |path: &str, body: &str, verbatim| Draft {
            path: path.to_owned(),
            body: body.as_bytes().to_vec(),
            verbatim,
        };
        let drafts = [
            draft("c/secrets/b.yaml", "sops: 1\n", true),
            draft("c/secrets/a.json", "{}\n", false),
            draft("c/a.yaml", "a: 1\n", false),
        ];
        let files = list("home", drafts.map(|draft| draft.seal("home")).into());
        let paths: Vec<_> = files.iter().map(|file| file.path.as_str()).collect();
        assert_eq!(
            paths,
            [
                "c/a.yaml",
                "c/secrets/.formwork",
                "c/secrets/a.json",
                "c/secrets/b.yaml"
            ]
        );
        let (ownership, entries) = read_listing(&files[1].bytes).unwrap();
        assert!(ownership.intact);
        assert_eq!(entries["a.json"], digest(b"{}\n"));
        assert_eq!(entries["b.yaml"], digest(b"sops: 1\n"));
        assert_eq!(files[3].bytes, b"sops: 1\n");
    }

    #[test]
    fn a_stray_carriage_return_stays() {
        assert_eq!(&*normalised(b"a\r\nb\rc\r\r\nd\r"), b"a\nb\rc\r\nd\r");
    }
}
