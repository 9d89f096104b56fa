//! Objects to files: paths, order, bytes, and the line that says whose they are.

pub mod seal;

/// One file of the output.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct OutFile {
    /// Where it goes: relative to the output folder, with `/`.
    pub path: String,
    /// All of it, ownership line included.
    pub bytes: Vec<u8>,
}
