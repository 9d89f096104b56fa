//! Schedules, as CronJobs and what reads five fields write them: their form, and how long they rest at most.

use super::Broken;

/// The names that stand for five fields.
const NAMES: [(&str, &str); 7] = [
    ("@annually", "0 0 1 1 *"),
    ("@daily", "0 0 * * *"),
    ("@hourly", "0 * * * *"),
    ("@midnight", "0 0 * * *"),
    ("@monthly", "0 0 1 * *"),
    ("@weekly", "0 0 * * 0"),
    ("@yearly", "0 0 1 1 *"),
];

/// The fields in their order: what each is called, its limits, and its names, the first of which is the lowest number.
const FIELDS: [Field; 5] = [
    ("minute", 0, 59, &[]),
    ("hour", 0, 23, &[]),
    ("day of the month", 1, 31, &[]),
    (
        "month",
        1,
        12,
        &[
            "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
        ],
    ),
    (
        "weekday",
        0,
        6,
        &["sun", "mon", "tue", "wed", "thu", "fri", "sat"],
    ),
];

type Field = (&'static str, u32, u32, &'static [&'static str]);

const MINUTE: u64 = 60;
const DAY: u64 = 24 * 60 * MINUTE;
/// After so many years weekdays and leap days repeat, within one century.
const YEARS: u32 = 28;

/// When something happens: a bit for each value of each field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cron {
    minutes: u64,
    hours: u64,
    days: u64,
    months: u64,
    weekdays: u64,
    /// Days count by either field where both are stated, as cron has it.
    either: bool,
}

/// Reads a schedule.
///
/// # Errors
/// Why it is none, and what to write instead.
pub fn parse_cron(text: &str) -> Result<Cron, Broken> {
    if let Some(name) = text.strip_prefix('@') {
        return named(text, name);
    }
    let fields: Vec<&str> = text.split_whitespace().collect();
    let [minute, hour, day, month, weekday] = fields.as_slice() else {
        return Err(miscounted(&fields));
    };
    let [minutes, hours, days, months, weekdays] = FIELDS;
    Ok(Cron {
        minutes: field(minute, minutes)?,
        hours: field(hour, hours)?,
        days: field(day, days)?,
        months: field(month, months)?,
        weekdays: field(weekday, weekdays)?,
        either: *day != "*" && *weekday != "*",
    })
}

fn named(text: &str, name: &str) -> Result<Cron, Broken> {
    if let Some((_, fields)) = NAMES.iter().find(|(known, _)| *known == text) {
        return parse_cron(fields);
    }
    if name.starts_with("every") {
        return Err(Broken::because(
            "it counts from when a program starts; state the times",
        ));
    }
    let lower = text.to_ascii_lowercase();
    let broken = Broken::because("the names are @hourly, @daily, @weekly, @monthly and @yearly");
    match NAMES.iter().find(|(known, _)| *known == lower) {
        Some((known, _)) => Err(broken.instead(*known)),
        None => Err(broken),
    }
}

fn miscounted(fields: &[&str]) -> Broken {
    match fields {
        [] => Broken::because("it is empty"),
        [first, ..] if first.contains("TZ=") => {
            Broken::because("it has no time zone of its own: state the times in UTC")
        }
        [seconds, rest @ ..] if rest.len() == 5 => {
            let broken = Broken::because("it has six fields: seconds are not counted");
            match (*seconds, parse_cron(&rest.join(" "))) {
                ("0", Ok(_)) => broken.instead(rest.join(" ")),
                _ => broken,
            }
        }
        _ => Broken::because(format!(
            "it has {} of five fields: minute, hour, day of the month, month, weekday",
            fields.len()
        )),
    }
}

/// The values of a field: a list of ranges, each with a step or without.
fn field(text: &str, field: Field) -> Result<u64, Broken> {
    text.split(',')
        .try_fold(0, |bits, part| Ok(bits | stretch(part, field)?))
}

fn stretch(text: &str, field: Field) -> Result<u64, Broken> {
    let (name, least, most, _) = field;
    let (range, step) = match text.split_once('/') {
        Some((range, step)) => (range, Some(step)),
        None => (text, None),
    };
    let (first, last) = if range == "*" {
        (least, most)
    } else if let Some((first, last)) = range.split_once('-') {
        (value(first, field)?, value(last, field)?)
    } else {
        let only = value(range, field)?;
        (only, if step.is_some() { most } else { only })
    };
    let step = match step.map(str::parse::<u32>) {
        None => 1,
        Some(Ok(step)) if step > 0 && step <= most => step,
        Some(_) => {
            return Err(Broken::because(format!(
                "the step of its {name}, `{text}`, must be from 1 to {most}"
            )));
        }
    };
    if first > last {
        return Err(Broken::because(format!(
            "the {name} `{range}` ends before it begins"
        )));
    }
    let every = usize::try_from(step).unwrap_or(1);
    Ok((first..=last).step_by(every).fold(0, |b, n| b | 1 << n))
}

fn value(text: &str, (name, least, most, names): Field) -> Result<u32, Broken> {
    let lower = text.to_ascii_lowercase();
    if let Some(at) = names.iter().position(|known| *known == lower) {
        return Ok(least + u32::try_from(at).unwrap_or(0));
    }
    match text.parse::<u32>() {
        Ok(number) if (least..=most).contains(&number) => Ok(number),
        Ok(7) if names.first() == Some(&"sun") => {
            Err(Broken::because("its weekday is 7: Sunday is 0"))
        }
        Ok(_) | Err(_) => Err(Broken::because(format!(
            "its {name}, `{text}`, must be from {least} to {most}"
        ))),
    }
}

impl Cron {
    /// The longest time from one turn to the next, in seconds; `None` where it never comes.
    #[must_use]
    pub fn longest_gap(&self) -> Option<u64> {
        let first = u64::from(self.hours.trailing_zeros()) * 60 * MINUTE
            + u64::from(self.minutes.trailing_zeros()) * MINUTE;
        let last = u64::from(63 - self.hours.leading_zeros()) * 60 * MINUTE
            + u64::from(63 - self.minutes.leading_zeros()) * MINUTE;
        let nights = self.longest_rest()?;
        let night = nights * DAY + first - last;
        Some(night.max(self.longest_within()))
    }

    /// The longest time between two turns of one day.
    fn longest_within(&self) -> u64 {
        let mut before: Option<u64> = None;
        let mut longest = 0;
        for minute in 0..24 * 60_u64 {
            if self.hours >> (minute / 60) & 1 == 1
                && self.minutes >> (minute % 60) & 1 == 1
                && let Some(before) = before.replace(minute)
            {
                longest = longest.max((minute - before) * MINUTE);
            }
        }
        longest
    }

    /// The most days from one with a turn to the next.
    fn longest_rest(&self) -> Option<u64> {
        let years = (1..=YEARS).flat_map(|year| (1..=12).map(move |month| (year, month)));
        let days = years.flat_map(|(year, month)| {
            let dates = 1..=days_of(year, month);
            dates.map(move |date| (month, date))
        });
        let period = if self.is_weekly() { 7 } else { usize::MAX };
        let (mut day, mut longest) = (0_u64, 0);
        let mut turns: Option<(u64, u64)> = None;
        for (month, date) in days.take(period) {
            // The first of January 2001 is a Monday.
            if self.comes(month, date, (day + 1) % 7) {
                let (first, before) = turns.unwrap_or((day, day));
                longest = longest.max(day - before);
                turns = Some((first, day));
            }
            day += 1;
        }
        turns.map(|(first, last)| longest.max(day - last + first))
    }

    /// Whether one week is like the other.
    fn is_weekly(&self) -> bool {
        let all =
            |field: u64, (_, least, most, _): Field| (least..=most).all(|n| field >> n & 1 == 1);
        let [_, _, date, month, _] = FIELDS;
        all(self.days, date) && all(self.months, month) && !self.either
    }

    fn comes(&self, month: u32, date: u32, weekday: u64) -> bool {
        let date = self.days >> date & 1 == 1;
        let weekday = self.weekdays >> weekday & 1 == 1;
        let day = if self.either {
            date || weekday
        } else {
            date && weekday
        };
        self.months >> month & 1 == 1 && day
    }
}

/// The days of a month; every fourth year has a leap day.
fn days_of(year: u32, month: u32) -> u32 {
    match month {
        2 if year.is_multiple_of(4) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

pub(super) fn cron(text: &str) -> Result<(), Broken> {
    match parse_cron(text)?.longest_gap() {
        Some(_) => Ok(()),
        None => Err(Broken::because("no year has such a day")),
    }
}

#[cfg(test)]
mod tests {
    use super::{DAY, MINUTE, parse_cron};

    fn gap(text: &str) -> Option<u64> {
        parse_cron(text).ok()?.longest_gap()
    }

    #[test]
    fn the_longest_gap_is_the_worst_of_all_years() {
        let hour = 60 * MINUTE;
        for (text, longest) in [
            ("* * * * *", MINUTE),
            ("*/15 * * * *", 15 * MINUTE),
            ("*/25 * * * *", 25 * MINUTE),
            ("5 * * * *", hour),
            ("0 */6 * * *", 6 * hour),
            ("0 2 * * *", DAY),
            ("@daily", DAY),
            ("@hourly", hour),
            ("0 8,20 * * *", 12 * hour),
            ("0 8-20/4 * * *", 12 * hour),
            ("0 9,17 * * MON-FRI", 2 * DAY + 16 * hour),
            ("0 2 * * 0", 7 * DAY),
            ("@weekly", 7 * DAY),
            ("@monthly", 31 * DAY),
            ("0 0 31 * *", 61 * DAY),
            ("0 0 29 2 *", 1461 * DAY),
            ("@yearly", 366 * DAY),
            // Both days are stated: either will do.
            ("0 0 13 * 5", 7 * DAY),
            // `*` with a step is a stated day, too.
            ("0 0 */2 * 1", 2 * DAY),
        ] {
            assert_eq!(gap(text), Some(longest), "{text}");
        }
    }

    #[test]
    fn what_never_comes_has_no_gap() {
        assert_eq!(gap("0 0 31 2 *"), None);
        assert!(super::cron("0 0 30 feb *").is_err());
    }
}
