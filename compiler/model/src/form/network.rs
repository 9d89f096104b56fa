//! Addresses, networks, pools, MAC addresses and ports.

use super::Broken;
use ipnet::IpNet;
use std::net::IpAddr;

/// The network that a network with host bits lies in.
#[must_use]
pub fn canonical(network: IpNet) -> IpNet {
    network.trunc()
}

pub(super) fn ip(text: &str) -> Result<(), Broken> {
    if text.parse::<IpAddr>().is_ok() {
        return Ok(());
    }
    if let Some((address, _)) = text.split_once('/')
        && address.parse::<IpAddr>().is_ok()
    {
        return Err(Broken::because("it must not have a prefix length").instead(address));
    }
    Err(broken_address(text))
}

/// Why a text is no address.
fn broken_address(text: &str) -> Broken {
    let parts: Vec<&str> = text.split('.').collect();
    if parts
        .iter()
        .all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()))
    {
        if parts.len() != 4 {
            return Broken::because(format!(
                "an IPv4 address has 4 numbers, this has {}",
                parts.len()
            ));
        }
        if let Some(large) = parts.iter().find(|part| part.parse::<u8>().is_err()) {
            return Broken::because(format!("{large} is larger than 255"));
        }
        let plain: Vec<&str> = parts
            .iter()
            .map(|part| part.trim_start_matches('0'))
            .collect();
        let plain: Vec<&str> = plain
            .iter()
            .map(|part| if part.is_empty() { "0" } else { part })
            .collect();
        return Broken::because("its numbers must not begin with 0").instead(plain.join("."));
    }
    if text.contains(':')
        && text
            .bytes()
            .all(|b| b.is_ascii_hexdigit() || b == b':' || b == b'.')
    {
        return Broken::because("it is no valid IPv6 address");
    }
    Broken::because("it is neither an IPv4 nor an IPv6 address")
}

pub(super) fn cidr(text: &str) -> Result<(), Broken> {
    let Some((address, prefix)) = text.split_once('/') else {
        return Err(match text.parse::<IpAddr>() {
            Ok(_) => Broken::because("the length of its prefix is missing, such as `/24`"),
            Err(_) => broken_address(text),
        });
    };
    let Ok(parsed) = address.parse::<IpAddr>() else {
        return Err(broken_address(address));
    };
    let longest = if parsed.is_ipv4() { 32 } else { 128 };
    let Ok(prefix) = prefix
        .parse::<u8>()
        .map_err(drop)
        .and_then(|p| if p <= longest { Ok(p) } else { Err(()) })
    else {
        return Err(Broken::because(format!(
            "the length of its prefix must be a number from 0 to {longest}"
        )));
    };
    let Ok(network) = IpNet::new(parsed, prefix) else {
        return Err(Broken::because("its prefix does not fit"));
    };
    let canonical = network.trunc();
    if canonical != network {
        return Err(
            Broken::because("it is an address inside a network").instead(canonical.to_string())
        );
    }
    if network.to_string() != text {
        return Err(Broken::because("it is not written the usual way").instead(network.to_string()));
    }
    Ok(())
}

/// An address with the length of its network's prefix or without.
#[must_use]
pub fn parse_host_address(text: &str) -> Option<(IpAddr, Option<u8>)> {
    match text.split_once('/') {
        None => Some((text.parse().ok()?, None)),
        Some(_) => {
            let network: IpNet = text.parse().ok()?;
            Some((network.addr(), Some(network.prefix_len())))
        }
    }
}

pub(super) fn host_address(text: &str) -> Result<(), Broken> {
    let Some((address, prefix)) = text.split_once('/') else {
        return ip(text);
    };
    let Ok(parsed) = address.parse::<IpAddr>() else {
        return Err(broken_address(address));
    };
    let longest = if parsed.is_ipv4() { 32 } else { 128 };
    let Some(prefix) = prefix
        .parse::<u8>()
        .ok()
        .filter(|prefix| *prefix <= longest)
    else {
        return Err(Broken::because(format!(
            "the length of its prefix must be a number from 0 to {longest}"
        )));
    };
    if let Ok(network) = IpNet::new(parsed, prefix)
        && prefix < longest - 1
        && network.network() == parsed
    {
        return Err(Broken::because(format!(
            "it is a network, not the address of a machine in {network}"
        )));
    }
    Ok(())
}

/// The first and last address of a pool.
#[must_use]
pub fn parse_pool(text: &str) -> Option<(IpAddr, IpAddr)> {
    if let Some((first, last)) = text.split_once('-') {
        let (first, last): (IpAddr, IpAddr) =
            (first.trim().parse().ok()?, last.trim().parse().ok()?);
        return (first.is_ipv4() == last.is_ipv4() && first <= last).then_some((first, last));
    }
    if text.contains('/') {
        let network: IpNet = text.parse().ok()?;
        return Some((network.network(), network.broadcast()));
    }
    let address: IpAddr = text.parse().ok()?;
    Some((address, address))
}

pub(super) fn pool(text: &str) -> Result<(), Broken> {
    if let Some((first, last)) = text.split_once('-') {
        let (first, last) = (first.trim(), last.trim());
        let parsed = |part: &str| part.parse::<IpAddr>().map_err(|_| broken_part(part));
        let (first, last) = (parsed(first)?, parsed(last)?);
        if first.is_ipv4() != last.is_ipv4() {
            return Err(Broken::because("its ends are not of one IP version"));
        }
        if first > last {
            return Err(
                Broken::because("it ends before it begins").instead(format!("{last}-{first}"))
            );
        }
        let plain = format!("{first}-{last}");
        return if plain == text {
            Ok(())
        } else {
            Err(Broken::because("it is not written the usual way").instead(plain))
        };
    }
    if text.contains('/') {
        cidr(text)
    } else {
        ip(text)
    }
}

fn broken_part(part: &str) -> Broken {
    Broken::because(format!("`{part}` is no address"))
}

pub(super) fn mac(text: &str) -> Result<(), Broken> {
    let plain = text.to_ascii_lowercase().replace('-', ":");
    let parts: Vec<&str> = plain.split(':').collect();
    let valid = parts.len() == 6
        && parts
            .iter()
            .all(|part| part.len() == 2 && part.bytes().all(|b| b.is_ascii_hexdigit()));
    if !valid {
        return Err(Broken::because(
            "it must have six pairs of hexadecimal digits with colons between",
        ));
    }
    if plain != text {
        return Err(Broken::because("it must be in lower case, with colons").instead(plain));
    }
    Ok(())
}

pub(super) fn ports(text: &str) -> Result<(), Broken> {
    let parse = |part: &str| part.parse::<u16>().ok().filter(|port| *port > 0);
    let Some((first, last)) = text.split_once('-') else {
        return match parse(text) {
            Some(port) => {
                Err(Broken::because("one port is a number, without quotes")
                    .instead(port.to_string()))
            }
            None => Err(Broken::because(
                "write two numbers from 1 to 65535 with a dash between",
            )),
        };
    };
    match (parse(first), parse(last)) {
        (Some(first), Some(last)) if first <= last => Ok(()),
        (Some(first), Some(last)) => {
            Err(Broken::because("it ends before it begins").instead(format!("{last}-{first}")))
        }
        (None, _) | (_, None) => Err(Broken::because("ports are numbers from 1 to 65535")),
    }
}
