//! How random a word looks.

use super::value;

/// What such a word is called.
pub const KIND: &str = "a random key or token";

/// Shorter words are too likely to be made by people.
const SHORTEST: usize = 20;
/// Longer ones hold data.
const LONGEST: usize = 128;

/// Whether a word is too mixed for a name: its bytes are letters, digits and `+ / - _`.
pub fn is_random(word: &str) -> bool {
    let word = word.trim_end_matches('=');
    if !(SHORTEST..=LONGEST).contains(&word.len()) || word.starts_with('/') {
        return false;
    }
    let marks = word
        .bytes()
        .filter(|byte| !byte.is_ascii_alphanumeric())
        .count();
    marks * 8 <= word.len() && is_mixed(word) && is_varied(word) && !is_known(word)
}

/// Whether letters' case and digits change as often as by chance, and few lower-case letters stand side by side, where
/// words have most of theirs.
pub fn is_mixed(word: &str) -> bool {
    let class = |byte: &u8| match byte {
        b'a'..=b'z' => 1,
        b'A'..=b'Z' => 2,
        b'0'..=b'9' => 3,
        _ => 0,
    };
    let bytes = word.as_bytes();
    let (mut turns, mut lower) = (0, 0);
    for (a, b) in bytes.iter().zip(bytes.iter().skip(1)) {
        turns += usize::from(class(a) != class(b));
        lower += usize::from(class(a) == 1 && class(b) == 1);
    }
    bytes.len() >= 8 && turns * 5 >= bytes.len() * 2 && lower * 20 <= bytes.len() * 7
}

/// Whether few of its letters stand twice.
pub fn is_varied(word: &str) -> bool {
    let seen = word
        .bytes()
        .fold(0u128, |seen, byte| seen | 1 << (byte & 127));
    seen.count_ones() as usize * 10 >= word.len().min(40) * 6
}

/// Random, and known to be public or to be no secret: digests, public keys, certificates, examples.
fn is_known(word: &str) -> bool {
    ["sha256-", "sha384-", "sha512-", "AAAA", "MII", "age1"]
        .iter()
        .any(|start| word.starts_with(start))
        || value::says_example(word)
        || word.starts_with("ABCDEF")
        || word.contains("abcdefghij")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_not_random() {
        for name in [
            "requiredDuringSchedulingIgnoredDuringExecution",
            "PodDisruptionBudgetV1Beta1",
            "aws-load-balancer-controller-2",
            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
            "k8sServiceLookupConfigMapName",
            "HTTPRouteParentRefUnsupportedV1",
        ] {
            assert!(!is_random(name), "{name}");
        }
    }
}
