//! What the compiler asks for and never reaches for: files, by name.

use std::borrow::Cow;
use syntax::Node;

/// The bytes of a file: those of the library are where they are in the binary.
pub type Bytes = Cow<'static, [u8]>;

/// Where a file was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shelf {
    /// In the project, beside the spec.
    Project,
    /// In the library inside the binary.
    Library,
}

/// The files of one run. Paths use `/` and are relative to the folder of the spec; a file of the project hides the
/// library's of the same path.
pub trait World: Sync {
    /// The bytes of a file and where it was found; `None` where there is no such file.
    ///
    /// # Errors
    /// Why a file that is there could not be read.
    fn read(&self, path: &str) -> Option<Result<(Bytes, Shelf), String>>;

    /// The names in a folder, sorted, each once; a folder's name ends in `/`. Empty where there is no such folder.
    fn list(&self, folder: &str) -> Vec<String>;

    /// What a YAML file of the library was [packed](syntax::pack) to when it was built in; `None` where it was not.
    fn packed(&self, _path: &str) -> Option<&'static [u8]> {
        None
    }

    /// Whether the schema of specs takes this one when the library is the one that is built in: a quick yes. A no says
    /// nothing.
    fn accepts(&self, _spec: &Node) -> bool {
        false
    }

    /// The day in UTC, as `2027-06-30`, for a command that asks whether something is over; `None` for all others.
    fn today(&self) -> Option<String> {
        None
    }

    /// The path of the spec's folder inside its Git repository, with `/`, empty at its root; `None` outside of one.
    fn repository_path(&self) -> Option<String>;
}
