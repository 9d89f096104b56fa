//! Texts with a form of their own, checked: what a `format` of the schemas means, and what to say where it is broken.

mod age;
mod app;
mod cron;
mod date;
mod duration;
mod name;
mod network;
mod percentage;
#[cfg(test)]
mod tests;
mod web;

pub use app::{image_tag, is_pinned_image};
pub use cron::{Cron, parse_cron};
pub use duration::{parse_duration, parse_quantity};
pub use name::{is_dns_label, is_dns_name, is_dns_subdomain};
pub use network::{canonical, parse_host_address, parse_pool};
pub use percentage::parse_percentage;
pub use web::{GitUrl, parse_git_url, parse_url};

/// What is wrong with a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    /// Why it is refused: follows "`TEXT` is no NOUN: ".
    pub why: String,
    /// What to write instead, where that is certain.
    pub instead: Option<String>,
    /// Whether the text must not be repeated.
    pub is_secret: bool,
}

impl Broken {
    fn because(why: impl Into<String>) -> Self {
        Broken {
            why: why.into(),
            instead: None,
            is_secret: false,
        }
    }

    fn secret(mut self) -> Self {
        self.is_secret = true;
        self
    }

    fn instead(mut self, text: impl Into<String>) -> Self {
        self.instead = Some(text.into());
        self
    }
}

/// A form: the name in `format`, what it is called in messages, an example, and its check.
#[derive(Debug)]
pub struct Form {
    /// The name in `format`.
    pub name: &'static str,
    /// What it is called, with its article.
    pub noun: &'static str,
    /// What one looks like.
    pub example: &'static str,
    /// Whether a text has it.
    pub check: fn(&str) -> Result<(), Broken>,
}

/// Every form, sorted by name.
pub const FORMS: &[Form] = &[
    form(
        "absolute-path",
        "an absolute path",
        "/dev/nvme0n1",
        name::absolute_path,
    ),
    form(
        "age-recipient",
        "a recipient of age",
        "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p",
        age::recipient,
    ),
    form("bucket", "a bucket's name", "homelab-backup", web::bucket),
    form("cidr", "a network", "10.0.10.0/24", network::cidr),
    form(
        "cluster-name",
        "a cluster's name",
        "prod",
        name::cluster_name,
    ),
    form("cron", "a schedule", "0 2 * * *", cron::cron),
    form(
        "database-name",
        "a database's name",
        "shop",
        app::database_name,
    ),
    form("date", "a day", "2027-06-30", date::date),
    form("dns-label", "a name", "prod", name::dns_label),
    form("dns-subdomain", "a name", "flux-git", name::dns_subdomain),
    form("domain", "a DNS domain", "home.example.org", name::domain),
    form("duration", "a length of time", "15m", duration::duration),
    form("email", "an e-mail address", "me@example.org", web::email),
    form("env-name", "a variable's name", "LOG_LEVEL", app::env_name),
    form(
        "extension",
        "a system extension",
        "siderolabs/iscsi-tools",
        name::extension,
    ),
    form(
        "folder",
        "a folder of the repository",
        "generated",
        name::folder,
    ),
    form(
        "git-url",
        "a Git repository",
        "ssh://git@github.com/me/platform.git",
        web::git_url,
    ),
    form(
        "host",
        "a DNS name or an address",
        "api.home.example.org",
        name::host,
    ),
    form(
        "host-address",
        "an address",
        "10.0.10.11/24",
        network::host_address,
    ),
    form("image", "an image", "ghcr.io/acme/shop:1.4.2", app::image),
    form("ip", "an address", "10.0.10.10", network::ip),
    form(
        "label-key",
        "a label's key",
        "topology.kubernetes.io/zone",
        name::label_key,
    ),
    form(
        "label-value",
        "a label's value",
        "rack-1",
        name::label_value,
    ),
    form("link", "a link's name or MAC address", "enp1s0", name::link),
    form("link-name", "a link's name", "enp1s0", name::link_name),
    form("mac", "a MAC address", "bc:24:11:0a:1b:2c", network::mac),
    form(
        "oci-url",
        "an OCI artifact",
        "oci://ghcr.io/me/platform",
        web::oci_url,
    ),
    form(
        "percentage",
        "a percentage",
        "99.9%",
        percentage::percentage,
    ),
    form(
        "pool",
        "a pool of addresses",
        "10.0.10.40-10.0.10.60",
        network::pool,
    ),
    form("ports", "a range of ports", "9000-9100", network::ports),
    form("quantity", "an amount", "20Gi", duration::quantity),
    form(
        "schematic-id",
        "a schematic's id",
        "64 hexadecimal digits",
        name::schematic_id,
    ),
    form("share", "a share", "70%", app::share),
    form("taint", "a taint", "gpu:NoSchedule", name::taint),
    form("url", "a web address", "https://example.org", web::url),
    form(
        "variable",
        "a variable's name",
        "HTTPS_PROXY",
        app::variable,
    ),
    form("version", "a version", "1.36.4", name::version),
    form("volume-name", "a volume's name", "ceph", name::volume_name),
];

const fn form(
    name: &'static str,
    noun: &'static str,
    example: &'static str,
    check: fn(&str) -> Result<(), Broken>,
) -> Form {
    Form {
        name,
        noun,
        example,
        check,
    }
}

/// The form of a name.
#[must_use]
pub fn of(name: &str) -> Option<&'static Form> {
    FORMS.iter().find(|form| form.name == name)
}
