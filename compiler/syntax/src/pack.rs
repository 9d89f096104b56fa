//! A parsed text as bytes, with the places of its values: what is read at every start is parsed once, when it is built in.

use crate::diagnostic::Diagnostics;
use crate::node::{Entry, Kind, Map, Node, Text};
use crate::origin::{Origin, OriginId, Origins, PackedPlace};
use crate::parse::parse_one;
use crate::source::{FileId, Sources};
use ecow::EcoVec;
use rayon::prelude::*;

const NULL: u8 = 0;
const FALSE: u8 = 1;
const TRUE: u8 = 2;
const NUMBER: u8 = 3;
const STRING: u8 = 4;
const LIST: u8 = 5;
const MAP: u8 = 6;

/// Packs a tree as it was parsed; `None` where some of it stands in no text, or remembers more than that.
///
/// First the number of its places, then the tree, then the places in the order in which the tree needs them: so that
/// they need not be unpacked.
#[must_use]
pub fn pack(node: &Node, origins: &Origins) -> Option<Vec<u8>> {
    let mut packer = Packer {
        origins,
        places: Vec::new(),
        bytes: Vec::new(),
    };
    packer.node(node)?;
    let body = std::mem::take(&mut packer.bytes);
    packer.number(packer.places.len());
    packer.bytes.extend(body);
    packer.bytes.extend_from_slice(packer.places.as_flattened());
    Some(packer.bytes)
}

/// Packs a text; `None` where there is anything to say of it: who reads it at a start hears that.
#[must_use]
pub fn pack_text(text: &str) -> Option<Vec<u8>> {
    let (mut origins, mut found) = (Origins::default(), Diagnostics::default());
    let file = Sources::default().add("", text);
    let node = parse_one(file, text, &mut origins, &mut found)?;
    pack(&node, &origins).filter(|_| found.is_empty())
}

/// Unpacks what [`pack`] made of texts that are these files now, on all threads; `None` where it is no such thing.
pub fn unpack(files: &[(FileId, &'static [u8])], origins: &mut Origins) -> Vec<Option<Node>> {
    let readers = files.iter().map(|(file, bytes)| {
        let first = origins.len();
        let (tree, places) = Reader::split(bytes)?;
        origins.run(*file, places);
        Some(Reader {
            rest: tree,
            next: first,
            end: origins.len(),
        })
    });
    let readers: Vec<_> = readers.collect();
    let read = |reader: Option<Reader>| {
        let mut reader = reader?;
        let node = reader.node()?;
        (reader.rest.is_empty() && reader.next == reader.end).then_some(node)
    };
    readers.into_par_iter().map(read).collect()
}

struct Packer<'a> {
    origins: &'a Origins,
    places: Vec<PackedPlace>,
    bytes: Vec<u8>,
}

impl Packer<'_> {
    fn node(&mut self, node: &Node) -> Option<()> {
        if node.replaces() {
            return None;
        }
        match node.kind() {
            Kind::Null => self.bytes.push(NULL),
            Kind::Bool(value) => self.bytes.push(if *value { TRUE } else { FALSE }),
            Kind::Number(text) => self.tagged(NUMBER, text),
            Kind::String(text) => self.tagged(STRING, text),
            Kind::List(items) => {
                self.bytes.push(LIST);
                self.number(items.len());
                items.iter().try_for_each(|item| self.node(item))?;
            }
            Kind::Map(map) => {
                if map.notes().is_some() {
                    return None;
                }
                self.bytes.push(MAP);
                self.number(map.len());
                for entry in map.entries() {
                    self.text(&entry.key);
                    self.place(entry.key_origin)?;
                    self.node(&entry.value)?;
                }
            }
        }
        self.place(node.origin())
    }

    fn tagged(&mut self, tag: u8, text: &str) {
        self.bytes.push(tag);
        self.text(text);
    }

    fn text(&mut self, text: &str) {
        self.number(text.len());
        self.bytes.extend_from_slice(text.as_bytes());
    }

    fn place(&mut self, origin: OriginId) -> Option<()> {
        let Origin::Span(span) = *self.origins.get(origin) else {
            return None;
        };
        let ends = [span.start.to_le_bytes(), span.end.to_le_bytes()];
        self.places.push(*ends.as_flattened().as_array()?);
        Some(())
    }

    /// Seven bits a byte, the lowest first; the highest bit says that more follow.
    fn number(&mut self, mut number: usize) {
        while number >= 0x80 {
            self.bytes.push((number & 0x7f) as u8 | 0x80);
            number >>= 7;
        }
        self.bytes.push(number as u8);
    }
}

struct Reader {
    rest: &'static [u8],
    /// The number of the next place, and the one past the last.
    next: u32,
    end: u32,
}

impl Reader {
    /// The tree and its places.
    fn split(bytes: &'static [u8]) -> Option<(&'static [u8], &'static [PackedPlace])> {
        let mut reader = Reader {
            rest: bytes,
            next: 0,
            end: 0,
        };
        let count = reader.number()?;
        let places = count.checked_mul(size_of::<PackedPlace>())?;
        let tree = reader.rest.len().checked_sub(places)?;
        let (tree, places) = reader.rest.split_at_checked(tree)?;
        Some((tree, places.as_chunks().0))
    }

    fn node(&mut self) -> Option<Node> {
        let kind = match self.byte()? {
            NULL => Kind::Null,
            FALSE => Kind::Bool(false),
            TRUE => Kind::Bool(true),
            NUMBER => Kind::Number(self.text()?),
            STRING => Kind::String(self.text()?),
            LIST => {
                let count = self.number()?;
                let mut items = EcoVec::with_capacity(count.min(self.rest.len()));
                for _ in 0..count {
                    items.push(self.node()?);
                }
                Kind::List(items)
            }
            MAP => {
                let count = self.number()?;
                let mut map = Map::with_capacity(count.min(self.rest.len()));
                for _ in 0..count {
                    let (key, key_origin) = (self.text()?, self.place()?);
                    let value = self.node()?;
                    map.push(Entry {
                        key,
                        key_origin,
                        value,
                    });
                }
                Kind::Map(map)
            }
            _ => return None,
        };
        Some(Node::new(kind, self.place()?))
    }

    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(*first)
    }

    fn text(&mut self) -> Option<Text> {
        let length = self.number()?;
        let (text, rest) = self.rest.split_at_checked(length)?;
        self.rest = rest;
        str::from_utf8(text).ok().map(Text::from)
    }

    fn place(&mut self) -> Option<OriginId> {
        let id = OriginId(self.next);
        self.next = self.next.checked_add(1)?;
        Some(id)
    }

    fn number(&mut self) -> Option<usize> {
        let mut number = 0;
        for shift in (0..usize::BITS).step_by(7) {
            let byte = self.byte()?;
            number |= usize::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(number);
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Diagnostics;
    use crate::parse::parse_one;
    use crate::source::Sources;

    /// A tree with the place of each of its values.
    fn shown(node: &Node, origins: &Origins) -> String {
        let mut shown = format!("{:?}@{:?}", node.kind_name(), origins.place(node.origin()));
        for item in node.items() {
            shown += &shown_in(item, origins);
        }
        for entry in node.entries() {
            let at = origins.place(entry.key_origin);
            shown += &format!("{}@{at:?}", entry.key);
            shown += &shown_in(&entry.value, origins);
        }
        shown
    }

    fn shown_in(node: &Node, origins: &Origins) -> String {
        format!("({:?} {})", node.scalar_text(), shown(node, origins))
    }

    #[test]
    fn it_comes_back_as_it_was() {
        let long = "x".repeat(300);
        let text = format!(
            "a: &a [1, -2.50, true, false, ~, 'it''s', {long}]\nb: *a\nc: {{ <<: {{ d: é }}, e: [] }}\nf: |\n  g\n  h\n"
        );
        let mut sources = Sources::default();
        let file = sources.add("f.yaml", &text);
        let (mut before, mut found) = (Origins::default(), Diagnostics::default());
        let node = parse_one(file, &text, &mut before, &mut found).expect("a tree");
        let bytes = pack(&node, &before).expect("all of it stands in the text");
        let bytes: &'static [u8] = bytes.leak();
        for end in 0..bytes.len() {
            let mut after = Origins::default();
            let files = [bytes, &bytes[..end], bytes];
            let files = files.map(|bytes| (file, bytes));
            let again = unpack(&files, &mut after);
            assert_eq!(again[1], None, "{end} of {} bytes", bytes.len());
            for again in [&again[0], &again[2]] {
                let again = again.as_ref().expect("what was packed");
                assert_eq!(&node, again);
                assert_eq!(shown(&node, &before), shown(again, &after));
            }
        }
    }
}
