//! What availability a cluster promises.

use crate::rules::View;
use syntax::{Node, OriginId};

/// Three nines, in millionths: what one of anything, updated once a month, can hardly give.
const THREE_NINES: u32 = 999_000;

/// A promise.
#[derive(Clone, Copy)]
pub(super) struct Promise<'a> {
    /// Where it is made.
    pub(super) stated: &'a Node,
    share: u32,
}

impl<'a> Promise<'a> {
    /// What a cluster promises, where that is three nines or more.
    pub(super) fn of(view: &View<'a>) -> Option<Promise<'a>> {
        let stated = view.cluster.at(&["objectives", "availability"])?;
        let share = model::form::parse_percentage(stated.as_str()?)?;
        (share >= THREE_NINES).then_some(Promise { stated, share })
    }

    /// It, as it is written.
    pub(super) fn text(self) -> &'a str {
        self.stated.as_str().unwrap_or_default()
    }

    /// How long something may be down in a month of 30 days, in words.
    pub(super) fn allowed(self) -> String {
        let seconds = u64::from(1_000_000_u32.saturating_sub(self.share)) * 2_592_000 / 1_000_000;
        match seconds / 60 {
            0 => format!("{seconds} seconds"),
            1 => "one minute".to_owned(),
            minutes => format!("{minutes} minutes"),
        }
    }
}

/// A count that is known of a cluster.
pub(super) fn count<'a>(view: &View<'a>, what: &str) -> Option<(&'a Node, i64)> {
    let node = view.cluster.facts.get(what)?;
    Some((node, node.as_i64()?))
}

/// Where the only machine of a role is said to be one; `None` where there are several, or machines are not named.
pub(super) fn only(view: &View<'_>, role: &str) -> Option<OriginId> {
    let nodes = view.cluster.at(&["nodes"]).map_or(&[][..], Node::entries);
    let mut roles = nodes.iter().filter_map(|node| {
        let stated = node.value.get("role")?;
        (stated.as_str() == Some(role)).then(|| stated.origin())
    });
    let first = roles.next();
    first.filter(|_| roles.next().is_none())
}
