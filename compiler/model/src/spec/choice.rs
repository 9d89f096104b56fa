//! Choices: settings whose values are what the library's components provide. The schema lists them.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use std::borrow::Cow;

/// The keyword by which [`crate::schema`] finds a choice's capability.
pub const CAPABILITY: &str = "x-capability";

/// Declares choices: a type each, its capability, and whether `false` is one.
macro_rules! choices {
    ($($name:ident: $capability:literal, $off:literal;)+) => {$(
        #[doc = concat!("A choice of what provides `", $capability, "`.")]
        #[derive(Debug)]
        pub struct $name;

        impl JsonSchema for $name {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                if $off {
                    json_schema!({ "type": ["string", "boolean"], "x-capability": $capability })
                } else {
                    json_schema!({ "type": "string", "x-capability": $capability })
                }
            }
        }
    )+

        /// The capabilities that a setting chooses.
        pub const CAPABILITIES: &[&str] = &[$($capability),+];
    };
}

choices! {
    Engine: "engine", false;
    Cni: "network.cni", false;
    Gateway: "network.gateway", true;
    BlockStorage: "storage.block", true;
    Certificates: "security.certificates", true;
    Metrics: "scaling.metrics", true;
    EtcdBackup: "backup.etcd", false;
    VolumeBackup: "backup.volumes", false;
    DatabaseBackup: "backup.databases", false;
    MonitorKinds: "observability.crds", true;
    MetricStore: "observability.metrics", true;
    LogStore: "observability.logs", true;
    Dashboards: "observability.dashboards", true;
    Snapshots: "storage.snapshots", true;
    Admission: "security.admission", true;
    OutsideSecrets: "security.secrets", true;
    PodCertificates: "security.podCertificates", true;
    DnsEngine: "network.dns", true;
}
