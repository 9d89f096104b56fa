//! `versions.yaml`: a line for each component that the platform uses, with what Renovate must know above it.

use passes::resolve::Platform;
use passes::world::World;
use std::collections::BTreeSet;
use syntax::{Diagnostics, FileId, Node, Origins};

const HEAD: &str =
    "# Component versions: each line wins over the library's own. Renovate renews them.\n";

/// The whole file; `None` where no component has a version.
pub fn lines(world: &dyn World, platform: &Platform) -> Option<String> {
    let mut names = BTreeSet::new();
    for cluster in &platform.clusters {
        let summary = passes::cell(platform, cluster).summary;
        let name = |line: &String| line.split(' ').next().map(str::to_owned);
        names.extend(summary.components.iter().filter_map(name));
    }
    let lines: String = names.iter().filter_map(|name| line(world, name)).collect();
    (!lines.is_empty()).then(|| HEAD.to_owned() + &lines)
}

fn line(world: &dyn World, name: &str) -> Option<String> {
    let (bytes, _) = world
        .read(&format!("components/{name}/component.yaml"))?
        .ok()?;
    let text = String::from_utf8(bytes.into_owned()).ok()?;
    let mut found = Diagnostics::default();
    let node = syntax::parse::parse_one(FileId(0), &text, &mut Origins::default(), &mut found)?;
    let (source, version) = source(&node)?;
    Some(format!("# renovate: {source}\n{name}: {version}\n"))
}

/// Where Renovate looks for new versions of a component, and the one that the library has.
fn source(component: &Node) -> Option<(String, &str)> {
    let chart = |key: &str| component.str_at(&["chart", key]);
    let git = |key: &str| component.str_at(&["git", key]);
    if let Some(oci) = chart("oci") {
        let name = oci.strip_prefix("oci://")?;
        return Some((
            format!("datasource=docker depName={name}"),
            chart("version")?,
        ));
    }
    if let Some(repo) = chart("repo") {
        let name = chart("name")?;
        return Some((
            format!("datasource=helm depName={name} registryUrl={repo}"),
            chart("version")?,
        ));
    }
    let url = git("url")?.trim_end_matches(".git");
    let source = match url.strip_prefix("https://github.com/") {
        Some(name) => format!("datasource=github-tags depName={name}"),
        None => format!("datasource=git-tags depName={url}"),
    };
    Some((source, git("tag")?))
}
