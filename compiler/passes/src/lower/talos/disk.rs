//! Disks and volumes: what the spec says in its words, as Talos' selectors and provisioning say it.

use super::make::Make;
use syntax::{Diagnostic, Entry, Map, Node, OriginId, Text};

/// The keys of a volume that say where it lies and how large it is.
const PROVISIONING: [&str; 4] = ["disk", "minSize", "maxSize", "grow"];

/// Volumes by name, each with the kind of its document, as Talos writes them.
pub fn volumes(volumes: &Node, make: &mut Make<'_>) -> Node {
    let mut all = Map::default();
    for entry in volumes
        .entries()
        .iter()
        .filter(|entry| entry.value.as_map().is_some())
    {
        let volume = &entry.value;
        let system = matches!(entry.key.as_str(), "STATE" | "EPHEMERAL" | "IMAGECACHE");
        let raw = volume.get("raw").and_then(Node::as_bool).unwrap_or(false);
        let kind = volume.str_at(&["type"]).unwrap_or("partition");
        if !allowed(entry, system, raw, kind, make) {
            continue;
        }
        let mut written = Map::default();
        let document = match (system, raw) {
            (true, _) => "VolumeConfig",
            (false, true) => "RawVolumeConfig",
            (false, false) => "UserVolumeConfig",
        };
        let reads: Vec<OriginId> = [Some(volume), volume.get("raw")]
            .into_iter()
            .flatten()
            .map(Node::origin)
            .collect();
        let document = make.text("talos/volume", document, &reads);
        let because = document.origin();
        written.set("kind", document.origin(), document);
        if let Some(provisioning) = provisioning(volume, system, kind, make) {
            written.set("provisioning", volume.origin(), provisioning);
        }
        if let Some(how) = volume.get("encryption") {
            let how = encryption(how, make);
            written.set("encryption", how.origin(), how);
        }
        for key in ["type", "filesystem"] {
            if let Some(value) = volume.as_map().and_then(|map| map.entry(key)) {
                written.push(value.clone());
            }
        }
        all.set(
            entry.key.clone(),
            entry.key_origin,
            Node::map(written, because),
        );
    }
    Node::map(all, volumes.origin())
}

/// What Talos would refuse in a volume of this kind, and why.
fn refused(name: &str, system: bool, raw: bool, kind: &str) -> (&'static [&'static str], String) {
    if name == "STATE" {
        let keys = &[
            "disk",
            "minSize",
            "maxSize",
            "grow",
            "raw",
            "type",
            "filesystem",
        ];
        return (keys, "`STATE` takes only `encryption`".into());
    }
    if system {
        let why = format!("`{name}` is the system's own volume");
        return (&["raw", "type", "filesystem"], why);
    }
    if raw {
        let why = "a raw volume has neither file system nor type";
        return (&["type", "filesystem"], why.into());
    }
    match kind {
        "directory" => (
            &[
                "disk",
                "minSize",
                "maxSize",
                "grow",
                "filesystem",
                "encryption",
            ],
            "a directory lies on EPHEMERAL as it is".into(),
        ),
        "disk" => (
            &["minSize", "maxSize", "grow"],
            "a whole disk has the size that it has".into(),
        ),
        _ => (&[], String::new()),
    }
}

/// Reports what Talos would refuse: keys that a volume of this kind can't have.
fn allowed(entry: &Entry, system: bool, raw: bool, kind: &str, make: &mut Make<'_>) -> bool {
    let name = &entry.key;
    let (refused, why) = refused(name, system, raw, kind);
    let mut fine = true;
    for inner in entry.value.entries() {
        let off = inner.key == "raw" && inner.value.as_bool() == Some(false);
        if off || !refused.contains(&inner.key.as_str()) {
            continue;
        }
        fine = false;
        let problem = format!("volume `{name}` can't have `{}`: {why}", inner.key);
        let place = make.origins.place(inner.key_origin);
        make.found
            .add(Diagnostic::error("volume-key", problem).at(place, "not for this volume"));
    }
    fine
}

/// Where a volume lies and how large it is. A volume of one's own without a size takes the whole disk.
fn provisioning(volume: &Node, system: bool, kind: &str, make: &mut Make<'_>) -> Option<Node> {
    let said = volume
        .entries()
        .iter()
        .any(|entry| PROVISIONING.contains(&entry.key.as_str()));
    if kind == "directory" || (system && !said) {
        return None;
    }
    let mut map = Map::default();
    let disk = volume.get("disk");
    if disk.is_some() || !system {
        let matched = match disk {
            Some(disk) => selector(disk, make),
            None => make.text("talos/system-disk", "system_disk", &[volume.origin()]),
        };
        let origin = matched.origin();
        map.set(
            "diskSelector",
            origin,
            Node::from_entries([("match", matched)], origin),
        );
    }
    for key in ["minSize", "maxSize"] {
        if let Some(size) = volume.get(key) {
            map.set(key, size.origin(), byte_size(size, make));
        }
    }
    if let Some(grow) = volume.get("grow") {
        map.set("grow", grow.origin(), grow.clone());
    }
    let sized = ["minSize", "maxSize"]
        .iter()
        .any(|key| volume.get(key).is_some());
    if !system && !sized && kind != "disk" {
        let least = make.text("talos/whole-disk", "1GiB", &[volume.origin()]);
        let origin = least.origin();
        map.set("minSize", origin, least);
        if volume.get("grow").is_none() {
            map.set("grow", origin, Node::bool(true, origin));
        }
    }
    Some(Node::map(map, volume.origin()))
}

/// An amount as Kubernetes writes it (`20Gi`) in Talos' words (`20GiB`).
pub fn byte_size(size: &Node, make: &mut Make<'_>) -> Node {
    let Some(text) = size
        .as_str()
        .filter(|text| text.ends_with(|c: char| c.is_ascii_alphabetic()))
    else {
        return size.clone();
    };
    if text.ends_with('B') {
        return size.clone();
    }
    let text = format!("{}B", text.replace('k', "K"));
    make.text("talos/size", text, &[size.origin()])
}

/// A disk as Talos' expression (CEL) over `disk`.
pub fn selector(disk: &Node, make: &mut Make<'_>) -> Node {
    if let Some(expression) = disk.get("match") {
        return expression.clone();
    }
    let parts: Vec<String> = match disk.as_str() {
        Some(path) if path.starts_with("/dev/disk/") => vec![format!("{path:?} in disk.symlinks")],
        Some(path) if path.starts_with('/') => vec![format!("disk.dev_path == {path:?}")],
        Some(serial) => vec![format!("disk.serial == {serial:?}")],
        None => disk.entries().iter().filter_map(disk_term).collect(),
    };
    let reads: Vec<OriginId> = if disk.as_map().is_some() {
        disk.entries()
            .iter()
            .map(|entry| entry.value.origin())
            .collect()
    } else {
        vec![disk.origin()]
    };
    make.text("talos/disk-selector", parts.join(" && "), &reads)
}

/// One condition on a disk.
fn disk_term(entry: &Entry) -> Option<String> {
    let text = entry.value.scalar_text()?;
    let field = match entry.key.as_str() {
        "size" => return size_term(&text),
        "type" => {
            return Some(match text.as_str() {
                "nvme" => "disk.transport == \"nvme\"".into(),
                "sd" => "disk.transport == \"mmc\"".into(),
                "hdd" => "disk.rotational".into(),
                _ => "!disk.rotational".into(),
            });
        }
        "busPath" => "bus_path",
        other => other,
    };
    Some(matches(&format!("disk.{field}"), &text))
}

/// `>= 500GB` as an expression.
fn size_term(text: &str) -> Option<String> {
    let at = text.find(|c: char| c.is_ascii_digit())?;
    let (operator, amount) = text.split_at(at);
    let operator = Some(operator.trim())
        .filter(|word| !word.is_empty())
        .unwrap_or("==");
    let unit_at = amount
        .find(|c: char| c.is_ascii_alphabetic())
        .unwrap_or(amount.len());
    let (number, unit) = amount.split_at(unit_at);
    let (number, unit) = (number.trim(), unit.trim());
    if unit.is_empty() {
        return Some(format!("disk.size {operator} {number}u"));
    }
    if let Some((whole, fraction)) = number.split_once('.') {
        // CEL has no fractions of a size: count in thousandths, as far as three digits go.
        let digits: String = fraction.chars().chain("000".chars()).take(3).collect();
        return Some(format!(
            "disk.size {operator} {whole}{digits}u * {unit} / 1000u"
        ));
    }
    Some(format!("disk.size {operator} {number}u * {unit}"))
}

/// A field that equals a text, or matches it where it has a `*`.
pub fn matches(field: &str, text: &str) -> String {
    if text.contains('*') {
        format!("glob({text:?}, {field})")
    } else {
        format!("{field} == {text:?}")
    }
}

/// How a volume is encrypted, as Talos writes it.
fn encryption(how: &Node, make: &mut Make<'_>) -> Node {
    let origin = how.origin();
    let empty = || Node::map(Map::default(), origin);
    let keys: Vec<Node> = match how.as_str() {
        Some("tpm") => vec![Node::from_entries(
            [("slot", Node::integer(0, origin)), ("tpm", empty())],
            origin,
        )],
        Some(_) => vec![Node::from_entries(
            [("slot", Node::integer(0, origin)), ("nodeID", empty())],
            origin,
        )],
        None => {
            let keys = how.get("keys").map_or(&[][..], Node::items);
            keys.iter()
                .zip(0..)
                .map(|(key, slot)| encryption_key(key, slot))
                .collect()
        }
    };
    let mut map = Map::default();
    map.set(
        "provider",
        origin,
        make.text("talos/encryption", "luks2", &[origin]),
    );
    map.set("keys", origin, Node::list(keys, origin));
    for entry in how.entries().iter().filter(|entry| entry.key != "keys") {
        map.push(entry.clone());
    }
    Node::map(map, origin)
}

fn encryption_key(key: &Node, slot: i64) -> Node {
    let mut map = Map::default();
    map.set("slot", key.origin(), Node::integer(slot, key.origin()));
    for entry in key.entries() {
        let value = match entry.key.as_str() {
            "nodeID" => Node::map(Map::default(), entry.value.origin()),
            "tpm" => tpm(&entry.value),
            _ => entry.value.clone(),
        };
        map.set(entry.key.clone(), entry.key_origin, value);
    }
    Node::map(map, key.origin())
}

fn tpm(tpm: &Node) -> Node {
    let mut map = Map::default();
    if let Some(pcrs) = tpm.get("pcrs") {
        map.set(
            "options",
            pcrs.origin(),
            Node::from_entries([("pcrs", pcrs.clone())], pcrs.origin()),
        );
    }
    if let Some(check) = tpm.get("checkSecureboot") {
        map.set(
            "checkSecurebootStatusOnEnroll",
            check.origin(),
            check.clone(),
        );
    }
    Node::map(map, tpm.origin())
}

/// Where Talos is installed: a path, or a selector; by the disk of the cluster's size where nothing is said.
pub fn install(
    disk: Option<&Node>,
    size: Option<&Node>,
    make: &mut Make<'_>,
) -> Option<(Text, Node)> {
    match disk {
        Some(disk) if disk.as_str().is_some_and(|path| path.starts_with('/')) => {
            Some(("disk".into(), disk.clone()))
        }
        Some(disk) if disk.as_str().is_some() => Some((
            "diskSelector".into(),
            Node::from_entries([("serial", disk.clone())], disk.origin()),
        )),
        Some(disk) => Some(("diskSelector".into(), disk.clone())),
        None => {
            let size = size?;
            let least = byte_size(size, make);
            let text = format!(">= {}", least.scalar_text()?);
            let size = make.text("talos/install-disk", text, &[size.origin()]);
            let origin = size.origin();
            Some((
                "diskSelector".into(),
                Node::from_entries([("size", size)], origin),
            ))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{byte_size, install, selector, size_term};
    use crate::lower::talos::make::Make;
    use syntax::parse::parse_one;
    use syntax::{Diagnostics, Node, OriginId, Origins, Sources};

    fn with<T>(text: &str, run: impl Fn(&Node, &mut Make<'_>) -> T) -> T {
        let (mut origins, mut found) = (Origins::default(), Diagnostics::default());
        let file = Sources::default().add("x.yaml", text);
        let node = parse_one(file, text, &mut origins, &mut found).unwrap();
        run(
            &node,
            &mut Make {
                origins: &mut origins,
                found: &mut found,
            },
        )
    }

    fn expression(text: &str) -> String {
        with(text, |node, make| {
            selector(node, make).as_str().unwrap_or_default().to_owned()
        })
    }

    #[test]
    fn disks_become_expressions() {
        assert_eq!(expression("/dev/sda"), r#"disk.dev_path == "/dev/sda""#);
        assert_eq!(
            expression("/dev/disk/by-id/x"),
            r#""/dev/disk/by-id/x" in disk.symlinks"#
        );
        assert_eq!(expression("S4EV"), r#"disk.serial == "S4EV""#);
        assert_eq!(expression("{match: '!system_disk'}"), "!system_disk");
        assert_eq!(
            expression("{type: ssd, model: 'Samsung*', busPath: /pci0}"),
            r#"!disk.rotational && glob("Samsung*", disk.model) && disk.bus_path == "/pci0""#
        );
        assert_eq!(size_term(">= 500GB").unwrap(), "disk.size >= 500u * GB");
        assert_eq!(
            size_term("1.5 TiB").unwrap(),
            "disk.size == 1500u * TiB / 1000u"
        );
        assert_eq!(size_term("< 1024").unwrap(), "disk.size < 1024u");
    }

    #[test]
    fn amounts_are_written_in_bytes() {
        let size = |text: &str| {
            with(text, |node, make| {
                byte_size(node, make).scalar_text().unwrap_or_default()
            })
        };
        assert_eq!(size("20Gi"), "20GiB");
        assert_eq!(size("20G"), "20GB");
        assert_eq!(size("100GiB"), "100GiB");
        assert_eq!(size("1000000"), "1000000");
    }

    #[test]
    fn without_a_disk_the_size_decides() {
        let size = Node::string("20Gi", OriginId::default());
        let chosen = |disk: Option<&str>, size: Option<&Node>| {
            let text = disk.unwrap_or("~");
            with(text, |node, make| {
                let (key, value) = install(disk.map(|_| node), size, make)?;
                let shown = value
                    .as_str()
                    .or(value.str_at(&["size"]))
                    .or(value.str_at(&["serial"]))?
                    .to_owned();
                Some((key.to_string(), shown))
            })
        };
        let pair = |key: &str, value: &str| Some((key.to_owned(), value.to_owned()));
        assert_eq!(
            chosen(Some("/dev/vda"), Some(&size)),
            pair("disk", "/dev/vda")
        );
        assert_eq!(chosen(Some("S4EV"), None), pair("diskSelector", "S4EV"));
        assert_eq!(chosen(None, Some(&size)), pair("diskSelector", ">= 20GiB"));
        assert_eq!(chosen(None, None), None);
    }
}
