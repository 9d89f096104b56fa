//! Where a runbook is read: the file's page at the repository's host, or below an address that the spec states.

use crate::emit::layout;
use crate::resolve::cluster::Cluster;
use syntax::{Map, Node, OriginId, Origins, Text};

/// How hosts of repositories call the page of a file on a branch and on a tag: what their name or the webhook's provider
/// holds, and what stands between the repository and the file.
const HOSTS: [(&str, &str, &str); 6] = [
    ("gitlab", "/-/blob/", "/-/blob/"),
    ("bitbucket", "/src/", "/src/"),
    ("gitea", "/src/branch/", "/src/tag/"),
    ("forgejo", "/src/branch/", "/src/tag/"),
    ("codeberg", "/src/branch/", "/src/tag/"),
    ("generic-hmac", "/src/branch/", "/src/tag/"),
];
/// GitHub's, and of hosts that nothing is known of.
const USUAL: (&str, &str) = ("/blob/", "/blob/");

/// Where the runbooks of a cluster are read.
pub struct Link {
    base: String,
    origin: OriginId,
    cluster: Text,
}

/// The path of a component's runbook below the output folder.
pub fn page(cluster: &str, component: &str) -> String {
    format!("docs/{cluster}/runbooks/{component}.md")
}

impl Link {
    /// Of a cluster.
    pub fn of(cluster: &Cluster<'_>, origins: &mut Origins) -> Self {
        let name = cluster.name.clone();
        if let Some(stated) = cluster.at(&["observability", "runbooks"]) {
            let base = stated.as_str().unwrap_or_default().trim_end_matches('/');
            let reads = [stated.origin(), cluster.because];
            return Link {
                // The address is that of the folder `docs`.
                base: format!("{base}/"),
                origin: origins.rule("observability/runbook", &reads),
                cluster: name,
            };
        }
        let mut reads = vec![cluster.because];
        let base = repository(cluster, origins, &mut reads);
        Link {
            base: base.map_or_else(|| "docs/".to_owned(), |base| format!("{base}/docs/")),
            origin: origins.rule("observability/runbook", &reads),
            cluster: name,
        }
    }

    /// Gives an alert the address of its runbook, unless it states one.
    pub fn add(&self, component: &str, rule: &mut Node) {
        let Some(name) = rule.str_at(&["alert"]).map(str::to_lowercase) else {
            return;
        };
        let Some(map) = rule.as_map_mut() else { return };
        if map.get("annotations").is_none() {
            map.set(
                "annotations",
                self.origin,
                Node::map(Map::default(), self.origin),
            );
        }
        let page = page(&self.cluster, component);
        let page = page.strip_prefix("docs/").unwrap_or_default();
        let address = ecow::eco_format!("{}{page}#{name}", self.base);
        if let Some(annotations) = map.get_mut("annotations").and_then(Node::as_map_mut)
            && annotations.get("runbook_url").is_none()
        {
            annotations.set(
                "runbook_url",
                self.origin,
                Node::string(address, self.origin),
            );
        }
    }
}

/// The page of the output folder at the host of the repository.
fn repository(
    cluster: &Cluster<'_>,
    origins: &mut Origins,
    reads: &mut Vec<OriginId>,
) -> Option<String> {
    let git = cluster.at(&["source", "git"])?;
    reads.push(git.origin());
    let (host, project) = address(git.as_str()?)?;
    let stated = cluster.at(&["source", "ref"]);
    reads.extend(stated.map(Node::origin));
    let stated = stated.and_then(Node::as_str).unwrap_or("main");
    let (tagged, name) = match stated.strip_prefix("refs/tags/") {
        Some(tag) => (true, tag),
        None => (false, stated.strip_prefix("refs/heads/").unwrap_or(stated)),
    };
    let path = layout::repository_path(cluster.platform, &cluster.settings, origins);
    reads.push(path.origin());
    let caller = cluster.at(&["source", "webhook", "provider"]);
    let is = |word: &str| host.contains(word) || caller.and_then(Node::as_str) == Some(word);
    let known = HOSTS.iter().find(|(word, ..)| is(word));
    if known.is_none_or(|(word, ..)| !host.contains(word)) {
        reads.extend(caller.map(Node::origin));
    }
    let (branch, tag) = known.map_or(USUAL, |(_, branch, tag)| (*branch, *tag));
    let file = if tagged { tag } else { branch };
    let path = path.as_str().unwrap_or_default();
    Some(format!("https://{host}/{project}{file}{name}/{path}"))
}

/// The host and the project of a repository's address; the port of SSH is not that of the web.
fn address(git: &str) -> Option<(&str, &str)> {
    let (web, rest) = match git.strip_prefix("ssh://") {
        Some(rest) => (false, rest.split_once('@').map_or(rest, |(_, rest)| rest)),
        None => (true, git.split_once("://")?.1),
    };
    let (host, project) = rest.split_once('/')?;
    let host = match host.split_once(':') {
        Some((name, _)) if !web => name,
        _ => host,
    };
    Some((host, project.trim_end_matches('/').trim_end_matches(".git")))
}

#[cfg(test)]
mod tests {
    use super::address;

    #[test]
    fn repositories_have_pages() {
        for (git, page) in [
            (
                "https://github.com/me/platform.git",
                ("github.com", "me/platform"),
            ),
            (
                "ssh://git@git.example.org:2222/me/platform.git",
                ("git.example.org", "me/platform"),
            ),
            (
                "https://git.example.org:8443/a/b/c/",
                ("git.example.org:8443", "a/b/c"),
            ),
        ] {
            assert_eq!(address(git), Some(page), "{git}");
        }
    }
}
