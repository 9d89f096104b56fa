//! Days, as ISO 8601 writes them: the order of the texts is the order of the days.

use super::Broken;

pub(super) fn date(text: &str) -> Result<(), Broken> {
    let parts: Vec<&str> = text.split('-').collect();
    let [year, month, day] = parts.as_slice() else {
        return Err(Broken::because("write year, month and day with dashes"));
    };
    let number = |part: &str, digits: usize| {
        let whole = part.len() == digits && part.bytes().all(|b| b.is_ascii_digit());
        part.parse::<u32>().ok().filter(|_| whole)
    };
    let (Some(year), Some(month), Some(day)) = (number(year, 4), number(month, 2), number(day, 2))
    else {
        return Err(Broken::because(
            "four digits for the year, two for the month and two for the day",
        ));
    };
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return Err(Broken::because("there are twelve months")),
    };
    if (1..=days).contains(&day) {
        Ok(())
    } else {
        Err(Broken::because(format!("that month has {days} days")))
    }
}
