//! The forms of texts that the API server holds them to, as Go's libraries read them.

use super::schema::Format;
use std::net::{Ipv4Addr, Ipv6Addr};

/// Units of durations, as `strfmt` knows them beside those of Go.
const UNITS: [&str; 36] = [
    "ns",
    "nano",
    "us",
    "µs",
    "micro",
    "ms",
    "milli",
    "s",
    "sec",
    "m",
    "min",
    "h",
    "hr",
    "hour",
    "d",
    "day",
    "w",
    "wk",
    "week",
    "nanosecond",
    "microsecond",
    "millisecond",
    "second",
    "minute",
    "nanoseconds",
    "microseconds",
    "milliseconds",
    "seconds",
    "minutes",
    "hours",
    "days",
    "weeks",
    "secs",
    "mins",
    "hrs",
    "wks",
];

/// Whether a text has a form; the second value says what it should look like.
pub(super) fn has(format: Format, text: &str, native: bool) -> Result<(), &'static str> {
    let (good, wanted) = match format {
        Format::None | Format::Int32 | Format::Int64 => return Ok(()),
        Format::Byte => (is_base64(text), "base64"),
        Format::Cidr => (is_cidr(text), "a network, such as `10.0.0.0/16`"),
        Format::Date => (is_date(text), "a date, such as `2030-01-31`"),
        Format::DateTime => (
            is_date_time(text, native),
            "a time, such as `2030-01-31T12:00:00Z`",
        ),
        Format::Duration => (is_duration(text), "a duration, such as `1h30m`"),
        Format::Email => (is_email(text), "an e-mail address"),
        Format::Hostname => (is_hostname(text), "a host name"),
        Format::Ipv4 => (text.parse::<Ipv4Addr>().is_ok(), "an IPv4 address"),
        Format::Ipv6 => (text.parse::<Ipv6Addr>().is_ok(), "an IPv6 address"),
        Format::Mac => (is_mac(text), "a hardware address"),
        Format::Uri => (is_uri(text), "a URI, such as `https://example.org/x`"),
        Format::Uuid => (is_uuid(text), "a UUID"),
    };
    if good { Ok(()) } else { Err(wanted) }
}

/// Standard base64 with its padding; line breaks don't count.
fn is_base64(text: &str) -> bool {
    let mut length = 0_usize;
    let mut padding = 0_usize;
    for c in text.bytes().filter(|c| !matches!(c, b'\r' | b'\n')) {
        match c {
            b'=' => padding += 1,
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'+' | b'/' if padding == 0 => {}
            _ => return false,
        }
        length += 1;
    }
    length.is_multiple_of(4) && padding <= 2
}

fn is_cidr(text: &str) -> bool {
    text.parse::<ipnet::IpNet>().is_ok()
}

fn digits(text: &str, range: std::ops::Range<usize>) -> Option<u32> {
    let part = text.get(range)?;
    part.bytes()
        .all(|c| c.is_ascii_digit())
        .then(|| part.parse().ok())?
}

fn is_date(text: &str) -> bool {
    let parts = (digits(text, 0..4), digits(text, 5..7), digits(text, 8..10));
    let (Some(year), Some(month), Some(day)) = parts else {
        return false;
    };
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let days = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return false,
    };
    text.len() == 10
        && text.get(4..5) == Some("-")
        && text.get(7..8) == Some("-")
        && (1..=days).contains(&day)
}

/// Go's own types want RFC 3339; `strfmt` also takes small letters.
fn is_date_time(text: &str, native: bool) -> bool {
    let upper = text.to_ascii_uppercase();
    if native && upper != text {
        return false;
    }
    let Some((date, time)) = upper.split_once('T') else {
        return false;
    };
    let clock = (digits(time, 0..2), digits(time, 3..5), digits(time, 6..8));
    let (Some(0..=23), Some(0..=59), Some(0..=59)) = clock else {
        return false;
    };
    let colons = time.get(2..3) == Some(":") && time.get(5..6) == Some(":");
    let mut rest = time.get(8..).unwrap_or_default();
    if let Some(fraction) = rest.strip_prefix('.') {
        let end = fraction.trim_start_matches(|c: char| c.is_ascii_digit());
        if end.len() == fraction.len() {
            return false;
        }
        rest = end;
    }
    is_date(date) && colons && is_zone(rest)
}

fn is_zone(text: &str) -> bool {
    let offset = text.strip_prefix(['+', '-']);
    text == "Z"
        || offset.is_some_and(|offset| {
            let parts = (digits(offset, 0..2), digits(offset, 3..5));
            offset.len() == 5
                && offset.get(2..3) == Some(":")
                && matches!(parts, (Some(0..=23), Some(0..=59)))
        })
}

/// Numbers with units: `1h30m`, `1.5h`, `2 days`, `0`.
fn is_duration(text: &str) -> bool {
    let mut rest = text.strip_prefix(['-', '+']).unwrap_or(text).trim();
    if rest == "0" {
        return true;
    }
    let mut parts = 0;
    while !rest.is_empty() {
        let unit = rest.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
        let number = rest.get(..rest.len() - unit.len()).unwrap_or_default();
        let unit = unit.trim_start();
        let end = unit.trim_start_matches(char::is_alphabetic);
        let word = unit.get(..unit.len() - end.len()).unwrap_or_default();
        if number.parse::<f64>().is_err() || !UNITS.contains(&word.to_lowercase().as_str()) {
            return false;
        }
        parts += 1;
        rest = end.trim_start();
    }
    parts > 0
}

fn is_email(text: &str) -> bool {
    let address = text
        .rsplit_once('<')
        .map_or(text, |(_, rest)| rest.strip_suffix('>').unwrap_or(rest));
    let parts = address.rsplit_once('@');
    parts.is_some_and(|(name, host)| {
        !name.is_empty() && !host.is_empty() && !address.contains(char::is_whitespace)
    })
}

fn is_hostname(text: &str) -> bool {
    let good = |label: &str| {
        !label.is_empty()
            && label.chars().count() <= 63
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|c| c.is_alphanumeric() || c == '-')
    };
    text.len() <= 255 && text.split('.').all(good)
}

fn is_mac(text: &str) -> bool {
    let hex = |part: &str, digits: usize| {
        part.len() == digits && part.bytes().all(|c| c.is_ascii_hexdigit())
    };
    let bytes = |separator: char| {
        let parts: Vec<&str> = text.split(separator).collect();
        matches!(parts.len(), 6 | 8 | 20) && parts.iter().all(|part| hex(part, 2))
    };
    let words: Vec<&str> = text.split('.').collect();
    bytes(':')
        || bytes('-')
        || (matches!(words.len(), 3 | 4 | 10) && words.iter().all(|part| hex(part, 4)))
}

fn is_uri(text: &str) -> bool {
    let scheme = text.split_once(':').is_some_and(|(scheme, rest)| {
        let starts = scheme.starts_with(|c: char| c.is_ascii_alphabetic());
        let good = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.');
        starts && scheme.chars().all(good) && !rest.is_empty()
    });
    let odd = |c: char| c.is_control() || c == ' ';
    (scheme || text.starts_with('/')) && !text.contains(odd)
}

fn is_uuid(text: &str) -> bool {
    let hex: String = text.chars().filter(|c| *c != '-').collect();
    hex.len() == 32 && hex.bytes().all(|c| c.is_ascii_hexdigit())
}

/// An amount, such as `20Gi`, `500m` or `1e3`.
pub(super) fn is_quantity(text: &str) -> bool {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let suffix = unsigned.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
    let number = unsigned.strip_suffix(suffix).unwrap_or_default();
    let plain = number.matches('.').count() <= 1 && number.bytes().any(|c| c.is_ascii_digit());
    let exponent = suffix.strip_prefix(['e', 'E']).is_some_and(|exponent| {
        let digits = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
        !digits.is_empty() && digits.bytes().all(|c| c.is_ascii_digit())
    });
    let known = [
        "", "n", "u", "m", "k", "M", "G", "T", "P", "E", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei",
    ];
    plain && (exponent || known.contains(&suffix))
}
