//! The filters that expressions have beside minijinja's own.

use minijinja::value::Value;
use minijinja::{Environment, Error, ErrorKind};
use std::net::IpAddr;

/// Adds the filters to an engine.
pub fn register(engine: &mut Environment<'static>) {
    engine.add_filter("host", host);
    engine.add_filter("address", address);
    engine.add_filter("digest", digest);
    engine.add_filter("seconds", seconds);
    engine.add_filter("interval", interval);
    engine.add_filter("go_duration", go_duration);
}

/// `cidr | host(10)`: the tenth address of a network.
fn host(cidr: &str, number: u32) -> Result<String, Error> {
    let bad = || {
        Error::new(
            ErrorKind::InvalidOperation,
            format!("`{cidr}` is no network in CIDR form"),
        )
    };
    let (base, _) = cidr.split_once('/').ok_or_else(bad)?;
    match base.parse().map_err(|_| bad())? {
        IpAddr::V4(base) => {
            Ok(std::net::Ipv4Addr::from(u32::from(base).saturating_add(number)).to_string())
        }
        IpAddr::V6(base) => Ok(std::net::Ipv6Addr::from(
            u128::from(base).saturating_add(u128::from(number)),
        )
        .to_string()),
    }
}

/// `address | address`: an address without its prefix length.
fn address(text: &str) -> String {
    text.split('/').next().unwrap_or(text).to_owned()
}

/// `value | digest`: a short text that is another where the value is.
fn digest(value: &Value) -> String {
    crate::emit::seal::digest(value.to_string().as_bytes())
}

/// `'1h30m' | seconds`: a length of time as a number.
fn seconds(text: &str) -> Result<u64, Error> {
    let length = model::form::parse_duration(text);
    length.map(|ms| ms / 1000).ok_or_else(|| {
        let message = format!("`{text}` is no length of time");
        Error::new(ErrorKind::InvalidOperation, message)
    })
}

/// `'0 2 * * *' | interval`: the longest time from one turn of a schedule to the next, in seconds.
fn interval(text: &str) -> Result<u64, Error> {
    let cron = model::form::parse_cron(text).ok();
    cron.and_then(|cron| cron.longest_gap()).ok_or_else(|| {
        let message = format!("`{text}` is no schedule");
        Error::new(ErrorKind::InvalidOperation, message)
    })
}

/// `'30d' | go_duration`: a length of time as Go writes it back, which knows no days.
fn go_duration(text: &str) -> Result<String, Error> {
    let all = seconds(text)?;
    Ok(format!("{}h{}m{}s", all / 3600, all / 60 % 60, all % 60))
}

#[cfg(test)]
mod tests {
    use super::{go_duration, interval, seconds};

    #[test]
    fn times_become_numbers() {
        assert_eq!(seconds("1h30m").ok(), Some(5400));
        assert!(seconds("soon").is_err());
        assert_eq!(interval("@daily").ok(), Some(86_400));
        assert!(interval("now and then").is_err());
        assert_eq!(go_duration("30d").ok().as_deref(), Some("720h0m0s"));
        assert_eq!(go_duration("90s").ok().as_deref(), Some("0h1m30s"));
    }
}
