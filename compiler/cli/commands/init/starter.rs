//! The files of a starter: templates beside this one, with a few words filled in.

use super::answers::Answers;
use super::versions;
use crate::commands::schema;
use crate::disk::Disk;
use std::path::Path;
use syntax::{Diagnostic, Diagnostics};

/// The spec.
pub const SPEC: &str = "platform.yaml";
/// The folder that is built.
const OUT: &str = "generated";

/// The profile of single machines: no cluster in containers stands for one.
const MACHINE: &str = "edge";

/// The keys of hosts that many use, as they publish them.
const KNOWN_HOSTS: &str = include_str!("starter/known-hosts");
/// What a source could say.
const UNKNOWN_SOURCE: &str = "  # git: https://github.com/me/platform.git\n  # ref: main";

/// A file to write where there is none.
#[derive(Debug)]
pub struct Starter {
    /// Where, relative to the folder of the spec.
    pub path: &'static str,
    /// What.
    pub text: String,
    /// Each line stands for itself: what a kept file lacks can be named.
    pub is_lines: bool,
}

/// The files that depend on the answers alone.
pub fn before(answers: &Answers) -> Vec<Starter> {
    let fill = |template: &str| fill(template, answers);
    let clusters = match answers.profile == MACHINE {
        true => include_str!("starter/machine.yaml"),
        false => include_str!("starter/clusters.yaml"),
    };
    let spec = fill(include_str!("starter/platform.yaml")) + &fill(clusters);
    let mut files = vec![
        text(SPEC, spec),
        lines(".gitignore", fill(include_str!("starter/gitignore"))),
        lines(
            ".gitattributes",
            fill(include_str!("starter/gitattributes")),
        ),
    ];
    if answers.at_top {
        let pre_commit = include_str!("starter/pre-commit.yaml");
        let workflow = include_str!("starter/workflow.yaml");
        files.extend([
            text(".pre-commit-config.yaml", fill(pre_commit)),
            text("lefthook.yml", fill(include_str!("starter/lefthook.yml"))),
            text(".github/workflows/platform.yaml", fill(workflow)),
            text("renovate.json", fill(include_str!("starter/renovate.json"))),
        ]);
    }
    files
}

/// The files that depend on what the spec means: its clusters and components.
pub fn after(folder: &Path, answers: &Answers) -> Result<Vec<Starter>, Box<Diagnostic>> {
    let world = Disk::new(folder.to_owned());
    let mut found = Diagnostics::default();
    let front = passes::front(&world, SPEC, &mut found);
    let Some(platform) = front.platform.filter(|_| !found.has_errors()) else {
        let message = format!("the {SPEC} that is there has errors");
        return Err(Box::new(
            Diagnostic::error("init", message)
                .help("`formwork check` shows them; then run `init` again"),
        ));
    };
    let library = passes::library(&world, &mut found);
    let clusters: Vec<&str> = platform
        .clusters
        .iter()
        .map(|cluster| cluster.name.as_str())
        .collect();
    let rules = rules(&clusters, &answers.age);
    let sops = include_str!("starter/sops.yaml").replace("@RULES@\n", &rules);
    let mut files = vec![
        text(".sops.yaml", sops),
        text(
            "schemas/platform.json",
            schema::Name::Platform.text(&library),
        ),
    ];
    if let Some(lines) = versions::lines(&world, &platform) {
        files.push(text("versions.yaml", lines));
    }
    Ok(files)
}

/// One rule a cluster, for people and that cluster alone.
fn rules(clusters: &[&str], recipients: &[String]) -> String {
    let mut text = String::new();
    for cluster in clusters {
        let cluster_rule = format!("  - path_regex: (^|/)secrets/{cluster}/.*\\.yaml$\n");
        text.push_str(&cluster_rule);
        text.push_str(
            "    encrypted_regex: ^(data|stringData)$\n    mac_only_encrypted: true\n    age:\n",
        );
        for recipient in recipients {
            text.push_str(&format!("      - {recipient}\n"));
        }
        if recipients.is_empty() {
            text.push_str(
                "      # Yours (`age-keygen -y KEYFILE` prints it) and the cluster's own.\n",
            );
            text.push_str("      - REPLACE-BY-AN-AGE-RECIPIENT\n");
        }
    }
    text
}

fn fill(template: &str, answers: &Answers) -> String {
    let source = match &answers.git {
        Some(git) => source(git, &answers.branch),
        None => UNKNOWN_SOURCE.to_owned(),
    };
    let path = match answers.below.as_str() {
        "" => OUT.to_owned(),
        below => format!("{below}/{OUT}"),
    };
    template
        .replace("@NAME@", &answers.name)
        .replace("@PROFILE@", &answers.profile)
        .replace("@DOMAIN@", &answers.domain)
        .replace("@SOURCE@", &source)
        .replace("@PATH@", &path)
        .replace("@BRANCH@", &answers.branch)
        .replace("@VERSION@", env!("CARGO_PKG_VERSION"))
}

/// A repository, with what SSH asks for: a key of one's own, and the host's.
fn source(git: &str, branch: &str) -> String {
    let mut source = format!("  git: {git}\n  ref: {branch}");
    if let Some(rest) = git.strip_prefix("ssh://") {
        let host = rest.split('/').next().unwrap_or(rest);
        let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
        let mut known = KNOWN_HOSTS.lines().filter(|line| line.starts_with(host));
        let known = known.next().map_or_else(
            || format!("{host} REPLACE-BY-WHAT-ssh-keyscan-PRINTS"),
            str::to_owned,
        );
        source.push_str(&format!("\n  secret: flux-git\n  knownHosts: \"{known}\""));
    }
    source
}

fn text(path: &'static str, text: String) -> Starter {
    Starter {
        path,
        text,
        is_lines: false,
    }
}

fn lines(path: &'static str, text: String) -> Starter {
    Starter {
        path,
        text,
        is_lines: true,
    }
}
