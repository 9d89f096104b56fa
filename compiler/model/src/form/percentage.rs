//! Shares of a hundred, as people write them.

use super::Broken;

/// The millionths that a percentage such as `99.9%` stands for: exact, so that what follows from it is.
#[must_use]
pub fn parse_percentage(text: &str) -> Option<u32> {
    let number = text.strip_suffix('%')?;
    let (whole, part) = number.split_once('.').unwrap_or((number, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if !digits(whole) || !digits(part) || part.len() > 4 {
        return None;
    }
    let part = format!("{part:0<4}").parse::<u32>().ok()?;
    let share = whole.parse::<u32>().ok()?.checked_mul(10_000)? + part;
    (share <= 1_000_000).then_some(share)
}

pub(super) fn percentage(text: &str) -> Result<(), Broken> {
    if parse_percentage(text).is_some() {
        return Ok(());
    }
    let number = text.trim_end_matches([' ', '%']).replace(',', ".");
    let number = number.trim();
    let with_sign = format!("{number}%");
    if parse_percentage(&with_sign).is_some() {
        let why = if text.contains('%') {
            "write the number with a point, and `%` right behind it"
        } else {
            "its `%` is missing"
        };
        return Err(Broken::because(why).instead(with_sign));
    }
    Err(Broken::because(
        "write a number from 0 to 100 with at most four decimals, and `%`",
    ))
}
