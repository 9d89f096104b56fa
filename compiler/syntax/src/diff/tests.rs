//! Diffs of texts and of trees.

use super::{nodes, text};
use crate::node::Node;
use crate::origin::OriginId;
use crate::print::print;
use proptest::prelude::*;

const ID: OriginId = OriginId(1);

fn map(entries: Vec<(&str, Node)>) -> Node {
    Node::from_entries(entries, ID)
}

fn int(value: i64) -> Node {
    Node::integer(value, ID)
}

fn list(items: Vec<Node>) -> Node {
    Node::list(items, ID)
}

fn shown(old: &Node, new: &Node) -> Vec<String> {
    let word =
        |node: Option<&Node>| node.map_or("-".to_owned(), |node| print(node).trim_end().to_owned());
    nodes(old, new)
        .iter()
        .map(|change| format!("{} {} {}", change.at, word(change.old), word(change.new)))
        .collect()
}

#[test]
fn texts() {
    let old = "a\nb\nc\nd\ne\nf\n";
    let new = "a\nb\nc\nX\ne\nf\n";
    assert_eq!(text(old, old, "x", "y"), "");
    assert_eq!(
        text(old, new, "written", "on disk"),
        "--- written\n+++ on disk\n@@ -2,5 +2,5 @@\n b\n c\n-d\n+X\n e\n f\n"
    );
}

#[test]
fn leaves() {
    let old = map(vec![
        ("a", int(1)),
        ("b", map(vec![("c", int(2)), ("d", int(3))])),
        ("e", int(4)),
    ]);
    let new = map(vec![
        ("a", int(1)),
        (
            "b",
            map(vec![("c", int(9)), ("x", map(vec![("y", int(5))]))]),
        ),
    ]);
    assert_eq!(
        shown(&old, &new),
        ["/e 4 -", "/b/d 3 -", "/b/c 2 9", "/b/x/y - 5"]
    );
    assert_eq!(shown(&map(vec![]), &map(vec![("a", int(1))])), ["/a - 1"]);
    assert_eq!(
        shown(&map(vec![("a", int(1))]), &int(2)),
        ["/a 1 -", " - 2"]
    );
}

#[test]
fn switches_are_leaves() {
    let on = map(vec![("s", map(vec![("a", int(1))]))]);
    let mut off = on.clone();
    if let Some(map) = off
        .as_map_mut()
        .and_then(|map| map.get_mut("s")?.as_map_mut())
    {
        map.notes_mut().switch = Some((false, ID));
    }
    assert_eq!(shown(&on, &off), ["/s/a 1 -", "/s - false"]);
    assert!(shown(&off, &map(vec![("s", Node::bool(false, ID))])).is_empty());
}

#[test]
fn one_item_more_is_one_change() {
    let old = list(vec![int(1), int(2), int(3)]);
    let new = list(vec![int(0), int(1), int(2), int(3)]);
    assert_eq!(shown(&old, &new), ["/0 - 0"]);
    assert_eq!(shown(&new, &old), ["/0 0 -"]);
    let item = |name: &str, size| map(vec![("name", Node::string(name, ID)), ("size", int(size))]);
    let old = list(vec![item("a", 1), item("b", 2)]);
    let new = list(vec![item("c", 3), item("a", 1), item("b", 4)]);
    assert_eq!(
        shown(&old, &new),
        ["/0/name - c", "/0/size - 3", "/2/size 2 4"]
    );
}

#[test]
fn what_moved_is_a_change() {
    let item = |name: &str| map(vec![("name", Node::string(name, ID))]);
    let (old, new) = (
        list(vec![item("a"), item("b")]),
        list(vec![item("b"), item("a")]),
    );
    assert_eq!(shown(&old, &new), ["/0/name a b", "/1/name b a"]);
}

fn tree() -> impl Strategy<Value = Node> {
    let leaf = prop_oneof![Just(Node::null(ID)), (0..3i64).prop_map(int)];
    leaf.prop_recursive(4, 16, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(list),
            prop::collection::btree_map("[abc]", inner, 0..3)
                .prop_map(|entries| Node::from_entries(entries, ID)),
        ]
    })
}

proptest! {
    #[test]
    fn a_tree_does_not_differ_from_itself(node in tree()) {
        prop_assert!(nodes(&node, &node).is_empty());
    }

    #[test]
    fn each_change_is_where_it_says(old in tree(), new in tree()) {
        for change in nodes(&old, &new) {
            prop_assert!(change.old.is_some() || change.new.is_some());
            if let Some(node) = change.new {
                prop_assert_eq!(new.find(&change.at), Some(node));
            }
        }
    }
}
