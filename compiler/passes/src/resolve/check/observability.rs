//! Who is told of alerts can be told, and what is kept has a place that outlives its pod.

use super::Check;
use syntax::{Diagnostic, Node, Text};

/// What a type of receiver needs, each as alternatives, and what it may have besides.
struct Type {
    name: &'static str,
    needs: &'static [&'static [&'static str]],
    takes: &'static [&'static str],
}

/// The types of receivers.
const TYPES: [Type; 6] = [
    Type {
        name: "email",
        needs: &[&["address"], &["from"], &["server"]],
        takes: &["secret", "user"],
    },
    Type {
        name: "heartbeat",
        needs: &[&["url", "secret"]],
        takes: &[],
    },
    Type {
        name: "ntfy",
        needs: &[&["url"]],
        takes: &["secret"],
    },
    Type {
        name: "pagerduty",
        needs: &[&["secret"]],
        takes: &[],
    },
    Type {
        name: "slack",
        needs: &[&["secret"]],
        takes: &["channel"],
    },
    Type {
        name: "webhook",
        needs: &[&["url", "secret"]],
        takes: &[],
    },
];

/// What each receiver may have.
const COMMON: [&str; 2] = ["type", "severity"];

impl Check<'_> {
    pub(super) fn observability(&mut self) {
        let receivers = self.at(&["observability", "alerts", "to"]);
        for entry in receivers.map_or(&[][..], Node::entries) {
            let readable = entry.value.as_map().is_some() || entry.value.as_bool() == Some(true);
            if readable && !entry.value.is_off() {
                self.receiver(&entry.key, &entry.value);
            }
        }
        self.lasting();
    }

    fn receiver(&mut self, name: &Text, receiver: &Node) {
        let Some(stated) = receiver.get("type") else {
            let names: Vec<&str> = TYPES.iter().map(|known| known.name).collect();
            let message = format!("the receiver `{name}` has no `type`");
            let help = format!("add `type:` one of {}", names.join(", "));
            self.error("receiver", message, receiver.origin(), "what is it?", help);
            return;
        };
        let Some(known) = TYPES
            .iter()
            .find(|known| stated.as_str() == Some(known.name))
        else {
            return;
        };
        for needed in known.needs {
            if needed.iter().all(|key| receiver.get(key).is_none()) {
                let needed = needed.join("` or `");
                let message = format!("the receiver `{name}` needs `{needed}`");
                let help = format!("add `{needed}`: docs/observability.md says what goes there");
                self.error(
                    "receiver",
                    message,
                    stated.origin(),
                    "because it is this",
                    help,
                );
            }
        }
        for entry in receiver.entries() {
            let used = |key: &&str| *key == entry.key;
            let needs = known.needs.iter().flat_map(|any| any.iter());
            if !needs.chain(known.takes).chain(&COMMON).any(used) {
                let message = format!("`{}` means nothing to {}", entry.key, known.name);
                self.clash(
                    "receiver",
                    message,
                    (entry.key_origin, "never read"),
                    (stated.origin(), "because it is this"),
                    "take it out",
                );
            }
        }
    }

    /// Without block storage, what is kept goes with its pod.
    fn lasting(&mut self) {
        let block = self.at(&["storage", "block"]);
        if block.is_some_and(|block| !block.is_off()) {
            return;
        }
        for (key, what) in [("metrics", "metrics"), ("logs", "logs")] {
            let Some(kept) = self
                .at(&["observability", key])
                .filter(|kept| !kept.is_off())
            else {
                continue;
            };
            let mut note = Diagnostic::note(
                "no-block-storage",
                format!(
                    "{what} are lost with the pod that keeps them: the cluster has no block storage"
                ),
            )
            .at(self.origins.place(kept.origin()), "kept in the pod");
            if let Some(block) = block {
                note = note.at(self.origins.place(block.origin()), "no block storage");
            }
            self.found
                .add(note.help("state `storage: { block: ... }`, and they outlive it"));
        }
    }
}
