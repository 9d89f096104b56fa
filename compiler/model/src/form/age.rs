//! Recipients of age: `age1...`, with a checksum at their end.

use super::Broken;
use bech32::primitives::decode::CheckedHrpstring;
use bech32::{Bech32, Hrp};

/// How many bytes a key of X25519 has.
const KEY: usize = 32;

pub(super) fn recipient(text: &str) -> Result<(), Broken> {
    if text.to_ascii_uppercase().starts_with("AGE-SECRET-KEY-") {
        return Err(Broken::because(
            "this is the secret half of a key: change it, it was seen; `age-keygen -y KEYFILE` prints the public half",
        )
        .secret());
    }
    if text.starts_with("age1") && text.chars().any(|c| c.is_ascii_uppercase()) {
        return Err(Broken::because("it is written in lower case").instead(text.to_lowercase()));
    }
    let read = CheckedHrpstring::new::<Bech32>(text);
    let read =
        read.map_err(|_| Broken::because("its checksum says that a letter is wrong or missing"))?;
    let plain = Hrp::parse("age").is_ok_and(|age| read.hrp() == age);
    let plugin = read.hrp().as_str().starts_with("age1");
    match (plain, read.byte_iter().count()) {
        (true, KEY) => Ok(()),
        (false, _) if plugin => Ok(()),
        _ => Err(Broken::because("it is not a key of age")),
    }
}
