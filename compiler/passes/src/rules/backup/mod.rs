//! Copies of data: that there are any, how often, and where.

mod archive_without_base_backup;
mod claim_outside_schedule;
mod data;
mod database_beyond_rpo;
mod databases_without_archive;
mod nothing_backed_up;
mod one_copy_kept;
mod paused_backup;
mod restore_beyond_rto;
mod rto_without_snapshots;
mod snapshots_beside_etcd;
mod target_inside_cluster;
mod unarchived_database;
mod uncopyable_claim;
mod uncovered_claim;
mod unlimited_archive;

use super::Rule;

/// The rules, by id.
pub const RULES: &[Rule] = &[
    archive_without_base_backup::RULE,
    claim_outside_schedule::RULE,
    database_beyond_rpo::RULE,
    databases_without_archive::RULE,
    nothing_backed_up::RULE,
    one_copy_kept::RULE,
    paused_backup::RULE,
    restore_beyond_rto::RULE,
    rto_without_snapshots::RULE,
    snapshots_beside_etcd::RULE,
    target_inside_cluster::RULE,
    unarchived_database::RULE,
    uncopyable_claim::RULE,
    uncovered_claim::RULE,
    unlimited_archive::RULE,
];
