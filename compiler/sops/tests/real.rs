//! Files that sops wrote are read as sops reads them.

use crate::support::{A, B, DEFAULT, FULL, NARROW, SECRET, a, all, b, older, open, opened, plain};
use sops::Sealed;

#[test]
fn a_file_tells_what_it_may_without_a_key() {
    let sealed = Sealed::parse(SECRET).unwrap_or_else(|problem| panic!("{problem}"));
    assert_eq!(sealed.recipients().collect::<Vec<_>>(), [A, B]);
    assert_eq!(sealed.other_keys().count(), 0);
    assert_eq!(sealed.encrypted_regex(), Some("^(data|stringData)$"));
    assert!(sealed.mac_only_encrypted());
    assert_eq!(sealed.version(), "3.13.2");
    assert!(sealed.lastmodified().starts_with("2026-"));
    assert_eq!(sealed.clear(&["metadata", "name"]), Some("db"));
    assert_eq!(
        sealed.clear(&["metadata", "annotations", "example.org/note"]),
        Some("yes")
    );
    assert_eq!(sealed.clear(&["stringData", "password"]), None);
    assert_eq!(sealed.keys(&["data"]).collect::<Vec<_>>(), ["k"]);
    assert_eq!(sealed.keys(&["stringData"]).count(), 12);
    assert_eq!(sealed.keys(&["no", "such"]).count(), 0);
}

#[test]
fn values_are_what_was_sealed() {
    let opened = open(SECRET);
    for (path, expected) in [
        ("stringData/password", Some("p@ss: word # x")),
        ("stringData/empty", Some("")),
        ("stringData/lines", Some("a\n  b\n")),
        ("stringData/octal", Some("0755")),
        ("stringData/word", Some("yes")),
        ("stringData/blank", Some("x ")),
        ("stringData/letters", Some("é😀\u{85}")),
        ("stringData/on", Some("1e3")),
        ("stringData/number", Some("5")),
        ("stringData/truth", Some("True")),
        ("stringData/fraction", Some("2.5")),
        ("stringData/nothing", None),
        ("data/k", Some("aGVsbG8=")),
        ("metadata/name", None),
        ("stringData", None),
        ("no/such", None),
    ] {
        assert_eq!(plain(&opened, path).as_deref(), expected, "{path}");
    }
}

#[test]
fn each_recipient_opens_it() {
    assert_eq!(all(&opened(SECRET, &b())), all(&open(SECRET)));
    assert_eq!(all(&opened(NARROW, &b())), all(&opened(NARROW, &a())));
}

#[test]
fn a_mac_over_everything_covers_what_go_makes_of_it() {
    // Dates, octal numbers, floats and lists in the clear; sops wrote them in its own form.
    assert_eq!(
        plain(&open(FULL), "stringData/password").as_deref(),
        Some("hunter2")
    );
    // And as people write them: the value stays the same, so does the MAC.
    for (written, other) in [
        ("date: 2026-01-02T00:00:00Z", "date: 2026-1-2"),
        ("octal: 493", "octal: 0755"),
        ("hex: 31", "hex: 0x1F"),
        ("float: 1", "float: 1.0"),
        ("large: 1e+30", "large: 1e30"),
        ("truth: true", "truth: True"),
        ("none: null", "none: ~"),
        ("none: null", "none:"),
        ("word: \"no\"", "word: no"),
        ("text: \"0755\"", "text: !!str 0755"),
        ("text: \"0755\"", "text: '0755'"),
        ("clock: \"12:30\"", "clock: 12:30"),
    ] {
        assert!(FULL.contains(written), "{written}");
        open(&FULL.replace(written, other));
    }
}

#[test]
fn other_rules_and_indents_are_read() {
    let opened = open(DEFAULT);
    assert_eq!(plain(&opened, "cluster/secret").as_deref(), Some("s3cret"));
    assert_eq!(plain(&opened, "cluster/note_unencrypted"), None);
    assert_eq!(opened.sealed().encrypted_regex(), None);
    let opened = open(NARROW);
    assert_eq!(
        plain(&opened, "certs/etcd/key").as_deref(),
        Some("LS0tLS0=")
    );
    assert_eq!(opened.sealed().clear(&["metadata", "name"]), Some("x"));
}

#[test]
fn other_layouts_of_the_same_are_read() {
    open(&SECRET.replace('\n', "\r\n"));
    open(&format!("---\n{SECRET}"));
    open(&format!("# a comment\n\n{SECRET}\n# the end\n"));
    open(&older());
    // Keys of other kinds may stand beside.
    let more = "sops:\n    pgp:\n        - created_at: \"2026-01-01T00:00:00Z\"\n          enc: x\n          fp: x\n    kms: []\n";
    let both = open(&SECRET.replace("sops:\n", more));
    assert_eq!(both.sealed().other_keys().collect::<Vec<_>>(), ["pgp"]);
}
