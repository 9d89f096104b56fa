//! What is read, and what is said about what can not be.

use super::*;
use crate::node::Kind;
use crate::source::Sources;

/// The data of a node, as compact JSON-like text; `!` is an error node.
fn data(node: &Node) -> String {
    match node.kind() {
        Kind::Null if node.origin() == OriginId(0) => "!".to_owned(),
        Kind::Null => "null".to_owned(),
        Kind::Bool(value) => value.to_string(),
        Kind::Number(text) => text.to_string(),
        Kind::String(text) => format!("{text:?}"),
        Kind::List(items) => {
            let items: Vec<String> = items.iter().map(data).collect();
            format!("[{}]", items.join(", "))
        }
        Kind::Map(map) => {
            let entries: Vec<String> = map
                .entries()
                .iter()
                .map(|entry| format!("{}: {}", entry.key, data(&entry.value)))
                .collect();
            format!("{{{}}}", entries.join(", "))
        }
    }
}

/// Everything that is said about a text, one line per label and help.
fn said(text: &str, found: &Diagnostics) -> String {
    let mut sources = Sources::default();
    sources.add("f", text);
    let mut lines = Vec::new();
    for finding in found.iter() {
        lines.push(format!("{}: {}", finding.id, finding.message));
        for label in &finding.labels {
            let (start, end) = (label.span.start as usize, label.span.end as usize);
            let covered = text.get(start..end).expect("on character boundaries");
            lines.push(format!(
                "  {} {covered:?} {}",
                sources.locate(label.span),
                label.text
            ));
        }
        lines.extend(finding.help.iter().map(|help| format!("  help: {help}")));
        if let Some(fix) = &finding.fix {
            let (start, end) = (fix.span.start as usize, fix.span.end as usize);
            let covered = text.get(start..end).expect("on character boundaries");
            lines.push(format!("  fix: {covered:?} -> {:?}", fix.replacement));
        }
    }
    lines.join("\n")
}

/// The documents of a text and what is said about it.
fn read(text: &str) -> (String, String) {
    let mut found = Diagnostics::default();
    let mut origins = Origins::default();
    let documents = parse(FileId(0), text, &mut origins, &mut found);
    let documents: Vec<String> = documents
        .iter()
        .map(|document| data(&document.node))
        .collect();
    (documents.join(" --- "), said(text, &found))
}

#[test]
fn scalars_follow_the_core_schema() {
    assert_eq!(
        read("[~, null, '', true, False, 1, -1, +1, 0x1F, 0o17, 1.50, .5, 1., 1e3, yes, 12:30, 1_000, \"1\"]\n"),
        (
            "[null, null, \"\", true, false, 1, -1, 1, 31, 15, 1.50, 0.5, 1.0, 1e3, \"yes\", \"12:30\", \"1_000\", \"1\"]"
                .to_owned(),
            String::new()
        )
    );
}

/// Broken texts, what is still read of them, and everything that is said; `UPDATE=1` writes it anew.
#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "a test may look at its switch and write its expectations"
)]
fn syntax_errors_in_words() {
    let expected = include_str!("testdata/errors.txt");
    let mut written = String::new();
    for case in expected.split("--------\n").skip(1) {
        let text = case.split("==> ").next().unwrap();
        let (data, said) = read(text);
        let actual = format!("{text}==> {data}\n{said}\n");
        if std::env::var("UPDATE").is_err() {
            assert_eq!(actual, case);
        }
        written.push_str("--------\n");
        written.push_str(&actual);
        edits_mend(text);
    }
    if std::env::var("UPDATE").is_ok() {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/src/parse/testdata/errors.txt");
        std::fs::write(file, &written).unwrap();
    }
}

/// Every edit that is shown takes away what it is shown for.
fn edits_mend(text: &str) {
    let (mut origins, mut found) = (Origins::default(), Diagnostics::default());
    parse(FileId(0), text, &mut origins, &mut found);
    for finding in found.iter() {
        let Some(fix) = &finding.fix else { continue };
        let mut mended = text.to_owned();
        let range = fix.span.start as usize..fix.span.end as usize;
        mended.replace_range(range, &fix.replacement);
        let (mut origins, mut left) = (Origins::default(), Diagnostics::default());
        parse(FileId(0), &mended, &mut origins, &mut left);
        let place = finding.span().map(|span| span.start);
        let again = left
            .iter()
            .any(|it| it.message == finding.message && it.span().map(|span| span.start) == place);
        assert!(!again, "{mended:?} still has: {}", finding.message);
    }
}

/// Each value and key with the text that its origin covers.
fn spans(text: &str) -> Vec<String> {
    fn walk(node: &Node, cover: &impl Fn(OriginId) -> String, all: &mut Vec<String>) {
        all.push(cover(node.origin()));
        node.items().iter().for_each(|item| walk(item, cover, all));
        for entry in node.entries() {
            all.push(format!("{}=", cover(entry.key_origin)));
            walk(&entry.value, cover, all);
        }
    }
    let mut origins = Origins::default();
    let mut found = Diagnostics::default();
    let documents = parse(FileId(0), text, &mut origins, &mut found);
    assert_eq!(said(text, &found), "");
    let cover = |id| {
        let span = origins.place(id).expect("a span");
        let (start, end) = (span.start as usize, span.end as usize);
        match text.get(start..end).expect("on character boundaries") {
            "" => format!("@{start}"),
            covered => covered.to_owned(),
        }
    };
    let mut all = Vec::new();
    for document in &documents {
        walk(&document.node, &cover, &mut all);
    }
    all
}

#[test]
fn every_value_and_key_knows_its_place() {
    assert_eq!(
        spans("a: 1 # c\n\"b é\": 'x y' # d\nc:\nd: {e: [f, ], g: }\n"),
        [
            "a: 1 # c\n\"b é\": 'x y' # d\nc:\nd: {e: [f, ], g: }",
            "a=",
            "1",
            "\"b é\"=",
            "'x y'",
            "c=",
            "@29",
            "d=",
            "{e: [f, ], g: }",
            "e=",
            "[f, ]",
            "f",
            "g=",
            "@46",
        ]
    );
    assert_eq!(
        spans("t: | # h\n  one\n\n  two\n\nu: &x !!str\n  >-\n  fold\n  ed\nv: multi\n  line\n"),
        [
            "t: | # h\n  one\n\n  two\n\nu: &x !!str\n  >-\n  fold\n  ed\nv: multi\n  line",
            "t=",
            "| # h\n  one\n\n  two",
            "u=",
            ">-\n  fold\n  ed",
            "v=",
            "multi\n  line",
        ]
    );
    assert_eq!(
        spans("a:\n- b: 1\n  c: 2\n-\n- - d\nf:\n    - g\n"),
        [
            "a:\n- b: 1\n  c: 2\n-\n- - d\nf:\n    - g",
            "a=",
            "- b: 1\n  c: 2\n-\n- - d",
            "b: 1\n  c: 2",
            "b=",
            "1",
            "c=",
            "2",
            "@18",
            "- d",
            "d",
            "f=",
            "- g",
            "g",
        ]
    );
    assert_eq!(
        spans("\u{feff}a: 1\r\nb: x\r\n"),
        ["a: 1\r\nb: x", "a=", "1", "b=", "x"]
    );
}

#[test]
fn comments_are_kept() {
    let text = "# one\n\n# two\na: 1 # three\n\n# four\n\nb:\n  # five\n  c: 2\n# six\n---\n# seven\nd: 1\n";
    let mut origins = Origins::default();
    let documents = parse(FileId(0), text, &mut origins, &mut Diagnostics::default());
    let comments: Vec<_> = documents
        .iter()
        .map(|document| {
            let comments = document.comments.iter();
            let comments = comments.map(|it| (it.text.as_str(), it.placement, it.span.start));
            comments.collect::<Vec<_>>()
        })
        .collect();
    assert_eq!(
        comments,
        [
            vec![
                (" one", Placement::Free, 0),
                (" two", Placement::Above, 7),
                (" three", Placement::Right, 18),
                (" four", Placement::Free, 27),
                (" five", Placement::Above, 40),
                (" six", Placement::Above, 54),
            ],
            vec![(" seven", Placement::Above, 64)],
        ]
    );
}

#[test]
fn keys_are_texts_and_stand_once() {
    assert_eq!(
        read("1: a\ntrue: b\n'1.0': c\n~: d\n"),
        (
            "{1: \"a\", true: \"b\", 1.0: \"c\", ~: \"d\"}".to_owned(),
            String::new()
        )
    );
    assert_eq!(
        read("a: 1\nb: {x: 1, 'x': 2}\na: 2\n"),
        (
            "{a: 1, b: {x: 1}}".to_owned(),
            "duplicate-key: the key `x` stands twice\n  f:2:11 \"'x'\" again here\n  f:2:5 \"x\" first here\n  help: keep one of them\n\
             duplicate-key: the key `a` stands twice\n  f:3:1 \"a\" again here\n  f:1:1 \"a\" first here\n  help: keep one of them"
                .to_owned()
        )
    );
    let many: String = (0..40).map(|i| format!("k{i}: {i}\n")).collect();
    assert!(
        read(&format!("{many}k33: again\n"))
            .1
            .contains("f:41:1 \"k33\" again here\n  f:34:1 \"k33\" first")
    );
    assert!(read(&many).1.is_empty());
    assert_eq!(
        read("? [a]\n: 1\n? b\n: 2\n: 3\n"),
        (
            "!".to_owned(),
            "complex-key: a key must be a text, not a list or a map\n  f:1:3 \"[\" used as a key\n  \
             help: if brackets or braces belong to the text, put all of it in quotes\n\
             missing-key: there is no key before this `:`\n  f:5:1 \"\" a key belongs here"
                .to_owned()
        )
    );
}

#[test]
fn anchors_are_copied_and_may_be_defined_again() {
    let text = "a: &x 1\nb: *x\nc: &x {k: [1]}\nd: *x\n*x : 1\n";
    let (data, said) = read("a: &x 1\nb: *x\nc: &x {k: [1]}\nd: [*x, *x]\n&y e: *y\n*y : 1\n");
    assert_eq!(
        data,
        "{a: 1, b: 1, c: {k: [1]}, d: [{k: [1]}, {k: [1]}], e: \"e\"}"
    );
    assert_eq!(
        said,
        "duplicate-key: the key `e` stands twice\n  f:6:1 \"*y\" again here\n  f:5:4 \"e\" first here\n  help: keep one of them"
    );
    assert!(read(text).1.starts_with("complex-key"));
    assert_eq!(
        read("a: &x [1, *x]\n").1,
        "alias-loop: the alias `*x` stands inside the value that it copies\n  f:1:11 \"*x\" this would never end"
    );
    assert_eq!(
        read("a: &x 1\n---\nb: *x\n").1,
        "unknown-anchor: the alias `*x` has no anchor `&x` before it\n  f:3:4 \"*x\" nothing to copy\n  \
         help: if the `*` belongs to the text, put it in quotes"
    );
    // What may stand in the broken part isn't asked for.
    assert_eq!(read("a: &x [1\nb: *x\n").0, "{a: !, b: !}");
}

#[test]
fn merge_keys_bring_what_is_not_said() {
    assert_eq!(
        read("a: &a {x: 1, y: 2}\nb: &b {y: 3, z: 4}\nc: {y: 0, <<: [*a, *b], w: 5}\nd: {<<: *b}\ne: {'<<': 1}\n"),
        (
            "{a: {x: 1, y: 2}, b: {y: 3, z: 4}, c: {y: 0, x: 1, z: 4, w: 5}, d: {y: 3, z: 4}, e: {<<: 1}}"
                .to_owned(),
            String::new()
        )
    );
    assert_eq!(
        read("a: {<<: 1}\nb: {<<: [{x: 1}, 2]}\nc: {<<: {x: 1}, <<: {y: 2}}\n"),
        (
            "{a: {}, b: {x: 1}, c: {x: 1}}".to_owned(),
            "merge-key: `<<` merges maps, and this is a number\n  f:1:9 \"1\" expected a map, an alias of one, or a list of them\n  \
             f:1:5 \"<<\" merged in by this\n  help: for a key that is called `<<`, write it in quotes\n\
             merge-key: `<<` merges maps, and this is a number\n  f:2:5 \"<<\" expected a map, an alias of one, or a list of them\n  \
             f:2:18 \"2\" a number\n  help: for a key that is called `<<`, write it in quotes\n\
             duplicate-key: the key `<<` stands twice\n  f:3:17 \"<<\" again here\n  f:3:5 \"<<\" first here\n  help: keep one of them\n  \
             help: merge several maps with a list: `<<: [*a, *b]`"
                .to_owned()
        )
    );
}

#[test]
fn tags_do_what_they_say_or_are_refused() {
    assert_eq!(
        read(
            "[!!str 1, ! 2, !!int '3', !!float 4, !!bool 'true', !!null '', !!seq [], !!map {}, !!str ]\n"
        ),
        (
            "[\"1\", \"2\", 3, 4, true, null, [], {}, \"\"]".to_owned(),
            String::new()
        )
    );
    assert_eq!(
        read("a: !!int x\nb: !!map []\nc: !!binary aGk=\nd: !mine {e: 1}\nf: 1\n"),
        (
            "{a: !, b: !, c: !, d: !, f: 1}".to_owned(),
            "tag-value: `x` is not a whole number\n  f:1:10 \"x\" this value\n  f:1:4 \"!!int\" because of this tag\n\
             tag-value: a list is not a map\n  f:2:4 \"!!map\" because of this tag\n\
             unknown-tag: the tag `!!binary` means nothing here\n  f:3:4 \"!!binary\" remove it\n  help: a text that begins with `!` must stand in quotes\n\
             unknown-tag: the tag `!mine` means nothing here\n  f:4:4 \"!mine\" remove it\n  help: a text that begins with `!` must stand in quotes"
                .to_owned()
        )
    );
}

#[test]
fn doubtful_numbers_are_named() {
    assert_eq!(
        read("mode: 0644\nzero: 0\nnine: 09\nhex: 0x1f\nbig: 123456789012345678901234567890.10\ninf: -.inf\n"),
        (
            "{mode: 644, zero: 0, nine: 9, hex: 31, big: 123456789012345678901234567890.10, inf: !}".to_owned(),
            "octal-number: `0644` is the number 644 here, and 420 to readers of YAML 1.1\n  f:1:7 \"0644\" leading zero\n  \
             help: write 644, or 420, or \"0644\" if it is a text\n\
             no-such-number: `-.inf` is a number that JSON and Kubernetes can't carry\n  f:6:6 \"-.inf\" this\n  help: if it is a text, write \"-.inf\""
                .to_owned()
        )
    );
    for (text, older) in [
        ("yes", Some(Older::Bool(true))),
        ("Off", Some(Older::Bool(false))),
        ("1_000", Some(Older::Number("1000".to_owned()))),
        ("12:30", Some(Older::Number("750".to_owned()))),
        ("190:20:30.15", Some(Older::Number("685230.15".to_owned()))),
        ("0b101", Some(Older::Number("5".to_owned()))),
        ("-0755", Some(Older::Number("-493".to_owned()))),
        ("2026-11-22", Some(Older::Time)),
        ("2026-11-22T10:00:00Z", Some(Older::Time)),
        ("true", None),
        ("1.5", None),
        ("0x1F", None),
        ("v1.2", None),
        ("10.0.0.1", None),
        ("1:a", None),
        ("12:99", None),
        ("", None),
        ("_1", None),
        ("1-2-3", None),
    ] {
        assert_eq!(older_reading(text), older, "{text}");
    }
}

#[test]
fn limits_hold() {
    let limits = Limits {
        bytes: 1000,
        depth: 5,
        nodes: 50,
        copies: 20,
        errors: 3,
        findings: 5,
    };
    let within = |text: &str| {
        let (mut origins, mut found) = (Origins::default(), Diagnostics::default());
        let documents = parse_within(&limits, FileId(0), text, &mut origins, &mut found);
        let documents: Vec<String> = documents.iter().map(|it| data(&it.node)).collect();
        (documents.join(" --- "), said(text, &found))
    };
    assert_eq!(within("[[[[[1]]]]]").1, "");
    assert_eq!(
        within("a: [[[[[1]]]]]\nb: 2\n"),
        (
            "{a: !, b: 2}".to_owned(),
            "nesting-depth: lists and maps nest more than 5 levels deep\n  f:1:8 \"[\" this is one level too many".to_owned()
        )
    );
    assert!(
        within("a: &a [1]\nb: &b [*a]\nc: &c [*b]\nd: &d [*c]\ne: [*d]\nf: [[*d]]\n")
            .1
            .starts_with("nesting-depth")
    );
    let bomb = "a: &a [1,1,1,1]\nb: &b [*a,*a,*a]\nc: &c [*b,*b,*b]\nd: 1\n";
    assert_eq!(
        within(bomb),
        (
            "!".to_owned(),
            "alias-expansion: the aliases of this file copy too many values\n  f:3:8 \"*b\" this one copies 16 more\n  \
             f:2:7 \"[*a,*a,*a]\" of these\n  help: write fewer aliases of aliases; reading stops here"
                .to_owned()
        )
    );
    assert!(within("[*a, *b, *c, *d, *e, *f]\n").1.ends_with(
        "too-many-errors: more is wrong with this file\n  f:1:18 \"*e\" nothing behind this is reported"
    ));
    assert!(
        within(&"- 1\n".repeat(60))
            .1
            .starts_with("too-many-values: the file holds more than 50 values")
    );
    assert_eq!(
        within(&"- 1\n".repeat(600)).1,
        "file-too-large: the file is too large: 0.0 MB where at most 0.0 MB are read\n  f:1:1 \"\" \n  \
         help: a spec is text written by people; keep data of this size elsewhere"
    );
    assert_eq!(
        within("a: @\nb: @\nc: @\nd: @\n").1.lines().last(),
        Some("  f:3:4 \"\" reading stops here")
    );
    assert_eq!(
        within("a: \u{1}\n").1,
        "control-character: the control character U+0001 may not stand in YAML\n  f:1:4 \"\\u{1}\" here\n  \
         help: remove it, or write it as \"\\x01\" in double quotes"
    );
}

#[test]
fn a_bomb_and_a_tower_cost_little() {
    let mut bomb = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n".to_owned();
    for i in 1..10 {
        let copies = vec![format!("*a{}", i - 1); 10].join(",");
        bomb.push_str(&format!("a{i}: &a{i} [{copies}]\n"));
    }
    assert!(read(&bomb).1.starts_with("alias-expansion"));
    for tower in [
        "[".repeat(10_000),
        "- ".repeat(10_000),
        "{a: ".repeat(10_000),
    ] {
        assert!(
            read(&tower).1.starts_with("nesting-depth"),
            "{}",
            read(&tower).1
        );
    }
    let stairs: String = (0..10_000)
        .map(|i| format!("{}a:\n", " ".repeat(i % 1000)))
        .collect();
    assert!(read(&stairs).1.starts_with("nesting-depth"));
}

#[test]
fn one_document_where_one_is_expected() {
    let one = |text: &str| {
        let (mut origins, mut found) = (Origins::default(), Diagnostics::default());
        let node = parse_one(FileId(0), text, &mut origins, &mut found);
        (node.as_ref().map(data), said(text, &found))
    };
    assert_eq!(one("a: 1\n"), (Some("{a: 1}".to_owned()), String::new()));
    for empty in ["", "\n\n", "# only a comment\n"] {
        assert_eq!(
            one(empty),
            (
                None,
                "empty-file: the file holds no value\n  f:1:1 \"\" nothing here".to_owned()
            )
        );
    }
    assert_eq!(
        one("a: 1\n---\nb: 2\n"),
        (
            Some("{a: 1}".to_owned()),
            "many-documents: only one document may stand in this file\n  f:3:1 \"b: 2\" a second one begins here\n  \
             help: remove the line `---` before it, or move it to a file of its own"
                .to_owned()
        )
    );
    assert_eq!(one("{a: 1\n").0, None);
}
