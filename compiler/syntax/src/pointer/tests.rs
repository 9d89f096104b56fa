//! Pointers by the examples of RFC 6901, and leaves.

use super::{Pointer, PointerError, escape};
use crate::node::Node;
use crate::origin::OriginId;
use proptest::prelude::*;

const ID: OriginId = OriginId(1);

fn rfc() -> Node {
    let numbered = ["", "a/b", "c%d", "e^f", "g|h", "i\\j", "k\"l", " ", "m~n"];
    let mut entries = vec![(
        "foo",
        Node::list([Node::string("bar", ID), Node::string("baz", ID)], ID),
    )];
    for (value, key) in (0..).zip(numbered) {
        entries.push((key, Node::integer(value, ID)));
    }
    Node::from_entries(entries, ID)
}

#[test]
fn the_examples_of_the_rfc() {
    let node = rfc();
    assert_eq!(node.pointer(""), Some(&node));
    assert_eq!(node.pointer("/foo/0"), Some(&Node::string("bar", ID)));
    let numbered = [
        "/", "/a~1b", "/c%d", "/e^f", "/g|h", "/i\\j", "/k\"l", "/ ", "/m~0n",
    ];
    for (value, pointer) in (0..).zip(numbered) {
        assert_eq!(
            node.pointer(pointer),
            Some(&Node::integer(value, ID)),
            "{pointer}"
        );
    }
    for pointer in [
        "/foo/2", "/foo/00", "/foo/+1", "/foo/-", "/foo/0/x", "/bar", "foo", "/m~n",
    ] {
        assert_eq!(node.pointer(pointer), None, "{pointer}");
    }
}

#[test]
fn refusals() {
    assert_eq!(Pointer::parse("a"), Err(PointerError::NoSlash));
    assert_eq!(Pointer::parse("/a~"), Err(PointerError::BadEscape));
    assert_eq!(Pointer::parse("/a~2b"), Err(PointerError::BadEscape));
}

#[test]
fn steps() {
    let pointer = Pointer::of(["a", "b/c"]);
    assert_eq!(pointer.to_string(), "/a/b~1c");
    assert_eq!(pointer.parent(), Some(Pointer::of(["a"])));
    assert_eq!(pointer.join("0").to_string(), "/a/b~1c/0");
    assert!(pointer.starts_with(&Pointer::of(["a"])));
    assert!(!pointer.starts_with(&Pointer::of(["b"])));
    assert_eq!(Pointer::root().parent(), None);
    assert_eq!(escape("a~/b"), "a~0~1b");
    assert_eq!(Pointer::of(["foo", "1"]).in_words(&rfc()), "foo[1]");
    assert_eq!(Pointer::of(["bar", "1"]).in_words(&rfc()), "bar.1");
}

#[test]
fn what_is_nearest() {
    let node = rfc();
    let nearest = node.find_nearest(&Pointer::of(["foo", "7", "x"]));
    assert_eq!(Some(nearest), node.get("foo"));
    let entry = node.find_entry(&Pointer::of(["a/b"]));
    assert_eq!(entry.map(|entry| entry.key.as_str()), Some("a/b"));
    assert!(node.find_entry(&Pointer::of(["foo", "0"])).is_none());
}

#[test]
fn leaves_in_order() {
    let mut off = Node::from_entries([("x", Node::null(ID))], ID);
    if let Some(map) = off.as_map_mut() {
        map.notes_mut().switch = Some((false, ID));
    }
    let node = Node::from_entries(
        [
            (
                "a",
                Node::list(
                    [
                        Node::null(ID),
                        Node::from_entries([("b", Node::bool(true, ID))], ID),
                    ],
                    ID,
                ),
            ),
            ("c", Node::list([], ID)),
            ("d", off),
        ],
        ID,
    );
    let places: Vec<String> = node.leaves().map(|(at, _)| at.to_string()).collect();
    assert_eq!(places, ["/a/0", "/a/1/b", "/c", "/d"]);
    for (at, leaf) in node.leaves() {
        assert_eq!(node.find(&at), Some(leaf));
    }
}

proptest! {
    #[test]
    fn parse_reads_what_display_writes(tokens in prop::collection::vec("[a~/0-9]{0,4}", 0..4)) {
        let pointer = Pointer::of(tokens);
        prop_assert_eq!(Pointer::parse(&pointer.to_string()), Ok(pointer));
    }
}
