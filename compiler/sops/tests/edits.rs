//! Edits change what they must, and nothing else.

use crate::support::{
    A, B, DEFAULT, FULL, NARROW, SECRET, a, all, b, changes, now, older, open, opened, plain,
    refusal, value,
};
use sops::{Error, Identities, Identity, Opened, Recipient, Sealed};

/// The text after an edit; it opens again.
fn after(text: &str, edit: impl FnOnce(&mut Opened) -> Result<bool, Error>) -> String {
    let mut opened = open(text);
    assert!(edit(&mut opened).unwrap());
    let text = opened.write(now()).unwrap();
    assert_eq!(all(&open(&text)), all(&opened));
    text
}

#[test]
fn the_same_value_changes_no_byte() {
    let mut opened = open(SECRET);
    for (path, expected) in all(&open(SECRET)) {
        let path: Vec<&str> = path.split('/').collect();
        let typed = matches!(
            path.as_slice(),
            ["stringData", "number" | "truth" | "fraction"]
        );
        if !typed {
            assert!(
                !opened.set(&path, &value(&expected.unwrap())).unwrap(),
                "{path:?}"
            );
        }
    }
    assert!(!opened.remove(&["data", "none"]).unwrap());
    assert!(opened.write(now()).unwrap() == SECRET);
}

#[test]
fn one_value_changes_its_line_and_the_macs() {
    let text = after(SECRET, |opened| {
        opened.set(&["stringData", "password"], &value("new\nline"))
    });
    assert_eq!(
        changes(SECRET, &text),
        [
            "-    password: ENC[AES256_GCM,",
            &format!(
                "-    lastmodified: \"{}\"",
                open(SECRET).sealed().lastmodified()
            ),
            "-    mac: ENC[AES256_GCM,",
            "+    password: ENC[AES256_GCM,",
            "+    lastmodified: \"2027-01-02T03:04:05Z\"",
            "+    mac: ENC[AES256_GCM,",
        ]
    );
    assert_eq!(
        plain(&opened(&text, &b()), "stringData/password").as_deref(),
        Some("new\nline")
    );
}

#[test]
fn a_number_becomes_the_text_that_a_secret_wants() {
    let text = after(SECRET, |opened| {
        opened.set(&["stringData", "number"], &value("5"))
    });
    assert!(text.contains("    number: ENC[") && !text.contains("type:int]"));
}

#[test]
fn empty_and_null_values_are_filled_and_emptied() {
    let text = after(SECRET, |opened| {
        opened.set(&["stringData", "empty"], &value("x"))
    });
    let text = after(&text, |opened| {
        opened.set(&["stringData", "nothing"], &value(""))
    });
    assert!(text.contains("    nothing: \"\"\n"));
    let bare = SECRET.replace("    nothing: null\n", "    nothing:\n");
    let text = after(&bare, |opened| {
        opened.set(&["stringData", "nothing"], &value("x"))
    });
    assert!(text.contains("    nothing: ENC["));
}

#[test]
fn new_keys_go_to_the_end_of_their_map() {
    let text = after(SECRET, |opened| {
        opened.set(&["data", "new"], &value("eA=="))
    });
    let lines: Vec<String> = changes(SECRET, &text)
        .into_iter()
        .filter(|l| l.starts_with('+'))
        .collect();
    assert_eq!(
        lines.first().map(String::as_str),
        Some("+    new: ENC[AES256_GCM,")
    );
    assert_eq!(lines.len(), 3);
    assert_eq!(
        open(&text).sealed().keys(&["data"]).collect::<Vec<_>>(),
        ["k", "new"]
    );
    // An empty map, a missing one, and a key that must be quoted.
    let text = after(FULL, |opened| opened.set(&["data", "yes"], &value("x")));
    assert!(text.contains("\ndata:\n    \"yes\": ENC["));
    let text = after(DEFAULT, |opened| {
        opened.set(&["trustdinfo", "a", "token"], &value("x"))
    });
    assert!(text.contains("\ntrustdinfo:\n    a:\n        token: ENC["));
    assert!(text.ends_with(&format!("version: {}\n", "3.13.2")));
    let text = after(NARROW, |opened| {
        opened.set(&["trustdinfo", "token"], &value("x"))
    });
    assert!(text.contains("\ntrustdinfo:\n  token: ENC["));
}

#[test]
fn a_removed_value_takes_its_lines_along() {
    let text = after(SECRET, |opened| opened.remove(&["stringData", "lines"]));
    let gone: Vec<String> = changes(SECRET, &text)
        .into_iter()
        .filter(|l| l.starts_with('-'))
        .collect();
    assert_eq!(
        gone.first().map(String::as_str),
        Some("-    lines: ENC[AES256_GCM,")
    );
    assert_eq!(gone.len(), 3);
    // The last one leaves an empty map, as sops does.
    let text = after(SECRET, |opened| opened.remove(&["data", "k"]));
    assert!(text.contains("\ndata: {}\nsops:\n"));
    let text = after(DEFAULT, |opened| opened.remove(&["certs", "etcd"]));
    assert!(text.contains("\ncerts:\n") && !text.contains("etcd"));
}

#[test]
fn line_breaks_and_comments_stay() {
    let windows = SECRET.replace('\n', "\r\n");
    let text = after(&windows, |opened| {
        opened.set(&["data", "new"], &value("x"))?;
        opened.add_recipient(&Identity::generate().recipient())?;
        opened.remove(&["stringData", "lines"])
    });
    assert_eq!(text.matches('\n').count(), text.matches("\r\n").count());
    let noted = SECRET.replace("    octal: ENC", "    # above\n\n    octal: ENC");
    let noted = noted.replace("data:\n    k:", "data: # right\n    # more\n    k:");
    let text = after(&noted, |opened| {
        opened.remove(&["stringData", "octal"])?;
        opened.set(&["data", "new"], &value("x"))
    });
    assert!(
        text.contains("    # above\n\n    word: ENC")
            && text.contains("data: # right\n    # more\n    k:")
    );
}

#[test]
fn what_cannot_be_edited_safely_is_refused() {
    let mut opened = open(SECRET);
    let said = |opened: &mut Opened, path: &[&str], text: &[u8]| {
        let done = opened.set(path, &sops::SecretValue::new(text));
        done.unwrap_err().to_string()
    };
    assert!(said(&mut opened, &["metadata", "x"], b"x").contains("would not be encrypted"));
    assert!(said(&mut opened, &["sops", "data"], b"x").contains("no single value"));
    assert!(said(&mut opened, &[], b"x").contains("no single value"));
    assert!(said(&mut opened, &["stringData"], b"x").contains("no single value"));
    assert!(said(&mut opened, &["stringData", "word", "x"], b"x").contains("no single value"));
    assert!(said(&mut opened, &["stringData", "x"], b"\xff").contains("not UTF-8"));
    assert!(said(&mut opened, &["stringData", "x"], b"\tx\ny").contains("sops would lose"));
    assert!(opened.remove(&["metadata", "name"]).is_err());
    assert!(opened.write(now()).unwrap() == SECRET);
    let braces = FULL.replace("data: {}\n", "data: {a: \"\"}\n");
    assert!(said(&mut open(&braces), &["data", "b"], b"x").contains("one key a line"));
    let braces = FULL.replace("data: {}\n", "data: {\n    a: \"\"\n}\n");
    assert!(said(&mut open(&braces), &["data", "a"], b"x").contains("one key a line"));
    assert!(open(&braces).remove(&["data", "a"]).is_err());
}

#[test]
fn a_new_recipient_adds_its_copy_and_nothing_else() {
    let key = Identity::generate();
    for text in [FULL, NARROW, SECRET] {
        let new = after(text, |opened| opened.add_recipient(&key.recipient()));
        let gone: Vec<String> = changes(text, &new)
            .into_iter()
            .filter(|l| l.starts_with('-'))
            .collect();
        assert!(gone.is_empty(), "{gone:?}");
        let mut again = open(&new);
        assert!(!again.add_recipient(&key.recipient()).unwrap());
        let mut known: Vec<Recipient> = again
            .sealed()
            .recipients()
            .map(|r| r.parse().unwrap())
            .collect();
        known.reverse();
        assert!(!again.set_recipients(&known).unwrap());
        assert!(again.write(now()).unwrap() == new);
    }
    let new = after(FULL, |opened| opened.add_recipient(&key.recipient()));
    assert_eq!(all(&opened(&new, &Identities::from(key))), all(&open(FULL)));
}

#[test]
fn the_layout_of_older_files_stays() {
    let text = after(&older(), |opened| {
        opened.add_recipient(&Identity::generate().recipient())
    });
    assert_eq!(text.matches("\n        - recipient: age1").count(), 3);
    let text = after(&text, |opened| opened.remove_recipient(B));
    assert_eq!(text.matches("\n        - recipient: age1").count(), 2);
    assert_eq!(
        text.matches("\n          enc: |\n            -----BEGIN")
            .count(),
        2
    );
}

#[test]
fn a_removed_recipient_can_not_open_what_comes() {
    let text = after(SECRET, |opened| opened.remove_recipient(B));
    let sealed = Sealed::parse(&text).unwrap_or_else(|problem| panic!("{problem}"));
    assert_eq!(sealed.recipients().collect::<Vec<_>>(), [A]);
    assert!(matches!(sealed.open(&b()), Err(Error::NoIdentity { .. })));
    assert_eq!(all(&open(&text)), all(&open(SECRET)));
    // Every value is encrypted anew, the comment too: nothing of the old key is left.
    let old: Vec<&str> = SECRET
        .lines()
        .filter(|line| line.contains("ENC["))
        .collect();
    assert!(old.iter().all(|line| !text.contains(line)));
    assert_eq!(
        text.lines().filter(|line| line.contains("#ENC[")).count(),
        1
    );
    let mut opened = open(&text);
    assert!(!opened.remove_recipient(B).unwrap());
    assert!(matches!(
        opened.remove_recipient(A),
        Err(Error::NoRecipients)
    ));
    assert!(matches!(
        opened.set_recipients(&[]),
        Err(Error::NoRecipients)
    ));
}

#[test]
fn recipients_may_be_exchanged_at_once() {
    let key = Identity::generate();
    let wanted = [key.recipient(), A.parse().unwrap()];
    let text = after(SECRET, |opened| opened.set_recipients(&wanted));
    let sealed = Sealed::parse(&text).unwrap_or_else(|problem| panic!("{problem}"));
    assert_eq!(
        sealed.recipients().collect::<Vec<_>>(),
        [A, key.recipient().as_str()]
    );
    assert_eq!(
        all(&opened(&text, &Identities::from(key))),
        all(&opened(SECRET, &a()))
    );
    assert!(refusal(&text).is_none());
}

#[test]
fn keys_of_other_kinds_forbid_a_new_data_key() {
    let more = "sops:\n    pgp:\n        - enc: x\n          fp: x\n";
    let mut opened = open(&SECRET.replace("sops:\n", more));
    assert!(
        opened
            .rotate()
            .unwrap_err()
            .to_string()
            .contains("keys of pgp")
    );
    assert!(
        opened
            .add_recipient(&Identity::generate().recipient())
            .unwrap()
    );
}
