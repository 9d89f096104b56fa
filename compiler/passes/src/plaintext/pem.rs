//! Blocks of `-----BEGIN ...-----`: private keys are secrets, all others are skipped.

use super::random;

/// What it is called.
pub const KIND: &str = "a private key";

/// How a block starts.
pub const BEGIN: &str = "-----BEGIN";

/// A block, as far as one needs to know.
pub enum Block {
    /// A private key that ends here.
    Private(usize),
    /// Something public or sealed that ends here.
    Other(usize),
}

/// The block whose `-----BEGIN` starts at a place.
pub fn block(text: &str, at: usize) -> Option<Block> {
    let rest = text.get(at..)?;
    let label = rest.strip_prefix(BEGIN)?;
    let (label, body) = label.split_once("-----")?;
    if label.len() > 64 || label.contains('\n') {
        return None;
    }
    let start = at + rest.len() - body.len();
    // Only as far as the next such line, so that many beginnings cost no more than one.
    let (body, is_closed) = match body.find("-----") {
        Some(end) => (body.get(..end)?, body.get(end..)?.starts_with("-----END")),
        None => (body, false),
    };
    let end = start + body.len();
    Some(match label.contains("PRIVATE KEY") && is_real(body) {
        true => Block::Private(end),
        false if is_closed => Block::Other(end),
        false => Block::Other(start),
    })
}

/// Whether a body holds data, and not three dots.
fn is_real(body: &str) -> bool {
    let data: String = body
        .split(['\n', '\r', '\\'])
        .map(|line| line.trim().trim_start_matches('n'))
        .filter(|line| !line.contains(':'))
        .flat_map(str::chars)
        .take(40)
        .collect();
    data.len() >= 32
        && data
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"+/=".contains(&byte))
        && random::is_varied(data.get(..32).unwrap_or(&data))
}
