//! Files of our own: layout, and that whatever goes in comes out.

use crate::support::{A, B, a, all, b, now, opened, plain, value};
use proptest::prelude::*;
use sops::{Draft, Error, Identities, Identity, Item, NewSecret, Recipient, Sealed, SecretValue};

fn recipients() -> [Recipient; 2] {
    [A.parse().unwrap(), B.parse().unwrap()]
}

/// The lines without what is random.
fn outline(text: &str) -> String {
    let is_armour = |line: &&str| !line.starts_with("            ");
    let lines = text
        .lines()
        .filter(is_armour)
        .map(|line| match line.split_once("ENC[") {
            Some((start, _)) => format!("{start}ENC[..]\n"),
            None => format!("{line}\n"),
        });
    lines.collect()
}

#[test]
fn a_new_secret_has_the_layout_of_sops() {
    let mut secret = NewSecret::new("db", "shop");
    secret
        .labels
        .push(("app.kubernetes.io/name".into(), "db".into()));
    secret.annotations.push(("note".into(), "yes".into()));
    secret
        .annotations
        .push(("text".into(), "one\ntwo\n".into()));
    secret.kind = Some("Opaque".into());
    secret.data.push(("k".into(), value("aGVsbG8=")));
    secret
        .string_data
        .push(("password".into(), value("p@ss: word # x")));
    secret.string_data.push(("empty".into(), value("")));
    secret.string_data.push(("on".into(), value("0755")));
    let text = secret.seal(&recipients(), now()).unwrap();
    // As `sops --encrypt` and `sops set` of 3.13.2 leave it.
    let expected = format!(
        "apiVersion: v1
kind: Secret
metadata:
    name: db
    namespace: shop
    labels:
        app.kubernetes.io/name: db
    annotations:
        note: \"yes\"
        text: |
type: Opaque
data:
    k: ENC[..]
stringData:
    password: ENC[..]
    empty: \"\"
    \"on\": ENC[..]
sops:
    age:
        - enc: |
          recipient: {A}
        - enc: |
          recipient: {B}
    encrypted_regex: ^(data|stringData)$
    lastmodified: \"2027-01-02T03:04:05Z\"
    mac: ENC[..]
    mac_only_encrypted: true
    version: 3.13.2
"
    );
    assert_eq!(outline(&text), expected);
    let opened = opened(&text, &b());
    assert_eq!(
        plain(&opened, "stringData/password").as_deref(),
        Some("p@ss: word # x")
    );
    assert_eq!(plain(&opened, "data/k").as_deref(), Some("aGVsbG8="));
    assert_eq!(
        opened.sealed().clear(&["metadata", "annotations", "text"]),
        Some("one\ntwo\n")
    );
}

#[test]
fn nothing_is_sealed_for_nobody_or_in_the_open() {
    let seal = |entries: Vec<(&str, Item)>, recipients: &[Recipient]| {
        let entries = entries
            .into_iter()
            .map(|(key, item)| (key.to_owned(), item))
            .collect();
        let encrypted_regex = "^secret$".to_owned();
        let draft = Draft {
            entries,
            encrypted_regex,
        };
        draft.seal(recipients, now()).err()
    };
    let secret = || Item::Secret(value("x"));
    assert_eq!(
        seal(vec![("secret", secret())], &[]),
        Some(Error::NoRecipients)
    );
    let path = |path: &str| path.to_owned();
    assert_eq!(
        seal(vec![("open", secret())], &recipients()),
        Some(Error::NotSelected { path: path("open") })
    );
    assert_eq!(
        seal(
            vec![(
                "secret",
                Item::Map(vec![("x".into(), Item::Clear("x".into()))])
            )],
            &recipients()
        ),
        Some(Error::PlainText {
            path: path("secret/x")
        })
    );
    let lost = Item::Secret(value("\tx\ny"));
    assert_eq!(
        seal(vec![("secret", lost)], &recipients()),
        Some(Error::Lost {
            path: path("secret")
        })
    );
    let bytes = Item::Secret(SecretValue::new([0xff]));
    assert_eq!(
        seal(vec![("secret", bytes)], &recipients()),
        Some(Error::NotText {
            path: path("secret")
        })
    );
    assert!(
        seal(
            vec![
                ("a", Item::Clear("x".into())),
                ("a", Item::Clear("y".into()))
            ],
            &recipients()
        )
        .is_some()
    );
    assert!(seal(vec![("sops", Item::Clear("x".into()))], &recipients()).is_some());
    assert!(
        seal(
            vec![("secret", secret()), ("secret", secret())],
            &recipients()
        )
        .is_some()
    );
}

#[test]
fn a_recipient_that_is_named_twice_gets_one_copy() {
    let [a, b] = recipients();
    let text = NewSecret::new("x", "y")
        .seal(&[a.clone(), b, a], now())
        .unwrap();
    let sealed = Sealed::parse(&text).unwrap_or_else(|problem| panic!("{problem}"));
    assert_eq!(sealed.recipients().collect::<Vec<_>>(), [A, B]);
}

#[test]
fn a_large_value_comes_back() {
    let large = "é\n x".repeat(25_000);
    let mut secret = NewSecret::new("x", "y");
    secret.string_data.push(("large".into(), value(&large)));
    let text = secret.seal(&recipients(), now()).unwrap();
    let mut opened = opened(&text, &a());
    assert!(opened.get(&["stringData", "large"]) == Some(&value(&large)));
    assert!(
        !opened
            .set(&["stringData", "large"], &value(&large))
            .unwrap()
    );
}

/// Texts that some reader or writer of YAML may stumble over.
fn nasty() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[ \t\r\n:#'\"|>{}\\[\\]a0-]{0,12}",
        prop::sample::select(vec![
            "",
            "~",
            "null",
            "yes",
            "0755",
            "1e3",
            "ENC[AES256_GCM,data:x]",
            "---",
            " x "
        ])
        .prop_map(str::to_owned),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn any_values_come_back(
        values in prop::collection::btree_map("[-._a-zA-Z0-9]{1,12}", nasty(), 0..6),
        note in nasty(),
        changed in nasty(),
    ) {
        let lost = |text: &str| text.starts_with('\t') && text.contains('\n');
        let values: Vec<(String, String)> = values.into_iter().filter(|(_, text)| !lost(text)).collect();
        prop_assume!(!lost(&note) && !lost(&changed));
        let key = Identity::generate();
        let mut secret = NewSecret::new("x", "y");
        secret.annotations.push(("note".into(), note.clone()));
        for (key, text) in &values {
            secret.string_data.push((key.clone(), value(text)));
        }
        let text = secret.seal(&[key.recipient()], now()).unwrap();
        let keys = Identities::from(key);
        let mut file = opened(&text, &keys);
        prop_assert_eq!(file.sealed().clear(&["metadata", "annotations", "note"]), Some(&*note));
        let found: Vec<(String, Option<String>)> = all(&file);
        let expected = values.iter().map(|(key, text)| (format!("stringData/{key}"), Some(text.clone())));
        prop_assert_eq!(found, expected.collect::<Vec<_>>());
        // The same for an edit.
        file.set(&["stringData", "changed"], &value(&changed)).unwrap();
        let text = file.write(now()).unwrap();
        let again = opened(&text, &keys);
        prop_assert_eq!(plain(&again, "stringData/changed"), Some(changed));
        // Another reader sees the same document.
        let tree: serde_yaml::Value = serde_yaml::from_str(&text).unwrap();
        prop_assert_eq!(tree["metadata"]["annotations"]["note"].as_str(), Some(&*note));
    }
}
