//! The files beside a component's: alerts, dashboards, runbook, scripts.

use super::{Loader, shown};
use crate::component::Component;
use crate::mixin::{Dashboard, Mixin};
use crate::template::TextTemplate;
use crate::world::Shelf;
use std::borrow::Cow;
use syntax::{Diagnostic, Node, OriginId, Span, Text};

impl Loader<'_> {
    /// Reads what components name beside their files.
    pub(super) fn mixins(&mut self, components: &mut [Component]) {
        let paths: Vec<Option<String>> = components
            .iter()
            .map(|component| self.beside(component, component.node.get("alerts")?))
            .collect();
        let stated: Vec<String> = paths.iter().flatten().cloned().collect();
        let mut alerts = self.all(&stated).into_iter();
        for (component, path) in components.iter_mut().zip(paths) {
            let alerts = path.and_then(|_| alerts.next().flatten());
            component.mixin = self.mixin(component, alerts);
        }
    }

    fn mixin(&mut self, component: &Component, alerts: Option<(Node, Shelf)>) -> Mixin {
        let mut mixin = Mixin::default();
        let stated = |key: &str| component.node.get(key);
        if let Some((alerts, shelf)) = alerts {
            mixin.own |= shelf == Shelf::Project;
            mixin.alerts = Some(alerts);
        }
        if let Some(path) = stated("runbook").and_then(|name| self.beside(component, name))
            && let Some((text, span, origin, shelf)) = self.whole(&path)
        {
            mixin.own |= shelf == Shelf::Project;
            mixin.runbook = Some(TextTemplate::new(text, span, origin));
        }
        for name in stated("scripts").map_or(&[][..], Node::items) {
            if let Some(path) = self.beside(component, name)
                && let Some((text, span, origin, shelf)) = self.whole(&path)
            {
                mixin.own |= shelf == Shelf::Project;
                let script = TextTemplate::new(text, span, origin);
                let name = name.as_str().unwrap_or_default();
                mixin.scripts.push((name.into(), script));
            }
        }
        for name in stated("dashboards").map_or(&[][..], Node::items) {
            if let Some(path) = self.beside(component, name)
                && let Some((text, span, origin, shelf)) = self.whole(&path)
            {
                mixin.own |= shelf == Shelf::Project;
                let stem = name.as_str().and_then(|name| name.strip_suffix(".json"));
                mixin.dashboards.push(Dashboard {
                    name: stem.unwrap_or_default().into(),
                    file: span.file,
                    text: Node::string(text, origin),
                });
            }
        }
        mixin
    }

    /// The path of a file that a component names; that it isn't there is reported.
    fn beside(&mut self, component: &Component, stated: &Node) -> Option<String> {
        let name = stated.as_str()?;
        let folder = format!("components/{}", component.name);
        if self.listed(&folder).iter().any(|there| there == name) {
            return Some(format!("{folder}/{name}"));
        }
        self.found.add(
            Diagnostic::error(
                "no-file",
                format!("there is no file `{name}` in `{folder}`"),
            )
            .at(self.origins.place(stated.origin()), "named here")
            .help("a component's files lie beside its component.yaml"),
        );
        None
    }

    /// A text file with `\n` line ends, the place of all of it, and where it was found.
    fn whole(&mut self, path: &str) -> Option<(Text, Span, OriginId, Shelf)> {
        let (text, shelf) = self.text(path)?;
        let text = match text.contains('\r') {
            true => Cow::Owned(text.replace("\r\n", "\n")),
            false => text,
        };
        let file = self.sources.add_text(&shown(path, shelf), text.clone());
        let text = Text::from(&*text);
        let span = Span {
            file,
            start: 0,
            end: u32::try_from(text.len()).unwrap_or(u32::MAX),
        };
        let origin = self.origins.span(span);
        Some((text, span, origin, shelf))
    }
}
