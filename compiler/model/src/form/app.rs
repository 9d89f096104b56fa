//! What apps are told: images, names of variables and databases, shares.

use super::Broken;

/// The tag of an image's reference; `None` where it has none or a digest holds it.
#[must_use]
pub fn image_tag(text: &str) -> Option<&str> {
    let name = text.split_once('@').map_or(text, |(name, _)| name);
    let last = name.rsplit('/').next().unwrap_or(name);
    last.split_once(':').map(|(_, tag)| tag)
}

/// Whether an image's reference always means the same image: it has a digest, or a tag that is not moved by custom.
#[must_use]
pub fn is_pinned_image(text: &str) -> bool {
    text.contains("@sha256:") || image_tag(text).is_some_and(|tag| tag != "latest")
}

pub(super) fn image(text: &str) -> Result<(), Broken> {
    if let Some((_, rest)) = text.split_once("://") {
        return Err(Broken::because("it is a web address").instead(rest));
    }
    let (rest, digest) = match text.split_once('@') {
        Some((rest, digest)) => (rest, Some(digest)),
        None => (text, None),
    };
    let hex = |text: &str| text.len() == 64 && text.bytes().all(|b| b.is_ascii_hexdigit());
    if digest.is_some_and(|digest| !digest.strip_prefix("sha256:").is_some_and(hex)) {
        return Err(Broken::because("its digest is not `sha256:` and 64 digits"));
    }
    let tag = image_tag(rest);
    let in_tag = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-');
    if tag.is_some_and(|tag| tag.is_empty() || tag.len() > 128 || !tag.chars().all(in_tag)) {
        return Err(Broken::because("its tag is none"));
    }
    let name = tag.map_or(rest, |tag| {
        rest.strip_suffix(tag)
            .and_then(|rest| rest.strip_suffix(':'))
            .unwrap_or(rest)
    });
    if name.bytes().any(|b| b.is_ascii_uppercase()) {
        let rest = text.get(name.len()..).unwrap_or_default();
        let instead = format!("{}{rest}", name.to_ascii_lowercase());
        return Err(Broken::because("its name must be in lower case").instead(instead));
    }
    let in_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | ':');
    if name
        .split('/')
        .any(|part| part.is_empty() || !part.chars().all(in_name))
    {
        return Err(Broken::because("it must be `REGISTRY/NAME:TAG`"));
    }
    Ok(())
}

pub(super) fn env_name(text: &str) -> Result<(), Broken> {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    if text.is_empty() || text.starts_with(|c: char| c.is_ascii_digit()) || !text.chars().all(plain)
    {
        return Err(Broken::because(
            "it must be letters, digits and `_`, and not begin with a digit",
        ));
    }
    Ok(())
}

/// As shells have it, and Talos: Kubernetes takes more.
pub(super) fn variable(text: &str) -> Result<(), Broken> {
    env_name(text)?;
    if text.contains(['-', '.']) {
        return Err(Broken::because("it must be letters, digits and `_`"));
    }
    Ok(())
}

pub(super) fn database_name(text: &str) -> Result<(), Broken> {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    if !text.starts_with(|c: char| c.is_ascii_lowercase() || c == '_')
        || text.len() > 63
        || !text.chars().all(plain)
    {
        let broken = Broken::because("it must be at most 63 of a-z, 0-9 and _, a letter first");
        let instead = text.to_ascii_lowercase().replace(['-', '.', ' '], "_");
        return Err(if instead != text && database_name(&instead).is_ok() {
            broken.instead(instead)
        } else {
            broken
        });
    }
    Ok(())
}

pub(super) fn share(text: &str) -> Result<(), Broken> {
    let number = text.strip_suffix('%').unwrap_or(text);
    match number.parse::<u16>() {
        Ok(1..=1000) if text.ends_with('%') => Ok(()),
        Ok(_) if !text.ends_with('%') => {
            Err(Broken::because("its `%` is missing").instead(format!("{text}%")))
        }
        Ok(_) | Err(_) => Err(Broken::because("write a whole number and `%`")),
    }
}

#[cfg(test)]
mod tests {
    use super::{database_name, image, is_pinned_image, share};

    #[test]
    fn images_are_read() {
        let digest = format!("ghcr.io/a/b@sha256:{}", "0".repeat(64));
        for good in [
            "nginx",
            "ghcr.io/acme/shop:1.4.2",
            "localhost:5000/a:1",
            &digest,
        ] {
            assert_eq!(image(good), Ok(()), "{good}");
        }
        for bad in [
            "",
            "https://ghcr.io/a",
            "ghcr.io/Acme/shop:1",
            "a//b",
            "a:",
            "a@sha256:1",
        ] {
            assert!(image(bad).is_err(), "{bad}");
        }
        assert_eq!(
            image("ghcr.io/Acme/shop:1").unwrap_err().instead.unwrap(),
            "ghcr.io/acme/shop:1"
        );
        for (text, pinned) in [
            ("a:1", true),
            (digest.as_str(), true),
            ("a", false),
            ("localhost:5000/a", false),
            ("a:latest", false),
        ] {
            assert_eq!(is_pinned_image(text), pinned, "{text}");
        }
    }

    #[test]
    fn names_and_shares_are_read() {
        assert_eq!(database_name("shop_db").ok(), Some(()));
        assert_eq!(
            database_name("Shop-db").unwrap_err().instead.unwrap(),
            "shop_db"
        );
        assert_eq!(share("70%"), Ok(()));
        assert_eq!(share("70").unwrap_err().instead.unwrap(), "70%");
        assert!(share("0%").is_err() && share("x%").is_err());
    }
}
