//! Web addresses, Git repositories, OCI artifacts, e-mail addresses.

use super::Broken;
use super::name;

/// A Git repository's address, in parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GitUrl<'a> {
    /// Whether it is reached by SSH.
    pub ssh: bool,
    /// The host, without a port.
    pub host: &'a str,
    /// The path on the host.
    pub path: &'a str,
}

/// Reads a Git repository's address.
#[must_use]
pub fn parse_git_url(text: &str) -> Option<GitUrl<'_>> {
    let (scheme, rest) = text.split_once("://")?;
    let ssh = match scheme {
        "ssh" => true,
        "https" | "http" => false,
        _ => return None,
    };
    let (authority, path) = rest.split_once('/')?;
    let host = authority
        .rsplit_once('@')
        .map_or(authority, |(_, host)| host);
    let host = host.split_once(':').map_or(host, |(host, _)| host);
    (!host.is_empty() && !path.is_empty()).then_some(GitUrl { ssh, host, path })
}

pub(super) fn git_url(text: &str) -> Result<(), Broken> {
    if !text.contains("://") {
        if let Some((user, rest)) = text.split_once('@')
            && let Some((host, path)) = rest.split_once(':')
        {
            return Err(Broken::because("Flux wants it as an address")
                .instead(format!("ssh://{user}@{host}/{path}")));
        }
        if text.split('/').count() == 2 && !text.contains('.') {
            return Err(Broken::because("its host is missing")
                .instead(format!("https://github.com/{text}.git")));
        }
        return Err(Broken::because("it must begin with `https://` or `ssh://`"));
    }
    let Some(url) = parse_git_url(text) else {
        return Err(Broken::because(
            "it must be `https://HOST/PATH` or `ssh://git@HOST/PATH`",
        ));
    };
    let (_, rest) = text.split_once("://").unwrap_or_default();
    let user = rest
        .split('/')
        .next()
        .and_then(|authority| authority.rsplit_once('@'))
        .map(|(user, _)| user);
    if url.ssh && user.is_none() {
        return Err(Broken::because("its user is missing").instead(format!("ssh://git@{rest}")));
    }
    if !url.ssh && user.is_some() {
        return Err(Broken::because(
            "credentials don't belong in it: name a Secret in `secret`",
        ));
    }
    // SSH paths as `git@host:path` are no URL: what follows the colon must be a port.
    let authority = rest.split('/').next().unwrap_or_default();
    if let Some((host, port)) = authority.rsplit_once(':')
        && port.parse::<u16>().is_err()
    {
        let path = rest.split_once('/').map_or("", |(_, path)| path);
        let instead = format!(
            "{}://{host}/{port}/{path}",
            if url.ssh { "ssh" } else { "https" }
        );
        return Err(Broken::because(format!("`{port}` is no port")).instead(instead));
    }
    host(url.host)
}

fn host(host: &str) -> Result<(), Broken> {
    name::host(host).map_err(|_| Broken::because(format!("`{host}` is no host")))
}

pub(super) fn url(text: &str) -> Result<(), Broken> {
    let Some(rest) = text
        .strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"))
    else {
        return Err(match text.split_once("://") {
            Some((scheme, _)) => {
                Broken::because(format!("`{scheme}://` is neither `https://` nor `http://`"))
            }
            None => Broken::because("it must begin with `https://` or `http://`")
                .instead(format!("https://{text}")),
        });
    };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if authority.contains('@') {
        return Err(Broken::because("credentials don't belong in it"));
    }
    let name = authority
        .rsplit_once(':')
        .map_or(authority, |(host, _)| host);
    if rest.contains(' ') {
        return Err(Broken::because("it must not have a space"));
    }
    if name.starts_with('[') {
        Ok(())
    } else {
        host(name)
    }
}

pub(super) fn oci_url(text: &str) -> Result<(), Broken> {
    let Some(rest) = text.strip_prefix("oci://") else {
        let plain = text.split_once("://").map_or(text, |(_, rest)| rest);
        return Err(
            Broken::because("it must begin with `oci://`").instead(format!("oci://{plain}"))
        );
    };
    let Some((host, path)) = rest.split_once('/') else {
        return Err(Broken::because(
            "its path is missing, as in `oci://HOST/PATH`",
        ));
    };
    let last = path.rsplit('/').next().unwrap_or_default();
    if let Some((_, tag)) = last.split_once(':') {
        return Err(
            Broken::because(format!("its tag belongs in a key of its own: `{tag}`"))
                .instead(text.trim_end_matches(&format!(":{tag}"))),
        );
    }
    if host.is_empty() || path.is_empty() {
        return Err(Broken::because("it must be `oci://HOST/PATH`"));
    }
    Ok(())
}

pub(super) fn email(text: &str) -> Result<(), Broken> {
    match text.split_once('@') {
        Some((user, host))
            if !user.is_empty() && !host.contains('@') && name::domain(host).is_ok() =>
        {
            Ok(())
        }
        Some(_) | None => Err(Broken::because("it must be NAME@DOMAIN")),
    }
}

/// Where a web address leads: its scheme, host and port, the port of the scheme where it states none.
#[must_use]
pub fn parse_url(text: &str) -> Option<(&str, &str, u16)> {
    let (scheme, rest) = text.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let usual = if scheme == "http" { 80 } else { 443 };
    match authority.rsplit_once(':') {
        Some((host, port)) if !host.is_empty() && !port.ends_with(']') => {
            Some((scheme, host, port.parse().ok()?))
        }
        Some(_) | None => Some((scheme, authority, usual)),
    }
}

pub(super) fn bucket(text: &str) -> Result<(), Broken> {
    let lower = text.to_ascii_lowercase();
    if let Some(rest) = lower.strip_prefix("s3://") {
        let name = rest.split('/').next().unwrap_or_default();
        return Err(Broken::because("its name is wanted, without `s3://` and path").instead(name));
    }
    if lower != text {
        return Err(Broken::because("it must be in lower case").instead(lower));
    }
    let inner = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'-' | b'.');
    let ends = |b: Option<&u8>| b.is_some_and(u8::is_ascii_alphanumeric);
    let bytes = text.as_bytes();
    if !(3..=63).contains(&bytes.len()) {
        return Err(Broken::because("it must have from 3 to 63 characters"));
    }
    if !bytes.iter().copied().all(inner) || !ends(bytes.first()) || !ends(bytes.last()) {
        return Err(Broken::because(
            "only letters, digits, dashes and dots are allowed, and a letter or digit at both ends",
        ));
    }
    Ok(())
}
