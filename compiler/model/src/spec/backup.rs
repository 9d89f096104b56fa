//! What must not be lost, how much of it may be, and where copies of it go.

use super::choice::{DatabaseBackup, EtcdBackup, VolumeBackup};
use super::settings::Switch;
use super::text::{Bucket, Cron, Duration, Folder, Percentage, SecretName, Url};
use schemars::JsonSchema;

/// What a platform owes those who use it.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
pub struct Objectives {
    /// The share of a month in which what runs on it must answer.
    pub availability: Option<Percentage>,
    /// How much of what users wrote may be lost: the age of the newest copy of databases and of volumes with primary data.
    #[schemars(example = &"15m")]
    pub rpo: Option<Duration>,
    /// How long it may take until all runs again.
    #[schemars(example = &"1h")]
    pub rto: Option<Duration>,
}

/// Backup: what is copied, when, for how long, and where to.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
pub struct Backup {
    /// Snapshots of etcd, in which everything lies that the API server knows.
    pub etcd: Option<Switch<Etcd>>,
    /// Copies of volumes, and of the objects that belong to them.
    pub volumes: Option<Switch<Volumes>>,
    /// Base backups of databases, and the archive of all that is written between them.
    pub databases: Option<Switch<Databases>>,
    /// Where copies go.
    pub target: Option<Switch<Target>>,
}

/// Snapshots of etcd.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
pub struct Etcd {
    /// What takes them. Default: the only component that can.
    pub engine: Option<EtcdBackup>,
    /// When. Default: at 02:00.
    pub schedule: Option<Cron>,
    /// How long each is kept. Default: 7d.
    #[schemars(example = &"7d")]
    pub keep: Option<Duration>,
    /// Whether they go to the target; else they stay on the control planes' disks. Default: where there is a target.
    pub upload: Option<bool>,
}

/// Copies of volumes.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
pub struct Volumes {
    /// What makes them. Default: the only component that can.
    pub engine: Option<VolumeBackup>,
    /// When. Default: as often as `objectives.rpo` asks, at least once a day and at most every 15 minutes.
    pub schedule: Option<Cron>,
    /// How long each is kept. Default: 30d, or 7d where there is more than one a day.
    #[schemars(example = &"30d")]
    pub keep: Option<Duration>,
    /// How they are read: from a snapshot of the storage's, or file by file from the running pod. Default: `snapshot` where the storage has them.
    pub mode: Option<VolumeMode>,
}

/// How a volume is read.
#[derive(JsonSchema)]
#[schemars(rename_all = "lowercase", inline)]
pub enum VolumeMode {
    /// From a snapshot of the storage's, which is then copied to the target.
    Snapshot,
    /// File by file, from the running pod: works with any storage, and files may change meanwhile.
    Filesystem,
}

/// Backups of databases.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
pub struct Databases {
    /// What makes them. Default: the only component that can.
    pub engine: Option<DatabaseBackup>,
    /// When a base backup is made. Default: at 01:00.
    pub schedule: Option<Cron>,
    /// How far back a database can be restored. Default: 14d.
    #[schemars(example = &"14d")]
    pub keep: Option<Duration>,
    /// How long what was written may wait for its place in the archive. Default: 5m, or `objectives.rpo` where that is shorter.
    #[schemars(example = &"5m")]
    pub archive_timeout: Option<Duration>,
}

/// Where copies go.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
pub struct Target {
    /// A bucket that speaks S3. Each cluster keeps to the folder of its own name in it.
    pub s3: Option<S3>,
}

/// A bucket that speaks S3.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
pub struct S3 {
    /// Its service. Default: Amazon's, in the region.
    pub endpoint: Option<Url>,
    /// Its name.
    pub bucket: Option<Bucket>,
    /// Its region. Default: us-east-1, which most services other than Amazon's take.
    #[schemars(length(min = 1), example = &"us-east-1")]
    pub region: Option<String>,
    /// The folder in it below which the clusters' folders lie. Default: none.
    pub prefix: Option<Folder>,
    /// The Secret that holds the key to it, in each namespace that something is copied from.
    pub secret: Option<SecretName>,
    /// Whether the bucket stands in the address' path, not in its host. Default: where an endpoint is stated.
    pub path_style: Option<bool>,
    /// The Secret whose `ca.crt` signed the service's certificate. Default: it is publicly trusted.
    pub ca: Option<SecretName>,
}
