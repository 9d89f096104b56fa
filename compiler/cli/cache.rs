//! Fingerprints of cells: a cell whose inputs and outputs are what they were is neither lowered nor read again.
//!
//! The key covers all that [`passes::cell`] reads: this program, the levels above the cluster, the library, the cluster's
//! own layers and its sealed files. The cache lies in an ignored folder beside the spec; losing it costs only time.

use crate::write::Memory;
use passes::resolve::{ClusterSpec, Platform};
use sha2::{Digest, Sha256};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;
use syntax::{Kind, Node};

/// The cache's folder, beside the spec.
const FOLDER: &str = ".formwork-cache";
/// Where the library's files are.
const LIBRARY: &str = "components/";

/// The cells of one platform in one output.
#[derive(Debug)]
pub struct Cache {
    folder: PathBuf,
    common: Sha256,
}

/// One cell's place in the cache.
#[derive(Debug)]
pub struct Slot {
    file: PathBuf,
    key: String,
}

impl Cache {
    /// The cache for a project's output; `None` where this program can't be told from another.
    #[must_use]
    pub fn open(project: &Path, out: &Path, platform: &Platform) -> Option<Cache> {
        let mut common = Sha256::new();
        text(&mut common, &program()?);
        text(&mut common, &platform.name);
        text(
            &mut common,
            platform.repository_path.as_deref().unwrap_or("-"),
        );
        for (_, source) in platform.sources.iter() {
            if source.name().contains(LIBRARY) {
                text(&mut common, source.name());
                text(&mut common, source.text());
            }
        }
        node(&mut common, platform.settings());
        for tier in platform.spec.get("tiers").map_or(&[][..], Node::entries) {
            text(&mut common, &tier.key);
            node(&mut common, platform.level(Some(&tier.key)));
        }
        let mut place = Sha256::new();
        text(&mut place, &out.canonicalize().ok()?.to_string_lossy());
        text(&mut place, &platform.name);
        let place = hex(place).chars().take(16).collect::<String>();
        Some(Cache {
            folder: project.join(FOLDER).join(place),
            common,
        })
    }

    /// The place of a cell, with the key of its inputs.
    #[must_use]
    pub fn slot(&self, platform: &Platform, spec: &ClusterSpec) -> Slot {
        let mut key = self.common.clone();
        text(&mut key, &spec.name);
        key.update([u8::from(spec.templated)]);
        for layer in &spec.layers {
            node(&mut key, layer);
        }
        for sealed in platform.sealed.get(&spec.name).into_iter().flatten() {
            text(&mut key, &sealed.namespace);
            text(&mut key, &sealed.file);
            bytes(&mut key, &sealed.bytes);
        }
        Slot {
            file: self.folder.join(spec.name.as_str()),
            key: hex(key),
        }
    }
}

impl Slot {
    /// What is remembered of the cell, if its inputs are what they were.
    #[must_use]
    pub fn read(&self) -> Option<Memory> {
        let text = fs::read_to_string(&self.file).ok()?;
        let (key, memory) = text.split_once('\n')?;
        (key == self.key).then(|| Memory::decode(memory)).flatten()
    }

    /// Remembers the cell. Where that can't be done, it is only slower next time.
    pub fn write(&self, memory: &Memory) {
        if let Some(folder) = self.file.parent() {
            let _ = fs::create_dir_all(folder);
        }
        let _ = fs::write(&self.file, format!("{}\n{}", self.key, memory.encode()));
    }
}

/// What tells this program from every other.
fn program() -> Option<String> {
    let found = fs::metadata(std::env::current_exe().ok()?).ok()?;
    let time = found.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
    Some(format!(
        "{} {} {}",
        env!("CARGO_PKG_VERSION"),
        found.len(),
        time.as_nanos()
    ))
}

/// Adds bytes, with their length, so that no two inputs run together.
fn bytes(hash: &mut Sha256, bytes: &[u8]) {
    hash.update((bytes.len() as u64).to_le_bytes());
    hash.update(bytes);
}

fn text(hash: &mut Sha256, text: &str) {
    bytes(hash, text.as_bytes());
}

/// Adds a tree's data, its switches included.
fn node(hash: &mut Sha256, tree: &Node) {
    match tree.kind() {
        Kind::Null => hash.update([0]),
        Kind::Bool(value) => hash.update([1, u8::from(*value)]),
        Kind::Number(number) => {
            hash.update([2]);
            text(hash, number);
        }
        Kind::String(string) => {
            hash.update([3]);
            text(hash, string);
        }
        Kind::List(items) => {
            hash.update([4]);
            hash.update((items.len() as u64).to_le_bytes());
            items.iter().for_each(|item| node(hash, item));
        }
        Kind::Map(map) => {
            let switch = map.switch().map_or(2, |(on, _)| u8::from(on));
            hash.update([5, switch]);
            hash.update((map.len() as u64).to_le_bytes());
            for entry in map.entries() {
                text(hash, &entry.key);
                node(hash, &entry.value);
            }
        }
    }
}

fn hex(hash: Sha256) -> String {
    hash.finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}
