//! The reference of the no-op: lists a tree, reads and hashes every file, on as many threads as formwork uses.

use rayon::prelude::*;
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let root = env::args_os()
        .nth(1)
        .map_or_else(|| PathBuf::from("."), PathBuf::from);
    let (files, bytes) = folder(&root)?;
    println!("{files} files, {bytes} bytes");
    Ok(())
}

/// Files and bytes below a folder; folders side by side are read in parallel.
fn folder(path: &Path) -> io::Result<(u64, u64)> {
    let mut folders = Vec::new();
    let mut count = (0, 0);
    for entry in fs::read_dir(path)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            folders.push(entry.path());
            continue;
        }
        let bytes = fs::read(entry.path())?;
        std::hint::black_box(Sha256::digest(&bytes));
        count.0 += 1;
        count.1 += bytes.len() as u64;
    }
    let below = folders.par_iter().map(|path| folder(path));
    let add = |a: (u64, u64), b: (u64, u64)| Ok((a.0 + b.0, a.1 + b.1));
    below
        .try_reduce(|| (0, 0), add)
        .and_then(|below| add(count, below))
}
