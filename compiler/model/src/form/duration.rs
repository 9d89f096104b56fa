//! Lengths of time and amounts, as Kubernetes writes them.

use super::Broken;

const UNITS: [(&str, u64); 6] = [
    ("ms", 1),
    ("s", 1000),
    ("m", 60_000),
    ("h", 3_600_000),
    ("d", 86_400_000),
    ("w", 604_800_000),
];

/// The milliseconds of a length of time such as `1h30m` or `30d`.
#[must_use]
pub fn parse_duration(text: &str) -> Option<u64> {
    if text.is_empty() {
        return None;
    }
    let mut rest = text;
    let mut total = 0_u64;
    while !rest.is_empty() {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let (number, tail) = rest.split_at_checked(digits)?;
        let letters = tail.bytes().take_while(u8::is_ascii_alphabetic).count();
        let (unit, tail) = tail.split_at_checked(letters)?;
        let (_, scale) = UNITS.iter().find(|(name, _)| *name == unit)?;
        total = total.checked_add(number.parse::<u64>().ok()?.checked_mul(*scale)?)?;
        rest = tail;
    }
    Some(total)
}

pub(super) fn duration(text: &str) -> Result<(), Broken> {
    match parse_duration(text) {
        Some(0) => Err(Broken::because("it must be longer than nothing")),
        Some(_) => Ok(()),
        None if text.bytes().all(|b| b.is_ascii_digit()) && !text.is_empty() => {
            Err(Broken::because("its unit is missing: s, m, h or d").instead(format!("{text}s")))
        }
        None => Err(Broken::because(
            "write numbers with their units: ms, s, m, h, d or w",
        )),
    }
}

const SCALES: [(&str, f64); 14] = [
    ("Ki", 1024.0),
    ("Mi", 1_048_576.0),
    ("Gi", 1_073_741_824.0),
    ("Ti", 1_099_511_627_776.0),
    ("Pi", 1_125_899_906_842_624.0),
    ("Ei", 1_152_921_504_606_846_976.0),
    ("m", 0.001),
    ("k", 1e3),
    ("M", 1e6),
    ("G", 1e9),
    ("T", 1e12),
    ("P", 1e15),
    ("E", 1e18),
    ("", 1.0),
];

/// The value of an amount such as `20Gi` or `500m`.
#[must_use]
pub fn parse_quantity(text: &str) -> Option<f64> {
    let (_, number, scale) = SCALES.iter().find_map(|(unit, scale)| {
        let number = text.strip_suffix(unit)?;
        let plain = number.bytes().all(|b| b.is_ascii_digit() || b == b'.')
            && number.bytes().any(|b| b.is_ascii_digit());
        plain.then_some((unit, number, scale))
    })?;
    Some(number.parse::<f64>().ok()? * scale)
}

pub(super) fn quantity(text: &str) -> Result<(), Broken> {
    if parse_quantity(text).is_some() {
        return Ok(());
    }
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic() || c == ' ');
    let unit = text.get(digits.len()..).unwrap_or_default().trim();
    let near = match unit {
        "GB" | "gb" | "Gb" | "GiB" | "g" | "gi" => "Gi",
        "MB" | "mb" | "Mb" | "MiB" | "mi" => "Mi",
        "KB" | "kb" | "KiB" | "ki" | "K" => "Ki",
        "TB" | "tb" | "TiB" | "t" | "ti" => "Ti",
        _ => {
            return Err(Broken::because(
                "write a number and a unit: Ki, Mi, Gi, Ti, or none",
            ));
        }
    };
    Err(
        Broken::because(format!("`{unit}` is no unit of Kubernetes"))
            .instead(format!("{digits}{near}")),
    )
}
