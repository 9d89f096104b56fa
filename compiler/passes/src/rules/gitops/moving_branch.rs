//! `moving-branch`: what others push does not reach a cluster before somebody here has seen it.

use super::flux;
use crate::rules::{Finding, Group, Level, Levels, On, Rule, Subject, Told, View};
use syntax::{Node, OriginId};

pub const RULE: Rule = Rule {
    id: "moving-branch",
    group: Group::Gitops,
    levels: Levels::all(Level::Warning),
    page: include_str!("moving-branch.md"),
    on: On::Cluster(check),
};

/// Hosts where anybody has repositories.
const PUBLIC: [&str; 5] = [
    "bitbucket.org",
    "codeberg.org",
    "git.sr.ht",
    "github.com",
    "gitlab.com",
];

fn check(view: &View<'_>, told: &mut Told) {
    let own = view.cluster.at(&["source", "git"]).and_then(Node::as_str);
    // Without a repository of one's own nobody knows whose another is.
    let Some(own) = own.and_then(owner) else {
        return;
    };
    for subject in view.subjects(&["GitRepository"]) {
        judge(subject, own, told);
    }
}

fn judge(subject: &Subject<'_>, own: (&str, &str), told: &mut Told) {
    let Some(spec) = flux::spec_of(subject, "source.toolkit.fluxcd.io", "GitRepository") else {
        return;
    };
    let Some(url) = spec.get("url") else {
        return;
    };
    let foreign = url
        .as_str()
        .and_then(owner)
        .is_some_and(|other| is_foreign(own, other));
    let Some((place, follows)) = moving(spec, url).filter(|_| foreign) else {
        return;
    };
    let id = &subject.object.id;
    told.add(
        Finding::new(format!(
            "{id} follows {follows} of somebody else's repository"
        ))
        .at(place, "what they push next is applied here")
        .at(
            url.origin(),
            "not of the owner of this platform's repository",
        )
        .help("follow a `tag` or a `commit`, which you renew when you have read what is new")
        .object(id)
        .because(subject.object.because),
    );
}

/// What a source follows, where that moves, and where it says so.
fn moving(spec: &Node, url: &Node) -> Option<(OriginId, String)> {
    let of = spec.get("ref").filter(|of| !of.entries().is_empty());
    let Some(of) = of else {
        return Some((url.origin(), "the branch `master`".to_owned()));
    };
    let fixed = ["commit", "tag"].iter().any(|key| of.get(key).is_some());
    if fixed || of.get("name").is_some() {
        return None;
    }
    if let Some(range) = of.get("semver") {
        let text = range.scalar_text()?;
        super::version::open(&text)?;
        return Some((range.origin(), format!("every version that fits `{text}`")));
    }
    let branch = of.get("branch")?;
    Some((
        branch.origin(),
        format!("the branch `{}`", branch.as_str()?),
    ))
}

/// Whether two repositories are of different people: on a host of one's own all are colleagues.
fn is_foreign((own_host, own): (&str, &str), (host, owner): (&str, &str)) -> bool {
    host != own_host || (PUBLIC.contains(&host) && owner != own)
}

/// Who owns a repository: its host and the first part of its path.
fn owner(url: &str) -> Option<(&str, &str)> {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let rest = rest.split_once('@').map_or(rest, |(_, rest)| rest);
    let (host, path) = rest.split_once(['/', ':'])?;
    // A port is no owner.
    let path = match path.split_once('/') {
        Some((port, path)) if port.bytes().all(|b| b.is_ascii_digit()) => path,
        _ => path,
    };
    let owner = path.trim_start_matches('/').split('/').next()?;
    (!owner.is_empty() && !url.contains("${")).then_some((host, owner))
}

#[cfg(test)]
mod tests {
    use super::owner;

    #[test]
    fn owners_are_told_from_addresses() {
        for (url, is) in [
            (
                "https://github.com/acme/shop.git",
                Some(("github.com", "acme")),
            ),
            (
                "ssh://git@git.example.org/me/platform.git",
                Some(("git.example.org", "me")),
            ),
            (
                "ssh://git@git.example.org:2222/me/platform",
                Some(("git.example.org", "me")),
            ),
            ("git@github.com:acme/shop.git", Some(("github.com", "acme"))),
            (
                "https://git.example.org/ruled.git",
                Some(("git.example.org", "ruled.git")),
            ),
            ("https://github.com/${OWNER}/x", None),
        ] {
            assert_eq!(owner(url), is, "{url}");
        }
    }
}
