//! Amounts of CPU and memory as whole numbers: thousandths of a core, and bytes.

/// The units of Kubernetes with what they multiply by; the longer ones first.
const UNITS: [(&str, u64); 11] = [
    ("Ki", 1 << 10),
    ("Mi", 1 << 20),
    ("Gi", 1 << 30),
    ("Ti", 1 << 40),
    ("Pi", 1 << 50),
    ("k", 1_000),
    ("M", 1_000_000),
    ("G", 1_000_000_000),
    ("T", 1_000_000_000_000),
    ("P", 1_000_000_000_000_000),
    ("", 1),
];

/// Thousandths of a core; what is finer counts as one more.
#[must_use]
pub fn cpu(text: &str) -> Option<u64> {
    match text.strip_suffix('m') {
        Some(number) => scaled(number, 1),
        None => thousandths(text),
    }
}

/// Bytes; what is finer counts as one more.
#[must_use]
pub fn memory(text: &str) -> Option<u64> {
    match text.strip_suffix('m') {
        Some(number) => Some(scaled(number, 1)?.div_ceil(1000)),
        None => Some(thousandths(text)?.div_ceil(1000)),
    }
}

/// An amount in thousandths of its unit.
fn thousandths(text: &str) -> Option<u64> {
    let (number, unit) = UNITS
        .iter()
        .find_map(|(suffix, unit)| Some((text.strip_suffix(suffix)?, *unit)))?;
    scaled(number, unit.checked_mul(1000)?)
}

/// A decimal number times a factor, rounded up.
fn scaled(number: &str, factor: u64) -> Option<u64> {
    let (whole, part) = number.split_once('.').unwrap_or((number, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if (whole.is_empty() && part.is_empty()) || !digits(whole) || !digits(part) || part.len() > 9 {
        return None;
    }
    let whole: u128 = if whole.is_empty() {
        0
    } else {
        whole.parse().ok()?
    };
    let below: u128 = if part.is_empty() {
        0
    } else {
        part.parse().ok()?
    };
    let scale = 10_u128.pow(u32::try_from(part.len()).ok()?);
    let factor = u128::from(factor);
    let sum = whole
        .checked_mul(factor)?
        .checked_add((below * factor).div_ceil(scale))?;
    u64::try_from(sum).ok()
}

/// Thousandths of a core as Kubernetes writes them.
#[must_use]
pub fn show_cpu(milli: u64) -> String {
    if milli.is_multiple_of(1000) {
        (milli / 1000).to_string()
    } else {
        format!("{milli}m")
    }
}

/// Bytes as Kubernetes writes them, in whole mebibytes from one on.
#[must_use]
pub fn show_memory(bytes: u64) -> String {
    const MI: u64 = 1 << 20;
    const GI: u64 = 1 << 30;
    if bytes > 0 && bytes.is_multiple_of(GI) {
        format!("{}Gi", bytes / GI)
    } else if bytes >= MI {
        format!("{}Mi", bytes.div_ceil(MI))
    } else {
        bytes.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_read_as_kubernetes_reads_them() {
        let of = [
            ("10m", 10),
            ("0.1", 100),
            ("2", 2000),
            ("1.5", 1500),
            ("0.0005", 1),
            ("1k", 1_000_000),
        ];
        for (text, milli) in of {
            assert_eq!(cpu(text), Some(milli), "{text}");
        }
        let of = [
            ("64Mi", 64 << 20),
            ("1.5Gi", 3 << 29),
            ("128M", 128_000_000),
            ("1000", 1000),
            ("1500m", 2),
            ("2Gi", 2 << 30),
        ];
        for (text, bytes) in of {
            assert_eq!(memory(text), Some(bytes), "{text}");
        }
    }

    #[test]
    fn what_is_no_amount_is_none() {
        for text in [
            "",
            "m",
            "Mi",
            "1 Gi",
            "-1",
            "1e3",
            "x",
            "1.2.3",
            "99999999999Pi",
        ] {
            assert_eq!(memory(text), None, "{text}");
        }
    }

    #[test]
    fn shown_amounts_are_short_and_never_less() {
        assert_eq!(show_cpu(105), "105m");
        assert_eq!(show_cpu(2000), "2");
        assert_eq!(show_memory(2 << 30), "2Gi");
        assert_eq!(show_memory((3 << 20) + 1), "4Mi");
        assert_eq!(show_memory(1000), "1000");
    }
}
