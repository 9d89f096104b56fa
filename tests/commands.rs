//! The commands as people and pipelines meet them: exit codes, streams, bad input.

use crate::support::children;
use crate::support::project::{Project, Run};
use std::fs;
use std::os::unix::fs::symlink;
use std::time::{Duration, Instant};

const SPEC: &str = "apiVersion: formwork.dev/v1alpha1\nkind: Platform\nname: small\nprofile: development\n\
                    source: { path: generated }\nclusters:\n  dev:\n    provider: kind\n    size: small\n    \
                    versions: { kubernetes: 1.36.1 }\n    domain: dev.example.org\n";

/// It ended with 1, said why on stderr and nothing on stdout, and left nothing behind.
fn refused(project: &Project, run: &Run) {
    assert_eq!(run.code, Some(1), "{}{}", run.stdout, run.stderr);
    assert!(run.stderr.contains("error"), "{}", run.stderr);
    assert!(!run.stderr.contains("panicked"), "{}", run.stderr);
    assert_eq!(run.stdout, "");
    assert!(!project.at("generated").exists(), "an error writes nothing");
}

/// The one error of a run, by the words it must contain.
fn says(run: &Run, words: &[&str]) {
    for word in words {
        assert!(
            run.stderr.contains(word),
            "`{word}` is not in:\n{}",
            run.stderr
        );
    }
}

#[test]
fn build_writes_checks_and_refuses() {
    let project = Project::with_spec(SPEC);
    let stale = project.run(&["build", "--check"]);
    assert_eq!(stale.code, Some(2), "{}", stale.stderr);
    assert!(!project.at("generated").exists(), "a check writes nothing");

    let run = project.succeed(&["build"]);
    assert!(run.stdout.contains("wrote "), "{}", run.stdout);
    assert_eq!(run.stderr, "");
    project.succeed(&["build", "--check"]);

    let path = project
        .files("generated")
        .into_keys()
        .find(|path| path.ends_with(".yaml"))
        .expect("a file");
    let path = format!("generated/{path}");
    let text = project.read(&path);
    project.write(&path, format!("{text}mine: true\n"));
    let blocked = project.run(&["build"]);
    assert_eq!(
        blocked.code,
        Some(4),
        "{}{}",
        blocked.stdout,
        blocked.stderr
    );
    says(&blocked, &[&path, "+mine: true"]);
    assert_eq!(
        project.read(&path),
        format!("{text}mine: true\n"),
        "a hand edit is never lost"
    );
    project.write(&path, text);
    project.succeed(&["build", "--check"]);
}

#[test]
fn build_takes_some_clusters() {
    let spec = format!(
        "{SPEC}  test:\n    provider: kind\n    size: small\n    versions: {{ kubernetes: 1.36.1 }}\n    domain: test.example.org\n"
    );
    let project = Project::with_spec(&spec);
    project.succeed(&["build", "--cluster", "te*"]);
    let some = project.files("generated");
    assert!(some.keys().any(|path| path.contains("test")));
    assert!(!some.keys().any(|path| path.contains("dev/")));
    project.succeed(&["build"]);
    let whole = project.files("generated");
    assert!(
        some.iter()
            .all(|(path, bytes)| whole.get(path) == Some(bytes))
    );
    assert!(whole.len() > some.len());
    let none = project.run(&["build", "--cluster", "nope"]);
    assert_eq!(none.code, Some(1), "{}", none.stdout);
    says(&none, &["nope"]);
}

#[test]
fn build_refuses_bad_files() {
    let project = Project::empty();
    refused(&project, &project.run(&["build"]));
    refused(&project, &project.run(&["build", "nowhere.yaml"]));
    let files: [(&str, &[u8]); 6] = [
        ("empty", b""),
        ("comments only", b"# nothing\n"),
        ("binary", b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0"),
        ("invalid UTF-8", b"name: \xff\xfe\n"),
        ("a list", b"- a\n- b\n"),
        ("a text", b"platform\n"),
    ];
    for (what, bytes) in files {
        let project = Project::empty();
        project.write("platform.yaml", bytes);
        let run = project.run(&["build"]);
        assert_eq!(run.code, Some(1), "{what}: {}{}", run.stdout, run.stderr);
        refused(&project, &run);
    }
    let project = Project::empty();
    fs::create_dir(project.at("platform.yaml")).expect("a folder to create");
    refused(&project, &project.run(&["build", "platform.yaml"]));
}

#[test]
fn build_survives_bombs() {
    let long = "x".repeat(50_000_000);
    let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
    let blocks: String = (0..10_000)
        .map(|depth| format!("{}a:\n", " ".repeat(depth % 50)))
        .collect();
    let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for n in 1..30 {
        let aliases = vec![format!("*a{}", n - 1); 10].join(", ");
        bomb.push_str(&format!("a{n}: &a{n} [{aliases}]\n"));
    }
    for (what, extra) in [
        ("a scalar of 50 MB", format!("domain: {long}\n")),
        ("10,000 lists in each other", format!("tiers: {deep}\n")),
        ("10,000 lines of keys", format!("tiers:\n{blocks}")),
        ("a bomb of aliases", bomb),
    ] {
        let project = Project::with_spec(&format!("{SPEC}{extra}"));
        let started = Instant::now();
        let run = project.run(&["build"]);
        refused(&project, &run);
        assert!(
            started.elapsed() < Duration::from_secs(20),
            "{what} takes too long"
        );
        assert!(
            run.stderr.len() < 100_000,
            "{what}: {} bytes are said",
            run.stderr.len()
        );
    }
}

#[test]
fn build_refuses_components_from_elsewhere() {
    let project = Project::with_spec(SPEC);
    let elsewhere = Project::empty();
    elsewhere.write("component.yaml", "name: mine\nsecret: not-to-be-shown\n");
    project.write("components/.keep", "");
    symlink(elsewhere.path(), project.at("components/mine")).expect("a link to make");
    let run = project.run(&["build"]);
    assert_eq!(run.code, Some(1), "{}", run.stdout);
    says(
        &run,
        &[
            "components/mine/component.yaml",
            "a link leads out of the project",
        ],
    );
    assert!(!run.stderr.contains("not-to-be-shown"), "{}", run.stderr);
    assert!(!project.at("generated").exists(), "nothing is written");
}

#[test]
fn build_refuses_foreign_and_linked_outputs() {
    let project = Project::with_spec(SPEC);
    project.write("generated/notes.txt", "mine\n");
    let run = project.run(&["build"]);
    assert_ne!(run.code, Some(0), "{}", run.stdout);
    assert_eq!(
        children(&project.at("generated")).len(),
        1,
        "nothing is written beside foreign files"
    );
    project.succeed(&["build", "--adopt"]);
    assert_eq!(project.read("generated/notes.txt"), "mine\n");
}

#[test]
fn check_says_everything_and_writes_nothing() {
    let project = Project::with_spec(SPEC);
    let run = project.succeed(&["check"]);
    assert_eq!(run.stderr, "");
    assert!(!project.at("generated").exists());

    let project = Project::with_spec(&SPEC.replace("provider: kind", "providr: kind"));
    let run = project.run(&["check"]);
    refused(&project, &run);
    says(&run, &["providr", "provider", "platform.yaml"]);
}

#[test]
fn check_speaks_to_machines() {
    let project = Project::with_spec(&SPEC.replace("provider: kind", "providr: kind"));
    let json = project.run(&["check", "--output", "json"]);
    assert_eq!(json.code, Some(1));
    let found: serde_json::Value = serde_json::from_str(&json.stdout).expect("JSON on stdout");
    assert!(found.to_string().contains("platform.yaml"), "{found}");
    let sarif = project.run(&["check", "--output", "sarif"]);
    let report: serde_json::Value = serde_json::from_str(&sarif.stdout).expect("SARIF on stdout");
    assert_eq!(report["version"], "2.1.0");
    let github = project.run(&["check", "--output", "github"]);
    assert!(
        github
            .stdout
            .starts_with("::error file=platform.yaml,line="),
        "{}",
        github.stdout
    );
}

#[test]
fn usage_is_explained() {
    let project = Project::empty();
    for arguments in [
        &["bild"][..],
        &["build", "--job", "1"],
        &["build", "--jobs", "many"],
        &[],
    ] {
        let run = project.run(arguments);
        assert_eq!(run.code, Some(1), "{arguments:?} is wrong usage");
        assert!(!run.stderr.is_empty());
    }
    let help = project.succeed(&["--help"]);
    assert!(help.stdout.contains("build"), "{}", help.stdout);
    assert!(
        project
            .succeed(&["--version"])
            .stdout
            .starts_with("formwork ")
    );
}

#[test]
fn init_starts_a_platform_that_builds_as_it_is() {
    for profile in ["development", "edge", "homelab", "production"] {
        let project = Project::empty();
        let said = project.succeed(&["init", "--profile", profile, "--name", "home"]);
        assert_eq!(said.stderr, "", "{profile}");
        project.succeed(&["build"]);
        project.succeed(&["build", "--check"]);
        let versions = project.read("versions.yaml");
        for line in versions.lines().skip(1).step_by(2) {
            assert!(line.starts_with("# renovate: datasource="), "{line}");
        }
        for yaml in [
            ".sops.yaml",
            ".pre-commit-config.yaml",
            "lefthook.yml",
            ".github/workflows/platform.yaml",
        ] {
            let text = project.read(yaml);
            assert!(
                serde_yaml::from_str::<serde_yaml::Value>(&text).is_ok(),
                "{yaml}"
            );
            assert!(
                !text.contains("@NAME@") && !text.contains("@VERSION@"),
                "{yaml}"
            );
        }
        let renovate = project.read("renovate.json");
        assert!(serde_json::from_str::<serde_json::Value>(&renovate).is_ok());
    }
}

#[test]
fn init_keeps_what_is_there() {
    let project = Project::empty();
    project.write(".gitignore", "target/\n*.agekey\n");
    project.write("platform.yaml", SPEC);
    let said = project.succeed(&["init"]).stdout;
    assert!(said.contains("kept  platform.yaml"), "{said}");
    assert!(
        said.contains("kept  .gitignore; it should also say:\n          .formwork-cache/\n"),
        "{said}"
    );
    assert!(!said.contains("          *.agekey"), "{said}");
    assert_eq!(project.read(".gitignore"), "target/\n*.agekey\n");
    assert_eq!(project.read("platform.yaml"), SPEC);
    let before = project.files(".");
    assert!(!project.succeed(&["init"]).stdout.contains("wrote"));
    assert_eq!(project.files("."), before);
}

#[test]
fn init_asks_the_repository() {
    let project = Project::empty();
    project.write(".git/HEAD", "ref: refs/heads/trunk\n");
    project.write(
        ".git/config",
        "[remote \"origin\"]\n\turl = git@git.example.org:me/home.git\n",
    );
    let said = project
        .succeed(&["init", "clusters/My Home", "--age", "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p,age1qqqsyqcyq5rqwzqfpg9scrgwpugpzysnzs23v9ccrydpk8qarc0savhh7m"])
        .stdout;
    assert!(said.contains("left out the recipes"), "{said}");
    let spec = project.read("clusters/My Home/platform.yaml");
    for line in [
        "name: my-home\n",
        "  git: ssh://git@git.example.org/me/home.git\n  ref: trunk\n  secret: flux-git\n",
        "  knownHosts: \"git.example.org REPLACE-BY-WHAT-ssh-keyscan-PRINTS\"\n",
        "  path: clusters/My Home/generated\n",
    ] {
        assert!(spec.contains(line), "`{line}` is not in:\n{spec}");
    }
    let sops = project.read("clusters/My Home/.sops.yaml");
    assert!(
        sops.contains("    age:\n      - age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p\n      - age1qqqsyqcyq5rqwzqfpg9scrgwpugpzysnzs23v9ccrydpk8qarc0savhh7m\n"),
        "{sops}"
    );
    assert!(!project.at("clusters/My Home/renovate.json").exists());
    project.succeed(&["build", "clusters/My Home/platform.yaml"]);
}

#[test]
fn init_explains_wrong_answers() {
    for (arguments, words) in [
        (
            ["--name", "My Home"],
            ["`My Home` is no name", "--name homelab"],
        ),
        (
            ["--domain", "a b"],
            ["`a b` is no domain", "--domain home.example.org"],
        ),
        (
            ["--profile", "homlab"],
            ["there is no profile `homlab`", "did you mean `homelab`?"],
        ),
        (
            ["--age", "AGE-SECRET-KEY-1"],
            ["is no age recipient", "age-keygen -y"],
        ),
        (
            ["--git", "a b"],
            ["neither a repository", "check its quotes"],
        ),
    ] {
        let project = Project::empty();
        let run = project.run(&["init", arguments[0], arguments[1]]);
        assert_eq!(run.code, Some(1), "{}", run.stdout);
        says(&run, &words);
        assert!(project.files(".").is_empty(), "an error writes nothing");
    }
    let project = Project::empty();
    project.write("platform.yaml", "name: [\n");
    let run = project.run(&["init"]);
    assert_eq!(run.code, Some(1));
    says(&run, &["the platform.yaml that is there has errors"]);
}

#[test]
fn explain_leads_back_to_the_line() {
    let project = Project::example("homelab");
    let run = project.run(&[
        "explain",
        "generated/machines/prod/cp-1.yaml#LinkConfig:/addresses/0/address",
    ]);
    assert_eq!(run.code, Some(0), "{run:#?}");
    assert!(run.stdout.contains("10.0.10.11/24"), "{run:#?}");
    assert!(run.stdout.contains("platform.yaml:"), "{run:#?}");
    let run = project.run(&["explain", "generated/machines/prod/cp-1.yml:/machine"]);
    assert_eq!(run.code, Some(1), "{run:#?}");
    assert!(
        run.stderr
            .contains("did you mean `machines/prod/cp-1.yaml`?"),
        "{run:#?}"
    );
    let run = project.run(&["explain", "network.cni"]);
    assert_eq!(run.code, Some(0), "{run:#?}");
    assert!(run.stdout.contains("What connects pods."), "{run:#?}");
}

#[test]
fn explain_leads_forth_from_the_line() {
    let project = Project::example("homelab");
    let place = "platform.yaml:/clusters/prod/network/loadBalancer/pools/0";
    let run = project.run(&["explain", "--from", place]);
    assert_eq!(run.code, Some(0), "{run:#?}");
    assert!(run.stdout.contains("/spec/blocks/0/start"), "{run:#?}");
    let run = project.run(&["explain", "--from", place, "-o", "json"]);
    let decisions: serde_json::Value = serde_json::from_str(&run.stdout).expect("JSON");
    assert_eq!(decisions["kind"], "Decisions");
    let run = project.run(&["explain", "--from", "platform.yml:3"]);
    assert_eq!(run.code, Some(1), "{run:#?}");
}

#[test]
fn schema_knows_the_projects_components() {
    let project = Project::example("minimal");
    project.write(
        "components/mine/component.yaml",
        "apiVersion: formwork.dev/v1alpha1\nkind: Component\nname: mine\ntitle: Mine\nabout: Connects pods my way.\nprovides: { network.cni: my-way }\n",
    );
    let run = project.run(&["schema"]);
    assert_eq!(run.code, Some(0), "{run:#?}");
    let schema: serde_json::Value = serde_json::from_str(&run.stdout).expect("JSON");
    assert!(
        schema.to_string().contains("my-way"),
        "the choice is offered"
    );
    let run = project.run(&["schema", "component"]);
    serde_json::from_str::<serde_json::Value>(&run.stdout).expect("JSON");
}

#[test]
fn components_test_refuses_what_is_none() {
    let project = Project::empty();
    let none = project.run(&["components", "test"]);
    refused(&project, &none);
    says(&none, &["no component of your own", "--all"]);
    let typo = project.run(&["components", "test", "cert-manger"]);
    refused(&project, &typo);
    says(
        &typo,
        &["unknown-component", "did you mean `cert-manager`?"],
    );
    project.write("empty/.keep", "");
    let folder = project.run(&["components", "test", "empty"]);
    refused(&project, &folder);
    says(&folder, &["`empty` holds no component.yaml"]);
    let chart = project.run(&["components", "test", "cert-manager", "--chart", "nowhere"]);
    refused(&project, &chart);
    says(&chart, &["there is no folder `nowhere`"]);
}

#[test]
fn graph_refuses_bad_input() {
    let project =
        Project::with_spec("apiVersion: formwork.dev/v1alpha1\nkind: Platform\nnmae: x\n");
    let run = project.run(&["graph", "-o", "dot"]);
    refused(&project, &run);
    says(&run, &["nmae", "did you mean `name`?"]);
}

#[test]
fn rules_are_listed_shown_and_tried() {
    let project = Project::with_spec(SPEC);
    let list = project.succeed(&["rules", "list", "--group", "secrets"]);
    assert!(list.stdout.contains("plaintext-secret"), "{}", list.stdout);
    assert!(!list.stdout.contains("unpinned-image"), "{}", list.stdout);
    let policies = project.succeed(&["rules", "list", "--group", "admission"]);
    assert!(
        policies.stdout.contains("no-external-ips"),
        "{}",
        policies.stdout
    );
    let page = project.succeed(&["rules", "show", "unpinned-image"]).stdout;
    assert!(page.starts_with("# unpinned-image\n"), "{page}");
    let tried = project.succeed(&["policies", "test", "unpinned-image", "pinned-images"]);
    assert_eq!(tried.stdout, "2 rules, 2 fired, 0 silent\n");
    let run = project.run(&["rules", "show", "unpined-image"]);
    refused(&project, &run);
    says(&run, &["unknown-rule", "unpinned-image"]);
}

#[test]
fn selftest_shows_each_rule_firing() {
    let project = Project::empty();
    let run = project.succeed(&["selftest"]);
    let count = run.stdout.split(' ').next().unwrap_or_default();
    assert_eq!(
        run.stdout,
        format!("{count} rules, {count} fired, 0 silent\n")
    );
    assert!(
        count.parse::<usize>().is_ok_and(|count| count > 50),
        "{count}"
    );
}

#[test]
fn reach_refuses_bad_input() {
    let project =
        Project::with_spec("apiVersion: formwork.dev/v1alpha1\nkind: Platform\nnmae: x\n");
    let run = project.run(&["reach", "internet", "node"]);
    refused(&project, &run);
    says(&run, &["nmae", "did you mean `name`?"]);
}

#[test]
fn lint_judges_a_folder_and_keeps_what_is_known() {
    let project = Project::empty();
    let pod = "apiVersion: v1\nkind: Pod\nmetadata: { name: one }\nspec:\n  containers:\n    - { name: one, image: one, imagePull: Always }\n";
    project.write("deploy/pod.yaml", pod);
    let run = project.run(&["lint", "deploy"]);
    assert_eq!(run.code, Some(3), "{}", run.stderr);
    says(&run, &["error[unknown-field]", "pod.yaml:6:"]);
    assert!(!run.stderr.contains("panicked"), "{}", run.stderr);

    let known = project.run(&["lint", "--baseline", "lint.json", "--write-baseline"]);
    assert_eq!(known.code, Some(0), "{}", known.stderr);
    project.succeed(&["lint", "--baseline", "lint.json", "--deny", "warnings"]);
    project.write(
        "deploy/other.yaml",
        pod.replace("name: one }", "name: other }"),
    );
    let new = project.run(&["lint", "--baseline", "lint.json"]);
    assert_eq!(new.code, Some(3), "{}", new.stderr);

    let nowhere = project.run(&["lint", "nowhere"]);
    assert_eq!(nowhere.code, Some(1), "{}", nowhere.stderr);
    says(&nowhere, &["no-folder", "nowhere"]);
}

#[test]
fn secrets_check_lists_what_is_needed() {
    let project = Project::with_spec(&SPEC.replace(
        "source: { path: generated }\n",
        "source: { git: \"https://git.example.org/me/p.git\", secret: flux-git, path: generated }\nsecrets: { maxAge: 30d }\n",
    ));
    let missing = project.run(&["secrets", "check"]);
    assert_eq!(missing.code, Some(3), "{}", missing.stderr);
    assert!(
        missing.stdout.contains("flux-system/flux-git"),
        "{}",
        missing.stdout
    );
    assert!(missing.stdout.contains("missing"), "{}", missing.stdout);

    let sealed = "ENC[AES256_GCM,data:aGk=,iv:x,tag:y,type:str]";
    let keys: String = ["username", "password"]
        .iter()
        .map(|key| format!("  {key}: {sealed}\n"))
        .collect();
    let file = |day: &str| {
        format!(
            "apiVersion: v1\nkind: Secret\nmetadata: {{ name: flux-git, namespace: flux-system }}\nstringData:\n{keys}\
             sops: {{ lastmodified: '{day}T00:00:00Z', mac: '{sealed}' }}\n"
        )
    };
    let path = "secrets/dev/flux-system/flux-git.yaml";
    project.write(path, file("2001-01-01"));
    let old = project.run(&["secrets", "check"]);
    assert_eq!(old.code, Some(3), "{}{}", old.stdout, old.stderr);
    assert!(old.stdout.contains("too old"), "{}", old.stdout);
    project.write(path, file("2999-01-01"));
    let run = project.succeed(&["secrets", "check", "-o", "json"]);
    assert!(
        run.stdout.contains("\"state\": \"sealed\""),
        "{}",
        run.stdout
    );
    assert!(!run.stdout.contains("ENC["), "{}", run.stdout);
}

/// A key of age, which opens nothing but what these tests seal.
const KEY: &str = "AGE-SECRET-KEY-1KV0D6RN6KE8XMJXXWD76MPF04YGZRKUU3AG6FAWDJ0984PHKMG8QZ7RAA8";

#[test]
fn secrets_are_set_shown_and_kept() {
    let project = Project::with_spec(&SPEC.replace(
        "source: { path: generated }\n",
        "source: { git: \"https://git.example.org/me/p.git\", secret: flux-git, path: generated }\n\
         secrets: { people: [age1rs9sdw9mgmjhatuzgqhhyy40uqthqy6meahm2s2egjvnx4sl3c7sulv59n] }\n",
    ));
    let mine = [("SOPS_AGE_KEY", KEY)];
    let set =
        |value: &str, key: &str| project.fed(value, &mine, &["secrets", "set", "flux-git", key]);
    let path = "secrets/dev/flux-system/flux-git.yaml";

    // A new file needs no key.
    let run = project.fed("me\n", &[], &["secrets", "set", "flux-git", "username"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    let run = set("h4nter2-canary", "password");
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    let sealed = project.read(path);
    assert!(!sealed.contains("canary"), "{sealed}");
    let run = set("h4nter2-canary\n", "password");
    assert!(run.stdout.contains("unchanged"), "{}", run.stdout);
    assert_eq!(
        project.read(path),
        sealed,
        "what is the same keeps every byte"
    );

    let shown = project.succeed(&["secrets", "show", "flux-git"]);
    assert!(
        shown.stdout.contains("password since 2"),
        "{}",
        shown.stdout
    );
    assert!(!shown.stdout.contains("canary"), "{}", shown.stdout);
    let reveal = ["secrets", "show", "flux-git", "password", "--reveal"];
    let shown = project.fed("", &mine, &reveal);
    assert_eq!(shown.stdout, "h4nter2-canary\n", "{}", shown.stderr);

    // Without a key nothing is changed, and nothing is said of what was given.
    let locked = project.fed(
        "other-canary",
        &[],
        &["secrets", "set", "flux-git", "password"],
    );
    assert_eq!(locked.code, Some(1), "{}", locked.stderr);
    says(&locked, &["error[no-key]"]);
    assert!(!format!("{}{}", locked.stdout, locked.stderr).contains("canary"));
    assert_eq!(project.read(path), sealed);
    // Nor with a file that somebody changed.
    project.write(path, sealed.replace("data:", "data:A"));
    let tampered = project.fed("", &mine, &reveal);
    assert_eq!(tampered.code, Some(1), "{}", tampered.stdout);
    assert_eq!(tampered.stdout, "");

    project.write(path, sealed);
    for (name, key, words) in [
        ("flux-gti", "password", "did you mean `flux-git`?"),
        ("flux-git", "pasword", "its keys: `password`, `username`"),
    ] {
        let run = project.fed("x", &mine, &["secrets", "set", name, key]);
        assert_eq!(run.code, Some(1), "{}", run.stderr);
        says(&run, &[words]);
    }
    project.succeed(&["secrets", "check"]);
    project.succeed(&["build"]);
    let copy = project.read("generated/clusters/dev/secrets/flux-system.flux-git.yaml");
    assert_eq!(copy, project.read(path));
}

#[test]
fn completions_need_a_shell_that_they_know() {
    let project = Project::empty();
    let run = project.run(&["completions", "cmd"]);
    refused(&project, &run);
    says(&run, &["invalid value 'cmd'", "bash"]);
}

#[test]
fn man_says_where_it_cannot_write() {
    let project = Project::empty();
    project.write("file", "");
    let run = project.run(&["man", "--dir", "file/pages"]);
    refused(&project, &run);
    says(&run, &["file/pages"]);
}

#[test]
fn plan_needs_a_base() {
    let project = Project::with_spec(SPEC);
    refused(&project, &project.run(&["plan"]));
    let folder = project.run(&["diff", "--base", "./generated"]);
    assert_eq!(folder.code, Some(1), "{}", folder.stdout);
    says(&folder, &["./generated"]);
    project.succeed(&["build"]);
    let same = project.succeed(&["plan", "--base", "./generated", "--exit-code"]);
    assert_eq!(same.stderr, "");
    assert!(same.stdout.contains("no changes"), "{}", same.stdout);
    project.write("platform.yaml", SPEC.replace("1.36.1", "1.36.0"));
    let other = project.run(&["plan", "--base", "./generated", "--exit-code"]);
    assert_eq!(other.code, Some(2), "{}{}", other.stdout, other.stderr);
    project.succeed(&["plan", "--base", "./generated"]);
}

#[test]
fn components_are_listed_and_shown() {
    let project = Project::example("homelab");
    project.write(
        "components/echo/component.yaml",
        "apiVersion: formwork.dev/v1alpha1\nkind: Component\nname: echo\nabout: Answers.\n",
    );
    let list = project.succeed(&["components", "list"]).stdout;
    let line = |name: &str| {
        let mut lines = list.lines();
        let line = lines.find(|line| line.starts_with(&format!("{name} ")));
        line.unwrap_or_else(|| panic!("{name} is not in:\n{list}"))
            .to_owned()
    };
    assert!(line("echo").contains("project"), "{list}");
    assert!(
        line("local-path").contains("library") && line("local-path").contains("dev"),
        "{list}"
    );
    assert!(!line("local-path").contains("prod"), "{list}");
    let json = project
        .succeed(&["components", "list", "-o", "json"])
        .stdout;
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    let components = json.get("components").and_then(|list| list.as_array());
    assert_eq!(components.map(Vec::len), Some(list.lines().count() - 1));

    let shown = project
        .succeed(&["components", "show", "metrics-server"])
        .stdout;
    for words in [
        "kubeletTLS (insecure | verified, default insecure)",
        "scaling.metrics: metrics-server",
        "kind: Platform",
        "used in    dev, prod",
    ] {
        assert!(shown.contains(words), "`{words}` is not in:\n{shown}");
    }
    let yaml = project
        .succeed(&["components", "show", "echo", "-o", "yaml"])
        .stdout;
    assert_eq!(yaml, project.read("components/echo/component.yaml"));
    let typo = project.run(&["components", "show", "cilum"]);
    assert_eq!((typo.code, typo.stdout.as_str()), (Some(1), ""));
    says(&typo, &["did you mean `cilium`?"]);
    // Without a spec, the library alone.
    let bare = Project::empty().succeed(&["components", "list"]).stdout;
    assert!(
        bare.contains("cilium") && !bare.contains("USED IN"),
        "{bare}"
    );
}
