//! What was changed without the key is refused, and the word says what.

use crate::support::{A, DEFAULT, FULL, MANY, SECRET, a, b, open, refusal};
use proptest::prelude::*;
use sops::{Error, Sealed};

/// The text with one letter of a stretch changed for another of base64.
fn bent(text: &str, marker: &str, offset: usize) -> String {
    let at = text.find(marker).unwrap() + marker.len() + offset;
    let new = if text.as_bytes()[at] == b'B' {
        "C"
    } else {
        "B"
    };
    format!("{}{new}{}", &text[..at], &text[at + 1..])
}

#[test]
fn damage_is_named() {
    for (marker, offset, expected) in [
        (
            "password: ENC[AES256_GCM,data:",
            3,
            "the value at `stringData/password` is damaged",
        ),
        (
            "    k: ENC[AES256_GCM,data:",
            0,
            "the value at `data/k` is damaged",
        ),
        (
            "    mac: ENC[AES256_GCM,data:",
            3,
            "its `mac` or its `lastmodified`",
        ),
    ] {
        let said = refusal(&bent(SECRET, marker, offset)).unwrap();
        assert!(said.contains(expected), "{said}");
    }
    let said = refusal(&bent(
        SECRET,
        "YWdlLWVuY3J5cHRpb24ub3JnL3YxCi0+IFgyNTUxOSB",
        4,
    ))
    .unwrap();
    assert!(
        said.contains(&format!("the data key for {A} is damaged")),
        "{said}"
    );
    let other = SECRET.replacen(
        A,
        "age1kpg8t5af0m99ktzlfajglyee2v4qpeqyphpcn5z0w2frff7jkg3qtw5z9u",
        1,
    );
    assert!(refusal(&other).unwrap().contains("is damaged"));
    let later = SECRET.replace("lastmodified: \"2026", "lastmodified: \"2027");
    assert!(
        refusal(&later)
            .unwrap()
            .contains("its `mac` or its `lastmodified`")
    );
}

#[test]
fn moved_removed_and_added_values_are_refused() {
    let line = |key: &str| {
        SECRET
            .lines()
            .find(|line| line.starts_with(&format!("    {key}: ")))
            .unwrap()
    };
    let (octal, word) = (line("octal"), line("word"));
    let swapped = SECRET.replace(octal, &word.replace("word", "octal"));
    assert!(
        refusal(&swapped)
            .unwrap()
            .contains("`stringData/octal` is damaged")
    );
    for text in [
        SECRET.replace(&format!("{octal}\n"), ""),
        SECRET
            .replace(octal, "HERE")
            .replace(word, octal)
            .replace("HERE", word),
        SECRET.replace("    mac_only_encrypted: true\n", ""),
        FULL.replace("name: db", "name: dc"),
        FULL.replace("octal: 493", "octal: 494"),
    ] {
        assert!(refusal(&text).unwrap().contains("not what was sealed"));
    }
    // With `mac_only_encrypted`, what anybody may read anybody may change.
    open(&SECRET.replace("name: db", "name: dc"));
}

#[test]
fn what_is_not_sealed_is_told_apart() {
    let said = |text: &str| {
        Sealed::parse(text)
            .err()
            .map(|problem| problem.to_string())
            .unwrap()
    };
    assert_eq!(said(""), "the file is not sealed: it has no `sops` block");
    assert_eq!(
        said("a: b\n"),
        "the file is not sealed: it has no `sops` block"
    );
    assert_eq!(
        said("- a\n"),
        "the file is not sealed: it has no `sops` block"
    );
    assert_eq!(
        said("a: b\npassword: [hunter2\n"),
        "not what SOPS writes, at line 2: it is not readable as YAML (syntax)"
    );
    let mut lines: Vec<&str> = SECRET.lines().collect();
    let at = lines
        .iter()
        .position(|line| line.contains(" octal: "))
        .unwrap();
    lines[at] = "    octal: hunter2";
    assert_eq!(
        said(&lines.join("\n")),
        "the value at `stringData/octal` is not encrypted"
    );
    lines[at] = "    octal: 5";
    assert_eq!(
        said(&lines.join("\n")),
        "the value at `stringData/octal` is not encrypted"
    );
    assert!(said(MANY).contains("several documents"));
    assert!(said(&SECRET.replace("    version: 3.13.2\n", "")).contains("`sops.version`"));
    assert!(said("sops: x\n").contains("no map"));
    let rules = SECRET.replace(
        "    encrypted_regex",
        "    encrypted_suffix: x\n    encrypted_regex",
    );
    assert!(said(&rules).contains("more than one rule"));
    let comments = DEFAULT.replace(
        "    unencrypted_suffix: _unencrypted",
        "    encrypted_comment_regex: x",
    );
    assert!(said(&comments).contains("not supported: `sops.encrypted_comment_regex`"));
    let groups = SECRET.replace("    age:\n", "    shamir_threshold: 1\n    key_groups:\n");
    assert!(said(&groups).contains("data key in parts"));
    let alias = SECRET.replace("metadata:\n", "x: &x a\ny: *x\nmetadata:\n");
    assert!(said(&alias).contains("anchors and aliases"));
}

#[test]
fn strangers_are_told_for_whom_it_is() {
    let refused = Sealed::parse(FULL).and_then(|sealed| sealed.open(&b()));
    let Some(Error::NoIdentity { recipients, .. }) = refused.as_ref().err() else {
        panic!("opened")
    };
    assert_eq!(recipients, &[A]);
    assert!(refused.err().unwrap().to_string().contains(A));
    let alone = SECRET.split_once("    age:\n").unwrap().0.to_owned()
        + "    pgp:\n        - enc: x\n"
        + &SECRET[SECRET.find("    encrypted_regex").unwrap()..];
    assert!(refusal(&alone).unwrap().contains("keys of pgp alone"));
}

/// The stretches of a text that hold ciphertext.
fn sealed_stretches(text: &str) -> Vec<std::ops::Range<usize>> {
    let mut found = Vec::new();
    for (start, _) in text.match_indices("ENC[") {
        let end = start + text[start..].find(']').unwrap() + 1;
        if text[..start].ends_with(": ") {
            found.push(start..end);
        }
    }
    let start = text.find("-----BEGIN").unwrap();
    found.push(start..start + text[start..].find("          recipient").unwrap());
    let start = text.find("lastmodified: \"").unwrap() + 15;
    found.push(start..start + 20);
    found
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(120))]

    #[test]
    fn a_flipped_bit_is_refused(at in any::<prop::sample::Index>(), stretch in any::<prop::sample::Index>(), bit in 0..7u32) {
        let stretches = sealed_stretches(FULL);
        let stretch = stretch.get(&stretches).clone();
        let mut bytes = FULL.as_bytes().to_vec();
        bytes[stretch.start + at.index(stretch.len())] ^= 1u8 << bit;
        let text = String::from_utf8(bytes).unwrap();
        let said = Sealed::parse(&text).and_then(|sealed| sealed.open(&a()).map(drop)).map_err(|e| e.to_string());
        prop_assert!(said.is_err());
        prop_assert!(!said.unwrap_err().contains("hunter2"));
    }
}
