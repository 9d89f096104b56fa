//! What depends on what.

mod dangling_dependency;
mod dependency_cycle;
mod duplicate_route;
mod flux;
mod no_such_path;
mod paths;
mod route_without_listener;
mod routes;
mod shared_path;
mod shared_release;
mod undefined_substitution;
mod unreferenced_file;
mod wrong_source;

use super::Rule;

/// The rules, by id.
pub const RULES: &[Rule] = &[
    dangling_dependency::RULE,
    dependency_cycle::RULE,
    duplicate_route::RULE,
    no_such_path::RULE,
    route_without_listener::RULE,
    shared_path::RULE,
    shared_release::RULE,
    undefined_substitution::RULE,
    unreferenced_file::RULE,
    wrong_source::RULE,
];
