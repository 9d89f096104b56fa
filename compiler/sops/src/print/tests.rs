//! Texts, and what sops 3.13.2 made of each.

use super::{is_lost, key, value};

#[test]
fn values_are_written_as_sops_writes_them() {
    for (text, expected) in [
        ("", "\"\""),
        ("yes", "\"yes\""),
        ("y", "\"y\""),
        ("Off", "\"Off\""),
        ("true", "\"true\""),
        ("null", "\"null\""),
        ("~", "\"~\""),
        ("12", "\"12\""),
        ("0755", "\"0755\""),
        ("1_000", "\"1_000\""),
        (".5", "\".5\""),
        ("12:30", "\"12:30\""),
        ("1.2.3", "1.2.3"),
        ("2026-11-22", "\"2026-11-22\""),
        (".inf", "\".inf\""),
        ("-", "'-'"),
        ("-a", "-a"),
        ("- a", "'- a'"),
        ("---", "'---'"),
        ("...", "'...'"),
        ("a: b", "'a: b'"),
        ("a:", "'a:'"),
        (":a", ":a"),
        ("?a", "?a"),
        ("? a", "'? a'"),
        ("#a", "'#a'"),
        ("a #b", "'a #b'"),
        ("a#b", "a#b"),
        ("{a}", "'{a}'"),
        ("@a", "'@a'"),
        ("'a'", "'''a'''"),
        ("\"a\"", "'\"a\"'"),
        ("it's", "it's"),
        (" a", "' a'"),
        ("a ", "'a '"),
        ("a\tb", "\"a\\tb\""),
        ("a\n", "|\n    a"),
        ("a\nb\n", "|\n    a\n    b"),
        ("a\n\n", "|+\n    a\n"),
        ("\n", "|4+\n"),
        (" a\nb", "|4-\n     a\n    b"),
        ("a \nb", "\"a \\nb\""),
        ("a\n b", "|-\n    a\n     b"),
        ("p@ss: word # x", "'p@ss: word # x'"),
        ("^(data|stringData)$", "^(data|stringData)$"),
        ("||&-\u{0}\ny", "\"||&-\\0\\ny\""),
        ("%7>\t😀\n", "\"%7>\\t\\U0001F600\\n\""),
        ("'\n\r.", "\"'\\n\\r.\""),
        ("\r", "\"\\r\""),
    ] {
        assert_eq!(value(text, 4), expected, "{text:?}");
    }
}

#[test]
fn keys_are_written_as_sops_writes_them() {
    for (text, expected) in [
        ("yes", "\"yes\""),
        ("12", "\"12\""),
        ("a: b", "'a: b'"),
        ("a", "a"),
        ("'a'", "'''a'''"),
        ("", "\"\""),
    ] {
        assert_eq!(key(text), expected, "{text:?}");
    }
    assert_eq!(key("a\nb"), "\"a\\nb\"");
}

#[test]
fn what_sops_loses_is_known() {
    assert!(is_lost("\ta\nb") && is_lost("\t\n"));
    assert!(!is_lost("\ta") && !is_lost("a\n\tb") && !is_lost("\n\ta\n") && !is_lost("\ta \nb"));
}
