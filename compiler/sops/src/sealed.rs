//! A sealed file as anybody may read it: without a key.

use crate::error::Error;
use crate::leaf::{BLOCK, Leaf, Walk, What};
use crate::meta::Meta;
use crate::rule::Rule;
use syntax::parse::{Comment, parse};
use syntax::{Diagnostic, Diagnostics, FileId, Node, Origins, Severity};

/// A document that SOPS sealed, with its text.
#[derive(Clone)]
pub struct Sealed {
    pub(crate) text: String,
    pub(crate) root: Node,
    pub(crate) origins: Origins,
    pub(crate) comments: Vec<Comment>,
    pub(crate) rule: Rule,
    pub(crate) meta: Meta,
    pub(crate) leaves: Vec<Leaf>,
}

impl Sealed {
    /// Reads the text of a file.
    ///
    /// # Errors
    /// [`Error::BadFormat`]: it is not readable. [`Error::NotSealed`], [`Error::PlainText`]: it is not sealed, or not
    /// all of it. [`Error::Unsupported`]: several documents, a data key in parts, rules by comments, aliases.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let mut origins = Origins::default();
        let mut found = Diagnostics::default();
        let documents = parse(FileId(0), text, &mut origins, &mut found);
        // What the parser says may quote the text.
        let wrong = found
            .iter()
            .find(|finding| finding.severity == Severity::Error);
        if let Some(wrong) = wrong {
            return Err(unreadable(text, wrong));
        }
        let mut documents = documents.into_iter();
        let (document, more) = (documents.next(), documents.next());
        if more.is_some() {
            return Err(Error::unsupported("several documents in one sealed file"));
        }
        let Some(document) = document else {
            return Err(Error::NotSealed);
        };
        let root = document.node;
        let block = root.get(BLOCK).ok_or(Error::NotSealed)?;
        let meta = Meta::of(block, text, &origins)?;
        let rule = Rule::of(block)?;
        let walk = Walk {
            text,
            origins: &origins,
            rule: &rule,
        };
        let leaves = walk.leaves(&root)?;
        Ok(Sealed {
            text: text.to_owned(),
            root,
            comments: document.comments,
            rule,
            meta,
            leaves,
            origins,
        })
    }

    /// Its text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The recipients of age that it is sealed for, in their order, as they are written; not all need be of a kind
    /// that [`Recipient`](crate::Recipient) reads.
    pub fn recipients(&self) -> impl Iterator<Item = &str> {
        self.meta
            .age
            .iter()
            .map(|wrapped| wrapped.recipient.as_str())
    }

    /// The other kinds of keys that it is sealed with, as SOPS calls them: `pgp`, `kms`, `hc_vault` ...
    pub fn other_keys(&self) -> impl Iterator<Item = &str> {
        self.meta.others.iter().map(String::as_str)
    }

    /// When it was written, in RFC 3339.
    #[must_use]
    pub fn lastmodified(&self) -> &str {
        &self.meta.lastmodified.text
    }

    /// The version of sops that wrote it.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.meta.version
    }

    /// The pattern of keys below which all is encrypted, where the file has that rule.
    #[must_use]
    pub fn encrypted_regex(&self) -> Option<&str> {
        match &self.rule {
            Rule::EncryptedRegex(regex) => Some(regex.as_str()),
            Rule::UnencryptedRegex(_) | Rule::EncryptedSuffix(_) | Rule::UnencryptedSuffix(_) => {
                None
            }
        }
    }

    /// Whether the MAC leaves out what isn't encrypted, so that labels may be changed without a key.
    #[must_use]
    pub fn mac_only_encrypted(&self) -> bool {
        self.meta.mac_only_encrypted
    }

    /// The text at a path of keys, where it isn't encrypted: `["metadata", "name"]`.
    #[must_use]
    pub fn clear(&self, path: &[&str]) -> Option<&str> {
        self.root.str_at(path).filter(|_| !self.rule.selects(path))
    }

    /// The keys of the map at a path, in their order: `["stringData"]`. None where there is no such map.
    pub fn keys(&self, path: &[&str]) -> impl Iterator<Item = &str> {
        let map = self.root.at(path).map_or(&[][..], Node::entries);
        map.iter().map(|entry| entry.key.as_str())
    }

    /// The paths of everything that is encrypted, and of what would be but is empty.
    pub fn paths(&self) -> impl Iterator<Item = &[String]> {
        let secret = |leaf: &&Leaf| matches!(leaf.what, What::Sealed(_) | What::Empty);
        self.leaves
            .iter()
            .filter(secret)
            .map(|leaf| leaf.path.as_slice())
    }
}

fn unreadable(text: &str, finding: &Diagnostic) -> Error {
    let start = finding.span().map_or(0, |span| span.start as usize);
    let line = crate::text::at(text, 0..start).matches('\n').count() + 1;
    Error::format(
        format!("line {line}"),
        format!("it is not readable as YAML ({})", finding.id),
    )
}
