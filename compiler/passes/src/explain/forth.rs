//! Forth: from a place in the spec, a profile or a component to every field of the output that it decides.

use crate::Cell;
use crate::emit::Leaf;
use crate::resolve::Platform;
use model::object::Content;
use syntax::{FileId, Map, Node, Origin, OriginId, Origins, Pointer, Span, Text};

/// A field of the output that a place decides.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Field {
    /// The file, below the output folder.
    pub path: String,
    /// Which document of the file.
    pub document: usize,
    /// The field in it; empty for a whole file.
    pub pointer: String,
    /// The field is not there, and the place is why.
    pub absent: bool,
    /// The place decides something around the field (a condition, its file), not the field itself.
    pub around: bool,
}

/// The places that a question means.
#[derive(Clone, Debug, Default)]
pub struct Places {
    spans: Vec<Span>,
    files: Vec<FileId>,
}

impl Places {
    /// The values and keys of a tree that start on a line, and in a column of it where one is given.
    #[must_use]
    pub fn on_line(node: &Node, origins: &Origins, place: impl Fn(Span) -> bool) -> Self {
        let mut spans = Vec::new();
        visit(node, &mut |origin| {
            if let Some(span) = origins.place(origin).filter(|span| place(*span)) {
                spans.push(span);
            }
        });
        Places {
            spans,
            files: Vec::new(),
        }
    }

    /// These places, and what those among them stand for that choose a level: the profile, tiers, roles.
    #[must_use]
    pub fn with_levels(mut self, platform: &Platform) -> Self {
        let spec = &platform.spec;
        let chosen = |places: &Places, node: &Node| {
            let place = platform.origins.place(node.origin());
            place.is_some_and(|span| places.spans.contains(&span))
        };
        let profile = spec.get("profile").filter(|node| chosen(&self, node));
        if let Some(name) = profile.and_then(Node::as_str) {
            let path = format!("profiles/{name}.yaml");
            let files = platform.sources.iter();
            self.files.extend(
                files
                    .filter(|(_, source)| source.name().ends_with(&path))
                    .map(|(file, _)| file),
            );
        }
        let clusters = spec.get("clusters").map_or(&[][..], Node::entries);
        let tiers: Vec<&Node> = clusters
            .iter()
            .filter_map(|cluster| cluster.value.get("tier"))
            .filter(|tier| chosen(&self, tier))
            .filter_map(|tier| spec.at(&["tiers", tier.as_str()?]))
            .collect();
        let nodes = clusters.iter().flat_map(|cluster| {
            let nodes = cluster.value.get("nodes").map_or(&[][..], Node::entries);
            nodes.iter().map(|node| (&cluster.value, &node.value))
        });
        let roles: Vec<&Node> = nodes
            .filter_map(|(cluster, node)| Some((cluster, node.get("role")?)))
            .filter(|(_, role)| chosen(&self, role))
            .filter_map(|(cluster, role)| cluster.at(&["roles", role.as_str()?]))
            .collect();
        for level in tiers.into_iter().chain(roles) {
            let below = Places::below(level, &platform.origins);
            self.spans.extend(below.spans);
        }
        self
    }

    fn contain(&self, span: Span) -> bool {
        self.files.contains(&span.file) || self.spans.contains(&span)
    }

    /// A value and everything below it.
    #[must_use]
    pub fn below(node: &Node, origins: &Origins) -> Self {
        Places::on_line(node, origins, |_| true)
    }

    /// Whether nothing is meant.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.spans.is_empty()
    }
}

fn visit(node: &Node, see: &mut impl FnMut(OriginId)) {
    see(node.origin());
    for entry in node.entries() {
        see(entry.key_origin);
        visit(&entry.value, see);
    }
    if let Some((_, origin)) = node.as_map().and_then(Map::switch) {
        see(origin);
    }
    for item in node.items() {
        visit(item, see);
    }
}

/// Every field of a lowered cell that depends on the places.
#[must_use]
pub fn decided(cell: &Cell, places: &Places) -> Vec<Field> {
    let mut search = Search {
        origins: &cell.origins,
        places,
        known: Vec::new(),
        fields: Vec::new(),
    };
    for leaf in &cell.leaves {
        search.file(leaf);
    }
    let mut fields = search.fields;
    fields.sort();
    fields.dedup();
    fields
}

struct Search<'a> {
    origins: &'a Origins,
    places: &'a Places,
    known: Vec<Option<bool>>,
    fields: Vec<Field>,
}

impl Search<'_> {
    fn file(&mut self, leaf: &Leaf) {
        let whole = self.depends(leaf.because);
        match &leaf.content {
            Content::Yaml(documents) => {
                for (at, node) in documents.iter().enumerate() {
                    self.node(leaf, at, &Pointer::root(), node, whole);
                }
            }
            Content::Text { reads, .. } => {
                let own = reads.iter().any(|read| self.depends(*read));
                if whole || own {
                    self.add(leaf, 0, &Pointer::root(), false, !own);
                }
            }
            Content::Copied(_) if whole => self.add(leaf, 0, &Pointer::root(), false, true),
            Content::Copied(_) => {}
        }
    }

    fn node(&mut self, leaf: &Leaf, document: usize, pointer: &Pointer, node: &Node, around: bool) {
        let own = self.depends(node.origin());
        let here = around || own;
        let mut empty = true;
        for entry in node.entries() {
            empty = false;
            let inside = here || self.depends(entry.key_origin);
            self.node(
                leaf,
                document,
                &pointer.join(entry.key.clone()),
                &entry.value,
                inside,
            );
        }
        for (at, item) in node.items().iter().enumerate() {
            empty = false;
            self.node(
                leaf,
                document,
                &pointer.join(Text::from(at.to_string())),
                item,
                here,
            );
        }
        if empty && here {
            self.add(leaf, document, pointer, false, !own);
        }
        let notes = node.as_map().and_then(Map::notes);
        for (key, because) in notes.map_or(&[][..], |notes| &notes.absent) {
            if self.depends(*because) {
                self.add(leaf, document, &pointer.join(key.clone()), true, false);
            }
        }
    }

    fn add(&mut self, leaf: &Leaf, document: usize, pointer: &Pointer, absent: bool, around: bool) {
        self.fields.push(Field {
            path: leaf.path.clone(),
            document,
            pointer: pointer.to_string(),
            absent,
            around,
        });
    }

    /// Whether an origin leads back to one of the places. Origins only refer to earlier ones, so this ends.
    fn depends(&mut self, id: OriginId) -> bool {
        let at = id.0 as usize;
        if let Some(Some(known)) = self.known.get(at) {
            return *known;
        }
        let origins = self.origins;
        let answer = match &*origins.get(id) {
            Origin::Unknown => false,
            Origin::Span(span) => self.places.contain(*span),
            Origin::Expr { at, reads } => {
                self.places.contain(*at) || reads.iter().any(|read| self.depends(*read))
            }
            Origin::Rule { reads, .. } => reads.iter().any(|read| self.depends(*read)),
            // What a more specific level replaced decides nothing.
            Origin::Merged { winner, .. } => self.depends(*winner),
        };
        if self.known.len() <= at {
            self.known.resize(at + 1, None);
        }
        if let Some(slot) = self.known.get_mut(at) {
            *slot = Some(answer);
        }
        answer
    }
}
