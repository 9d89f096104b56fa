//! Versions that mean one thing, and ranges that mean what is newest.

/// What a version's text leaves open; `None` where it means one version, or what it means is not known.
pub fn open(text: &str) -> Option<&'static str> {
    let text = text.trim();
    if text.contains("${") || text.contains("{{") {
        return None;
    }
    if text.is_empty() || text == "*" || text.eq_ignore_ascii_case("x") {
        return Some("any version");
    }
    let is_range = text.contains(['>', '<', '~', '^', '|', ',', '*', ' ']);
    let parts = text.trim_start_matches(['v', 'V', '=']).split(['-', '+']);
    let numbers = parts.take(1).flat_map(|core| core.split('.'));
    let numbers: Vec<&str> = numbers.collect();
    let wild = numbers.iter().any(|part| part.eq_ignore_ascii_case("x"));
    if is_range || wild {
        return Some("a range");
    }
    let digits = |part: &&str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let short = numbers.len() < 3 && numbers.iter().all(digits);
    short.then_some("a range")
}

#[cfg(test)]
mod tests {
    use super::open;

    #[test]
    fn ranges_are_open() {
        for (text, said) in [
            ("1.2.3", None),
            ("v1.2.3", None),
            ("=1.2.3", None),
            ("1.2.3-rc.1", None),
            ("2026.8.3+build.7", None),
            ("${VERSION}", None),
            ("", Some("any version")),
            ("*", Some("any version")),
            ("1.2.x", Some("a range")),
            ("1.2", Some("a range")),
            ("1", Some("a range")),
            (">=1.2.3 <2", Some("a range")),
            ("~1.2.3", Some("a range")),
            ("^1.2.3", Some("a range")),
            ("1.2.3 - 1.4.0", Some("a range")),
            ("nightly", None),
        ] {
            assert_eq!(open(text), said, "{text}");
        }
    }
}
