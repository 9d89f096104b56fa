//! Texts, next to what sops 3.13.2 made of them.

use super::{key, value};

#[test]
fn values_are_written_as_sops_writes_them() {
    for (text, expected) in [("x", "x"), ("", "\"\"")] {
        assert_eq!(value(text, 4), expected, "{text:?}");
    }
    assert_eq!(key("yes"), "\"yes\"");
}
