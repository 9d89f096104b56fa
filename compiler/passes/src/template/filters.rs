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

/// `duration | seconds`: the whole seconds of a length of time such as `1h30m`.
fn seconds(text: &str) -> Result<u64, Error> {
    let milliseconds = model::form::parse_duration(text).ok_or_else(|| {
        Error::new(
            ErrorKind::InvalidOperation,
            format!("`{text}` is no length of time"),
        )
    })?;
    Ok(milliseconds / 1000)
}
