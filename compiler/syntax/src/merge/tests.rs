//! The merge, by examples and by the property that brackets don't matter.

use super::{MergeRules, merge};
use crate::diagnostic::Diagnostics;
use crate::node::{Kind, Node};
use crate::origin::{Origin, OriginId, Origins};
use crate::source::{FileId, Span};
use proptest::prelude::*;

const APPENDED: &[&str] = &["a", "*/b"];

fn merged(layers: &[Node]) -> (Node, Diagnostics) {
    let (mut origins, mut diagnostics) = (Origins::default(), Diagnostics::default());
    let rules = MergeRules::appending(APPENDED);
    let node = layers
        .iter()
        .cloned()
        .reduce(|base, over| merge(base, over, &rules, &mut origins, &mut diagnostics))
        .unwrap_or_else(|| Node::null(OriginId(0)));
    (node, diagnostics)
}

fn map(entries: Vec<(&str, Node)>) -> Node {
    Node::from_entries(entries, OriginId(1))
}

fn bool(value: bool) -> Node {
    Node::bool(value, OriginId(1))
}

fn null() -> Node {
    Node::null(OriginId(1))
}

fn text(value: &str) -> Node {
    Node::string(value, OriginId(1))
}

fn list(items: &[&str]) -> Node {
    Node::list(items.iter().map(|item| text(item)), OriginId(1))
}

#[test]
fn maps_merge_and_the_rest_replaces() {
    let (node, found) = merged(&[
        map(vec![
            ("x", map(vec![("one", text("1")), ("two", text("2"))])),
            ("l", list(&["a"])),
        ]),
        map(vec![
            ("x", map(vec![("two", text("zwei")), ("three", text("3"))])),
            ("l", list(&["b"])),
        ]),
    ]);
    let want = map(vec![
        (
            "x",
            map(vec![
                ("one", text("1")),
                ("two", text("zwei")),
                ("three", text("3")),
            ]),
        ),
        ("l", list(&["b"])),
    ]);
    assert_eq!(node, want);
    assert!(found.is_empty());
}

#[test]
fn a_section_comes_back_with_its_content() {
    let profile = map(vec![("s", map(vec![("size", text("10"))]))]);
    let off = map(vec![("s", bool(false))]);
    let on = map(vec![("s", bool(true))]);
    let more = map(vec![("s", map(vec![("class", text("fast"))]))]);

    let (node, _) = merged(&[profile.clone(), off.clone()]);
    assert!(node.get("s").is_some_and(Node::is_off));

    let (node, _) = merged(&[profile.clone(), off.clone(), on]);
    assert_eq!(node, profile);

    let (node, found) = merged(&[profile, off, more]);
    let want = map(vec![(
        "s",
        map(vec![("size", text("10")), ("class", text("fast"))]),
    )]);
    assert_eq!(node, want);
    assert!(found.is_empty());
}

#[test]
fn templates_know_no_switches() {
    let (mut origins, mut found) = (Origins::default(), Diagnostics::default());
    let base = map(vec![("s", map(vec![("size", text("10"))]))]);
    let over = map(vec![("s", bool(false))]);
    let node = merge(
        base,
        over.clone(),
        &MergeRules::none(),
        &mut origins,
        &mut found,
    );
    assert_eq!(node, over);
}

#[test]
fn null_clears() {
    let base = map(vec![("s", map(vec![("size", text("10"))]))]);
    let (node, _) = merged(&[base.clone(), map(vec![("s", null())])]);
    assert_eq!(node.get("s"), Some(&null()));
    let fresh = map(vec![("s", map(vec![("class", text("fast"))]))]);
    let (node, _) = merged(&[base, map(vec![("s", null())]), fresh.clone()]);
    assert_eq!(node, fresh);
}

#[test]
fn only_the_listed_lists_are_appended_to() {
    let layer = |item: &str| {
        map(vec![
            ("a", list(&[item])),
            (
                "z",
                map(vec![
                    ("b", list(&[item])),
                    ("values", map(vec![("b", list(&[item]))])),
                ]),
            ),
        ])
    };
    let (node, _) = merged(&[layer("1"), layer("2")]);
    assert_eq!(node.get("a"), Some(&list(&["1", "2"])));
    assert_eq!(node.at(&["z", "b"]), Some(&list(&["1", "2"])));
    assert_eq!(node.at(&["z", "values", "b"]), Some(&list(&["2"])));
}

#[test]
fn a_clash_of_kinds_names_both_lines() {
    let mut origins = Origins::default();
    let span = |start| Span {
        file: FileId(0),
        start,
        end: start + 1,
    };
    let (low, high) = (origins.span(span(3)), origins.span(span(70)));
    let base = Node::from_entries([("s", Node::from_entries([("a", text("1"))], low))], low);
    let over = Node::from_entries([("s", Node::string("fast", high))], high);
    let mut found = Diagnostics::default();
    let node = merge(
        base,
        over,
        &MergeRules::appending(&[]),
        &mut origins,
        &mut found,
    );
    assert_eq!(node.str_at(&["s"]), Some("fast"));
    let clash = found.iter().next().expect("a finding");
    assert_eq!(clash.id, "level-clash");
    assert_eq!(
        clash.message,
        "`s` is a string here and a map at a less specific level"
    );
    assert_eq!(
        clash
            .labels
            .iter()
            .map(|label| label.span)
            .collect::<Vec<_>>(),
        [span(70), span(3)]
    );
}

#[test]
fn origins_keep_winner_and_losers() {
    let mut origins = Origins::default();
    let ids: Vec<OriginId> = (0..3)
        .map(|n| {
            origins.span(Span {
                file: FileId(n),
                start: 0,
                end: 1,
            })
        })
        .collect();
    let layers = ids.iter().map(|id| Node::integer(i64::from(id.0), *id));
    let mut found = Diagnostics::default();
    let node = layers
        .reduce(|base, over| {
            merge(
                base,
                over,
                &MergeRules::appending(&[]),
                &mut origins,
                &mut found,
            )
        })
        .expect("three layers");
    let want = Origin::Merged {
        winner: ids[2],
        losers: [ids[1], ids[0]].into(),
    };
    assert_eq!(*origins.get(node.origin()), want);
}

/// Layers over few keys, so that they meet often.
fn layer() -> impl Strategy<Value = Node> {
    let leaf = prop_oneof![
        Just(null()),
        any::<bool>().prop_map(bool),
        Just(text("x")),
        (0..9i64).prop_map(|n| Node::integer(n, OriginId(1))),
    ];
    let tree = leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            1 => prop::collection::vec(inner.clone(), 0..3).prop_map(|items| Node::list(items, OriginId(1))),
            3 => prop::collection::btree_map("[abc]", inner, 0..4)
                .prop_map(|entries| Node::from_entries(entries, OriginId(1))),
        ]
    });
    prop::collection::btree_map("[abc]", tree, 0..4)
        .prop_map(|entries| Node::from_entries(entries, OriginId(1)))
}

/// Merges a stretch of layers, cut in two wherever the dice say.
fn bracketed(
    layers: &[Node],
    dice: &mut impl Iterator<Item = usize>,
    tools: &mut (Origins, Diagnostics),
) -> Node {
    let [first, .., _] = layers else {
        return layers[0].clone();
    };
    let cut = 1 + dice.next().unwrap_or(0) % (layers.len() - 1);
    let (low, high) = layers.split_at(cut);
    debug_assert!(matches!(first.kind(), Kind::Map(_)));
    let (low, high) = (bracketed(low, dice, tools), bracketed(high, dice, tools));
    merge(
        low,
        high,
        &MergeRules::appending(APPENDED),
        &mut tools.0,
        &mut tools.1,
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    #[test]
    fn brackets_do_not_matter(
        layers in prop::collection::vec(layer(), 5),
        dice in prop::collection::vec(0..100usize, 5),
    ) {
        let (straight, _) = merged(&layers);
        let mut tools = (Origins::default(), Diagnostics::default());
        let cut = bracketed(&layers, &mut dice.into_iter(), &mut tools);
        prop_assert_eq!(straight, cut);
    }

    #[test]
    fn nothing_said_changes_nothing(layer in layer()) {
        let (node, found) = merged(&[map(vec![]), layer.clone(), map(vec![])]);
        prop_assert_eq!(node, layer);
        prop_assert!(found.is_empty());
    }
}
