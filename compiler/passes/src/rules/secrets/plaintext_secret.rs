//! `plaintext-secret`: nothing that opens a door stands in a file that others read.

use crate::plaintext::{Found, leak, leaks};
use crate::rules::{Finding, Group, Level, Levels, On, Rule, Told, View};
use model::object::{Content, ObjectId};
use std::collections::BTreeSet;
use syntax::{OriginId, Span};

pub const RULE: Rule = Rule {
    id: "plaintext-secret",
    group: Group::Secrets,
    levels: Levels::all(Level::Error),
    page: include_str!("plaintext-secret.md"),
    on: On::Cluster(check),
};

const HELP: &str = "keep it in a Secret that is sealed with SOPS below `secrets/`, and name that Secret; it was seen by whoever saw this file, so make a new one";

fn check(view: &View<'_>, told: &mut Told) {
    let mut search = Search {
        view,
        told,
        seen: BTreeSet::new(),
    };
    // What stands in the spec is told there, however much is made of it.
    for found in leaks(&view.cluster.platform.spec) {
        search.tell(&found, None);
    }
    for (_, object) in view.objects {
        for found in leaks(&object.node) {
            search.tell(&found, Some((&object.id, object.because)));
        }
    }
    for document in view.documents {
        match &document.content {
            Content::Yaml(nodes) => {
                for found in nodes.iter().flat_map(leaks) {
                    search.tell(&found, None);
                }
            }
            Content::Text { text, .. } => {
                if let Some(leak) = leak(&[], text) {
                    let message = format!("`{}` holds {} in plain text", document.path, leak.kind);
                    let finding = Finding::new(message).at(document.because, "in this file");
                    search.told.add(finding.help(HELP));
                }
            }
            Content::Copied(_) => {}
        }
    }
}

struct Search<'a, 'b> {
    view: &'a View<'b>,
    told: &'a mut Told,
    /// Where what was told already stands: one text may be in many objects.
    seen: BTreeSet<Span>,
}

impl Search<'_, '_> {
    fn tell(&mut self, found: &Found, object: Option<(&ObjectId, OriginId)>) {
        let places = self.view.origins.spans(found.origin);
        if places.iter().any(|place| self.seen.contains(place)) {
            return;
        }
        self.seen.extend(places);
        let kind = found.leak.kind;
        let message = match object {
            None => format!("{kind} in plain text"),
            Some((id, _)) => format!("{kind} in plain text at `{}` of {id}", found.pointer),
        };
        let mut finding = Finding::new(message).at(found.origin, "whoever reads this file has it");
        if let Some((id, because)) = object {
            finding = finding.object(id).because(because);
        }
        self.told.add(finding.help(HELP));
    }
}
