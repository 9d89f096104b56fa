//! What sops makes of a plain scalar that isn't encrypted: its bytes go into the MAC.
//!
//! Source: `resolve.go` of go-yaml 3, `ToBytes` in `sops.go`. It reads more as numbers than YAML 1.2 does (`0755` is
//! octal, `1_000` a number), and dates as points in time.

use jiff::civil::Date;

/// A plain scalar as go-yaml reads it.
#[derive(Debug, PartialEq)]
pub(crate) enum Reading {
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    /// A point in time, in the form that goes into the MAC.
    Time(String),
    Text,
    /// A whole number that sops has no type for.
    TooLarge,
}

impl Reading {
    /// The bytes in the MAC; none for null, which sops skips.
    pub(crate) fn bytes(self, source: &str) -> Option<Vec<u8>> {
        let text = match self {
            Reading::Null | Reading::TooLarge => return None,
            Reading::Bool(true) => "True".to_owned(),
            Reading::Bool(false) => "False".to_owned(),
            Reading::Int(value) => value.to_string(),
            // Like Go's 'f' with precision -1: shortest, and no exponent.
            Reading::Float(value) => value.to_string(),
            Reading::Time(text) => text,
            Reading::Text => source.to_owned(),
        };
        Some(text.into_bytes())
    }
}

/// Reads a plain scalar.
pub(crate) fn read(text: &str) -> Reading {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Reading::Null,
        "true" | "True" | "TRUE" => return Reading::Bool(true),
        "false" | "False" | "FALSE" => return Reading::Bool(false),
        _ => {}
    }
    match text.as_bytes().first() {
        Some(b'.') => float(text).map_or(Reading::Text, Reading::Float),
        Some(b'0'..=b'9' | b'+' | b'-') => match timestamp(text) {
            Some(time) => Reading::Time(time),
            None => number(&text.replace('_', "")),
        },
        Some(_) | None => Reading::Text,
    }
}

fn number(plain: &str) -> Reading {
    let (negative, digits) = match plain.as_bytes().first() {
        Some(b'-') => (true, plain.get(1..)),
        Some(b'+') => (false, plain.get(1..)),
        _ => (false, Some(plain)),
    };
    let digits = digits.unwrap_or_default();
    let lower = digits.to_ascii_lowercase();
    let (radix, digits) = if let Some(rest) = lower.strip_prefix("0x") {
        (16, rest)
    } else if let Some(rest) = lower.strip_prefix("0b") {
        (2, rest)
    } else if let Some(rest) = lower.strip_prefix("0o") {
        (8, rest)
    } else if lower.len() > 1 && lower.starts_with('0') {
        (8, lower.get(1..).unwrap_or_default())
    } else {
        (10, lower.as_str())
    };
    let whole = digits.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if let Some(size) = u64::from_str_radix(digits, radix).ok().filter(|_| whole) {
        let signed = if negative {
            -i128::from(size)
        } else {
            i128::from(size)
        };
        match i64::try_from(signed) {
            Ok(value) => return Reading::Int(value),
            Err(_) if !plain.starts_with(['-', '+']) => return Reading::TooLarge,
            Err(_) => {}
        }
    }
    if !is_float(plain) {
        return Reading::Text;
    }
    float(plain).map_or(Reading::Text, Reading::Float)
}

/// `[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`
fn is_float(text: &str) -> bool {
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let text = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (number, exponent) = match text.split_once(['e', 'E']) {
        Some((number, exponent)) => (number, Some(exponent)),
        None => (text, None),
    };
    let exponent = exponent.map(|text| text.strip_prefix(['-', '+']).unwrap_or(text));
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let some = !whole.is_empty() || !fraction.is_empty();
    some && digits(whole)
        && digits(fraction)
        && exponent.is_none_or(|text| !text.is_empty() && digits(text))
}

fn float(text: &str) -> Option<f64> {
    text.parse::<f64>().ok().filter(|value| value.is_finite())
}

/// `2026-1-2`, alone or with a time behind a blank (no zone) or a `T` (with one).
fn timestamp(text: &str) -> Option<String> {
    let (date, clock) = match text.find(['T', 't', ' ']) {
        Some(at) => (text.get(..at)?, text.get(at..)),
        None => (text, None),
    };
    let mut parts = date.split('-');
    let year = parts.next().filter(|year| year.len() == 4)?;
    let (month, day) = (short(parts.next()?)?, short(parts.next()?)?);
    if parts.next().is_some() {
        return None;
    }
    let year: i16 = year.parse().ok()?;
    let date = Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
    let (clock, zone) = match clock {
        None => ("00:00:00".to_owned(), "Z".to_owned()),
        Some(clock) => {
            let blank = clock.starts_with(' ');
            let clock = clock.get(1..)?;
            let zone = clock.find(['Z', '+', '-']).filter(|_| !blank);
            match zone {
                Some(at) => (time(clock.get(..at)?)?, offset(clock.get(at..)?)?),
                None if blank => (time(clock)?, "Z".to_owned()),
                None => return None,
            }
        }
    };
    Some(format!(
        "{year:04}-{:02}-{:02}T{clock}{zone}",
        date.month(),
        date.day()
    ))
}

/// One or two digits.
fn short(text: &str) -> Option<u8> {
    let fits = (1..=2).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| fits)
}

fn time(text: &str) -> Option<String> {
    let (clock, fraction) = match text.split_once('.') {
        Some((clock, fraction)) => (clock, Some(fraction)),
        None => (text, None),
    };
    let mut parts = clock.split(':').map(short);
    let (hour, minute, second) = (parts.next()??, parts.next()??, parts.next()??);
    if parts.next().is_some() || hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let fraction = match fraction {
        Some(digits) if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) => {
            return None;
        }
        Some(digits) => digits.get(..9).unwrap_or(digits).trim_end_matches('0'),
        None => "",
    };
    let point = if fraction.is_empty() { "" } else { "." };
    Some(format!(
        "{hour:02}:{minute:02}:{second:02}{point}{fraction}"
    ))
}

fn offset(text: &str) -> Option<String> {
    if text == "Z" {
        return Some("Z".to_owned());
    }
    let (hours, minutes) = text.get(1..)?.split_once(':')?;
    if text.len() != 6 || short(hours)? > 24 || short(minutes)? > 59 {
        return None;
    }
    Some(
        if (hours, minutes) == ("00", "00") {
            "Z"
        } else {
            text
        }
        .to_owned(),
    )
}

#[cfg(test)]
mod tests {
    use super::read;

    fn bytes(text: &str) -> Option<String> {
        read(text)
            .bytes(text)
            .map(|bytes| String::from_utf8(bytes).unwrap())
    }

    #[test]
    fn plain_scalars_are_read_as_go_does() {
        // Each line was read by go-yaml 3.0.4 and put through sops' `ToBytes`.
        for (text, expected) in [
            ("x", "x"),
            ("yes", "yes"),
            ("true", "True"),
            ("FALSE", "False"),
            ("12", "12"),
            ("+12", "12"),
            ("-12", "-12"),
            ("0755", "493"),
            ("0o755", "493"),
            ("08", "8"),
            ("0x1F", "31"),
            ("-0b11", "-3"),
            ("1_000", "1000"),
            ("1.0", "1"),
            ("1e30", "1000000000000000000000000000000"),
            ("1e-7", "0.0000001"),
            (".5", "0.5"),
            ("-0.0", "-0"),
            ("1e400", "1e400"),
            ("18446744073709551616", "18446744073709552000"),
            ("12:30", "12:30"),
            ("1.2.3", "1.2.3"),
            ("0xZZ", "0xZZ"),
            ("-", "-"),
            ("2026-11-22", "2026-11-22T00:00:00Z"),
            ("2026-1-2 3:4:5.50", "2026-01-02T03:04:05.5Z"),
            ("2026-11-22T08:00:00+01:00", "2026-11-22T08:00:00+01:00"),
            ("2026-11-22T08:00:00+00:00", "2026-11-22T08:00:00Z"),
            ("2026-13-22", "2026-13-22"),
            ("2026-11-22T08:00:00", "2026-11-22T08:00:00"),
        ] {
            assert_eq!(bytes(text).as_deref(), Some(expected), "{text}");
        }
        assert_eq!(bytes("~"), None);
        assert_eq!(bytes("18446744073709551615"), None);
    }
}
