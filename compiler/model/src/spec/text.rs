//! Texts with a form of their own: addresses, networks, durations, names. Each carries its `format`.
//!
//! The form is checked by [`crate::form`], by the name in `format`; a `pattern`, where there is one, is for editors.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use std::borrow::Cow;
use std::marker::PhantomData;

/// Declares texts: a type each, with its format, a pattern for editors and examples.
macro_rules! texts {
    ($($(#[doc = $doc:literal])+ $name:ident: $format:literal, $pattern:expr, [$($example:literal),+];)+) => {$(
        $(#[doc = $doc])+
        #[derive(Debug)]
        pub struct $name;

        impl JsonSchema for $name {
            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                let about = concat!($($doc, "\n"),+).trim().replace("\n ", "\n");
                let mut schema = json_schema!({
                    "description": about,
                    "type": "string",
                    "format": $format,
                    "examples": [$($example),+],
                });
                let pattern: Option<&str> = $pattern;
                if let Some(pattern) = pattern {
                    schema.insert("pattern".into(), pattern.into());
                }
                schema
            }
        }
    )+};
}

texts! {
    /// Whom something is sealed for: the public half of a key of age.
    AgeRecipient: "age-recipient", Some("^age1[a-z0-9]+$"), ["age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"];
    /// An IPv4 or IPv6 address.
    Ip: "ip", Some("^[0-9A-Fa-f.:]+$"), ["10.0.10.10"];
    /// An address of a machine, with the length of its network's prefix or without (then that of `network.nodes` is taken).
    HostAddress: "host-address", Some("^[0-9A-Fa-f.:]+(/[0-9]{1,3})?$"), ["10.0.10.11/24", "10.0.10.11"];
    /// A network: its first address and the length of its prefix.
    Cidr: "cidr", Some("^[0-9A-Fa-f.:]+/[0-9]{1,3}$"), ["10.0.10.0/24"];
    /// Addresses to give away: a range, a network or one address.
    Pool: "pool", Some("^[0-9A-Fa-f.:]+(-[0-9A-Fa-f.:]+|/[0-9]{1,3})?$"), ["10.0.10.40-10.0.10.60", "10.0.20.0/24"];
    /// A MAC address in lower case, with colons.
    Mac: "mac", Some("^[0-9a-f]{2}(:[0-9a-f]{2}){5}$"), ["bc:24:11:0a:1b:2c"];
    /// A name as Kubernetes takes it: lower-case letters, digits and dashes, at most 63, begun and ended by a letter or digit.
    Name: "dns-label", Some("^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"), ["prod"];
    /// A DNS name of at least two parts.
    Domain: "domain", None, ["home.example.org"];
    /// A DNS name or an IP address.
    Host: "host", None, ["api.home.example.org", "10.0.10.10"];
    /// A DNS name or an IP address, with a port or without.
    Endpoint: "endpoint", None, ["10.0.10.1", "time.cloudflare.com"];
    /// A length of time: a number and its unit (`s`, `m`, `h`, `d`), several if need be.
    Duration: "duration", Some("^([0-9]+(ms|s|m|h|d|w))+$"), ["15m", "1h30m", "30d"];
    /// An amount as Kubernetes writes it.
    Quantity: "quantity", Some("^[0-9]+(\\.[0-9]+)?(m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei)?$"), ["20Gi", "500m"];
    /// A day: year, month and day.
    Date: "date", Some("^[0-9]{4}-[0-9]{2}-[0-9]{2}$"), ["2027-06-30"];
    /// A share of a hundred.
    Percentage: "percentage", Some("^[0-9]{1,3}(\\.[0-9]{1,4})?%$"), ["99.9%"];
    /// When something happens, in UTC: minute, hour, day of the month, month and weekday, or `@hourly`, `@daily`, `@weekly`, `@monthly`.
    Cron: "cron", None, ["0 2 * * *", "@daily"];
    /// The name of a bucket.
    Bucket: "bucket", None, ["homelab-backup"];
    /// A whole semantic version, with or without `v`.
    Version: "version", Some("^v?[0-9]+\\.[0-9]+\\.[0-9]+"), ["1.36.4"];
    /// A web address with `https://` or `http://`.
    Url: "url", Some("^https?://"), ["https://example.org"];
    /// A Git repository: `https://...` or `ssh://git@...`.
    GitUrl: "git-url", None, ["ssh://git@github.com/me/platform.git", "https://github.com/me/platform.git"];
    /// An OCI artifact: `oci://...`.
    OciUrl: "oci-url", Some("^oci://"), ["oci://ghcr.io/me/platform"];
    /// An e-mail address.
    Email: "email", None, ["me@example.org"];
    /// An absolute path on a machine.
    Path: "absolute-path", Some("^/"), ["/dev/nvme0n1"];
    /// The name of a Secret in the cluster, never the secret itself.
    SecretName: "dns-subdomain", None, ["flux-git"];
    /// A folder of the repository, relative to its root.
    Folder: "folder", None, ["generated"];
    /// The id that the Image Factory gives a schematic: 64 hexadecimal digits.
    SchematicId: "schematic-id", Some("^[0-9a-f]{64}$"), ["376567988ad370138ad8b2698212367b8edcb69b5fd68c80be1f2ec7d603b4ba"];
    /// The official name of a Talos system extension.
    Extension: "extension", None, ["siderolabs/iscsi-tools"];
    /// The key of a label or annotation.
    LabelKey: "label-key", None, ["topology.kubernetes.io/zone"];
    /// The value of a label.
    LabelValue: "label-value", None, ["rack-1"];
    /// A taint's value and effect: `VALUE:EFFECT`, `:EFFECT` or `EFFECT`, the effect `NoSchedule`, `PreferNoSchedule` or `NoExecute`.
    Taint: "taint", None, ["NoSchedule", "gpu:NoSchedule"];
    /// A link's name, or its MAC address in lower case.
    LinkText: "link", None, ["enp1s0", "bc:24:11:0a:1b:2c"];
    /// A link's name: at most 15 characters.
    LinkName: "link-name", None, ["enp1s0"];
    /// A volume's name: lower-case letters, digits and dashes, at most 34; or `EPHEMERAL`, `STATE`.
    VolumeName: "volume-name", None, ["ceph"];
    /// An image: `REGISTRY/NAME:TAG`, or with the digest `@sha256:...`.
    Image: "image", None, ["ghcr.io/acme/shop:1.4.2", "ghcr.io/acme/shop:1.4.3"];
    /// The name of an environment variable.
    EnvName: "env-name", None, ["LOG_LEVEL"];
    /// The name of a variable of a system: letters, digits and `_`.
    Variable: "variable", None, ["HTTPS_PROXY"];
    /// A label, or a DNS name of several parts.
    HostName: "dns-subdomain", None, ["shop", "shop.example.com"];
    /// The name of a team, as a label's value.
    Team: "label-value", None, ["storefront"];
    /// The name of a database or of a role in it: lower-case letters, digits and `_`.
    DatabaseName: "database-name", None, ["shop"];
    /// A share of what is requested, in whole percents.
    Share: "share", Some("^[0-9]{1,4}%$"), ["70%", "80%"];
    /// Ports: one, or a range.
    Ports: "ports", Some("^[0-9]{1,5}(-[0-9]{1,5})?$"), ["9000-9100"];
}

/// A mapping whose keys are of one kind.
pub struct Keyed<K, V>(PhantomData<(K, V)>);

impl<K: JsonSchema, V: JsonSchema> JsonSchema for Keyed<K, V> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("{}By{}", V::schema_name(), K::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "object",
            "propertyNames": generator.subschema_for::<K>(),
            "additionalProperties": generator.subschema_for::<V>(),
        })
    }
}

/// A key without a form of its own.
#[derive(Debug)]
pub struct Key;

impl JsonSchema for Key {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Key".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "minLength": 1 })
    }
}

/// `true`, and nothing else.
#[derive(Debug)]
pub struct True;

/// `false`, and nothing else.
#[derive(Debug)]
pub struct False;

impl JsonSchema for True {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "True".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "const": true })
    }
}

impl JsonSchema for False {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "False".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "const": false })
    }
}
