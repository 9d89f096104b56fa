//! A rule's page: Markdown with fixed headings, whose fenced examples are its tests.
//!
//! ````text
//! # image-digest
//!
//! What it wants, in a sentence.
//!
//! ## Why
//! ## Fix
//! ## Source
//! ## Found          a ```yaml spec, further ```yaml PATH files beside it, and the ```report that must come
//! ## Not found      the same, without a report
//! ````

/// A page.
#[derive(Clone, Debug, Default)]
pub struct Page<'a> {
    /// The id, as the heading has it.
    pub id: &'a str,
    /// What the rule wants, in a sentence.
    pub about: &'a str,
    /// Why it matters.
    pub why: &'a str,
    /// What to do about a finding.
    pub fix: &'a str,
    /// Where it is from.
    pub source: &'a str,
    /// The examples, in their order.
    pub examples: Vec<Example<'a>>,
}

/// What a rule says of an example.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It finds something.
    Found,
    /// It finds nothing.
    NotFound,
}

/// A small project.
#[derive(Clone, Debug)]
pub struct Example<'a> {
    /// What the rule says of it.
    pub verdict: Verdict,
    /// Its files, by path.
    pub files: Vec<(&'a str, &'a str)>,
    /// The report that must come.
    pub report: Option<&'a str>,
}

impl<'a> Page<'a> {
    /// Reads a page; what it does not have stays empty, and a test says so.
    #[must_use]
    pub fn read(text: &'a str) -> Page<'a> {
        let mut page = Page::default();
        let mut sections = text.split("\n## ");
        let head = sections.next().unwrap_or_default();
        if let Some((id, about)) = head.trim_start().split_once('\n') {
            page.id = id.trim_start_matches("# ").trim();
            page.about = about.trim();
        }
        for section in sections {
            let (heading, body) = section.split_once('\n').unwrap_or((section, ""));
            match heading.trim() {
                "Why" => page.why = body.trim(),
                "Fix" => page.fix = body.trim(),
                "Source" => page.source = body.trim(),
                "Found" => page.examples.extend(examples(Verdict::Found, body)),
                "Not found" => page.examples.extend(examples(Verdict::NotFound, body)),
                _ => {}
            }
        }
        page
    }
}

/// The examples of a section: each begins with a fence that names no path.
fn examples(verdict: Verdict, body: &str) -> Vec<Example<'_>> {
    let mut examples: Vec<Example<'_>> = Vec::new();
    for (info, text) in fences(body) {
        match info.strip_prefix("yaml").map(str::trim) {
            Some("") => examples.push(Example {
                verdict,
                files: vec![("platform.yaml", text)],
                report: None,
            }),
            Some(path) => {
                if let Some(example) = examples.last_mut() {
                    example.files.push((path, text));
                }
            }
            None if info == "report" => {
                if let Some(example) = examples.last_mut() {
                    example.report = Some(text);
                }
            }
            None => {}
        }
    }
    examples
}

/// The fenced texts: what stands behind the opening, and what is inside.
fn fences(body: &str) -> impl Iterator<Item = (&str, &str)> {
    body.split("\n```").enumerate().filter_map(|(at, part)| {
        // Every other part is inside of a fence.
        let (info, text) = part.split_once('\n').unwrap_or((part, ""));
        (at % 2 == 1).then_some((info.trim(), text))
    })
}
