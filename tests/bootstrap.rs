//! The bootstrap script is run against stubs that record their calls: the first run does everything in order, the
//! second one nothing, and what it installs is what Flux finds.

use crate::support::golden;
use crate::support::project::Project;
use crate::support::{children, name, none_of, root};
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use syntax::{Diagnostics, Node, Origins, Sources};

/// What the script needs of a system beside its tools.
const SYSTEM: &[&str] = &["bash", "cat", "dirname", "grep", "mkdir", "sh", "touch"];
/// What is stubbed; `sleep` only passes the time.
const TOOLS: &[&str] = &[
    "git", "helm", "kind", "kubectl", "sleep", "sops", "talosctl",
];
/// Parts of calls that change something.
const CHANGES: &[&str] = &["apply", " bootstrap", "create", "upgrade", "kubeconfig "];

const SEALED: &str = "apiVersion: v1
kind: Secret
metadata:
  name: flux-git
  namespace: flux-system
stringData:
  identity: ENC[AES256_GCM,data:c2VhbGVk,iv:aXY=,tag:dGFn,type:str]
  known_hosts: ENC[AES256_GCM,data:c2VhbGVk,iv:aXY=,tag:dGFn,type:str]
sops:
  mac: ENC[AES256_GCM,data:c2VhbGVk,iv:aXY=,tag:dGFn,type:str]
";

/// A built platform and a machine with nothing but stubs.
struct Desk {
    project: Project,
    /// What the Secret of the repository says of its host.
    known_hosts: String,
}

struct Run {
    code: Option<i32>,
    said: String,
    calls: String,
}

impl Desk {
    fn new() -> Self {
        let project = Project::copy_of(&root().join("examples/homelab"), &["generated"]);
        for cluster in ["prod", "dev"] {
            project.write(
                &format!("secrets/{cluster}/flux-system/flux-git.yaml"),
                SEALED,
            );
        }
        project.succeed(&["build"]);
        for file in ["controlplane.yaml", "worker.yaml", "talosconfig"] {
            project.write(&format!("talos/{file}"), "");
        }
        project.write("age.key", "AGE-SECRET-KEY-TEST");
        let spec = project.read("platform.yaml");
        let known = spec
            .lines()
            .find_map(|line| line.trim().strip_prefix("knownHosts: "));
        let known_hosts = known.expect("a spec with knownHosts").to_owned();
        let desk = Desk {
            project,
            known_hosts,
        };
        desk.project.write("bin/.keep", "");
        for tool in SYSTEM {
            symlink(found(tool), desk.project.at("bin").join(tool)).expect("a link to a tool");
        }
        for tool in TOOLS {
            desk.stub(tool);
        }
        desk
    }

    fn stub(&self, tool: &str) {
        let path = self.project.at("bin").join(tool);
        fs::copy(root().join("tests/bootstrap/stub.sh"), &path).expect("a stub to copy");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("a stub to run");
    }

    /// Runs the script of a cluster from a folder that has nothing to do with it.
    fn run(&self, cluster: &str, arguments: &[&str], talos: bool) -> Run {
        let state = self.project.at(&format!("state-{cluster}"));
        fs::create_dir_all(&state).expect("a folder for the stubs");
        let calls = state.join("calls");
        fs::write(&calls, "").expect("a record to begin");
        let script = self
            .project
            .at(&format!("generated/bootstrap/{cluster}/bootstrap.sh"));
        let mut command = Command::new(self.project.at("bin/bash"));
        command
            .arg(script)
            .args(arguments)
            .current_dir("/")
            .env_clear()
            .env("PATH", self.project.at("bin"))
            .env("HOME", self.project.path())
            .env("STATE", &state)
            .env("CALLS", &calls)
            .env("SOPS_AGE_KEY_FILE", self.project.at("age.key"))
            .env("KNOWN_HOSTS", &self.known_hosts)
            .stdin(Stdio::null());
        if talos {
            command.env("TALOS_SECRETS", self.project.at("talos"));
        }
        let output = command.output().expect("a shell to start");
        let both = [output.stdout, output.stderr].concat();
        let here = self.project.path().to_str().expect("a path in UTF-8");
        let plain = |text: &str| text.replace(here, "PROJECT");
        Run {
            code: output.status.code(),
            said: plain(&String::from_utf8_lossy(&both)),
            calls: plain(&fs::read_to_string(&calls).expect("a record")),
        }
    }
}

fn found(tool: &str) -> PathBuf {
    let path = std::env::var_os("PATH").expect("a PATH");
    std::env::split_paths(&path)
        .map(|folder| folder.join(tool))
        .find(|path| path.is_file())
        .unwrap_or_else(|| panic!("{tool} is not on the PATH"))
}

#[test]
fn the_script_does_everything_once() {
    let desk = Desk::new();
    let mut findings = Vec::new();
    for cluster in ["prod", "dev"] {
        let first = desk.run(cluster, &[], true);
        assert_eq!(first.code, Some(0), "{}\n{}", first.said, first.calls);
        let second = desk.run(cluster, &[], true);
        assert_eq!(second.code, Some(0), "{}\n{}", second.said, second.calls);
        let changes: Vec<&str> = second
            .calls
            .lines()
            .filter(|call| CHANGES.iter().any(|change| call.contains(change)))
            .collect();
        assert!(
            changes.is_empty(),
            "the second run changes something: {changes:#?}"
        );
        for text in [&first.said, &second.said, &first.calls, &second.calls] {
            assert!(
                !text.contains("AGE-SECRET-KEY"),
                "the key is shown:\n{text}"
            );
        }
        let transcript = format!(
            "=== the first run says\n{}\n=== and calls\n{}\n=== the second run says\n{}\n=== and calls\n{}",
            first.said, first.calls, second.said, second.calls
        );
        let file = root().join(format!("tests/bootstrap/{cluster}.txt"));
        findings.extend(golden::text(&file, &transcript));
    }
    none_of(&findings);
}

#[test]
fn an_interrupted_run_goes_on_where_it_stopped() {
    let desk = Desk::new();
    let helm = desk.project.at("bin/helm");
    fs::write(&helm, "#!/bin/sh\nexit 1\n").expect("a tool that fails");
    let broken = desk.run("prod", &[], true);
    assert_ne!(broken.code, Some(0), "{}", broken.said);
    assert!(!broken.calls.contains("fluxinstance"), "{}", broken.calls);
    desk.stub("helm");
    let again = desk.run("prod", &["--from", "install"], true);
    assert_eq!(again.code, Some(0), "{}", again.said);
    assert!(!again.calls.contains("talosctl"), "{}", again.calls);
    assert!(
        again.calls.contains("helm upgrade --install"),
        "{}",
        again.calls
    );
}

#[test]
fn another_host_key_than_the_spec_states_is_refused() {
    let mut desk = Desk::new();
    desk.known_hosts = "github.com ssh-ed25519 AAAAother".to_owned();
    let run = desk.run("dev", &[], true);
    assert_ne!(run.code, Some(0), "{}", run.said);
    assert!(run.said.contains("source.knownHosts"), "{}", run.said);
    assert!(!run.calls.contains("fluxinstance"), "{}", run.calls);
}

#[test]
fn a_dry_run_changes_nothing() {
    let desk = Desk::new();
    for cluster in ["prod", "dev"] {
        let run = desk.run(cluster, &["--dry-run"], true);
        assert_eq!(run.code, Some(0), "{}", run.said);
        let changes = run
            .calls
            .lines()
            .find(|call| CHANGES.iter().any(|change| call.contains(change)));
        assert_eq!(changes, None, "{}", run.calls);
        assert!(run.said.contains("helm upgrade --install"), "{}", run.said);
    }
}

#[test]
fn what_is_missing_is_named_before_anything_is_touched() {
    let desk = Desk::new();
    let run = desk.run("prod", &[], false);
    assert!(
        run.said.contains("TALOS_SECRETS is not set"),
        "{}",
        run.said
    );
    assert_eq!(run.calls, "");
    fs::remove_file(desk.project.at("talos/worker.yaml")).expect("a file to remove");
    let run = desk.run("prod", &[], true);
    assert!(
        run.said.contains("without its secrets no worker can join"),
        "{}",
        run.said
    );
    assert_eq!(run.calls, "");
    for tool in ["helm", "sops"] {
        fs::remove_file(desk.project.at("bin").join(tool)).expect("a stub to remove");
    }
    let run = desk.run("dev", &[], true);
    assert_eq!(run.code, Some(1));
    let wanted = "these tools are missing: helm (https://helm.sh/docs/intro/install); sops (https://getsops.io)";
    assert!(run.said.contains(wanted), "{}", run.said);
    assert_eq!(run.calls, "");
}

#[test]
fn what_is_installed_is_what_flux_finds() {
    let desk = Desk::new();
    let mut compared = 0;
    for cluster in ["prod", "dev"] {
        let script = desk
            .project
            .read(&format!("generated/bootstrap/{cluster}/bootstrap.sh"));
        for values in children(
            &desk
                .project
                .at(&format!("generated/bootstrap/{cluster}/values")),
        ) {
            let name = name(&values).trim_end_matches(".yaml");
            let folder = desk
                .project
                .at(&format!("generated/clusters/{cluster}/{name}"));
            let release = read(&folder.join("release.yaml"));
            let own = read(&values);
            assert_eq!(
                release.at(&["spec", "values"]),
                Some(&own),
                "{cluster}: {name}"
            );
            let source = read(&folder.join("source.yaml"));
            let of = |node: &Node, path: &[&str]| {
                node.at(path).and_then(Node::scalar_text).expect("a text")
            };
            let call = format!(
                "  install_release '{name}' '{}' '{}' '{}' '{}' '--version' '{}'\n",
                of(&release, &["spec", "releaseName"]),
                of(&release, &["metadata", "namespace"]),
                of(&release, &["spec", "timeout"]),
                of(&source, &["spec", "url"]),
                of(&source, &["spec", "ref", "tag"]),
            );
            assert!(script.contains(&call), "{call}\n{script}");
            compared += 1;
        }
    }
    assert!(compared >= 5, "only {compared} releases");
}

fn read(path: &Path) -> Node {
    let text = fs::read_to_string(path).expect("a file to read");
    let file = Sources::default().add("x.yaml", &text);
    let (mut origins, mut found) = (Origins::default(), Diagnostics::default());
    syntax::parse::parse_one(file, &text, &mut origins, &mut found).expect("a document")
}
