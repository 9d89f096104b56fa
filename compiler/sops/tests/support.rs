//! The files, the keys, and ways to compare.

use jiff::Timestamp;
use sops::{Identities, Opened, Sealed, SecretValue};

pub const SECRET: &str = include_str!("sealed/secret.yaml");
pub const FULL: &str = include_str!("sealed/full.yaml");
pub const DEFAULT: &str = include_str!("sealed/default.yaml");
pub const NARROW: &str = include_str!("sealed/narrow.yaml");
pub const MANY: &str = include_str!("sealed/many.yaml");

/// The recipients of the two throwaway identities.
pub const A: &str = "age1rs9sdw9mgmjhatuzgqhhyy40uqthqy6meahm2s2egjvnx4sl3c7sulv59n";
pub const B: &str = "age1y2mxp6qhq6gh39cz240flgu3r4jgzu7hgwt2kvvav6jy8cl83uksg3g7pj";

pub fn a() -> Identities {
    keys(include_str!("sealed/a.agekey"))
}

pub fn b() -> Identities {
    keys(include_str!("sealed/b.agekey"))
}

fn keys(text: &str) -> Identities {
    let found = Identities::parse(&SecretValue::new(text), "the fixture");
    found.unwrap_or_else(|problem| panic!("{problem}"))
}

pub fn open(text: &str) -> Opened {
    opened(text, &a())
}

pub fn opened(text: &str, keys: &Identities) -> Opened {
    let opened = Sealed::parse(text).and_then(|sealed| sealed.open(keys));
    opened.unwrap_or_else(|problem| panic!("{problem}"))
}

/// What is said where a text can't be opened.
pub fn refusal(text: &str) -> Option<String> {
    let opened = Sealed::parse(text).and_then(|sealed| sealed.open(&a()));
    opened.err().map(|problem| problem.to_string())
}

pub fn now() -> Timestamp {
    "2027-01-02T03:04:05Z".parse().unwrap()
}

pub fn value(text: &str) -> SecretValue {
    SecretValue::new(text)
}

/// The plain text at a path with `/` between its keys.
pub fn plain(opened: &Opened, path: &str) -> Option<String> {
    let path: Vec<&str> = path.split('/').collect();
    let value = opened.get(&path)?;
    Some(value.expose_text().unwrap().to_owned())
}

/// Everything that is encrypted, with its path.
pub fn all(opened: &Opened) -> Vec<(String, Option<String>)> {
    let paths = opened.sealed().paths().map(|path| path.join("/"));
    paths
        .map(|path| (path.clone(), plain(opened, &path)))
        .collect()
}

/// `SECRET` as older versions of sops lay it out: `recipient` above `enc`.
pub fn older() -> String {
    let (mut text, mut enc) = (String::new(), None::<String>);
    for line in SECRET.lines() {
        if line == "        - enc: |" {
            enc = Some(String::new());
        } else if let Some(recipient) = line.strip_prefix("          recipient: ") {
            let enc = enc.take().unwrap();
            text.push_str(&format!(
                "        - recipient: {recipient}\n          enc: |\n{enc}"
            ));
        } else {
            let to = enc.as_mut().unwrap_or(&mut text);
            to.push_str(&format!("{line}\n"));
        }
    }
    text
}

/// The lines that differ, each without what is random in it.
pub fn changes(before: &str, after: &str) -> Vec<String> {
    let (old, new): (Vec<&str>, Vec<&str>) = (before.lines().collect(), after.lines().collect());
    let gone = old
        .iter()
        .filter(|line| !new.contains(line))
        .map(|line| format!("-{}", short(line)));
    let come = new
        .iter()
        .filter(|line| !old.contains(line))
        .map(|line| format!("+{}", short(line)));
    gone.chain(come).collect()
}

fn short(line: &str) -> &str {
    line.split_once("data:").map_or(line, |(start, _)| start)
}
