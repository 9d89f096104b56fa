//! Points in time as sops writes and binds them: RFC 3339, whole seconds.

use jiff::Timestamp;

/// `2026-11-22T08:00:00Z`.
pub(crate) fn seconds(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// What the MAC is bound to for a `lastmodified`: sops reads it as a time, and writes that without fractions.
pub(crate) fn bound(lastmodified: &str) -> Option<String> {
    lastmodified.parse::<Timestamp>().ok()?;
    let (seconds, rest) = lastmodified.split_at_checked(19)?;
    if seconds.as_bytes().get(10) != Some(&b'T') {
        return None;
    }
    let zone = match rest.strip_prefix('.') {
        Some(fraction) => fraction.trim_start_matches(|c: char| c.is_ascii_digit()),
        None => rest,
    };
    match zone {
        "Z" | "+00:00" | "-00:00" => Some(format!("{seconds}Z")),
        zone if zone.len() == 6 && zone.starts_with(['+', '-']) => Some(format!("{seconds}{zone}")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{bound, seconds};

    #[test]
    fn times_are_bound_in_whole_seconds() {
        assert_eq!(
            seconds("2026-11-22T08:00:00.75Z".parse().unwrap()),
            "2026-11-22T08:00:00Z"
        );
        for (written, expected) in [
            ("2026-11-22T08:00:00Z", Some("2026-11-22T08:00:00Z")),
            ("2026-11-22T08:00:00.5+00:00", Some("2026-11-22T08:00:00Z")),
            (
                "2026-11-22T08:00:00+01:00",
                Some("2026-11-22T08:00:00+01:00"),
            ),
            ("2026-11-22 08:00:00Z", None),
            ("yesterday", None),
            ("", None),
        ] {
            assert_eq!(bound(written).as_deref(), expected, "{written}");
        }
    }
}
