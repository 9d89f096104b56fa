//! Where identities are found, and what is said when there is none.

use super::{Identities, Identity};
use crate::error::Error;
use crate::secret::SecretValue;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io;
use std::path::Path;

type Files = BTreeMap<&'static str, Vec<u8>>;

fn load(environment: &[(&str, &str)], files: &Files) -> Result<Identities, Error> {
    let environment = |name: &str| {
        let set = environment.iter().find(|(key, _)| *key == name);
        set.map(|(_, value)| OsString::from(value))
    };
    let read = |path: &Path| {
        let file = files.get(path.to_str().unwrap());
        file.cloned()
            .ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))
    };
    Identities::load(&environment, &read)
}

fn key() -> (Vec<u8>, String) {
    let key = Identity::generate();
    let file = key.key_file("2026-11-22T08:00:00Z".parse().unwrap());
    (file.expose().to_vec(), key.recipient().to_string())
}

fn names(found: &Identities) -> Vec<String> {
    found
        .recipients()
        .map(|recipient| recipient.to_string())
        .collect()
}

#[test]
fn every_place_counts_in_the_order_of_sops() {
    let (a, b, c) = (key(), key(), key());
    let files = Files::from([("/keys/b", b.0), ("/home/x/.config/sops/age/keys.txt", c.0)]);
    let line = String::from_utf8(a.0)
        .unwrap()
        .lines()
        .last()
        .unwrap()
        .to_owned();
    let all = [
        ("SOPS_AGE_KEY", &*line),
        ("SOPS_AGE_KEY_FILE", "/keys/b"),
        ("HOME", "/home/x"),
    ];
    assert_eq!(
        names(&load(&all, &files).unwrap_or_else(|e| panic!("{e}"))),
        [a.1, b.1, c.1.clone()]
    );
    let usual = [("HOME", "/home/x"), ("XDG_CONFIG_HOME", "")];
    assert_eq!(
        names(&load(&usual, &files).unwrap_or_else(|e| panic!("{e}"))),
        [c.1]
    );
}

#[test]
fn where_it_looked_is_said() {
    let said =
        |environment: &[(&str, &str)]| load(environment, &Files::new()).err().unwrap().to_string();
    assert_eq!(
        said(&[("HOME", "/home/x"), ("XDG_CONFIG_HOME", "/etc/x")]),
        "there is no age key; looked at $SOPS_AGE_KEY, $SOPS_AGE_KEY_FILE, `/etc/x/sops/age/keys.txt`"
    );
    assert!(
        said(&[("SOPS_AGE_KEY_FILE", "/gone")])
            .starts_with("the age keys of `/gone` ($SOPS_AGE_KEY_FILE) can't be read")
    );
}

#[test]
fn a_broken_key_is_not_repeated() {
    let text = SecretValue::new("# mine\nAGE-SECRET-KEY-1SZGCSJPASJQ8GR7\n");
    let said = Identities::parse(&text, "`k`").err().unwrap().to_string();
    assert!(said.contains("line 2") && !said.contains("SZGCS"), "{said}");
    let locked = SecretValue::new("age-encryption.org/v1\n");
    assert!(
        Identities::parse(&locked, "`k`")
            .err()
            .unwrap()
            .to_string()
            .contains("passphrase")
    );
}

#[test]
fn keys_of_other_kinds_are_passed_over() {
    let (file, name) = key();
    let mut text = b"AGE-PLUGIN-YUBIKEY-1XYZ\n\n".to_vec();
    text.extend(file);
    assert_eq!(
        names(&Identities::parse(&SecretValue::new(text), "`k`").unwrap_or_else(|e| panic!("{e}"))),
        [name]
    );
}

#[cfg(unix)]
#[test]
fn a_new_key_is_its_owners_alone_and_never_overwritten() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sops/age/keys.txt");
    let (key, now) = (
        Identity::generate(),
        "2026-11-22T08:00:00Z".parse().unwrap(),
    );
    key.write_new(&path, now).unwrap();
    let mode = |path: &Path| path.symlink_metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&path), mode(path.parent().unwrap())), (0o600, 0o700));
    let read = |path: &Path| {
        Ok(Files::from([("x", key.key_file(now).expose().to_vec())])
            .remove("x")
            .filter(|_| path.starts_with("/"))
            .unwrap())
    };
    let found = Identities::load(&|name| (name == "HOME").then(|| "/h".into()), &read)
        .unwrap_or_else(|e| panic!("{e}"));
    assert_eq!(names(&found), [key.recipient().to_string()]);
    let again = Identity::generate()
        .write_new(&path, now)
        .unwrap_err()
        .to_string();
    assert!(again.contains("never overwritten"), "{again}");
}
