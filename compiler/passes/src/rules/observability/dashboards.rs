//! Dashboards among a cluster's objects: ConfigMaps that Grafana's sidecar takes.

use crate::rules::{Subject, View};
use serde_json::Value;
use syntax::{Entry, Node, OriginId};

/// The label by which they are found, and the annotation that says their folder.
const LABEL: &str = "grafana_dashboard";
const FOLDER: &str = "grafana_folder";

/// A dashboard in an object.
pub struct Dashboard<'a> {
    /// The object.
    pub subject: &'a Subject<'a>,
    /// The name of its file.
    pub file: &'a str,
    /// Its text.
    pub text: &'a str,
    /// Where the text is from.
    pub origin: OriginId,
    /// The folder that it is shown in, if one is stated.
    pub folder: Option<&'a str>,
}

impl Dashboard<'_> {
    /// Its JSON.
    pub fn read(&self) -> serde_json::Result<Value> {
        serde_json::from_str(self.text)
    }
}

/// The dashboards of a cluster, where something shows them.
pub fn dashboards<'a>(view: &'a View<'a>) -> impl Iterator<Item = Dashboard<'a>> {
    let shown = view.serves("observability.dashboards");
    let maps = view.subjects(&["ConfigMap"]).filter(move |_| shown);
    maps.flat_map(|subject| {
        let node = &subject.object.node;
        let taken = node.at(&["metadata", "labels", LABEL]).is_some();
        let folder = node.str_at(&["metadata", "annotations", FOLDER]);
        let files = node.get("data").filter(|_| taken);
        let files = files.map_or(&[][..], Node::entries).iter();
        files.filter_map(move |file| one(subject, folder, file))
    })
}

/// Those that users wrote: the library's own have been tested.
pub fn users<'a>(view: &'a View<'a>) -> impl Iterator<Item = Dashboard<'a>> {
    dashboards(view).filter(|dashboard| view.is_users(dashboard.origin))
}

fn one<'a>(
    subject: &'a Subject<'a>,
    folder: Option<&'a str>,
    file: &'a Entry,
) -> Option<Dashboard<'a>> {
    file.key.ends_with(".json").then_some(())?;
    Some(Dashboard {
        subject,
        file: &file.key,
        text: file.value.as_str()?,
        origin: file.value.origin(),
        folder,
    })
}

/// A text of a dashboard's own.
pub fn text<'v>(dashboard: &'v Value, key: &str) -> &'v str {
    let stated = dashboard.get(key).and_then(Value::as_str);
    stated.unwrap_or_default().trim()
}
