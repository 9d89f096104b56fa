//! Texts that have a form, texts that don't, and what is said instead.

use super::{
    FORMS, of, parse_duration, parse_git_url, parse_percentage, parse_pool, parse_quantity,
    parse_url,
};

/// Why a text is refused, and what to write instead.
fn broken(form: &str, text: &str) -> Option<(String, Option<String>)> {
    let broken = (of(form).unwrap().check)(text).err()?;
    Some((broken.why, broken.instead))
}

#[track_caller]
fn right(form: &str, texts: &[&str]) {
    for text in texts {
        assert_eq!(broken(form, text), None, "{form}: {text}");
    }
}

#[track_caller]
fn wrong(form: &str, pairs: &[(&str, Option<&str>)]) {
    for (text, instead) in pairs {
        let (why, found) = broken(form, text).unwrap_or_else(|| panic!("{form} takes {text}"));
        assert!(!why.is_empty());
        assert_eq!(found.as_deref(), *instead, "{form}: {text}: {why}");
        if let Some(instead) = instead.filter(|_| form != "ports") {
            assert_eq!(
                broken(form, instead),
                None,
                "{form}: the fix of {text} is right"
            );
        }
    }
}

#[test]
fn recipients_of_age_have_a_checksum() {
    right(
        "age-recipient",
        &[
            "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p",
            "age1qqqsyqcyq5rqwzqfpg9scrgwpugpzysnzs23v9ccrydpk8qarc0savhh7m",
        ],
    );
    wrong(
        "age-recipient",
        &[
            (
                "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8q",
                None,
            ),
            ("age1", None),
            ("bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4", None),
            (
                "age1QL3Z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p",
                Some("age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"),
            ),
        ],
    );
    let secret = of("age-recipient").unwrap().check;
    assert!(secret("AGE-SECRET-KEY-1QQQ").unwrap_err().is_secret);
}

#[test]
fn forms_are_sorted_and_take_their_own_examples() {
    assert!(FORMS.windows(2).all(|pair| pair[0].name < pair[1].name));
    for form in FORMS.iter().filter(|form| form.name != "schematic-id") {
        assert!((form.check)(form.example).is_ok(), "{}", form.name);
    }
}

#[test]
fn addresses() {
    right("ip", &["10.0.10.1", "fd00::1"]);
    wrong(
        "ip",
        &[
            ("10.0.10", None),
            ("10.0.10.256", None),
            ("10.0.10.1/24", Some("10.0.10.1")),
            ("router", None),
            ("10.0.010.1", Some("10.0.10.1")),
            ("fd00::1::2", None),
        ],
    );
    right(
        "host-address",
        &["10.0.10.11", "10.0.10.11/24", "fd00::11/64", "10.0.10.1/32"],
    );
    wrong(
        "host-address",
        &[("10.0.10.0/24", None), ("10.0.10.11/33", None), ("x", None)],
    );
    right("cidr", &["10.0.10.0/24", "0.0.0.0/0", "fd00:10::/48"]);
    wrong(
        "cidr",
        &[
            ("10.0.10.7/24", Some("10.0.10.0/24")),
            ("10.0.10.0", None),
            ("10.0.10.0/33", None),
            ("FD00::/64", Some("fd00::/64")),
        ],
    );
    right(
        "pool",
        &["10.0.10.40-10.0.10.60", "10.0.20.0/28", "10.0.10.5"],
    );
    wrong(
        "pool",
        &[
            ("10.0.10.60-10.0.10.40", Some("10.0.10.40-10.0.10.60")),
            ("10.0.10.40 - 10.0.10.60", Some("10.0.10.40-10.0.10.60")),
            ("10.0.10.1-fd00::1", None),
            ("10.0.10.40-60", None),
        ],
    );
    right("mac", &["bc:24:11:0a:1b:2c"]);
    wrong(
        "mac",
        &[
            ("BC-24-11-0A-1B-2C", Some("bc:24:11:0a:1b:2c")),
            ("bc:24:11", None),
            ("bc:24:11:0a:1b:zz", None),
        ],
    );
    right("ports", &["9000-9100"]);
    wrong(
        "ports",
        &[
            ("9100-9000", Some("9000-9100")),
            ("80", Some("80")),
            ("0-5", None),
        ],
    );
    assert!(parse_pool("10.0.0.0/30").is_some_and(|(first, last)| first < last));
}

#[test]
fn names() {
    right("dns-label", &["a", "prod-1", "1a"]);
    wrong(
        "dns-label",
        &[
            ("Prod", Some("prod")),
            ("a_b", Some("a-b")),
            ("-a", Some("a")),
            ("", None),
            ("ä", None),
            (&"a".repeat(64), None),
        ],
    );
    right("cluster-name", &["prod", "store-{001..400}"]);
    wrong(
        "cluster-name",
        &[
            ("store-{1..}", None),
            ("store-{", None),
            ("1st", None),
            (&"a".repeat(41), None),
            ("Prod", Some("prod")),
        ],
    );
    right("domain", &["home.example.org"]);
    wrong(
        "domain",
        &[
            ("https://example.org/x", Some("example.org")),
            ("example.org.", Some("example.org")),
            ("local", None),
            ("Home.example.org", Some("home.example.org")),
            ("10.0.0.1", None),
            ("a..b", None),
        ],
    );
    right("host", &["api.example.org", "10.0.10.10", "nas", "fd00::1"]);
    wrong(
        "host",
        &[
            ("https://api.example.org:6443", Some("api.example.org")),
            ("api.example.org:6443", Some("api.example.org")),
            ("10.0.10", None),
        ],
    );
    right("label-key", &["a", "nvidia.com/gpu"]);
    wrong("label-key", &[("a b", None), ("/a", None), ("", None)]);
    right("taint", &["NoSchedule", ":NoExecute", "gpu:NoSchedule"]);
    wrong(
        "taint",
        &[
            ("noschedule", Some("NoSchedule")),
            ("gpu:NoScheduling", Some("gpu:NoSchedule")),
            ("x", None),
        ],
    );
    right("link", &["enp1s0", "bond0", "bc:24:11:0a:1b:2c"]);
    wrong(
        "link",
        &[
            ("BC:24:11:0A:1B:2C", Some("bc:24:11:0a:1b:2c")),
            ("a-very-long-link-name", None),
        ],
    );
    right("volume-name", &["ceph", "EPHEMERAL"]);
    wrong(
        "volume-name",
        &[("state", Some("STATE")), ("Ceph", Some("ceph"))],
    );
    right("extension", &["siderolabs/iscsi-tools"]);
    wrong(
        "extension",
        &[
            ("iscsi-tools", Some("siderolabs/iscsi-tools")),
            ("ghcr.io/siderolabs/iscsi-tools:v1", None),
        ],
    );
    right("version", &["1.36.4", "v1.13.9", "1.36.0-rc.1"]);
    wrong("version", &[("1.36", None), ("latest", None)]);
    right("folder", &["generated", "a/b"]);
    wrong(
        "folder",
        &[
            ("/generated", Some("generated")),
            ("../x", None),
            ("a\\b", Some("a/b")),
        ],
    );
}

#[test]
fn amounts() {
    assert_eq!(parse_duration("1h30m"), Some(5_400_000));
    assert_eq!(parse_duration("30d"), Some(30 * 86_400_000));
    assert_eq!(parse_duration("1.5h"), None);
    assert_eq!(parse_quantity("500m"), Some(0.5));
    assert_eq!(parse_quantity("2Gi"), Some(2.0 * 1024.0 * 1024.0 * 1024.0));
    assert_eq!(parse_quantity("Gi"), None);
    wrong(
        "duration",
        &[
            ("15", Some("15s")),
            ("0s", None),
            ("5 minutes", None),
            ("", None),
            ("1:30", None),
        ],
    );
    wrong(
        "quantity",
        &[
            ("20GB", Some("20Gi")),
            ("20 GiB", Some("20Gi")),
            ("lots", None),
        ],
    );
}

#[test]
fn web_addresses() {
    right(
        "git-url",
        &[
            "https://github.com/me/platform.git",
            "ssh://git@git.example.org:2222/me/platform.git",
        ],
    );
    wrong(
        "git-url",
        &[
            (
                "git@github.com:me/platform.git",
                Some("ssh://git@github.com/me/platform.git"),
            ),
            ("me/platform", Some("https://github.com/me/platform.git")),
            (
                "ssh://github.com/me/platform.git",
                Some("ssh://git@github.com/me/platform.git"),
            ),
            ("https://me:secret@github.com/me/platform.git", None),
            (
                "ssh://git@github.com:me/platform.git",
                Some("ssh://git@github.com/me/platform.git"),
            ),
            ("ftp://x/y", None),
        ],
    );
    assert!(
        parse_git_url("ssh://git@git.example.org:2222/a/b")
            .is_some_and(|url| url.ssh && url.host == "git.example.org")
    );
    right(
        "oci-url",
        &["oci://ghcr.io/me/platform", "oci://localhost:5000/platform"],
    );
    wrong(
        "oci-url",
        &[
            ("ghcr.io/me/platform", Some("oci://ghcr.io/me/platform")),
            (
                "oci://ghcr.io/me/platform:v1",
                Some("oci://ghcr.io/me/platform"),
            ),
            ("oci://ghcr.io", None),
        ],
    );
    right("url", &["https://example.org", "http://10.0.0.1:8080/x"]);
    wrong(
        "url",
        &[
            ("example.org", Some("https://example.org")),
            ("ftp://example.org", None),
            ("https://a:b@example.org", None),
        ],
    );
    right("email", &["me@example.org"]);
    wrong("email", &[("nobody", None), ("a@b", None)]);
}

#[test]
fn schedules() {
    right(
        "cron",
        &[
            "0 2 * * *",
            "*/15 * * * *",
            "0 9-17/2 1,15 jan-jun MON",
            "@daily",
        ],
    );
    wrong(
        "cron",
        &[
            ("", None),
            ("daily", None),
            ("@Daily", Some("@daily")),
            ("@every 1h", None),
            ("@sometimes", None),
            ("0 0 2 * * *", Some("0 2 * * *")),
            ("30 0 2 * * *", None),
            ("CRON_TZ=Europe/Berlin 0 2 * * *", None),
            ("0 2 * *", None),
            ("60 2 * * *", None),
            ("0 24 * * *", None),
            ("0 2 0 * *", None),
            ("0 2 * 13 *", None),
            ("0 2 * * 7", None),
            ("0 2 * * mo", None),
            ("*/0 * * * *", None),
            ("0 20-8 * * *", None),
            ("0 2 31 2 *", None),
        ],
    );
}

#[test]
fn percentages() {
    assert_eq!(parse_percentage("99.9%"), Some(999_000));
    assert_eq!(parse_percentage("99.9999%"), Some(999_999));
    assert_eq!(parse_percentage("100%"), Some(1_000_000));
    right("percentage", &["0%", "99%", "99.95%"]);
    wrong(
        "percentage",
        &[
            ("99.9", Some("99.9%")),
            ("99,9%", Some("99.9%")),
            ("99.9 %", Some("99.9%")),
            ("101%", None),
            ("99.99999%", None),
            ("three nines", None),
            ("%", None),
            (".9%", None),
        ],
    );
}

#[test]
fn buckets() {
    right("bucket", &["homelab-backup", "a.b.c", "0ab"]);
    wrong(
        "bucket",
        &[
            ("s3://homelab/x", Some("homelab")),
            ("Homelab", Some("homelab")),
            ("ab", None),
            ("home_lab", None),
            ("-homelab", None),
        ],
    );
    assert_eq!(
        parse_url("https://s3.example.org/x"),
        Some(("https", "s3.example.org", 443))
    );
    assert_eq!(
        parse_url("http://minio.minio.svc:9000"),
        Some(("http", "minio.minio.svc", 9000))
    );
    assert_eq!(
        parse_url("https://[fd00::1]"),
        Some(("https", "[fd00::1]", 443))
    );
}
