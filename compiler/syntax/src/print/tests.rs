//! What the printer writes, and that other readers read it back.

use super::{print, print_text};
use crate::diagnostic::Diagnostics;
use crate::node::{Kind, Node};
use crate::origin::{OriginId, Origins};
use crate::parse::parse_one;
use crate::source::FileId;
use proptest::prelude::*;

const ID: OriginId = OriginId(1);

/// Texts that some reader of YAML takes for something else, or can't take at all.
const NASTY: &[&str] = &[
    "",
    " ",
    "  ",
    "\t",
    "\n",
    "\n\n",
    "\r",
    "\r\n",
    "~",
    "-",
    "--",
    "---",
    "...",
    "- a",
    "-a",
    "?",
    "? a",
    ":",
    ": a",
    "a:",
    "a: b",
    "a:b",
    "a :b",
    "a #b",
    "a#b",
    "#",
    "# a",
    "&a",
    "*a",
    "!a",
    "!!str a",
    "|",
    "|-",
    ">",
    "> a",
    "%",
    "%YAML 1.2",
    "@a",
    "`a",
    "'",
    "\"",
    "'a'",
    "\"a\"",
    "a'b",
    "a\"b",
    "it's",
    "\\",
    "\\n",
    "[",
    "]",
    "{",
    "}",
    "[a]",
    "{a: b}",
    "{}",
    "[]",
    ",",
    "a,b",
    "a, b",
    "=",
    "==",
    "<<",
    "a<<",
    "a<<b",
    "<",
    ">>",
    "y",
    "Y",
    "n",
    "N",
    "yes",
    "Yes",
    "YES",
    "no",
    "No",
    "NO",
    "on",
    "On",
    "ON",
    "off",
    "Off",
    "OFF",
    "true",
    "True",
    "TRUE",
    "false",
    "False",
    "FALSE",
    "null",
    "Null",
    "NULL",
    "nil",
    "nan",
    "NaN",
    ".nan",
    ".NaN",
    ".NAN",
    "inf",
    "Inf",
    ".inf",
    "-.inf",
    "+.inf",
    ".Inf",
    ".INF",
    "infinity",
    "Infinity",
    "t",
    "f",
    "T",
    "F",
    "_",
    "__",
    "_1",
    "1_",
    "0",
    "00",
    "-0",
    "+0",
    "1",
    "-1",
    "+1",
    "++7",
    "0777",
    "0755",
    "08",
    "09",
    "0o17",
    "0O17",
    "0x1f",
    "0X1F",
    "0x",
    "0x_",
    "-0x1f",
    "0b101",
    "0B1",
    "0b",
    "1_000",
    "1,000",
    "-_",
    "1e3",
    "1E3",
    "1e+3",
    "1e-3",
    "1.e3",
    "e3",
    "E3",
    "e+3",
    "1.",
    ".5",
    "-.5",
    "+.5",
    "1.5",
    "1.5.6",
    "1.36.0",
    ".",
    "..",
    "1e",
    "e",
    "0.1e1",
    "12e03",
    "685.230_15e+03",
    "190:20:30",
    "190:20:30.15",
    "12:30",
    "12:30:45",
    "00:11:22:33:44:55",
    "1:2",
    "-1:30",
    "2001-01-01",
    "2001-1-1",
    "2001-12-14t21:59:43.10-05:00",
    "2001-12-14 21:59:43.10 -5",
    "2001-12-15 2:59:43.10",
    "2002-12-14T00:00:00Z",
    "10d",
    "1d",
    "100m",
    "1Gi",
    "0.5Gi",
    "1s",
    "5m0s",
    "dead",
    "beef",
    "1a",
    "0f",
    "f0",
    "a1",
    "v1",
    "1.2.3.4",
    "10.0.0.0/8",
    "fd00::1",
    "::1",
    "fe80::/64",
    "a::",
    "a::b",
    "localhost:7445",
    "https://example.org/a?b=c&d=e#f",
    "quay.io/x/y:v1.2@sha256:ab",
    "{{ .Values.x }}",
    "a {{ .x }} b",
    "${VAR}",
    "$VAR",
    "$(VAR)",
    "a ${VAR:=x} b",
    "${{ network.gateway }}",
    "*",
    "*.example.org",
    "!",
    "!ref",
    "a !b",
    "a &b",
    "a *b",
    "a | b",
    "a > b",
    "a % b",
    "a @ b",
    "a ` b",
    "a\\b",
    "a b ",
    " a b",
    "a\tb",
    "\ta",
    "a\t",
    "a\nb",
    "a\nb\n",
    "a\n\nb",
    "a\nb\n\n",
    "a\nb\n\n\n",
    "\na",
    "\n a",
    " a\nb",
    "\ta\nb",
    "a \nb",
    "a\t\nb",
    "a\n b",
    "a\n\tb",
    "a\n \nb",
    "a\n  ",
    "a\n\t",
    "a\n#b",
    "#a\nb",
    "a: b\nc: d\n",
    "- a\n- b\n",
    "---\na\n",
    "a\n---\nb",
    "a\n...\nb",
    "a\r\nb",
    "a\rb",
    "#!/bin/sh\nset -eu\n\techo \"$x\"\n",
    "key: |\n  text\n",
    "a\u{85}b",
    "a\u{2028}b",
    "a\u{2029}b",
    "\u{feff}a",
    "a\u{feff}",
    "\u{feff}",
    "a\u{a0}b",
    "a\u{7f}b",
    "a\u{80}b",
    "a\u{9f}b",
    "a\0b",
    "\u{1}",
    "\u{1b}[0m",
    "\u{7}",
    "\u{200b}",
    "a\u{200d}b",
    "\u{202e}abc",
    "\u{2066}a",
    "\u{fffe}",
    "\u{ffff}",
    "\u{fffd}",
    "é",
    "日本語",
    "😀",
    "a😀b\nc",
    "\u{e000}",
    "a\u{2028}b\nc",
    "ſ",
    "İ",
    "ß",
    "true ",
    "null\n",
    "yes\n",
    "1\n",
    "~\n",
    "a: ",
    "a #",
    "a # b",
    "key:",
    "key: ",
    "key:\tvalue",
    "-\ta",
    "?\ta",
    "a\u{b}b",
    "a\u{c}b",
    "<<: *a",
    "=a",
    "a=b",
    "a=",
    "--flag=value",
    "-1a",
    "+a",
    "(a)",
    ";a",
    "^a",
    "~a",
    "/a",
    "/",
    "./a",
    "../a",
    "_a",
    "a_",
    "a-",
    "a.",
];

fn texts() -> Vec<String> {
    let mut texts: Vec<String> = NASTY.iter().map(|text| (*text).to_owned()).collect();
    for length in [119, 120, 121, 128, 130, 512, 513, 1023, 1024, 1025, 5000] {
        texts.push("k".repeat(length));
        texts.push("k ".repeat(length / 2) + "k");
        texts.push("é".repeat(length / 2));
        texts.push(": ".repeat(length / 2));
    }
    texts
}

/// The same text in every place where one can stand.
fn places(text: &str) -> Vec<Node> {
    let value = || Node::string(text, ID);
    let key = |value: Node| Node::from_entries([(text, value)], ID);
    let list = |items: Vec<Node>| Node::list(items, ID);
    vec![
        value(),
        Node::from_entries([("a", value()), ("b", value())], ID),
        Node::from_entries(
            [
                ("a", Node::from_entries([("b", value())], ID)),
                ("c", value()),
            ],
            ID,
        ),
        list(vec![value(), value()]),
        list(vec![
            list(vec![value(), list(vec![value()])]),
            Node::from_entries([("a", value()), ("b", value())], ID),
        ]),
        Node::from_entries(
            [
                ("a", list(vec![value(), key(value())])),
                ("b", Node::integer(1, ID)),
            ],
            ID,
        ),
        key(value()),
        key(Node::null(ID)),
        key(list(vec![value(), Node::bool(true, ID)])),
        key(key(value())),
        list(vec![
            key(list(vec![key(value())])),
            key(Node::from_entries([("x", value()), ("y", value())], ID)),
        ]),
    ]
}

fn by_us(text: &str) -> Result<Node, String> {
    let (mut origins, mut found) = (Origins::default(), Diagnostics::default());
    let node = parse_one(FileId(0), text, &mut origins, &mut found);
    match (found.iter().next(), node) {
        (None, Some(node)) => Ok(node),
        (finding, _) => Err(format!("{finding:?}")),
    }
}

fn by_serde_yaml(text: &str) -> Result<Node, String> {
    fn node(value: serde_yaml::Value) -> Node {
        match value {
            serde_yaml::Value::Null => Node::null(ID),
            serde_yaml::Value::Bool(value) => Node::bool(value, ID),
            serde_yaml::Value::Number(value) => {
                Node::new(Kind::Number(value.to_string().into()), ID)
            }
            serde_yaml::Value::String(value) => Node::string(value, ID),
            serde_yaml::Value::Sequence(items) => Node::list(items.into_iter().map(node), ID),
            serde_yaml::Value::Mapping(entries) => Node::from_entries(
                entries.into_iter().map(|(key, value)| {
                    (key.as_str().unwrap_or("NOT TEXT").to_owned(), node(value))
                }),
                ID,
            ),
            serde_yaml::Value::Tagged(_) => Node::string("TAGGED", ID),
        }
    }
    serde_yaml::from_str(text)
        .map(node)
        .map_err(|error| error.to_string())
}

fn by_yaml_rust2(text: &str) -> Result<Node, String> {
    use yaml_rust2::Yaml;
    fn node(value: Yaml) -> Node {
        match value {
            Yaml::Null => Node::null(ID),
            Yaml::Boolean(value) => Node::bool(value, ID),
            Yaml::Integer(value) => Node::integer(value, ID),
            Yaml::Real(value) => Node::new(Kind::Number(value.into()), ID),
            Yaml::String(value) => Node::string(value, ID),
            Yaml::Array(items) => Node::list(items.into_iter().map(node), ID),
            Yaml::Hash(entries) => Node::from_entries(
                entries.into_iter().map(|(key, value)| {
                    (key.into_string().unwrap_or("NOT TEXT".into()), node(value))
                }),
                ID,
            ),
            Yaml::Alias(_) | Yaml::BadValue => Node::string("BAD", ID),
        }
    }
    let documents =
        yaml_rust2::YamlLoader::load_from_str(text).map_err(|error| error.to_string())?;
    let [document] = documents
        .try_into()
        .map_err(|_| "not one document".to_owned())?;
    Ok(node(document))
}

fn read_back(node: &Node) {
    let text = print(node);
    assert!(text.ends_with('\n'));
    assert_eq!(by_us(&text).as_ref(), Ok(node), "we read\n{text}");
    assert_eq!(
        by_serde_yaml(&text).as_ref(),
        Ok(node),
        "yaml_serde reads\n{text}"
    );
    assert_eq!(
        by_yaml_rust2(&text).as_ref(),
        Ok(node),
        "yaml-rust2 reads\n{text}"
    );
}

#[test]
fn nasty_texts_stay_what_they_are() {
    for text in texts() {
        for node in places(&text) {
            read_back(&node);
        }
    }
}

#[test]
fn style() {
    let list = Node::list(
        [
            Node::from_entries(
                [
                    ("name", Node::string("a", ID)),
                    ("args", Node::list(vec![Node::string("--x", ID)], ID)),
                ],
                ID,
            ),
            Node::list(vec![Node::integer(1, ID), Node::integer(2, ID)], ID),
            Node::list(vec![], ID),
        ],
        ID,
    );
    let mut off = Node::from_entries([("a", Node::integer(1, ID))], ID);
    if let Some(map) = off.as_map_mut() {
        map.notes_mut().switch = Some((false, ID));
    }
    let node = Node::from_entries(
        [
            ("list", list),
            ("script", Node::string("set -eu\n\techo hi\n", ID)),
            ("empty", Node::from_entries::<&str>([], ID)),
            ("gone", off),
            ("version", Node::string("1.36.0", ID)),
            ("quote", Node::string("it's", ID)),
        ],
        ID,
    );
    let want = "list:\n- name: a\n  args:\n  - '--x'\n- - 1\n  - 2\n- []\nscript: |\n  set -eu\n  \techo hi\nempty: {}\n\
                gone: false\nversion: '1.36.0'\nquote: it's\n";
    assert_eq!(print(&node), want);
}

#[test]
fn numbers_mean_the_same_to_all() {
    let cases = [
        ("0", "0"),
        ("-0", "0"),
        ("+1", "1"),
        ("12", "12"),
        ("-12", "-12"),
        ("007", "7"),
        ("0o17", "15"),
        ("0x1f", "31"),
        ("-0x1F", "-31"),
        ("0b101", "5"),
        ("1_000", "1000"),
        ("1e3", "1.0e+3"),
        ("1E-3", "1.0e-3"),
        ("1.5e+30", "1.5e+30"),
        (".5", "0.5"),
        ("-.5", "-0.5"),
        ("1.", "1.0"),
        ("01.50", "1.50"),
        ("-0.0", "-0.0"),
        (".inf", ".inf"),
        ("-.INF", "-.inf"),
        ("+.inf", ".inf"),
        (".NaN", ".nan"),
        ("18446744073709551615", "18446744073709551615"),
        (
            "123456789012345678901234567890",
            "123456789012345678901234567890",
        ),
        ("12:30", "'12:30'"),
        ("", "\"\""),
        (".", "'.'"),
        ("0x", "'0x'"),
        ("0x+1", "'0x+1'"),
        ("1e", "'1e'"),
        ("--1", "'--1'"),
    ];
    for (source, want) in cases {
        let node = Node::new(Kind::Number(source.into()), ID);
        assert_eq!(print(&node).trim_end(), want, "{source}");
    }
}

#[test]
fn one_line_texts() {
    assert_eq!(print_text("plain"), "plain");
    assert_eq!(print_text("a\nb"), "\"a\\nb\"");
    assert_eq!(print_text("no"), "'no'");
}

fn tree() -> impl Strategy<Value = Node> {
    let any_text = prop_oneof![
        prop::sample::select(texts()),
        "[ -~\n\t]{0,12}",
        "[a-z0-9:._/-]{0,8}",
        any::<String>(),
    ];
    let leaf = prop_oneof![
        Just(Node::null(ID)),
        any::<bool>().prop_map(|value| Node::bool(value, ID)),
        any::<i64>().prop_map(|value| Node::integer(value, ID)),
        any_text.clone().prop_map(|text| Node::string(text, ID)),
        any_text.clone().prop_map(|text| Node::string(text, ID)),
    ];
    leaf.prop_recursive(5, 40, 5, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(|items| Node::list(items, ID)),
            prop::collection::vec((any_text.clone(), inner), 0..5)
                .prop_map(|entries| Node::from_entries(entries, ID)),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, ..ProptestConfig::default() })]

    #[test]
    fn a_number_is_written_once_and_for_all(source in "[-+]?(0[xob])?[0-9a-f_]{0,3}[.]?[0-9]{0,2}([eE][-+]?[0-9]{1,2})?") {
        let text = print(&Node::new(Kind::Number(source.into()), ID));
        let read = by_us(&text);
        prop_assert!(read.is_ok(), "{:?}", read);
        prop_assert_eq!(read.map(|node| print(&node)), Ok(text));
    }

    #[test]
    fn any_tree_is_read_back(node in tree()) {
        read_back(&node);
    }
}
