//! Names: of objects, machines, domains, labels, links, volumes.

use super::Broken;
use std::net::IpAddr;

/// Whether a text is a DNS label: lower-case letters, digits and dashes, at most 63.
#[must_use]
pub fn is_dns_label(text: &str) -> bool {
    dns_label(text).is_ok()
}

/// Whether a text is a DNS name of labels, as Kubernetes takes it for object names.
#[must_use]
pub fn is_dns_subdomain(text: &str) -> bool {
    dns_subdomain(text).is_ok()
}

/// Whether a text is a DNS name.
#[must_use]
pub fn is_dns_name(text: &str) -> bool {
    text.len() <= 253 && text.split('.').all(is_dns_label)
}

pub(super) fn dns_label(text: &str) -> Result<(), Broken> {
    if text.is_empty() {
        return Err(Broken::because("it is empty"));
    }
    if text.len() > 63 {
        return Err(Broken::because(format!(
            "it has {} characters, a name has at most 63",
            text.len()
        )));
    }
    let outside = text
        .chars()
        .find(|c| !(c.is_ascii_lowercase() || c.is_ascii_digit() || *c == '-'));
    if let Some(outside) = outside {
        let plain: String = text
            .chars()
            .map(|c| {
                if c.is_ascii_alphanumeric() {
                    c.to_ascii_lowercase()
                } else {
                    '-'
                }
            })
            .collect();
        let plain = plain.trim_matches('-');
        let shown = if outside == ' ' {
            "a space".to_owned()
        } else {
            format!("`{outside}`")
        };
        let broken = Broken::because(format!("{shown} is none of a-z, 0-9 and -"));
        return Err(if plain.is_empty() || !text.is_ascii() {
            broken
        } else {
            broken.instead(plain)
        });
    }
    if text.starts_with('-') || text.ends_with('-') {
        return Err(
            Broken::because("it must begin and end with a letter or digit")
                .instead(text.trim_matches('-')),
        );
    }
    Ok(())
}

pub(super) fn dns_subdomain(text: &str) -> Result<(), Broken> {
    if text.len() > 253 {
        return Err(Broken::because(format!(
            "it has {} characters, a name has at most 253",
            text.len()
        )));
    }
    if text.split('.').any(str::is_empty) {
        return Err(Broken::because("a part of it is empty"));
    }
    let part = |part| {
        dns_label(part).map_err(|broken| Broken {
            instead: None,
            ..broken
        })
    };
    text.split('.').try_for_each(part)
}

pub(super) fn domain(text: &str) -> Result<(), Broken> {
    if text.parse::<IpAddr>().is_ok() {
        return Err(Broken::because("it is an address"));
    }
    if let Some((_, rest)) = text.split_once("://") {
        let host = rest.split('/').next().unwrap_or(rest);
        return Err(Broken::because("it is a web address").instead(host));
    }
    if let Some(name) = text.strip_suffix('.') {
        return Err(Broken::because("it must not end with a dot").instead(name));
    }
    if text.bytes().any(|b| b.is_ascii_uppercase()) {
        return Err(Broken::because("it must be in lower case").instead(text.to_ascii_lowercase()));
    }
    dns_subdomain(text)?;
    if !text.contains('.') {
        return Err(Broken::because("it must have at least two parts"));
    }
    Ok(())
}

pub(super) fn host(text: &str) -> Result<(), Broken> {
    if text.parse::<IpAddr>().is_ok() {
        return Ok(());
    }
    if let Some((_, rest)) = text.split_once("://") {
        let host = rest.split(['/', ':']).next().unwrap_or(rest);
        return Err(Broken::because("it is a web address").instead(host));
    }
    if let Some((host, port)) = text.rsplit_once(':')
        && port.bytes().all(|b| b.is_ascii_digit())
        && !host.contains(':')
    {
        return Err(Broken::because("it must not have a port").instead(host));
    }
    if text
        .bytes()
        .all(|b| b.is_ascii_digit() || b == b'.' || b == b'/')
    {
        return super::network::ip(text);
    }
    dns_subdomain(text.strip_prefix("*.").unwrap_or(text))
}

/// A cluster's name: a name, or one with a range of numbers in braces.
pub(super) fn cluster_name(text: &str) -> Result<(), Broken> {
    if let Some((before, rest)) = text.split_once('{') {
        let Some((range, after)) = rest.split_once('}') else {
            return Err(Broken::because("its `{` is never closed"));
        };
        let numbers = |part: &str| {
            !part.is_empty() && part.len() < 10 && part.bytes().all(|b| b.is_ascii_digit())
        };
        let whole = range
            .split_once("..")
            .is_some_and(|(first, last)| numbers(first) && numbers(last));
        if !whole {
            return Err(Broken::because(
                "a range is written as in `store-{001..400}`",
            ));
        }
        return cluster_label(&format!("{before}0{after}"));
    }
    cluster_label(text)
}

/// Cluster names stand in node and container names too, so they are kept short.
fn cluster_label(text: &str) -> Result<(), Broken> {
    if text.len() > 40 {
        return Err(Broken::because(format!(
            "it has {} characters, a cluster's name has at most 40",
            text.len()
        )));
    }
    dns_label(text)?;
    if !text.starts_with(|c: char| c.is_ascii_lowercase()) {
        return Err(Broken::because("it must begin with a letter"));
    }
    Ok(())
}

pub(super) fn absolute_path(text: &str) -> Result<(), Broken> {
    if text.starts_with('/') {
        Ok(())
    } else {
        Err(Broken::because("it must begin with `/`").instead(format!("/{text}")))
    }
}

pub(super) fn folder(text: &str) -> Result<(), Broken> {
    if text.starts_with('/') {
        return Err(
            Broken::because("it must be relative to the repository's root")
                .instead(text.trim_start_matches('/')),
        );
    }
    if text.split('/').any(|part| part == "..") {
        return Err(Broken::because("it must not leave the repository"));
    }
    if text.contains('\\') {
        return Err(Broken::because("it must be written with `/`").instead(text.replace('\\', "/")));
    }
    Ok(())
}

pub(super) fn extension(text: &str) -> Result<(), Broken> {
    let parts: Vec<&str> = text.split('/').collect();
    match parts.as_slice() {
        [owner, name] if is_dns_label(owner) && is_dns_subdomain(name) => Ok(()),
        [name] if is_dns_label(name) => {
            Err(Broken::because("its owner is missing").instead(format!("siderolabs/{name}")))
        }
        _ => Err(Broken::because(
            "write OWNER/NAME, without registry and tag",
        )),
    }
}

pub(super) fn schematic_id(text: &str) -> Result<(), Broken> {
    if text.len() == 64
        && text
            .bytes()
            .all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
    {
        return Ok(());
    }
    Err(Broken::because(format!(
        "it must have 64 hexadecimal digits in lower case, this has {} characters",
        text.chars().count()
    )))
}

fn qualified(text: &str) -> Result<(), Broken> {
    if text.is_empty() || text.len() > 63 {
        return Err(Broken::because("it must have 1 to 63 characters"));
    }
    if let Some(outside) = text
        .chars()
        .find(|c| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.')))
    {
        let shown = if outside == ' ' {
            "a space".to_owned()
        } else {
            format!("`{outside}`")
        };
        return Err(Broken::because(format!(
            "{shown} is none of letters, digits, -, _ and ."
        )));
    }
    let edge = |c: char| !c.is_ascii_alphanumeric();
    if text.starts_with(edge) || text.ends_with(edge) {
        return Err(Broken::because(
            "it must begin and end with a letter or digit",
        ));
    }
    Ok(())
}

pub(super) fn label_key(text: &str) -> Result<(), Broken> {
    match text.split_once('/') {
        Some((prefix, name)) => dns_subdomain(prefix).and_then(|()| qualified(name)),
        None => qualified(text),
    }
}

pub(super) fn label_value(text: &str) -> Result<(), Broken> {
    if text.is_empty() {
        Ok(())
    } else {
        qualified(text)
    }
}

pub(super) fn taint(text: &str) -> Result<(), Broken> {
    const EFFECTS: [&str; 3] = ["NoSchedule", "PreferNoSchedule", "NoExecute"];
    let (value, effect) = text.split_once(':').unwrap_or(("", text));
    if !EFFECTS.contains(&effect) {
        let broken = Broken::because(format!("`{effect}` is none of {}", EFFECTS.join(", ")));
        return Err(match syntax::suggest::nearest(effect, EFFECTS) {
            Some(near) if value.is_empty() => broken.instead(near),
            Some(near) => broken.instead(format!("{value}:{near}")),
            None => broken,
        });
    }
    label_value(value)
}

pub(super) fn link_name(text: &str) -> Result<(), Broken> {
    if text.is_empty() || text.len() > 15 {
        return Err(Broken::because(format!(
            "it has {} characters, Linux takes 1 to 15",
            text.len()
        )));
    }
    if text.contains(['/', ':', ' ']) {
        return Err(Broken::because(
            "it must not have a slash, a colon or a space",
        ));
    }
    Ok(())
}

/// How a link is found: by its name, or by its MAC address.
pub(super) fn link(text: &str) -> Result<(), Broken> {
    let mac = text.contains(':') || (text.len() == 17 && text.matches('-').count() == 5);
    if mac {
        super::network::mac(text)
    } else {
        link_name(text)
    }
}

pub(super) fn volume_name(text: &str) -> Result<(), Broken> {
    if matches!(text, "EPHEMERAL" | "STATE") {
        return Ok(());
    }
    if let Some(system) = ["EPHEMERAL", "STATE"]
        .into_iter()
        .find(|name| name.eq_ignore_ascii_case(text))
    {
        return Err(
            Broken::because("the system's volumes are written in capitals").instead(system),
        );
    }
    if text.len() > 34 {
        return Err(Broken::because(format!(
            "it has {} characters, Talos takes at most 34",
            text.len()
        )));
    }
    dns_label(text)
}

pub(super) fn version(text: &str) -> Result<(), Broken> {
    let plain = text.strip_prefix('v').unwrap_or(text);
    if semver::Version::parse(plain).is_ok() {
        return Ok(());
    }
    let numbers = plain
        .split('.')
        .filter(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()))
        .count();
    let parts = plain.split('.').count();
    if numbers == parts && parts < 3 {
        return Err(Broken::because(
            "its last number is missing, as in `1.36.4`",
        ));
    }
    Err(Broken::because(
        "it must have three numbers with dots between",
    ))
}
